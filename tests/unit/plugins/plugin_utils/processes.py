# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Real processes that use the plugins: run as a script, or started by the tests through ``ask``.

Standing alone they have no collection finder but the core's own, as in a run of Ansible.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

if t.TYPE_CHECKING:
    from ansible_collections.netapi.auth.tests.unit.harness import Ansible

# The directory that holds ansible_collections.
ROOT = Path(__file__).absolute().parents[7]


def environment() -> dict[str, str]:
    """The environment of a process that finds the collection where this file lies, and all else as this one does."""
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    return {**os.environ, "PYTHONPATH": path, "ANSIBLE_COLLECTIONS_PATH": str(ROOT)}


def ask(local_tmp: Path, number: int, provider: str, terms: tuple[str, ...], **arguments: t.Any) -> dict[str, t.Any]:
    """What that many processes, forked from one and let go at the same moment, got from the same lookup.

    ``values`` has one list for each of them, ``modules`` the names of all that the first one has imported.
    """
    order = {
        "local_tmp": str(local_tmp),
        "number": number,
        "provider": provider,
        "terms": terms,
        "arguments": arguments,
    }
    process = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(order),
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, t.Any] = json.loads(process.stdout.splitlines()[-1])
    return found


def _main() -> None:
    from ansible import constants
    from ansible.plugins.loader import init_plugin_loader

    # What every fork of Ansible has from its parent: the core, and nothing of the collection.
    order = json.load(sys.stdin)
    init_plugin_loader()
    from ansible_collections.netapi.auth.tests.unit.harness import Ansible

    vars(constants)["DEFAULT_LOCAL_TMP"] = order["local_tmp"]
    start, go = os.pipe()
    answers = [_fork(Ansible(), order, start, go) for _one in range(order["number"])]
    # The end of the pipe is what all wait for.
    os.close(go)
    found = [json.load(os.fdopen(answer)) for answer in answers]
    print(json.dumps({"values": [each["values"] for each in found], "modules": found[0]["modules"]}))


def _fork(ansible: Ansible, order: dict[str, t.Any], start: int, go: int) -> int:
    """Start one more process; it answers into the pipe whose reading end this returns."""
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        return reader
    os.close(go)
    os.read(start, 1)
    values = ansible.lookup(order["provider"], *order["terms"], **order["arguments"])
    with os.fdopen(writer, "w") as file:
        json.dump({"values": values, "modules": sorted(sys.modules)}, file)
    os._exit(0)


if __name__ == "__main__":
    _main()
