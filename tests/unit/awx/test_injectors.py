# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX puts into a job for a credential."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.netapi.auth.tests.awx import Attached, inject, inject_all
from ansible_collections.netapi.auth.tests.awx.rules import completed

from .helpers import INJECTORS, INPUTS

FIELDS = tuple(completed(INPUTS)["fields"])


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    path = tmp_path / "files"
    path.mkdir()
    return path


def attached(injectors: dict[str, Any], fields: tuple[dict[str, Any], ...] = FIELDS, **inputs: object) -> Attached:
    return Attached("Mine", "Example", inputs, fields, injectors)


def test_all_kinds(directory: Path) -> None:
    injected = inject(attached(INJECTORS, key="hush", region="us", check=True), directory)
    [written] = directory.iterdir()
    assert injected.env == {"EXAMPLE_KEY": "hush", "EXAMPLE_CHECK": "True", "EXAMPLE_FILE": str(written)}
    assert injected.extra_vars == {"example_region": "us"}
    assert written.read_text() == "key=hush"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_unset_fields(directory: Path) -> None:
    """Text is empty, a boolean False: the default of the type is for the form only."""
    for credential in (attached(INJECTORS), attached(INJECTORS, key="", region="")):
        injected = inject(credential, directory)
        assert injected.env["EXAMPLE_KEY"] == ""
        assert injected.env["EXAMPLE_CHECK"] == "False"
        assert injected.extra_vars == {"example_region": ""}
    template = {"env": {"A": "{% if key is defined %}set{% else %}unset{% endif %}"}}
    assert inject(attached(template, key=""), directory).env == {"A": "unset"}


def test_many_files(directory: Path) -> None:
    injectors = {
        "file": {"template.one": "1 {{ key }}", "template.two": "2"},
        "env": {"ONE": "{{ tower.filename.one }}", "TWO": "{{ tower.filename.two }}"},
    }
    env = inject(attached(injectors, key="hush"), directory).env
    assert [Path(env[name]).read_text() for name in ("ONE", "TWO")] == ["1 hush", "2"]


def test_extra_vars_keep_their_shape(directory: Path) -> None:
    injectors = {"extra_vars": {"{{ region }}_key": {"list": ["{{ key }}", "plain"]}}}
    assert inject(attached(injectors, key="k", region="eu"), directory).extra_vars == {
        "eu_key": {"list": ["k", "plain"]}
    }


def test_several_are_injected_by_their_names_and_the_last_wins_with_an_empty_text_too(directory: Path) -> None:
    injectors = {"env": {"KEY": "{{ key }}", "CHECK": "{{ check }}"}, "extra_vars": {"where": "{{ region }}"}}
    first = Attached("a", "Example", {"key": "hush", "check": True, "region": "eu"}, FIELDS, injectors)
    last = Attached("b", "Example", {}, FIELDS, injectors)
    outside = {"KEY": "outside", "OTHER": "outside"}
    for credentials in ([first, last], [last, first]):
        injected = inject_all(credentials, directory, outside)
        assert injected.env == {"KEY": "", "CHECK": "False", "OTHER": "outside"}
        assert injected.extra_vars == {"where": ""}
    injected = inject_all([Attached("c", *list(vars(first).values())[1:]), last], directory, outside)
    assert injected.env == {"KEY": "hush", "CHECK": "True", "OTHER": "outside"}
    assert injected.extra_vars == {"where": "eu"}
    assert inject_all([], directory, outside).env == outside


def test_names_that_awx_leaves_out(directory: Path) -> None:
    injectors = {"env": {"PATH": "x", "ANSIBLE_CONFIG": "x", "FINE": "x"}}
    assert inject(attached(injectors), directory).env == {"FINE": "x"}


def test_a_private_key_ends_in_a_newline(directory: Path) -> None:
    fields = ({"id": "pem", "label": "PEM", "type": "string", "format": "ssh_private_key"},)
    injectors = {"env": {"PEM": "{{ pem }}|"}}
    assert inject(attached(injectors, fields, pem="x"), directory).env == {"PEM": "x\n|"}
    assert inject(attached(injectors, fields, pem="x\n"), directory).env == {"PEM": "x\n|"}
