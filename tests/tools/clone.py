# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What README and guide say for a clone, as it stands there: `make demo` and `make sandbox`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request

from .cores import ROOT
from .demo import STOP_SECONDS, exports

# Of what the sandbox prints.
LAST = "NETBIRD_API_URL"


def main() -> int:
    """Run the demo; start the sandbox as a reader does, ask whether it is there, and end it as Ctrl-C does.

    Who started this ends it after a time, and what it has started with it.
    """
    subprocess.run(["make", "demo"], cwd=ROOT, check=True)
    argv = ["make", "sandbox"]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        found: dict[str, str] = {}
        while LAST not in found and process.stdout and (line := process.stdout.readline()):
            found |= exports(line)
        if LAST not in found:
            print(f"it printed {sorted(found)} and not {LAST}", file=sys.stderr)
            return 1
        with urllib.request.urlopen(f"{found[LAST]}/_sandbox/state") as answer:
            print(*found, answer.status, flush=True)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(STOP_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
