# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""netapi.auth.netbird_token, which is netapi.auth.netbird_auth."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.unit.plugins import outside

NAME = "netapi.auth.netbird_token"
PAT = make_pat("sandboxuser1")
_DOC = "import sys; from ansible.cli.doc import main; sys.exit(main())"


def _said(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join((done.stdout + done.stderr).split())


def test_it_is_the_true_one_in_every_way(sandbox: Sandbox, tmp_path: Path) -> None:
    """By the defaults of each of its groups and of its own, which go by its true name, by lookup, and in a failure."""
    own = {"pat": PAT, "api_url": sandbox.url}
    shown = {"ansible.builtin.debug": {"msg": "{{ found.identity.id }} by {{ found.method }}"}}
    blocks = [
        {
            "module_defaults": {name: own},
            "block": [{NAME: {"whoami": True, "set_facts": False}, "register": "found"}, shown],
        }
        for name in ("group/netapi.auth.netbird", "group/netapi.auth.all", "netapi.auth.netbird_auth")
    ]
    looked = "{{ lookup('" + NAME + "', 'method', 'headers', 'identity.id', whoami=true, pat=pat, api_url=url) }}"
    check = {"that": ["looked[0] == 'pat'", "looked[2] == 'user-1'"], "quiet": True}
    content = {
        "vars": {"pat": PAT, "url": sandbox.url},
        "tasks": [
            *blocks,
            {"ansible.builtin.assert": check, "vars": {"looked": looked}},
            {NAME: {"pat": make_pat("sandboxexpired"), "whoami": True, "api_url": sandbox.url}},
        ],
    }
    done = outside.play(tmp_path, content, "-v")

    said = _said(done)
    assert done.returncode == 2
    assert said.count("user-1 by pat") == len(blocks), said
    assert " ok=7 " in said
    assert "The personal access token in pat, from the argument pat, has expired" in said
    assert "DEPRECAT" not in said
    assert PAT not in said


_LOADED = """
import sys

from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        return [any(name.endswith(".plugin_utils._providers.static") for name in sys.modules)]
"""


@pytest.mark.parametrize(("first", "is_loaded"), [(NAME, True), ("ansible.builtin.debug", False)])
def test_the_task_loads_for_later_forks_what_lookups_need(
    first: str, is_loaded: bool, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "lookup_plugins").mkdir()
    (tmp_path / "lookup_plugins" / "loaded.py").write_text(_LOADED, encoding="utf-8")
    arguments = {"pat": PAT, "api_url": sandbox.url, "set_facts": False} if first == NAME else {"msg": "nothing"}
    later = {"ansible.builtin.debug": {"msg": "loaded: {{ lookup('loaded') }}"}}
    done = outside.play(tmp_path, {"tasks": [{first: arguments}, later]})

    assert f"loaded: {is_loaded}" in _said(done)


@pytest.mark.parametrize("kind", ["module", "lookup"])
def test_ansible_doc_shows_the_true_one(kind: str, tmp_path: Path) -> None:
    done = outside.run([sys.executable, "-c", _DOC, "-t", kind, NAME], {"PAGER": "cat"})

    assert done.returncode == 0, _said(done)
    assert "netapi.auth.netbird_auth" in done.stdout.lower()
    assert "pat" in done.stdout.lower()
    assert "ERROR" not in _said(done)


@pytest.mark.parametrize("kind", ["module", "lookup"])
def test_ansible_doc_lists_it_without_a_fault(kind: str, tmp_path: Path) -> None:
    done = outside.run([sys.executable, "-c", _DOC, "-t", kind, "-l", "netapi.auth"], {"PAGER": "cat"})

    assert done.returncode == 0, _said(done)
    assert "netapi.auth.netbird_auth" in done.stdout
    assert "UNDOCUMENTED" not in done.stdout
