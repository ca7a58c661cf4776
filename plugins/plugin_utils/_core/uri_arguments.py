# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What netapi.auth.uri hands to ansible.builtin.uri. Private to this collection."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ansible.module_utils.common.validation import check_type_dict, check_type_list

from .._errors import OptionError
from .._http import masking, urls
from .._options.options import Options, unknown
from .._options.values import WrongTypeError, convert, plain

# Options, and their aliases, that set another credential than that of auth.
_OTHER_CREDENTIALS = ("url_username", "user", "url_password", "password")
_OTHER_WAYS = ("force_basic_auth", "use_gssapi", "use_netrc")
_PASSWORDS = ("url_password", "password")
# What shows that these options hold a credential.
_TELLTALES = {"url": r"//[^/?#]*@", "headers": "authorization|x-rapidapi-key"}
_DOTS = re.compile(r"(\.|%2e){2}", re.IGNORECASE)


def address(url: object, api_url: str, hosts: object) -> str:
    """Where the request goes. Raises OptionError for what is no address, or one that may not get the credential."""
    text = plain(url)
    origins = (api_url, *_origins(hosts))
    if not isinstance(text, str):
        raise OptionError("url is not set. Give an address, or a path that begins with / for one below api_url.")
    path = text.partition("?")[0].partition("#")[0]
    if "\\" in text or text.startswith("//") or any(map(_DOTS.fullmatch, path.split("/"))):
        raise OptionError("url must hold neither a backslash nor a segment .., nor begin with //. Correct it.")
    if text.startswith("/"):
        return api_url + text
    if "://" not in text:
        raise OptionError(
            "url is neither an address such as https://host.example/path nor a path below api_url, which begins with "
            "a slash. Put / before it, if it is such a path."
        )
    place = text.partition("#")[0]
    urls.service_url("url", place, query=True)
    if any(urls.same_origin(place, origin) for origin in origins):
        return text
    raise OptionError(
        f"url is at {urls.origin(place)}, and the credential is for {urls.origin(api_url)}. "
        "Correct url or api_url, or name that origin in auth_hosts, if it may be sent the credential."
    )


def check_names(said: Iterable[str], known: Collection[str], options: Mapping[str, str]) -> None:
    """Raise OptionError for a name that is no option of the request.

    :param known: the names of options; empty where they could not be read.
    :param options: the names of options that belong into auth_options, with their plugin.
    """
    for name in said if known else ():
        if name not in known and name in options:
            raise OptionError(f"{name} is an option of {options[name]}. Write it into auth_options.")
        if name not in known:
            raise unknown(name, known, "option", options, ", in auth_options")


def shown(said: Mapping[str, t.Any], known: Collection[str]) -> dict[str, t.Any]:
    """The arguments as callbacks may see them: what was misplaced or misspelt may be a secret, and so may what is
    refused because it is another credential.
    """
    return {
        name: value if name in known and _may_be_seen(name, value) else masking.HIDDEN for name, value in said.items()
    }


def _may_be_seen(name: str, value: object) -> bool:
    if name in _TELLTALES:
        return not re.search(_TELLTALES[name], str(value), re.IGNORECASE)
    return name not in _PASSWORDS


def arguments(said: Mapping[str, t.Any], url: str, headers: Mapping[str, str], auth: str) -> dict[str, t.Any]:
    """The arguments with the headers attached. Raises OptionError for those that bring another credential."""
    check(said, headers, auth)
    own = _dictionary(said.get("headers"))
    unredirected = _list(said.get("unredirected_headers"))
    return {
        **said,
        "url": url,
        "headers": {**own, **headers},
        "unredirected_headers": [*unredirected, *headers],
        # A line of that file for the host would silently replace the header.
        "use_netrc": False,
    }


def of_provider(said: Mapping[str, t.Any], options: Options, *, is_here: bool, is_issuer: bool) -> dict[str, t.Any]:
    """What the provider's options say of TLS for this request too, where the task itself says nothing.

    :param is_here: whether the controller makes the request, where the files of the options are.
    :param is_issuer: whether the request goes where the tokens come from, so that the client certificate is meant.
    """
    names = ["ca_path"] * is_here + ["client_cert", "client_key"] * (is_here and is_issuer)
    told: dict[str, t.Any] = {name: options.text(name) for name in names if options.is_set(name)}
    if not options.flag("validate_certs"):
        told["validate_certs"] = False
    unset = {name for name in told if plain(said.get(name)) is None}
    if "client_cert" not in unset:
        # A key belongs to its certificate.
        unset.discard("client_key")
    return {name: value for name, value in told.items() if name in unset}


def check(said: Mapping[str, t.Any], names: Iterable[str], auth: str) -> None:
    """Raise OptionError where an argument and auth both say who asks."""
    _list(said.get("unredirected_headers"))
    clash = [name for name in _OTHER_CREDENTIALS if plain(said.get(name)) is not None]
    clash += [name for name in _OTHER_WAYS if _is_true(said.get(name))]
    attached = {name.lower() for name in names}
    clash += [f"the header {name}" for name in _dictionary(said.get("headers")) if name.lower() in attached]
    if clash:
        raise OptionError(f"{clash[0]} and auth: {auth} both say who asks. Leave one of them out.")


def _origins(hosts: object) -> list[str]:
    origins = _list(hosts, "auth_hosts must be a list of origins such as https://host.example:8443. Correct it.")
    for origin in origins:
        urls.service_url("each of auth_hosts", origin)
        if urlsplit(origin).path.strip("/"):
            raise OptionError("each of auth_hosts must be an origin such as https://host.example:8443, without a path.")
    return origins


def _is_true(value: object) -> bool:
    try:
        return convert(value, "bool", Path()) is True
    except WrongTypeError:
        # ansible.builtin.uri judges it.
        return False


def _dictionary(value: object) -> dict[str, t.Any]:
    if plain(value) is None:
        return {}
    try:
        return {str(name): header for name, header in check_type_dict(value).items()}
    except (TypeError, ValueError):
        pass
    raise OptionError("headers must be a dictionary. Correct it.")


def _list(value: object, problem: str = "unredirected_headers must be a list of names. Correct it.") -> list[str]:
    if plain(value) is None:
        return []
    try:
        return [str(item) for item in check_type_list(value)]
    except TypeError:
        pass
    raise OptionError(problem)
