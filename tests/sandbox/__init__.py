# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One strict server on loopback that plays the services, and an OpenID provider for any other API. See README.md."""

from __future__ import annotations

from .assertions import private_key, public_key
from .server import Sandbox
from .services.idp import IdpClient, IdpRefresh, IdpSubject, IdpUser
from .services.netbird import NetBirdBearer, NetBirdPat, NetBirdUser, make_pat
from .services.netfoundry import ODD_SECRET, NetFoundryApiAccount, NetFoundryClient, NetFoundryRapidApi
from .services.netography import NetographyKey, NetographyRefresh, NetographyUser

# A service that is not here is imported from its own file.
__all__ = [
    "ODD_SECRET",
    "IdpClient",
    "IdpRefresh",
    "IdpSubject",
    "IdpUser",
    "NetBirdBearer",
    "NetBirdPat",
    "NetBirdUser",
    "NetFoundryApiAccount",
    "NetFoundryClient",
    "NetFoundryRapidApi",
    "NetographyKey",
    "NetographyRefresh",
    "NetographyUser",
    "Sandbox",
    "make_pat",
    "private_key",
    "public_key",
]
