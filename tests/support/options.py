# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that reach the sandbox, in the two forms that users write."""

from __future__ import annotations

import json
from pathlib import Path

from ...plugins import plugin_utils
from ..sandbox import Sandbox

_DEFINITIONS = Path(plugin_utils.__file__).parent / "_definitions"
# Plugin: every environment variable that is read for its options. What the caller has of these must not decide a test.
DECLARED = {
    f"netapi.auth.{file.stem}": {
        each["name"]
        for option in json.loads(file.read_text(encoding="utf-8")).values()
        for each in option.get("env", ())
    }
    for file in _DEFINITIONS.glob("*.json")
}


def variables(sandbox: Sandbox, number: int = 1) -> dict[str, str]:
    """Inventory variables; ``number`` is that of the account."""
    return service(sandbox) | account(number)


def service(sandbox: Sandbox) -> dict[str, str]:
    return {
        "netfoundry_auth_api_url": sandbox.url,
        "netfoundry_auth_token_url": f"{sandbox.url}/oauth/token",
        "netfoundry_auth_environment": "sandbox",
    }


def account(number: int) -> dict[str, str]:
    return {
        "netfoundry_auth_client_id": f"nf-client-{number}",
        "netfoundry_auth_client_secret": f"nf-secret-{number}",
    }


def environment(sandbox: Sandbox, number: int = 1) -> dict[str, str]:
    """Environment variables for NetFoundry; ``number`` is that of the account."""
    return addresses(sandbox) | {
        "NETFOUNDRY_CLIENT_ID": f"nf-client-{number}",
        "NETFOUNDRY_CLIENT_SECRET": f"nf-secret-{number}",
    }


def addresses(sandbox: Sandbox) -> dict[str, str]:
    """Environment variables that lead to all three services, without an account."""
    return {
        "NETFOUNDRY_OAUTH_URL": f"{sandbox.url}/oauth/token",
        "NETFOUNDRY_API_URL": sandbox.url,
        "NF_ENVIRONMENT": "sandbox",
        "NETOGRAPHY_API_URL": sandbox.url,
        "NETBIRD_API_URL": sandbox.url,
    }
