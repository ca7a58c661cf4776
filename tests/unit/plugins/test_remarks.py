# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is odd about what was said: line ends, blanks, quotes and numbers, names of variables, environment."""

from __future__ import annotations

import base64
import itertools
import json
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, trusted
from ansible_collections.netapi.auth.tests.unit.plugins import outside
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.test_options import good
from ansible_collections.netapi.auth.tests.unit.plugins.test_whole_accounts import LOGIN, content, held, made
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, PLACES, WAYS, Scene, check, walk

EACH = pytest.mark.parametrize("provider", PLUGINS)
EACH_OPTION = pytest.mark.parametrize(
    ("provider", "option"), [(provider, option) for provider in PLUGINS for option in PLACES[provider]]
)
TEXTUAL = ("argument", "variable", "environment")


@EACH_OPTION
def test_a_line_break_at_the_end_is_no_part_of_any_value(scene: Scene, provider: str, option: str) -> None:
    for place, way in walk(provider, option):
        for end in ("\n", "\r\n") if place.kind in TEXTUAL else ():
            with scene.named(place, way, end) as one:
                text, read = good(place.definition, 0)
                one.say(place, f"{text}{end}")
                assert one.options(way, provider).settings[option].value == read


@EACH_OPTION
def test_a_line_break_alone_is_nothing(scene: Scene, provider: str, option: str) -> None:
    for place, way in walk(provider, option):
        for end in ("\n", "\r\n") if place.kind in TEXTUAL else ():
            with scene.named(place, way, end) as one:
                one.say(place, end)
                assert one.options(way, provider).settings[option].source == "its default"


def test_only_one_line_break_is_taken(scene: Scene) -> None:
    for text, kept in {"a\n\n": "a\n", "a\r\n\r\n": "a\r\n", "a\n\r\n": "a\n", "\na": "\na", "a\r": "a\r"}.items():
        with scene.named(text) as one:
            one.arguments["scope"] = text
            assert one.options("lookup", "netbird").settings["scope"].value == kept


FROM_ELSEWHERE = ("client_assertion", "assertion", "subject_token")
PROOFS = "client_secret or private_key or private_key_file or client_assertion"
# provider, option, what else is said.
Case = tuple[str, str, Mapping[str, str]]
USED: list[Case] = [
    (name, option, data.pick(credential, "https://service.example"))
    for name, data in DATA.items()
    for credential in data.credentials
    for option in credential
    if option in {*PROVIDERS[name].secrets, *itertools.chain(*data.ids.values())}
    # Blanks around a key mean nothing.
    and option not in {"private_key", *data.in_headers, *(method.holder for method in PROVIDERS[name].methods)}
]
REFUSED: list[Case] = [
    *((name, option, others) for name, data in DATA.items() for option, others in data.in_headers.items()),
    *((name, option, data.beside(option, "")) for name, data in DATA.items() for option in data.urls),
    ("netbird", "proxy", {"token": "one"}),
]
ODD = {
    f" {MARKER}": "begins with a blank",
    f"{MARKER} ": "ends with a blank",
    f"\t{MARKER}\u00a0": "begins and ends with a blank",
    f"{MARKER}\u200b": "ends with a blank",
    f"\ufeff{MARKER}": "begins with a blank",
    f"{MARKER}\n\n": "ends with a blank",
    f'"{MARKER}"': "stands in quotes",
    f"'{MARKER}'": "stands in quotes",
}


@pytest.mark.parametrize(("provider", "option", "others"), USED)
def test_an_odd_secret_or_id_is_used_as_it_is_with_a_warning(
    scene: Scene, heard: list[str], provider: str, option: str, others: Mapping[str, str]
) -> None:
    for (text, odd), kind, way in itertools.product(ODD.items(), TEXTUAL, WAYS):
        places = [place for place in PLACES[provider][option] if place.kind == kind]
        for place in places[:1]:
            with scene.named(text, place, way) as one:
                one.arguments = {name: value for name, value in others.items() if name != option}
                one.say(place, text)
                # A line end more is no part of a token either.
                kept = text.rstrip("\n") if option in FROM_ELSEWHERE else text.removesuffix("\n")
                assert held(made(one, way, provider).credential, option) == kept
                assert len(heard) == 1
                check(heard[0], f"{option}, from {place.words}, {odd}")


@pytest.mark.parametrize(("provider", "option", "others"), REFUSED)
def test_an_odd_header_or_address_is_refused(
    scene: Scene, provider: str, option: str, others: Mapping[str, str]
) -> None:
    for (text, odd), place, way in itertools.product(ODD.items(), PLACES[provider][option], WAYS):
        is_alias = place.name != option and place.kind == "argument"
        if is_alias or place.name in PROVIDERS[provider].ignored:
            continue
        with scene.named(text, place, way) as one:
            one.arguments = dict(others)
            one.say(place, text if option == "rapidapi_host" else text.replace(MARKER, f"https://{MARKER}.example"))
            check(one.refusal(way, provider), f"{option}, from {place.words}, {odd}")


def test_what_the_selected_method_does_not_use_is_not_looked_at(scene: Scene, heard: list[str]) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments["token"] = MARKER
            one.patch.setenv("NETFOUNDRY_CLIENT_SECRET", f" {MARKER}")
            one.patch.setenv("RAPIDAPI_KEY", f" {MARKER}")
            assert one.result(way, "netfoundry")["method"] == "token"
            assert heard == []


def test_what_a_credentials_file_holds_is_looked_at_too(scene: Scene, heard: list[str]) -> None:
    values = {"clientId": "one\n", "password": f" {MARKER}\r\n", "authenticationUrl": f"{LOGIN}\n"}
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments["credentials_file"] = json.dumps(values)
            used: t.Any = made(one, way, "netfoundry").credential
            assert (held(used, "client_id"), held(used, "client_secret"), used.token_url) == (
                "one",
                f" {MARKER}",
                LOGIN,
            )
            assert len(heard) == 1
            check(heard[0], "password in credentials_file (the argument credentials_file), begins with a blank")


def test_what_a_netosecret_holds_is_looked_at_too(scene: Scene, heard: list[str]) -> None:
    values = {"shortname": "one\n", "appname": "one", "appkey": "one", "sharedsecret": f"{MARKER} "}
    values["url"] = "https://neto.example\n"
    for way in WAYS:
        with scene.named(way) as one:
            one.patch.setenv("NETOSECRET", base64.b64encode(json.dumps(values).encode()).decode())
            used: t.Any = made(one, way, "netography").credential
            assert (used.shortname, used.sharedsecret, used.api_url) == ("one", f"{MARKER} ", "https://neto.example")
            assert len(heard) == 1
            check(heard[0], "sharedsecret in netosecret", "ends with a blank")


def test_a_number_as_a_secret_is_warned_of(scene: Scene, heard: list[str]) -> None:
    for kind, way in itertools.product(TEXTUAL[:2], WAYS):
        with scene.named(kind, way) as one:
            place = next(each for each in PLACES["netfoundry"]["client_secret"] if each.kind == kind)
            one.arguments["client_id"] = 12
            one.say(place, 42798)
            used: t.Any = made(one, way, "netfoundry").credential
            assert (held(used, "client_id"), held(used, "client_secret")) == ("12", "42798")
            assert len(heard) == 1
            check(heard[0], f"client_secret, from {place.words}, is a number without quotes", hidden=("42798",))


def test_a_number_in_quotes_is_a_text_like_others(scene: Scene, heard: list[str]) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments = {"client_id": "12", "client_secret": "0123456"}
            made(one, way, "netfoundry")
            assert heard == []


NEAR = {
    "netfoundry_auth_clientid": "netfoundry_auth_client_id",
    "netfoundry_auth_client_secert": "netfoundry_auth_client_secret",
    "netfoundry_auth_clientSecret": "netfoundry_auth_client_secret",
    "netbird_auth_pats": "netbird_auth_pat",
    "netbird_auth_tokenurl": "netbird_auth_token_url",
    "netography_auth_neto_secret": "netography_auth_netosecret",
}
FAR = (
    "netbird_auth_authority",
    "netbird_auth_authority_id",
    "netbird_auth_supported_scopes",
    "netbird_auth_user_id_claim",
    "netfoundry_client_id",
    "my_netfoundry_auth_clientid",
    "auth_headers_netbird",
    "netfoundry_auth_headers_of_mine",
)


def test_a_name_that_is_nearly_right_is_told_once_with_the_right_one(scene: Scene, heard: list[str]) -> None:
    for (name, right), way in itertools.product(NEAR.items(), WAYS):
        with scene.named(name, way) as one:
            provider = name.partition("_")[0]
            one.ansible.variables = {name: MARKER, **dict.fromkeys(FAR, MARKER)}
            one.arguments["token"] = "an-opaque-token"
            one.result(way, provider)
            assert len(heard) == 1
            check(heard[0], f"The variable {name} is no option's", f"write {right},")


def test_a_name_that_is_nearly_right_is_told_where_nothing_else_is_found_too(scene: Scene, heard: list[str]) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.ansible.variables = {"netbird_auth_pats": MARKER}
            check(one.refusal(way, "netbird"), "NetBird has no credential here")
            assert len(heard) == 1
            check(heard[0], "The variable netbird_auth_pats is no option's", "write netbird_auth_pat,")


WITHOUT_AUTH = {
    "netbird_pat": "netbird_auth_pat",
    "netbird_refresh_tokn": "netbird_auth_refresh_token",
    "netfoundry_client_id": "netfoundry_auth_client_id",
    "netfoundry_clientsecret": "netfoundry_auth_client_secret",
    "netfoundry_credentials_file": "netfoundry_auth_credentials_file",
    "netography_netosecret": "netography_auth_netosecret",
    "netography_neto_secret": "netography_auth_netosecret",
}
OTHERS = ("netbird_pot", "netbird_ip", "netfoundry_version", "my_netbird_pat", "netography_headers", "netbird_api_url")


def test_a_name_without_auth_is_told_where_there_is_no_credential(scene: Scene, heard: list[str]) -> None:
    for (name, right), way in itertools.product(WITHOUT_AUTH.items(), WAYS):
        with scene.named(name, way) as one:
            provider = name.partition("_")[0]
            one.ansible.variables = {name: MARKER, **dict.fromkeys(OTHERS, MARKER)}
            end = f" Of no effect is {name}: write {right}, if that is meant."
            assert one.refusal(way, provider).endswith(end)
            assert heard == []


def test_a_name_without_auth_is_told_where_half_of_a_credential_is_missing(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments["client_secret"] = MARKER
            one.ansible.variables = {"netbird_client_id": MARKER, "netbird_pat": MARKER}
            check(one.refusal(way, "netbird"), "netbird_client_id: write netbird_auth_client_id")
        with scene.named(way, "half") as one:
            one.ansible.variables = {"netography_auth_username": "a", "netography_password": MARKER}
            check(one.refusal(way, "netography"), "netography_password: write netography_auth_password")


def test_a_name_without_auth_that_feeds_the_right_option_is_nobodys_business(scene: Scene, heard: list[str]) -> None:
    for way in WAYS:
        with scene.named(way, "variable") as one:
            one.ansible.variables = {"netbird_pat": "", "netbird_auth_pat": "{{ netbird_pat }}"}
            assert "Of no effect" not in one.refusal(way, "netbird")
        with scene.named(way, "argument") as one:
            one.ansible.variables = {"netbird_pat": ""}
            one.arguments["pat"] = ""
            assert "Of no effect" not in one.refusal(way, "netbird")
        with scene.named(way, "with a credential") as one:
            one.ansible.variables = {"netbird_pat": MARKER, "netbird_client_id": MARKER}
            one.arguments["token"] = "an-opaque-token"
            one.result(way, "netbird")
            assert heard == []


# provider, what is whole in the environment, half of another, and what would make that one whole.
HALVES: tuple[tuple[str, dict[str, str], str, str], ...] = (
    (
        "netbird",
        {"NB_PAT": MARKER},
        "client_id",
        "refresh_token or client_secret or private_key or private_key_file or client_assertion",
    ),
    (
        "netbird",
        {"NETBIRD_AUTH_TOKEN": MARKER},
        "client_id",
        "refresh_token or client_secret or private_key or private_key_file or client_assertion",
    ),
    ("netfoundry", {"NETFOUNDRY_API_TOKEN": MARKER}, "account_id", "account_token"),
    ("netfoundry", {"NETFOUNDRY_API_TOKEN": MARKER}, "client_id", f"{PROOFS} or credentials_file"),
    ("netfoundry", {"RAPIDAPI_KEY": MARKER}, "account_id", "account_token"),
    ("netfoundry", {"NETFOUNDRY_API_TOKEN": MARKER}, "rapidapi_host", "rapidapi_key"),
    ("netography", {"NETOGRAPHY_API_TOKEN": MARKER}, "username", "password"),
    ("netography", {"NETOGRAPHY_API_TOKEN": MARKER}, "shortname", "netosecret or sharedsecret"),
)


@pytest.mark.parametrize(("provider", "whole", "half", "other"), HALVES)
def test_half_of_a_credential_beside_a_whole_one_is_told_once(
    scene: Scene, heard: list[str], provider: str, whole: dict[str, str], half: str, other: str
) -> None:
    [(name, value)] = whole.items()
    for place, way in walk(provider, half):
        with scene.named(place, way) as one:
            one.patch.setenv(name, value)
            one.say(place, "half.example")
            one.result(way, provider)
            is_theirs = place.name == "netbird_auth_client_id"
            told = [each for each in heard if "is not used" in each]
            if place.kind == "environment" or is_theirs:
                assert told == []
                continue
            assert len(told) == 1
            check(told[0], f"{half}, from {place.words}, is not used", f"the environment variable {name}, selects")
            check(told[0], f"Set {other} in the same place as {half}, or leave {half} out.")


def test_half_of_a_credential_beside_a_method_that_was_said_is_meant(scene: Scene, heard: list[str]) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.patch.setenv("NB_PAT", "an-opaque-token")
            one.arguments = {"client_id": "one", "method": "pat"}
            one.result(way, "netbird")
            assert [each for each in heard if "not used" in each] == []


@EACH
def test_other_variables_are_nobodys_business(scene: Scene, heard: list[str], provider: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.ansible.variables = {**dict.fromkeys(FAR, MARKER), f"{provider}_auth_min_validity": 10}
            one.arguments["token"] = "an-opaque-token"
            one.result(way, provider)
            assert heard == []


@dataclass(frozen=True)
class Keyword:
    """Where ``environment`` stands."""

    play: dict[str, t.Any]
    task: dict[str, t.Any]


NAMED = {"NB_PAT": MARKER, "NETBIRD_AUTH_ISSUER": MARKER, "HOME_OF_MINE": "x"}
KEYWORDS = {
    "of the task": Keyword({}, {"environment": NAMED}),
    "of the play": Keyword({"environment": NAMED}, {}),
    "from a variable": Keyword({"vars": {"mine": NAMED}}, {"environment": "{{ mine }}"}),
}


@pytest.mark.parametrize(
    ("name", "where"),
    [*(("netapi.auth.netbird_auth", where) for where in KEYWORDS), ("netapi.auth.uri", "of the task")],
)
def test_the_keyword_environment_is_told_of_once(tmp_path: Path, where: str, name: str) -> None:
    keyword = KEYWORDS[where]
    arguments = {"auth": "netbird", "url": "/api/users"} if name == "netapi.auth.uri" else {"set_facts": False}
    done = outside.play(tmp_path, {**keyword.play, "tasks": [{name: arguments, **keyword.task}]})

    words = " ".join(done.stdout.split() + done.stderr.split())
    assert done.returncode == 2
    said = "the keyword environment sets NB_PAT, NETBIRD_AUTH_ISSUER on the host. Such variables are read from the "
    assert words.count(f"{name}: {said}environment of the controller.") == 1
    assert "environment variable of the controller: NB_PAT" in words
    assert MARKER not in words


def test_another_environment_is_nobodys_business(tmp_path: Path) -> None:
    task = {"netapi.auth.netbird_auth": {"token": "opaque", "set_facts": False}}
    environments: tuple[object, ...] = ({"HOME_OF_MINE": "x"}, [{"A": "x"}, {"B": "x"}], [])
    done = outside.play(tmp_path, {"tasks": [{**task, "environment": each} for each in environments]})

    assert done.returncode == 0, done.stdout
    assert "keyword environment" not in done.stdout + done.stderr


def test_an_environment_that_cannot_be_evaluated_is_left_to_the_core(scene: Scene, heard: list[str]) -> None:
    template = trusted("{{ undefined_one }}")
    for environment in (template, [{"NB_PAT": MARKER}, {"NB_PAT": template}]):
        arguments = {"token": "an-opaque-token", "set_facts": False}
        result = scene.ansible.action("netapi.auth.netbird_auth", arguments, environment=environment)
        assert (result["access_token"], heard) == ("an-opaque-token", [])


def test_the_content_of_a_file_is_no_odd_value(scene: Scene, heard: list[str]) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments["credentials_file"] = f" {content(1)} "
            made(one, way, "netfoundry")
            assert heard == []
