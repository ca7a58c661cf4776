# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets, each with its mark, and the tasks that use them: some succeed, most fail."""

from __future__ import annotations

import base64
import json
import secrets
import typing as t

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import (
    IdpClient,
    NetBirdUser,
    NetFoundryClient,
    NetographyKey,
    Sandbox,
    make_pat,
    private_key,
    public_key,
)
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA

Task = dict[str, t.Any]
# Of this run alone: it sees every process of the machine, those of another core's run among them.
_RUN = secrets.token_hex(4)
CLIENT_SECRET = f"canary-client-secret-{_RUN}"
WRONG_SECRET = f"canary-wrong-secret-{_RUN}"
SHARED_SECRET = f"canary-shared-secret-{_RUN}"
APP_KEY = f"canary-appkey-{_RUN}"
PAT = make_pat(f"canary{_RUN}")
_BAD_TEXT = f"canary-bad-netosecret-{_RUN}"
BAD_NETOSECRET = base64.b64encode(_BAD_TEXT.encode()).decode()
TYPE_ERROR = f"canary-type-error-{_RUN}"
KEY_CLIENT = f"key-client-{_RUN}"
# A key of this run. What is looked for is a line of it.
KEY = private_key(KEY_CLIENT)
_KEY_LINE = KEY.splitlines()[1]
PASSPHRASE = f"canary-passphrase-{_RUN}"
ASSERTION = f"canary-assertion-{_RUN}"
SUBJECT_TOKEN = f"canary-subject-token-{_RUN}"
ACTOR_TOKEN = f"canary-actor-token-{_RUN}"
PASSWORD = f"canary-password-{_RUN}"
EXTRA = f"canary-extra-parameter-{_RUN}"
# The file of a service account, whose key is another one of this run.
FILE_CLIENT = f"file-client-{_RUN}"
FILE_KEY = private_key(FILE_CLIENT)
SECRETS = (
    CLIENT_SECRET,
    WRONG_SECRET,
    SHARED_SECRET,
    APP_KEY,
    PAT,
    _BAD_TEXT,
    BAD_NETOSECRET,
    TYPE_ERROR,
    _KEY_LINE,
    PASSPHRASE,
    ASSERTION,
    SUBJECT_TOKEN,
    ACTOR_TOKEN,
    PASSWORD,
    EXTRA,
    FILE_KEY.splitlines()[1],
)
NETFOUNDRY = "netapi.auth.netfoundry_token"
NETOGRAPHY = "netapi.auth.netography_token"
NETBIRD = "netapi.auth.netbird_auth"
OAUTH2 = "netapi.auth.oauth2_token"
URI = "netapi.auth.uri"
MINT = "netapi.auth.netbird_pat"
MAKE = "netapi.auth.netography_api_key"
# The name of what is made.
MINTED = "canary-made"
PLAIN = "ansible.builtin.uri"
ECHO = json.dumps({"said": [CLIENT_SECRET, base64.b64encode(CLIENT_SECRET.encode()).decode()]})
ERRORS = json.dumps({"error": "invalid_client", "error_description": f"no {CLIENT_SECRET}"})
HTML = f"<html><body>{CLIENT_SECRET}</body></html>"
# Path by path, what the services do wrong.
FAULTS: dict[str, dict[str, t.Any]] = {
    **{f"/fail/{status}": {"status": status, "body": ERRORS} for status in (401, 403, 404, 500)},
    "/fail/html": {"body": HTML, "content_type": "text/html"},
    "/fail/json": {"body": ECHO[:-5]},
    "/fail/slow": {"body": ECHO, "delay": 1.5},
    "/echo": {"body": ECHO},
    "/pat": {"body": json.dumps({"said": {"it": [PAT, base64.b64encode(PAT.encode()).decode()]}})},
}


def prepare(sandbox: Sandbox) -> None:
    sandbox.reset()
    sandbox.add_account(NetFoundryClient("canary-client", CLIENT_SECRET))
    sandbox.add_account(NetographyKey(APP_KEY, "canary-app", SHARED_SECRET, "canary-account"))
    sandbox.add_account(NetBirdUser(PAT, "canary-user"))
    client = IdpClient(
        KEY_CLIENT, None, "canary-user", provider="oauth2", public_key=public_key(KEY_CLIENT), resource=EXTRA
    )
    sandbox.add_account(client)
    of_file = IdpClient(FILE_CLIENT, None, "canary-user", provider="oauth2", public_key=public_key(FILE_CLIENT))
    sandbox.add_account(of_file)
    for path, values in FAULTS.items():
        sandbox.fault(path, **values)


def variables(url: str) -> dict[str, t.Any]:
    """What is in the inventory, as out of a vault."""
    netosecret = {"url": f"{url}/api/v1", "shortname": "canary-account", "appname": "canary-app"}
    netosecret |= {"appkey": APP_KEY, "sharedsecret": SHARED_SECRET}
    return {
        "origin": url,
        "client": {"client_id": "canary-client", "client_secret": CLIENT_SECRET},
        "wrong_secret": WRONG_SECRET,
        "own_key": {"client_id": KEY_CLIENT, "private_key": KEY, "extra_params": {"resource": EXTRA}},
        "passphrase": PASSPHRASE,
        "elsewhere": {"assertion": ASSERTION, "subject_token": SUBJECT_TOKEN, "actor_token": ACTOR_TOKEN},
        "password": PASSWORD,
        "of_google": {
            "type": "service_account",
            "client_email": FILE_CLIENT,
            "private_key": FILE_KEY,
            "private_key_id": "1",
            "token_uri": f"{url}/idp/token",
        },
        "type_error": TYPE_ERROR,
        "bad_netosecret": BAD_NETOSECRET,
        "netfoundry_auth_api_url": url,
        "netfoundry_auth_token_url": f"{url}/oauth/token",
        "netfoundry_auth_environment": "sandbox",
        "netfoundry_auth_client_id": "canary-client",
        "netfoundry_auth_client_secret": CLIENT_SECRET,
        "netbird_auth_api_url": url,
        "netbird_auth_pat": PAT,
        "netography_auth_netosecret": base64.b64encode(json.dumps(netosecret).encode()).decode(),
    }


def token(name: str, module: str = NETFOUNDRY, **arguments: t.Any) -> Task:
    return {"name": name, module: {"set_facts": False, **arguments}}


def request(name: str, url: str, auth: str = "netfoundry", **arguments: t.Any) -> Task:
    return {"name": name, URI: {"auth": auth, "url": url, "return_content": True, **arguments}}


def by_lookup(name: str, expression: str) -> Task:
    return {
        "name": name,
        PLAIN: {"url": "{{ origin }}/echo", "headers": expression, "use_netrc": False},
        "no_log": True,
    }


def patience(path: str) -> Task:
    """Short where the answer comes too late; a busy machine needs more for the others."""
    return {"timeout": 1 if path == "/fail/slow" else 15, "retries": 0}


def failing_tokens() -> list[Task]:
    """The token request fails in each way."""
    client = {"client_id": "canary-client", "client_secret": "{{ netfoundry_auth_client_secret }}"}
    ways: dict[str, Task] = {path: {**client, **patience(path), "token_url": "{{ origin }}" + path} for path in FAULTS}
    tasks = [token(f"Token of {path}", **said) for path, said in ways.items()]
    return [
        *tasks,
        token("A type error", timeout="{{ type_error }}"),
        token("An undefined variable", client_id="canary-client", client_secret="{{ wrong_secret ~ nothing }}"),
        token("An unknown option", client_secrett="{{ wrong_secret }}"),
        token("A bad NETOSECRET", NETOGRAPHY, netosecret="{{ bad_netosecret }}"),
        by_lookup(
            "A wrong secret in a lookup",
            "{{ lookup('netapi.auth.netfoundry_token', 'headers', client_secret=wrong_secret) }}",
        ),
    ]


def wrong_credentials() -> list[Task]:
    """The credential of each service with something else where its secrets are."""
    tasks = []
    for name, data in DATA.items():
        for grant in data.grants:
            given = data.pick(grant.options, "{{ origin }}")
            wrong = dict.fromkeys(given.keys() & {*PROVIDERS[name].secrets}, "{{ wrong_secret }}")
            tasks.append(token(f"A wrong credential: {grant}", PROVIDERS[name].plugin, **{**given, **wrong}))
    return tasks


def clients() -> list[Task]:
    """Keys, tokens from elsewhere and further parameters: one that succeeds, and refusals."""
    key = {name: f"{{{{ own_key.{name} }}}}" for name in ("client_id", "private_key", "extra_params")}
    place = {"token_url": "{{ origin }}/idp/token"}
    exchanged = {"subject_token": "{{ elsewhere.subject_token }}", "subject_token_type": "access_token"}
    return [
        token("A token by a key", OAUTH2, issuer="{{ origin }}/idp", whoami=True, **key),
        token(
            "A parameter that is refused", OAUTH2, **{**place, **key, "extra_params": {"resource": "{{ passphrase }}"}}
        ),
        token("A passphrase", OAUTH2, private_key_passphrase="{{ passphrase }}", **place, **key),
        token("An assertion", OAUTH2, assertion="{{ elsewhere.assertion }}", **place),
        token("A client assertion", OAUTH2, client_assertion="{{ elsewhere.assertion }}", **place),
        token("A subject token", OAUTH2, **place, **exchanged),
        token(
            "A token of an actor",
            OAUTH2,
            **{**place, **exchanged, "extra_params": {"actor_token": "{{ elsewhere.actor_token }}"}},
        ),
        token("A password of an account", OAUTH2, username="a", password="{{ password }}", **place),
        token("A file of a service account", OAUTH2, credentials_file="{{ of_google }}"),
        token("A file of a service account as JSON", OAUTH2, credentials_file="{{ of_google | to_json }}"),
        token("A file of a service account that is refused", OAUTH2, credentials_file="{{ of_google }}", scope="none"),
        request(
            "A request by a key", "/idp/userinfo", "oauth2", auth_options={**place, **key, "api_url": "{{ origin }}"}
        ),
    ]


def rotation() -> list[Task]:
    """What is minted and made, in a loop too, and refusals."""
    pat = {"pat": "{{ netbird_auth_pat }}", "name": MINTED, "force": True}
    wrong = {"name": MINTED, "pat": "{{ wrong_secret }}"}
    return [
        {"name": "Mint", MINT: pat, "register": "minted"},
        {"name": "Mint again", MINT: pat},
        {"name": "Mint in a loop", MINT: {**pat, "pat": "{{ item }}"}, "loop": ["{{ netbird_auth_pat }}"]},
        {"name": "Look", MINT: {**pat, "force": False}, "check_mode": True},
        {"name": "Mint until", MINT: pat, "until": "false", "retries": 1, "delay": 0},
        {"name": "Mint with a wrong one", MINT: wrong},
        *swapped(),
        {"name": "Make a key", MAKE: {"appname": MINTED}, "register": "made"},
        {"name": "Make a key again", MAKE: {"appname": MINTED}},
        {"name": "Make with a bad one", MAKE: {"appname": MINTED, "netosecret": "{{ bad_netosecret }}"}},
    ]


def swapped() -> list[Task]:
    """Secrets in the place of names, ids and addresses."""
    pat, key = "{{ netbird_auth_pat }}", "{{ netography_auth_netosecret }}"
    named = {"name": MINTED, "token_id": "none"}
    tasks = [
        {"name": f"A token as {option}, {state}", MINT: {**named, "state": state, option: pat}}
        for option in ("user", "name", "token_id")
        for state in ("present", "absent")
    ]
    tasks += [
        {"name": f"A key as {option}, {state}", MAKE: {"appname": MINTED, "state": state, option: key}}
        for option in ("appname", "roles")
        for state in ("present", "absent")
    ]
    tasks += [token(f"A token as {option}", NETBIRD, whoami=True, **{option: pat}) for option in ("api_url", "ca_path")]
    tasks += [
        token(f"A key as {option}", NETOGRAPHY, **{option: key}) for option in ("appname", "shortname", "api_url")
    ]
    tasks += [
        token(f"A secret as {option}", client_secret="{{ client.client_secret }}", **{option: "{{ wrong_secret }}"})
        # Not audience: nobody knows that it is a secret, and a provider repeats it in its refusal.
        for option in ("client_id", "environment", "api", "scope", "token_url")
    ]
    place = {"token_url": "{{ origin }}/idp/token", "client_secret": "{{ wrong_secret }}", "client_id": "a"}
    tasks += [
        token(f"A secret as {option} of a client", OAUTH2, **{**place, option: "{{ password }}"})
        for option in ("client_id", "issuer", "audience", "scope", "api_url", "header_prefix", "header_name")
    ]
    return tasks


def loops() -> list[Task]:
    """Loops that succeed, with secrets as their items. Tree keeps the last result alone, so it is one with tokens."""
    clients = {"loop": "{{ [client, client] }}"}
    said = {"client_id": "{{ item.client_id }}", "client_secret": "{{ item.client_secret }}"}
    named = {"client_id": "{{ item }}", "client_secret": "{{ client.client_secret }}"}
    tasks = [
        token("Forgotten in a loop", state="absent", **said) | clients,
        token("Access tokens in a loop", NETBIRD, pat="{{ item }}") | {"loop": "{{ [netbird_auth_pat] }}"},
        token("Keys in a loop", NETOGRAPHY, netosecret="{{ item }}") | {"loop": "{{ [netography_auth_netosecret] }}"},
        token("A loop that succeeds at last", **said) | clients | {"until": "token is succeeded", "register": "token"},
        token("A loop of which one item fails", **named) | {"loop": ["canary-client", "other"]},
        request("Requests in a loop that succeeds", "{{ item }}", auth_options="{{ client }}")
        | {"loop": ["/echo", "/core/v2/networks"]},
        {"name": "Facts in a loop", NETFOUNDRY: named, "loop": ["canary-client"]},
        token("Tokens in a loop that succeeds", **said) | clients | {"register": "tokens"},
    ]
    return [{**task, "ignore_errors": True} for task in tasks]


def tasks() -> list[Task]:
    """All of them; each may fail."""
    retried = {"until": "false", "retries": 1, "delay": 0}
    found = [
        token("A token", whoami=True, client_secret="{{ client.client_secret }}") | {"register": "token"},
        {"name": "Facts", NETFOUNDRY: {}},
        {"name": "A fact for the cache", "ansible.builtin.set_fact": {"harmless": "value", "cacheable": True}},
        token("A personal access token", NETBIRD, pat="{{ netbird_auth_pat }}", whoami=True),
        token("An API key", NETOGRAPHY, whoami=True),
        by_lookup("A lookup", "{{ lookup('netapi.auth.netbird_auth', 'headers') }}"),
        {
            "name": "The role",
            "ansible.builtin.include_role": {"name": "netapi.auth.auth_headers"},
            "vars": {"auth_headers_providers": ["netfoundry"]},
        },
        by_lookup("The role's headers", "{{ auth_headers_netfoundry }}"),
        token("Tokens in a loop", client_id="{{ item }}", client_secret="{{ wrong_secret }}")
        | {"loop": ["canary-client", "other"]},
        *loops(),
        token("A token until", client_secret="{{ client.client_secret }}") | retried,
        token("A failure until", client_secret="{{ wrong_secret }}") | retried,
        *failing_tokens(),
        *wrong_credentials(),
        *clients(),
        *rotation(),
        request("An answer with secrets", "/echo"),
        request("An answer with the personal access token", "/pat", "netbird"),
        request("Requests in a loop", "/{{ item }}", auth_options="{{ client }}") | {"loop": ["echo", "fail/404"]},
        request("A request until", "/echo", auth_options="{{ client }}") | retried,
        *(
            request(f"Request to {path}", path, timeout=patience(path)["timeout"])
            for path in FAULTS
            if path.startswith("/fail")
        ),
        request("A misplaced option", "/echo", "netbird", pat="{{ netbird_auth_pat }}"),
        request("A misspelt option", "/echo", client_secrett="{{ wrong_secret }}"),
        request("Misspelt options", "/echo", auth_option={"client_secret": "{{ wrong_secret }}"}),
        request("A misplaced option until", "/echo", client_secret="{{ wrong_secret }}") | retried,
        request("A password", "/echo", url_password="{{ wrong_secret }}"),
        request("A password by its alias", "/echo", password="{{ wrong_secret }}"),
        request("A header", "/echo", headers={"Authorization": "Bearer {{ wrong_secret }}"}),
        request("A password in the address", "https://someone:{{ wrong_secret }}@api.example.com/"),
        request("Networks", "/core/v2/networks", auth_options="{{ client }}"),
        request("Another origin", "https://api.example.com", "netbird", auth_options={"pat": "{{ netbird_auth_pat }}"}),
        request("Failed for the record", "/fail/500") | {"register": "failed"},
        {
            "name": "Write the failed result",
            "ansible.builtin.copy": {"content": "{{ failed | to_json }}", "dest": "{{ record }}", "mode": "0600"},
        },
    ]
    return [{**task, "ignore_errors": True} for task in found]


def failures() -> list[Task]:
    """Token requests that fail, and a request whose answer is full of secrets."""
    found = [*failing_tokens(), request("An answer with secrets", "/echo"), request("A failure", "/fail/500")]
    return [{**task, "ignore_errors": True} for task in found]
