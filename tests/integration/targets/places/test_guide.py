# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide says that every example in it is run."""

from __future__ import annotations

from ansible_collections.netapi.auth.tests.support.guide import HANDING_ON, files, in_yaml
from ansible_collections.netapi.auth.tests.support.runner import ROOT


def test_every_example_of_the_guide_is_run() -> None:
    assert len(in_yaml(HANDING_ON)) == len(files(HANDING_ON))
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests/integration/targets").glob("*/test_*.py")
    )
    assert [name for name in files(HANDING_ON) if f'"{name}"' not in tests] == []
