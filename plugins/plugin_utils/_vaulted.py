# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that ansible-vault has encrypted, opened without writing them to a disk. Private to this collection."""

from __future__ import annotations

import contextlib
import os
import tempfile
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

from ._errors import OptionError

Decrypt = Callable[[bytes], bytes]

_HEADER = b"$ANSIBLE_VAULT;"


def is_encrypted(content: bytes) -> bool:
    return content.startswith(_HEADER)


def opened(what: str, content: bytes, decrypt: Decrypt | None) -> bytes:
    """What the encrypted content says.

    :param what: the file as a sentence begins with it.

    Raises OptionError.
    """
    if decrypt is not None:
        # Each core has its own errors for it, and they name the file.
        with contextlib.suppress(Exception):
            return bytes(decrypt(content))
    raise OptionError(f"{what} is encrypted with ansible-vault and cannot be decrypted. Check the vault password.")


@contextlib.contextmanager
def for_openssl(option: str, path: str | None, decrypt: Decrypt | None) -> Iterator[str | None]:
    """The path of a file that OpenSSL can read: the option's own, unless that is encrypted. Raises OptionError.

    :param option: with its source.
    """
    content = _encrypted(path) if path is not None else None
    if content is None:
        yield path
        return
    plain = opened(f"The file in {option}", content, decrypt)
    with _in_memory() or tempfile.NamedTemporaryFile(prefix="netapi_auth") as file:
        file.write(plain)
        file.flush()
        yield _name(file)


def _encrypted(path: str) -> bytes | None:
    """The file's content; None for what is not encrypted, for a directory, and for a pipe, which is read only once."""
    if not Path(path).is_file():
        return None
    with contextlib.suppress(OSError), Path(path).open("rb") as file:
        if is_encrypted(file.read(len(_HEADER))):
            file.seek(0)
            return file.read()
    return None


def _in_memory() -> t.IO[bytes] | None:
    """A file in memory only; None where the system has no such files, or no path to them."""
    create = getattr(os, "memfd_create", None)
    if create is None or not Path("/proc/self/fd").is_dir():
        return None
    with contextlib.suppress(OSError):
        return os.fdopen(create("netapi_auth"), "wb")
    return None


def _name(file: t.IO[bytes]) -> str:
    # With the process's number, so that a process that this one starts can read it too.
    return file.name if isinstance(file.name, str) else f"/proc/{os.getpid()}/fd/{file.fileno()}"
