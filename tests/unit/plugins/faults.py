# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Thirty faults of a set-up, and ten set-ups without one: how each is made, and what the doctor must say of it."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import email.utils
import json
import time
import typing as t
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import jwt
import pytest
import trustme

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.sandbox.services.netbird import make_pat
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer, rule_of_the_guide
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.proxy import Proxy
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, reply

SETUP_KEY = "A616097E-FCF0-48FA-9354-CA4A61142761"


@dataclass
class Place:
    """Where a fault is set up.

    :param variables: of the inventory.
    :param shown: what stands in for a text of the expectation that is known when it is set up.
    """

    sandbox: Sandbox
    patch: pytest.MonkeyPatch
    folder: Path
    stack: contextlib.ExitStack
    variables: dict[str, t.Any] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def export(self, **values: str) -> None:
        for name, value in values.items():
            self.patch.setenv(name, value)

    def netfoundry(self, **options: str) -> None:
        """Environment variables of a good client, and variables of the inventory."""
        url = self.sandbox.url
        self.export(
            NETFOUNDRY_CLIENT_ID="nf-client-1", NETFOUNDRY_CLIENT_SECRET="nf-secret-1", NF_ENVIRONMENT="sandbox"
        )
        self.export(NETFOUNDRY_OAUTH_URL=f"{url}/oauth/token", NETFOUNDRY_API_URL=url)
        self.say("netfoundry", **options)

    def oauth2(self, **options: str) -> None:
        url = self.sandbox.url
        usual = {"issuer": f"{url}/idp", "client_id": "oa-client-1", "client_secret": "oa-secret-1", "api_url": url}
        self.say("oauth2", **{**usual, **options})

    def netbird(self, pat: str, **options: str) -> None:
        self.export(NB_PAT=pat)
        self.say("netbird", **{"api_url": self.sandbox.url, **options})

    def netography(self, url: str, **options: str) -> None:
        parts = {part: f"neto-{part}-1" for part in ("appname", "appkey", "sharedsecret")}
        self.say("netography", **{"shortname": "neto-account-1", **parts, "api_url": url, **options})

    def say(self, provider: str, **options: str) -> None:
        self.variables |= {f"{provider}_auth_{name}": value for name, value in {"retries": "0", **options}.items()}

    def serve(self, *plays: t.Any) -> str:
        return self.stack.enter_context(Server(*plays)).url

    def secure(self, *, name: str = "127.0.0.1", ended: bool = False) -> tuple[str, str]:
        """The sandbox over TLS; its address and its authority."""
        authority = trustme.CA()
        end = dt.datetime.now(dt.UTC) - dt.timedelta(days=1) if ended else None
        leaf = authority.issue_cert(name, not_after=end)
        files = [str(self.folder / each) for each in ("cert.pem", "key.pem", "authority.pem")]
        leaf.cert_chain_pems[0].write_to_path(files[0])
        leaf.private_key_pem.write_to_path(files[1])
        authority.cert_pem.write_to_path(files[2])
        if end:
            self.shown["END"] = end.strftime("%Y-%m-%d")
        return self.stack.enter_context(Sandbox(tls=(files[0], files[1]))).url, files[2]


@dataclass(frozen=True)
class Fault:
    """One fault.

    :param names: what the first sentence names; what stands in angle brackets is known when the fault is set up.
    :param options: the options that it may name.
    :param code: which is the anchor of its paragraph in the guide.
    """

    number: int
    what: str
    provider: str
    status: str
    code: str
    names: tuple[str, ...]
    options: tuple[str, ...]
    set_up: Callable[[Place], None]


def _nothing(place: Place) -> None:
    """The environment and the variables are empty."""


def _half(place: Place) -> None:
    place.export(NETFOUNDRY_CLIENT_ID="nf-client-1")


def _wrong_secret(place: Place) -> None:
    place.netfoundry()
    place.export(NETFOUNDRY_CLIENT_SECRET="a-secret-of-another-client")


def _blank_at_the_end(place: Place) -> None:
    place.netfoundry()
    place.export(NETFOUNDRY_CLIENT_SECRET="nf-secret-1 \n")


def _in_quotes(place: Place) -> None:
    place.netfoundry()
    place.export(NETFOUNDRY_CLIENT_SECRET='"nf-secret-1"')


def _two_accounts(place: Place) -> None:
    place.netfoundry(client_id="nf-client-2")


def _misspelt(place: Place) -> None:
    place.say("netfoundry", clientid="nf-client-1", client_secret="nf-secret-1")


def _without_slash(place: Place) -> None:
    place.netfoundry(audience="https://gateway.sandbox.netfoundry.io")


def _scope(place: Place) -> None:
    place.oauth2(scope="what-nobody-has")


def _client_auth(place: Place) -> None:
    words = "The OAuth 2.0 Client supports client authentication method 'client_secret_post', but not this one"
    url = place.serve(reply(json.dumps({"error": "invalid_client", "error_description": words}), 401))
    place.say("oauth2", token_url=f"{url}/token", client_id="oa-client-1", client_secret="oa-secret-1")


def _other_tenant(place: Place) -> None:
    url = place.serve(reply(b"", 404))
    place.say("oauth2", token_url=f"{url}/tenant/token", client_id="oa-client-1", client_secret="oa-secret-1")


def _too_high(place: Place) -> None:
    place.oauth2(issuer=place.sandbox.url)


def _of_another_issuer(place: Place) -> None:
    document = {"issuer": "https://login.example/tenant", "token_endpoint": "https://login.example/token"}
    url = place.serve(reply(json.dumps(document)))
    place.shown["ISSUER"] = url
    place.oauth2(issuer=url)


def _redirects(place: Place) -> None:
    url = place.serve(reply(b"", 302, Location="https://login.example/tenant/token"))
    place.say("oauth2", token_url=f"{url}/token", client_id="oa-client-1", client_secret="oa-secret-1")


def _dashboard(place: Place) -> None:
    url = place.serve(reply(b"<!doctype html><title>Dashboard</title>", Content_Type="text/html"))
    place.netbird(make_pat("sandboxservice1"), api_url=url)


def _private_authority(place: Place) -> None:
    place.netbird(make_pat("sandboxservice1"), api_url=place.secure()[0])


def _other_host(place: Place) -> None:
    url, authority = place.secure(name="api.internal.example")
    place.netbird(make_pat("sandboxservice1"), api_url=url, ca_path=authority)


def _expired_certificate(place: Place) -> None:
    url, authority = place.secure(ended=True)
    place.netbird(make_pat("sandboxservice1"), api_url=url, ca_path=authority)


def _proxy_login(place: Place) -> None:
    proxy = place.serve(reply(b"", 407))
    place.netbird(make_pat("sandboxservice1"), proxy=proxy)


def _proxy_without_way(place: Place) -> None:
    proxy = place.serve(reply(b"", 502))
    place.netbird(make_pat("sandboxservice1"), api_url="https://netbird.example.com", proxy=proxy)


def _no_such_host(place: Place) -> None:
    place.netbird(make_pat("sandboxservice1"), api_url="https://no-such-host.invalid")


def _clock(place: Place) -> None:
    behind = email.utils.formatdate(time.time() - 120, usegmt=True)
    body = json.dumps({"status": 401, "name": "Unauthorized", "message": "Invalid request token"})
    place.netography(place.serve(reply(body, 401, Date=behind)))


def _pat(condition: str) -> Callable[[Place], None]:
    return lambda place: place.netbird(make_pat(f"sandbox{condition}"))


def _setup_key(place: Place) -> None:
    place.netbird(SETUP_KEY)


def _used_refresh_token(place: Place) -> None:
    url = place.sandbox.url
    place.say("oauth2", issuer=f"{url}/idp", client_id="oa-client-1", client_secret="oa-secret-1", api_url=url)
    place.say("oauth2", refresh_token="a-refresh-token-that-was-used-before")


def _quota(place: Place) -> None:
    place.sandbox.fault("/oauth/token", status=429, headers={"Retry-After": "7200"}, body='{"error": "too_many"}')
    place.netfoundry()


def _open_cache(place: Place) -> None:
    cache = place.folder / ".cache" / "netapi_auth"
    cache.mkdir(parents=True)
    cache.chmod(0o755)
    place.shown["CACHE"] = str(cache)
    place.netfoundry(cache="user")


def _redis_rights(place: Place) -> None:
    (place.folder / "redis").mkdir()
    server = place.stack.enter_context(RedisServer(place.folder / "redis"))
    place.netfoundry(cache=server.allow(rule_of_the_guide(), leave_out="+set"))


SECRET = ("client_secret", "NETFOUNDRY_CLIENT_SECRET")
FAULTS = (
    Fault(1, "nothing is set", "netbird", "failed", "no_credential",
          ("pat", "refresh_token", "token", "argument", "netbird_auth_pat", "NB_PAT"),
          ("pat", "refresh_token", "client_secret", "private_key", "private_key_file", "client_assertion"), _nothing),
    Fault(2, "an id without its secret", "netfoundry", "failed", "half_credential",
          ("client_secret",), ("client_secret",), _half),
    Fault(3, "a wrong client secret", "netfoundry", "failed", "client_refused", SECRET, SECRET, _wrong_secret),
    Fault(4, "a secret with a blank at its end", "netfoundry", "failed", "settings_odd",
          ("client_secret", "ends with a blank"), SECRET, _blank_at_the_end),
    Fault(5, "a secret in quotes", "netfoundry", "failed", "settings_odd", (*SECRET, "quotes"), SECRET, _in_quotes),
    Fault(6, "the id of another account", "netfoundry", "failed", "two_accounts",
          ("client_id", "netfoundry_auth_client_id", "NETFOUNDRY_CLIENT_ID"), ("client_id",), _two_accounts),
    Fault(7, "a misspelt variable", "netfoundry", "failed", "name_odd", ("netfoundry_auth_client_id",), (), _misspelt),
    Fault(8, "an audience without its slash", "netfoundry", "failed", "audience_refused",
          ("audience",), ("audience",), _without_slash),
    Fault(9, "a scope that the client may not have", "oauth2", "failed", "scope_refused",
          ("scope",), ("scope",), _scope),
    Fault(10, "a way to show the client that is not taken", "oauth2", "failed", "client_auth_wrong",
          ("client_auth",), ("client_auth",), _client_auth),
    Fault(11, "the token URL of another tenant", "oauth2", "failed", "address_wrong",
          ("token_url",), ("token_url",), _other_tenant),
    Fault(12, "an issuer one level too high", "oauth2", "failed", "address_wrong",
          ("issuer", "404"), ("issuer",), _too_high),
    Fault(13, "the document of another issuer", "oauth2", "failed", "other_issuer",
          ("https://login.example/tenant", "<ISSUER>"), ("issuer",), _of_another_issuer),
    Fault(14, "a token endpoint that redirects", "oauth2", "failed", "redirected",
          ("https://login.example/tenant/token",), (), _redirects),
    Fault(15, "the address of the dashboard", "netbird", "failed", "address_of_a_page",
          ("api_url",), ("api_url",), _dashboard),
    Fault(16, "a private authority", "netbird", "failed", "certificate_authority",
          ("ca_path",), ("ca_path",), _private_authority),
    Fault(17, "a certificate of another host", "netbird", "failed", "certificate_of_another_host",
          ("127.0.0.1", "api.internal.example"), (), _other_host),
    Fault(18, "an expired certificate", "netbird", "failed", "certificate_expired", ("<END>",), (),
          _expired_certificate),
    Fault(19, "a proxy that wants a login", "netbird", "unknown", "proxy",
          ("the proxy 127.0.0.1", "a user and a password"), (), _proxy_login),
    Fault(20, "a proxy that does not get there", "netbird", "unknown", "proxy",
          ("the proxy 127.0.0.1", "netbird.example.com"), (), _proxy_without_way),
    Fault(21, "no such host", "netbird", "unknown", "no_such_host",
          ("no-such-host.invalid", "name servers"), (), _no_such_host),
    Fault(22, "a clock ahead", "netography", "failed", "clock", ("clock", "2 minutes ahead"), (), _clock),
    Fault(23, "a PAT that has expired", "netbird", "failed", "token_expired",
          ("has expired", "NB_PAT"), ("pat",), _pat("expired")),
    Fault(24, "a PAT that was deleted", "netbird", "failed", "token_unknown",
          ("pat", "NB_PAT", "was deleted"), ("pat",), _pat("deleted")),
    Fault(25, "a setup key", "netbird", "failed", "not_a_credential", ("a setup key",), ("pat",), _setup_key),
    Fault(26, "a blocked user", "netbird", "failed", "user_blocked", ("user", "blocked"), (), _pat("blocked")),
    Fault(27, "a refresh token that was used", "oauth2", "failed", "refresh_token_spent",
          ("Sign in again", "the user's token cache"), ("refresh_token",), _used_refresh_token),
    Fault(28, "no quota left", "netfoundry", "unknown", "quota", ("7200 seconds, until 20",), (), _quota),
    Fault(29, "an open cache directory", "netfoundry", "failed", "cache_unusable",
          ("<CACHE>", "0755"), (), _open_cache),
    Fault(30, "a Redis user without rights", "netfoundry", "warning", "cache_shared_unusable",
          ("+set", "rights"), (), _redis_rights),
)  # fmt: skip


def _proxied(place: Place) -> None:
    proxy = place.stack.enter_context(Proxy("somebody", "a-password-of-a-proxy"))
    place.netbird(make_pat("sandboxservice1"), proxy=proxy.url)


def _own_authority(place: Place) -> None:
    url, authority = place.secure()
    place.netbird(make_pat("sandboxservice1"), api_url=url, ca_path=authority)


def _opaque(place: Place) -> None:
    place.sandbox.fault("/idp/token", opaque=True)
    place.oauth2()


def _ends_in_a_year(place: Place) -> None:
    claims = {"sub": "idp-user-1", "exp": int(time.time()) + 365 * 86400, "iat": int(time.time())}
    place.say("oauth2", token=jwt.encode(claims, "a key that nobody knows, of some length", "HS256"))


def _refresh_token(place: Place) -> None:
    place.oauth2(refresh_token="oa-refresh-client-1")


def _three(place: Place) -> None:
    place.netfoundry()
    place.netbird(make_pat("sandboxservice1"))
    secret = {part: f"neto-{part}-1" for part in ("appkey", "appname", "sharedsecret")}
    bundle = {"url": f"{place.sandbox.url}/api/v1", "shortname": "neto-account-1", **secret}
    place.export(NETOSECRET=base64.b64encode(json.dumps(bundle).encode()).decode())


def _homeless(place: Place) -> None:
    place.patch.delenv("HOME")
    place.patch.setenv("HOME", "/dev/null")
    place.netfoundry()


GOOD: dict[str, Callable[[Place], None]] = {
    "a client secret": lambda place: place.netfoundry(),
    "an opaque token": _opaque,
    "a proxy that works": _proxied,
    "an own authority": _own_authority,
    "no cache": lambda place: place.netfoundry(cache="none"),
    "a service user's PAT": lambda place: place.netbird(make_pat("sandboxservice1")),
    "a token that ends in a year": _ends_in_a_year,
    "a refresh token whose successor is kept": _refresh_token,
    "three providers at once": _three,
    "a place without a home": _homeless,
}


@contextlib.contextmanager
def placed(sandbox: Sandbox, patch: pytest.MonkeyPatch, folder: Path) -> Iterator[Place]:
    with contextlib.ExitStack() as stack:
        yield Place(sandbox, patch, folder, stack)
