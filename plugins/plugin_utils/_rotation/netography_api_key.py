# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task netapi.auth.netography_api_key. Private to this collection."""

from __future__ import annotations

import base64
import contextlib
import json
import typing as t
from collections.abc import Callable, Mapping
from urllib.parse import quote

from .._errors import OptionError, ServiceError
from .._http import client, masking
from .._options.options import Options
from .._providers.netography import ApiKey, read_netosecret
from .._providers.service_api import Api
from .._session.session import Session
from .._token import timestamp
from .._value import Value

NAME = "netapi.auth.netography_api_key"
_PATH = "/api/v1/api-keys"
_UNSTORED = (
    "The API key exists and has never logged in, so perhaps nobody stored its NETOSECRET. If so, run the task with "
    "state: absent, and then with state: present."
)


_NOT_THERE = (
    "The account has no API key of the name that appname says, and so none to remove. If it is mistyped, the key that "
    "was meant still signs in."
)


class Wanted(Value):
    """What the task was told.

    :param roles: None where nothing was said.
    """

    appname: str
    roles: list[str] | None
    present: bool


class Keys(Value):
    """The API keys of the account, as the one that signs in sees them."""

    api: Api

    def find(self, appname: str) -> tuple[Mapping[str, t.Any] | None, bool]:
        """What is said of a key, None for one that is not there; and whether keys may be read."""
        try:
            answer = client.send(self.api.settings, self.api.request(self._url(appname)))
        except ServiceError as error:
            if error.status == 403:
                return None, False
            if error.status == 404 and error.words:
                return None, True
            raise
        found = _data(masking.hide(answer, self.api.settings.secrets))
        if not found:
            raise ServiceError("Netography did not describe the API key. Check api_url, and what stands before it.")
        return found, True

    def make(self, appname: str, roles: list[str]) -> str | None:
        """The appkey of a new API key; None where it exists. Raises ServiceError."""
        request = self.api.making(_PATH, {"appname": appname, "roles": roles})
        exchange = client.Exchange(self.api.settings)
        try:
            while (reply := exchange.send(request)) is None:
                pass
            appkey = _data(reply.value).get("appkey")
            if isinstance(appkey, str) and appkey:
                return appkey
            raise ServiceError("Netography answered without an appkey.")
        except ServiceError as error:
            # A role that does not exist is a refusal.
            if error.status == 409 or (error.status in (400, 422) and "exists" in error.words.lower()):
                return None
            if error.may_have_worked:
                raise ServiceError(
                    f"{error} The API key may have been made, and nobody has its appkey. Run the task with state: "
                    "absent, and then with state: present.",
                    error.status,
                    error.words,
                    answer_lost=True,
                ) from None
            raise

    def remove(self, appname: str) -> bool:
        """Whether a key was removed; not where there was none."""
        request = self.api.request(self._url(appname), "DELETE", has_answer=False)
        try:
            client.send(self.api.settings, request)
        except ServiceError as error:
            if error.status == 404 and error.words:
                return False
            raise
        return True

    def _url(self, appname: str) -> str:
        return f"{self.api.url}{_PATH}/{quote(appname, safe='')}"


def _data(answer: t.Any) -> Mapping[str, t.Any]:
    found = answer.get("data") if isinstance(answer, dict) else None
    return found if isinstance(found, dict) else {}


def carry_out(session: Session, own: Options, show: Callable[[str], None], *, check_mode: bool) -> dict[str, t.Any]:
    """The result of the task. Raises AuthError.

    :param own: the options that are not for signing in.
    """
    wanted = _wanted(own)
    # The task fixes the method.
    signing = t.cast(ApiKey, session.credential)
    if not wanted.present and wanted.appname == signing.appname:
        raise OptionError("appname is the API key that signs in, which is never removed. Sign in with another one.")
    api, _identity = session.api()
    keys = Keys(api)
    found, may_read = keys.find(wanted.appname)
    if not wanted.present:
        is_changed = found is not None or not may_read
        if is_changed and not check_mode:
            is_changed = keys.remove(wanted.appname)
        if not is_changed:
            session.run.display.warning(f"{NAME}: {_NOT_THERE}")
        return _result(wanted, changed=is_changed)
    if found is not None:
        return _left_alone(session, wanted, found)
    roles = wanted.roles if wanted.roles is not None else _own_roles(keys, signing)
    if check_mode:
        return _result(wanted, roles, changed=True)
    appkey = keys.make(wanted.appname, roles)
    if appkey is None:
        return _left_alone(session, wanted, keys.find(wanted.appname)[0])
    secret = _netosecret(session, signing, wanted.appname, appkey)
    masking.register([secret, appkey])
    show(f"{NAME}: made the API key {wanted.appname}.")
    return {**_result(wanted, roles, changed=True), "netosecret": secret}


def _wanted(own: Options) -> Wanted:
    """What the options say. Raises OptionError."""
    appname, roles = own.text("appname"), own.text("roles")
    if appname is None:
        raise OptionError("appname is not set. Give the name of the API key that is to be made or removed.")
    if appname in (".", ".."):
        # In an address it would name what is above.
        raise OptionError("appname must not be a dot, or two. Give the API key another name.")
    # As the core reads a list in a text.
    said: t.Any = None if roles is None else roles.split(",")
    if roles is not None and roles.startswith(("[", "{")):
        said = roles
        with contextlib.suppress(ValueError):
            # A list is kept as JSON.
            said = json.loads(roles)
    if said is not None and not (
        isinstance(said, list) and len(said) < 2 and all(isinstance(each, str) for each in said)
    ):
        raise OptionError("roles must be a list of at most one role. Correct it.")
    return Wanted(appname, said, own.text("state") == "present")


def _left_alone(session: Session, wanted: Wanted, found: Mapping[str, t.Any] | None) -> dict[str, t.Any]:
    if found is not None and not found.get("last_login"):
        session.run.display.warning(f"{NAME}: {_UNSTORED}")
    said = found or {}
    return {**_result(wanted, said.get("roles"), changed=False), "last_login": _time(said.get("last_login"))}


def _time(said: t.Any) -> t.Any:
    """A time in seconds since the epoch as ISO 8601, and all else as it was said."""
    if isinstance(said, int) and not isinstance(said, bool):
        with contextlib.suppress(ValueError, OverflowError, OSError):
            return timestamp(said)
    return said


def _own_roles(keys: Keys, signing: ApiKey) -> list[str]:
    """Those of the key that signs in. Raises OptionError where it may not read them."""
    found, _may_read = keys.find(signing.appname)
    roles = (found or {}).get("roles")
    if not isinstance(roles, list):
        raise OptionError("roles is not set, and the API key that signs in may not read its own. Set roles.")
    return roles


def _netosecret(session: Session, signing: ApiKey, appname: str, appkey: str) -> str:
    """That of the key which signs in, with another name and key."""
    given = session.options.text("netosecret")
    said = read_netosecret(given, session.options.source("netosecret")) if given is not None else {}
    if said.get("sharedsecret") != signing.sharedsecret:
        # The parts of another account signed in.
        said = {}
    said = {
        "url": signing.api_url,
        "shortname": signing.shortname,
        **said,
        "sharedsecret": signing.sharedsecret,
        "appname": appname,
        "appkey": appkey,
    }
    return base64.b64encode(json.dumps(said).encode()).decode()


def _result(wanted: Wanted, roles: t.Any = None, *, changed: bool) -> dict[str, t.Any]:
    return {"changed": changed, "appname": wanted.appname, "roles": roles, "last_login": None}
