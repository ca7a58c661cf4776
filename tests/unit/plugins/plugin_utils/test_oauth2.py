# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The token endpoint and discovery."""

from __future__ import annotations

import base64
import json
import typing as t

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError, ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2 import endpoint
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2.discovery import Endpoints, discover
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, reply

ROUTE = HttpSettings("Service", retries=0, timeout=5)
URL = "https://idp.example/token"
# Claims {"sub": "a", "exp": 2000000000}.
JWT = "e30." + base64.urlsafe_b64encode(b'{"sub": "a", "exp": 2000000000}').decode().rstrip("=") + ".x"
NOW = 1_900_000_000.0


def _discovered(document: object, path: str = "") -> Endpoints:
    """What discovery makes of the document; ``{url}`` in it stands for the server."""
    with Server(reply()) as server:
        text = json.dumps(document).replace("{url}", server.url)
        server.plays = (reply(text),)
        endpoints = discover(ROUTE, server.url + path)
    assert [seen.target for seen in server.seen] == [f"{path}/.well-known/openid-configuration"]
    return endpoints


DOCUMENT: dict[str, t.Any] = {"issuer": "{url}", "token_endpoint": "https://idp.example/token"}


def test_discovery_finds_the_token_endpoint() -> None:
    found = _discovered(DOCUMENT)

    assert (found.token, found.revocation, found.methods) == (URL, None, ("client_secret_basic",))
    assert (found.mtls_token, found.userinfo) == (None, None)


def test_discovery_finds_the_other_facts() -> None:
    methods = ["client_secret_post", "none"]
    more = {
        "revocation_endpoint": "https://idp.example/revoke",
        "userinfo_endpoint": "https://idp.example/me",
        "token_endpoint_auth_methods_supported": methods,
        "mtls_endpoint_aliases": {"token_endpoint": "https://mtls.example/token"},
    }
    with Server(reply()) as server:
        server.plays = (reply(json.dumps({**DOCUMENT, **more, "issuer": f"{server.url}/"})),)
        found = discover(ROUTE, server.url)

        assert found == Endpoints(
            token=URL,
            revocation="https://idp.example/revoke",
            methods=("client_secret_post", "none"),
            # As the document spells it.
            issuer=f"{server.url}/",
            mtls_token="https://mtls.example/token",
            userinfo="https://idp.example/me",
        )


@pytest.mark.parametrize(
    "value",
    [None, "", 5, ["https://idp.example/revoke"], "/revoke", "http://idp.example/revoke", "https://u:p@idp.example/"],
)
def test_a_revocation_endpoint_that_cannot_be_used_counts_as_none(value: object) -> None:
    assert _discovered({**DOCUMENT, "revocation_endpoint": value}).revocation is None


def test_discovery_looks_below_the_path_of_the_issuer() -> None:
    assert _discovered({**DOCUMENT, "issuer": "{url}/realms/a"}, "/realms/a").token == URL


def test_a_slash_at_the_end_of_the_issuer_is_forgiven() -> None:
    assert _discovered({**DOCUMENT, "issuer": "{url}/"}).token == URL


def test_a_token_endpoint_keeps_its_query() -> None:
    assert _discovered({**DOCUMENT, "token_endpoint": f"{URL}?p=policy"}).token == f"{URL}?p=policy"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "is no discovery document"),
        ("text", "is no discovery document"),
        ({}, "names no issuer"),
        ({**DOCUMENT, "issuer": "https://other.example"}, "is that of another issuer"),
        ({**DOCUMENT, "issuer": "{url}/other"}, "is that of another issuer"),
        ({**DOCUMENT, "issuer": None}, "names no issuer"),
        ({"issuer": "{url}"}, "names no token_endpoint"),
        ({**DOCUMENT, "token_endpoint": ["a"]}, "names no token_endpoint"),
        ({**DOCUMENT, "token_endpoint": "/token"}, "token_endpoint must be an address"),
        ({**DOCUMENT, "token_endpoint": "http://idp.example/token"}, "token_endpoint is plain http"),
        ({**DOCUMENT, "token_endpoint": "https://u:p@idp.example/"}, "token_endpoint must not hold credentials"),
    ],
)
def test_a_document_that_cannot_be_used_is_an_error(document: object, sentence: str) -> None:
    with pytest.raises(ServiceError, match=sentence) as refused:
        _discovered(document)
    assert not isinstance(refused.value, OptionError)
    assert refused.value.__cause__ is None


def _bearer(answer: object, query: str = "access_token") -> _token.Token:
    return endpoint.bearer(answer, query, NOW, HttpSettings("Service"), "token_url")


def test_the_token_is_where_the_query_looks() -> None:
    answer = {"data": {"tokens": [{"id": "first"}, {"id": "second"}]}, "access_token": "other"}

    assert _bearer(answer, "data.tokens[1].id").text == "second"


def test_the_token_has_what_the_answer_says_of_it() -> None:
    token = _bearer({"access_token": JWT, "expires_in": 60, "scope": "a b"})

    assert (token.scheme, token.issued_at, token.expires_at, token.scope) == ("Bearer", NOW, NOW + 60, "a b")
    assert token.claims == {"sub": "a", "exp": 2000000000}


def test_without_expires_in_the_token_itself_says_when_it_ends() -> None:
    assert _bearer({"access_token": JWT}).expires_at == 2000000000


def test_an_opaque_token_without_expires_in_has_no_known_end() -> None:
    token = _bearer({"access_token": "opaque"})

    assert (token.expires_at, token.claims) == (None, {})


@pytest.mark.parametrize("scope", [None, 5, ["a"], {"a": 1}])
def test_a_scope_that_is_no_text_is_none(scope: object) -> None:
    assert _bearer({"access_token": "a", "scope": scope}).scope is None


@pytest.mark.parametrize("answer", [[], ["access_token"], "access_token", 5, None, True])
def test_json_that_is_no_object_is_an_error(answer: object) -> None:
    with pytest.raises(ServiceError, match=r"^Service answered with JSON that is no object\. Check token_url\.$"):
        _bearer(answer)


@pytest.mark.parametrize(
    "value",
    [None, "", 5, True, ["body-text"], {"body-text": 1}, "body-text\n", "body text", "body-text-é", "body-text\0"],
)
def test_no_usable_token_where_the_query_looks_is_an_error(value: object) -> None:
    with pytest.raises(ServiceError, match=r"where token_query looks \(access_token\)") as refused:
        _bearer({"access_token": value, "other": "body-text"})
    assert "body" not in str(refused.value)


@pytest.mark.parametrize("kind", ["DPoP", "mac", "PoP"])
def test_a_token_that_wants_a_proof_is_an_error(kind: str) -> None:
    with pytest.raises(ServiceError, match="switch off DPoP there"):
        _bearer({"access_token": "a", "token_type": kind})


@pytest.mark.parametrize(
    ("kind", "warnings"),
    [("bearer", 0), ("BEARER", 0), ("N_A", 0), (None, 0), (5, 0), ("special", 1)],
)
def test_a_token_of_an_unknown_type_is_taken_with_a_warning(kind: object, warnings: int) -> None:
    said: list[str] = []
    settings = HttpSettings("Service", warn=said.append)

    token = endpoint.bearer({"access_token": "a", "token_type": kind}, "access_token", NOW, settings, "token_url")

    assert (token.scheme, len(said)) == ("Bearer", warnings)


@pytest.mark.parametrize("query", ["a[", "", "a.b(", "unknown_function(@)", "'"])
def test_a_query_that_is_no_jmespath_is_an_error(query: str) -> None:
    with pytest.raises(OptionError, match=r"^token_query is no JMESPath expression"):
        _bearer({"access_token": "a"}, query)
