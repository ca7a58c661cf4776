# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that were given to the role alone: gone where the headers are used, and never another account."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

ROLE = "netapi.auth.auth_headers : "
LOGIN = f"{ROLE}Obtain a NetBird token, so that a wrong credential fails here"
CHECK = f"{ROLE}Validating arguments against arg spec 'main' - Give later tasks headers that are always fresh"
USE = "Ask NetBird whose token it is"
OWN = make_pat("sandboxuser1")
OTHER = make_pat("sandboxuser9")

# The same on every core; gone.yml has a play for each.
GONE = (
    "vars_of_a_role_in_roles",
    "vars_of_import_role",
    "vars_of_include_role",
    "vars_of_include_role_public",
    "vars_of_a_block_around_import_role",
    "vars_of_a_block_around_include_role",
    "vars_of_a_role_around",
    "vars_of_an_earlier_play",
    "module_defaults_of_the_group",
    "module_defaults_of_the_play",
)
KEPT = ("facts_of_set_fact", "vars_of_include_vars", "vars_of_the_play", "vars_of_a_block_around_both")
REFUSED = "parameters_of_a_role_in_roles"
NONE = "auth_headers_netbird finds no credential where it is used."
ANOTHER = "auth_headers_netbird finds another credential than the one that the role checked."
REMEDY = "put them where the header is used, into the inventory, the play's vars or set_fact."
# The ways without another account anywhere.
ALONE = ("vars_of_a_role_in_roles", "vars_of_an_earlier_play", "module_defaults_of_the_group", "facts_of_set_fact")
# Where another account may be, and what a use says that would otherwise take it.
SURROUNDINGS = {"nowhere": NONE, "inventory": ANOTHER, "environment": ANOTHER}


@pytest.fixture(scope="module")
def runs(server: Sandbox, shared_ansible: Ansible) -> dict[str, Run]:
    """The playbook with another account in the environment, and without; each run has the hosts of its cases.

    Without another account anywhere there is none to be mistaken for, so that fewer ways have this case.
    """
    server.reset()
    ways = (*GONE, *KEPT, REFUSED)
    crowded = [f"{way}-{case}" for way in ways for case in ("inventory", "environment")]
    other = _play(server, shared_ansible, crowded, {"NB_PAT": OTHER})
    alone = _play(server, shared_ansible, [f"{way}-nowhere" for way in ALONE], {})
    return {"nowhere": alone, "inventory": other, "environment": other}


def _play(server: Sandbox, ansible: Ansible, names: list[str], env: dict[str, str]) -> Run:
    hosts = {name: {"netbird_auth_pat": OTHER} if name.endswith("inventory") else {} for name in names}
    path = inventory(ansible.home, hosts, netbird_auth_api_url=server.url, own_pat=OWN)
    # The last play is refused on all its hosts, where it has any.
    refused = any(name.startswith(REFUSED) for name in names)
    return ansible.play("gone.yml", "-i", path, "--forks", "2", env=env, succeeds=not refused)


def cases(ways: tuple[str, ...]) -> pytest.MarkDecorator:
    """Each way with each of its surroundings."""
    pairs = [(way, case) for way in ways for case in SURROUNDINGS if case != "nowhere" or way in ALONE]
    return pytest.mark.parametrize(("way", "case"), pairs)


@cases(GONE)
def test_a_use_without_the_options_of_the_role_fails_and_says_so(way: str, case: str, runs: dict[str, Run]) -> None:
    run = runs[case]
    host = f"{way}-{case}"
    assert run.of(LOGIN, host).status == "ok"
    use = run.of(USE, host)
    assert use.status == "failed"
    assert SURROUNDINGS[case] in use.message
    assert REMEDY in use.message


@cases(KEPT)
def test_a_use_that_sees_the_options_of_the_role_has_its_account(way: str, case: str, runs: dict[str, Run]) -> None:
    use = runs[case].of(USE, f"{way}-{case}")
    assert use.status == "ok"
    assert use.result["json"]["id"] == "user-1"


@pytest.mark.parametrize("case", ["inventory", "environment"])
def test_the_role_refuses_options_as_its_own_parameters(case: str, runs: dict[str, Run]) -> None:
    refusal = runs[case].of(CHECK, f"{REFUSED}-{case}")
    assert refusal.status == "failed"
    assert "netbird_auth_pat" in refusal.message


def test_no_other_account_was_ever_shown_to_the_service(server: Sandbox, runs: dict[str, Run]) -> None:
    shown = {request.headers["authorization"] for request in server.state.requests}
    assert shown == {f"Token {OWN}"}
