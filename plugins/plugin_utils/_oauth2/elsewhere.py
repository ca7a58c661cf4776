# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A token that somebody else made: a text, what a file holds, or what GitHub Actions gives. Private to this collection.

A client assertion, an assertion that is the grant (RFC 7521 section 4), or a subject token (RFC 8693 section 2.1).
"""

from __future__ import annotations

import abc
import contextlib
import json
import os
import re
import stat
import time
import typing as t
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, unquote_plus, urlsplit

from .. import _token, _vaulted, _waits
from .._errors import CredentialError, OptionError, ServiceError, reason
from .._http import urls
from .._token import Clock
from .._value import Value
from . import inspection

if t.TYPE_CHECKING:
    from .._http.settings import HttpSettings

# Seconds for which a file that holds no token is read again, and between two looks at it.
_WRITING = 0.5
_PAUSE = 0.02
_LARGEST = 1024 * 1024
# Of random tokens one in two thousand looks so too, and that one can come from a file.
_PATH = r"file:|(~[\w-]*|\.\.?|\$\w+|\$\{\w+\})(/|\Z)|/([A-Za-z_][a-z0-9_-]*/|[^/]{1,20}\Z)|[\w./-]+\.(jwt|token|txt)\Z"
# One that holds a path is told of that.
_UNEXPANDED = r"\$(?!\{?\w*(FILE|PATH|DIR|HOME)\}?\Z)(\w+|\{\w+\})"
_URL = "ACTIONS_ID_TOKEN_REQUEST_URL"
_REQUEST_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"  # noqa: S105 - the name of a variable
_AUDIENCE = "audience"
_GITHUB = "GitHub Actions"


class Elsewhere(Value, abc.ABC):
    """Where a token comes from that is made elsewhere. It is opaque: only its end is looked at.

    :param where: the option with its source, for sentences.
    :param origin: what gives the token, for what is said at ``-v``.
    """

    where: str
    origin: t.ClassVar[str]

    @property
    @abc.abstractmethod
    def identity(self) -> tuple[str, str]:
        """What gives the token, whichever it gives at the moment: for locks, and to tell one option from another."""

    @abc.abstractmethod
    def secret(self) -> str:
        """The permanent secret, as it is at this moment. Raises CredentialError, and OptionError for a shut vault."""

    def token(self, secret: str, settings: HttpSettings, clock: Clock) -> str:
        """What is sent, for what ``secret`` gave. Raises CredentialError where it ended over a minute ago.

        :param settings: how a service is asked that makes it.
        """
        now = clock()
        end = _token.given_expiry(now, _token.claims_of(secret))
        if end is not None and end < now - _token.CLOCK_TOLERANCE:
            raise CredentialError(
                f"The token in {self.where} expired at {_token.timestamp(end)}. "
                "Have its issuer make a later one, or correct the clock of the controller."
            )
        return secret


class Text(Elsewhere):
    """A token as it was given."""

    text: str
    origin: t.ClassVar[str] = "a text"

    @property
    def identity(self) -> tuple[str, str]:
        return "text", ""

    def secret(self) -> str:
        return self.text


class TokenFile(Elsewhere):
    """A file that somebody keeps fresh, such as the projected token of a service account in Kubernetes.

    :param is_jwt: whether nothing but a JWT can be meant.
    :param decrypt: what opens a file that ansible-vault has encrypted.
    """

    path: str
    is_jwt: bool
    decrypt: _vaulted.Decrypt | None = None
    origin: t.ClassVar[str] = "a file"

    @property
    def identity(self) -> tuple[str, str]:
        return "file", self.path

    def secret(self) -> str:
        """Its text without one line end. It is read again for a while where somebody may be writing it."""
        patience = _waits.Patience(_WRITING, None)
        while True:
            text, fault = self._read()
            if not fault:
                return text
            if patience.is_over():
                raise CredentialError(
                    f"{self.where} names a file that {fault}. Correct the path, or have the token written before it "
                    "is needed."
                )
            time.sleep(_PAUSE)

    def _read(self) -> tuple[str, str]:
        """Its text; else what is wrong with it as long as nobody has written it to the end."""
        content = self._content()
        if content is None:
            return "", "is not there"
        try:
            text = _without_line_end(content.decode())
        except UnicodeDecodeError:
            return "", "holds no text in UTF-8"
        if not text.strip():
            return "", "is empty"
        if self.is_jwt and not inspection.is_whole(text):
            return "", "holds no JWT, or only a part of one"
        return text, ""

    def _content(self) -> bytes | None:
        """What it holds, without the vault around it; None while there is no such file."""
        try:
            # A pipe without a writer would keep us here.
            with open(self.path, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK)) as file:
                is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
                content = file.read(_LARGEST + 1) if is_file else b""
        except FileNotFoundError:
            return None
        except OSError as error:
            problem = (
                f"{self.where} names a file that cannot be read ({reason(error)}). Correct the path, or its rights."
            )
            raise CredentialError(problem) from None
        if not is_file:
            raise CredentialError(
                f"{self.where} names a pipe or a device, which cannot be read at each use. Have the token in a file."
            )
        if len(content) > _LARGEST:
            raise CredentialError(f"{self.where} names a file of more than 1 MiB, which is no token. Correct the path.")
        if _vaulted.is_encrypted(content):
            return _vaulted.opened(f"The file in {self.where}", content, self.decrypt)
        return content


class GitHub(Elsewhere):
    """GitHub Actions, which makes a token for the job that asks with what is in its environment."""

    audience: str
    origin: t.ClassVar[str] = _GITHUB

    @property
    def identity(self) -> tuple[str, str]:
        return "github", self.audience

    def secret(self) -> str:
        """What the job asks with. It is the same for all of the job."""
        found = os.environ.get(_REQUEST_TOKEN)
        if found and os.environ.get(_URL):
            return found
        if os.environ.get("GITHUB_ACTIONS") != "true":
            raise CredentialError(
                f"{self.where} wants a token of {_GITHUB}, and this is no job of it. Run the play in one, hand "
                f"{_URL} and {_REQUEST_TOKEN} on to the container of the controller, or give the token as a text or "
                "a file."
            )
        if _is_of_fork():
            raise CredentialError(
                f"{self.where} wants a token of {_GITHUB}, which gives none for a pull request from a fork. Run "
                "this job on another event, such as push."
            )
        raise CredentialError(
            f"{self.where} wants a token of {_GITHUB}, and this job may not have one. Write permissions with "
            "id-token: write into the job, and into the job that calls its workflow."
        )

    def token(self, secret: str, settings: HttpSettings, clock: Clock) -> str:
        """A token made for this request. Raises ServiceError where there is none."""
        # Imported here, because a token from the cache needs none of it.
        from dataclasses import replace

        from .._http import client
        from .._http.request import Request

        request = Request(
            "GET",
            self._url(),
            url_option=_URL,
            refused="that the job still runs and has the permission id-token: write, and the audience that it asks for",
            forbidden="that the job still runs and has the permission id-token: write",
            headers={"Authorization": f"Bearer {secret}"},
        )
        # The certificate is for the provider, not for GitHub.
        settings = replace(settings, service=_GITHUB, client_cert=None, client_key=None).with_secrets(secret)
        answer = client.send(settings, request)
        found = answer.get("value") if isinstance(answer, dict) else None
        if not isinstance(found, str) or not found.strip():
            raise ServiceError(f"{_GITHUB} answered without a token, which belongs into value. Check {_URL}.")
        return super().token(found, settings, clock)

    def _url(self) -> str:
        """The address with what else it asks for, and this audience. Raises OptionError."""
        url = urls.service_url(_URL, os.environ.get(_URL, ""), query=True)
        parts = urlsplit(url)
        kept = [each for each in parts.query.split("&") if each and unquote_plus(each.partition("=")[0]) != _AUDIENCE]
        return parts._replace(query="&".join([*kept, f"{_AUDIENCE}={quote(self.audience, safe='')}"])).geturl()


def parsed(
    value: object,
    where: str,
    *,
    is_jwt: bool,
    as_path: Callable[[str], str] = str,
    decrypt: _vaulted.Decrypt | None = None,
) -> Elsewhere:
    """The token from elsewhere that an option means. Raises OptionError.

    :param value: a text, a mapping, or a mapping as JSON.
    :param as_path: makes a path of the text at ``file``, as is done for other options.
    """
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = _object(value, where)
    if isinstance(value, str) and value.startswith("["):
        with contextlib.suppress(ValueError, RecursionError):
            # A list is kept as JSON.
            value = json.loads(value)
    if isinstance(value, str) and (text := _without_line_end(value)).strip():
        if re.fullmatch(_UNEXPANDED, text):
            raise OptionError(
                f"{where} is the name of a variable that nothing has expanded. Take the value of the variable: "
                "lookup('ansible.builtin.env', …) in a playbook, and no single quotes around it in a shell."
            )
        if re.match(_PATH, text):
            raise OptionError(
                f"{where} looks like a path, and would be sent as the token itself. Write {{file: path}}, in an "
                "environment variable as JSON, to have that file read."
            )
        return Text(where, text)
    if not isinstance(value, Mapping):
        raise OptionError(f"{where} must be a text, {{file: path}} or {{github: audience}}. Correct it.")
    key, text = _member(value, where)
    return GitHub(where, text) if key == "github" else TokenFile(where, as_path(text), is_jwt, decrypt)


def _object(text: str, where: str) -> object:
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(text)
    raise OptionError(f'{where} begins with {{ and is no JSON. Write {{"file": "path"}} or {{"github": "audience"}}.')


def _member(value: Mapping[t.Any, t.Any], where: str) -> tuple[str, str]:
    """The key that is set, and its text."""
    if not value.keys() <= {"file", "github"}:
        raise OptionError(f"{where} has a key that is neither file nor github. Write one of these two.")
    found = [(key, member) for key, member in value.items() if member is not None and member != ""]
    if len(found) > 1:
        raise OptionError(f"{where} has both file and github. Leave one of them out.")
    key, member = found[0] if found else ("", "")
    text = _without_line_end(member) if isinstance(member, str) else ""
    if not text.strip() or not text.isprintable():
        raise OptionError(f"{where} must have one line of text: a path at file, or an audience at github. Correct it.")
    return str(key), text


def _without_line_end(text: str) -> str:
    return text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")


def _is_of_fork() -> bool:
    """Whether the job runs for a pull request from another repository, as far as GitHub's file about the event says.

    What runs on ``pull_request_target`` has the rights of this repository all the same.
    """
    if os.environ.get("GITHUB_EVENT_NAME") == "pull_request_target":
        return False
    with contextlib.suppress(OSError, ValueError, RecursionError, LookupError, TypeError):
        event = json.loads(Path(os.environ.get("GITHUB_EVENT_PATH", "")).read_bytes())
        head, base = (event["pull_request"][side]["repo"]["full_name"] for side in ("head", "base"))
        return bool(head != base)
    return False
