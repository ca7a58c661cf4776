# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The public interface, written down a second time: what users type, so a change here is a change for them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Row:
    """One option. ``env`` is in the order in which they count."""

    type: str = "str"
    default: t.Any = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    ini: bool = False
    elements: str | None = None
    required: bool = False


# `api_url` and `method` differ for each provider, and stand there. Before an environment variable that all services
# share counts the service's own: `common` has both.
COMMON: dict[str, Row] = {
    "timeout": Row("int", 15, env=("NETAPI_AUTH_TIMEOUT",), ini=True),
    "retries": Row("int", 3, env=("NETAPI_AUTH_RETRIES",), ini=True),
    "validate_certs": Row("bool", True, env=("NETAPI_AUTH_VALIDATE_CERTS",), ini=True),
    "ca_path": Row("path", env=("NETAPI_AUTH_CA_PATH",), ini=True),
    "client_cert": Row("path"),
    "client_key": Row("path"),
    "proxy": Row(),
    # Its values are no choices: it takes addresses too. Its default depends on the method.
    "cache": Row("str", None, env=("NETAPI_AUTH_CACHE",), ini=True),
    "min_validity": Row("int", 60, env=("NETAPI_AUTH_MIN_VALIDITY",), ini=True),
    "token_query": Row("str", "access_token"),
    "refresh": Row("bool", False),
    "whoami": Row("bool", False),
    # Its default depends on the core and the fact cache.
    "set_facts": Row("bool"),
    "state": Row("str", "present", ("present", "absent")),
}


def common(provider: str) -> dict[str, Row]:
    """COMMON with the environment variables of this service."""
    own = "NETAPI_OAUTH2" if provider == "oauth2" else f"{provider.upper()}_AUTH"
    return {
        name: replace(row, env=tuple(each.replace("NETAPI_AUTH", own) for each in row.env) + row.env)
        for name, row in COMMON.items()
    }


# Of COMMON, what a lookup does not have.
TASK_ONLY = {"set_facts", "state"}
# What only an argument sets.
ARGUMENT_ONLY = {"refresh", "whoami", *TASK_ONLY}
# As RFC 7591 and RFC 8705 name them; the last is Auth0's.
CLIENT_AUTH = (
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "tls_client_auth",
    "none",
    "client_secret_json",
)


def client(prefix: str, **own: Row) -> dict[str, Row]:
    """What says who a client of OAuth 2.0 is, and what it asks for, in each provider that has one.

    :param prefix: of the environment variables, but for those in ``own``.
    """
    rows = {
        "issuer": Row(),
        "token_url": Row(),
        "client_id": Row(),
        "client_secret": Row(),
        "client_auth": Row(choices=CLIENT_AUTH),
        "private_key": Row("raw"),
        "private_key_file": Row("path"),
        "private_key_passphrase": Row(),
        "private_key_id": Row(),
        "client_assertion": Row("raw"),
        "assertion_audience": Row(),
        "scope": Row("raw", aliases=("scopes",)),
        "audience": Row("raw"),
        "extra_params": Row("dict"),
        "token_query": Row("str", "access_token"),
    }
    return {name: replace(row, env=(f"{prefix}_{name.upper()}",)) for name, row in rows.items()} | own


# What `cache` takes besides an address.
CACHES = ("none", "run", "user")
OPTIONS: dict[str, dict[str, Row]] = {
    "netfoundry": {
        "method": Row(choices=("client_credentials", "api_account", "rapidapi", "token")),
        "environment": Row(choices=("production", "staging", "sandbox"), env=("NF_ENVIRONMENT",)),
        "api": Row("str", "platform", ("platform", "frontdoor"), env=("NETFOUNDRY_AUTH_API",)),
        **client(
            "NETFOUNDRY_AUTH",
            client_id=Row(env=("NETFOUNDRY_CLIENT_ID", "NF_CLIENT_ID")),
            client_secret=Row(
                aliases=("password",), env=("NETFOUNDRY_CLIENT_SECRET", "NETFOUNDRY_PASSWORD", "NF_CLIENT_SECRET")
            ),
            token_url=Row(aliases=("authentication_url",), env=("NETFOUNDRY_OAUTH_URL",)),
        ),
        "credentials_file": Row("path", env=("NETFOUNDRY_API_ACCOUNT",)),
        "account_id": Row(env=("NETFOUNDRY_ACCOUNT_ID",)),
        "account_token": Row(env=("NETFOUNDRY_ACCOUNT_TOKEN",)),
        "basic_encoding": Row("str", "plain", ("plain", "base64")),
        "rapidapi_key": Row(env=("RAPIDAPI_KEY",)),
        "rapidapi_host": Row("str", "netfoundryapi.p.rapidapi.com"),
        "token": Row(env=("NETFOUNDRY_API_TOKEN",)),
        "api_url": Row(env=("NETFOUNDRY_API_URL",)),
    },
    "netography": {
        "method": Row(choices=("api_key", "user_credentials", "refresh_token", "token")),
        "netosecret": Row(env=("NETOSECRET",)),
        "shortname": Row(env=("NETOGRAPHY_SHORTNAME",)),
        "appname": Row(env=("NETOGRAPHY_APPNAME",)),
        "appkey": Row(env=("NETOGRAPHY_APPKEY",)),
        "sharedsecret": Row(env=("NETOGRAPHY_SHAREDSECRET",)),
        "username": Row(env=("NETOGRAPHY_USERNAME",)),
        "password": Row(env=("NETOGRAPHY_PASSWORD",)),
        "refresh_token": Row(env=("NETOGRAPHY_REFRESH_TOKEN",)),
        "token": Row(env=("NETOGRAPHY_API_TOKEN",)),
        "api_url": Row(env=("NETOGRAPHY_API_URL",)),
    },
    "netbird": {
        "method": Row(choices=("pat", "refresh_token", "client_credentials", "token")),
        "pat": Row(env=("NB_PAT", "NETBIRD_API_TOKEN", "NETBIRD_PAT")),
        # NETBIRD_AUTH_AUDIENCE is of NetBird's own deployments.
        **client("NETBIRD_AUTH", audience=Row("raw", env=("NETBIRD_AUTH_TOKEN_AUDIENCE",))),
        "refresh_token": Row(env=("NETBIRD_AUTH_REFRESH_TOKEN",)),
        "token": Row(env=("NETBIRD_AUTH_TOKEN",)),
        "api_url": Row(env=("NETBIRD_API_URL", "NB_MANAGEMENT_URL")),
    },
    "oauth2": {
        "method": Row(
            choices=("refresh_token", "jwt_bearer", "token_exchange", "password", "token", "client_credentials")
        ),
        **client("NETAPI_OAUTH2"),
        "credentials_file": Row("path", env=("NETAPI_OAUTH2_CREDENTIALS_FILE",)),
        "refresh_token": Row(env=("NETAPI_OAUTH2_REFRESH_TOKEN",)),
        "assertion": Row("raw", env=("NETAPI_OAUTH2_ASSERTION",)),
        "assertion_claims": Row("dict", env=("NETAPI_OAUTH2_ASSERTION_CLAIMS",)),
        "assertion_headers": Row("dict", env=("NETAPI_OAUTH2_ASSERTION_HEADERS",)),
        "subject_token": Row("raw", env=("NETAPI_OAUTH2_SUBJECT_TOKEN",)),
        "subject_token_type": Row(env=("NETAPI_OAUTH2_SUBJECT_TOKEN_TYPE",)),
        "requested_token_type": Row(env=("NETAPI_OAUTH2_REQUESTED_TOKEN_TYPE",)),
        "username": Row(env=("NETAPI_OAUTH2_USERNAME",)),
        "password": Row(env=("NETAPI_OAUTH2_PASSWORD",)),
        "token": Row(env=("NETAPI_OAUTH2_TOKEN",)),
        "header_prefix": Row(env=("NETAPI_OAUTH2_HEADER_PREFIX",)),
        "header_name": Row("str", "Authorization", env=("NETAPI_OAUTH2_HEADER_NAME",)),
        "api_url": Row(env=("NETAPI_OAUTH2_API_URL",)),
    },
}
# An option, or several any one of which will do.
Part = tuple[str, ...]
_ENDPOINT: Part = ("issuer", "token_url")


def _clients() -> list[set[Part]]:
    """A client that shows itself, at an endpoint that is given."""
    secrets = ("client_secret", "private_key", "private_key_file")
    return [*({("client_id",), (name,), _ENDPOINT} for name in secrets), {("client_assertion",), _ENDPOINT}]


# provider: method: each set of options that is a whole credential of it. In each, one option selects the method.
CREDENTIALS: dict[str, dict[str, list[set[Part]]]] = {
    "netfoundry": {
        "client_credentials": [
            {("client_id",), ("client_secret",)},
            {("client_id",), ("private_key",)},
            {("client_id",), ("private_key_file",)},
            {("client_assertion",)},
            {("credentials_file",)},
        ],
        "api_account": [{("account_id",), ("account_token",)}],
        "rapidapi": [{("rapidapi_key",)}],
        "token": [{("token",)}],
    },
    "netography": {
        "api_key": [{("netosecret",)}, {("shortname",), ("appname",), ("appkey",), ("sharedsecret",)}],
        "user_credentials": [{("username",), ("password",)}],
        "refresh_token": [{("refresh_token",)}],
        "token": [{("token",)}],
    },
    "netbird": {
        "pat": [{("pat",)}],
        "refresh_token": [{("client_id",), ("refresh_token",), ("issuer", "token_url")}],
        "client_credentials": _clients(),
        "token": [{("token",)}],
    },
    "oauth2": {
        "refresh_token": [{("client_id",), ("refresh_token",), _ENDPOINT}],
        "jwt_bearer": [{("assertion",), _ENDPOINT}, {("credentials_file",)}],
        "token_exchange": [{("subject_token",), ("subject_token_type",), _ENDPOINT}],
        "password": [{("username",), ("password",), _ENDPOINT}],
        "token": [{("token",)}],
        "client_credentials": _clients(),
    },
}
_SERVICES = tuple(sorted(OPTIONS))
# Of `uri`, what `ansible.builtin.uri` does not have.
URI: dict[str, Row] = {
    "auth": Row(choices=_SERVICES, required=True),
    "auth_options": Row("dict"),
    "auth_hosts": Row("list", elements="str"),
}
ROLES: dict[str, dict[str, Row]] = {
    "auth_headers": {
        "auth_headers_providers": Row("list", None, _SERVICES, elements="str", required=True),
        "auth_headers_whoami": Row("bool", True),
    },
    "awx_credential_types": {
        "awx_credential_types_url": Row(env=("CONTROLLER_HOST", "AAP_HOSTNAME", "TOWER_HOST")),
        "awx_credential_types_token": Row(env=("CONTROLLER_OAUTH_TOKEN", "AAP_TOKEN", "TOWER_OAUTH_TOKEN")),
        "awx_credential_types_username": Row(env=("CONTROLLER_USERNAME", "AAP_USERNAME", "TOWER_USERNAME")),
        "awx_credential_types_password": Row(env=("CONTROLLER_PASSWORD", "AAP_PASSWORD", "TOWER_PASSWORD")),
        "awx_credential_types_validate_certs": Row(
            "bool", True, env=("CONTROLLER_VERIFY_SSL", "AAP_VALIDATE_CERTS", "TOWER_VERIFY_SSL")
        ),
        "awx_credential_types_ca_path": Row("path"),
        "awx_credential_types_providers": Row("list", list(_SERVICES), _SERVICES, elements="str"),
        "awx_credential_types_state": Row("str", "present", ("present", "absent")),
    },
}
RESULT = {
    "access_token": "str",
    "token_type": "str",
    "headers": "dict",
    "expires_at": "str",
    "expires_in": "int",
    "scope": "str",
    "claims": "dict",
    "api_url": "str",
    "provider": "str",
    "method": "str",
    "source": "str",
    "identity": "dict",
}
RESULT_CHOICES = {"token_type": ["Bearer", "Token", "Basic", "RapidAPI"], "source": ["issued", "cache", "given"]}
# What a task that makes credentials has beside the options of signing in; and those of them that it does not have.
ROTATION: dict[str, dict[str, Row]] = {
    "netbird": {
        "user": Row(),
        "name": Row(required=True),
        "token_id": Row(env=("NETBIRD_PAT_ID",)),
        "lifetime_days": Row("int", 90),
        "rotate_before_days": Row("int"),
        "prune_unused_hours": Row("int"),
        "force": Row("bool", False),
        "state": Row("str", "present", ("present", "absent")),
    },
    "netography": {
        "appname": Row(required=True),
        "roles": Row("list", elements="str"),
        "state": Row("str", "present", ("present", "absent")),
    },
}
ROTATION_TASKS = {"netbird": "netbird_pat", "netography": "netography_api_key"}
NOT_FOR_ROTATION = {
    "netbird": ARGUMENT_ONLY,
    "netography": ARGUMENT_ONLY
    | {"method", "appname", "appkey", "sharedsecret", "username", "password", "refresh_token", "token"},
}
GROUPS = {
    "netbird": {"netbird_auth"},
    "netfoundry": {"netfoundry_token"},
    "netography": {"netography_token"},
    "oauth2": {"oauth2_token"},
}
GROUPS["all"] = {plugin for plugins in GROUPS.values() for plugin in plugins}
