# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What root may do and others may not, or may without asking."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

# linux/capability.h: version 3 has two words for each of the three sets.
_VERSION_3 = 0x20080522
_OVERRIDES = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Word(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


_libc = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def bound_by_modes() -> Iterator[None]:
    """Modes of files mean to this thread what they mean to anybody: root's right to pass over them rests."""
    words = (_Word * 2)()
    _call(_libc.capget, words)
    before = words[0].effective
    words[0].effective = before & ~_OVERRIDES
    _call(_libc.capset, words)
    try:
        yield
    finally:
        words[0].effective = before
        _call(_libc.capset, words)


def _call(function: ctypes._NamedFuncPointer, words: ctypes.Array[_Word]) -> None:
    header = _Header(_VERSION_3, 0)
    if function(ctypes.byref(header), words) != 0:
        raise OSError(ctypes.get_errno(), "capabilities")


def give_away(path: Path) -> None:
    """Let a directory be another user's: root can give it to him, others have a link to root's in its place."""
    if os.geteuid() == 0:
        os.chown(path, 54321, 54321)
    else:
        path.rename(path.with_name("given-away"))
        path.symlink_to("/")
