# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that cannot be used, and services that cannot be reached: each has a sentence of its own."""

from __future__ import annotations

import itertools
import json
import re
import typing as t

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA, EVERY_GRANT, Grant
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, WAYS, Scene, check

EACH_FLOW = pytest.mark.parametrize("flow", EVERY_GRANT, ids=str)
GRANTS = [grant for grant in EVERY_GRANT if grant.refused != grant.url_option]
EACH_GRANT = pytest.mark.parametrize("flow", GRANTS, ids=str)


Ask = t.Callable[..., str]


def secrets_of(flow: Grant, url: str) -> list[str]:
    secrets = PROVIDERS[flow.provider].secrets
    return [value for name, value in DATA[flow.provider].pick(flow.options, url).items() if name in secrets]


@pytest.fixture
def refusal(sandbox: Sandbox) -> Ask:
    """The sentence that a fault of the sandbox gives, in a flow, after it was checked for what it must not hold."""

    def ask(scene: Scene, way: str, flow: Grant, **more: t.Any) -> str:
        scene.arguments = {"retries": 0, **DATA[flow.provider].pick(flow.options, sandbox.url), **more}
        sentence = scene.refusal(way, flow.provider)
        check(sentence, hidden=(MARKER, *secrets_of(flow, sandbox.url)))
        return sentence

    return ask


# status: what the sentence tells to do; {…}: of the flow.
STATUSES = {
    400: "Check {refused}",
    401: "Check {refused}",
    403: "Check ",
    404: "Check {url_option}",
    422: "Check {refused}",
    429: "wait a while",
    500: "Try again later",
    502: "Try again later",
    503: "Try again later",
}
# Where a 404 in the service's own words is not about the address.


@EACH_FLOW
def test_a_refusal_has_its_status_and_the_services_own_words(
    scene: Scene, sandbox: Sandbox, refusal: Ask, flow: Grant
) -> None:
    body = {"message": "words of the service", "trace": MARKER, "errors": [{"trace": MARKER}]}
    for (status, remedy), way in itertools.product(STATUSES.items(), WAYS):
        with scene.named(status, way) as one:
            sandbox.fault(flow.path, status=status, body=json.dumps(body))
            sentence = refusal(one, way, flow)
            assert f"with status {status} and said: words of the service." in sentence
            assert flow.refused in sentence or "{refused}" not in remedy
            # A signed request may be at fault itself, which is said before.
            assert remedy.partition("{")[0].lower() in sentence.lower()
            assert (flow.absent or flow.url_option) in sentence or "{url_option}" not in remedy


@EACH_FLOW
def test_kinds_of_refusals_are_told_apart(scene: Scene, sandbox: Sandbox, refusal: Ask, flow: Grant) -> None:
    for way in WAYS:
        remedies = set()
        for status in (401, 403, 404, 429, 500):
            with scene.named(way, status) as one:
                sandbox.fault(flow.path, status=status, body="{}")
                remedies.add(re.sub(r"\d+", "", refusal(one, way, flow)))
        assert len(remedies) == (4 if flow.refused == flow.url_option else 5), way


SAID = {
    "error": ({"error": "invalid_client"}, "and said: invalid_client."),
    "two fields": ({"error": "denied", "error_description": "Not you."}, "and said: denied: Not you."),
    "the same twice": ({"name": "Denied", "message": "Denied"}, "and said: Denied."),
    "all of them": (
        {"message": "d", "name": "c", "error_description": "b", "error": "a"},
        "and said: a: b: c: d.",
    ),
    "a line break": ({"message": "one\r\n\ttwo\x1b[31m"}, "and said: one two [31m."),
    "an object": ({"error": {"trace": MARKER}}, "status 403. "),
    "a number": ({"message": 12}, "status 403. "),
    "another field": ({"trace": MARKER, "title": MARKER}, "status 403. "),
    "a list": ([{"error": MARKER}], "status 403. "),
    "too long": ({"error": "x" * 2000 + MARKER + "y" * 1000}, "x" * 200),
}


def test_only_the_fields_for_errors_are_quoted(scene: Scene, sandbox: Sandbox, refusal: Ask) -> None:
    for (kind, (body, needed)), way in itertools.product(SAID.items(), WAYS):
        with scene.named(kind, way) as one:
            sandbox.fault(EVERY_GRANT[0].path, status=403, body=json.dumps(body))
            sentence = refusal(one, way, EVERY_GRANT[0])
            assert needed in sentence
            assert len(sentence) < 1000


ANSWERS: dict[str, tuple[dict[str, t.Any], str]] = {
    "HTML by its start": ({"body": f"\n<!DOCTYPE html><p>{MARKER}"}, "HTML"),
    "HTML with a failure": ({"status": 503, "body": f"<html>{MARKER}", "content_type": "text/html"}, "status 503."),
    "empty": ({"body": ""}, "empty"),
    "JSON cut short": ({"body": f'{{"access_token": "{MARKER}'}, "not JSON"),
    "more than 1 MiB": ({"big": 1024 * 1024}, "1 MiB"),
    "a broken connection": ({"cut": True}, "broke off"),
}


@EACH_FLOW
def test_an_answer_that_is_none_names_the_option_for_the_address(
    scene: Scene, sandbox: Sandbox, refusal: Ask, flow: Grant
) -> None:
    for (kind, (fault, needed)), way in itertools.product(ANSWERS.items(), WAYS):
        with scene.named(kind, way) as one:
            sandbox.fault(flow.path, **fault)
            sentence = refusal(one, way, flow)
            assert needed in sentence
            assert flow.url_option in sentence


@EACH_FLOW
def test_json_that_is_no_object_names_an_option(scene: Scene, sandbox: Sandbox, refusal: Ask, flow: Grant) -> None:
    for body, way in itertools.product(([MARKER], None), WAYS):
        with scene.named(body, way) as one:
            sandbox.fault(flow.path, body=json.dumps(body))
            sentence = refusal(one, way, flow)
            assert flow.url_option in sentence or "token_query" in sentence


NO_TOKENS = (..., None, "", 12, [MARKER], {"value": MARKER}, f"{MARKER}\n", f"a {MARKER}", f"é{MARKER}")


@EACH_GRANT
def test_no_token_where_token_query_looks_names_it(scene: Scene, sandbox: Sandbox, refusal: Ask, flow: Grant) -> None:
    for token, way in itertools.product(NO_TOKENS, WAYS):
        with scene.named(token, way) as one:
            fault = {"drop": ["access_token"]} if token is ... else {"merge": {"access_token": token}}
            sandbox.fault(flow.path, **fault)
            sentence = refusal(one, way, flow)
            assert "token_query" in sentence
            assert "access_token" in sentence


@EACH_GRANT
def test_a_token_query_that_is_no_expression_is_named(scene: Scene, refusal: Ask, flow: Grant) -> None:
    for query, way in itertools.product(("answer[", "nothing(@)", "length(expires_in)", "a b"), WAYS):
        with scene.named(query, way) as one:
            sentence = refusal(one, way, flow, token_query=query)
            assert sentence.startswith("token_query, from the argument token_query, is no JMESPath expression")


@EACH_FLOW
def test_a_redirect_is_not_followed(scene: Scene, sandbox: Sandbox, refusal: Ask, flow: Grant) -> None:
    for status, way in itertools.product((301, 302, 303, 307, 308), WAYS):
        with scene.named(status, way) as one:
            sandbox.fault(flow.path, status=status, redirect=f"{sandbox.url}/elsewhere?{MARKER}")
            sentence = refusal(one, way, flow)
            assert f"(status {status})" in sentence
            assert f"Set {flow.url_option}" in sentence
            assert "/elsewhere" not in [request.path for request in sandbox.state.requests]
