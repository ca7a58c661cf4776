# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/*.yml.

"""All providers. Private to this collection."""

from __future__ import annotations

from . import netbird, netfoundry, netography, oauth2

PROVIDERS = {
    "netbird": netbird.PROVIDER,
    "netfoundry": netfoundry.PROVIDER,
    "netography": netography.PROVIDER,
    "oauth2": oauth2.PROVIDER,
}
