# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts: there for later plays, and never in a persistent fact cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory


@pytest.fixture
def here(sandbox: Sandbox, tmp_path: Path) -> str:
    return inventory(tmp_path, {"localhost": variables(sandbox)})


@pytest.fixture
def fact_cache(tmp_path: Path) -> Path:
    directory = tmp_path / "facts"
    directory.mkdir()
    return directory


def _settings(fact_cache: Path) -> dict[str, str]:
    return {"ANSIBLE_CACHE_PLUGIN": "jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(fact_cache)}


def _kept(fact_cache: Path) -> str:
    """All that is in the cache. The playbooks keep one harmless fact, so that an unused cache is noticed."""
    text = "".join(path.read_text(encoding="utf-8") for path in fact_cache.iterdir() if path.is_file())
    assert "a harmless fact" in text
    return text


def _tokens(sandbox: Sandbox) -> set[str]:
    """The tokens that the service was shown."""
    headers = [request.headers.get("authorization", "") for request in sandbox.state.requests]
    return {header.removeprefix("Bearer ") for header in headers if header}


def test_a_later_play_sees_the_facts(sandbox: Sandbox, ansible: Ansible, here: str) -> None:
    run = ansible.play("facts.yml", "-i", here)
    assert run.of("Read the networks with the facts").result["status"] == 200
    assert len(_tokens(sandbox)) == 1


def test_no_fact_of_a_token_reaches_the_fact_cache(
    sandbox: Sandbox, ansible: Ansible, here: str, fact_cache: Path, core: tuple[int, int]
) -> None:
    ephemeral = core >= (2, 21)
    # Before 2.21 there are no facts for the play that uses them.
    run = ansible.play("facts.yml", "-i", here, env=_settings(fact_cache), succeeds=ephemeral)
    kept = _kept(fact_cache)
    assert run.of("Obtain a token").status == "ok"
    assert run.output.count("[WARNING]") == (0 if ephemeral else 1)
    if ephemeral:
        assert run.of("Read the networks with the facts").result["status"] == 200
        assert [token for token in _tokens(sandbox) if token in kept] == []
    else:
        assert run.of("Check that the facts belong together").status == "failed"
        assert run.says(
            "The fact cache jsonfile would write the token to its store in clear text, so no fact is set. In its place "
            "use what register keeps of the task, or the role netapi.auth.auth_headers."
        )
    assert "netfoundry_" not in kept
    assert "eyJ" not in kept


def test_facts_that_were_asked_for_fail_before_a_grant_where_the_fact_cache_would_keep_them(
    sandbox: Sandbox, ansible: Ansible, here: str, fact_cache: Path, core: tuple[int, int]
) -> None:
    ephemeral = core >= (2, 21)
    asked = ("-e", "wants_facts=true")
    run = ansible.play("facts.yml", "-i", here, *asked, env=_settings(fact_cache), succeeds=ephemeral)
    kept = _kept(fact_cache)
    if not ephemeral:
        assert sandbox.state.requests == []
        assert run.of("Obtain a token").message == (
            "The fact cache jsonfile would write the token to its store in clear text. Leave set_facts out, and use "
            "what register keeps of the task, or the role netapi.auth.auth_headers."
        )
    assert "netfoundry_" not in kept


def test_hosts_without_facts_are_one_warning(
    sandbox: Sandbox, ansible: Ansible, fact_cache: Path, tmp_path: Path, core: tuple[int, int]
) -> None:
    here = inventory(tmp_path, {f"host-{number}": variables(sandbox) for number in range(4)})
    run = ansible.play("facts.yml", "-i", here, env=_settings(fact_cache), succeeds=None)
    assert run.output.count("[WARNING]") == (core < (2, 21))


def test_register_and_the_role_keep_a_token_out_of_the_fact_cache(
    sandbox: Sandbox, ansible: Ansible, here: str, fact_cache: Path
) -> None:
    run = ansible.play("no_facts.yml", "-i", here, env=_settings(fact_cache))
    assert run.of("Read the networks with the registered headers").result["status"] == 200
    assert run.of("Read the networks with the headers of the role").result["status"] == 200
    assert run.of("Name the facts").result["msg"] == []
    kept = _kept(fact_cache)
    assert [token for token in _tokens(sandbox) if token in kept] == []
    assert "nf-secret-1" not in kept
