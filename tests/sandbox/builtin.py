# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts that are there from the start. README.md lists them."""

from __future__ import annotations

from .accounts import (
    NUMBERS,
    Account,
    IdpClient,
    IdpRefresh,
    NetBirdUser,
    NetFoundryApiAccount,
    NetFoundryClient,
    NetFoundryRapidApi,
    NetographyKey,
    NetographyRefresh,
    NetographyUser,
    make_pat,
)

SELF_PATHS = ("identities", "api-account-identities", "user-identities")
# Every character that URL-encoding changes, and a colon: RFC 7617 splits at the first one only.
ODD_SECRET = "odd+secret/%41&=x:y z"
CONDITIONS = ("expired", "deleted", "blocked", "pending", "limited")
AUDIENCE = "netbird-api"
SCOPE = "openid netbird"


def built_in() -> tuple[Account, ...]:
    return (*_netfoundry(), *_netography(), *_netbird(), *_identity_provider())


def _netfoundry() -> list[Account]:
    accounts: list[Account] = [NetFoundryClient("nf-client-odd", ODD_SECRET)]
    for n in NUMBERS:
        self_path = SELF_PATHS[(n - 1) % 3]
        accounts.append(NetFoundryClient(f"nf-client-{n}", f"nf-secret-{n}", self_path))
        accounts.append(NetFoundryApiAccount(f"nf-account-{n}", f"nf-account-token-{n}"))
        accounts.append(NetFoundryRapidApi(f"nf-rapidapi-key-{n}"))
    return accounts


def _netography() -> list[Account]:
    # The parts of the sample NETOSECRET in the service's documentation.
    accounts: list[Account] = [NetographyKey("myappkey", "myappname", "mysharedsecret", "myshortname")]
    for n in NUMBERS:
        parent = f"neto-account-{n}"
        subs = tuple(f"{parent}-sub-{m}" for m in (1, 2, 3))
        key = NetographyKey(f"neto-appkey-{n}", f"neto-appname-{n}", f"neto-sharedsecret-{n}", parent, subs)
        accounts.append(key)
        accounts.append(NetographyUser(f"neto-user-{n}", f"neto-password-{n}", parent))
        accounts.append(NetographyRefresh(f"neto-refresh-{n}", f"neto-user-{n}", parent))
        rotating = NetographyRefresh(f"neto-rotating-{n}", f"neto-user-{n}", parent, rotates=True)
        accounts.append(rotating)
    return accounts


def _netbird() -> list[Account]:
    accounts: list[Account] = [
        NetBirdUser(make_pat(f"sandbox{condition}"), f"user-{condition}", condition) for condition in CONDITIONS
    ]
    for n in NUMBERS:
        accounts.append(NetBirdUser(make_pat(f"sandboxuser{n}"), f"user-{n}"))
        service = NetBirdUser(make_pat(f"sandboxservice{n}"), f"service-{n}", is_service_user=True)
        accounts.append(service)
    return accounts


def _identity_provider() -> list[Account]:
    accounts: list[Account] = []
    for n in NUMBERS:
        user = f"idp-user-{n}"
        clients = (
            IdpClient(f"nb-client-{n}", f"nb-secret-{n}", user),
            IdpClient(f"nb-post-{n}", f"nb-secret-{n}", user, "form_post"),
            IdpClient(f"nb-json-{n}", f"nb-secret-{n}", user, "json", AUDIENCE),
            IdpClient(f"nb-id-{n}", f"nb-secret-{n}", user, scope=SCOPE, token_field="id_token"),
            IdpClient(f"nb-public-{n}", None, user, "form_post", scope="openid"),
        )
        accounts += clients
        # nb-client-1 has nb-refresh-client-1, nb-public-1 has nb-refresh-public-1, and so on.
        accounts += [IdpRefresh(f"nb-refresh-{one.client_id[3:]}", one.client_id) for one in clients]
    return accounts
