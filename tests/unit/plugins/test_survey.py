# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom the playbook netapi.auth.whoami asks, by the answer of a survey and the credentials that are attached."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.netapi.auth.tests.unit.harness import trusted

BOOK = Path(__file__).resolve().parents[3] / "playbooks" / "whoami.yml"
(PLAY,) = yaml.safe_load(BOOK.read_text(encoding="utf-8"))
SOMEBODY, KNOWN = (task["ansible.builtin.assert"]["that"] for task in PLAY["tasks"][:2])
ALL = {"NETBIRD_AUTH_CLIENT_SECRET": "a", "RAPIDAPI_KEY": "b", "NETOSECRET": "c"}


def evaluated(expression: str, services: object = None) -> t.Any:
    """What it is in the play, with the survey's answer if there is one."""
    variables = {**PLAY["vars"], **({} if services is None else {"whoami_services": services})}
    variables = {name: trusted(value) for name, value in variables.items()}
    return Templar(loader=DataLoader(), variables=variables).template(trusted("{{ " + expression + " }}"))


@pytest.fixture
def attached(monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential of each service."""
    for name, value in ALL.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("services", "asked"),
    [
        (["netbird"], ["netbird"]),
        ("netbird", ["netbird"]),
        ("netography, netbird", ["netography", "netbird"]),
        ("netfoundry,netbird", ["netfoundry", "netbird"]),
        ("", ["netbird", "netfoundry", "netography"]),
        ([], ["netbird", "netfoundry", "netography"]),
        (None, ["netbird", "netfoundry", "netography"]),
    ],
    ids=["a list", "a text", "a text of two", "a text without a space", "an empty text", "an empty list", "no answer"],
)
@pytest.mark.usefixtures("attached")
def test_the_answer_picks_the_services(services: object, asked: list[str]) -> None:
    assert evaluated("whoami_asked", services) == asked
    assert evaluated(SOMEBODY, services) is True
    assert evaluated(KNOWN, services) is True


@pytest.mark.parametrize("services", [["NetBird"], ["netbird", "other"], "net"], ids=["a list", "one of two", "a text"])
@pytest.mark.usefixtures("attached")
def test_a_service_that_is_none_is_not_known(services: object) -> None:
    assert evaluated(KNOWN, services) is False


@pytest.mark.parametrize("name", ALL)
def test_without_an_answer_those_are_asked_whose_credential_is_attached(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, ALL[name])
    service = dict(zip(ALL, ("netbird", "netfoundry", "netography"), strict=True))[name]
    assert evaluated("whoami_asked", "") == [service]


def test_without_a_credential_there_is_nobody_to_ask() -> None:
    assert evaluated("whoami_asked") == []
    assert evaluated(SOMEBODY) is False
