# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy on the way to a service, and what it is shown. Private to this collection."""

from __future__ import annotations

import base64
import typing as t
from urllib.parse import urlsplit

from . import urls

OPTION = "proxy"
ENVIRONMENT = "the proxy variables of the environment"
_NO_OPTION = "the address in the proxy variables of the environment"


class Proxy(t.NamedTuple):
    """The address of a proxy.

    :param said: what it is from, for sentences: ``OPTION`` or ``ENVIRONMENT``.
    :param source: the option with where it came from, as a sentence of its value begins; else as ``said``.
    """

    url: str
    said: str
    source: str

    @property
    def is_socks(self) -> bool:
        return self.url.lower().startswith("socks")

    @property
    def is_address(self) -> bool:
        """Whether it can be read at all: not with a bracket in the password. The error of that shows the password."""
        try:
            urlsplit(self._with_scheme)
        except ValueError:
            return False
        return True

    @property
    def has_user(self) -> bool:
        return "@" in self._with_scheme

    @property
    def host(self) -> str:
        """Its host for sentences; empty where that may be a part of a password that is not encoded."""
        parts = urlsplit(self._with_scheme)
        return "" if "@" in f"{parts.path}{parts.query}{parts.fragment}" else parts.hostname or ""

    @property
    def name(self) -> str:
        return f"the proxy {self.host}".rstrip()

    @property
    def _with_scheme(self) -> str:
        return self.url if "://" in self.url else f"//{self.url}"


def of(said: str | None, url: str, source: str = OPTION) -> Proxy | None:
    """The proxy of the option, else the environment's, which is not used for a request to this machine itself.

    :param source: as ``Proxy.source``.
    """
    import requests.utils

    if said:
        return Proxy(said, OPTION, source)
    if urls.is_loopback(urlsplit(url).hostname or ""):
        return None
    proxies = requests.utils.get_environ_proxies(url, no_proxy=None)
    selected: str | None = requests.utils.select_proxy(url, proxies)
    return Proxy(selected, ENVIRONMENT, _NO_OPTION) if selected else None


def headers(url: str) -> dict[str, str]:
    """User and password in the address as Basic carries them (RFC 7617 section 2.1): in UTF-8, not in Latin-1."""
    import requests.utils

    user, password = requests.utils.get_auth_from_url(url)
    if not user:
        return {}
    return {"Proxy-Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}
