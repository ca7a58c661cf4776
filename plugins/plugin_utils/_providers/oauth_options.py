# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of OAuth 2.0 that several providers have, for their methods. Private to this collection.

In a file of its own, because a provider names them as it is loaded, and most credentials need no more of OAuth 2.0.
"""

from __future__ import annotations

from .._options.options import Options
from .base import Warn

# The options any one of which shows a client.
PROOFS = ("client_secret", "private_key", "private_key_file", "client_assertion")
# A client that shows a certificate needs no secret.
BY_CERTIFICATE = {"client_auth": "tls_client_auth"}
SECRETS = ("client_secret", "private_key", "private_key_passphrase", "client_assertion")
# What decides whose tokens these are, and where they come from.
READS = (
    "client_auth",
    "private_key_id",
    "assertion_audience",
    "issuer",
    "token_url",
    "audience",
    "scope",
    "extra_params",
    "token_query",
)


def with_one_endpoint(options: Options, warn: Warn) -> Options:
    """The options with the more specific of two endpoints, since the other one may be of another account."""
    if not (options.is_set("issuer") and options.is_set("token_url")):
        return options
    return options.without("token_url" if options.level("issuer") < options.level("token_url") else "issuer")
