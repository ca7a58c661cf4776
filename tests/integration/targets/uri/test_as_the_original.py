# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each argument and keyword through netapi.auth.uri and through ansible.builtin.uri, and the results side by side."""

from __future__ import annotations

import json
import os
import typing as t

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, THEIRS, Task, playbook

PAT = make_pat("sandboxuser1")
HEADERS = {"Authorization": f"Token {PAT}"}
# What tells one moment or one way of reporting from another, and not the request.
VOLATILE = {"date", "elapsed", "invocation", "uid", "gid", "owner", "group"}
ANSWER = '{"said": ["something", 1, null]}'
# Headers that follow from the boundary of a multipart body, and from when the file was written.
PASSING = {"content-length", "if-modified-since"}
# What brings another credential; test_refusals.py has them.
REFUSED = {"url_username", "url_password", "force_basic_auth", "use_gssapi", "use_netrc"}
JSON: Task = {"method": "POST", "body_format": "json", "body": {"name": "a", "tags": [1, None, True]}}
FILE: Task = {"dest": "{{ place }}/answer", "method": "GET"}
ARGUMENTS: dict[str, Task] = {
    "body of form-multipart, creates and removes": {
        "method": "POST",
        "body_format": "form-multipart",
        "body": {"file": {"filename": "{{ place }}/sent.txt", "mime_type": "text/plain"}, "field": "value"},
        "creates": "{{ place }}/absent",
        "removes": "{{ place }}/sent.txt",
    },
    "body_format json and what else shapes a request or its result": {
        **JSON,
        "ca_path": "{{ authority }}",
        "ciphers": ["ECDHE-ECDSA-AES256-GCM-SHA384"],
        "headers": {"X-One": "1", "Accept": "text/plain"},
        "http_agent": "someone/1.0",
        "force": True,
        "decompress": False,
        "use_proxy": False,
        "status_code": "200,404",
        "return_content": True,
        "tls": True,
    },
    "body_format form-urlencoded and validate_certs and follow_redirects": {
        "method": "POST",
        "body_format": "form-urlencoded",
        "body": {"a": "b c", "d": ["e", "f"]},
        "validate_certs": False,
        "unredirected_headers": ["X-One"],
        "headers": {"X-One": "1"},
        "path": "/redirected",
        "follow_redirects": "all",
        "tls": True,
    },
    "body_format raw and a method in lower case": {
        "method": "put",
        "body_format": "raw",
        "body": "plain text",
        "follow_redirects": "none",
        "path": "/redirected",
        "status_code": [302, 404],
    },
    "client_cert and client_key": {
        "client_cert": "{{ place }}/none.pem",
        "client_key": "{{ place }}/none.pem",
        "ca_path": "{{ authority }}",
        "tls": True,
    },
    "creates what is there": {"creates": "{{ place }}/sent.txt"},
    "dest that is a directory, and follow_redirects safe": {
        "dest": "{{ place }}",
        "method": "GET",
        "follow_redirects": "safe",
        "path": "/redirected",
    },
    "src": {"method": "POST", "src": "{{ place }}/sent.txt"},
    "src and remote_src": {"method": "POST", "src": "{{ place }}/sent.txt", "remote_src": True},
    "timeout": {"timeout": 1, "path": "/slow"},
    "unix_socket": {"unix_socket": "{{ place }}/absent.sock"},
}
WRITES = "delegate_to and environment, with mode and what else a file has"
KEYWORDS: dict[str, Task] = {
    "loop and failed_when and changed_when, with dest": {
        "loop": ["one"],
        "failed_when": "true",
        "changed_when": "true",
        "arguments": FILE,
    },
    "until, with return_content of a failure": {
        "until": "false",
        "retries": 1,
        "delay": 0,
        "arguments": {"return_content": True, "path": "/nothing"},
    },
    WRITES: {
        "delegate_to": "other",
        "environment": {"NO_PROXY": "*"},
        "arguments": {
            **FILE,
            "mode": "0600",
            # Nobody else may give a file away.
            "owner": str(os.geteuid()),
            "group": str(os.getegid()),
            # Adds to the flags: to set them alone has ext4 rewrite the file without extents, which fails at times.
            "attributes": "+A",
            "selevel": "s0",
            "serole": "object_r",
            "setype": "etc_t",
            "seuser": "user_u",
            "unsafe_writes": True,
        },
    },
    "when": {"when": "false"},
    "check_mode": {"check_mode": True, "arguments": JSON},
}
# Some that reach a server.
SENT = (
    "body_format json and what else shapes a request or its result",
    "body_format form-urlencoded and validate_certs and follow_redirects",
    "loop and failed_when and changed_when, with dest",
    "until, with return_content of a failure",
    WRITES,
)
CASES = {**{name: {"arguments": said} for name, said in ARGUMENTS.items()}, **KEYWORDS}


def tasks(name: str, origins: dict[bool, str]) -> tuple[Task, Task]:
    """The case through both. The original is told what it takes to be as careful."""
    keywords = dict(CASES[name])
    said = dict(keywords.pop("arguments", {}))
    origin = origins[said.pop("tls", False)]
    said["url"] = f"{origin}{said.pop('path', '/echo')}?case={name.replace(' ', '-')}"
    careful = {
        "headers": {**said.get("headers", {}), **HEADERS},
        "unredirected_headers": [*said.get("unredirected_headers", []), *HEADERS],
        "use_netrc": False,
    }
    common = {**keywords, "ignore_errors": True}
    ours = {"auth": "netbird", "auth_hosts": list(origins.values()), **said}
    return (
        {"name": f"Ours: {name}", OURS: ours, "register": "ours", **common},
        {"name": f"Theirs: {name}", THEIRS: {**said, **careful}, "register": "theirs", **common},
    )


class Pairs:
    """One run of all cases, and what the servers saw of it."""

    def __init__(self, run: Run, servers: tuple[Sandbox, ...]) -> None:
        self.run = run
        self.seen = [one for server in servers for one in server.state.requests]

    def results(self, name: str) -> list[dict[str, t.Any]]:
        outcomes = [self.run.of(f"{who}: {name}") for who in ("Ours", "Theirs")]
        return [{"status": one.status, **_lasting(one.result)} for one in outcomes]

    def requests(self, name: str) -> list[t.Any]:
        case = name.replace(" ", "-")
        return [one for one in self.seen if one.query.get("case") == case]


def _lasting(value: t.Any) -> t.Any:
    """Without what differs from moment to moment, and with one name for both."""
    if isinstance(value, str):
        return value.replace(OURS, THEIRS)
    if isinstance(value, dict):
        return {name: _lasting(each) for name, each in value.items() if name not in VOLATILE}
    return [_lasting(each) for each in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def pairs(server: Sandbox, tls_server: Sandbox, authority: tuple[str, str], shared_ansible: Ansible) -> Pairs:
    for one in (server, tls_server):
        one.reset()
        one.fault("/echo", body=ANSWER)
        one.fault("/slow", body="{}", delay=2)
        one.fault("/redirected", redirect="/redirected/to", status=302)
        one.fault("/redirected/to", body="{}")
    place = shared_ansible.home / "place"
    place.mkdir()
    (place / "sent.txt").write_text("the content\n", encoding="utf-8")
    origins = {False: server.url, True: tls_server.url}
    book = playbook(shared_ansible.home, [task for name in CASES for task in tasks(name, origins)])
    hosts: dict[str, dict[str, t.Any]] = {"localhost": {}, "other": {}}
    variables = {"netbird_auth_pat": PAT, "netbird_auth_api_url": server.url}
    variables |= {"place": str(place), "authority": authority[0]}
    run = shared_ansible.play(book, "-i", inventory(shared_ansible.home, hosts, **variables))
    return Pairs(run, (server, tls_server))


def test_every_argument_of_the_original_has_a_case(shared_ansible: Ansible) -> None:
    told = shared_ansible.command("doc", "--json", THEIRS).output
    known = set(json.loads(told[told.index("{") :])[THEIRS]["doc"]["options"])
    ours = {"url", "path", "tls", "no_such_argument"}
    said = [case["arguments"] for case in CASES.values() if "arguments" in case]
    assert known == {name for each in said for name in each} - ours | {"url"} | REFUSED


@pytest.mark.parametrize("name", CASES)
def test_the_result_is_that_of_the_original(name: str, pairs: Pairs) -> None:
    ours, theirs = pairs.results(name)
    assert ours == theirs


@pytest.mark.parametrize("name", CASES)
def test_the_server_sees_the_same(name: str, pairs: Pairs) -> None:
    found = [
        (one.method, one.path, one.body if "multipart" not in name else "", _sent(one.headers))
        for one in pairs.requests(name)
    ]
    half = len(found) // 2
    assert found[:half] == found[half:]


def _sent(headers: dict[str, str]) -> dict[str, str]:
    """The headers without the boundary of a multipart body, which is another each time."""
    return {name: value.partition(";")[0] for name, value in headers.items() if name not in PASSING}


@pytest.mark.parametrize("name", SENT)
def test_the_credential_is_sent(name: str, pairs: Pairs) -> None:
    # Not where a redirect leads.
    first = [one.headers["authorization"] for one in pairs.requests(name) if one.path != "/redirected/to"]
    assert set(first) == {HEADERS["Authorization"]}


def test_a_file_is_written_by_both(pairs: Pairs, shared_ansible: Ansible) -> None:
    for who, result in zip(("ours", "theirs"), pairs.results(WRITES), strict=True):
        assert result["changed"] is True, who
    assert (shared_ansible.home / "place" / "answer").read_text(encoding="utf-8") == ANSWER
