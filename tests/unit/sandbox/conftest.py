# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One per test, fresh from the start: what a reset does is under test here."""
    with Sandbox() as running:
        yield running
