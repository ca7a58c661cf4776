# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes of their own: real playbooks, and Pythons that lack something."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from dataclasses import dataclass
from pathlib import Path

import yaml

from ansible_collections.netapi.auth.plugins.plugin_utils import _errors

# …/ansible_collections/netapi/auth/plugins/plugin_utils/_errors.py
COLLECTIONS = str(Path(_errors.__file__).parents[5])
# Far more than any of them takes: it is what ends a process that hangs.
_SECONDS = 120

_PLAYBOOK = "import sys; from ansible.cli.playbook import main; sys.exit(main())"
_START = """
import json
import sys

if missing := set(sys.argv[1].split()):
    class Blocker:
        def find_spec(self, name, path=None, target=None):
            if name.partition(".")[0] in missing:
                raise ImportError(name)

    sys.meta_path.insert(0, Blocker())

from ansible.plugins.loader import init_plugin_loader

init_plugin_loader([sys.argv[2]])

from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused

found = []
for way, provider, variables, arguments in json.loads(sys.argv[3]):
    ansible = Ansible(variables)
    try:
        found.append((ansible.task_result if way == "task" else ansible.lookup_result)(provider, **arguments))
    except Refused as refused:
        found.append(str(refused))
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Ask:
    """One call of a plugin: by task or lookup, with variables and arguments."""

    way: str
    provider: str
    variables: dict[str, t.Any]
    arguments: dict[str, t.Any]


def answers(*asks: Ask, without: str = "", first: Path | None = None) -> list[t.Any]:
    """What each call gives, its result or its sentence, in a Python that cannot import the libraries ``without``.

    :param first: a folder whose libraries stand before those of the same name.
    """
    given = json.dumps([[ask.way, ask.provider, ask.variables, ask.arguments] for ask in asks])
    places = [] if first is None else [str(first)]
    environment = {"PYTHONPATH": os.pathsep.join([*places, COLLECTIONS, *filter(None, sys.path)])}
    done = run([sys.executable, "-c", _START, without, COLLECTIONS, given], environment)
    assert done.returncode == 0, done.stderr
    found: list[t.Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def play(
    folder: Path, content: dict[str, t.Any], *options: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a play on localhost, as ansible-playbook does."""
    file = folder / "play.yml"
    file.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, **content}]), encoding="utf-8")
    return run([sys.executable, "-c", _PLAYBOOK, *options, str(file)], environment)


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    home = Path(os.environ["HOME"])
    # A file that says nothing, so that nobody's own is found.
    configuration = home / "nothing.cfg"
    configuration.touch()
    given = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([COLLECTIONS, *filter(None, sys.path)]),
        "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS,
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_CONFIG": str(configuration),
        "ANSIBLE_LOCAL_TEMP": str(home / "tmp"),
        **environment,
    }
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=_SECONDS, check=False)
