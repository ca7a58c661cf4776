# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the temporary files of unit tests go."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.tools import stage


def test_they_are_in_memory_and_gone_at_the_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(stage, "_MEMORY", str(memory))
    monkeypatch.setattr(stage, "_ROOM", 1)
    with stage.in_memory() as variables:
        place = Path(variables["TMPDIR"])
        (place / "left").touch()
        assert (place.parent, place.stat().st_mode & 0o777) == (memory, 0o700)

    assert list(memory.iterdir()) == []


@pytest.mark.parametrize(("where", "room"), [("nowhere", 1), ("a file", 1), ("", 2**62)])
def test_without_room_they_are_where_they_are_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str, room: int
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setattr(stage, "_MEMORY", str(tmp_path / where))
    monkeypatch.setattr(stage, "_ROOM", room)
    with stage.in_memory() as variables:
        assert variables == {}
