# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netography, as the tests need it."""

from __future__ import annotations

import base64
import json
import textwrap
import typing as t
from collections.abc import Callable, Mapping

from ansible_collections.netapi.auth.tests.sandbox import NetographyKey
from ansible_collections.netapi.auth.tests.unit.plugins.providers import FORM, JSON, Flow, Grant, ProviderData, Sent

TACTICS = "/api/v1/mitre/tactics"
# In base64 its appname has both characters in which the two alphabets differ, and needs padding.
KEY = NetographyKey("appkey-1", "app~~~>>>???", "shared+secret/=1", "account-1", ("account-1-sub-1",))
PARTS = {
    "shortname": KEY.shortname,
    "appname": KEY.appname,
    "appkey": KEY.appkey,
    "sharedsecret": KEY.sharedsecret,
}
# The official sample: no padding, line breaks inside the JSON.
SAMPLE = (
    "ewogICJ1cmwiOiAiaHR0cHM6Ly9hcGkubmV0b2dyYXBoeS5jb20vYXBpL3YxIiwKICAic2hvcnRuYW1lIjogIm15c2hvcnRuYW1lIiwKICAi"
    "YXBwbmFtZSI6ICJteWFwcG5hbWUiLAogICJzaGFyZWRzZWNyZXQiOiAibXlzaGFyZWRzZWNyZXQiLAogICJhcHBrZXkiOiAibXlhcHBrZXki"
    "Cn0"
)
SENT = Sent(
    "POST", "/api/v1/auth/token", JSON, {"jwt": {name: PARTS[name] for name in ("appname", "appkey", "shortname")}}
)


def netosecret(url: str, *, indent: int | None = None, parts: Mapping[str, str] | None = None) -> str:
    """A NETOSECRET of the parts, or of the key's, padded, in the standard alphabet."""
    return base64.b64encode(json.dumps({"url": url, **(parts or PARTS)}, indent=indent).encode()).decode()


def _padded(url: str) -> str:
    text = netosecret(url)
    # Whether there is padding depends on the length, and that on the sandbox's port.
    while not text.endswith("="):
        url += "/"
        text = netosecret(url)
    return text


SHAPES: Mapping[str, Callable[[str], str]] = {
    "padded": _padded,
    "not padded": lambda url: _padded(url).rstrip("="),
    "standard alphabet": netosecret,
    "URL-safe alphabet": lambda url: netosecret(url).translate(str.maketrans("+/", "-_")),
    "newlines inside the JSON": lambda url: netosecret(url, indent=2),
    "wrapped lines": lambda url: "\n".join(textwrap.wrap(netosecret(url), 76)) + "\n",
}


def _bearer(name: str, options: dict[str, str], sent: Sent) -> Flow:
    return Flow(name, "netography", name, {**options, "api_url": "{url}"}, (sent,), TACTICS)


FLOWS = (
    Flow("api_key", "netography", "api_key", {**PARTS, "api_url": "{url}"}, (SENT,), TACTICS),
    _bearer(
        "user_credentials",
        {"username": "neto-user-1", "password": "neto-password-1"},
        Sent("POST", "/api/auth/bearer/token", FORM, {"username": "neto-user-1", "password": "neto-password-1"}),
    ),
    _bearer(
        "refresh_token",
        {"refresh_token": "neto-refresh-1"},
        Sent("POST", "/api/auth/bearer/refresh", FORM, {"refresh_token": "neto-refresh-1"}),
    ),
)
READY = (Flow("token", "netography", "token", {"token": "a.token"}, api_url="https://api.netography.com"),)


def taken_apart(token: str) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """Header and claims of a JWT."""
    header, claims, _signature = token.split(".")
    first, second = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims))
    return first, second


def readable(body: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """With the lasting claims of a request token in its place."""
    if "jwt" not in body:
        return dict(body)
    claims = taken_apart(body["jwt"])[1]
    return {**body, "jwt": {name: value for name, value in claims.items() if name not in ("iat", "jti")}}


def _values(url: str) -> dict[str, str]:
    parts = {"shortname": "neto-account-1", "appname": "neto-appname-1", "appkey": "neto-appkey-1"}
    parts["sharedsecret"] = "neto-sharedsecret-1"
    return {
        **parts,
        "netosecret": netosecret(f"{url}/api/v1", parts=parts),
        "username": "neto-user-1",
        "password": "neto-password-1",
        "refresh_token": "neto-refresh-1",
        "token": "opaque-token",
        "api_url": url,
    }


_API_URL = {"api_url": "https://other.example"}
DATA = ProviderData(
    selects={
        "netosecret": "api_key",
        "sharedsecret": "api_key",
        "password": "user_credentials",
        "refresh_token": "refresh_token",
        "token": "token",
    },
    values=_values,
    addresses=("api_url",),
    credentials=(
        ("netosecret",),
        ("shortname", "appname", "appkey", "sharedsecret"),
        ("username", "password"),
        ("refresh_token",),
        ("token",),
    ),
    either={"sharedsecret": ("netosecret", "sharedsecret")},
    ids={
        "netosecret": ("appname", "appkey", "sharedsecret"),
        "sharedsecret": ("appname", "appkey"),
        "password": ("username",),
    },
    grants=(
        Grant(
            "netography", ("netosecret", "api_url"), "/api/v1/auth/token", "api_url", "netosecret", absent="shortname"
        ),
        Grant("netography", ("username", "password", "api_url"), "/api/auth/bearer/token", "api_url", "password"),
        Grant("netography", ("refresh_token", "api_url"), "/api/auth/bearer/refresh", "api_url", "refresh_token"),
    ),
    api_url="{url}",
    whoami=TACTICS,
    identity={"sub": "neto-appname-1"},
    ready="token",
    urls={"api_url": "token"},
    in_headers={"token": {}},
    wrong=(("netosecret", "{marker}-none", {}),),
    flows=FLOWS,
    ready_flows=READY,
    identities=(
        (dict(zip(PARTS, "abcd", strict=True)), {**dict.fromkeys(PARTS, "x"), **_API_URL, "token_query": "id_token"}),
        ({"username": "a", "password": "b"}, {"username": "x", "password": "x", **_API_URL}),
        ({"refresh_token": "a"}, {"refresh_token": "b"}),
    ),
    accounts=(KEY,),
    readable=readable,
)
