# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options of OAuth 2.0 mean, one rule after the other, by what a provider on loopback is sent."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
import typing as t
from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qsl

import jwt
import pytest
from ansible.plugins.loader import action_loader, module_loader

from ansible_collections.netapi.auth.plugins.plugin_utils._core import config, role
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import Sandbox, private_key, public_key
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay, called
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    clock_at,
    manager_of,
    run_cache,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Play, Seen, Server, reply
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import assertion
from ansible_collections.netapi.auth.tests.unit.plugins.providers.oauth2 import zitadel

KEY = private_key("deployer")
SECRET = {"client_id": "deployer", "client_secret": "a-long-secret"}
SIGNED = {"client_id": "deployer", "private_key": KEY}
ELSEWHERE = assertion("deployer", "https://idp.example")
SUBJECT = {"subject_token": "the-subject-token", "subject_token_type": "access_token"}
PASSWORD = {"username": "someone", "password": "the-long-password"}
SEVEN = (
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "tls_client_auth",
    "none",
)


class Idp:
    """A provider: its discovery document, what it answers to token requests, and what it was sent."""

    def __init__(self) -> None:
        self.document: dict[str, t.Any] = {"token_endpoint_auth_methods_supported": [*SEVEN]}
        self.answer: dict[str, t.Any] = {"access_token": "the-access-token", "expires_in": 600}
        self.refused: Play | None = None
        self.userinfo: Play = reply('{"sub": "someone"}')
        self.server = Server(self._play)

    def _play(self, connection: socket.socket, seen: Seen) -> None:
        if seen.target.startswith("/.well-known"):
            document = {"issuer": self.url, "token_endpoint": f"{self.url}/token", **self.document}
            reply(json.dumps(document))(connection, seen)
        elif seen.target == "/userinfo":
            self.userinfo(connection, seen)
        else:
            (self.refused or reply(json.dumps(self.answer)))(connection, seen)

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def requests(self) -> list[Seen]:
        """The token requests."""
        return [seen for seen in self.server.seen if seen.method == "POST"]

    @property
    def form(self) -> dict[str, str]:
        """What the last one said."""
        return dict(parse_qsl(self.requests[-1].body.decode(), keep_blank_values=True))

    @property
    def claims(self) -> dict[str, t.Any]:
        """Those of the assertion in it, which the key of the client signed."""
        form = self.form
        text = form.get("assertion") or form["client_assertion"]
        return jwt.decode(text, public_key("deployer"), ["ES256"], options={"verify_aud": False})


@pytest.fixture
def idp() -> Iterator[Idp]:
    found = Idp()
    with found.server:
        yield found


Ask = Callable[..., dict[str, t.Any]]


@pytest.fixture
def ask(idp: Idp, ansible: Ansible) -> Ask:
    """The result of a lookup by discovery at that provider."""

    def result(provider: str = "oauth2", **options: t.Any) -> dict[str, t.Any]:
        place = {} if "token_url" in options else {"issuer": idp.url}
        return ansible.lookup_result(provider, retries=0, timeout=5, **{**place, **options})

    return result


def refusal(ask: Ask, **options: t.Any) -> str:
    with pytest.raises(Refused) as refused:
        ask(**options)
    return str(refused.value)


# Methods.


METHODS: tuple[tuple[str, dict[str, t.Any]], ...] = (
    ("client_credentials", SECRET),
    ("client_credentials", SIGNED),
    ("client_credentials", {"client_assertion": ELSEWHERE}),
    ("refresh_token", {"client_id": "deployer", "refresh_token": "a-refresh-token"}),
    ("refresh_token", {**SIGNED, "refresh_token": "a-refresh-token"}),
    ("jwt_bearer", {"assertion": ELSEWHERE}),
    ("jwt_bearer", {"credentials_file": zitadel()}),
    ("jwt_bearer", {**SIGNED, "method": "jwt_bearer"}),
    ("client_credentials", {"credentials_file": zitadel("application")}),
    ("token_exchange", {**SECRET, **SUBJECT}),
    ("token_exchange", SUBJECT),
    ("password", {**SECRET, **PASSWORD}),
    ("token", {"token": "a-token-at-hand"}),
)


@pytest.mark.parametrize(("method", "options"), METHODS)
def test_what_is_given_selects_the_method(method: str, options: dict[str, t.Any], ask: Ask) -> None:
    assert ask(**options)["method"] == method


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, str]:
    """Options with a client certificate and its key."""
    import trustme

    cert = trustme.CA().issue_cert("client.example")
    cert.cert_chain_pems[0].write_to_path(str(tmp_path / "client.pem"))
    cert.private_key_pem.write_to_path(str(tmp_path / "client.key"))
    return {"client_cert": str(tmp_path / "client.pem"), "client_key": str(tmp_path / "client.key")}


@pytest.mark.parametrize("provider", ["oauth2", "netbird"])
def test_a_certificate_selects_client_credentials(
    provider: str, certificate: dict[str, str], idp: Idp, ask: Ask
) -> None:
    result = ask(provider, client_id="deployer", client_auth="tls_client_auth", **certificate)

    assert result["method"] == "client_credentials"
    assert idp.form == {"grant_type": "client_credentials", "client_id": "deployer"}
    # A method of its own counts before it.
    assert ask(provider, token="a-token", client_auth="tls_client_auth", **certificate)["method"] == "token"


def test_the_aliases_for_certificates_count_where_one_is_given(certificate: dict[str, str], idp: Idp, ask: Ask) -> None:
    idp.document["mtls_endpoint_aliases"] = {"token_endpoint": f"{idp.url}/mtls/token"}
    ask(**SECRET)
    ask(client_id="deployer", client_auth="tls_client_auth", **certificate)

    assert [seen.target for seen in idp.requests] == ["/token", "/mtls/token"]


@pytest.mark.parametrize("has_alias", [True, False])
def test_so_does_that_for_revocation(has_alias: bool, certificate: dict[str, str], idp: Idp, ansible: Ansible) -> None:
    aliases = {"revocation_endpoint": f"{idp.url}/mtls/revoke"} if has_alias else {}
    idp.document |= {"mtls_endpoint_aliases": aliases, "revocation_endpoint": f"{idp.url}/revoke"}
    options = {"issuer": idp.url, "client_id": "deployer", "client_auth": "tls_client_auth", **certificate}
    ansible.task("oauth2", options)

    assert ansible.task("oauth2", {**options, "state": "absent"})["changed"] is True
    assert idp.requests[-1].target == ("/mtls/revoke" if has_alias else "/revoke")


@pytest.mark.parametrize(
    ("code", "words", "remedy"),
    [
        (
            "invalid_client",
            "Unknown client.",
            "Check client_id, and that the provider has this client with the certificate in client_cert.",
        ),
        (
            "invalid_client",
            "The OAuth 2.0 Client supports client authentication method 'kerberos_jwt'",
            "Register the client with another way to show who it is: the provider has one that is not spoken.",
        ),
    ],
)
def test_a_refused_certificate_is_told_of(
    code: str, words: str, remedy: str, certificate: dict[str, str], idp: Idp, ask: Ask
) -> None:
    idp.refused = reply(json.dumps({"error": code, "error_description": words}), 401)

    assert remedy in refusal(ask, client_id="deployer", client_auth="tls_client_auth", **certificate)
    assert len(idp.requests) == 1


# Clients.


SHOWN: tuple[tuple[dict[str, t.Any], dict[str, str], bool], ...] = (
    (SECRET, {}, True),
    (
        {**SECRET, "client_auth": "client_secret_post"},
        {"client_id": "deployer", "client_secret": "a-long-secret"},
        False,
    ),
    ({"client_id": "deployer", "refresh_token": "a-refresh-token"}, {"client_id": "deployer"}, False),
)


@pytest.mark.parametrize(("options", "fields", "is_basic"), SHOWN)
def test_exactly_one_way_to_show_the_client_is_sent(
    options: dict[str, t.Any], fields: dict[str, str], is_basic: bool, idp: Idp, ask: Ask
) -> None:
    ask(**options)

    assert {name: text for name, text in idp.form.items() if name.startswith("client")} == fields
    assert ("authorization" in idp.requests[-1].headers) is is_basic


@pytest.mark.parametrize("options", [SECRET, SIGNED, {"client_assertion": ELSEWHERE}])
def test_after_a_refusal_no_second_way_is_tried(options: dict[str, t.Any], idp: Idp, ask: Ask) -> None:
    idp.refused = reply('{"error": "invalid_client"}', 401)
    refusal(ask, **options)

    assert len(idp.requests) == 1


@pytest.mark.parametrize("own", [{}, {"client_id": "deployer"}])
def test_the_id_goes_beside_an_assertion_from_elsewhere_exactly_where_it_is_given(
    own: dict[str, str], idp: Idp, ask: Ask
) -> None:
    ask(client_assertion=ELSEWHERE, **own)

    assert {name: text for name, text in idp.form.items() if name == "client_id"} == own
    assert idp.form["client_assertion"] == ELSEWHERE
    assert "authorization" not in idp.requests[-1].headers


@pytest.mark.parametrize(
    ("options", "is_warned"),
    [
        ({**SECRET, "client_auth": "client_secret_post"}, True),
        (SIGNED, True),
        ({"client_assertion": ELSEWHERE}, False),
        ({"client_id": "deployer", "refresh_token": "a-refresh-token"}, False),
        (SECRET, False),
    ],
)
def test_what_discovery_does_not_list_is_used_with_a_warning(
    options: dict[str, t.Any], is_warned: bool, idp: Idp, ask: Ask, heard: list[str]
) -> None:
    idp.document["token_endpoint_auth_methods_supported"] = ["client_secret_basic"]
    ask(**options)

    assert [("does not list" in said) for said in heard] == [True] * is_warned


EXCHANGE = {"client_id": "deployer", "subject_token_type": "jwt"}
TWO: tuple[tuple[dict[str, t.Any], str], ...] = (
    ({**SECRET, "private_key": KEY}, "client_secret, from the argument client_secret, and private_key, from"),
    ({**SECRET, "client_assertion": ELSEWHERE}, "both say who the client is"),
    ({**SIGNED, "private_key_file": "/there"}, "both give a key"),
    ({**SIGNED, "private_key": "nothing"}, "private_key, from the argument private_key, holds no private key"),
    ({**SIGNED, "private_key": public_key("deployer")}, "holds a public key"),
    ({**SIGNED, "private_key_passphrase": "a-passphrase"}, "holds a key that is not encrypted"),
    ({**SECRET, "client_auth": "none"}, "is none, for a client without a secret, and client_secret"),
    ({**SECRET, "private_key_passphrase": "a-passphrase"}, "private_key_passphrase, from the argument"),
    ({**SECRET, "private_key_id": "kid"}, "private_key_id, from the argument"),
    ({**SECRET, "client_auth": "private_key_jwt"}, "which needs private_key or private_key_file or client_assertion"),
    ({"client_id": "deployer", "client_auth": "tls_client_auth"}, "is tls_client_auth, which needs client_cert"),
    ({**PASSWORD, "client_secret": "a-long-secret"}, "client_id is not set"),
    ({**SECRET, "method": "jwt_bearer"}, "needs assertion or credentials_file, which is not set"),
    ({"private_key": KEY, "method": "jwt_bearer"}, "selected by the argument method, needs client_id, which is not"),
    ({**SIGNED, "method": "jwt_bearer", "assertion_claims": {"aud": "x"}}, "assertion_claims, has aud"),
    (
        {**SIGNED, "method": "jwt_bearer", "assertion_claims": {"exp": 1, "jti": "x"}},
        "from the argument assertion_claims, has exp and jti",
    ),
    (
        {**SIGNED, "method": "jwt_bearer", "private_key_id": "a", "assertion_headers": {"kid": "b"}},
        "from the argument assertion_headers, has kid, which private_key_id says",
    ),
    ({**SECRET, "extra_params": {"scope": "x"}}, "extra_params, from the argument extra_params, has scope"),
    ({**SECRET, "extra_params": {"grant_type": "x"}}, "has grant_type"),
    ({**SECRET, "extra_params": {"resource": {"a": "b"}}}, "has a value that is no text"),
    ({**SECRET, "scope": [1]}, "scope, from the argument scope, has a value that is no text"),
    ({**SECRET, "scope": {"a": 1}}, "scope, from the argument scope, has a value that is no text"),
    ({**SECRET, "audience": [["a"]]}, "audience, from the argument audience, has a value that is no text"),
    (
        {**EXCHANGE, "subject_token": {"file": "~nobody-at-all/t"}},
        "the argument subject_token, has a value that cannot be used",
    ),
    ({**EXCHANGE, "subject_token": ["the-subject-token"]}, "must be a text"),
    ({"subject_token": "the-subject-token"}, "needs subject_token_type"),
    ({"credentials_file": '{"type": "authorized_user"}'}, "is of none of the types service_account"),
    ({"credentials_file": '{"type": "serviceaccount", "key": "k", "keyId": "i"}'}, "gives no text at userId"),
    ({"credentials_file": "/not/there"}, "names a file that cannot be read"),
    ({"credentials_file": zitadel(), "method": "client_credentials"}, "is for the method jwt_bearer"),
    ({"credentials_file": zitadel(), "refresh_token": "a-refresh-token", "client_id": "a"}, "Leave one of them out"),
    ({"client_assertion": "/var/run/secrets/token"}, "looks like a path"),
    ({"token": "a-token-at-hand", "header_name": "a b"}, "header_name, from the argument header_name, must be"),
    ({"token": "a-token-at-hand", "header_name": "Host"}, "header_name, from the argument header_name, must be"),
)


@pytest.mark.parametrize(("options", "sentence"), TWO)
def test_what_does_not_fit_together_is_told_before_any_request(
    options: dict[str, t.Any], sentence: str, idp: Idp, ask: Ask
) -> None:
    said = refusal(ask, **options)

    assert sentence in said
    assert idp.server.seen == []
    assert not [
        secret for secret in ("a-long-secret", "a-passphrase", KEY.splitlines()[1], ELSEWHERE) if secret in said
    ]


@pytest.mark.parametrize("is_key", [True, False])
def test_the_nearest_way_to_show_the_client_counts(
    is_key: bool, idp: Idp, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    less_specific = SECRET if is_key else {**SIGNED, "private_key_passphrase": "of the key"}
    for name, text in less_specific.items():
        monkeypatch.setenv(f"NETAPI_OAUTH2_{name.upper()}", text)
    ask(**(SIGNED if is_key else SECRET))

    assert ("client_assertion" in idp.form, "authorization" in idp.requests[-1].headers) == (is_key, not is_key)


@pytest.mark.parametrize("said", ["tls_client_auth", "none"])
def test_a_way_without_a_secret_leaves_a_less_specific_one_out(
    said: str, certificate: dict[str, str], idp: Idp, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETAPI_OAUTH2_CLIENT_SECRET", "a-long-secret")
    ask(client_id="deployer", client_auth=said, refresh_token="a-refresh-token", **certificate)

    assert set(idp.form) == {"grant_type", "refresh_token", "client_id"}
    assert "authorization" not in idp.requests[-1].headers


# Keys.


KEY_SHAPES: Mapping[str, Callable[[Path], dict[str, t.Any]]] = {
    "text": lambda _folder: {"private_key": KEY},
    "one line": lambda _folder: {"private_key": KEY.strip().replace("\n", "\\n")},
    "base64": lambda _folder: {"private_key": base64.b64encode(KEY.encode()).decode()},
    "JWK as a mapping": lambda _folder: {"private_key": _jwk()},
    "JWKS as JSON": lambda _folder: {"private_key": json.dumps({"keys": [_jwk()]})},
    "file": lambda folder: {"private_key_file": _written(folder / "key.pem", KEY)},
    "file with line ends of Windows": lambda folder: {
        "private_key_file": _written(folder / "key.pem", KEY.replace("\n", "\r\n"))
    },
}


def _jwk() -> dict[str, t.Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(KEY.encode(), None)
    found: dict[str, t.Any] = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(t.cast("t.Any", key)))
    return found


def _written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8", newline="")
    return str(path)


@pytest.mark.parametrize("shape", KEY_SHAPES)
def test_a_key_is_taken_in_each_shape(shape: str, tmp_path: Path, idp: Idp, ask: Ask) -> None:
    ask(client_id="deployer", **KEY_SHAPES[shape](tmp_path))

    assert (idp.claims["iss"], idp.claims["sub"], idp.claims["aud"]) == ("deployer", "deployer", idp.url)


def test_a_key_is_taken_from_the_environment(idp: Idp, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETAPI_OAUTH2_PRIVATE_KEY", KEY)
    ask(client_id="deployer")

    assert idp.claims["iss"] == "deployer"


def test_a_key_brings_no_warning_of_its_line_end(ask: Ask, heard: list[str]) -> None:
    ask(credentials_file=zitadel())

    assert heard == []


def test_a_key_file_is_read_at_each_grant(tmp_path: Path, idp: Idp, ask: Ask) -> None:
    path = tmp_path / "key.pem"
    for number in range(2):
        _written(path, KEY)
        ask(client_id="deployer", private_key_file=str(path), refresh=True)
        assert len(idp.requests) == number + 1
    _written(path, "nothing")
    assert "private_key_file, from the argument private_key_file" in refusal(
        ask, client_id="deployer", private_key_file=str(path), refresh=True
    )


def _absent(path: Path) -> None:
    """Nothing is there."""


def _large(path: Path) -> None:
    path.write_bytes(b"-" * 2 * 1024 * 1024)


def _with(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


CANNOT = "names a file that cannot be read ({}). Correct the path, or its rights."
NO_FILE = "names what is no file of a key: it is none, or has more than 64 KiB. Correct the path."
NO_JSON = "gives no JSON object. Download it from the provider again, or correct credentials_file."
# What is at the path: the file of a key or of a provider, and what is said of it.
BAD_FILES: dict[tuple[str, str], tuple[Callable[[Path], object], str]] = {
    **{
        (option, kind): (make, sentence)
        for option in ("private_key_file", "credentials_file")
        for kind, make, sentence in (
            ("missing", _absent, CANNOT.format("No such file or directory")),
            ("a directory", Path.mkdir, CANNOT.format("Is a directory")),
            ("2 MiB", _large, NO_FILE),
            ("a pipe without a writer", os.mkfifo, NO_FILE),
        )
    },
    ("private_key_file", "empty"): (_with(""), "is empty. Give a private key as PEM, JWK or JWKS."),
    ("private_key_file", "half written"): (
        _with(KEY[:100]),
        "holds a private key that is damaged or cut off. Copy it again, whole, with its lines BEGIN and END.",
    ),
    ("credentials_file", "empty"): (_with(""), NO_JSON),
    ("credentials_file", "half written"): (_with(zitadel()[:100]), NO_JSON),
}


@pytest.mark.parametrize(("option", "kind"), BAD_FILES)
def test_a_file_that_holds_no_whole_key_is_told_before_any_request(
    option: str, kind: str, tmp_path: Path, idp: Idp, ask: Ask
) -> None:
    make, sentence = BAD_FILES[option, kind]
    path = tmp_path / "of-a-key.pem"
    make(path)
    client = {"client_id": "deployer"} if option == "private_key_file" else {}

    said = refusal(ask, **{option: str(path)}, **client)

    assert said == f"{option}, from the argument {option}, {sentence}"
    assert idp.requests == []


# Clocks.


def _judges(idp: Idp, *, is_dated: bool) -> None:
    """Have it take an assertion that was made less than a minute ago, as Keycloak does, and say its time or not."""

    def play(connection: socket.socket, seen: Seen) -> None:
        sent = idp.form.get("assertion") or idp.form["client_assertion"]
        age = time.time() - jwt.decode(sent, options={"verify_signature": False})["iat"]
        words = "Token is not active" if age < 0 else "Token was issued too far in the past to be used now"
        code = "invalid_grant" if "assertion" in idp.form else "invalid_client"
        body: dict[str, t.Any] = {"error": code, "error_description": words}
        dates = {"Date": formatdate(time.time(), usegmt=True)} if is_dated else {}
        is_taken = 0 <= age < 60
        reply(json.dumps(idp.answer if is_taken else body), 200 if is_taken else 401, **dates)(connection, seen)

    idp.refused = play


SIGNING: dict[str, dict[str, t.Any]] = {
    "a key": SIGNED,
    "a key that signs the grant": {**SIGNED, "method": "jwt_bearer"},
    "a key beside a refresh token": {**SIGNED, "refresh_token": "a-refresh-token"},
    "the file of a provider": {"credentials_file": zitadel()},
}


@pytest.mark.parametrize(("seconds", "where"), [(120, "ahead of"), (-120, "behind")])
@pytest.mark.parametrize("who", SIGNING)
def test_a_controller_two_minutes_off_signs_in_where_the_provider_says_its_time(
    who: str, seconds: int, where: str, idp: Idp, ask: Ask, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _judges(idp, is_dated=True)
    clock_at(monkeypatch, seconds)

    assert [ask(**SIGNING[who])["source"] for _time in range(2)] == ["issued", "cache"]
    assert len(idp.requests) == 2
    assert [f"{where} that of " in said for said in heard if "The clock of this controller" in said] == [True]


@pytest.mark.parametrize("seconds", [120, -120])
@pytest.mark.parametrize("who", SIGNING)
def test_it_reads_the_cause_where_the_provider_does_not_say_its_time(
    who: str, seconds: int, idp: Idp, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _judges(idp, is_dated=False)
    clock_at(monkeypatch, seconds)

    assert "Set the clock of this controller right" in refusal(ask, **SIGNING[who])
    assert len(idp.requests) == 1


# What is asked for.


@pytest.mark.parametrize("name", ["scope", "audience"])
@pytest.mark.parametrize(
    ("given", "sent"), [("a b", "a b"), (["a", "b"], "a b"), ('["a", "b"]', "a b"), ("[a", "[a"), ("[]x", "[]x")]
)
def test_scope_and_audience_are_one_text(name: str, given: object, sent: str, idp: Idp, ask: Ask) -> None:
    ask(**SECRET, **{name: given})

    assert idp.form[name] == sent


def test_scopes_is_another_name_of_scope(idp: Idp, ask: Ask) -> None:
    ask(**SECRET, scopes=["a", "b"])

    assert idp.form["scope"] == "a b"


def _token(**claims: t.Any) -> str:
    return jwt.encode({"exp": int(time.time()) + 600, **claims}, "k" * 32)


@pytest.mark.parametrize(
    ("token", "audience", "is_warned"),
    [
        (_token(aud="https://other.example"), "https://api.example", True),
        (_token(), "https://api.example", True),
        (_token(aud=["x", "https://api.example"]), "https://api.example", False),
        (_token(aud="https://api.example"), "https://api.example", False),
        (_token(aud=["a", "b", "c"]), ["a", "b"], False),
        (_token(aud=["a", "c"]), ["a", "b"], True),
        ("opaque", "https://api.example", False),
        (_token(aud="x"), None, False),
    ],
)
def test_an_audience_that_the_provider_ignored_is_warned_of_once(
    token: str, audience: object, is_warned: bool, idp: Idp, ask: Ask, heard: list[str]
) -> None:
    idp.answer["access_token"] = token
    for _time in range(2):
        ask(**SECRET, audience=audience)

    assert [("ignored it. Leave audience out" in said) for said in heard] == [True] * is_warned


def test_the_audience_of_an_id_token_is_not_the_wanted_one(idp: Idp, ask: Ask, heard: list[str]) -> None:
    idp.answer["id_token"] = _token(aud="deployer")
    ask(**SECRET, audience="https://api.example", token_query="id_token")

    assert heard == []


# Assertions.


def test_the_audience_of_an_assertion_is_said(idp: Idp, run_directory: Path) -> None:
    display = RecordedDisplay()
    options = {**SIGNED, "issuer": idp.url, "retries": 0}
    called(PROVIDERS["oauth2"], run_directory, display, **options).result()
    called(PROVIDERS["oauth2"], run_directory, display, **options, method="jwt_bearer").result()

    assert [f"is for the audience {idp.url}." in said for said in display.remarks if "assertion" in said] == [True] * 2


@pytest.mark.parametrize(
    ("said", "path"), [(None, ""), ("issuer", ""), ("token_endpoint", "/token"), ("https://a.example/", None)]
)
def test_the_audience_of_an_assertion_can_be_said(said: str | None, path: str | None, idp: Idp, ask: Ask) -> None:
    ask(**SIGNED, assertion_audience=said)

    assert idp.claims["aud"] == (said if path is None else f"{idp.url}{path}")


def test_a_grant_that_the_key_signs_names_no_client(idp: Idp, ask: Ask) -> None:
    ask(**SIGNED, method="jwt_bearer", scope="a")

    assert set(idp.form) == {"grant_type", "assertion", "scope"}


def test_beside_a_grant_that_the_key_signs_the_client_shows_its_secret(idp: Idp, ask: Ask) -> None:
    ask(**SIGNED, client_secret="a-long-secret", method="jwt_bearer")

    assert set(idp.form) == {"grant_type", "assertion"}
    assert "authorization" in idp.requests[-1].headers


def test_the_same_key_shows_the_client_only_where_that_is_said(idp: Idp, ask: Ask) -> None:
    ask(**SIGNED, client_auth="private_key_jwt", method="jwt_bearer")

    assert set(idp.form) == {"grant_type", "assertion", "client_id", "client_assertion", "client_assertion_type"}
    assert idp.form["assertion"] != idp.form["client_assertion"]


def test_claims_and_headers_are_those_of_the_grant(idp: Idp, ask: Ask) -> None:
    claims, headers = {"sub": "somebody", "x": [1]}, {"x5t": "a"}
    ask(**SIGNED, method="jwt_bearer", assertion_claims=claims, assertion_headers=headers)

    assert {**idp.claims, **claims} == idp.claims
    assert jwt.get_unverified_header(idp.form["assertion"])["x5t"] == "a"


def test_the_file_of_google(idp: Idp, ask: Ask) -> None:
    content = {
        "type": "service_account",
        "client_id": "1234567890",
        "client_email": "robot@project.example",
        "private_key_id": "key-1",
        "private_key": KEY,
        "token_uri": f"{idp.url}/token",
    }
    for given in (content, json.dumps(content)):
        ask(token_url=None, issuer=None, credentials_file=given, scope=["a", "b"], refresh=True)
        claims = idp.claims

        assert (claims["iss"], claims["aud"], claims["scope"]) == ("robot@project.example", f"{idp.url}/token", "a b")
        assert "sub" not in claims
        assert set(idp.form) == {"grant_type", "assertion"}
    # Of whom it acts is said by its user.
    ask(token_url=None, issuer=None, credentials_file=content, assertion_claims={"sub": "person@project.example"})
    assert (idp.claims["sub"], idp.claims["iss"]) == ("person@project.example", "robot@project.example")


def test_both_files_of_zitadel(idp: Idp, ask: Ask) -> None:
    content = {"type": "serviceaccount", "keyId": "key-1", "key": KEY, "userId": "deployer"}
    ask(credentials_file=content)
    assert (idp.claims["iss"], idp.claims["sub"]) == ("deployer", "deployer")
    assert (set(idp.form), jwt.get_unverified_header(idp.form["assertion"])["kid"]) == (
        {"grant_type", "assertion"},
        "key-1",
    )
    application = {"type": "application", "keyId": "key-1", "key": KEY, "clientId": "deployer", "appId": "x"}
    ask(credentials_file=application)
    assert (idp.form["grant_type"], idp.form["client_id"]) == ("client_credentials", "deployer")
    assert idp.claims["iss"] == "deployer"


# Tokens from elsewhere.


def test_a_file_with_a_token_is_read_at_each_grant(tmp_path: Path, idp: Idp, ask: Ask) -> None:
    path = tmp_path / "token"
    for number in range(2):
        text = assertion("deployer", "x", number=number)
        _written(path, f"{text}\n")
        ask(client_assertion={"file": str(path)}, refresh=True)
        assert idp.form["client_assertion"] == text


def test_a_refusal_shows_what_a_token_from_elsewhere_says_and_never_itself(idp: Idp, ask: Ask) -> None:
    idp.refused = reply(
        json.dumps({"error": "invalid_client", "error_description": f"wrong audience {ELSEWHERE}"}), 401
    )
    said = refusal(ask, client_assertion=ELSEWHERE)

    assert "has iss deployer, sub deployer, aud https://idp.example" in said
    assert ELSEWHERE.split(".")[1][:20] not in said


def test_the_role_compares_where_a_token_comes_from_and_not_the_text(tmp_path: Path, run_directory: Path) -> None:
    path = tmp_path / "token"

    def fingerprint(**more: t.Any) -> str:
        options = {"issuer": "https://a.example", "client_assertion": {"file": str(path)}, **more}
        return role.fingerprint(called(PROVIDERS["oauth2"], run_directory, RecordedDisplay(), **options))

    _written(path, assertion("deployer", "x", number=1))
    first = fingerprint()
    _written(path, assertion("deployer", "x", number=2))
    other = _written(tmp_path / "other", ELSEWHERE)

    assert fingerprint() == first
    changes: tuple[dict[str, t.Any], ...] = (
        {"issuer": "https://b.example"},
        {"client_id": "deployer"},
        {"client_assertion": {"file": other}},
        {"client_assertion": ELSEWHERE},
        {"scope": "x"},
    )
    assert len({first, *(fingerprint(**change) for change in changes)}) == len(changes) + 1
    texts = {fingerprint(client_assertion=assertion("deployer", "x", number=number)) for number in range(2)}
    assert len(texts) == 2


# Grants.


def test_token_exchange_has_the_names_of_rfc_8693(idp: Idp, ask: Ask) -> None:
    ask(**SECRET, **SUBJECT, requested_token_type="jwt", extra_params={"connector_id": "x", "resource": ["a"]})

    assert idp.form == {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": "the-subject-token",
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "requested_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "connector_id": "x",
        "resource": "a",
    }


@pytest.mark.parametrize(
    ("status", "words", "asked", "remedy"),
    [
        # Dex says no more of a token that it does not take.
        (401, "", {}, "Check subject_token"),
        (403, "", {}, "Check subject_token"),
        # Keycloak.
        (403, "Client is not within the token audience", {}, "Check subject_token"),
        (403, "Client is not within the token audience", {"audience": "api"}, "Check audience"),
        # Auth0, of a secret that is wrong.
        (401, "Unauthorized", {}, "Check client_id"),
    ],
)
def test_a_denial_of_an_exchange_is_told_of_what_it_is_about(
    status: int, words: str, asked: dict[str, str], remedy: str, idp: Idp, ask: Ask
) -> None:
    said = {"error": "access_denied", **({"error_description": words} if words else {})}
    idp.refused = reply(json.dumps(said), status)

    assert remedy in refusal(ask, **SECRET, **SUBJECT, **asked)


@pytest.mark.parametrize(
    ("code", "words", "remedy"),
    [
        ("invalid_request", "Requested connector does not exist.", "Set connector_id in extra_params"),
        ("request_not_supported", "Invalid subject_token_type.", "Check subject_token, its type"),
        ("request_not_supported", "Invalid requested_token_type.", "Correct requested_token_type"),
        ("invalid_request", "requested_token_type unsupported", "Correct requested_token_type"),
        ("invalid_request", "Invalid token", "Check subject_token, its type"),
    ],
)
def test_what_is_wrong_of_an_exchange_is_named(code: str, words: str, remedy: str, idp: Idp, ask: Ask) -> None:
    """As Dex and Keycloak say it."""
    idp.refused = reply(json.dumps({"error": code, "error_description": words}), 400)

    assert remedy in refusal(ask, **SECRET, **SUBJECT)


@pytest.mark.parametrize(
    ("code", "words", "remedy"),
    [
        ("invalid_grant", "Invalid user credentials", "Check username and password"),
        ("invalid_grant", "Account is not fully set up", "without a second factor"),
        ("invalid_grant", "AADSTS50076: you must use multi-factor authentication", "without a second factor"),
    ],
)
def test_a_password_is_sent_once_whatever_is_missing(code: str, words: str, remedy: str, idp: Idp, ask: Ask) -> None:
    idp.refused = reply(json.dumps({"error": code, "error_description": words}), 400)
    for _host in range(2):
        assert remedy in refusal(ask, **SECRET, **PASSWORD)

    assert len(idp.requests) == 1


@pytest.mark.parametrize(
    ("kind", "is_warned"), [("bearer", False), ("BEARER", False), ("N_A", False), (None, False), ("Weird", True)]
)
def test_the_type_of_a_token_is_looked_at(
    kind: str | None, is_warned: bool, idp: Idp, ask: Ask, heard: list[str]
) -> None:
    idp.answer["token_type"] = kind

    assert ask(**SECRET)["headers"] == {"Authorization": "Bearer the-access-token"}
    assert len(heard) == is_warned


@pytest.mark.parametrize("kind", ["DPoP", "mac", "pop"])
def test_a_token_that_wants_a_proof_is_refused(kind: str, idp: Idp, ask: Ask) -> None:
    idp.answer["token_type"] = kind

    assert "switch off DPoP" in refusal(ask, **SECRET)


@pytest.mark.parametrize("credential", [SECRET, {"token": "the-access-token"}])
@pytest.mark.parametrize(
    ("options", "headers"),
    [
        ({"header_prefix": "Token"}, {"Authorization": "Token the-access-token"}),
        ({"header_name": "X-Api-Key"}, {"X-Api-Key": "the-access-token"}),
        ({"header_name": "X-A", "header_prefix": "Bearer"}, {"X-A": "Bearer the-access-token"}),
        ({"header_name": "authorization"}, {"Authorization": "Bearer the-access-token"}),
    ],
)
def test_the_header_can_be_said(
    options: dict[str, str], headers: dict[str, str], credential: dict[str, str], ask: Ask
) -> None:
    assert ask(**credential, **options)["headers"] == headers


# Who-am-I.


def test_whoami_asks_what_discovery_names(idp: Idp, ask: Ask) -> None:
    idp.document["userinfo_endpoint"] = f"{idp.url}/userinfo"
    assert ask(**SECRET, whoami=True)["identity"] == {"sub": "someone"}
    assert idp.server.seen[-1].headers["authorization"] == "Bearer the-access-token"

    idp.userinfo = reply(b"", 403, WWW_Authenticate='Bearer error="insufficient_scope"')
    assert "scope: openid" in refusal(ask, **SECRET, whoami=True)
    idp.userinfo = reply(b"", 404)
    assert "this token has no person" in refusal(ask, **SECRET, whoami=True)
    idp.userinfo = reply('["someone"]')
    assert "did not say who the token is: its answer is no JSON object" in refusal(ask, **SECRET, whoami=True)


def test_whoami_of_a_token_at_hand_asks_there_too(idp: Idp, ask: Ask) -> None:
    given = {"token": "a-token", "api_url": "https://api.example", "whoami": True}
    assert "names no address that says whose a token is" in refusal(ask, **given)
    assert "Set issuer." in refusal(ask, **given, issuer="")
    idp.document["userinfo_endpoint"] = f"{idp.url}/userinfo"
    assert ask(**given)["identity"] == {"sub": "someone"}
    assert idp.server.seen[-1].headers["authorization"] == "Bearer a-token"


def test_whoami_without_an_address_says_so(idp: Idp, ask: Ask) -> None:
    assert "names no address that says whose a token is" in refusal(ask, **SECRET, whoami=True)
    assert "Set issuer." in refusal(ask, **SECRET, whoami=True, token_url=f"{idp.url}/token")


# The services.


def test_netfoundry_takes_a_certificate_too(certificate: dict[str, str], idp: Idp, ask: Ask) -> None:
    place = {"environment": "sandbox", "api_url": "https://api.example"}
    ask("netfoundry", client_id="deployer", client_auth="tls_client_auth", **place, **certificate)

    assert idp.form["client_id"] == "deployer"
    assert "client_secret" not in idp.form


def test_netfoundry_has_an_issuer_too(idp: Idp, ask: Ask) -> None:
    result = ask("netfoundry", **SIGNED, environment="sandbox", audience="a", api_url="https://api.example")

    assert (result["method"], idp.claims["aud"], idp.form["audience"]) == ("client_credentials", idp.url, "a")


def test_a_secret_is_shown_as_discovery_lists_it(idp: Idp, ask: Ask) -> None:
    idp.document["token_endpoint_auth_methods_supported"] = ["client_secret_post", "private_key_jwt"]
    ask(**SECRET)

    assert idp.form["client_secret"] == "a-long-secret"


# Requests.


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, t.Any]]:
    """The arguments that ansible.builtin.uri would have had."""
    found: list[dict[str, t.Any]] = []

    def original(_self: object, arguments: dict[str, t.Any], *_rest: object, **_more: object) -> dict[str, t.Any]:
        found.append(arguments)
        return {"status": 200, "changed": False}

    monkeypatch.setattr(action_loader.get("netapi.auth.uri", class_only=True), "_original", original)
    return found


def test_a_token_that_is_bound_to_a_certificate_is_warned_of_where_that_is_not_shown(
    certificate: dict[str, str], sent: list[dict[str, t.Any]], ansible: Ansible, heard: list[str]
) -> None:
    bound = _token(cnf={"x5t#S256": "thumbprint"})
    for token in (bound, _token(), _token(cnf={"jkt": "key"})):
        options = {"token": token, "api_url": "https://api.example"}
        for more in ({}, certificate):
            ansible.action("netapi.auth.uri", {"auth": "oauth2", "url": "/a", "auth_options": options, **more})

    assert len(sent) == 6
    assert [("bound to a client certificate" in said) for said in heard] == [True]
    assert bound not in heard[0]


def test_a_request_to_where_the_tokens_come_from_shows_the_certificate_of_the_options(
    certificate: dict[str, str], sandbox: Sandbox, sent: list[dict[str, t.Any]], ansible: Ansible
) -> None:
    client = {"token_url": f"{sandbox.url}/idp/token", "client_id": "oa-client-1", "client_secret": "oa-secret-1"}
    options = {**client, **certificate, "api_url": sandbox.url}
    for own in ({}, {"client_cert": "/own.pem"}):
        ansible.action("netapi.auth.uri", {"auth": "oauth2", "url": "/a", "auth_options": options, **own})

    shown = [{name: each[name] for name in certificate if name in each} for each in sent]
    # A key belongs to its certificate.
    assert shown == [certificate, {"client_cert": "/own.pem"}]


def test_where_the_options_of_the_original_cannot_be_read_it_judges_its_arguments(
    sent: list[dict[str, t.Any]], ansible: Ansible, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module_loader, "find_plugin", lambda *_names, **_more: None)
    config._original_options.cache_clear()
    options = {"token": "a-token-at-hand", "api_url": "https://api.example"}
    request = {"auth": "oauth2", "url": "/a", "auth_options": options, "of_a_later_core": 1}
    ansible.action("netapi.auth.uri", request)

    assert [each["of_a_later_core"] for each in sent] == [1]


def test_a_request_goes_to_the_api_and_to_auth_hosts_only(sent: list[dict[str, t.Any]], ansible: Ansible) -> None:
    request = {"auth": "oauth2", "url": "https://api.example/a", "auth_options": {"token": "a-token-at-hand"}}
    with pytest.raises(Refused, match="auth_hosts"):
        ansible.action("netapi.auth.uri", request)
    ansible.action("netapi.auth.uri", {**request, "auth_hosts": ["https://api.example"]})
    ansible.action(
        "netapi.auth.uri", {**request, "auth_options": {"token": "a-token-at-hand", "api_url": "https://api.example"}}
    )

    assert [each["headers"]["Authorization"] for each in sent] == ["Bearer a-token-at-hand"] * 2


# GitHub Actions.


def test_github_actions_is_asked_at_each_grant(idp: Idp, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(reply(json.dumps({"value": ELSEWHERE}))) as github:
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{github.url}/?api-version=2.0")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "the-request-token")
        for _time in range(2):
            ask(client_assertion={"github": "api://x"}, refresh=True)
            ask(client_assertion={"github": "api://x"})

    assert [seen.target for seen in github.seen] == ["/?api-version=2.0&audience=api%3A%2F%2Fx"] * 2
    assert len(idp.requests) == 2


def test_github_outside_of_a_job_says_so(idp: Idp, ask: Ask) -> None:
    assert "and this is no job of it" in refusal(ask, client_assertion={"github": "api://x"})
    assert idp.server.seen == []


# Locks.


def test_a_given_refresh_token_is_locked_by_itself_whoever_shows_the_client(
    tmp_path: Path, run_directory: Path
) -> None:
    spec = called(
        PROVIDERS["oauth2"],
        run_directory,
        RecordedDisplay(),
        issuer="https://a.example",
        client_id="deployer",
        refresh_token="a-refresh-token",
        client_assertion=ELSEWHERE,
    ).spec()
    with manager_of(Ear(), run_cache(tmp_path / "run")).removing(spec):
        names = {path.name.partition(".")[0] for path in (tmp_path / "run").rglob("*.lock")}
    given = spec._replace(given=None)
    with manager_of(Ear(), run_cache(tmp_path / "run")).removing(given):
        others = {path.name.partition(".")[0] for path in (tmp_path / "run").rglob("*.lock")} - names
    assert (len(names), len(others)) == (1, 1)


@pytest.mark.parametrize(
    ("change", "is_other"),
    [
        ({"client_assertion": assertion("deployer", "x")}, False),
        ({"scope": "x"}, False),
        ({"issuer": "https://b.example"}, True),
        ({"client_id": "x"}, True),
        ({"client_assertion": {"file": "{path}"}}, True),
    ],
)
def test_grants_take_turns_by_source_endpoint_and_client(
    change: dict[str, t.Any], is_other: bool, tmp_path: Path, run_directory: Path
) -> None:
    path = _written(tmp_path / "token", ELSEWHERE)

    def turn(**more: t.Any) -> Mapping[str, str] | None:
        options = {"issuer": "https://a.example", "client_assertion": ELSEWHERE, **more}
        options = json.loads(json.dumps(options).replace("{path}", path))
        return called(PROVIDERS["oauth2"], run_directory, RecordedDisplay(), **options).spec().turn

    assert (turn(**change) != turn()) is is_other
