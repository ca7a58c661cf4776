# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A NETOSECRET and a credentials file that are broken, and files of options that are not there."""

from __future__ import annotations

import base64
import itertools
import json
import typing as t

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import place
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.providers.netfoundry import write_file
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, WAYS, Scene, check

PARTS = {name: f"{MARKER}-{name}" for name in ("shortname", "appname", "appkey", "sharedsecret")}
BUNDLE = {**PARTS, "url": "https://neto.example/api/v1"}


def encoded(value: t.Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


BROKEN = {
    "not base64": (f"%{MARKER}%", "is not base64"),
    "base64 cut short": (
        encoded(BUNDLE).rstrip("=")[: 4 * 9 + 1],
        "was probably cut off: its JSON has no end after 37 characters",
    ),
    "one character over": (f"{'A' * 9}", "is not base64"),
    "not ASCII": (f"é{MARKER}", "is not base64"),
    "base64 of text": (base64.b64encode(MARKER.encode()).decode(), "JSON"),
    "base64 of bytes": (base64.b64encode(b"\xff\xfe\x00").decode(), "JSON"),
    "JSON cut short": (
        base64.b64encode(json.dumps(BUNDLE).encode()[:60]).decode(),
        "its JSON has no end after 80 characters",
    ),
    "a list": (encoded([MARKER]), "object"),
    "a text": (encoded(MARKER), "object"),
    "a number": (encoded(12), "object"),
    "null": (encoded(None), "object"),
    "an empty object": (encoded({}), "object"),
    "deeply nested": (base64.b64encode(b"[" * 100_000).decode(), "JSON"),
    **{f"no {key}": (encoded({k: v for k, v in BUNDLE.items() if k != key}), f"key {key}") for key in BUNDLE},
    **{f"empty {key}": (encoded({**BUNDLE, key: ""}), f"key {key}") for key in BUNDLE},
    **{f"{key} no text": (encoded({**BUNDLE, key: [MARKER]}), f"key {key}") for key in BUNDLE},
    **{f"{key} no UTF-8": (encoded({**BUNDLE, key: f"{MARKER}\ud800"}), f"key {key}") for key in BUNDLE},
    "credentials in url": (encoded({**BUNDLE, "url": f"https://user:{MARKER}@neto.example"}), "url"),
    "plain http in url": (encoded({**BUNDLE, "url": "http://neto.example"}), "https"),
}


@pytest.mark.parametrize("source", ["argument", "variable", "environment"])
def test_a_broken_netosecret_is_told_apart(scene: Scene, source: str) -> None:
    for (kind, (netosecret, needed)), way in itertools.product(BROKEN.items(), WAYS):
        with scene.named(kind, way) as one:
            one.say(place("netography", "netosecret", source), netosecret)
            check(one.refusal(way, "netography"), "netosecret", needed, hidden=(MARKER, netosecret[:30]))


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "JSON"),
    "text": (MARKER.encode(), "JSON"),
    "bytes": (b"\xff\xfe\x00", "JSON"),
    "cut short": (b'{"clientId": "' + MARKER.encode(), "JSON"),
    "a list": (json.dumps([MARKER]).encode(), "JSON object"),
    "a text in JSON": (json.dumps(MARKER).encode(), "JSON object"),
    "deeply nested": (b"[" * 100_000, "JSON"),
}
KEYS = {"clientId": MARKER, "password": MARKER, "authenticationUrl": "https://login.example/oauth/token"}
for _key in KEYS:
    FILES[f"no {_key}"] = (json.dumps({k: v for k, v in KEYS.items() if k != _key}).encode(), _key)
    FILES[f"empty {_key}"] = (json.dumps({**KEYS, _key: ""}).encode(), _key)
    FILES[f"{_key} no UTF-8"] = (json.dumps({**KEYS, _key: f"{MARKER}\ud800"}).encode(), _key)
    FILES[f"{_key} null"] = (json.dumps({**KEYS, _key: None}).encode(), _key)
    FILES[f"{_key} a list"] = (json.dumps({**KEYS, _key: [MARKER]}).encode(), _key)


FROM_ARGUMENT = ("credentials_file, from the argument credentials_file, gives no ",)


@pytest.mark.parametrize("way", WAYS)
def test_a_broken_credentials_file_is_told_with_its_source(scene: Scene, way: str) -> None:
    for kind, (content, needed) in FILES.items():
        with scene.named(kind) as one:
            path = one.folder / "some.json"
            path.write_bytes(content)
            path.chmod(0o600)
            one.arguments = {"credentials_file": str(path), "environment": "sandbox"}
            check(one.refusal(way, "netfoundry"), needed, *FROM_ARGUMENT, hidden=(MARKER, str(path)))


@pytest.mark.parametrize("source", ["argument", "variable", "environment"])
def test_a_credentials_file_that_cannot_be_read_is_told_with_its_source(scene: Scene, source: str) -> None:
    for name, way in itertools.product(("absent.json", "folder", "file/below"), WAYS):
        with scene.named(name, way) as one:
            (one.folder / "folder").mkdir()
            (one.folder / "file").touch()
            where = place("netfoundry", "credentials_file", source)
            one.say(where, str(one.folder / name))
            needed = f"credentials_file, from {where.words}, names a file that cannot be read"
            check(one.refusal(way, "netfoundry"), needed, hidden=(str(one.folder), name))


# The file's mode, and whether it is warned of.
MODES = ((0o644, True), (0o604, True), (0o640, True), (0o600, False))


@pytest.mark.parametrize("is_default", [True, False])
def test_a_credentials_file_that_others_can_read_is_used_with_a_warning(
    scene: Scene, sandbox: Sandbox, heard: list[str], is_default: bool
) -> None:
    for (mode, warned), way in itertools.product(MODES, WAYS):
        with scene.named(oct(mode), way) as one:
            path = one.folder / (".netfoundry" if is_default else "elsewhere") / "credentials.json"
            write_file(path, "nf-client-1", f"{sandbox.url}/oauth/token").chmod(mode)
            one.arguments = {"environment": "sandbox", **({} if is_default else {"credentials_file": str(path)})}
            assert one.result(way, "netfoundry")["source"] == "issued"
            assert len(heard) == int(warned)
            for sentence in heard:
                source = "the default place ~/.netfoundry" if is_default else "the argument credentials_file"
                check(sentence, f"from {source}", "chmod 600", hidden=("nf-secret-1", str(path)))


@pytest.mark.parametrize("provider", DATA)
def test_a_file_of_tls_that_is_not_there_is_named(scene: Scene, provider: str) -> None:
    for option, way in itertools.product(("ca_path", "client_cert", "client_key"), WAYS):
        with scene.named(option, way) as one:
            one.arguments = {"token": "opaque", option: str(one.folder / "absent.pem")}
            if option == "client_key":
                one.arguments["client_cert"] = str(write_file(one.folder / "cert.pem", "x", "x"))
            check(one.refusal(way, provider), f"{option}, from the argument {option}, names", hidden=("absent.pem",))


@pytest.mark.parametrize("way", WAYS)
def test_a_client_key_without_its_certificate_is_half_of_a_pair(scene: Scene, way: str) -> None:
    scene.arguments = {"token": "opaque", "client_key": str(write_file(scene.folder / "key.pem", "x", "x"))}
    check(scene.refusal(way, "netbird"), "client_key", "client_cert")


def test_a_timeout_of_nothing_is_refused(scene: Scene) -> None:
    timeouts: tuple[int | str, ...] = (0, "0")
    for timeout, way in itertools.product(timeouts, WAYS):
        with scene.named(timeout, way) as one:
            one.arguments = {"token": "opaque", "timeout": timeout}
            check(one.refusal(way, "netbird"), "timeout", "1 second")


def test_an_account_without_environment_is_told_what_depends_on_it(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            file = one.folder / ".netfoundry" / "credentials.json"
            write_file(file, "nf-client-1", "https://login.example/oauth/token")
            check(one.refusal(way, "netfoundry"), "environment", "token_url", "NF_ENVIRONMENT")
