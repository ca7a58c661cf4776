# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every user of the machine can see of a process: its command line; and what its owner can: its environment."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

# Seconds; every process of a play lives longer.
_PAUSE = 0.05


class Watch:
    """Reads both of every process but this one, again and again, until the block ends."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_PAUSE):
            for process in Path("/proc").iterdir():
                if process.name.isdecimal() and int(process.name) != os.getpid():
                    # It may have ended, or be another user's.
                    with contextlib.suppress(OSError):
                        self._look_at(process)

    def _look_at(self, process: Path) -> None:
        command = (process / "cmdline").read_bytes()
        # The threads of the kernel have none, and are many.
        if command:
            self.seen.add(command)
            self.seen.add((process / "environ").read_bytes())
