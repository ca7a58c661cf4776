# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each rule of rotation is named by a test, such as test_p5_what_it_shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FILES = ("test_netbird_pat.py", "test_netbird_pat_kills.py", "test_netography_api_key.py")
RULES = (*(f"p{number}" for number in range(1, 13)), *(f"k{number}" for number in range(1, 6)))
NAMED = [
    rule
    for file in FILES
    for name in re.findall(
        r"^def test_((?:[pk]\d+_)+)", (Path(__file__).parent / file).read_text("utf-8"), re.MULTILINE
    )
    for rule in name.split("_")
]


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_named_by_a_test(rule: str) -> None:
    assert rule in NAMED
