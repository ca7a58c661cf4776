# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests know of each provider: a file in ``providers/`` has all that they need to go through one more.

``test_providers.py`` says what a file lacks.
"""

from __future__ import annotations

import functools
import importlib
import tempfile
import time
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import jwt

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import private_key

if t.TYPE_CHECKING:
    from ansible_collections.netapi.auth.tests.unit.harness import Ansible

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Sent:
    """What counts of a request: the body's fields all, the headers those that say who asks."""

    method: str
    path: str
    content_type: str | None = None
    body: Mapping[str, t.Any] = field(default_factory=dict)
    authorization: str | None = None


@dataclass(frozen=True)
class Flow:
    """What is given, what the service must be sent, and what comes out of it.

    In ``options`` and in what is expected ``{url}`` stands for the sandbox.

    :param sent: the requests that the grant makes; none for a credential that is ready.
    :param read: a path of the API that the token opens; empty for a token that no service has issued.
    :param headers: in them ``{token}`` stands for the access token.
    """

    name: str
    provider: str
    method: str
    options: Mapping[str, str]
    sent: tuple[Sent, ...] = ()
    read: str = ""
    token_type: str = "Bearer"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Authorization": "Bearer {token}"})
    api_url: str = "{url}"

    def __str__(self) -> str:
        return f"{self.provider} {self.name}"

    def given(self, url: str) -> dict[str, str]:
        """The options for a service at this address."""
        return {name: value.replace("{url}", url) for name, value in self.options.items()}

    def obtain(self, way: str, ansible: Ansible, url: str, **more: t.Any) -> dict[str, t.Any]:
        """The result by task or by lookup."""
        ask = ansible.task_result if way == "task" else ansible.lookup_result
        return ask(self.provider, **self.given(url), **more)

    def expected(self, token: str, url: str) -> dict[str, t.Any]:
        """What the result says whatever the service answered."""
        return {
            "access_token": token,
            "token_type": self.token_type,
            "headers": {name: value.replace("{token}", token) for name, value in self.headers.items()},
            "api_url": self.api_url.replace("{url}", url),
            "provider": self.provider,
            "method": self.method,
            "source": "issued" if self.sent else "given",
            "identity": None,
        }


@dataclass(frozen=True)
class Grant:
    """A request for a token: the options that it needs, where it goes, and what a refusal names.

    :param url_option: the option that decides where it goes.
    :param refused: the option that the service can refuse; ``url_option`` for a request that shows no credential.
    :param absent: the option that a 404 names, if not ``url_option``.
    """

    provider: str
    options: tuple[str, ...]
    path: str
    url_option: str
    refused: str
    absent: str = ""

    def __str__(self) -> str:
        return f"{self.provider}-{self.refused}{self.path}"


@dataclass(frozen=True)
class ProviderData:
    """All that shared tests ask of one provider. Options are by their names.

    :param selects: the options that select a method, with it, in the order in which the environment decides.
    :param values: of each option of a credential, and of those in ``addresses``, what the sandbox at an address takes.
    :param addresses: what leads to the sandbox, whatever the method.
    :param credentials: sets of options that are enough, first the one that most users have.
    :param either: what a sentence names where an option is missing that others could stand for, the first most fully.
    :param uses: selecting options with another one that the sandbox's account needs beside them.
    :param ids: secrets with the ids that belong to the same account.
    :param grants: the first is the one that tests take where any would do.
    :param api_url: for which address the token of the first grant is, if nothing else is said.
    :param whoami: the path that says who the token of the first grant is.
    :param identity: some of what it says.
    :param ready: the option that is enough without a network.
    :param urls: options that are addresses, each with a selecting option that uses it.
    :param in_headers: options that go into a header as they are, each with what it needs beside it.
    :param wrong: options with a value of a wrong form, in which ``{marker}`` is what must not be shown, and with what
        is said beside it.
    :param flows: one for each form that a request for a token has.
    :param ready_flows: one for each form of a credential that needs no request.
    :param identities: options, and others of which each makes another token.
    :param accounts: what the sandbox has to have for the flows.
    :param readable: the body of a request, with what changes from one to the next taken out.
    """

    selects: Mapping[str, str] = field(default_factory=dict)
    values: Callable[[str], Mapping[str, str]] = lambda _url: {}
    addresses: tuple[str, ...] = ()
    credentials: tuple[tuple[str, ...], ...] = ()
    either: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uses: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    api_url: str = ""
    whoami: str = ""
    identity: Mapping[str, t.Any] = field(default_factory=dict)
    ready: str = ""
    urls: Mapping[str, str] = field(default_factory=dict)
    in_headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    wrong: tuple[tuple[str, str, Mapping[str, str]], ...] = ()
    flows: tuple[Flow, ...] = ()
    ready_flows: tuple[Flow, ...] = ()
    identities: tuple[tuple[Mapping[str, str], Mapping[str, str]], ...] = ()
    accounts: tuple[t.Any, ...] = ()
    readable: Callable[[Mapping[str, t.Any]], Mapping[str, t.Any]] = dict

    @property
    def is_granted(self) -> bool:
        """Whether a token is asked for with the credential that most users have."""
        return self.method(self.credentials[0]) not in {flow.method for flow in self.ready_flows}

    def pick(self, options: tuple[str, ...], url: str) -> dict[str, str]:
        """These options with what the sandbox at the address takes."""
        values = self.values(url)
        return {name: values[name] for name in options}

    def whole(self, options: tuple[str, ...], url: str) -> dict[str, str]:
        """The same of a credential, and what the sandbox's account needs beside it."""
        return self.pick((*options, *(self.uses[name] for name in options if name in self.uses)), url)

    def beside(self, option: str, url: str) -> dict[str, str]:
        """What is needed beside an option that is an address, without other addresses."""
        (credential, *_more) = (each for each in self.credentials if self.urls[option] in each)
        return self.pick(tuple(name for name in (*credential, *self.addresses) if name not in self.urls), url)

    def method(self, options: tuple[str, ...]) -> str:
        """The method that they select."""
        return next(method for option, method in self.selects.items() if option in options)


def assertion(client_id: str, audience: str, **claims: t.Any) -> str:
    """One that was made elsewhere, and is good for more than one request, because it has no id."""
    now = int(time.time())
    said = {"iss": client_id, "sub": client_id, "aud": audience, "iat": now, "exp": now + 3000, **claims}
    return jwt.encode(said, private_key(client_id), algorithm="ES256")


@functools.cache
def key_file(client_id: str) -> str:
    """A file with the key of a client of the sandbox."""
    path = Path(tempfile.mkdtemp(prefix="netapi-auth-key-")) / "key.pem"
    path.write_text(private_key(client_id), encoding="utf-8")
    return str(path)


def _found() -> dict[str, ProviderData]:
    here = Path(__file__).parent / "providers"
    missing = sorted(name for name in PROVIDERS if not (here / f"{name}.py").is_file())
    assert not missing, f"The tests know nothing of {missing}: each needs a file in {here}, as netbird.py there."
    return {name: importlib.import_module(f"{__package__}.providers.{name}").DATA for name in PROVIDERS}


DATA = _found()
EVERY_FLOW = tuple(flow for data in DATA.values() for flow in data.flows)
EVERY_READY_FLOW = tuple(flow for data in DATA.values() for flow in data.ready_flows)
EVERY_GRANT = tuple(grant for data in DATA.values() for grant in data.grants)
