# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make generate`: write everything that repeats what declarations/ says, where PyYAML and Jinja are installed."""

from __future__ import annotations

import subprocess
import sys

from .cores import NEWEST, ROOT, core_environment


def main() -> int:
    environment = core_environment(NEWEST)
    environment.build(sys.stdout)
    return subprocess.call([str(environment.python), "-B", "-m", "tests.generate"], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
