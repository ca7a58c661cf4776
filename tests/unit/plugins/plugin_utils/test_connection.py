# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a request gets to its host, and that all is as before afterwards. With real runs, the target uri tests it."""

from __future__ import annotations

import contextlib
import os
import types
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._core.connection import (
    authorities,
    is_here,
    pipelined,
    proxied,
)


class Connection:
    """As much of the core's as is asked."""

    def __init__(self, transport: str = "local", become: object = None, **options: object) -> None:
        self.transport = transport
        self.become = become
        self.options = options
        self._play_context = types.SimpleNamespace(pipelining=False)

    def get_option(self, name: str) -> object:
        return self.options[name]

    def set_option(self, name: str, value: object) -> None:
        self.options[name] = value


SSH = {"pipelining": False, "ssh_args": "-C -o ControlMaster=auto", "ssh_common_args": "", "ssh_extra_args": None}


@contextlib.contextmanager
def failing() -> t.Iterator[None]:
    with contextlib.suppress(RuntimeError):
        yield


@pytest.mark.parametrize("before", [True, False])
def test_pipelining_is_on_meanwhile_and_as_before_afterwards(before: bool) -> None:
    connection = Connection(pipelining=before)
    context = types.SimpleNamespace(pipelining=False)
    for _dummy in range(2):
        with failing(), pipelined(connection, context):
            assert connection.options == {"pipelining": True}
            raise RuntimeError
        assert connection.options == {"pipelining": before}
    assert context.pipelining is False


def test_without_the_option_both_contexts_say_so_meanwhile() -> None:
    connection = Connection()
    context = types.SimpleNamespace(pipelining=False)
    own = connection._play_context
    for _dummy in range(2):
        with failing(), pipelined(connection, context):
            assert (context.pipelining, own.pipelining) == (True, True)
            raise RuntimeError
        assert (context.pipelining, own.pipelining) == (False, False)
    assert connection.options == {}


@pytest.mark.parametrize("before", [True, False])
def test_with_become_it_is_as_the_user_has_it(before: bool) -> None:
    connection = Connection(become=object(), pipelining=before)
    with pipelined(connection, types.SimpleNamespace(pipelining=before)):
        assert connection.options == {"pipelining": before}


@pytest.mark.parametrize("said", ["-t", "-tt", "-C -tt", "-o RequestTTY=force", "-orequesttty=yes", "-4t -C"])
@pytest.mark.parametrize("name", ["ssh_args", "ssh_common_args", "ssh_extra_args"])
def test_where_ssh_is_to_ask_for_a_terminal_it_is_as_the_user_has_it(name: str, said: str) -> None:
    connection = Connection("ssh", **{**SSH, name: said})
    with pipelined(connection, types.SimpleNamespace(pipelining=False)):
        assert connection.options["pipelining"] is False


@pytest.mark.parametrize(
    "said", ["-T", "-o ControlPath=/tmp/a-t", "-o ProxyCommand=nc", "-C", "-o StrictHostKeyChecking=no"]
)
def test_other_options_of_ssh_change_nothing(said: str) -> None:
    connection = Connection("ssh", **{**SSH, "ssh_extra_args": said})
    with pipelined(connection, types.SimpleNamespace(pipelining=False)):
        assert connection.options["pipelining"] is True


@pytest.mark.parametrize("before", [{}, {"https_proxy": "http://other.example"}, {"NO_PROXY": "*", "no_proxy": "a"}])
def test_the_environment_is_as_before_after_a_proxy(before: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    kept = dict(os.environ)
    for _dummy in range(2):
        with failing(), proxied("http://proxy.example:3128"):
            assert os.environ["http_proxy"] == os.environ["https_proxy"] == "http://proxy.example:3128"
            assert os.environ["no_proxy"] == ""
            raise RuntimeError
        assert dict(os.environ) == kept


def test_without_a_proxy_the_environment_stays() -> None:
    kept = dict(os.environ)
    with proxied(None):
        assert dict(os.environ) == kept


def test_a_directory_becomes_one_file_of_what_openssl_would_read(tmp_path: Path) -> None:
    (directory := tmp_path / "authorities").mkdir()
    (place := tmp_path / "place").mkdir()
    for name, text in {"0a1b2c3d.0": "one", "0a1b2c3d.1": "two", "ffffffff.0": "one", "other.pem": "three"}.items():
        (directory / name).write_text(text, encoding="utf-8")
    with failing(), authorities(str(directory), place) as path:
        assert path is not None
        assert Path(path).read_text(encoding="utf-8") == "one\ntwo"
        raise RuntimeError
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("path", [None, "/some/file.pem"])
def test_a_file_stays_where_it_is(path: str | None, tmp_path: Path) -> None:
    with authorities(path, tmp_path) as found:
        assert found == path


@pytest.mark.parametrize(
    ("connection", "here"),
    [(Connection(), True), (Connection(become=object()), False), (Connection("ssh"), False)],
)
def test_only_a_local_connection_without_become_is_the_controller(connection: Connection, here: bool) -> None:
    assert is_here(connection) is here
