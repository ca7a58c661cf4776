# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remarks about waits. Private to this collection."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

# Seconds from which on a wait is worth a warning.
LONG = 5.0

Say = Callable[[str, float], None]
# Takes the seconds that the wait takes at most.
Slow = Callable[[float], None]


def speaker(warn: Callable[[str], None], remark: Callable[[str], None]) -> Say:
    """A function that shows a sentence about a wait: as a warning if it is long, else as a remark at ``-v``."""
    return lambda sentence, seconds: (warn if seconds >= LONG else remark)(sentence)


def in_seconds(seconds: float) -> str:
    """The time until then, in words for a sentence."""
    whole = round(seconds)
    return "at once" if whole < 1 else f"in {whole} second{'' if whole == 1 else 's'}"


class Patience:
    """A wait with an end, which is reported once when it gets long.

    :param seconds: how long it is at most.
    :param slow: called once, with those seconds, when the wait gets long; None for no report.
    """

    def __init__(self, seconds: float, slow: Slow | None) -> None:
        start = time.monotonic()
        self._seconds = seconds
        self._end = start + seconds
        self._long = start + LONG
        self._slow = slow

    def is_over(self, ahead: float = 0.0) -> bool:
        """Whether the wait is over, or will be in ``ahead`` seconds."""
        now = time.monotonic()
        if now >= self._long:
            self._long = math.inf
            if self._slow is not None:
                self._slow(self._seconds)
        return now + ahead >= self._end
