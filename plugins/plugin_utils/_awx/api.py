# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to AWX: its address, its API, the sign-in. Private to this collection."""

from __future__ import annotations

import base64
import dataclasses
import re
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from .._errors import OptionError, ServiceError
from .._http import client, urls
from .._http.request import Request
from .._http.settings import HttpSettings
from .._providers import static

# How the role calls its options.
PREFIX = "awx_credential_types_"
SIGN_IN = f"{PREFIX}token, or {PREFIX}username and {PREFIX}password"
# The path of the API in AWX and the controller, and behind the gateway of Automation Platform from 2.5 on.
_AWX = "/api/v2/"
_PLATFORM = "/api/controller/v2/"
# What users copy along with the address.
_PATH = re.compile(r"/api(?:/v2|/controller(?:/v2)?|/gateway(?:/v1)?)?/*$")
# The most pages of a list. With a hundred entries on each, no AWX has so many.
_MOST_PAGES = 100
# Where AWX says what it refuses (Django REST framework): one field for all, else one for each that is wrong.
_ERROR_FIELDS = ("detail", "__all__", "name", "kind", "inputs", "injectors", "description")
_SUPERUSER = "that the user is a superuser of AWX, a system administrator: only they may change credential types"
_SCOPE = f"that {PREFIX}token has the scope to write, and {_SUPERUSER}"
# Options in sentences about a broken connection, and what the role calls them. An empty text: the role has none.
_WORDS = {
    ", proxy, ca_path, client_cert and client_key": f", {PREFIX}ca_path and the proxy variables of the environment",
    ", ca_path, client_cert and client_key": f" and {PREFIX}ca_path",
    "set ca_path": f"set {PREFIX}ca_path",
    "): ca_path": f"): {PREFIX}ca_path",
    ", and client_cert where it wants a certificate": "",
    ", or raise timeout": "",
}


@dataclass(frozen=True)
class Awx:
    """How to reach one AWX.

    :param url: its base address, without a trailing slash.
    :param api: the address of its API, with one; empty until ``found``.
    :param sign_in: what to check where it refuses the sign-in.
    """

    url: str
    settings: HttpSettings
    headers: Mapping[str, str] = field(repr=False)
    api: str = ""
    sign_in: str = SIGN_IN

    def found(self) -> Awx:
        """The same with the address of its API, which ``/api/`` tells without a sign-in.

        Raises ServiceError.
        """
        place = f"{PREFIX}url: what AWX has at /api/ it tells anybody"
        try:
            there = self._send(_Call("GET", f"{self.url}/api/", place), headers={})
        except ServiceError as error:
            if error.status != 404:
                raise
            there = None
        said: Mapping[str, t.Any] = there if isinstance(there, dict) else {}
        apis = said.get("apis")
        versions = said.get("available_versions")
        if isinstance(apis, dict) and "controller" in apis:
            hint = (
                "; the platform takes the tokens of its gateway, and none of the controller" if self._has_token else ""
            )
            return dataclasses.replace(self, api=self.url + _PLATFORM, sign_in=f"{SIGN_IN}{hint}")
        if isinstance(apis, dict):
            raise ServiceError(f"The platform at {self.url} has no automation controller. Check {PREFIX}url.")
        if isinstance(versions, dict) and "v2" in versions:
            return dataclasses.replace(self, api=self.url + _AWX, sign_in=self._hint(has_tokens="oauth2" in said))
        raise ServiceError(f"There is no API of AWX at {self.url}. Check {PREFIX}url.")

    def get(self, path: str) -> t.Any:
        return self._send(_Call("GET", path, self.sign_in))

    def every(self, path: str) -> Iterator[dict[str, t.Any]]:
        """The entries of a list, page by page. Raises ServiceError for an answer that is no page of one."""
        following: object = path
        seen: set[str] = set()
        while following is not None:
            goes_on = isinstance(following, str) and following not in seen and len(seen) < _MOST_PAGES
            page: t.Any = self.get(str(following)) if goes_on else None
            entries = page.get("results") if isinstance(page, dict) else None
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                raise ServiceError(f"{self.url} does not answer as AWX does. Check {PREFIX}url.")
            yield from entries
            seen.add(str(following))
            following = page.get("next")

    def write(self, method: str, path: str, what: str, value: Mapping[str, t.Any] | None = None) -> t.Any:
        """Change something, once: a second try could fail because the first one succeeded.

        :param what: what is changed, for the sentence about a refusal.
        """
        forbidden = _SCOPE if self._has_token else _SUPERUSER
        return self._send(_Call(method, path, what, forbidden, value, retries=0))

    @property
    def _has_token(self) -> bool:
        return self.headers["Authorization"].startswith("Bearer ")

    def _hint(self, *, has_tokens: bool) -> str:
        if has_tokens or not self._has_token:
            return SIGN_IN
        return (
            f"{PREFIX}username and {PREFIX}password: AWX after 24.6.1 has no tokens, and those of Automation Platform "
            "count at the address of its gateway"
        )

    def _send(self, call: _Call, headers: Mapping[str, str] | None = None) -> t.Any:
        request = Request(
            call.method,
            self._address(call.path),
            url_option=f"{PREFIX}url",
            refused=call.refused,
            forbidden=call.forbidden,
            headers=self.headers if headers is None else headers,
            json=call.value,
            has_answer=call.method != "DELETE",
            error_fields=_ERROR_FIELDS,
            has_lists=True,
        )
        settings = self.settings if call.retries is None else dataclasses.replace(self.settings, retries=call.retries)
        try:
            return client.send(settings, request)
        except ServiceError as error:
            if error.status is not None:
                raise
            problem = ServiceError(_in_words_of_the_role(str(error)), may_pass=error.may_pass)
        raise problem

    def _address(self, path: str) -> str:
        """The address of a path, which may be any text, since AWX itself may have sent it. Raises ServiceError."""
        try:
            url = urljoin(f"{self.url}/", path)
            if urls.same_origin(url, self.url):
                return url
        except ValueError:
            pass
        raise ServiceError(f"{self.url} names a page at another address. Check {PREFIX}url.")


@dataclass(frozen=True)
class _Call:
    """One request: what to check after a 401, and after a 403."""

    method: str
    path: str
    refused: str
    forbidden: str = _SUPERUSER
    value: Mapping[str, t.Any] | None = None
    retries: int | None = None


def _in_words_of_the_role(sentence: str) -> str:
    for theirs, ours in _WORDS.items():
        sentence = sentence.replace(theirs, ours)
    return sentence


def address(text: str | None) -> str:
    """The base address of AWX; a bare host, as ``CONTROLLER_HOST`` may be, is one by https. Raises OptionError."""
    if text is None:
        raise OptionError(
            f"{PREFIX}url is not set. Give the address of AWX, by this variable or by the environment variable "
            "CONTROLLER_HOST, AAP_HOSTNAME or TOWER_HOST."
        )
    return _PATH.sub("", urls.base_url(f"{PREFIX}url", text if "://" in text else f"https://{text}"))


def sign_in(token: str | None, username: str | None, password: str | None) -> dict[str, str]:
    """The header: the token's where there is one, else that of RFC 7617. Raises OptionError, CredentialError."""
    if token is not None:
        static.check_text(token, f"{PREFIX}token")
        return {"Authorization": f"Bearer {token}"}
    if username is None or password is None:
        raise OptionError(
            f"Nothing says who signs in to AWX. Set {SIGN_IN}; the environment variables are CONTROLLER_OAUTH_TOKEN, "
            "CONTROLLER_USERNAME and CONTROLLER_PASSWORD, or the same of AAP_ and TOWER_."
        )
    pair = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}
