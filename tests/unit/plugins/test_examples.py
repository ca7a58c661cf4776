# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Examples of a plain uri task with a token in it are safe, wherever they stand."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.netapi.auth.plugins.plugin_utils._core import action
from ansible_collections.netapi.auth.tests.tools import examples

ROOT = Path(action.__file__).parents[3]
PLAIN = ("ansible.builtin.uri", "ansible.legacy.uri", "uri")
AUTH_HEADERS = ("Authorization", "x-rapidapi-key")
PLAYBOOKS = ("playbooks/*.yml", "roles/*/tasks/*.yml", "docs/awx/**/*.yml")
Task = dict[str, t.Any]


def texts() -> Iterator[tuple[str, str]]:
    """Where it stands, and YAML that users copy."""
    yield from ((each.place, each.text) for each in examples.in_yaml(ROOT))
    for path in sorted(each for pattern in PLAYBOOKS for each in ROOT.glob(pattern)):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def tasks(value: object, defaults: Task | None = None) -> Iterator[Task]:
    """Every mapping that uses the plain module, at any depth, with the arguments that module_defaults add."""
    if isinstance(value, dict):
        said = value.get("module_defaults", {})
        defaults = {**(defaults or {}), **next((said[name] for name in PLAIN if name in said), {})}
        if found := next((name for name in PLAIN if name in value), None):
            yield {**value, found: {**defaults, **value[found]}}
        for name, each in value.items():
            if name != "module_defaults":
                yield from tasks(each, defaults)
    elif isinstance(value, list):
        for each in value:
            yield from tasks(each, defaults)


TEXTS = dict(texts())


@pytest.mark.parametrize("place", TEXTS)
def test_a_plain_request_is_a_safe_one(place: str) -> None:
    for task in tasks(yaml.safe_load(TEXTS[place])):
        said = next(task[name] for name in PLAIN if name in task)
        if "headers" not in said:
            continue
        assert said["use_netrc"] is False, task["name"]
        assert set(said["unredirected_headers"]) & set(AUTH_HEADERS), task["name"]
        assert task["no_log"] is True, task["name"]


def test_there_are_such_examples() -> None:
    found = [place for place, text in TEXTS.items() if list(tasks(yaml.safe_load(text)))]
    assert "README.md" in " ".join(found)
    assert "plugins/lookup/netbird_auth.py 1" in found
    assert "docs/awx/first_job.yml" in found
    assert "docs/docsite/rst/guide_handing_on.rst" in " ".join(found)


def test_arguments_by_default_count_as_said() -> None:
    defaults = {"ansible.builtin.uri": {"headers": {"Authorization": "x"}}}
    (task,) = tasks([{"module_defaults": defaults, "tasks": [{"ansible.builtin.uri": {"url": "y"}}]}])
    assert task["ansible.builtin.uri"] == {"url": "y", "headers": {"Authorization": "x"}}


@pytest.mark.parametrize(
    "page", sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/docsite/rst/*.rst"))
)
def test_no_block_of_a_guide_is_overlooked(page: str) -> None:
    marked = (ROOT / page).read_text(encoding="utf-8").count("code-block::")
    assert len([each for each in examples.found(ROOT) if each.page == page]) == marked


@pytest.mark.parametrize("page", ["README.md", "roles/auth_headers/README.md"])
def test_no_block_of_a_page_in_markdown_is_overlooked(page: str) -> None:
    marked = (ROOT / page).read_text(encoding="utf-8").count("```")
    assert len([each for each in examples.found(ROOT) if each.page == page]) * 2 == marked > 0
