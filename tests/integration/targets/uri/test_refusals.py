# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What netapi.auth.uri refuses, before anything is sent."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, playbook

NAMES = ", ".join(sorted(PROVIDERS))
SECRET = "marker-secret-4b1d"
CREDENTIAL = {
    "netfoundry_auth_client_id": "nf-client-1",
    "netfoundry_auth_client_secret": SECRET,
    "netfoundry_auth_api_url": "https://api.example.com:443/base",
    "netfoundry_auth_token_url": "{{ origin }}/oauth/token",
    "netfoundry_auth_environment": "sandbox",
}
BOTH = "and auth: netfoundry both say who asks. Leave one of them out."
CASES: dict[str, tuple[Task, str]] = {
    "no auth": ({"auth": None}, f"auth is not set. Give one of {NAMES}."),
    "the keyword collections": ({"auth": ""}, "For a plain request write ansible.builtin.uri"),
    "another auth": ({"auth": "github"}, f"auth must be one of {NAMES}. Correct it."),
    "auth of another type": ({"auth": ["netbird"]}, f"auth must be one of {NAMES}."),
    "options as text": (
        {"auth_options": f"client_secret={SECRET}"},
        "auth_options must be a dictionary of options of netapi.auth.netfoundry_token. Correct it.",
    ),
    "an unknown option": ({"auth_options": {"client_secrett": SECRET}}, "client_secrett is no option. Did you mean"),
    "an option of the token task in the options": (
        {"auth_options": {"state": "absent"}},
        "state is an option of the task netapi.auth.netfoundry_token and not of auth_options. Take it out, or use that",
    ),
    "another one of it": (
        {"auth_options": {"set_facts": False}},
        "set_facts is an option of the task netapi.auth.netfoundry_token and not of auth_options.",
    ),
    "options as text that is no object": (
        {"auth_options": f"{{client_secret: {SECRET}"},
        "auth_options must be a dictionary of options of netapi.auth.netfoundry_token. Correct it.",
    ),
    "an option of a wrong type": (
        {"auth_options": {"timeout": SECRET}},
        "timeout, from the option auth_options.timeout, has a value that cannot be used: expected a whole number",
    ),
    "no url": ({"url": None}, "url is not set. Give an address, or a path that begins with / for one below api_url."),
    "a path without a slash": ({"url": "api/groups"}, "a path below api_url, which begins with a slash. Put / before"),
    "a word as url": ({"url": "networks"}, "url is neither an address such as https://host.example/path nor a path"),
    "an option of the credential": (
        {"client_secret": SECRET},
        "client_secret is an option of netapi.auth.netfoundry_token. Write it into auth_options.",
    ),
    "an option of the credential by its alias": (
        {"authentication_url": SECRET},
        "authentication_url is an option of netapi.auth.netfoundry_token. Write it into auth_options.",
    ),
    "an access token": (
        {"auth": "netbird", "pat": SECRET},
        "pat is an option of netapi.auth.netbird_auth. Write it into auth_options.",
    ),
    "one without auth": ({"auth": None, "pat": SECRET}, "pat is an option of netapi.auth.netbird_auth. Write it into"),
    "a misspelt option of the credential": (
        {"client_secrett": SECRET},
        "client_secrett is no option. Did you mean client_secret, in auth_options?",
    ),
    "a misspelt option of the request": ({"metod": SECRET}, "metod is no option. Did you mean method?"),
    "auth misspelt": ({"auth": None, "auht": "netfoundry"}, "auht is no option. Did you mean auth?"),
    "auth_options misspelt": ({"auth_option": {"pat": SECRET}}, "auth_option is no option. Did you mean auth_options?"),
    "a name that is near nothing": ({"zzzz": SECRET}, "zzzz is no option. The documentation (ansible-doc) lists what"),
    "an option of a token task": (
        {"set_facts": False},
        "set_facts is an option of the task netapi.auth.netfoundry_token and not of a request. Take it out, or use",
    ),
    "another option of one": (
        {"auth": "netbird", "state": "absent"},
        "state is an option of the task netapi.auth.netbird_auth and not of a request. Take it out, or use that task.",
    ),
    "one of a token task without auth": (
        {"auth": None, "state": "absent"},
        "state is an option of the task netapi.auth.",
    ),
    "an option of the request in the wrong place": (
        {"auth_options": {"body": SECRET}},
        "body is an option of the task itself. Take it out of auth_options.",
    ),
    "two slashes": ({"url": "//api.example.com/x"}, "url must hold neither a backslash nor a segment .."),
    "a backslash": ({"url": "/\\evil.example/x"}, "url must hold neither a backslash"),
    "dots": ({"url": "/a/../b"}, "url must hold neither a backslash nor a segment .."),
    "coded dots": ({"url": "/a/%2E./b"}, "url must hold neither a backslash nor a segment .."),
    "dots at the end": ({"url": "https://api.example.com/a/.."}, "url must hold neither a backslash nor a segment"),
    "another host": (
        {"url": "https://other.example.com/x"},
        "url is at https://other.example.com, and the credential is for https://api.example.com:443.",
    ),
    "another port": ({"url": "https://api.example.com:8443/x"}, "url is at https://api.example.com:8443, and"),
    "another scheme": ({"url": "http://api.example.com/x"}, "url is plain http to another machine"),
    "no web address": ({"url": "ftp://api.example.com/x"}, "url must be an address such as"),
    "credentials in the url": ({"url": f"https://a:{SECRET}@api.example.com/x"}, "url must not hold credentials."),
    "a like name": ({"url": "https://api.example.com.evil.example/x"}, "url is at https://api.example.com.evil.exam"),
    "hosts as a dictionary": ({"auth_hosts": {"a": 1}}, "auth_hosts must be a list of origins such as"),
    "a host without a scheme": ({"auth_hosts": ["x.example.com"]}, "each of auth_hosts must be an address such as"),
    "a host with a path": ({"auth_hosts": ["https://x.example.com/a"]}, "each of auth_hosts must be an origin such"),
    "a plain host": ({"auth_hosts": ["http://x.example.com"]}, "each of auth_hosts is plain http to another machine"),
    "a user": ({"url_username": "someone"}, f"url_username {BOTH}"),
    "a user by its alias": ({"user": "someone"}, f"user {BOTH}"),
    "a password": ({"url_password": SECRET}, f"url_password {BOTH}"),
    "a password by its alias": ({"password": SECRET}, f"password {BOTH}"),
    "basic": ({"force_basic_auth": True}, f"force_basic_auth {BOTH}"),
    "basic as text": ({"force_basic_auth": "yes"}, f"force_basic_auth {BOTH}"),
    "GSSAPI": ({"use_gssapi": True}, f"use_gssapi {BOTH}"),
    "netrc": ({"use_netrc": True}, f"use_netrc {BOTH}"),
    "the header": ({"headers": {"authorization": f"Bearer {SECRET}"}}, f"the header authorization {BOTH}"),
    "the header of a key": (
        {
            "auth_options": {"method": "rapidapi", "rapidapi_key": SECRET, "api_url": "https://api.example.com"},
            "headers": {"X-RapidAPI-Key": SECRET},
        },
        f"the header X-RapidAPI-Key {BOTH}",
    ),
    "headers as a list": ({"headers": ["Accept"]}, "headers must be a dictionary. Correct it."),
    "unredirected headers as a dictionary": (
        {"unredirected_headers": {"Accept": 1}},
        "unredirected_headers must be a list of names. Correct it.",
    ),
    "an unset credential": (
        {"auth": "netbird"},
        "client_assertion, token as the option auth_options.pat and the like, as a variable such as netbird_auth_pat",
    ),
    "half of a credential": (
        {"auth": "netography", "auth_options": {"username": "someone"}},
        "Use the option auth_options.password",
    ),
}


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    base: Task = {"auth": "netfoundry", "url": "/x"}
    tasks = [{"name": name, OURS: {**base, **said}, "ignore_errors": True} for name, (said, sentence) in CASES.items()]
    hosts = {"localhost": CREDENTIAL | {"origin": server.url}}
    asynchronous = {"name": "async", OURS: base, "async": 10, "ignore_errors": True}
    book = playbook(shared_ansible.home, [*tasks, asynchronous])
    return shared_ansible.play(book, "-i", inventory(shared_ansible.home, hosts))


@pytest.mark.parametrize("case", CASES)
def test_it_is_one_clear_sentence(case: str, run: Run) -> None:
    outcome = run.of(case)
    assert outcome.status == "failed"
    assert CASES[case][1] in outcome.message


def test_async_is_refused_by_the_core(run: Run, core: tuple[int, int]) -> None:
    named = "This action (netapi.auth.uri) does not support async."
    assert run.of("async").status == "failed"
    assert run.of("async").message == ("async is not supported for this task." if core == (2, 16) else named)


def test_nothing_is_sent(server: Sandbox, run: Run) -> None:
    assert server.state.requests == []


def test_no_message_holds_a_secret(run: Run) -> None:
    assert [one.task for one in run.outcomes if SECRET in one.message] == []
