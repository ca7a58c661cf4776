# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program in a terminal of its own, and a reader who pastes what a page says and types what he is asked."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import termios
import time
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# It comes with ansible-runner.
import pexpect
from pexpect.fdpexpect import fdspawn

# Each line is read as it comes, as by shells that do not know a paste from typing. A command that fails ends it.
_SHELL = ("bash", "--noprofile", "--norc", "--noediting", "-eo", "pipefail", "-i")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Seconds until a test gives up, and until a question is put again.
_LONGEST_WAIT = 300
_PATIENCE = 2
# Rows and columns: where a line is too long, it is shown anew at each letter.
_SIZE = (50, 1000)


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


class _Talk:
    """A program in a terminal, what it has shown, and its exit status once it has ended."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.screen = fdspawn(end, encoding="utf-8", codec_errors="replace", timeout=_LONGEST_WAIT)
        self.screen.logfile_read = self._shown = io.StringIO()
        self.status = -1

    @property
    def shown(self) -> str:
        return _COLOURS.sub("", self._shown.getvalue().replace("\r\n", "\n"))

    def hides(self) -> bool:
        """Whether what is typed is not shown, at last."""
        limit = time.monotonic() + _LONGEST_WAIT
        while termios.tcgetattr(self.end)[3] & termios.ECHO:
            if time.monotonic() > limit:
                return False
            time.sleep(0.05)
        return True


@contextlib.contextmanager
def _talking(argv: Sequence[str], directory: Path, env: Mapping[str, str]) -> Iterator[_Talk]:
    """Until its end; the block ends early when the program does. Raises pexpect.TIMEOUT where it hangs."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, _SIZE)
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, ours)
        # Not by pexpect, which forks a process that has threads.
        command = ("setsid", "--ctty", *argv)
        env = {**env, "TERM": "dumb"}
        process = subprocess.Popen(command, cwd=directory, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        stack.callback(process.wait)
        stack.callback(process.kill)
        talk = _Talk(ours)
        with contextlib.suppress(pexpect.EOF):
            yield talk
        talk.screen.expect(pexpect.EOF)
        talk.status = process.wait()


def talk(
    argv: Sequence[str], prompt: str, answers: Sequence[str], directory: Path, env: Mapping[str, str]
) -> tuple[int, str]:
    """Run it to its end and type an answer at each prompt; its status, and what the terminal showed."""
    with _talking(argv, directory, env) as one:
        for answer in answers:
            one.screen.expect_exact(prompt)
            one.screen.sendline(answer)
    assert one.shown.count(prompt) == len(answers), one.shown
    return one.status, one.shown


def paste(blocks: Sequence[str], answers: Sequence[Answer], directory: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Paste the blocks one after the other and answer what they ask, in this order; exit status and screen."""
    env = {**env, "PS1": "$ ", "PS2": "> ", "HISTFILE": str(directory / "history")}
    with _talking(_SHELL, directory, env) as one:
        for number, block in enumerate(blocks):
            one.screen.send(block)
            for each in answers:
                if each.belongs_to(block):
                    one.screen.expect_exact(each.question)
                    if not each.shown:
                        assert one.hides(), f"It would show the answer.\n{one.shown}"
                    one.screen.sendline(each.text)
            _end_block(one.screen, number)
        one.screen.sendline("exit")
    return one.status, one.shown


def _end_block(shell: t.Any, number: int) -> None:
    """Wait until the shell takes commands again. Raises pexpect.EOF."""
    for _try in range(_LONGEST_WAIT // _PATIENCE):
        # A program that asks for a password throws away what was typed before: so this is said more than once.
        shell.sendline(f"printf 'end of %s\\n' {number}")
        if shell.expect_exact([f"end of {number}\r\n", pexpect.TIMEOUT], timeout=_PATIENCE) == 0:
            return
    raise TimeoutError("The block does not end.")
