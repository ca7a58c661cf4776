# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Every wrong answer of the table leads to the option that mends it."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _providers
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.tests.tools.causes import (
    ASKS,
    REFRESH,
    ROWS,
    SECRET,
    Answer,
    Row,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import Voice, called
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
        provider = _providers.PROVIDERS[ask.provider]

        def call() -> t.Any:
            one = called(provider, local_tmp, Voice(), retries=0, **options)
            return one.forget(check_mode=False) if is_last and ask.forgets else one.result()

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
    if error.words:
        return text.partition(f"said: {error.words.rstrip('.')}. ")[2]
    return "".join(_sentences(text)[1:])


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[a-z0-9)}]\.)(?= [A-Z])", text)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_first_sentence_names_what_mends_it(row: Row, tmp_path: Path) -> None:
    error, url = _refused(row, tmp_path)
    advice = _advice(error).replace(url, "")
    first = _sentences(advice)[0]

    for name in row.names:
        assert re.search(rf"(?<![a-z_]){re.escape(name)}", first), f"{name} is not in: {first}"
    for name in row.never:
        assert name not in advice, f"{name} is in: {advice}"
    for secret in (SECRET, REFRESH):
        assert secret not in str(error)


def test_the_table_is_large_and_a_third_of_it_are_answers_of_real_servers() -> None:
    assert len(ROWS) >= 100
    assert len([row for row in ROWS if row.of]) * 3 >= len(ROWS)
    assert len({str(row) for row in ROWS}) == len(ROWS)
