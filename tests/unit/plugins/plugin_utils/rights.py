# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What root can do to a test's process and files, and undo."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterator

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


@contextlib.contextmanager
def as_user(user: int) -> Iterator[None]:
    """To the files this process is that user."""
    before = os.geteuid()
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(before)


@contextlib.contextmanager
def as_user_without_a_home() -> Iterator[None]:
    """The process is started by a user of whom the system knows nothing, as in some containers. It acts as before."""
    user = os.getuid()
    os.setresuid(54321, -1, -1)
    try:
        yield
    finally:
        os.setresuid(user, -1, -1)
