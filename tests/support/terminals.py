# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program in a terminal of its own, and somebody who answers it."""

from __future__ import annotations

import errno
import os
import select
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

# Seconds until a program that says nothing more counts as hanging.
_LONGEST = 300.0
# Rows and columns: where a line is too long, it is shown anew at each letter.
_SIZE = (50, 1000)


def talk(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str], prompt: str, answers: Sequence[str]
) -> tuple[int, str]:
    """Run it to its end and type an answer at each prompt; its status, and what the terminal showed."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, _SIZE)
    try:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env={**env, "TERM": "dumb"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        try:
            shown = ""
            left = list(answers)
            for text in _read(ours):
                shown += text
                while shown.count(prompt) > len(answers) - len(left):
                    assert left, f"it asks once more\n{shown}"
                    os.write(ours, f"{left.pop(0)}\n".encode())
            assert not left, f"it did not ask for {left}\n{shown}"
            return process.wait(_LONGEST), shown
        finally:
            process.kill()
            process.wait()
    finally:
        os.close(ours)


def _read(terminal: int) -> Iterator[str]:
    """What is shown, until nobody has the terminal open."""
    end = time.monotonic() + _LONGEST
    while select.select([terminal], [], [], max(0.0, end - time.monotonic()))[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError as error:
            # How Linux says that the other side is closed.
            if error.errno != errno.EIO:
                raise
            return
        yield data.decode(errors="replace")
    raise TimeoutError("the program in the terminal hangs")
