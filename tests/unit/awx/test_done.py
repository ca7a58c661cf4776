# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stand-in does as AWX does it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.netapi.auth.tests.awx import Attached, Awx, Launch, Outcome, inject_all
from ansible_collections.netapi.auth.tests.awx.rules import completed

from .helpers import (
    CREDENTIAL,
    INJECTORS,
    INPUTS,
    KIND,
    ORGANIZATION,
    PROJECT,
    TEMPLATE,
    TIMEOUT,
    TYPE,
    Runner,
    Scene,
    repository,
)

FIELDS = completed(INPUTS)["fields"]


@pytest.fixture
def runner() -> Runner:
    return Runner()


@pytest.fixture(scope="module")
def playbooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def scene(runner: Runner, playbooks: Path) -> Iterator[Scene]:
    with Awx(run_job=runner) as awx:
        yield Scene(awx, playbooks)


def launched(scene: Scene, **extra_vars: object) -> tuple[Any, Any, str]:
    """The answer to a launch, the job at its end, and its output."""
    started = scene("POST", f"job_templates/{TEMPLATE}/launch/", {"extra_vars": extra_vars, "limit": "x"}).json()
    job = scene.settled(f"jobs/{started['job']}/")
    return started, job, scene("GET", f"jobs/{job['id']}/stdout/?format=txt").text


def test_keys_of_a_type_come_back_with_the_shortest_first_and_a_field_without_a_type_is_text(scene: Scene) -> None:
    shown = scene("GET", f"credential_types/{KIND}/").json()
    assert (shown["managed"], shown["description"]) == (False, "")
    assert shown["inputs"] == completed(INPUTS) == {**INPUTS, "fields": FIELDS}
    assert [field["type"] for field in FIELDS] == ["string", "string", "string", "boolean"]
    assert list(shown["inputs"]) == ["fields", "required"]
    assert list(shown["inputs"]["fields"][1]) == ["id", "type", "label", "choices", "default"]
    assert list(shown["injectors"]) == ["env", "file"]


def test_a_type_that_is_used_takes_all_but_other_inputs(scene: Scene) -> None:
    # Equal once the types of the fields are filled in.
    body = {"inputs": INPUTS, "name": "Renamed", "description": "x", "injectors": {}}
    changed = scene("PATCH", f"credential_types/{KIND}/", body).json()
    assert changed == scene("GET", f"credential_types/{KIND}/").json()
    assert (changed["inputs"], changed["injectors"], changed["name"]) == (completed(INPUTS), {}, "Renamed")


def test_a_name_is_free_beside_another_kind(scene: Scene) -> None:
    other = scene.made("credential_types/", **{**TYPE, "kind": "net"})
    assert scene("PATCH", f"credential_types/{other}/", {"kind": "cloud"}).status_code == 400
    assert scene("DELETE", f"credential_types/{other}/").status_code == 204
    assert scene("GET", f"credential_types/{other}/").status_code == 404


def test_secrets_are_hidden(scene: Scene) -> None:
    (shown,) = scene("GET", f"credentials/?credential_type={KIND}").json()["results"]
    assert shown["inputs"] == {"key": "$encrypted$", "region": "us"}
    assert scene.awx.store.credentials.rows[CREDENTIAL].inputs == {"key": "hush", "region": "us"}


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_value_is_the_first_choice_or_false_or_an_empty_text(scene: Scene, empty: object) -> None:
    body = {"credential_type": f"{KIND}", "organization": ORGANIZATION}
    made = scene.made("credentials/", name="Empty", inputs=dict.fromkeys(("key", "region", "check"), empty), **body)
    assert scene.awx.store.credentials.rows[made].inputs == {"key": "", "region": "eu", "check": False}


def test_pages(scene: Scene) -> None:
    path = "/api/v2/credential_types/"
    for number in range(400):
        scene.awx.add_managed(f"More {number}")
    first = scene("GET", "credential_types/").json()
    second = scene("GET", "credential_types/?page=2").json()
    assert (len(first["results"]), first["previous"], first["next"]) == (25, None, f"{path}?page=2")
    assert (second["previous"], second["next"]) == (f"{path}?page=1", f"{path}?page=3")
    ids = [one["id"] for one in first["results"] + second["results"]]
    assert len(set(ids)) == 50
    last = scene("GET", "credential_types/?page_size=1000&page=3").json()
    assert (last["count"], len(last["results"]), last["next"]) == (413, 13, None)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=Machine", ["Machine"]),
        ("name=machine", []),
        ("kind=cloud&name=Example", ["Example"]),
        ("id=4&kind=x", []),
    ],
)
def test_filters(scene: Scene, query: str, names: list[str]) -> None:
    assert [one["name"] for one in scene("GET", f"credential_types/?{query}").json()["results"]] == names


@pytest.mark.parametrize(("elsewhere", "content_type"), [(404, "text/html"), (401, "application/json")])
def test_beside_the_api_of_a_gateway(elsewhere: int, content_type: str) -> None:
    with Awx(prefix="/api/controller/v2", elsewhere=elsewhere) as awx:
        beside = requests.get(f"{awx.url}/api/v2/credential_types/", timeout=TIMEOUT)
        assert (beside.status_code, beside.headers["Content-Type"].partition(";")[0]) == (elsewhere, content_type)
        assert requests.get(f"{awx.url}/elsewhere", timeout=TIMEOUT).status_code == 404
        assert requests.get(f"{awx.url}/api/controller/v2/nothing/", timeout=TIMEOUT).json()["detail"]


def test_a_project_that_cannot_be_cloned(scene: Scene, tmp_path: Path) -> None:
    body = {"name": "Nowhere", "organization": ORGANIZATION, "scm_type": "git", "scm_url": str(tmp_path / "nowhere")}
    made = scene("POST", "projects/", body).json()
    assert made["status"] == "pending"
    assert scene.settled(f"projects/{made['id']}/")["status"] == "failed"


def test_a_playbook_may_only_import_one(scene: Scene) -> None:
    changed = scene("PATCH", f"job_templates/{TEMPLATE}/", {"playbook": "imports.yaml"})
    assert (changed.status_code, changed.json()["playbook"]) == (200, "imports.yaml")


def test_a_job(scene: Scene, runner: Runner) -> None:
    started, job, output = launched(scene, services=["b"], other="x")
    assert started["ignored_fields"] == {"extra_vars": {"other": "x"}, "limit": "x"}
    assert (started["id"], started["status"], job["status"], output) == (job["id"], "pending", "successful", "ok=1\n")
    directory = scene.awx.store.projects.rows[PROJECT].directory
    assert directory is not None
    assert (directory / "site.yml").is_file()
    mine = Attached("Mine", {"key": "hush", "region": "us"}, FIELDS, INJECTORS)
    assert runner.launches == [Launch(directory, "site.yml", {"services": ["b"]}, (mine,))]


def test_a_survey_that_is_off_asks_nothing(scene: Scene, runner: Runner) -> None:
    scene("PATCH", f"job_templates/{TEMPLATE}/", {"survey_enabled": False})
    launched(scene, services=["b"])
    assert runner.launches[0].extra_vars == {}


@pytest.mark.parametrize(
    ("outcome", "status", "words"), [("failed", "failed", "fatal"), ("splendid", "error", "run_job said splendid")]
)
def test_jobs_that_end_badly(scene: Scene, runner: Runner, outcome: str, status: str, words: str) -> None:
    runner.outcome = Outcome(outcome, "fatal\n")
    _started, job, output = launched(scene, services=[])
    assert job["status"] == status
    assert words in output


def test_what_a_credential_injects(tmp_path: Path) -> None:
    filled = Attached("Mine", {"key": "hush", "region": "us", "check": True}, FIELDS, INJECTORS)
    files = tmp_path / "files"
    files.mkdir()
    env = inject_all([filled], files, {"OTHER": "outside"})
    (written,) = files.iterdir()
    assert env == {"KEY": "hush", "REGION": "us", "CHECK": "True", "FILE": str(written), "OTHER": "outside"}
    assert written.read_text() == "key=hush"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


@pytest.mark.parametrize("inputs", [{}, {"key": "", "region": ""}])
def test_what_is_not_filled_is_not_there_and_a_default_counts_for_nothing(
    tmp_path: Path, inputs: dict[str, str]
) -> None:
    injectors = {
        "env": {"KEY": "{{ key }}", "IS": "{{ key is defined }}", "CHECK": "{{ check }}", "IN": "{{ region }}"}
    }
    env = inject_all([Attached("Mine", inputs, FIELDS, injectors)], tmp_path, {})
    assert env == {"KEY": "", "IS": "False", "CHECK": "False", "IN": ""}


def test_the_last_by_its_name_wins_with_an_empty_text_too(tmp_path: Path) -> None:
    injectors = {"env": {"KEY": "{{ key }}"}}
    first = Attached("a", {"key": "hush"}, FIELDS, injectors)
    last = Attached("b", {}, FIELDS, injectors)
    for credentials in ([first, last], [last, first]):
        assert inject_all(credentials, tmp_path, {"KEY": "outside"}) == {"KEY": ""}


def test_all_inputs_of_a_credential_are_replaced_and_a_shown_secret_stays(scene: Scene) -> None:
    for inputs in ({"key": "new"}, {"key": "$encrypted$", "region": "us"}):
        assert scene("PATCH", f"credentials/{CREDENTIAL}/", {"inputs": inputs}).status_code == 200
        kept = scene.awx.store.credentials.rows[CREDENTIAL].inputs
        assert kept["key"] == "new"
    assert kept["region"] == "us"
