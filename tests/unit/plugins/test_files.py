# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that options name: as JSON in their place, by a bare name, and encrypted with ansible-vault."""

from __future__ import annotations

import itertools
import json
import os
import ssl
import subprocess
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.netapi.auth.plugins.plugin_utils import _vaulted
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError
from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins import outside
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import place
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import ask
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import HOST, Server, reply
from ansible_collections.netapi.auth.tests.unit.plugins.providers.netfoundry import write_file
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, WAYS, Scene, check

SECRET = VaultSecret(b"a vault password")
# What a path would lose or change.
ODD = "$HOME/~//a/../b%20\\"
# As cat gives it, as it was downloaded on Windows, and pretty.
SHAPES: dict[str, t.Callable[[dict[str, str]], str]] = {
    "one line": json.dumps,
    "a line break at its end": lambda values: json.dumps(values) + "\r\n",
    "blanks before it": lambda values: "\n  " + json.dumps(values),
    "a byte order mark": lambda values: "\ufeff" + json.dumps(values),
    "many lines": lambda values: json.dumps(values, indent=2),
}


def account(sandbox: Sandbox, secret: str = ODD) -> dict[str, str]:
    """The content of a credentials file whose secret looks like a path."""
    sandbox.add_account(NetFoundryClient("odd-client", secret))
    return {"clientId": "odd-client", "password": secret, "authenticationUrl": f"{sandbox.url}/oauth/token"}


def encrypted(content: bytes) -> bytes:
    return t.cast("bytes", VaultLib().encrypt(content, secret=SECRET))


def with_password(patch: pytest.MonkeyPatch) -> None:
    """The run has the vault's password: each loader that is made knows it."""
    made = DataLoader.__init__

    def init(loader: t.Any, *args: t.Any) -> None:
        made(loader, *args)
        loader.set_vault_secrets([("default", SECRET)])

    patch.setattr(DataLoader, "__init__", init)


KINDS = ("argument", "variable", "environment")


def test_the_text_of_an_encrypted_file_is_taken(
    scene: Scene, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_password(monkeypatch)
    for kind, way in itertools.product(KINDS, WAYS):
        with scene.named(kind, way) as one:
            one.arguments["environment"] = "sandbox"
            text = encrypted(json.dumps(account(sandbox)).encode()).decode()
            one.say(place("netfoundry", "credentials_file", kind), text)
            assert one.result(way, "netfoundry")["claims"]["sub"] == "odd-client"


@pytest.mark.parametrize("shape", SHAPES)
def test_the_json_itself_is_taken_and_is_no_path(scene: Scene, sandbox: Sandbox, shape: str) -> None:
    for kind, way in itertools.product(KINDS, WAYS):
        with scene.named(kind, way) as one:
            one.arguments["environment"] = "sandbox"
            one.say(place("netfoundry", "credentials_file", kind), SHAPES[shape](account(sandbox)))
            assert one.result(way, "netfoundry")["claims"]["sub"] == "odd-client"


def test_a_mapping_is_taken(scene: Scene, sandbox: Sandbox) -> None:
    for kind, way in itertools.product(KINDS[:2], WAYS):
        with scene.named(kind, way) as one:
            one.arguments["environment"] = "sandbox"
            one.say(place("netfoundry", "credentials_file", kind), account(sandbox))
            assert one.result(way, "netfoundry")["claims"]["sub"] == "odd-client"


def test_templated_json_is_taken(scene: Scene, sandbox: Sandbox) -> None:
    """Before 2.19 the core makes a mapping of it."""
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments["environment"] = "sandbox"
            one.ansible.variables = {
                "netfoundry_auth_credentials_file": "{{ mine }}",
                "mine": json.dumps(account(sandbox)),
            }
            assert one.result(way, "netfoundry")["claims"]["sub"] == "odd-client"


BROKEN = {
    "cut short": f'{{"clientId": "{MARKER}", "password": "{MARKER}',
    "no password": f'{{"clientId": "{MARKER}"}}',
    "a secret without quotes": f"{{{MARKER}}}",
}


def test_broken_json_is_not_shown(scene: Scene) -> None:
    for (name, text), kind, way in itertools.product(BROKEN.items(), KINDS, WAYS):
        with scene.named(name, kind, way) as one:
            where = place("netfoundry", "credentials_file", kind)
            one.say(where, text)
            check(one.refusal(way, "netfoundry"), f"credentials_file, from {where.words}, gives no ")


def test_a_mapping_of_what_json_has_not_is_refused(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments["credentials_file"] = {MARKER: object()}
            check(
                one.refusal(way, "netfoundry"), "credentials_file, from the argument credentials_file, has a value that"
            )


def test_a_secret_in_the_place_of_a_file_is_not_shown(scene: Scene) -> None:
    options = (("netfoundry", "credentials_file"), ("netbird", "ca_path"), ("netbird", "client_cert"))
    for (provider, option), kind, way in itertools.product(options, KINDS[:2], WAYS):
        with scene.named(option, kind, way) as one:
            where = place(provider, option, kind)
            one.arguments["token" if provider == "netbird" else "environment"] = "sandbox"
            one.say(where, MARKER)
            check(one.refusal(way, provider), f"{option}, from {where.words}, names a file that")


@pytest.mark.parametrize("folder", ["work", ".netfoundry", ".config/netfoundry"])
def test_a_bare_name_is_looked_for_in_the_default_places_too(scene: Scene, sandbox: Sandbox, folder: str) -> None:
    for kind, way in itertools.product(KINDS, WAYS):
        with scene.named(kind, way) as one:
            (one.folder / "work").mkdir()
            (one.folder / folder).mkdir(parents=True, exist_ok=True)
            one.patch.chdir(one.folder / "work")
            write_file(one.folder / folder / "mine.json", "nf-client-1", f"{sandbox.url}/oauth/token")
            one.arguments["environment"] = "sandbox"
            one.say(place("netfoundry", "credentials_file", kind), "mine.json")
            assert one.result(way, "netfoundry")["claims"]["sub"] == "nf-client-1"


def test_the_working_directory_comes_first(scene: Scene, sandbox: Sandbox) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.patch.chdir(one.folder)
            write_file(one.folder / "mine.json", "nf-client-1", f"{sandbox.url}/oauth/token")
            write_file(one.folder / ".netfoundry/mine.json", "nf-client-2", f"{sandbox.url}/oauth/token")
            one.arguments = {"environment": "sandbox", "credentials_file": "mine.json"}
            assert one.result(way, "netfoundry")["claims"]["sub"] == "nf-client-1"


def test_a_path_is_looked_for_nowhere_else(scene: Scene, sandbox: Sandbox) -> None:
    for name, way in itertools.product(("below/mine.json", "~/mine.json"), WAYS):
        with scene.named(name, way) as one:
            write_file(one.folder / ".netfoundry/mine.json", "nf-client-2", f"{sandbox.url}/oauth/token")
            one.arguments = {"environment": "sandbox", "credentials_file": name}
            check(one.refusal(way, "netfoundry"), "cannot be read", hidden=("mine.json",))


@pytest.mark.parametrize("is_default", [True, False])
def test_an_encrypted_credentials_file_is_opened(
    scene: Scene, sandbox: Sandbox, heard: list[str], is_default: bool
) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            with_password(one.patch)
            path = one.folder / ".netfoundry" / "credentials.json"
            path.parent.mkdir()
            path.write_bytes(encrypted(json.dumps(account(sandbox)).encode()))
            one.arguments = {"environment": "sandbox", **({} if is_default else {"credentials_file": str(path)})}
            assert one.result(way, "netfoundry")["claims"]["sub"] == "odd-client"
            # Whoever can read it reads nothing.
            assert heard == []


def test_an_encrypted_file_without_the_right_password_is_told(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            path = one.folder / "mine.json"
            path.write_bytes(encrypted(MARKER.encode()))
            one.arguments = {"environment": "sandbox", "credentials_file": str(path)}
            needed = "The file of credentials_file, from the argument credentials_file, is encrypted with ansible-vault"
            check(one.refusal(way, "netfoundry"), needed, "vault password", hidden=(MARKER, "mine.json"))


@pytest.fixture
def mutual(tmp_path: Path) -> Iterator[tuple[Server, dict[str, t.Any]]]:
    """A server that wants a client certificate, and encrypted files of TLS for it."""
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(HOST).configure_cert(context)
    context.verify_mode = ssl.CERT_REQUIRED
    ca.configure_trust(context)
    client = ca.issue_cert("client.example")
    contents = {
        "ca_path": ca.cert_pem.bytes(),
        "client_cert": client.cert_chain_pems[0].bytes(),
        "client_key": client.private_key_pem.bytes(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(encrypted(content))
    with Server(reply('{"a": 1}'), tls=context) as server:
        yield server, {name: str(tmp_path / name) for name in contents}


def decrypt(content: bytes) -> bytes:
    return t.cast("bytes", VaultLib([("default", SECRET)]).decrypt(content))


def memory_files() -> list[str]:
    """Those that this process has open."""
    return [link for link in map(os.path.realpath, Path("/proc/self/fd").iterdir()) if "netapi_auth" in link]


@pytest.mark.parametrize("has_memory_files", [True, False])
def test_encrypted_files_of_tls_are_opened(
    mutual: tuple[Server, dict[str, t.Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, has_memory_files: bool
) -> None:
    server, files = mutual
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    if not has_memory_files:
        monkeypatch.delattr(os, "memfd_create")
    for _dummy in range(2):
        assert ask(server.url, decrypt=decrypt, **files) == {"a": 1}
        assert memory_files() == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_an_encrypted_file_of_tls_lies_in_memory_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(encrypted(MARKER.encode()))
    with _vaulted.for_openssl("client_key", str(path), decrypt) as plain:
        assert plain is not None
        assert "memfd:" in str(Path(plain).readlink())
        assert len(memory_files()) == 1
        # Another process of the same user, as a module is one.
        assert subprocess.run(["cat", plain], capture_output=True, check=True).stdout == MARKER.encode()
    assert not Path(plain).exists()


@pytest.mark.parametrize("is_forbidden", [False, True])
def test_without_memory_files_it_is_nobody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_forbidden: bool
) -> None:
    monkeypatch.delattr(os, "memfd_create")
    if is_forbidden:
        monkeypatch.setattr(os, "memfd_create", _forbidden, raising=False)
    path = tmp_path / "key.pem"
    path.write_bytes(encrypted(MARKER.encode()))
    with _vaulted.for_openssl("client_key", str(path), decrypt) as plain:
        assert plain is not None
        assert Path(plain).stat().st_mode & 0o777 == 0o600
        assert Path(plain).read_bytes() == MARKER.encode()
    assert not Path(plain).exists()


def _forbidden(_name: str) -> t.NoReturn:
    raise PermissionError


def test_a_file_of_tls_that_cannot_be_decrypted_is_told(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(encrypted(b"a key"))
    openers: tuple[_vaulted.Decrypt | None, ...] = (None, VaultLib().decrypt)
    for opener in openers:
        with pytest.raises(OptionError) as caught, _vaulted.for_openssl("client_key", str(path), opener):
            pass
        assert caught.value.__context__ is None
        check(str(caught.value), "The file in client_key is encrypted with ansible-vault", hidden=("key.pem",))


def test_of_a_pipe_nothing_is_read() -> None:
    reading, writing = os.pipe()
    os.write(writing, encrypted(b"a key")[:20])
    with _vaulted.for_openssl("client_key", f"/proc/self/fd/{reading}", decrypt) as plain:
        assert plain == f"/proc/self/fd/{reading}"
    assert len(os.read(reading, 100)) == 20
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("what", ["a plain file", "a directory", "nothing"])
def test_what_is_not_encrypted_is_left_where_it_is(tmp_path: Path, what: str) -> None:
    path = tmp_path / "some.pem"
    if what == "a plain file":
        path.write_text("a certificate", encoding="utf-8")
    elif what == "a directory":
        path.mkdir()
    with _vaulted.for_openssl("ca_path", str(path), decrypt) as plain:
        assert plain == str(path)


def test_a_play_opens_them_with_the_password_of_the_run(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("a vault password", encoding="utf-8")
    file = tmp_path / "mine.json"
    file.write_bytes(encrypted(json.dumps(account(sandbox)).encode()))
    options = {"credentials_file": str(file), "environment": "sandbox"}
    call = {
        "auth": "netfoundry",
        "url": f"{sandbox.url}/core/v2/networks",
        "auth_options": {**options, "api_url": sandbox.url},
    }
    content = {
        "vars": {f"netfoundry_auth_{name}": value for name, value in options.items()},
        "tasks": [
            {"netapi.auth.netfoundry_token": {"set_facts": False}, "register": "found"},
            {"assert": {"that": ["found.claims.sub == 'odd-client'"]}},
            {"assert": {"that": ["lookup('netapi.auth.netfoundry_token', 'claims.sub') == 'odd-client'"]}},
            {"netapi.auth.uri": call},
        ],
    }

    done = outside.play(tmp_path, content, "--vault-password-file", str(tmp_path / "password"), "-vvv")

    assert done.returncode == 0, done.stdout
    assert ODD not in done.stdout
