# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make definitions`: write the options of each lookup as the core parses them from its documentation.

They are asked of the core over a tree that has none of these files, so that it has to parse.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

from .ansible_test import environment_for
from .cores import NEWEST, ROOT, core_environment
from .stage import BUILD, stage

FOLDER = "plugins/plugin_utils/_definitions"
PARSED = """
import json
import sys
from ansible import constants
from ansible.plugins import loader

loader.init_plugin_loader()
for name in sys.argv[1:]:
    lookup = loader.lookup_loader.get(f"netapi.auth.{name}", class_only=True)
    print(json.dumps(constants.config.get_configuration_definitions("lookup", lookup._load_name)))
"""


def main() -> int:
    """Parse all, then write all."""
    environment = core_environment(NEWEST)
    shutil.rmtree(stage("definitions") / FOLDER, ignore_errors=True)
    names = sorted(path.stem for path in (ROOT / "plugins" / "lookup").glob("*.py"))
    done = subprocess.run(
        [str(environment.python), "-B", "-c", PARSED, *names],
        env=environment_for(environment, "definitions") | {"ANSIBLE_COLLECTIONS_PATH": str(BUILD / "definitions")},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    (ROOT / FOLDER).mkdir(exist_ok=True)
    for name, line in zip(names, done.stdout.splitlines(), strict=True):
        text = json.dumps(json.loads(line), indent=1, ensure_ascii=False)
        (ROOT / FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
