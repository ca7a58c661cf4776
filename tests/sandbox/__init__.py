# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One strict server on loopback that plays NetFoundry, Netography and NetBird. See README.md."""

from __future__ import annotations

from .accounts import (
    IdpClient,
    IdpRefresh,
    NetBirdBearer,
    NetBirdUser,
    NetFoundryApiAccount,
    NetFoundryClient,
    NetFoundryRapidApi,
    NetographyKey,
    NetographyRefresh,
    NetographyUser,
    make_pat,
)
from .server import Sandbox

__all__ = [
    "IdpClient",
    "IdpRefresh",
    "NetBirdBearer",
    "NetBirdUser",
    "NetFoundryApiAccount",
    "NetFoundryClient",
    "NetFoundryRapidApi",
    "NetographyKey",
    "NetographyRefresh",
    "NetographyUser",
    "Sandbox",
    "make_pat",
]
