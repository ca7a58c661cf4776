# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Every wrong answer of the table leads to the option that mends it."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import AuthError, ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.tools.causes import (
    ASKS,
    DOCUMENT,
    INPUTS,
    REFRESH,
    ROWS,
    SECRET,
    TOKEN,
    Answer,
    Input,
    Row,
    oauth,
    said,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import Clock
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Authority
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay, called
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Play, Server, reply


def _play(answer: Answer, url: str) -> Play:
    return reply(
        answer.body.replace("{url}", url),
        answer.status,
        **{"Content-Type": answer.content_type, **answer.headers},
    )


def _refused(row: Row, local_tmp: Path) -> tuple[ServiceError, str]:
    """The error of the last call, and the address of the server."""
    ask = ASKS[row.ask]
    with Server() as server:
        server.plays = tuple(_play(answer, server.url) for answer in (*ask.before, row.answer))
        options = {
            name: value.replace("{url}", server.url) if isinstance(value, str) else value
            for name, value in ask.options.items()
        }
        provider = PROVIDERS[ask.provider]

        def call() -> t.Any:
            one = called(provider, local_tmp, RecordedDisplay(), retries=0, **options)
            return one.remove(check_mode=False) if is_last and ask.forgets else one.result()

        is_last = False
        for _run in range(1, ask.runs):
            call()
        is_last = True
        with pytest.raises(ServiceError) as caught:
            call()
    return caught.value, server.url


def _advice(error: ServiceError) -> str:
    """What follows the words of the service, or else the sentence that says what happened."""
    text = str(error)
    if error.words and (advice := text.partition(f"said: {error.words.rstrip('.')}. ")[2]):
        return advice
    return "".join(_sentences(text)[1:])


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[a-z0-9)}]\.)(?= [A-Z])", text)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_first_sentence_names_what_mends_it(row: Row, tmp_path: Path) -> None:
    error, url = _refused(row, tmp_path)
    advice, _account, sources = _advice(error).replace(url, "").partition(" The method for ")
    first = _sentences(advice)[0]

    for name in row.names:
        assert re.search(rf"(?<![a-z_]){re.escape(name)}", first), f"{name} is not in: {first}"
    for name in row.never:
        assert name not in advice, f"{name} is in: {advice}"
    # Which account acts is said of each refusal but that of a revocation, with where its parts came from.
    is_refusal = error.status in (400, 401, 403) or (error.status in (200, 404, 422) and error.words != "")
    assert bool(sources) is (is_refusal and not ASKS[row.ask].forgets)
    for name in set(row.names) & set(ASKS[row.ask].options) if sources else ():
        assert f"{name} from the argument {name}" in sources
    for secret in (SECRET, REFRESH):
        assert secret not in str(error)


@pytest.mark.parametrize("given", INPUTS, ids=str)
def test_the_first_sentence_names_the_option_that_is_wrong(given: Input, tmp_path: Path, authority: Authority) -> None:
    authority.ca.cert_pem.write_to_path(str(tmp_path / "cert.pem"))
    with Server(reply()) as server:
        options = {
            name: value.replace("{url}", server.url).replace("{folder}", str(tmp_path))
            for name, value in given.options.items()
        }
        with pytest.raises(AuthError) as caught:
            called(PROVIDERS[given.provider], tmp_path, RecordedDisplay(), retries=0, **options).result()
        assert server.seen == []

    first = _sentences(str(caught.value))[0]
    for name in given.names:
        assert name in first
    for name in set(given.names) & set(given.options):
        assert f"{name}, from the argument {name}" in first or f"by {name}, from" in first


def test_an_error_with_status_200_at_a_revocation_endpoint_is_none(tmp_path: Path) -> None:
    """Keycloak says so of tokens that it does not know (RFC 7009 section 2.2)."""
    options = {name: value for name, value in ASKS["revocation"].options.items() if value != "{url}"}
    with Server() as server:
        answers = (said(200, DOCUMENT), said(200, TOKEN), said(200, DOCUMENT), oauth(200, "invalid_token"))
        server.plays = tuple(_play(answer, server.url) for answer in answers)
        call = called(
            PROVIDERS["netbird"], tmp_path, RecordedDisplay(), issuer=server.url, api_url=server.url, **options
        )
        call.result()
        assert call.remove(check_mode=False)["changed"] is True


def test_an_answer_with_a_token_and_an_error_that_is_null_is_a_success(tmp_path: Path) -> None:
    with Server(reply(json.dumps({**TOKEN, "error": None}))) as server:
        options = {**ASKS["credentials"].options, "token_url": f"{server.url}/token", "api_url": server.url}
        result = called(PROVIDERS["netbird"], tmp_path, RecordedDisplay(), **options).result()

    assert result["access_token"] == TOKEN["access_token"]


def test_the_name_of_another_issuer_brings_nothing_with_it(tmp_path: Path) -> None:
    document = {**DOCUMENT, "issuer": f"https://a\x1b[31m\u202eb.example/{SECRET}/{'x' * 5000}"}
    options = {**ASKS["discovery"].options}
    with Server(reply(json.dumps(document))) as server:
        options.update(issuer=server.url, api_url=server.url)
        with pytest.raises(ServiceError) as caught:
            called(PROVIDERS["netbird"], tmp_path, RecordedDisplay(), **options).result()

    assert str(caught.value).isprintable()
    assert SECRET not in str(caught.value)
    assert len(str(caught.value)) < 900


def test_netbird_is_asked_again_ten_seconds_after_a_429(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    clock.take(monkeypatch)
    user = {"id": "1", "name": "somebody"}
    with Server(reply('{"message": "too many requests"}', 429), reply(json.dumps(user))) as server:
        call = called(
            *(PROVIDERS["netbird"], tmp_path, RecordedDisplay()), token="a-token", api_url=server.url, whoami=True
        )
        assert call.result()["identity"]["name"] == "somebody"

    assert clock.waits == [10.0]


def test_the_table_is_large_and_a_third_of_it_are_answers_of_real_servers() -> None:
    assert len(ROWS) >= 100
    assert len([row for row in ROWS if row.of]) * 3 >= len(ROWS)
    assert len({str(row) for row in ROWS}) == len(ROWS)
