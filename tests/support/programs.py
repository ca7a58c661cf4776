# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plugin of pytest: tests that start a program which this machine lacks are left out, and counted as deselected.

`make` says so before it begins, and lets nobody who wants all of them, such as CI, begin (tests/tools/needs.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

# What starts them: a class or a function that a test or one of its fixtures calls, or such a fixture itself.
STARTERS = {
    "RedisServer": ("redis-server",),
    "hashed": ("openssl",),
    "pasted": ("curl", "git", "jq"),
    "repository": ("git",),
}
LEFT_OUT: list[pytest.Item] = []


def _called(item: pytest.Item) -> Iterator[str]:
    """The names that a test, its fixtures and the functions of its parameters use."""
    if not isinstance(item, pytest.Function):
        return
    fixtures = [each.func for found in item._fixtureinfo.name2fixturedefs.values() for each in found]
    given = item.callspec.params.values() if hasattr(item, "callspec") else ()
    for each in (item.function, *fixtures, *(getattr(one, "set_up", None) for one in given)):
        yield from getattr(getattr(each, "__code__", None), "co_names", ())
    yield from item.fixturenames


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    absent = {name for name, programs in STARTERS.items() if not all(map(shutil.which, programs))}
    LEFT_OUT[:] = [item for item in items if not absent.isdisjoint(_called(item))]
    config.hook.pytest_deselected(items=LEFT_OUT)
    items[:] = [item for item in items if item not in LEFT_OUT]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A target of which nothing is left has not failed."""
    if LEFT_OUT and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
