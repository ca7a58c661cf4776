# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""How the tests of HTTP ask, and a clock that they can look at."""

from __future__ import annotations

import time
import types
import typing as t
from dataclasses import dataclass, field

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import client, deadline
from ansible_collections.netapi.auth.plugins.plugin_utils._http.request import Repeat, Request
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings


def ask(url: str, *, headers: dict[str, str] | None = None, repeat: Repeat = Repeat.FREELY, **settings: t.Any) -> t.Any:
    """GET by the collection's own function. Without ``retries`` there is one try."""
    request = Request(
        "GET", url, "the_option", "the credential", "the permission", headers=headers or {}, repeat=repeat
    )
    return client.send(HttpSettings("Service", **{"retries": 0, "timeout": 5, **settings}), request)


def refusal(url: str, **settings: t.Any) -> ServiceError:
    """The error of such a request, of which nothing hangs that could be shown beside it."""
    with pytest.raises(ServiceError) as caught:
        ask(url, **settings)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


@dataclass
class Clock:
    """Stands for the module ``time`` in the files under test: waits are noted and over at once."""

    step: float = 0.0
    waits: list[float] = field(default_factory=list)
    looks: int = 0

    def monotonic(self) -> float:
        """Later by a step at each look."""
        self.looks += 1
        return self.looks * self.step

    def take(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = types.SimpleNamespace(time=time.time, sleep=self.waits.append, monotonic=self.monotonic)
        for file in (client, deadline):
            monkeypatch.setattr(file, "time", module)
