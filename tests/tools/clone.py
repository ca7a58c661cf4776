# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What README and guide say for a clone, as it stands there: `make demo` and `make sandbox`."""

from __future__ import annotations

import os
import signal
import subprocess
import urllib.request

from .cores import ROOT


def main() -> None:
    """Run the demo; start the sandbox as a reader does, ask whether it is there, and end it as Ctrl-C does.

    Who started this ends it after a time, and what it has started with it.
    """
    subprocess.run(["make", "demo"], cwd=ROOT, check=True)
    argv = ["make", "sandbox"]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        for line in process.stdout or ():
            name, _equals, url = line.strip().removeprefix("export ").partition("=")
            if name == "NETBIRD_API_URL":
                with urllib.request.urlopen(f"{url}/_sandbox/state") as answer:
                    print(name, answer.status, flush=True)
                os.killpg(process.pid, signal.SIGINT)


if __name__ == "__main__":
    main()
