# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens that somebody else made: how an option says them, files in the hands of others, and GitHub Actions."""

from __future__ import annotations

import base64
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import types
import typing as t
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from ansible_collections.netapi.auth.plugins.plugin_utils import _waits
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import (
    AuthError,
    CredentialError,
    OptionError,
    ServiceError,
)
from ansible_collections.netapi.auth.plugins.plugin_utils._http import client
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2 import elsewhere, inspection
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import Clock
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.rights import bound_by_modes
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, reply

MIB = 1024 * 1024
NOW = 1_800_000_000.0
WHERE = "client_assertion, from the variable oauth2_auth_client_assertion,"
SETTINGS = HttpSettings("The identity provider", retries=0, timeout=5)
REQUEST_TOKEN = "the-token-with-which-the-job-asks"
KEY = "k" * 64


def _jwt(**claims: t.Any) -> str:
    return jwt.encode({"iss": "https://issuer.example", **claims}, KEY, algorithm="HS256")


TOKEN = _jwt(sub="the-subject")


def _parsed(value: object, **said: t.Any) -> elsewhere.Elsewhere:
    return elsewhere.parsed(value, WHERE, **{"is_jwt": True, **said})


def _file(path: Path, **said: t.Any) -> elsewhere.Elsewhere:
    return _parsed({"file": str(path)}, **said)


def _sent(source: elsewhere.Elsewhere, settings: HttpSettings = SETTINGS, now: float = NOW) -> str:
    """What a grant sends: the permanent secret is looked at, then the token is asked for."""
    return source.token(source.secret(), settings, lambda: now)


Kind = t.TypeVar("Kind", bound=AuthError)


def _fault(kind: type[Kind], call: Callable[[], object], *secrets: str) -> Kind:
    """The error of the call, which shows no secret and hangs on no other error."""
    with pytest.raises(kind) as caught:
        call()
    assert caught.type is kind or kind is ServiceError
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    for secret in (TOKEN, REQUEST_TOKEN, *secrets):
        assert secret not in repr(caught.value)
    return caught.value


# How an option says it.


@pytest.mark.parametrize("line_end", ["", "\n", "\r\n"])
def test_a_text_is_the_token(line_end: str) -> None:
    source = _parsed(TOKEN + line_end)

    assert (source.secret(), _sent(source)) == (TOKEN, TOKEN)
    assert (source.origin, source.identity) == ("a text", ("text", ""))


def test_only_one_line_end_is_no_part_of_a_text() -> None:
    assert _parsed("opaque\n\n").secret() == "opaque\n"


@pytest.mark.parametrize("value", [{"file": "/a/b"}, '{"file": "/a/b"}', ' \n{"file": "/a/b\\n", "github": null}\n'])
def test_a_file_is_said_as_mapping_or_json(value: object) -> None:
    source = _parsed(value)

    assert isinstance(source, elsewhere.TokenFile)
    assert (source.origin, source.identity) == ("a file", ("file", "/a/b"))


@pytest.mark.parametrize("value", [{"github": "api://x"}, '{"github": "api://x"}', {"github": "api://x\n", "file": ""}])
def test_github_is_said_as_mapping_or_json(value: object) -> None:
    source = _parsed(value)

    assert isinstance(source, elsewhere.GitHub)
    assert (source.origin, source.identity) == ("GitHub Actions", ("github", "api://x"))


def test_a_path_is_made_as_the_caller_makes_paths(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN, encoding="utf-8")

    assert _parsed({"file": "token"}, as_path=lambda text: str(tmp_path / text)).secret() == TOKEN


MUST_BE = f"{WHERE} must be a text, {{file: path}} or {{github: audience}}. Correct it."
ONE_LINE = f"{WHERE} must have one line of text: a path at file, or an audience at github. Correct it."
NO_JSON = f'{WHERE} begins with {{ and is no JSON. Write {{"file": "path"}} or {{"github": "audience"}}.'
OTHER_KEY = f"{WHERE} has a key that is neither file nor github. Write one of these two."
BOTH = f"{WHERE} has both file and github. Leave one of them out."
PATH = (
    f"{WHERE} looks like a path, and would be sent as the token itself. Write {{file: path}}, in an environment "
    "variable as JSON, to have that file read."
)
UNEXPANDED = (
    f"{WHERE} is the name of a variable that nothing has expanded. Take the value of the variable: "
    "lookup('ansible.builtin.env', …) in a playbook, and no single quotes around it in a shell."
)
SHAPES: dict[str, tuple[object, str]] = {
    "a variable": ("$CI_JOB_JWT", UNEXPANDED),
    "a variable in braces": ("${CI_JOB_JWT}", UNEXPANDED),
    "a variable in a path": ("$HOME/token", PATH),
    "a list": ([TOKEN], MUST_BE),
    "a number": (5, MUST_BE),
    "true": (True, MUST_BE),
    "null": (None, MUST_BE),
    "a line end": ("\n", MUST_BE),
    "blanks": ("  ", MUST_BE),
    "an empty mapping": ({}, ONE_LINE),
    "an empty mapping as JSON": ("{}", ONE_LINE),
    "no path": ({"file": ""}, ONE_LINE),
    "a path that is null": ({"file": None}, ONE_LINE),
    "a path that is a list": ({"file": [TOKEN]}, ONE_LINE),
    "an audience that is a number": ({"github": 5}, ONE_LINE),
    "an audience that is false": ({"github": False}, ONE_LINE),
    "an audience of a line end": ({"github": "\n"}, ONE_LINE),
    "an audience of two lines": ({"github": f"a\n{TOKEN}"}, ONE_LINE),
    "half a character": ('{"github": "\\ud800"}', ONE_LINE),
    "a path with a zero byte": ({"file": "/a\0b"}, ONE_LINE),
    "half of JSON": (f'{{"file": "{TOKEN}"', NO_JSON),
    "YAML": (f"{{file: {TOKEN}}}", NO_JSON),
    "JSON without end": ('{"a":' * 100000, NO_JSON),
    "another key": ({TOKEN: "x"}, OTHER_KEY),
    "another key beside file": ({"file": "/a", "path": TOKEN}, OTHER_KEY),
    "a key that is no text": ({5: "x"}, OTHER_KEY),
    "both": ({"file": "/a", "github": TOKEN}, BOTH),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_value_of_another_shape_is_refused(name: str) -> None:
    value, sentence = SHAPES[name]

    assert str(_fault(OptionError, lambda: _parsed(value))) == sentence


PATHS = (
    "/var/run/secrets/azure/tokens/azure-identity-token",
    "/run/secrets/kubernetes.io/serviceaccount/token\n",
    "/__w/_temp/token",
    "/Users/jo/token",
    "/data2/token",
    "/token",
    "~/token.jwt",
    "~jo/token",
    "./token",
    "../token",
    "$HOME/token",
    "${HOME}/token",
    "$AZURE_FEDERATED_TOKEN_FILE",
    "file:///run/token",
    "file:/run/token",
    "token.jwt",
    "build/ci.token",
    "assertion.txt",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_as_text_is_told_of_file(path: str) -> None:
    assert str(_fault(OptionError, lambda: _parsed(path), path.strip())) == PATH


OPAQUE = (
    TOKEN,
    f"{TOKEN[:-20]}/cut",
    "a",
    "ya29.a0AfB_by-C/d.e",
    "glpat-xxxxxxxxxxxxxxxxxxxx",
    "nbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURp",
    "/9j4AAQSkZJRgABAQAAAQABAAD/2wCEAAkGBwgHBgkIBwgKCgkLDRYPDQwMDRsU==",
    "PHNhbWw6QXNzZXJ0aW9u/PC9zYW1sOkFzc2VydGlvbj4=",
    "<saml:Assertion/>\n<a/>",
)


@pytest.mark.parametrize("text", OPAQUE)
def test_a_token_of_any_form_is_no_path(text: str) -> None:
    assert _parsed(text, is_jwt=False).secret() == text


# Which text is whole.


@functools.cache
def _tokens() -> dict[str, str]:
    """A token by each algorithm, signed by real keys."""
    rsa_key = rsa.generate_private_key(65537, 2048)
    keys: dict[str, t.Any] = {
        **dict.fromkeys(("HS256", "HS384", "HS512"), KEY),
        **dict.fromkeys(("RS256", "RS384", "RS512", "PS256"), rsa_key),
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "ES384": ec.generate_private_key(ec.SECP384R1()),
        "ES512": ec.generate_private_key(ec.SECP521R1()),
    }
    found = {name: jwt.encode({"sub": "a"}, key, algorithm=name) for name, key in keys.items()}
    found["Ed25519"] = jwt.encode({"sub": "a"}, ed25519.Ed25519PrivateKey.generate(), algorithm="EdDSA")
    found["Ed448"] = jwt.encode({"sub": "a"}, ed448.Ed448PrivateKey.generate(), algorithm="EdDSA")
    tags = {"A256GCM": 16, "A128CBC-HS256": 16, "A192CBC-HS384": 24, "A256CBC-HS512": 32}
    return found | {name: _encrypted(name, size) for name, size in tags.items()}


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _made(header: str, payload: str, size: int) -> str:
    """A token with a signature of that many bytes."""
    return ".".join(map(_part, (header.encode(), payload.encode(), b"s" * size)))


def _encrypted(algorithm: str, size: int) -> str:
    """What RFC 7516 section 3 has five parts for; the first four are not looked into beyond the header."""
    header = json.dumps({"alg": "dir", "enc": algorithm}).encode()
    return ".".join(map(_part, (header, b"", b"v" * 12, b"text" * 20, b"t" * size)))


ALGORITHMS = (
    *("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "Ed25519", "Ed448"),
    *("A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"),
)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_a_token_is_whole_and_no_beginning_of_it_is(name: str) -> None:
    # By EdDSA, 64 bytes of a signature by the longer key may be one by the shorter.
    token = _tokens()[name]
    whole = [length for length in range(len(token) + 1) if inspection.is_whole(token[:length])]

    assert whole[-1:] == [len(token)]
    assert len(whole) <= (2 if name == "Ed448" else 1)


@pytest.mark.parametrize("bits", [2048, 3072, 4096, 8192])
def test_a_signature_has_the_length_of_a_usual_key(bits: int) -> None:
    assert inspection.is_whole(_made('{"alg": "RS256"}', "{}", bits // 8))
    assert not inspection.is_whole(_made('{"alg": "RS256"}', "{}", bits // 8 - 1))


def test_any_signature_of_an_unknown_algorithm_is_whole() -> None:
    assert inspection.is_whole(_made('{"alg": "ML-DSA-44"}', "{}", 2420))


NO_JWT = (
    "",
    "opaque",
    "a.b.c",
    "é.é.é",
    f"{TOKEN}\n",
    f" {TOKEN}",
    f"{TOKEN}\n{TOKEN}",
    TOKEN.replace(".", "\n.", 1),
    f"{TOKEN}.x",
    _made("[]", "{}", 32),
    _made('{"alg": ["HS256"]}', "{}", 0),
    _made('{"alg": "none"}', "{}", 0),
    _made('{"alg": "HS256", "enc": "A256GCM"}', "{}", 16),
    _made("[" * 100000, "{}", 32),
)


@pytest.mark.parametrize("text", NO_JWT)
def test_anything_else_is_no_whole_token(text: str) -> None:
    assert not inspection.is_whole(text)


# Files.


def _by_steps(monkeypatch: pytest.MonkeyPatch, pause: Callable[[float], None], step: float) -> None:
    """Each look at the clock finds it later by a step, and ``pause`` is called in place of a pause."""
    monkeypatch.setattr(elsewhere, "time", types.SimpleNamespace(sleep=pause))
    monkeypatch.setattr(_waits, "time", types.SimpleNamespace(monotonic=Clock(step=step).monotonic))


@pytest.mark.parametrize("line_end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("is_jwt", [True, False])
def test_a_file_is_read_at_each_use(tmp_path: Path, line_end: str, is_jwt: bool) -> None:
    path = tmp_path / "token"
    source = _file(path, is_jwt=is_jwt)
    for token in (TOKEN, _jwt(sub="another"), TOKEN):
        path.write_text(token + line_end, encoding="utf-8", newline="")

        assert (source.secret(), _sent(source)) == (token, token)


def test_what_was_looked_up_is_sent_though_the_file_is_another(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(TOKEN, encoding="utf-8")
    secret = _file(path).secret()
    path.write_text(_jwt(sub="another"), encoding="utf-8")

    assert _file(path).token(secret, SETTINGS, lambda: NOW) == TOKEN


def test_only_one_line_end_is_no_part_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("opaque\n\n", encoding="utf-8")

    assert _file(tmp_path / "token", is_jwt=False).secret() == "opaque\n"


def test_a_file_that_is_swapped_by_a_link_always_has_a_whole_token(tmp_path: Path) -> None:
    """As Kubernetes does it: ``token`` leads to ``..data/token``, and ``..data`` to a directory that is replaced."""
    tokens = [_jwt(sub=f"turn-{turn}", filler="x" * 2000) for turn in range(50)]
    is_over = threading.Event()

    def turn(number: int) -> None:
        directory = tmp_path / f"..turn-{number}"
        directory.mkdir()
        (directory / "token").write_text(tokens[number], encoding="utf-8")
        (tmp_path / "..data_tmp").symlink_to(directory.name)
        (tmp_path / "..data_tmp").replace(tmp_path / "..data")
        if number:
            shutil.rmtree(tmp_path / f"..turn-{number - 1}")

    def swap() -> None:
        try:
            for number in range(1, len(tokens)):
                turn(number)
        finally:
            is_over.set()

    turn(0)
    (tmp_path / "token").symlink_to("..data/token")
    source = _file(tmp_path / "token")
    kubelet = threading.Thread(target=swap)
    kubelet.start()
    seen = [source.secret()]
    while not is_over.is_set():
        seen.append(source.secret())
    kubelet.join()

    assert set(seen) <= set(tokens)
    assert source.secret() == tokens[-1]


# What stands there while somebody has written but a part.
PARTS: dict[str, str | None] = {
    "no file": None,
    "nothing": "",
    "half of the header": TOKEN[:10],
    "no signature": TOKEN.rpartition(".")[0],
    "no signature but its dot": TOKEN.rpartition(".")[0] + ".",
    "half of the signature": TOKEN[:-20],
    "all but one character": TOKEN[:-1],
}


@pytest.mark.parametrize("name", PARTS)
def test_a_file_that_is_written_in_two_goes_is_read_again(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "token"
    was_read = threading.Event()
    is_written = threading.Event()
    if (part := PARTS[name]) is not None:
        path.write_text(part, encoding="utf-8")

    def write() -> None:
        assert was_read.wait(60)
        with path.open("a", encoding="utf-8") as file:
            file.write(TOKEN.removeprefix(part or ""))
        is_written.set()

    def pause(seconds: float) -> None:
        was_read.set()
        assert is_written.wait(60)

    _by_steps(monkeypatch, pause, 0.01)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = _file(path).secret()
        had_to_wait = was_read.is_set()
    finally:
        was_read.set()
        writer.join()

    assert found == TOKEN
    assert had_to_wait


def _no_pause(seconds: float) -> None:
    raise AssertionError("It is not read again.")


LACKS: dict[str, tuple[bytes | None, bool, str]] = {
    "no file": (None, False, "is not there"),
    "empty": (b"", True, "is empty"),
    "empty and opaque": (b"", False, "is empty"),
    "blanks": (b" \r\n\n", False, "is empty"),
    "half of a token": (TOKEN[:-10].encode(), True, "holds no JWT, or only a part of one"),
    "two tokens": (f"{TOKEN}\n{TOKEN}".encode(), True, "holds no JWT, or only a part of one"),
    "something opaque": (b"the-opaque-token", True, "holds no JWT, or only a part of one"),
    "UTF-16": (TOKEN.encode("utf-16"), False, "holds no text in UTF-8"),
}


@pytest.mark.parametrize("name", LACKS)
def test_a_file_without_a_token_is_told_after_half_a_second(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, is_jwt, fault = LACKS[name]
    path = tmp_path / "the-name-of-it"
    if content is not None:
        path.write_bytes(content)
    pauses: list[float] = []
    _by_steps(monkeypatch, pauses.append, 0.2)
    error = _fault(CredentialError, _file(path, is_jwt=is_jwt).secret, str(path), path.name, "the-opaque-token")

    assert str(error) == (
        f"{WHERE} names a file that {fault}. Correct the path, or have the token written before it is needed."
    )
    # The looks at the clock come after 0.2, 0.4 and 0.6 seconds.
    assert len(pauses) == 2


def test_an_opaque_text_is_taken_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _by_steps(monkeypatch, _no_pause, 1.0)
    (tmp_path / "token").write_text("opaque", encoding="utf-8")

    assert _file(tmp_path / "token", is_jwt=False).secret() == "opaque"


def _directory(path: Path) -> None:
    path.mkdir()


def _forbidden(path: Path) -> None:
    path.write_text(TOKEN, encoding="utf-8")
    path.chmod(0)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _large(path: Path) -> None:
    path.write_bytes(b"x" * 2 * MIB)


def _slightly_large(path: Path) -> None:
    path.write_bytes(b"x" * (MIB + 1))


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


CANNOT = "names a file that cannot be read ({}). Correct the path, or its rights."
LARGE = "names a file of more than 1 MiB, which is no token. Correct the path."
PIPE = "names a pipe or a device, which cannot be read at each use. Have the token in a file."
BARRED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a directory": (_directory, CANNOT.format("Is a directory")),
    "no right": (_forbidden, CANNOT.format("Permission denied")),
    "a link to itself": (_loop, CANNOT.format("Too many levels of symbolic links")),
    "2 MiB": (_large, LARGE),
    "more than 1 MiB": (_slightly_large, LARGE),
    "a pipe without a writer": (os.mkfifo, PIPE),
    "a device without an end": (_device, PIPE),
}


@pytest.mark.parametrize("name", BARRED)
def test_what_cannot_be_read_is_told_at_once(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, fault = BARRED[name]
    path = tmp_path / "the-name-of-it"
    make(path)
    _by_steps(monkeypatch, _no_pause, 0.0)
    with bound_by_modes():
        error = _fault(CredentialError, _file(path).secret, str(path), path.name)

    assert str(error) == f"{WHERE} {fault}"


def test_nothing_is_taken_out_of_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        os.write(pipe, TOKEN.encode())
        assert str(_fault(CredentialError, _file(path).secret)) == f"{WHERE} {PIPE}"
        assert os.read(pipe, MIB) == TOKEN.encode()
    finally:
        os.close(pipe)


def test_a_text_of_one_mebibyte_is_read(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"x" * MIB)

    assert len(_file(tmp_path / "token", is_jwt=False).secret()) == MIB


def test_a_file_that_ansible_vault_encrypted_is_opened(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"$ANSIBLE_VAULT;1.1;AES256\n6162")
    source = _file(tmp_path / "token", decrypt=lambda content: f"{TOKEN}\n".encode())

    assert _sent(source) == TOKEN


def test_a_vault_that_stays_shut_is_told(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"$ANSIBLE_VAULT;1.1;AES256\n6162")

    assert str(_fault(OptionError, _file(tmp_path / "token").secret)) == (
        f"The file in {WHERE} is encrypted with ansible-vault and cannot be decrypted. Check the vault password."
    )


# Its end.


def _of_text(token: str, tmp_path: Path) -> elsewhere.Elsewhere:
    return _parsed(token)


def _of_file(token: str, tmp_path: Path) -> elsewhere.Elsewhere:
    (tmp_path / "token").write_text(token, encoding="utf-8")
    return _file(tmp_path / "token")


SOURCES = (_of_text, _of_file)


@pytest.mark.parametrize("make", SOURCES)
@pytest.mark.parametrize("claims", [{"exp": NOW - 60}, {"exp": NOW + 5}, {"exp": -1}, {"exp": "x"}, {}, {"nbf": 9**99}])
def test_nothing_but_its_end_is_judged(
    claims: dict[str, t.Any], make: Callable[[str, Path], elsewhere.Elsewhere], tmp_path: Path
) -> None:
    token = _jwt(**claims)

    assert _sent(make(token, tmp_path)) == token


@pytest.mark.parametrize("make", SOURCES)
def test_more_than_a_minute_after_its_end_it_is_not_sent(
    make: Callable[[str, Path], elsewhere.Elsewhere], tmp_path: Path
) -> None:
    token = _jwt(exp=NOW - 61, sub="the-subject")
    source = make(token, tmp_path)

    # A token from the cache may still be handed out.
    assert source.secret() == token
    assert str(_fault(CredentialError, lambda: _sent(source), token)) == (
        f"The token in {WHERE} expired at 2027-01-15T07:58:59Z. Have its issuer make a later one, or correct the clock "
        "of the controller."
    )


def test_a_file_with_a_later_token_is_sent_again(tmp_path: Path) -> None:
    source = _of_file(_jwt(exp=NOW - 61), tmp_path)
    _fault(CredentialError, lambda: _sent(source))
    later = _jwt(exp=NOW + 61)
    (tmp_path / "token").write_text(later, encoding="utf-8")

    assert _sent(source) == later


# GitHub Actions.


@pytest.fixture(autouse=True)
def no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the tests run, it is no job of GitHub Actions."""
    for name in (
        "GITHUB_ACTIONS",
        "GITHUB_EVENT_NAME",
        "GITHUB_EVENT_PATH",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)


Job = Callable[[str], None]


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Job:
    """Make this a job that may ask, at an address."""

    def begin(url: str) -> None:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", url)
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST_TOKEN)

    return begin


@pytest.fixture
def github() -> Iterator[Server]:
    with Server(*(reply(json.dumps({"count": 1, "value": token})) for token in (TOKEN, _jwt(sub="two")))) as server:
        yield server


def _asked(audience: str = "api://AzureADTokenExchange") -> elsewhere.Elsewhere:
    return _parsed({"github": audience})


def test_github_is_asked_at_each_grant(github: Server, job: Job) -> None:
    job(f"{github.url}//idtoken/x?api-version=2.0")
    source = _asked()

    assert source.secret() == REQUEST_TOKEN
    assert github.seen == []
    assert [_sent(source), _sent(source)] == [TOKEN, _jwt(sub="two")]
    assert [(seen.method, seen.target) for seen in github.seen] == [
        ("GET", "//idtoken/x?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange")
    ] * 2
    assert {seen.headers["authorization"] for seen in github.seen} == {f"Bearer {REQUEST_TOKEN}"}


QUERIES = {
    "": [],
    "?": [],
    "?api-version=2.0": [("api-version", "2.0")],
    "?audience=theirs": [],
    "?a=1&audience=theirs&b=%26%3D&%61udience=theirs": [("a", "1"), ("b", "&=")],
    "?audience": [],
    "?audiences=b&a=+&a=2": [("audiences", "b"), ("a", " "), ("a", "2")],
}


@pytest.mark.parametrize("audience", ["https://host.example/?a=b&c=d#e", "über alles", "a+b%20"])
@pytest.mark.parametrize("query", QUERIES)
def test_the_address_keeps_its_query_and_has_one_audience(github: Server, job: Job, query: str, audience: str) -> None:
    job(f"{github.url}/token{query}")
    _sent(_asked(audience))
    target = urlsplit(github.seen[0].target)

    assert target.path == "/token"
    assert parse_qsl(target.query, strict_parsing=True) == [*QUERIES[query], ("audience", audience)]


def test_the_certificate_for_the_provider_is_not_for_github(github: Server, job: Job) -> None:
    job(github.url)
    settings = HttpSettings("The identity provider", retries=0, client_cert="/no/such/file", client_key="/nor/this")

    assert _sent(_asked(), settings) == TOKEN


def test_a_token_that_github_made_too_late_is_not_sent(job: Job) -> None:
    token = _jwt(exp=NOW - 61)
    with Server(reply(json.dumps({"value": token}))) as server:
        job(server.url)
        error = _fault(CredentialError, lambda: _sent(_asked()), token)

    assert str(error).startswith(f"The token in {WHERE} expired at 2027-01-15T07:58:59Z.")


WANTS = f"{WHERE} wants a token of GitHub Actions"
OUTSIDE = (
    f"{WANTS}, and this is no job of it. Run the play in one, hand ACTIONS_ID_TOKEN_REQUEST_URL and "
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN on to the container of the controller, or give the token as a text or a file."
)
MAY_NOT = (
    f"{WANTS}, and this job may not have one. Write permissions with id-token: write into the job, and into the job "
    "that calls its workflow."
)
FORK = f"{WANTS}, which gives none for a pull request from a fork. Run this job on another event, such as push."


@pytest.mark.parametrize("value", [None, "", "false"])
def test_outside_github_that_is_told(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if value is not None:
        monkeypatch.setenv("GITHUB_ACTIONS", value)

    assert str(_fault(CredentialError, _asked().secret)) == OUTSIDE


@pytest.mark.parametrize("lacking", ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
@pytest.mark.parametrize("value", [None, ""])
def test_without_the_permission_that_is_told(
    lacking: str, value: str | None, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    job("https://pipelines.example/token")
    if value is None:
        monkeypatch.delenv(lacking)
    else:
        monkeypatch.setenv(lacking, value)

    assert str(_fault(CredentialError, _asked().secret)) == MAY_NOT


def _pull(head: object, base: object = "owner/name") -> object:
    return {"pull_request": {"head": {"repo": head}, "base": {"repo": {"full_name": base, "fork": True}}}}


EVENTS: dict[str, tuple[object, str]] = {
    "a fork": (_pull({"full_name": "another/name", "fork": True}), FORK),
    "a branch of a fork itself": (_pull({"full_name": "owner/name", "fork": True}), MAY_NOT),
    "a fork that was deleted": (_pull(None), MAY_NOT),
    "a push": ({"ref": "refs/heads/main"}, MAY_NOT),
    "a list": ([], MAY_NOT),
    "a text": ("x", MAY_NOT),
}


@pytest.mark.parametrize("name", EVENTS)
def test_a_pull_request_from_a_fork_is_told_apart(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    event, sentence = EVENTS[name]
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))

    assert str(_fault(CredentialError, _asked().secret)) == sentence


def test_a_job_with_the_rights_of_the_target_lacks_the_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(EVENTS["a fork"][0]), encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request_target")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))

    assert str(_fault(CredentialError, _asked().secret)) == MAY_NOT


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100000, None])
def test_an_event_that_cannot_be_read_is_none(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "event.json"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))

    assert str(_fault(CredentialError, _asked().secret)) == MAY_NOT


@pytest.mark.parametrize(
    "answer", [{}, {"value": None}, {"value": ""}, {"value": " "}, {"value": 5}, {"value": [TOKEN]}, [TOKEN], TOKEN]
)
def test_an_answer_without_a_token_is_told(answer: object, job: Job) -> None:
    with Server(reply(json.dumps(answer))) as server:
        job(server.url)
        error = _fault(ServiceError, lambda: _sent(_asked()))

    assert str(error) == (
        "GitHub Actions answered without a token, which belongs into value. Check ACTIONS_ID_TOKEN_REQUEST_URL."
    )


def _refusing(server: Server) -> str:
    return f"GitHub Actions answered {server.url}/token with status"


ALLOWED = "Check that the job still runs and has the permission id-token: write"


@pytest.mark.parametrize(
    ("status", "end"),
    [(400, f"{ALLOWED}, and the audience that it asks for."), (401, f"{ALLOWED}, and the audience"), (403, ALLOWED)],
)
def test_a_refusal_of_github_is_told(status: int, end: str, job: Job) -> None:
    body = json.dumps({"message": f"no, {REQUEST_TOKEN} and {TOKEN[-43:]}"})
    with Server(reply(body, status=status)) as server:
        job(f"{server.url}/token?query=q-u-e-r-y")
        error = _fault(ServiceError, lambda: _sent(_asked()), "q-u-e-r-y")

        assert str(error).startswith(f"{_refusing(server)} {status} and said: no, ********")
        assert end in str(error)
    assert error.status == status


def test_a_fault_that_passes_is_tried_again(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    clock.take(monkeypatch)
    with Server(reply(status=503), reply(json.dumps({"value": TOKEN}))) as server:
        job(server.url)

        assert _sent(_asked(), HttpSettings("The identity provider", retries=1, timeout=5)) == TOKEN
    assert len(clock.waits) == 1


ADDRESSES = {
    "http://pipelines.example/token": "is plain http to another machine",
    "https://user:pass@pipelines.example/": "must not hold credentials",
    "pipelines.example": "must be an address such as",
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_that_cannot_be_used_is_told(url: str, job: Job) -> None:
    job(url)
    error = _fault(OptionError, lambda: _sent(_asked()), url)

    assert str(error).startswith(f"ACTIONS_ID_TOKEN_REQUEST_URL {ADDRESSES[url]}")


LOADED = """
import sys
from ansible.plugins import loader
loader.init_plugin_loader()
import importlib
importlib.import_module(sys.argv[1])
print(*sys.modules)
"""


def test_a_cached_token_needs_neither_requests_nor_jwt() -> None:
    """The permanent secret is known without them."""
    command = [sys.executable, "-c", LOADED, elsewhere.__name__]
    found = subprocess.run(command, env=environment(), check=True, capture_output=True, text=True).stdout.split()

    assert elsewhere.__name__ in found
    assert {"requests", "jwt", client.__name__}.isdisjoint(found)


# What is shown.


def _said(**claims: t.Any) -> str:
    return inspection.shown(jwt.encode(claims, KEY, algorithm="HS256"))


WHOLE: dict[str, t.Any] = {
    "iss": "https://token.actions.githubusercontent.com",
    "sub": "repo:owner/name:ref:refs/heads/main",
    "aud": "api://AzureADTokenExchange",
    "iat": NOW,
    "exp": NOW + 300,
}


def test_a_refusal_may_show_who_made_it_for_whom_and_when() -> None:
    assert _said(**WHOLE, jti="once", nbf=NOW, email="jo@example.com") == (
        "iss https://token.actions.githubusercontent.com, sub repo:owner/name:ref:refs/heads/main, "
        "aud api://AzureADTokenExchange, iat 2027-01-15T08:00:00Z, exp 2027-01-15T08:05:00Z"
    )


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"aud": ["one", "two"]}, "aud one and two"),
        ({"aud": ["one", 5, None, {"a": "b"}]}, "aud one"),
        ({"aud": [], "iss": ""}, ""),
        ({"sub": {"a": "b"}, "iss": 5}, ""),
        ({"iat": "2027"}, ""),
        ({"iat": True, "sub": "a"}, "sub a"),
        ({"iat": 1e300, "exp": -5}, ""),
        ({"sub": "a\nb\x1b[2J\u200b"}, "sub a b [2J"),
        ({"jti": "once"}, ""),
    ],
)
def test_claims_of_other_kinds_are_left_out(claims: dict[str, t.Any], said: str) -> None:
    assert inspection.shown(_made("{}", json.dumps(claims), 32)) == said


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_time_that_is_none_is_left_out(number: str) -> None:
    assert inspection.shown(_made("{}", f'{{"sub": "a", "exp": {number}}}', 32)) == "sub a"


def test_a_claim_is_cut() -> None:
    assert _said(sub="x" * 1000) == f"sub {'x' * 300}"


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", TOKEN.replace(".", "")])
def test_of_an_opaque_token_nothing_is_shown(token: str) -> None:
    assert inspection.shown(token) == ""


def test_no_secret_is_shown_in_a_claim() -> None:
    token = _jwt(sub="it is the-client-secret", aud=[base64.b64encode(b"the-client-secret").decode()])

    assert (
        inspection.shown(token, ["the-client-secret"]) == "iss https://issuer.example, sub it is ********, aud ********"
    )


def test_no_repr_shows_a_field(tmp_path: Path) -> None:
    sources: Sequence[elsewhere.Elsewhere] = (_parsed(TOKEN), _file(tmp_path), _asked("the-audience"))
    shown = " ".join(f"{source!r} {source}" for source in sources)

    assert not re.search(rf"{re.escape(TOKEN)}|{tmp_path.name}|the-audience|oauth2_auth", shown)
