# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""whoami: what is asked of each service, in which order, and what a refusal says."""

from __future__ import annotations

import json
import time
import typing as t
from dataclasses import dataclass

import pytest

from ansible_collections.netapi.auth.tests.sandbox import NetBirdPat, NetBirdUser, make_pat
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Internet
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import WAYS, what_was_sent
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA, EVERY_READY_FLOW, Flow

CURRENT = "/api/users/current"
USERS = "/api/users"
TACTICS = "/api/v1/mitre/tactics"
SELVES = (
    "/identity/v1/identities/self",
    "/identity/v1/api-account-identities/self",
    "/identity/v1/user-identities/self",
)


def _ask(way: str, ansible: Ansible, provider: str, **options: t.Any) -> dict[str, t.Any]:
    ask = ansible.task_result if way == "task" else ansible.lookup_result
    return ask(provider, retries=0, **options)


def _client(sandbox: Sandbox, number: int) -> dict[str, str]:
    return {
        "token_url": f"{sandbox.url}/oauth/token",
        "client_id": f"nf-client-{number}",
        "client_secret": f"nf-secret-{number}",
        "environment": "sandbox",
        "api_url": sandbox.url,
    }


@dataclass(frozen=True)
class Who:
    """The first grant of a provider, and who its token is."""

    provider: str
    sandbox: Sandbox
    ansible: Ansible

    def ask(self, way: str = "task", **more: t.Any) -> dict[str, t.Any]:
        data = DATA[self.provider]
        given = {**data.pick(data.grants[0].options, self.sandbox.url), "api_url": self.sandbox.url}
        return _ask(way, self.ansible, self.provider, **given, **more)

    def refused(self, status: int, times: int | None = None) -> None:
        """With whoami, where the service answers that."""
        self.sandbox.fault(DATA[self.provider].whoami, status=status, times=times)
        with pytest.raises(Refused, match=f"status {status}"):
            self.ask(whoami=True)

    @property
    def seen(self) -> tuple[int, int]:
        """How often it was asked who the token is, and for a token."""
        paths = [sent.path for sent in what_was_sent(self.sandbox)]
        return paths.count(DATA[self.provider].whoami), self.sandbox.state.grants[self.provider]


@pytest.fixture(params=DATA)
def who(request: pytest.FixtureRequest, sandbox: Sandbox, ansible: Ansible) -> Who:
    return Who(request.param, sandbox, ansible)


def _reads(sandbox: Sandbox) -> list[str]:
    """The paths that were read, in order, with the token that the grant gave."""
    return [sent.path for sent in what_was_sent(sandbox) if sent.method == "GET"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("number", "asked"), [(1, SELVES[:1]), (2, SELVES[:2]), (3, SELVES)])
def test_netfoundry_is_asked_at_three_addresses_in_order(
    number: int, asked: tuple[str, ...], way: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    result = _ask(way, ansible, "netfoundry", whoami=True, **_client(sandbox, number))

    assert _reads(sandbox) == list(asked)
    assert result["identity"]["id"] == f"identity of nf-client-{number}"


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"account_id": "nf-account-1", "account_token": "nf-account-token-1"}, "nf-account-1"),
        ({"rapidapi_key": "nf-rapidapi-key-1"}, "rapidapi"),
    ],
)
def test_netfoundry_is_asked_with_a_credential_that_is_ready(
    options: dict[str, str], name: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    result = _ask("task", ansible, "netfoundry", whoami=True, api_url=sandbox.url, **options)

    assert result["identity"]["name"] == name


@pytest.mark.parametrize("status", [403, 404])
def test_a_token_that_none_of_the_three_addresses_knows_is_an_error(
    status: int, sandbox: Sandbox, ansible: Ansible
) -> None:
    for path in SELVES:
        sandbox.fault(path, status=status, body='{"message": "not here"}')

    with pytest.raises(Refused, match=f"status {status} and said: not here"):
        _ask("task", ansible, "netfoundry", whoami=True, **_client(sandbox, 1))
    assert _reads(sandbox) == list(SELVES)


def test_what_is_no_object_does_not_say_who_the_token_is(sandbox: Sandbox, ansible: Ansible) -> None:
    for path in SELVES:
        sandbox.fault(path, body="[]")

    with pytest.raises(Refused, match="NetFoundry did not say who the token is: the answer is no JSON object"):
        _ask("task", ansible, "netfoundry", whoami=True, **_client(sandbox, 1))
    assert _reads(sandbox) == list(SELVES)


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_another_refusal_of_netfoundry_ends_the_asking(status: int, sandbox: Sandbox, ansible: Ansible) -> None:
    sandbox.fault(SELVES[0], status=status)

    with pytest.raises(Refused, match=f"status {status}"):
        _ask("task", ansible, "netfoundry", whoami=True, **_client(sandbox, 2))
    assert _reads(sandbox) == list(SELVES[:1])


@pytest.mark.parametrize("way", WAYS)
def test_netbird_says_who_a_user_is(way: str, sandbox: Sandbox, ansible: Ansible) -> None:
    result = _ask(way, ansible, "netbird", whoami=True, pat=make_pat("sandboxuser1"), api_url=sandbox.url)

    assert _reads(sandbox) == [CURRENT, f"{USERS}/user-1/tokens"]
    assert (result["identity"]["id"], result["identity"]["is_current"]) == ("user-1", True)


@pytest.mark.parametrize("way", WAYS)
def test_a_service_user_of_netbird_is_found_in_the_list(way: str, sandbox: Sandbox, ansible: Ansible) -> None:
    result = _ask(way, ansible, "netbird", whoami=True, pat=make_pat("sandboxservice3"), api_url=sandbox.url)

    assert _reads(sandbox) == [CURRENT, USERS, f"{USERS}/service-3/tokens"]
    assert sandbox.state.requests[-2].query == {"service_user": "true"}
    identity = result["identity"]
    assert (identity["id"], identity["is_service_user"], identity["role"]) == ("service-3", True, "admin")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("life", "left", "warns"), [(90, 13.9, True), (90, 14.1, False), (20, 3.9, True), (20, 4.1, False)]
)
def test_the_end_of_a_personal_access_token_is_told_ahead(
    sandbox: Sandbox, ansible: Ansible, heard: list[str], way: str, life: float, left: float, warns: bool
) -> None:
    now = time.time()
    for name, end in (("own", left), ("other", 1.0)):
        pat = make_pat(name)
        sandbox.add_account(NetBirdUser(pat, "service-8", is_service_user=True))
        made = now + (end - life) * 86400
        # The other one was used a moment ago.
        sandbox.add_account(NetBirdPat(name, "service-8", name, pat, made, now + end * 86400, now - 1))
    _ask(way, ansible, "netbird", whoami=True, pat=make_pat("own"), api_url=sandbox.url)
    told = [each for each in heard if "personal access token own ends on" in each]
    assert len(told) == len(heard) == warns
    assert _reads(sandbox).count(f"{USERS}/service-8/tokens") == 1


@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 500}, {"body": "{}"}, {"body": "null"}])
def test_where_tokens_may_not_be_listed_nothing_is_told(
    sandbox: Sandbox, ansible: Ansible, heard: list[str], fault: dict[str, t.Any]
) -> None:
    sandbox.fault(f"{USERS}/service-3/tokens", **fault)
    pat = make_pat("sandboxservice3")
    result = ansible.task_result("netbird", whoami=True, pat=pat, api_url=sandbox.url)
    assert result["identity"]["id"] == "service-3"
    assert heard == []
    assert _reads(sandbox).count(f"{USERS}/service-3/tokens") == 1


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (
            "expired",
            "status 401 and said: token invalid. The personal access token in pat, from the argument pat, has expired",
        ),
        (
            "deleted",
            "status 404 and said: invalid token. The personal access token in pat, from the argument pat, was deleted",
        ),
        ("blocked", "status 403 and said: user is blocked. Unblock the user in NetBird, or approve it where it waits"),
        ("pending", "status 403 and said: user is blocked. Unblock the user in NetBird, or approve it where it waits"),
        ("limited", "status 429 and said: too many requests"),
    ],
)
def test_a_refusal_of_netbird_is_told_in_its_words(
    condition: str, sentence: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    pat = make_pat(f"sandbox{condition}")

    with pytest.raises(Refused, match=sentence) as refused:
        _ask("task", ansible, "netbird", whoami=True, pat=pat, api_url=sandbox.url)
    assert _reads(sandbox) == [CURRENT]
    assert pat not in str(refused.value)
    assert "not found" not in str(refused.value)


@pytest.mark.parametrize("start", ["", "failed to validate user permissions: "])
@pytest.mark.parametrize(
    ("status", "end", "remedy"),
    [
        (401, "no valid authentication provided", "something on the way removes it"),
        (401, "token invalid", "has expired, as its checksum is right"),
        (403, "user is blocked", "Unblock the user in NetBird, or approve it"),
        (403, "user is pending approval", "Approve the user in NetBird."),
        (404, "invalid token: pat: aGFzaA== not found", "or it is of another server. Check api_url."),
    ],
)
def test_the_ends_of_netbirds_words_are_what_counts(
    status: int, end: str, remedy: str, start: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    sandbox.fault(CURRENT, status=status, body=json.dumps({"message": start + end, "code": status}))

    with pytest.raises(Refused, match=f"status {status} and said: ") as refused:
        _ask("task", ansible, "netbird", whoami=True, pat=make_pat("sandboxuser1"), api_url=sandbox.url)
    assert remedy in str(refused.value)
    assert "aGFzaA" not in str(refused.value)


def test_a_service_user_that_waits_is_found_out_in_the_list(sandbox: Sandbox, ansible: Ansible) -> None:
    words = '{"message": "failed to validate user permissions: permission denied", "code": 403}'
    sandbox.fault(CURRENT, status=403, body=words)
    sandbox.fault(
        USERS, status=403, body='{"message": "failed to validate user permissions: user is pending approval"}'
    )

    with pytest.raises(Refused, match=r"Approve the user in NetBird\."):
        _ask("task", ansible, "netbird", whoami=True, pat=make_pat("sandboxservice1"), api_url=sandbox.url)
    assert _reads(sandbox) == [CURRENT, USERS]


def test_a_bearer_token_that_netbird_refuses_has_causes_of_its_own(sandbox: Sandbox, ansible: Ansible) -> None:
    with pytest.raises(Refused, match=r"token invalid\. The token in token, .*, has expired, or NetBird does not"):
        _ask("task", ansible, "netbird", whoami=True, token="a.b.c", api_url=sandbox.url)


def test_a_pat_that_the_default_server_does_not_know_may_be_of_another(internet: Internet, ansible: Ansible) -> None:
    pat = make_pat("neverexisted")
    with pytest.raises(Refused, match="Set api_url to its address, if your server is another one") as refused:
        _ask("task", ansible, "netbird", whoami=True, pat=pat, **internet.options)
    assert "NetBird at https://api.netbird.io answered" in str(refused.value)


@pytest.mark.parametrize("path", ["/somewhere", "/api/users"])
def test_an_address_with_more_than_the_server_is_told_apart(path: str, sandbox: Sandbox, ansible: Ansible) -> None:
    with pytest.raises(Refused, match=r"\(status 404\)\. Check api_url: it is the address of the server") as refused:
        _ask("task", ansible, "netbird", whoami=True, pat=make_pat("sandboxuser1"), api_url=sandbox.url + path)
    assert "deleted" not in str(refused.value)


@pytest.mark.parametrize(("status", "message"), [(401, "permission denied"), (403, "permission denied for now")])
def test_only_that_refusal_is_the_one_of_a_service_user(
    status: int, message: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    sandbox.fault(CURRENT, status=status, body=f'{{"message": "{message}"}}')

    with pytest.raises(Refused, match=f"status {status}"):
        _ask("task", ansible, "netbird", whoami=True, pat=make_pat("sandboxservice1"), api_url=sandbox.url)
    assert _reads(sandbox) == [CURRENT]


def test_a_service_user_that_the_list_does_not_hold_is_an_error(sandbox: Sandbox, ansible: Ansible) -> None:
    sandbox.fault(USERS, status=200, body='[{"id": "other", "is_current": false}, {"id": "third"}]')

    with pytest.raises(Refused, match="no entry of /api/users is the current one"):
        _ask("task", ansible, "netbird", whoami=True, pat=make_pat("sandboxservice1"), api_url=sandbox.url)


@pytest.mark.parametrize("scheme", [("pat", make_pat("sandboxuser2"), "Token"), ("token", "unknown", "Bearer")])
def test_netbird_is_asked_with_the_scheme_of_the_token(
    scheme: tuple[str, str, str], sandbox: Sandbox, ansible: Ansible
) -> None:
    sandbox.fault(CURRENT, status=200, body='{"id": "somebody"}')
    option, value, word = scheme
    _ask("task", ansible, "netbird", whoami=True, api_url=sandbox.url, **{option: value})

    assert what_was_sent(sandbox)[0].authorization == f"{word} {value}"


@pytest.mark.parametrize("way", WAYS)
def test_the_service_says_whose_the_token_is_at_each_call(way: str, who: Who) -> None:
    for source in ("issued", "cache"):
        result = who.ask(way, whoami=True)
        assert result["source"] == source
        assert {**result["identity"], **DATA[who.provider].identity} == result["identity"]
    assert who.seen == (2, 1)


@pytest.mark.parametrize("way", WAYS)
def test_a_token_from_the_cache_that_is_refused_is_replaced(way: str, who: Who) -> None:
    cached = who.ask(way)["access_token"]
    who.sandbox.fault(DATA[who.provider].whoami, times=1, status=401)
    result = who.ask(way, whoami=True)

    assert result["source"] == "issued"
    assert result["access_token"] != cached
    assert who.seen == (2, 2)


def test_it_is_replaced_once(who: Who) -> None:
    who.ask()
    who.refused(401)
    assert who.seen == (2, 2)


def test_an_issued_token_that_is_refused_is_not_kept(who: Who) -> None:
    who.refused(401, times=1)
    assert who.seen == (1, 1)
    assert who.ask()["source"] == "issued"


@pytest.mark.parametrize("status", [400, 404, 429, 503])
def test_another_refusal_leaves_the_token_in_the_cache(status: int, who: Who) -> None:
    who.ask()
    who.refused(status)
    assert who.ask()["source"] == "cache"


@pytest.mark.parametrize("flow", EVERY_READY_FLOW, ids=str)
def test_a_given_token_that_is_refused_is_not_tried_again(flow: Flow, sandbox: Sandbox, ansible: Ansible) -> None:
    path = DATA[flow.provider].whoami
    sandbox.fault(path, status=401, body='{"message": "words of the service"}')
    with pytest.raises(Refused, match=r"status 401 and said: words of the service\."):
        _ask("task", ansible, flow.provider, whoami=True, **{**flow.given(sandbox.url), "api_url": sandbox.url})

    # Where to ask stands in the discovery document of any other API's provider.
    assert [read for read in _reads(sandbox) if "/.well-known/" not in read] == [path]
