# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example in YAML is run as it stands, all in one run; other tests do so for four of the guides."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import jwt
import pytest

from ansible_collections.netapi.auth.tests.awx import Awx
from ansible_collections.netapi.auth.tests.sandbox import (
    IdpClient,
    IdpRefresh,
    NetFoundryClient,
    NetographyKey,
    NetographyUser,
    Sandbox,
    make_pat,
)
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.sandbox.services.netfoundry import Network
from ansible_collections.netapi.auth.tests.sandbox.state import Recorded
from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.options import service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden
from ansible_collections.netapi.auth.tests.support.redis_server import HOST, RedisServer
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.tools.examples import Example, in_yaml
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import PROVIDERS

# By the targets places, awx_first_job, renewing, stores and examples (test_provider.py), and by test_recipes.py.
_GUIDES = (guide.HANDING_ON, guide.AWX, guide.PROVIDER, guide.OAUTH2, guide.RENEWING)
ELSEWHERE = (*_GUIDES, *guide.OAUTH2_PLUGINS, *guide.ROTATION_PLUGINS)
# Of several tenants, by test_commands.py: their hosts are in an inventory.
TENANTS = ("inventory.yml", "tenants.yml", "headers.yml")
EXAMPLES = {each.place: each for each in in_yaml(ROOT) if each.page not in ELSEWHERE and each.file not in TENANTS}
PAGES = list(dict.fromkeys(each.page for each in EXAMPLES.values()))
PARTS = ("appkey", "appname", "sharedsecret", "account")


def netosecret(number: int) -> str:
    key, name, secret, account = (f"neto-{part}-{number}" for part in PARTS)
    bundle = {"url": "https://api.netography.com", "shortname": account, "appname": name, "appkey": key}
    return base64.b64encode(json.dumps({**bundle, "sharedsecret": secret}).encode()).decode()


# What the variables of the examples hold. Each account is another than the one in the environment.
SECRETS = {
    "my_client_secret": "nf-secret-2",
    "my_netosecret": netosecret(2),
    "my_pat": make_pat("sandboxuser2"),
    "my_password": "ada-password",
    "my_rapidapi_key": "nf-rapidapi-key-2",
    "my_refresh_token": "refresh-token-of-the-module",
    "vault_awx_token": "admin-token",
    "vault_berlin_secret": "berlin-secret",
    "vault_netbird_pat": make_pat("sandboxuser3"),
    "vault_netbird_refresh_token": "refresh-token-of-a-guide",
    "vault_netfoundry_secret": "automation-secret",
    "vault_netosecret": netosecret(3),
    "vault_paris_secret": "paris-secret",
    "vault_redis_password": "pass/word@redis",
}
PLAIN = {"my_client_id": "nf-client-2", "service_user_id": "service-2"}
# Where NetFoundry's console has the credentials file put. What asks for a token with it has a sandbox of its own.
CREDENTIALS = ".netfoundry/credentials.json"
# What the variables of an example are for.
USE = "- name: Ask for the networks\n  netapi.auth.uri:\n    auth: netfoundry\n    url: /core/v2/networks\n"
NETWORKS = "GET /core/v2/networks"
TACTICS = "GET /api/v1/mitre/tactics"
PEERS = "GET /api/peers"
FOUNDRY = "POST /oauth/token"
GRAPHY = "POST /api/v1/auth/token"
# Of networks that are there from the start, in more than one page.
MANY = 120
# A NetBird of one's own, which has a certificate of one's own authority.
OWN = "https://netbird.example.com"
# What the role asks of a service user, who may not ask for itself.
WHOAMI = ["GET /api/users/current NB_PAT", "GET /api/users NB_PAT"]
TOKENS = "GET /api/users/service-1/tokens NB_PAT"
BY_REFRESH_TOKEN = ["GET /idp/.well-known/openid-configuration", "POST /idp/token netbird-automation"]
# What the services are asked by the examples of each page, in their order, and with whose credential. The token of an
# account is asked for once a page, since the run has a cache.
REQUESTS = {
    CREDENTIALS: [f"{FOUNDRY} nf-client-4"],
    OWN: [f"{PEERS} NB_PAT"],
    "README.md": [
        f"{FOUNDRY} nf-client-1",
        f"{NETWORKS} nf-client-1",
        "POST /api/groups NB_PAT",
        "GET /api/groups/group-2 NB_PAT",
        f"{NETWORKS} nf-client-1",
        "GET /api/users/current vault_netbird_pat",
        "GET /api/users/user-3/tokens vault_netbird_pat",
        f"{GRAPHY} neto-appname-1 branch",
        f"{TACTICS} neto-appname-1",
        f"{FOUNDRY} berlin-automation",
        f"{NETWORKS} berlin-automation",
        f"{FOUNDRY} paris-automation",
        f"{NETWORKS} paris-automation",
        "GET /api/groups vault_netbird_pat",
    ],
    "docs/docsite/rst/guide_caches.rst": BY_REFRESH_TOKEN,
    "docs/docsite/rst/guide_first_token.rst": [f"{PEERS} NB_PAT"],
    "docs/docsite/rst/guide_fresh_headers.rst": [
        *WHOAMI,
        f"{FOUNDRY} nf-client-1",
        f"{PEERS} NB_PAT",
        f"{NETWORKS} nf-client-1",
        f"{FOUNDRY} automation",
        f"{NETWORKS} automation",
        # Who it is was asked before, in this run.
        f"{PEERS} NB_PAT",
        f"{GRAPHY} neto-appname-1 neto-account-1",
        f"{TACTICS} neto-appname-1",
    ],
    "docs/docsite/rst/guide_security.rst": [
        "GET /api/users/current vault_netbird_pat",
        "GET /api/users vault_netbird_pat",
        "GET /api/users/service-2/tokens vault_netbird_pat",
        # Once no other run is at work.
        "GET /api/users/service-2/tokens vault_netbird_pat",
        "POST /api/users/service-2/tokens vault_netbird_pat",
    ],
    "docs/docsite/rst/guide_netbird.rst": BY_REFRESH_TOKEN,
    "docs/docsite/rst/guide_netfoundry.rst": [],
    "docs/docsite/rst/guide_netography.rst": [f"{GRAPHY} neto-appname-3 branch"],
    "docs/docsite/rst/guide_calling_an_api.rst": [
        "GET /api/groups NB_PAT",
        "POST /api/groups NB_PAT",
        f"{FOUNDRY} nf-client-1",
        "POST /core/v2/networks nf-client-1",
        # It is provisioned once it has been read.
        f"{NETWORKS}/network-{MANY + 2} nf-client-1",
        f"{NETWORKS}/network-{MANY + 2} nf-client-1",
        # Two pages.
        f"{NETWORKS} nf-client-1",
        f"{NETWORKS} nf-client-1",
        f"{PEERS} NB_PAT",
        f"{FOUNDRY} berlin-automation",
        f"{NETWORKS} berlin-automation",
        f"{FOUNDRY} paris-automation",
        f"{NETWORKS} paris-automation",
    ],
    "docs/docsite/rst/guide_from_uri.rst": [
        f"{FOUNDRY} nf-client-2",
        f"{NETWORKS} nf-client-2",
        f"{FOUNDRY} nf-client-1",
        f"{NETWORKS} nf-client-1",
    ],
    "docs/docsite/rst/index.rst": [f"{PEERS} NB_PAT"],
    "plugins/lookup/netbird_auth.py": [f"{PEERS} NB_PAT"],
    "plugins/lookup/netfoundry_token.py": [f"{FOUNDRY} nf-client-1", f"{NETWORKS} nf-client-1"],
    "plugins/lookup/netography_token.py": [
        f"{GRAPHY} neto-appname-1 neto-account-1",
        f"{TACTICS} neto-appname-1",
        f"{GRAPHY} neto-appname-1 branch",
        f"{TACTICS} neto-appname-1",
    ],
    "plugins/modules/awx_credential_types.py": [],
    "plugins/modules/doctor.py": [
        *WHOAMI,
        TOKENS,
        f"{FOUNDRY} nf-client-1",
        "GET /identity/v1/identities/self nf-client-1",
        f"{GRAPHY} neto-appname-1 neto-account-1",
        f"{TACTICS} neto-appname-1",
        *WHOAMI,
        TOKENS,
    ],
    "plugins/modules/netbird_auth.py": [
        f"{PEERS} my_pat",
        *BY_REFRESH_TOKEN,
        "GET /api/users/current my_pat",
        "GET /api/users/user-2/tokens my_pat",
    ],
    "plugins/modules/netfoundry_token.py": [
        f"{FOUNDRY} nf-client-2",
        f"{NETWORKS} nf-client-2",
        # For Frontdoor, whose tokens are others.
        f"{FOUNDRY} nf-client-2",
    ],
    "plugins/modules/netography_token.py": [
        f"{GRAPHY} neto-appname-2 neto-account-2",
        f"{TACTICS} neto-appname-2",
        f"{GRAPHY} neto-appname-2 branch",
        "POST /api/auth/bearer/token ada@example.com",
    ],
    "plugins/modules/uri.py": [
        f"{FOUNDRY} nf-client-1",
        f"{NETWORKS} nf-client-1",
        "POST /api/groups vault_netbird_pat",
        "GET /api/groups/group-2 vault_netbird_pat",
        f"{GRAPHY} neto-appname-1 neto-account-1",
        f"{TACTICS} neto-appname-1",
    ],
    "roles/auth_headers/README.md": [*WHOAMI, f"{PEERS} NB_PAT"],
    "roles/auth_headers/meta/argument_specs.yml": [f"{FOUNDRY} nf-client-1", f"{NETWORKS} nf-client-1"],
    "roles/awx_credential_types/README.md": [],
    "roles/awx_credential_types/meta/argument_specs.yml": [],
}


@dataclass(frozen=True)
class Scene:
    """What the examples ran against: a sandbox for each page and for the credentials file, an AWX and a Redis."""

    run: Run
    sandboxes: Mapping[str, Sandbox]
    awx: Awx
    store: RedisServer


def prepare(sandbox: Sandbox) -> None:
    """Add the accounts that the examples name."""
    for number in (1, 2, 3):
        key, name, secret, account = (f"neto-{part}-{number}" for part in PARTS)
        sandbox.add_account(NetographyKey(key, name, secret, account, ("branch",)))
    sandbox.add_account(NetographyUser("ada@example.com", SECRETS["my_password"], "neto-account-4"))
    sandbox.add_account(NetFoundryClient("automation", SECRETS["vault_netfoundry_secret"]))
    for number in range(2, MANY + 2):
        sandbox.add_account(Network(f"network-{number}", "nf-client-1", f"network {number}", "PROVISIONED"))
    for city in ("berlin", "paris"):
        sandbox.add_account(NetFoundryClient(f"{city}-automation", SECRETS[f"vault_{city}_secret"]))
    sandbox.add_account(IdpClient("netbird-automation", None, "automation", "client_secret_post"))
    for name in ("my_refresh_token", "vault_netbird_refresh_token"):
        sandbox.add_account(IdpRefresh(SECRETS[name], "netbird-automation"))


def play(example: Example) -> str:
    """The example as a play on a host of its own, so that nothing of another example helps it."""
    if example.kind == "playbooks":
        text, count = re.subn(r"(?m)^  hosts: localhost$", f"  hosts: {example.name}", example.text)
        assert count == example.text.count("hosts: "), f"{example.place} has a play that is not on localhost"
        return text
    tasks = example.text if example.kind == "tasks" else USE
    head = f"- name: {example.place}\n  hosts: {example.name}\n  gather_facts: false\n  tasks:\n"
    return head + textwrap.indent(tasks, "    ")


def write(home: Path, sandboxes: Mapping[str, Sandbox], others: Mapping[str, str]) -> list[str]:
    """Write all examples, with their services replaced; the arguments that play them."""
    hosts = {}
    plays = []
    (home / "host_vars").mkdir()
    for each in EXAMPLES.values():
        sandbox = sandboxes[each.page]
        text = guide.at(sandbox, play(each)).replace("https://login.example.com/realms/netbird", f"{sandbox.url}/idp")
        plays.append(text.replace("https://login.example.com", sandbox.url))
        urls = {f"{provider}_auth_api_url": sandbox.url for provider in ("netbird", "netography")}
        hosts[each.name] = {**service(sandbox), **urls}
        if each.kind == "vars":
            (home / "host_vars" / f"{each.name}.yml").write_text(each.text, encoding="utf-8")
    text = "\n".join(plays)
    for real, here in others.items():
        assert real in text
        text = text.replace(real, here)
    book = home / "examples.yml"
    book.write_text(text, encoding="utf-8")
    return [str(book), "-i", inventory(home, hosts, **PLAIN, **SECRETS)]


@pytest.fixture(scope="module")
def scene(shared_ansible: Ansible, authority: tuple[str, str]) -> Iterator[Scene]:
    home = shared_ansible.home
    user = f"user ansible on >{SECRETS['vault_redis_password']} ~* &* +@all"
    with contextlib.ExitStack() as stack:
        sandboxes = {page: stack.enter_context(Sandbox()) for page in (*PAGES, CREDENTIALS)}
        for sandbox in sandboxes.values():
            prepare(sandbox)
        sandboxes[OWN] = stack.enter_context(Sandbox(tls=authority))
        console(home / CREDENTIALS, sandboxes[CREDENTIALS])
        awx = stack.enter_context(Awx())
        store = stack.enter_context(RedisServer(home, (*authority, authority[0]), (user,)))
        others = {
            "https://awx.example.com": awx.url,
            "redis.example.com:6379": f"{HOST}:{store.port}",
            OWN: sandboxes[OWN].url,
            "/etc/ssl/certs/company.pem": authority[0],
        }
        # The addresses come with the hosts. The certificate is that of the Redis. Any other API is in no example here.
        env = {name: text for name, text in exports("").items() if not re.search("_URL$|^NETAPI_", name)}
        env |= {"NETOSECRET": netosecret(1), "SSL_CERT_FILE": authority[0]}
        run = shared_ansible.play(*write(home, sandboxes, others), env=env, succeeds=None)
        yield Scene(run, sandboxes, awx, store)


def console(path: Path, sandbox: Sandbox) -> None:
    """What the console of NetFoundry gives."""
    path.parent.mkdir()
    path.touch(0o600)
    content = {"clientId": "nf-client-4", "password": "nf-secret-4", "authenticationUrl": f"{sandbox.url}/oauth/token"}
    path.write_text(json.dumps(content), encoding="utf-8")


def by(request: Recorded) -> str:
    """Whose credential the request has; empty where it has none."""
    scheme, _space, text = request.headers.get("authorization", "").partition(" ")
    if scheme == "Bearer":
        return str(jwt.decode(text, options={"verify_signature": False})["sub"])
    if scheme == "Token":
        return next(name for name, value in {**SECRETS, **exports("")}.items() if value == text)
    if request.headers.get("content-type") == "application/json":
        body = json.loads(request.body)
        claims = jwt.decode(body["jwt"], options={"verify_signature": False}) if "jwt" in body else body
        return str(claims.get("client_id") or f"{claims['appname']} {claims['shortname']}")
    form = parse_qs(request.body)
    return (form.get("username") or form.get("client_id") or [""])[0]


def test_the_run_of_them_all_succeeds(scene: Scene) -> None:
    assert scene.run.status == 0, scene.run.output
    # Who copies an example is not to be warned, but of the container that the tests may run in.
    warnings = re.findall(r"\[WARNING\]: (.*)", scene.run.output)
    # Before 2.19 the core breaks a warning into lines.
    of_container = "NetBird: the provider replaced the refresh token, and its successor"
    assert [text for text in warnings if not text.startswith(of_container)] == []
    hidden(scene.run.output, *SECRETS.values())


@pytest.mark.parametrize("place", EXAMPLES)
def test_an_example_runs_as_it_stands(place: str, scene: Scene) -> None:
    each = EXAMPLES[place]
    status = {one.task: one.status for one in scene.run.outcomes if one.host == each.name}
    names = re.findall(r"(?m)^ *- name: (.+)\n(?! *hosts:)", each.text if each.kind != "vars" else USE)
    assert {name: status.get(name) for name in names} == dict.fromkeys(names, "ok")
    # The tasks of a role are in no example.
    assert {"ok"} <= set(status.values()) <= {"ok", "skipped"}


@pytest.mark.parametrize("page", sorted({CREDENTIALS, *PAGES, *REQUESTS}))
def test_the_examples_of_a_page_reach_the_services(page: str, scene: Scene) -> None:
    requests = scene.sandboxes[page].state.requests
    assert [f"{each.method} {each.path} {by(each)}".rstrip() for each in requests] == REQUESTS[page]


def test_the_credential_types_are_made_once(scene: Scene) -> None:
    assert scene.awx.writes == ["POST /api/v2/credential_types/"] * len(PROVIDERS)


def test_the_token_of_several_machines_is_in_the_redis(scene: Scene) -> None:
    assert scene.store.contents()
