# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as Ansible hands them over: templates, vaults and tags, and results of plain types."""

from __future__ import annotations

import itertools
import json
import typing as t
from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.utils.unsafe_proxy import wrap_var
from jinja2 import StrictUndefined

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, Refused
from ansible_collections.netapi.auth.tests.unit.plugins import outside
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import EVERY_READY_FLOW
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, WAYS, Scene

PAT = make_pat("sandboxservice1")


def tagged(text: str) -> t.Any:
    """The text as the core's YAML reader makes it: of a type of its own, with its origin."""
    return DataLoader().load(json.dumps({"value": text}))["value"]


TEMPLATES = {
    "plain": {"netbird_auth_pat": PAT},
    "template": {"netbird_auth_pat": "{{ mine }}", "mine": PAT},
    "template around a template": {"netbird_auth_pat": "{{ mine }}", "mine": "{{ yours }}", "yours": PAT},
    "template with a filter": {"netbird_auth_pat": "{{ mine | reverse | join }}", "mine": PAT[::-1]},
    "template of parts": {"netbird_auth_pat": "nbp_{{ rest }}", "rest": PAT.removeprefix("nbp_")},
    "in a dictionary": {"netbird_auth_pat": "{{ mine.deep[0] }}", "mine": {"deep": [PAT]}},
}


def test_a_variable_is_evaluated(scene: Scene) -> None:
    for (kind, variables), way in itertools.product(TEMPLATES.items(), WAYS):
        with scene.named(kind, way) as one:
            one.ansible.variables = dict(t.cast("dict[str, t.Any]", variables))
            assert one.result(way, "netbird")["headers"] == {"Authorization": f"Token {PAT}"}


def test_a_variable_of_another_type_is_evaluated_to_that_type(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.ansible.variables = {
                "netbird_auth_validate_certs": "{{ not strict }}",
                "netbird_auth_timeout": "{{ 3 * 4 }}",
                "strict": True,
            }
            options = one.options(way, "netbird")
            assert options.flag("validate_certs") is False
            assert options.number("timeout") == 12


def test_a_variable_behind_an_argument_is_left_alone(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.ansible.variables = {"netbird_auth_pat": "{{ undefined_one }}"}
            one.arguments = {"pat": PAT}
            assert one.result(way, "netbird")["access_token"] == PAT


def test_a_variable_that_uses_an_undefined_one_is_named_with_it(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.ansible.variables = {"netbird_auth_pat": "{{ undefined_one }}"}
            sentence = one.refusal(way, "netbird")
            assert "netbird_auth_pat" in sentence
            assert "undefined_one" in sentence


def test_a_template_that_fails_is_told_without_its_values(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.ansible.variables = {"netbird_auth_pat": "{{ mine | from_json }}", "mine": f"{{{MARKER}"}
            sentence = one.refusal(way, "netbird")
            assert "netbird_auth_pat" in sentence
            assert MARKER not in sentence


WRAPPERS: dict[str, t.Callable[[str], t.Any]] = {"tagged": tagged, "unsafe": wrap_var}


def test_results_of_values_of_the_cores_own_types_are_plain(scene: Scene, sandbox: Sandbox) -> None:
    for (name, wrap), kind, way in itertools.product(WRAPPERS.items(), ("argument", "variable"), WAYS):
        with scene.named(name, kind, way) as one:
            values = {
                "client_id": wrap("nf-client-1"),
                "client_secret": wrap("nf-secret-1"),
                "token_url": wrap(f"{sandbox.url}/oauth/token"),
                "environment": wrap("sandbox"),
                "api_url": wrap(sandbox.url),
            }
            if kind == "argument":
                one.arguments = values
            else:
                one.ansible.variables = {f"netfoundry_auth_{option}": value for option, value in values.items()}
            one.arguments["whoami"] = True

            assert_plain(one.result(way, "netfoundry"))


def test_results_of_given_tagged_values_are_plain(scene: Scene) -> None:
    for flow, way in itertools.product(EVERY_READY_FLOW, WAYS):
        with scene.named(flow, way) as one:
            one.arguments = {name: tagged(value) for name, value in flow.given("https://service.example").items()}
            assert_plain(one.result(way, flow.provider))


def assert_plain(value: object) -> None:
    """Of a built-in type itself, all the way down."""
    assert type(value) in (str, int, bool, dict, list, type(None))
    if isinstance(value, dict):
        for key, each in value.items():
            assert key.__class__ is str
            assert_plain(each)
    elif isinstance(value, list):
        for each in value:
            assert_plain(each)


def test_an_omitted_argument_of_a_lookup_is_unset(scene: Scene) -> None:
    variables = {f"{provider}_auth_token": "opaque" for provider in PLUGINS}
    that = [f"lookup('{plugin}', token=omit) == 'opaque'" for plugin in PLUGINS.values()]
    done = outside.play(scene.folder, {"vars": variables, "tasks": [{"assert": {"that": that}}]})
    assert done.returncode == 0, done.stdout


def test_inline_vaulted_variables_of_two_vault_ids_are_opened(sandbox: Sandbox, tmp_path: Path) -> None:
    options = []
    for vault_id in ("dev", "prod"):
        (tmp_path / vault_id).write_text(f"password of {vault_id}", encoding="utf-8")
        options += ["--vault-id", f"{vault_id}@{tmp_path / vault_id}"]
    (tmp_path / "vars.yml").write_text(_vaulted(client_id="dev", client_secret="prod"), encoding="utf-8")
    content = {
        "vars_files": [str(tmp_path / "vars.yml")],
        "vars": {
            "netfoundry_auth_token_url": f"{sandbox.url}/oauth/token",
            "netfoundry_auth_environment": "sandbox",
            "netfoundry_auth_cache": "none",
        },
        "tasks": [
            {"netapi.auth.netfoundry_token": {"set_facts": False}, "register": "found"},
            {"assert": {"that": [f"found.claims.sub == lookup('{PLUGINS['netfoundry']}', 'claims.sub')"]}},
        ],
    }

    done = outside.play(tmp_path, content, *options)

    assert done.returncode == 0, done.stdout
    bodies = [json.loads(request.body) for request in sandbox.state.requests]
    assert [(body["client_id"], body["client_secret"]) for body in bodies] == [("nf-client-1", "nf-secret-1")] * 2


def _vaulted(**ids: str) -> str:
    """Variables of NetFoundry, each vaulted inline with its own vault id."""
    texts = []
    for option, vault_id in ids.items():
        plain = {"client_id": b"nf-client-1", "client_secret": b"nf-secret-1"}[option]
        secret = VaultSecret(f"password of {vault_id}".encode())
        lines = VaultLib().encrypt(plain, secret=secret, vault_id=vault_id).decode().splitlines()
        texts.append("\n  ".join([f"netfoundry_auth_{option}: !vault |", *lines]))
    return "\n".join([*texts, ""])


def test_what_has_no_value_in_an_argument_of_a_lookup_is_told(scene: Scene, tmp_path: Path) -> None:
    """Before 2.19 the core hands it over as it is, but for an undefined argument itself."""
    (tmp_path / "vars.yml").write_text(_vaulted(client_id="dev"), encoding="utf-8")
    vaulted = DataLoader().load_from_file(str(tmp_path / "vars.yml"))["netfoundry_auth_client_id"]
    shut = "it cannot be decrypted; check the vault password"
    cases = (
        ("client_id", vaulted, shut),
        ("extra_params", {"resource": vaulted}, shut),
        ("extra_params", {"resource": StrictUndefined(name="undefined_one")}, "it is undefined"),
    )
    for option, value, problem in cases:
        with scene.named(option, problem) as one:
            one.arguments = {"token": MARKER, option: value}
            assert one.refusal("lookup", "oauth2") == (
                f"{option}, from the argument {option}, has a value that cannot be used: {problem}."
            )


def test_a_vaulted_variable_that_cannot_be_opened_is_named(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "vars.yml").write_text(_vaulted(client_id="dev"), encoding="utf-8")
    for way in WAYS:
        with scene.named(way) as one:
            one.ansible.variables = dict(DataLoader().load_from_file(str(tmp_path / "vars.yml")))
            with pytest.raises(Refused, match="The variable netfoundry_auth_client_id cannot be evaluated"):
                one.result(way, "netfoundry")
