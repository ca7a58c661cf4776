# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the request of netapi.auth.uri gets to the host that makes it. Private to this collection."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import tempfile
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

_PIPELINING = "pipelining"
# What a directory of authorities calls a certificate (openssl-rehash(1)).
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
# Options of ssh that ask for a terminal, and the options of the connection that hold options of ssh.
_TERMINAL = re.compile(r"(?:^|\s)-[A-Za-z0-9]*t+(?:\s|$)|(?i:RequestTTY)")
_ARGUMENTS_OF_SSH = ("ssh_args", "ssh_common_args", "ssh_extra_args")


def is_here(connection: t.Any) -> bool:
    """Whether the request is made by the controller, as the user who runs Ansible."""
    return connection.transport == "local" and not connection.become


@contextlib.contextmanager
def pipelined(connection: t.Any, context: t.Any) -> Iterator[None]:
    """Have the module and its arguments go to the host by standard input, so that no file there holds them.

    With become it stays as the user has it, because sudo with requiretty refuses standard input that is no terminal.

    :param context: the play's, which the core asks where the connection has no such option.
    """
    if connection.become or _wants_terminal(connection):
        yield
        return
    with contextlib.ExitStack() as stack:
        for put, before in _switches(connection, context):
            stack.callback(put, before)
            put(True)
        yield


def _switches(connection: t.Any, context: t.Any) -> list[tuple[Callable[[object], None], object]]:
    """Where the core reads whether modules go by standard input: a function that sets it, and the value before."""
    try:
        return [(functools.partial(connection.set_option, _PIPELINING), connection.get_option(_PIPELINING))]
    # As the core looks for it. It asks the task's context, or from 2.19 on the connection's copy of it.
    except (KeyError, AttributeError, ValueError):
        contexts = (context, getattr(connection, "_play_context", context))
        return [(functools.partial(setattr, holder, _PIPELINING), holder.pipelining) for holder in contexts]


def _wants_terminal(connection: t.Any) -> bool:
    """Whether ssh is told to ask for a terminal. From 2.19 on the core looks too; before, a module would not start."""
    if connection.transport != "ssh":
        return False
    return any(_TERMINAL.search(connection.get_option(name) or "") for name in _ARGUMENTS_OF_SSH)


@contextlib.contextmanager
def proxied(proxy: str | None) -> Iterator[None]:
    """Have the processes that this one starts use the proxy. The keyword environment would show its password."""
    # Of two names that differ in their case, the lower one counts; an empty one is as if there were none.
    said = {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""} if proxy else {}
    before = {name: os.environ.get(name) for name in said}
    try:
        os.environ.update({name: value or "" for name, value in said.items()})
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def authorities(path: str | None, directory: Path) -> Iterator[str | None]:
    """The path of one file with the certificates: ansible.builtin.uri takes no directory.

    :param directory: where to put a temporary file.
    """
    if path is None or not Path(path).is_dir():
        yield path
        return
    found = sorted(file for file in Path(path).iterdir() if _HASHED.fullmatch(file.name))
    with tempfile.NamedTemporaryFile(dir=directory, prefix="netapi_auth_", suffix=".pem") as joined:
        # More than one name can lead to one certificate.
        joined.write(b"\n".join(dict.fromkeys(file.read_bytes() for file in found)))
        joined.flush()
        yield joined.name
