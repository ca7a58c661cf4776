# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A terminal with a shell, into which a reader pastes what a page says and types what he is asked."""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# Each line is read as it comes, as by shells that do not know a paste from typing. A command that fails ends it.
_SHELL = ("setsid", "--ctty", "bash", "--noprofile", "--norc", "--noediting", "-eo", "pipefail", "-i")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Seconds: until a test gives up, between two looks, and until a question is put again.
_LONGEST_WAIT = 300.0
_LOOK = 0.05
_PATIENCE = 2.0


@dataclass(frozen=True)
class Answer:
    """What a reader types when he is asked.

    :param block: a part of the block that asks; without it, the question is one.
    :param shown: whether the terminal shows what is typed.
    """

    question: str
    text: str
    block: str = ""
    shown: bool = False

    def belongs_to(self, block: str) -> bool:
        return (self.block or self.question) in block


class _ClosedError(Exception):
    """The shell has ended."""


@dataclass
class _Terminal:
    """The end of it at which a reader sits."""

    end: int
    text: str = ""
    _bytes: bytearray = field(default_factory=bytearray)
    _typed: int = 0

    def type(self, text: str) -> None:
        self._typed = len(self.text)
        os.write(self.end, text.encode())

    def wait(self, condition: Callable[[], bool], seconds: float = _LONGEST_WAIT) -> bool:
        """Read until the condition holds, or for so long. Raises _ClosedError."""
        limit = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > limit:
                return False
            if select.select([self.end], [], [], _LOOK)[0]:
                self._read()
        return True

    def _read(self) -> None:
        try:
            piece = os.read(self.end, 65536)
        except OSError:
            piece = b""
        if not piece:
            raise _ClosedError
        self._bytes += piece
        self.text = _COLOURS.sub("", self._bytes.decode(errors="replace").replace("\r\n", "\n"))

    def hides(self) -> bool:
        """Whether what is typed is not shown."""
        flags: int = termios.tcgetattr(self.end)[3]
        return not flags & termios.ECHO

    def answer(self, answer: Answer) -> None:
        """Answer a question that comes after what was typed last. Raises TimeoutError and _ClosedError."""
        start = self._typed
        if not self.wait(lambda: answer.question in self.text[start:] and (answer.shown or self.hides())):
            raise TimeoutError(f"It did not ask {answer.question!r}, or would show the answer.\n{self.text}")
        self.type(f"{answer.text}\n")

    def end_block(self, number: int) -> None:
        """Wait until the shell takes commands again. Raises TimeoutError and _ClosedError."""
        limit = time.monotonic() + _LONGEST_WAIT
        while True:
            # A program that asks for a password throws away what was typed before: so this is said more than once.
            self.type(f"printf 'end of %s\\n' {number}\n")
            if self.wait(lambda: f"end of {number}\n" in self.text, _PATIENCE):
                return
            if time.monotonic() > limit:
                raise TimeoutError(f"It did not end.\n{self.text}")


def paste(blocks: Sequence[str], answers: Sequence[Answer], directory: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Paste the blocks one after the other and answer what they ask, in this order; exit status and screen."""
    end, other = os.openpty()
    env = {**env, "PS1": "$ ", "PS2": "> ", "HISTFILE": str(directory / "history")}
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, end)
        process = subprocess.Popen(_SHELL, cwd=directory, env=env, stdin=other, stdout=other, stderr=other)
        stack.callback(process.wait)
        stack.callback(process.kill)
        os.close(other)
        terminal = _Terminal(end)
        with contextlib.suppress(_ClosedError):
            for number, block in enumerate(blocks):
                terminal.type(block)
                for each in answers:
                    if each.belongs_to(block):
                        terminal.answer(each)
                terminal.end_block(number)
            terminal.type("exit\n")
            terminal.wait(lambda: False)
        return process.wait(), terminal.text
