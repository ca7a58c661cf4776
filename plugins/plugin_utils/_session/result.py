# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user gets: the result, and the terms that pick from it. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .. import _token
from .._errors import OptionError
from .._options.options import unknown

if t.TYPE_CHECKING:
    from .._tokens.cache import TokenResult

NULLABLE = frozenset({"api_url", "expires_at", "expires_in", "scope", "identity"})


def result_of(
    result: TokenResult, *, provider: str, method: str, api_url: str, identity: Mapping[str, t.Any] | None
) -> dict[str, t.Any]:
    """The result that interface and RETURN describe: plain types only."""
    token = result.token
    end = result.token.expires_at
    return {
        "access_token": token.text,
        "token_type": token.scheme,
        "headers": token.headers,
        "expires_at": None if end is None else _token.timestamp(end),
        "expires_in": None if end is None else max(0, int(end - result.at)),
        "scope": token.scope,
        "claims": dict(token.claims),
        "api_url": api_url or None,
        "provider": provider,
        "method": method,
        "source": result.source,
        "identity": None if identity is None else _token.shallow(identity),
    }


def pick(data: Mapping[str, t.Any], term: object) -> t.Any:
    """The one value that a term finds. Raises OptionError when it finds nothing."""
    if not isinstance(term, str):
        raise OptionError("A term of the lookup must be text: a JMESPath expression over the result.")
    text = str.__str__(term)
    if text in data:
        value = data[text]
    else:
        # Imported here, because a key of the result needs none of it.
        from .. import _query

        value = _query.search(text, data, "The term of the lookup")
    if value is None and text not in NULLABLE:
        if text.isidentifier():
            raise unknown(text, data, "key of the result")
        raise OptionError(f"The term {text} finds nothing in the result. Its keys are {', '.join(data)}.")
    return value
