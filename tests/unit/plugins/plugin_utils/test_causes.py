# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every wrong answer of the table leads to the option that mends it."""

from __future__ import annotations

import base64
import json
import re
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import AuthError, ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Session
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import Clock
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.causes import TABLE, Row, mend_of, rows
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Authority
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay, called
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Play, Server, reply


def _ask(name: str) -> dict[str, t.Any]:
    """What the table says of a call."""
    found = TABLE["asks"][name]
    return {**(_ask(found["like"]) if "like" in found else {}), **found}


def _options(name: str, url: str) -> dict[str, t.Any]:
    """The options of a call that are set."""
    given = {"api_url": "{url}", **_ask(name)}
    for other in ("provider", "like", "before", "forgets"):
        given.pop(other, None)
    return {each: _filled(value, url) for each, value in given.items() if value}


def _filled(value: t.Any, url: str) -> t.Any:
    if value == "{bundle}":
        return base64.b64encode(json.dumps({**_options("api key", url), "url": url}).encode()).decode()
    return value.replace("{url}", url) if isinstance(value, str) else value


def _play(url: str, status: int, *parts: t.Any) -> Play:
    """An answer of the table."""
    headers = parts[-1] if len(parts) > 1 and isinstance(parts[-1], dict) else {}
    match parts[: len(parts) - bool(headers)]:
        case ["page", title]:
            page = f"<!DOCTYPE html><html><head><title>{title}</title></head></html>"
            return reply(page, status, **{"Content-Type": "text/html; charset=utf-8", **headers})
        case ["text", text]:
            return reply(text, status, **{"Content-Type": "text/plain; charset=utf-8", **headers})
        case [str() as code, *words]:
            body: object = {"error": code, **dict.fromkeys(["error_description"][: len(words)], *words)}
        case _:
            body = parts[0]
    return reply(json.dumps(body).replace("{url}", url), status, **headers)


def _session(name: str, server: Server, local_tmp: Path, retries: int = 0) -> Session:
    options = {"retries": retries, **_options(name, server.url)}
    return called(PROVIDERS[_ask(name)["provider"]], local_tmp, RecordedDisplay(), **options)


def _refused(row: Row, local_tmp: Path) -> tuple[ServiceError, str]:
    """The error of the call, which follows one that succeeded where the table says so, and the server's address."""
    ask = _ask(row.ask)
    with Server() as server:
        answers = (*ask.get("before", ()), [row.status, *row.parts])
        server.plays = tuple(_play(server.url, *answer) for answer in answers)
        if "before" in ask:
            _session(row.ask, server, local_tmp).result()
        last = _session(row.ask, server, local_tmp)
        with pytest.raises(ServiceError) as caught:
            last.remove(check_mode=False) if "forgets" in ask else last.result()
    return caught.value, server.url


def _advice(error: ServiceError) -> str:
    """What follows the words of the service, or else the sentence that says what happened."""
    text = str(error)
    if error.words and (advice := text.partition(f"said: {error.words.rstrip('.')}. ")[2]):
        return advice
    return "".join(_sentences(text)[1:])


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[a-z0-9)}]\.)(?= [A-Z])", text)


@pytest.mark.parametrize("row", rows(), ids=str)
def test_the_first_sentence_names_what_mends_it(row: Row, tmp_path: Path) -> None:
    error, url = _refused(row, tmp_path)
    advice, _account, sources = _advice(error).replace(url, "").partition(" The method for ")
    first = _sentences(advice)[0]
    mend = mend_of(row)
    named = [*mend.get("options", ()), *mend.get("words", ())]

    assert [name for name in named if not re.search(rf"(?<![a-z_]){re.escape(name)}", first)] == [], first
    assert [
        name for name in mend.get("never", ()) if re.search(rf"(?<![a-z_]){re.escape(name)}(?![a-z_])", advice)
    ] == [], advice
    # Which account acts is said of each refusal but that of a revocation, with where its parts came from.
    is_refusal = error.status in (400, 401, 403) or (error.status in (200, 404, 422) and error.words != "")
    assert bool(sources) is (is_refusal and "forgets" not in _ask(row.ask))
    options = _options(row.ask, url)
    for name in set(named) & set(options) if sources else ():
        assert f"{name} from the argument {name}" in sources
    for secret in {"client_secret", "refresh_token", "sharedsecret", "password"} & set(options):
        assert options[secret] not in str(error)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"client_cert": "cert.pem", "issuer": "https://a.example"}, ("client_cert, from the argument", "private key")),
        ({}, ("identity provider", "issuer", "token_url")),
    ],
)
def test_the_first_sentence_names_the_option_that_is_wrong(
    options: dict[str, t.Any],
    names: tuple[str, ...],
    tmp_path: Path,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    authority.ca.cert_pem.write_to_path("cert.pem")
    with pytest.raises(AuthError) as caught:
        called(
            PROVIDERS["netbird"], tmp_path, RecordedDisplay(), client_id="one", client_secret="a-secret", **options
        ).result()

    first = _sentences(str(caught.value))[0]
    assert [name for name in names if name not in first] == [], first


def test_an_error_with_status_200_at_a_revocation_endpoint_is_none(tmp_path: Path) -> None:
    """Keycloak says so of tokens that it does not know (RFC 7009 section 2.2)."""
    with Server() as server:
        before = _ask("revocation")["before"]
        server.plays = tuple(_play(server.url, *answer) for answer in (*before, [200, "invalid_token"]))
        _session("revocation", server, tmp_path).result()
        assert _session("revocation", server, tmp_path).remove(check_mode=False)["changed"] is True


def test_an_answer_with_a_token_and_an_error_that_is_null_is_a_success(tmp_path: Path) -> None:
    with Server(reply('{"access_token": "a-token", "token_type": "Bearer", "error": null}')) as server:
        assert _session("credentials", server, tmp_path).result()["access_token"] == "a-token"


def test_the_name_of_another_issuer_brings_nothing_with_it(tmp_path: Path) -> None:
    issuer = f"https://a\x1b[31m\u202eb.example/a-secret/{'x' * 5000}"
    answer = reply(json.dumps({"issuer": issuer, "token_endpoint": "https://a.example"}))
    with Server(answer) as server, pytest.raises(ServiceError) as caught:
        _session("discovery", server, tmp_path).result()

    assert str(caught.value).isprintable()
    assert "a-secret" not in str(caught.value)
    assert len(str(caught.value)) < 900


def test_netbird_is_asked_again_ten_seconds_after_a_429(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    clock.take(monkeypatch)
    with Server(reply('{"message": "too many requests"}', 429), reply('{"id": "1", "name": "one"}')) as server:
        assert _session("who am I at netbird", server, tmp_path, retries=1).result()["identity"]["name"] == "one"

    assert clock.waits == [10.0]


def test_the_table_is_large_and_a_third_of_it_are_answers_of_real_servers() -> None:
    found = rows()
    assert len(found) >= 100
    assert len([row for row in found if row.service != "made up"]) * 3 >= len(found)
    assert {row.mend for row in found} >= set(TABLE["mends"])
    assert {row.ask for row in found} == set(TABLE["asks"])
