# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make results`: put what `make keycloak` found into docs/providers/, of which `make generate` makes a table."""

from __future__ import annotations

import shutil
import sys

from .cores import ROOT
from .stage import BUILD

# Each is written by the job of that name.
SERVERS = ("keycloak",)


def main() -> int:
    """Copy the results of the last run."""
    for name in SERVERS:
        found = BUILD / f"{name}.json"
        if not found.is_file():
            print(f"{found} is missing: run make {name} first", file=sys.stderr)
            return 1
        shutil.copy(found, ROOT / "docs" / "providers" / found.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
