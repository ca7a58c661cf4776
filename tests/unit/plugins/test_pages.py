# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every name of an option, a variable or an environment variable that users read is one that there is."""

from __future__ import annotations

import functools
import importlib
import re
import typing as t

import pytest
import yaml
from ansible.modules import uri as original

from ansible_collections.netapi.auth.plugins.modules import uri as module
from ansible_collections.netapi.auth.plugins.plugin_utils._doctor import codes
from ansible_collections.netapi.auth.plugins.plugin_utils._doctor.report import Status
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.tools import examples
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins import pages
from ansible_collections.netapi.auth.tests.unit.plugins.declarations import module_options, names
from ansible_collections.netapi.auth.tests.unit.plugins.interface import (
    CACHES,
    CREDENTIALS,
    RESULT,
    ROLES,
    ROTATION,
    ROTATION_TASKS,
    TASK_ONLY,
)
from ansible_collections.netapi.auth.tests.unit.plugins.walk import options_of

# About the code and not about options, or text of others.
LEFT_OUT = {"guide_adding_a_provider.rst", "guide_troubleshooting.rst", "benchmarks.md", "benchmarks.json"}
PAGES = ("README.md", "docs/**/*.md", "docs/**/*.rst", "roles/**/*.md")
PLAYBOOKS = ("playbooks/*.yml", "docs/awx/**/*.yml")
PLUGIN_TEXTS = ("plugins/lookup/*.py", "plugins/modules/*.py")


def read(*patterns: str) -> dict[str, str]:
    paths = sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.name not in LEFT_OUT})
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


PROSE = read(*PAGES)
TEXTS = PROSE | read(*PLAYBOOKS, *PLUGIN_TEXTS, "roles/**/*.yml")
OPTIONS = {provider: module_options(provider) for provider in PLUGINS}


def _module(name: str) -> t.Any:
    return importlib.import_module(f"ansible_collections.netapi.auth.plugins.modules.{name}")


ROTATIONS = [yaml.safe_load(_module(name).DOCUMENTATION) for name in ROTATION_TASKS.values()]
EVERY = [
    (name, definition)
    for options in (*OPTIONS.values(), *(said["options"] for said in ROTATIONS))
    for name, definition in options.items()
]
OUTPUTS = {f"auth_headers_{provider}" for provider in PLUGINS}
ROLE_VARIABLES = {name for options in ROLES.values() for name in options} | OUTPUTS
PLAYS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in ROOT.glob("playbooks/*.yml")}
PLAY_VARIABLES = {name for plays in PLAYS.values() for play in plays for name in play["vars"]}
# What Ansible and programs call things, and what the examples do.
OTHERS = {
    *("_ansible_no_log", "admin", "aggregate", "all", "always", "ansible", "ansible_env", "api_token", "apply", "awx"),
    *(
        "bash",
        "become",
        "changed",
        "changed_when",
        "curl",
        "delegate_to",
        "export",
        "false",
        "gather_facts",
        "gather_subset",
    ),
    *(
        "group_vars",
        "host_vars",
        "import_role",
        "include_role",
        "injectors",
        "inputs",
        "jmespath",
        "jq",
        "jwt",
        "localhost",
        "loop_control",
        "make",
    ),
    *(
        "module_defaults",
        "no_log",
        "openssl",
        "paramiko_ssh",
        "pause",
        "peers",
        "pipelining",
        "read",
        "redis",
        "rediss",
    ),
    *("register", "requests", "requiretty", "set_fact", "set_stats", "ssh", "sudo", "true", "until", "vars"),
    *("vars_files", "vault_netosecret", "when"),
    # What brings what the tests use.
    *("apt", "dnf", "uv"),
    # Of the guide to renewing credentials.
    *("cas", "copy", "decrypt", "deployer_pat", "deployer_pat_id", "id_tokens", "netbird_pat_id"),
    *("netbird_vault_password", "netography_vault_password", "nightly", "renew_credential_id", "run_once"),
    "vault_password_file",
    # What NetBird calls things.
    *("create_pat", "network_admin"),
    # What OAuth 2.0 calls things.
    *("offline_access", "resource"),
}
OTHER_ENVIRONMENT = {
    *("ANSIBLE_DEBUG", "ANSIBLE_HOME", "ANSIBLE_KEEP_REMOTE_FILES", "ANSIBLE_SHOW_CUSTOM_STATS", "XDG_CACHE_HOME"),
    *("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"),
    *("ANSIBLE_VAULT", "ANSIBLE_VAULT_ID_MATCH", "ANSIBLE_VAULT_PASSWORD_FILE", "CI_JOB_JWT", "NB_SETUP_PAT_ENABLED"),
    *("K8S_AUTH_API_KEY", "K8S_AUTH_HOST", "VAULT_ADDR", "VAULT_TOKEN"),
    *("AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID"),
}


def declared_environment() -> set[str]:
    said = {name for provider in PLUGINS for option in options_of(provider).values() for name in names(option, "env")}
    return said | {
        name for options in (*ROLES.values(), *ROTATION.values()) for row in options.values() for name in row.env
    }


@functools.cache
def words() -> set[str]:
    """What a page may set as code where it is one lower-case word."""
    options = {alias for name, each in EVERY for alias in (name, *each.get("aliases", ()))}
    choices = {choice for _name, each in EVERY for choice in each.get("choices", ())}
    facts = {f"{provider}_{kind}" for provider in PLUGINS for kind in ("token", "headers")}
    variables = {name for provider in PLUGINS for each in options_of(provider).values() for name in names(each, "vars")}
    uri = set(yaml.safe_load(module.DOCUMENTATION)["options"])
    methods = {method for wholes in CREDENTIALS.values() for method in wholes}
    others = {*ROLES, *ROLE_VARIABLES, *PLAY_VARIABLES, *codes.CODES, *(status.word for status in Status)}
    results = {name for task in ROTATION_TASKS.values() for name in yaml.safe_load(_module(task).RETURN)}
    return {*PLUGINS, *RESULT, *CACHES} | results | options | choices | facts | variables | uri | methods | others


def fits(definition: dict[str, t.Any], value: object) -> bool:
    """Whether the option takes the value; of a template nobody knows."""
    if isinstance(value, str) and "{{" in value:
        return True
    if "choices" in definition:
        return value in definition["choices"]
    kinds: dict[str, t.Any] = {"bool": bool, "int": int, "dict": dict, "raw": (str, list, dict)}
    return isinstance(value, kinds.get(definition["type"], str))


def environment(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b(?!\.md)", text))


def unknown(text: str) -> set[str]:
    """What is set as code, looks like a name and is none of the collection's, or a setting that no option takes."""
    known = words()
    found = set()
    for said in pages.code(text):
        if re.fullmatch(r"_?[a-z][a-z0-9_]*[a-z0-9]", said):
            found |= {said} - known
        elif setting := re.fullmatch(r"([a-z_]+)(?:: |=)(\S+)", said):
            takers = [definition for name, definition in EVERY if name == setting[1]]
            if takers and not any(fits(each, yaml.safe_load(setting[2])) for each in takers):
                found.add(said)
            found |= {setting[1]} - known
    return found


@pytest.mark.parametrize("place", TEXTS)
def test_each_environment_variable_is_declared(place: str) -> None:
    assert environment(TEXTS[place]) <= declared_environment() | OTHER_ENVIRONMENT


@pytest.mark.parametrize("place", TEXTS)
def test_each_variable_of_an_option_is_declared(place: str) -> None:
    for provider, option in re.findall(rf"(?<![.\w])({'|'.join(PLUGINS)})_auth_([a-z]\w*)", TEXTS[place]):
        assert f"{provider}_auth_{option}" in names(options_of(provider).get(option, {}), "vars")


@pytest.mark.parametrize("place", TEXTS)
def test_each_variable_of_a_role_is_declared(place: str) -> None:
    said = re.findall(rf"(?<![.\w])(?:{'|'.join(ROLES)})_[a-z]\w*", TEXTS[place])
    assert set(said) <= ROLE_VARIABLES


@pytest.mark.parametrize("page", PROSE)
def test_each_variable_of_a_playbook_is_one_of_its_play(page: str) -> None:
    said = re.findall(rf"\b(?:{'|'.join(PLAYS)})_[a-z]\w*", PROSE[page])
    assert set(said) <= PLAY_VARIABLES


@pytest.mark.parametrize("page", PROSE)
def test_each_name_that_is_set_as_code_is_known(page: str) -> None:
    assert unknown(PROSE[page]) <= OTHERS


def test_no_exception_is_left_over() -> None:
    assert set().union(*map(unknown, PROSE.values())) == OTHERS
    assert set().union(*map(environment, TEXTS.values())) - declared_environment() == OTHER_ENVIRONMENT


def faults(use: pages.Use) -> list[str]:
    """What of the arguments is no option of the plugin, or no value of the option."""
    if use.plugin == "uri":
        there_is = {
            *yaml.safe_load(module.DOCUMENTATION)["options"],
            *yaml.safe_load(original.DOCUMENTATION)["options"],
        }
        return [option for option in use.arguments if option not in there_is]
    options = {name: each for name, each in OPTIONS[use.plugin].items() if use.by_task or name not in TASK_ONLY}
    return [
        f"{option}: {value}"
        for option, value in use.arguments.items()
        if option not in options or not fits(options[option], value)
    ]


def test_each_example_uses_options_that_there_are_with_values_that_they_take() -> None:
    found = {each.place: each.text for each in examples.in_yaml(ROOT)} | read(*PLAYBOOKS)
    uses = [(place, use) for place, text in found.items() for use in pages.uses(text)]
    ways = {(use.plugin, use.by_task) for _place, use in uses}
    assert ways == {("uri", True), *((provider, way) for provider in PLUGINS for way in (True, False))}
    assert [(place, wrong) for place, use in uses for wrong in faults(use)] == []


def test_each_guide_is_in_the_index_of_the_site_and_in_a_table_of_contents() -> None:
    folder = ROOT / "docs" / "docsite"
    guides = {path.stem for path in folder.glob("rst/guide_*.rst")}
    listed = yaml.safe_load((folder / "extra-docs.yml").read_text(encoding="utf-8"))["sections"]
    assert sorted(page for each in listed for page in each["toctree"]) == sorted(guides)
    index = (folder / "rst" / "index.rst").read_text(encoding="utf-8")
    assert set(re.findall(r"docsite\.(guide_\w+)", index)) == guides
