# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stand-in refuses, with the status and in the form of AWX. Nothing that it keeps changes by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.netapi.auth.tests.awx import Awx

from .helpers import (
    CREDENTIAL,
    INPUTS,
    INVENTORY,
    KIND,
    OF_GIT,
    ORGANIZATION,
    PROJECT,
    SERVICES,
    SURVEY,
    TEMPLATE,
    TIMEOUT,
    TYPE,
    Runner,
    Scene,
    repository,
)

REQUIRED = "This field is required."
MINE = {"name": "Other", "credential_type": KIND, "organization": ORGANIZATION}
GIT = {"name": "Other", "organization": ORGANIZATION, "scm_type": "git"}
SITE = {"name": "Other", "project": PROJECT, "inventory": INVENTORY, "playbook": "site.yml"}
MANAGED = "credential_types/4/"
ATTACH = f"job_templates/{TEMPLATE}/credentials/"
LAUNCH = f"job_templates/{TEMPLATE}/launch/"
OF_THE_SURVEY = f"job_templates/{TEMPLATE}/survey_spec/"


def field(**keys: object) -> dict[str, Any]:
    """Inputs with one field."""
    return {"fields": [{"id": "one", "label": "One", **keys}]}


def question(**keys: object) -> dict[str, Any]:
    """A survey with one question."""
    return {**SURVEY, "spec": [{**SERVICES, **keys}]}


# What of a credential type is wrong, and words of the only sentence about it.
WRONG_TYPES: list[tuple[str, Any, str]] = [
    ("name", None, "may not be blank"),
    ("name", " ", "may not be blank"),
    ("name", "x" * 513, "no more than 512"),
    ("name", ["x"], "Not a valid string"),
    ("description", True, "Not a valid string"),
    ("kind", "other", '"other" is not a valid choice'),
    ("kind", "ssh", "Must be 'cloud' or 'net', not ssh"),
    ("inputs", None, "may not be null"),
    ("inputs", [], "not of type 'object'"),
    ("inputs", {"metadata": []}, "'metadata' was unexpected"),
    ("inputs", {"dependencies": {}}, "'dependencies' was unexpected"),
    ("inputs", {"required": "key"}, "['required'] ('key' is not of type 'array')"),
    ("inputs", {"required": [1]}, "['required', 0] (1 is not of type 'string')"),
    ("inputs", {"fields": {}}, "not of type 'array'"),
    ("inputs", {"fields": [1]}, "['fields', 0] (1 is not of type 'object')"),
    ("inputs", {"fields": [{"id": "one"}]}, "'label' is a required property"),
    ("inputs", {"fields": [{"label": "One"}]}, "'id' is a required property"),
    ("inputs", {"fields": field()["fields"] * 2}, "must be unique"),
    ("inputs", field(placeholder="x"), "'placeholder' was unexpected"),
    ("inputs", field(ask_at_runtime=True), "'ask_at_runtime' was unexpected"),
    ("inputs", field(id="tower"), "should not be valid"),
    ("inputs", field(id="1st"), "does not match"),
    ("inputs", field(id="a-b"), "does not match"),
    ("inputs", field(id=1), "not of type 'string'"),
    ("inputs", field(label=1), "not of type 'string'"),
    ("inputs", field(help_text=1), "not of type 'string'"),
    ("inputs", field(type="int"), "not one of ['string', 'boolean']"),
    ("inputs", field(format="uri"), "not one of ['ssh_private_key', 'url']"),
    ("inputs", field(choices="a"), "not of type 'array'"),
    ("inputs", field(choices=[1]), "not of type 'string'"),
    ("inputs", field(choices=[]), "non-empty"),
    ("inputs", field(choices=["a", "a"]), "non-unique"),
    ("inputs", field(secret="yes"), "not of type 'boolean'"),
    ("inputs", field(multiline="yes"), "not of type 'boolean'"),
    ("inputs", field(default=True), "True is not a string"),
    ("inputs", field(type="boolean", default="yes"), "yes is not a boolean"),
    *(
        ("inputs", field(type="boolean", **{key: value}), f"{key} not allowed for boolean")
        for key, value in {"choices": ["a"], "multiline": True, "format": "url", "secret": True}.items()
    ),
    ("injectors", None, "may not be null"),
    ("injectors", True, "not of type 'object'"),
    ("injectors", {"vars": {}}, "'vars' was unexpected"),
    ("injectors", {"file": []}, "not of type 'object'"),
    ("injectors", {"file": {"template": 1}}, "not of type 'string'"),
    ("injectors", {"file": {"name": "x"}}, "'name' does not match"),
    ("injectors", {"file": {"template.": "x"}}, "'template.' does not match"),
    ("injectors", {"env": []}, "not of type 'object'"),
    ("injectors", {"env": {"A": 1}}, "not of type 'string'"),
    ("injectors", {"env": {"1A": "x"}}, "'1A' does not match"),
    ("injectors", {"env": {"A-B": "x"}}, "'A-B' does not match"),
    ("injectors", {"env": {"A": "ü"}}, "'ü' does not match"),
    *(
        ("injectors", {"env": {name: "x"}}, f"Environment variable {name} is not allowed")
        for name in ("PATH", "PYTHONPATH", "HOME", "JOB_ID", "CACHE", "AWX_HOST", "ANSIBLE_CONFIG")
    ),
    ("injectors", {"env": {"A": "{{ two }}"}}, "'two' is undefined"),
    ("injectors", {"file": {"template": "{{ two }}"}}, "'two' is undefined"),
    ("injectors", {"env": {"A": "{{ tower }}"}}, "reserved `tower` namespace"),
    ("injectors", {"env": {"A": "{{ tower.filename }}"}}, "no attribute 'filename'"),
    ("injectors", {"env": {"A": "{{ key.__class__ }}"}}, "unsafe"),
    ("injectors", {"env": {"A": "{{ key"}}, "unexpected end of template"),
]
WRONG_INPUTS: list[tuple[Any, Any]] = [
    ([], ["list provided, expected dict"]),
    ({"other": "x"}, ["Additional properties are not allowed ('other' was unexpected)"]),
    ({"key": "$encrypted$"}, ["$encrypted$ is a reserved keyword, and cannot be used for key."]),
    ({"key": 1}, {"key": ["1 is not of type 'string'"]}),
    ({"check": "true"}, {"check": ["'true' is not of type 'boolean'"]}),
    ({"region": "mars"}, {"region": ["'mars' is not one of ['eu', 'us']"]}),
    *(({"url": url}, {"url": [f"{url!r} is not a 'url'"]}) for url in ("example.com", "", "https:")),
]
WRONG_SURVEYS: list[tuple[Any, str]] = [
    *(({key: SURVEY[key] for key in SURVEY if key != name}, f"{name!r} is a required property") for name in SURVEY),
    ({**SURVEY, "name": 1}, "not of type 'string'"),
    ({**SURVEY, "spec": {}}, "not of type 'array'"),
    ({**SURVEY, "spec": []}, "non-empty"),
    ({**SURVEY, "spec": ["one"]}, "not of type 'object'"),
    ({**SURVEY, "spec": [SERVICES, SERVICES]}, "'variable' 'services' duplicated in survey question 1."),
    *(
        ({**SURVEY, "spec": [{key: SERVICES[key] for key in SERVICES if key != name}]}, words)
        for name, words in {
            **{name: f"{name!r} is a required property" for name in ("type", "question_name", "variable", "required")},
            "choices": "must specify choices",
        }.items()
    ),
    (question(required="yes"), "not of type 'boolean'"),
    (question(question_name=1), "not of type 'string'"),
    (question(type="list"), "'list' is not one of"),
    (question(default=1), "not of type 'string'"),
    (question(default="c"), "Default choice must be answered from the choices listed."),
]
REFUSED: list[tuple[str, str, Any, int, Any]] = [
    ("POST", "credential_types/", {}, 400, {"name": [REQUIRED], "kind": [REQUIRED]}),
    ("POST", "credential_types/", TYPE, 400, "with this name and kind already exists"),
    ("PATCH", f"credential_types/{KIND}/", {"inputs": {}}, 400, "'key' is undefined"),
    ("PATCH", f"credential_types/{KIND}/", {"inputs": {**INPUTS, "required": []}}, 403, "types that are in use"),
    ("DELETE", f"credential_types/{KIND}/", None, 403, "types that are in use cannot be deleted"),
    ("PATCH", MANAGED, {"description": "x"}, 403, "Modifications not allowed for managed"),
    ("DELETE", MANAGED, None, 403, "Deletion not allowed for managed"),
    ("POST", "credentials/", {}, 400, {"name": [REQUIRED], "credential_type": [REQUIRED]}),
    ("POST", "credentials/", {"name": "x", "credential_type": KIND}, 400, "Missing 'user', 'team', or 'organization'."),
    ("POST", "credentials/", {**MINE, "credential_type": 999}, 400, "object does not exist"),
    ("POST", "credentials/", {**MINE, "organization": "x"}, 400, "Incorrect type. Expected pk value, received str."),
    ("POST", "credentials/", {**MINE, "name": "Mine"}, 400, "already exists"),
    ("POST", "projects/", {**GIT, "scm_url": ""}, 400, {"scm_url": ["SCM URL is required."]}),
    ("POST", "projects/", {**GIT, "scm_type": "cvs"}, 400, {"scm_type": ['"cvs" is not a valid choice.']}),
    ("POST", "projects/", {**GIT, "scm_type": "svn"}, 500, "git only"),
    ("POST", "projects/", {**GIT, "name": "One", "scm_url": "x"}, 400, "already exists"),
    ("POST", "inventories/", {"name": "One", "organization": ORGANIZATION}, 400, "already exists"),
    ("POST", "job_templates/", {"name": "x"}, 400, {key: [REQUIRED] for key in ("project", "inventory", "playbook")}),
    ("POST", "job_templates/", {**SITE, "name": "One"}, 400, "already exists"),
    ("POST", "job_templates/", {**SITE, "survey_enabled": "yes"}, 400, "valid boolean"),
    *(
        ("POST", "job_templates/", {**SITE, "playbook": name}, 400, {"playbook": ["Playbook not found for project."]})
        for name in ("", "nothing.yml", "variables.yml", "site.txt")
    ),
    ("POST", "job_templates/", {**SITE, "playbook": "folder/site.yml"}, 500, "at the top of a project"),
    ("POST", ATTACH, {"id": CREDENTIAL}, 400, {"error": "Cannot assign multiple Example credentials."}),
    ("POST", ATTACH, {"id": OF_GIT}, 400, {"error": "Cannot assign a Credential of kind `scm`."}),
    ("POST", ATTACH, {"id": 9999}, 400, "does not exist"),
    ("POST", ATTACH, {"id": "17"}, 400, {"msg": '"id" field must be an integer.'}),
    ("POST", ATTACH, {"id": CREDENTIAL, "disassociate": True}, 500, "by their id only"),
    ("POST", OF_THE_SURVEY, question(type="text"), 500, "multiselect only"),
    ("POST", LAUNCH, {"extra_vars": "[]"}, 400, {"extra_vars": ["Input type `str` is not a dictionary"]}),
    ("POST", LAUNCH, {}, 400, {"variables_needed_to_start": ["'services' value missing"]}),
    ("POST", LAUNCH, {"extra_vars": {"services": "a"}}, 400, "'a' is not of type 'array'"),
    ("POST", LAUNCH, {"extra_vars": {"services": ["a", "c"]}}, 400, "'c' is not one of ['a', 'b']"),
    # What AWX has and the stand-in has not.
    ("POST", "credential_types/", {**TYPE, "managed": True}, 500, "no field managed"),
    ("POST", "credential_types/", {**TYPE, "injectors": {"extra_vars": {}}}, 500, "no extra variables"),
    ("POST", "credential_types/", {**TYPE, "injectors": {"file": {"template.a": "x"}}}, 500, "one file only"),
    ("POST", "credential_types/", {**TYPE, "inputs": field(format="ssh_private_key")}, 500, "no private keys"),
    ("POST", "organizations/", {"name": "Other"}, 405, {"detail": 'Method "POST" not allowed.'}),
    ("PUT", f"credential_types/{KIND}/", TYPE, 405, {"detail": 'Method "PUT" not allowed.'}),
    ("GET", "jobs/9999/stdout/", None, 500, "format=txt only"),
    # Addresses, filters, pages.
    ("GET", "nothing/", None, 404, {"detail": "The requested resource could not be found."}),
    ("GET", "credential_types/9999/", None, 404, {"detail": "Not found."}),
    ("POST", "credential_types", TYPE, 301, ""),
    ("GET", "credential_types/?name=nothing&nome=x", None, 400, "no field named 'nome'"),
    ("GET", "credential_types/?id=x", None, 400, "expected a number"),
    ("GET", "credential_types/?page=2", None, 404, {"detail": "Invalid page."}),
]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with Awx(run_job=Runner()) as awx:
        yield Scene(awx, repository(tmp_path_factory.mktemp("repository")))


def refused(scene: Scene, method: str, path: str, body: object, status: int) -> Any:
    """What is said, after a look at what is kept."""
    before = scene.kept()
    answer = scene(method, path, body)
    assert answer.status_code == status, answer.text
    assert scene.kept() == before
    return answer.json() if answer.text else answer.headers["Location"]


@pytest.mark.parametrize(("name", "value", "words"), WRONG_TYPES)
def test_credential_types(scene: Scene, name: str, value: Any, words: str) -> None:
    # Other fields leave the templates without their names.
    right = {**TYPE, "name": "Other", "injectors": {}} if name == "inputs" else {**TYPE, "name": "Other"}
    said = refused(scene, "POST", "credential_types/", {**right, name: value}, 400)
    assert said.keys() == {name}
    (sentence,) = said[name]
    assert words in sentence


def test_all_that_is_wrong_with_a_credential_type_is_said_together(scene: Scene) -> None:
    body = {**TYPE, "kind": "ssh", "inputs": {"fields": [{"id": "1st", "hint": 1}]}, "injectors": {"vars": {}}}
    said = refused(scene, "POST", "credential_types/", body, 400)
    assert {name: len(sentences) for name, sentences in said.items()} == {"kind": 1, "inputs": 3, "injectors": 1}


@pytest.mark.parametrize(("inputs", "said"), WRONG_INPUTS)
def test_credentials(scene: Scene, inputs: Any, said: Any) -> None:
    assert refused(scene, "POST", "credentials/", {**MINE, "inputs": inputs}, 400) == {"inputs": said}


@pytest.mark.parametrize(("survey", "words"), WRONG_SURVEYS)
def test_surveys(scene: Scene, survey: Any, words: str) -> None:
    assert words in refused(scene, "POST", OF_THE_SURVEY, survey, 400)["error"]


@pytest.mark.parametrize(("method", "path", "body", "status", "said"), REFUSED)
def test_others(scene: Scene, method: str, path: str, body: Any, status: int, said: Any) -> None:
    found = refused(scene, method, path, body, status)
    assert found == said if isinstance(said, dict) else said in str(found)


@pytest.mark.parametrize(
    ("content_type", "body", "status", "words"),
    [
        ("text/plain", "{}", 415, "Unsupported media type"),
        ("application/json", "{", 400, "JSON parse error"),
        ("application/json", "[]", 400, "JSON parse error"),
    ],
)
def test_bodies(scene: Scene, content_type: str, body: str, status: int, words: str) -> None:
    headers = {"Authorization": f"Bearer {scene.awx.admin.token}", "Content-Type": content_type}
    url = f"{scene.awx.url}/api/v2/credential_types/"
    answer = requests.post(url, data=body, headers=headers, timeout=TIMEOUT)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", path) for path in ("credential_types/", ATTACH, OF_THE_SURVEY, LAUNCH)),
        *((method, f"credential_types/{KIND}/") for method in ("PATCH", "DELETE")),
    ],
)
def test_a_reader_writes_nothing(scene: Scene, method: str, path: str) -> None:
    before = scene.kept()
    headers = {"Authorization": f"Bearer {scene.awx.reader.token}"}
    answer = requests.request(method, f"{scene.awx.url}/api/v2/{path}", headers=headers, json={}, timeout=TIMEOUT)
    assert (answer.status_code, scene.kept()) == (403, before)


def test_without_a_runner_no_job(tmp_path: Path) -> None:
    with Awx() as awx:
        scene = Scene(awx, repository(tmp_path))
        assert "without run_job" in str(refused(scene, "POST", LAUNCH, {"extra_vars": {"services": []}}, 500))
