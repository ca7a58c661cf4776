# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a client shows itself at the token endpoint: what is sent, over a socket."""

from __future__ import annotations

import base64
import json
import socket
import time
import typing as t
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from urllib.parse import parse_qsl

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2 import audience, client_auth, grants, keys
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2.assertions import Assertion
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2.endpoint import TokenEndpoint
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2.rules import OAuth
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2.token_request import TokenRequest, revocation
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Play, Seen, Server, hang_up, reply

KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
AUDIENCE = "https://idp.example/"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GOOD = reply('{"access_token": "the-token", "expires_in": 60}')
GRANT = grants.Grant(grants.CLIENT_CREDENTIALS, {"scope": "a b", "audience": None})


def _assertion(key: keys.SigningKey) -> Assertion:
    return Assertion(key, "id", "id", AUDIENCE)


def signed_by_key() -> client_auth.ClientAuth:
    return client_auth.PrivateKeyJwt("id", _assertion(keys.read(PEM, "private_key")))


def signed_by_secret() -> client_auth.ClientAuth:
    return client_auth.ClientSecretJwt("id", _assertion(keys.of_secret("the-secret-of-the-client-is-long", "it")))


@pytest.fixture
def said() -> list[str]:
    return []


def _ask(
    client: client_auth.ClientAuth,
    *plays: Play,
    grant: grants.Grant = GRANT,
    retries: int = 0,
    clock: _token.Clock = time.time,
    said: list[str] | None = None,
    rules: Mapping[str, str] | None = None,
) -> tuple[_token.TokenResponse | ServiceError, list[Seen]]:
    """What the request brings, and what the server saw."""
    settings = HttpSettings("The provider", retries=retries, timeout=5, warn=(said if said is not None else []).append)
    with Server(*plays) as server:
        endpoint = TokenEndpoint(settings, clock, server.url, "token_url", "access_token")
        meaning = OAuth(who="client_id", grant=grant.type, client=client, url_option="token_url", **(rules or {}))
        try:
            return TokenRequest(endpoint, client, grant, meaning).send(), server.seen
        except ServiceError as error:
            return error, server.seen


def _sent(client: client_auth.ClientAuth, **keywords: t.Any) -> Seen:
    _response, [seen] = _ask(client, GOOD, **keywords)
    return seen


def _form(seen: Seen) -> dict[str, str]:
    return dict(parse_qsl(seen.body.decode(), keep_blank_values=True))


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


BARE = {"grant_type": "client_credentials", "scope": "a b"}


@pytest.mark.parametrize(
    ("encode", "expected"),
    [(True, _basic("i%3Ad%2F%C3%A9", "s%20%2B%25")), (False, _basic("i:d/é", "s +%"))],
    ids=["encoded as RFC 6749 says", "as it is"],
)
def test_basic_holds_id_and_secret_in_the_header_only(encode: bool, expected: str) -> None:
    seen = _sent(client_auth.Basic("i:d/é", "s +%", encode))

    assert (seen.headers["authorization"], _form(seen)) == (expected, BARE)


@pytest.mark.parametrize(
    ("client", "more"),
    [
        (client_auth.Post("id", "se cret&"), {"client_id": "id", "client_secret": "se cret&"}),
        (client_auth.Public("id"), {"client_id": "id"}),
        (client_auth.Certificate("id"), {"client_id": "id"}),
        (
            client_auth.FromElsewhere("id", "e30.e30.x"),
            {"client_id": "id", "client_assertion_type": ASSERTION_TYPE, "client_assertion": "e30.e30.x"},
        ),
        (
            client_auth.FromElsewhere(None, "e30.e30.x"),
            {"client_assertion_type": ASSERTION_TYPE, "client_assertion": "e30.e30.x"},
        ),
    ],
    ids=["post", "public", "certificate", "elsewhere", "elsewhere, which says the client"],
)
def test_the_others_say_who_they_are_in_the_form_and_in_no_header(
    client: client_auth.ClientAuth, more: dict[str, str]
) -> None:
    seen = _sent(client)

    assert (_form(seen), seen.headers.get("authorization")) == ({**BARE, **more}, None)
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"


def test_json_holds_client_and_secret() -> None:
    seen = _sent(client_auth.Json("id", "secret"))

    assert json.loads(seen.body) == {**BARE, "client_id": "id", "client_secret": "secret"}
    assert (seen.method, seen.headers["content-type"]) == ("POST", "application/json")
    assert "authorization" not in seen.headers


def test_an_assertion_is_signed_for_the_client_and_the_audience() -> None:
    form = _form(_sent(signed_by_key()))

    assertion = form.pop("client_assertion")
    assert form == {**BARE, "client_id": "id", "client_assertion_type": ASSERTION_TYPE}
    claims = jwt.decode(assertion, KEY.public_key(), ["RS256"], audience=AUDIENCE)
    assert (claims["iss"], claims["sub"]) == ("id", "id")


def test_a_secret_signs_the_assertion_and_is_not_sent() -> None:
    form = _form(_sent(signed_by_secret()))

    assert jwt.decode(form["client_assertion"], "the-secret-of-the-client-is-long", ["HS256"], audience=AUDIENCE)
    assert "client_secret" not in form


@pytest.mark.parametrize("fault", [hang_up, reply(b"", 503)], ids=["lost", "busy"])
def test_each_try_has_an_assertion_of_its_own(fault: Play) -> None:
    _response, seen = _ask(signed_by_key(), fault, GOOD, retries=1)

    claims = [jwt.decode(_form(one)["client_assertion"], options={"verify_signature": False}) for one in seen]
    assert len({each["jti"] for each in claims}) == 2


def test_its_repr_does_not_show_the_secret() -> None:
    shown = [client_auth.Basic("id", "the-secret"), client_auth.Post("id", "the-secret"), signed_by_secret(), GRANT]

    assert "the-secret" not in repr(shown)


@pytest.mark.parametrize("as_json", [False, True])
def test_further_parameters_may_be_repeated(as_json: bool) -> None:
    grant = grants.Grant("x", extra={"resource": ["https://a.example", "https://b.example"], "tenant": "t"})
    seen = _sent(client_auth.Json("id", "s") if as_json else client_auth.Post("id", "s"), grant=grant)

    if as_json:
        assert json.loads(seen.body)["resource"] == ["https://a.example", "https://b.example"]
    else:
        pairs = parse_qsl(seen.body.decode())
        assert pairs[:4] == [
            ("grant_type", "x"),
            ("resource", "https://a.example"),
            ("resource", "https://b.example"),
            ("tenant", "t"),
        ]


def test_no_value_of_a_further_parameter_is_shown() -> None:
    grant = grants.Grant("x", extra={"resource": ["the-first-value", "the-second-value"]})
    refused = reply('{"error": "invalid_target", "error_description": "no the-first-value, no the-second-value"}', 400)

    error, _seen = _ask(client_auth.Public("id"), refused, grant=grant)

    assert isinstance(error, ServiceError)
    assert "-value" not in str(error)


# Clocks.


def _ahead(seconds: float) -> _token.Clock:
    return lambda: time.time() + seconds


def _refusal(code: str, status: int = 401, *, dated: bool = True) -> Play:
    def play(connection: socket.socket, seen: Seen) -> None:
        dates = {"Date": formatdate(time.time(), usegmt=True)} if dated else {}
        reply(json.dumps({"error": code}), status, **dates)(connection, seen)

    return play


SIGNED_GRANT = grants.Grant(grants.JWT_BEARER, assertion=_assertion(keys.read(PEM, "private_key")))


@pytest.mark.parametrize("seconds", [120, -120])
@pytest.mark.parametrize(
    ("client", "grant", "refused"),
    [
        (signed_by_key(), GRANT, _refusal("invalid_client")),
        (signed_by_secret(), GRANT, _refusal("invalid_client", 400)),
        (signed_by_key(), GRANT, _refusal("", 500)),
        (client_auth.Public(None), SIGNED_GRANT, _refusal("invalid_grant", 400)),
    ],
    ids=["key", "secret", "500", "grant"],
)
def test_a_refused_assertion_is_signed_once_more_by_the_clock_of_the_provider(
    client: client_auth.ClientAuth, grant: grants.Grant, refused: Play, seconds: int, said: list[str]
) -> None:
    response, seen = _ask(client, refused, GOOD, grant=grant, clock=_ahead(seconds), said=said)

    assert isinstance(response, _token.TokenResponse)
    field = "client_assertion" if grant is GRANT else "assertion"
    first, second = (jwt.decode(_form(one)[field], options={"verify_signature": False}) for one in seen)
    assert abs(first["iat"] - second["iat"] - seconds) < 10
    assert first["jti"] != second["jti"]
    [warning] = said
    assert f"{'ahead of' if seconds > 0 else 'behind'} that of The provider" in warning
    # It is said once.
    assert response.clock_difference == 0.0


@pytest.mark.parametrize(
    ("client", "grant", "refused", "seconds"),
    [
        (signed_by_key(), GRANT, _refusal("invalid_client"), 5),
        (signed_by_key(), GRANT, _refusal("invalid_client", dated=False), 120),
        (signed_by_key(), GRANT, _refusal("invalid_scope", 400), 120),
        (client_auth.Post("id", "secret"), GRANT, _refusal("invalid_client"), 120),
        (client_auth.FromElsewhere("id", "e30.e30.x"), GRANT, _refusal("invalid_client"), 120),
        (
            signed_by_key(),
            grants.Grant(grants.TOKEN_EXCHANGE, {"subject_token": "a"}, is_spent=True),
            _refusal("invalid_client"),
            120,
        ),
        (
            signed_by_key(),
            grants.Grant(grants.PASSWORD, {"password": "a"}),
            _refusal("invalid_client"),
            120,
        ),
    ],
    ids=["clocks agree", "no Date", "another fault", "secret", "elsewhere", "subject token", "password"],
)
def test_nothing_else_is_sent_a_second_time(
    client: client_auth.ClientAuth, grant: grants.Grant, refused: Play, seconds: int, said: list[str]
) -> None:
    error, seen = _ask(client, refused, GOOD, grant=grant, clock=_ahead(seconds), said=said)

    assert (isinstance(error, ServiceError), len(seen), said) == (True, 1, [])


def test_an_assertion_that_is_refused_twice_is_not_sent_again() -> None:
    error, seen = _ask(signed_by_key(), _refusal("invalid_client"), clock=_ahead(120))

    assert (isinstance(error, ServiceError), len(seen)) == (True, 2)


# Tokens from elsewhere.


@pytest.mark.parametrize("client", [client_auth.FromElsewhere("id", "e30.e30.x"), signed_by_key()])
def test_the_first_fault_is_reported_where_the_repetition_cannot_have_helped(client: client_auth.ClientAuth) -> None:
    error, seen = _ask(client, hang_up, _refusal("invalid_client", dated=False), retries=1)

    assert len(seen) == 2
    assert ("invalid_client" in str(error)) is not client.is_spent


AUTH_RULES: dict[str, dict[str, str]] = {
    "signed": {"audience_word": "issuer"},
    "elsewhere": {"elsewhere": "The token in client_assertion has iss https://ci.example."},
    "neither": {},
}


@pytest.mark.parametrize(
    ("rules", "code", "words", "remedy"),
    [
        ("signed", "invalid_client", "Invalid audience", "Set assertion_audience to token_endpoint"),
        ("signed", "invalid_client", "Token issued in the future", "Set the clock of this controller right"),
        ("signed", "invalid_client", "no key for kid", "set private_key_id"),
        ("signed", "invalid_client", "Signature is wrong", "Register the public half"),
        ("signed", "invalid_client", "no such thing", "Check client_id"),
        ("signed", "jti_known", "", "Run this again"),
        ("elsewhere", "invalid_client", "Token reuse detected", "Have another token made for each grant"),
        ("elsewhere", "invalid_client", "wrong aud", "Have its issuer make the token for the audience"),
        ("elsewhere", "invalid_client", "Token is not active", "Have a later token made"),
        ("elsewhere", "invalid_client", "Signature is wrong", "Let the provider trust the issuer of the token"),
        (
            "elsewhere",
            "invalid_client",
            "Token was issued too far in the past to be used now",
            "Have a later token made",
        ),
        ("signed", "invalid_client", "Token was issued too far in the past to be used now", "Set the clock of this"),
        ("neither", "invalid_request", "audience is wrong", "Check audience to the last slash"),
    ],
)
def test_a_refusal_of_an_assertion_says_what_mends_it(rules: str, code: str, words: str, remedy: str) -> None:
    refused = reply(json.dumps({"error": code, "error_description": words}), 400)
    client = signed_by_key() if rules == "signed" else client_auth.Public("id")

    error, _seen = _ask(client, refused, rules=AUTH_RULES[rules])

    assert remedy in str(error)
    assert ("iss https://ci.example" in str(error)) is (rules == "elsewhere")


@pytest.mark.parametrize("retries", [0, 1])
@pytest.mark.parametrize(
    ("rules", "remedy"),
    [
        ("signed", "and the clock of this controller"),
        ("elsewhere", "Check the token and the clock of its issuer"),
        ("neither", "Try again later"),
    ],
)
def test_a_provider_that_fails_may_not_take_an_assertion(rules: str, remedy: str, retries: int) -> None:
    """Hydra answers so to one that has expired, wherever it was made, and each time that it is sent."""
    refused = reply('{"error": "error", "error_description": "The error is unrecognizable"}', 500)
    clients = {"signed": signed_by_key(), "elsewhere": client_auth.FromElsewhere("id", "e30.e30.x")}
    client = clients.get(rules, client_auth.Public("id"))

    error, seen = _ask(client, *[refused] * (retries + 1), rules=AUTH_RULES[rules], retries=retries)

    assert (remedy in str(error), len(seen)) == (True, retries + 1), error
    assert ("iss https://ci.example" in str(error)) is (rules == "elsewhere")


@pytest.mark.parametrize(
    ("code", "words", "remedy"),
    [
        ("invalid_client", "Invalid audience", "Set assertion_audience to token_endpoint"),
        ("invalid_grant", "Invalid audience", "Have its issuer make the token for the audience"),
        ("invalid_client", "Token issued in the future", "Set the clock of this controller right"),
        ("invalid_client", "Token reuse detected", "Run this again"),
        ("invalid_grant", "Token reuse detected", "Have another token made for each grant"),
        ("invalid_client", "There is no public key for kid 'x'", "Register the public half of the key with the client"),
        (
            "invalid_client",
            "Unable to verify the integrity of it",
            "Register the public half of the key with the client",
        ),
        ("invalid_grant", "No public JWK was registered for its issuer", "Let the provider trust the issuer"),
        ("invalid_grant", "Unable to verify the integrity of it", "Let the provider trust the issuer"),
        ("invalid_grant", "The JWT in 'assertion' request parameter expired.", "Have a later token made"),
    ],
)
def test_an_assertion_of_the_client_is_not_one_from_elsewhere(code: str, words: str, remedy: str) -> None:
    """The client signs for itself, and sends an assertion that another one has made."""
    refused = reply(json.dumps({"error": code, "error_description": words}), 400)
    grant = grants.Grant(grants.JWT_BEARER, {"assertion": "e30.e30.x"})

    error, _seen = _ask(signed_by_key(), refused, grant=grant, rules=AUTH_RULES["signed"] | AUTH_RULES["elsewhere"])

    assert remedy in str(error)


def test_an_audience_that_is_quoted_is_that_of_the_wanted_token() -> None:
    refused = reply('{"error": "invalid_request", "error_description": "audience https://api.example unknown"}', 400)

    error, _seen = _ask(
        signed_by_key(), refused, rules={"audience_word": "issuer", "asked_audience": "https://api.example"}
    )

    assert "Check audience to the last slash" in str(error)


# What is chosen.


@pytest.mark.parametrize(
    ("listed", "chosen"),
    [
        (None, "client_secret_basic"),
        ((), "client_secret_basic"),
        (("client_secret_post", "client_secret_basic"), "client_secret_basic"),
        (("client_secret_jwt", "client_secret_post"), "client_secret_post"),
        (("client_secret_jwt", "private_key_jwt"), "client_secret_jwt"),
        (("private_key_jwt",), "client_secret_basic"),
    ],
)
def test_a_secret_is_shown_in_the_first_way_that_discovery_names(listed: Sequence[str] | None, chosen: str) -> None:
    assert client_auth.preferred(listed) == chosen


@pytest.mark.parametrize(
    ("name", "listed", "is_there"),
    [
        ("none", ("client_secret_basic",), True),
        ("tls_client_auth", ("self_signed_tls_client_auth",), True),
        ("client_secret_post", ("client_secret_basic",), False),
    ],
)
def test_what_counts_as_listed(name: str, listed: Sequence[str], is_there: bool) -> None:
    assert client_auth.is_listed(name, listed) is is_there


ISSUER = "https://idp.example"


@pytest.mark.parametrize(
    ("said", "issuer", "url", "expected"),
    [
        (None, ISSUER, "https://idp.example/token", ISSUER),
        (None, None, "https://idp.example/token", "https://idp.example/token"),
        (None, None, "https://acme.eu.auth0.com/oauth/token", "https://acme.eu.auth0.com/"),
        (
            None,
            "https://acme.okta.com",
            "https://acme.okta.com/oauth2/v1/token",
            "https://acme.okta.com/oauth2/v1/token",
        ),
        (None, ISSUER, "https://login.microsoftonline.com/t/oauth2/v2.0/token", None),
        ("issuer", ISSUER, "https://login.microsoftonline.com/t/oauth2/v2.0/token", ISSUER),
        ("token_endpoint", ISSUER, "https://idp.example/token", "https://idp.example/token"),
        ("issuer", None, "https://idp.example/token", "https://idp.example/token"),
        ("account.docusign.com", ISSUER, "https://idp.example/token", "account.docusign.com"),
    ],
)
def test_the_audience_of_an_assertion(said: str | None, issuer: str | None, url: str, expected: str | None) -> None:
    word = audience.word_of(said, issuer, url)

    assert audience.audience_of(word, issuer, url) == (expected or url)


@pytest.mark.parametrize(("name", "sent"), [("jwt", "urn:ietf:params:oauth:token-type:jwt"), ("http://x", "http://x")])
def test_short_names_of_token_types(name: str, sent: str) -> None:
    assert grants.token_type(name) == sent


@pytest.mark.parametrize("client", [client_auth.Basic("id", "s"), client_auth.Json("id", "s"), signed_by_key()])
def test_a_token_is_revoked_by_a_form(client: client_auth.ClientAuth) -> None:
    with Server(reply(b"")) as server:
        assert revocation(HttpSettings("Service", timeout=5), time.time, server.url, client, "the-token").send()

    [seen] = server.seen
    assert _form(seen)["token"] == "the-token"
    assert "grant_type" not in _form(seen)
