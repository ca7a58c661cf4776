# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the suite found, as a file for the table in docs/security.md: a plugin of pytest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FOUND: dict[str, str] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--json", help="the file to write what was found in each channel to")
    parser.addoption("--without", default="", help="the guard to take away, to see the suite fail")
    parser.addoption("--control", action="store_true", help="show as well that the search finds what no guard keeps in")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--control"):
        items[:] = [item for item in items if "bare" not in getattr(item, "fixturenames", ())]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # Not by an import of this file, which the tests would get as another copy.
    FOUND.update({str(name): str(value) for name, value in report.user_properties})


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (path := session.config.getoption("--json")) is not None:
        Path(path).write_text(json.dumps(FOUND, indent=2) + "\n", encoding="utf-8")
