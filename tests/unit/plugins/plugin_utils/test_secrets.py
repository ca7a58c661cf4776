# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Secrets that a service repeats in its refusal, in whatever form they were sent."""

from __future__ import annotations

import base64
import dataclasses
import json
import socket
import typing as t
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import client
from ansible_collections.netapi.auth.plugins.plugin_utils._http.request import Request
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import private_key
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import WAYS
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Seen, Server, reply
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import EVERY_FLOW, Flow, key_file
from ansible_collections.netapi.auth.tests.unit.plugins.providers.netography import FLOWS
from ansible_collections.netapi.auth.tests.unit.plugins.providers.oauth2 import zitadel


def _refused(flow: Flow, way: str, ansible: Ansible, sandbox: Sandbox, text: str) -> str:
    """What is told when the service answers the grant with the text in its error fields."""
    body = json.dumps({"error": text, "error_description": f"bad: {text}", "message": f"<{text}>"})
    sandbox.fault(flow.sent[-1].path, status=401, body=body)
    with pytest.raises(Refused) as refused:
        flow.obtain(way, ansible, sandbox.url)
    return str(refused.value)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("flow", "option"),
    [(flow, name) for flow in EVERY_FLOW for name in flow.options if name in PROVIDERS[flow.provider].secrets],
    ids=str,
)
def test_an_option_that_is_a_secret_is_masked(
    flow: Flow, option: str, way: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    told = _refused(flow, way, ansible, sandbox, flow.options[option])

    assert "status 401" in told
    assert flow.options[option] not in told


@pytest.mark.parametrize("flow", [flow for flow in EVERY_FLOW if flow.sent[-1].authorization], ids=str)
def test_the_header_of_basic_is_masked(flow: Flow, sandbox: Sandbox, ansible: Ansible) -> None:
    pair = (flow.sent[-1].authorization or "").removeprefix("Basic ")

    assert pair not in _refused(flow, "task", ansible, sandbox, pair)


def test_a_token_that_was_issued_is_masked_in_the_refusal_of_whoami(sandbox: Sandbox, ansible: Ansible) -> None:
    flow = FLOWS[1]
    token = flow.obtain("task", ansible, sandbox.url)["access_token"]
    sandbox.fault(flow.read, status=401, body=json.dumps({"message": f"unknown token {token}"}))

    with pytest.raises(Refused, match="unknown token") as refused:
        flow.obtain("task", ansible, sandbox.url, whoami=True)
    # Its claims: long words are cut, so that the whole of it would not be there anyway.
    assert token.split(".")[1][:40] not in str(refused.value)


def test_a_key_inside_a_netosecret_is_masked(sandbox: Sandbox, ansible: Ansible) -> None:
    parts = {"shortname": "a", "appname": "b", "appkey": "the-app-key", "sharedsecret": "the-shared-secret"}
    netosecret = base64.b64encode(json.dumps({"url": sandbox.url, **parts}).encode()).decode()
    sandbox.fault("/api/v1/auth/token", status=401, body='{"message": "the-app-key and the-shared-secret"}')

    with pytest.raises(Refused, match="status 401") as refused:
        ansible.task_result("netography", netosecret=netosecret)
    assert "the-app-key" not in str(refused.value)
    assert "the-shared-secret" not in str(refused.value)


def test_a_secret_of_a_credentials_file_is_masked(
    sandbox: Sandbox, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("file") / "credentials.json"
    values = {"clientId": "id", "password": "the-password", "authenticationUrl": f"{sandbox.url}/oauth/token"}
    path.write_text(json.dumps(values), encoding="utf-8")
    sandbox.fault("/oauth/token", status=401, body='{"message": "the-password"}')

    with pytest.raises(Refused, match="status 401") as refused:
        ansible.task_result("netfoundry", credentials_file=str(path), environment="sandbox")
    assert "the-password" not in str(refused.value)


def _repeat(connection: socket.socket, seen: Seen) -> None:
    """Refuse with the whole request in the error fields."""
    sent = seen.body.decode()
    reply(json.dumps({"error": "refused", "message": sent}), status=401)(connection, seen)


@pytest.mark.parametrize("kind", ["json", "form"])
@pytest.mark.parametrize(
    "field",
    [
        "jwt",
        "client_secret",
        "refresh_token",
        "password",
        "token",
        "client_assertion",
        "assertion",
        "subject_token",
        "actor_token",
    ],
)
def test_a_secret_that_only_the_request_knows_is_masked(field: str, kind: str) -> None:
    fields = {"client_id": "the-client", field: "the/secret of+the-request"}
    with Server(_repeat) as server:
        empty = Request("POST", server.url, "the_option", "it", "it")
        request = dataclasses.replace(empty, json=fields) if kind == "json" else dataclasses.replace(empty, form=fields)
        with pytest.raises(ServiceError) as caught:
            client.send(HttpSettings("Service", retries=0), request)

    assert "the-client" in str(caught.value)
    assert "********" in str(caught.value)
    assert "of+the-request" not in str(caught.value)
    assert "of%2Bthe-request" not in str(caught.value)


@pytest.mark.parametrize("way", WAYS)
def test_the_signed_request_token_is_masked(way: str, ansible: Ansible) -> None:
    with Server(_repeat) as server, pytest.raises(Refused, match=r"status 401") as refused:
        FLOWS[0].obtain(way, ansible, server.url)
    sent = json.loads(server.seen[0].body)["jwt"]

    assert "said: refused" in str(refused.value)
    # What comes first is as telling as the whole: a long text is cut.
    assert not any(part in str(refused.value) for part in sent.split("."))


PASSPHRASE = "the-passphrase-of-a-key"
PEM = private_key("oa-client-1")
CLOSED = (
    load_pem_private_key(PEM.encode(), None)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
    .decode()
)
CLIENT = {"client_id": "oa-client-1", "client_secret": "oa-secret-1"}
EXCHANGE = {"subject_token": "a-subject-token", "subject_token_type": "access_token"}
# The options, and what the provider repeats.
HELD: dict[str, tuple[dict[str, t.Any], str]] = {
    "a passphrase": ({"client_id": "a", "private_key": CLOSED, "private_key_passphrase": PASSPHRASE}, PASSPHRASE),
    "a key": ({"client_id": "a", "private_key": PEM}, PEM),
    "a key in a file": ({"client_id": "a", "private_key_file": key_file("oa-client-1")}, PEM),
    "a key in a file of a provider": ({"credentials_file": zitadel()}, json.loads(zitadel())["key"]),
    "a token that is exchanged": ({**CLIENT, **EXCHANGE}, "a-subject-token"),
    "a token of an actor": (
        {**CLIENT, **EXCHANGE, "extra_params": {"actor_token": "an-actor-token"}},
        "an-actor-token",
    ),
    "a further parameter": ({**CLIENT, "extra_params": {"tenant": "a-further-value"}}, "a-further-value"),
    "an assertion": ({"assertion": "an-opaque-assertion"}, "an-opaque-assertion"),
    "an assertion of the client": ({"client_assertion": "an-opaque-assertion"}, "an-opaque-assertion"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("held", HELD)
def test_what_shows_a_client_is_masked(held: str, way: str, sandbox: Sandbox, ansible: Ansible) -> None:
    options, secret = HELD[held]
    sandbox.fault("/idp/token", status=401, body=json.dumps({"error": "refused", "message": f"bad: {secret}"}))

    obtain = ansible.task_result if way == "task" else ansible.lookup_result
    with pytest.raises(Refused, match=r"status 401 and said: refused: bad: \*{8}") as refused:
        obtain("oauth2", token_url=f"{sandbox.url}/idp/token", **options)
    assert secret not in str(refused.value)
    assert not any(line in str(refused.value) for line in secret.splitlines())


@pytest.mark.parametrize("grant", ["client_credentials", "jwt_bearer"])
def test_an_assertion_that_is_made_here_is_masked(grant: str, ansible: Ansible) -> None:
    with Server(_repeat) as server, pytest.raises(Refused, match="status 401") as refused:
        ansible.task_result(
            "oauth2", token_url=f"{server.url}/token", client_id="a", private_key=PEM, method=grant, retries=0
        )
    fields = dict(parse_qsl(server.seen[0].body.decode()))
    sent = fields.get("client_assertion") or fields["assertion"]
    assert not any(part in str(refused.value) for part in sent.split("."))
