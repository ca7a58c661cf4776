# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make results`: put what runs at real servers found into docs/providers/, of which `make generate` makes tables."""

from __future__ import annotations

import shutil
import sys

from .cores import ROOT
from .stage import BUILD

# Each file, and what writes it.
SERVERS = {
    "canaille": "make integration TESTS=openid",
    "dex": "make providers",
    "hydra": "make providers",
    "keycloak": "make keycloak",
    "oidc-provider": "make integration TESTS=openid",
}


def main() -> int:
    """Copy the results of the last runs that there are."""
    there = {name: BUILD / f"{name}.json" for name in SERVERS if (BUILD / f"{name}.json").is_file()}
    for found in there.values():
        shutil.copy(found, ROOT / "docs" / "providers" / found.name)
    for name in SERVERS.keys() - there.keys():
        print(f"{name} was not asked: run {SERVERS[name]} first", file=sys.stderr)
    return 0 if there else 1


if __name__ == "__main__":
    sys.exit(main())
