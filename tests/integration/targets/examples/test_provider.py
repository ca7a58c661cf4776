# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to adding a provider, followed in a clone up to its commands, which are pasted into a terminal."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from ansible_collections.netapi.auth.tests.generate.files import PARTS, write
from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible
from ansible_collections.netapi.auth.tests.support.records import hidden
from ansible_collections.netapi.auth.tests.support.runner import ROOT, libraries
from ansible_collections.netapi.auth.tests.support.terminal import Answer
from ansible_collections.netapi.auth.tests.tools.examples import found
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, reply

BLOCKS = [each for each in found(ROOT) if each.page == guide.PROVIDER]
SECRET = "secret-of-acme-77aa"
TOKEN = "token-of-acme-31f0"
ANSWERS = {
    "/token": {"access_token": TOKEN, "expires_in": 3600},
    "/me": {"name": "automation"},
    "/things": {"things": []},
}


def clone(home: Path) -> Path:
    """A clone with the two files of the guide, and all that is generated from them."""
    there = home / "clone"
    for path in (*PARTS, "declarations", "plugins", "roles", "galaxy.yml"):
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, there / path, dirs_exist_ok=True)
        else:
            (there / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, there / path)
    source = "\n\n".join(each.text for each in BLOCKS if each.language == "python" and "# tests/" not in each.text)
    (there / "plugins" / "plugin_utils" / "_providers" / "acme.py").write_text(source, encoding="utf-8")
    (declaration,) = [each.text for each in BLOCKS if each.file == "declarations/acme.yml"]
    (there / "declarations" / "acme.yml").write_text(declaration, encoding="utf-8")
    write(there)
    return there


def test_those_of_the_guide(ansible: Ansible) -> None:
    there = clone(ansible.home)
    commands = [each.text for each in BLOCKS if each.language in ("bash", "console")]
    env = {
        "ANSIBLE_COLLECTIONS_PATH": str(ansible.home / "collections"),
        "PYTHONPATH": libraries(os.environ.get("PYTHONPATH", "")),
    }
    with Server(lambda connection, seen: reply(json.dumps(ANSWERS[seen.target]))(connection, seen)) as acme:
        here = [each.replace("https://api.acme.example", acme.url) for each in commands]
        run = ansible.terminal([f"cd {there}\n", *here], Answer("Client secret: ", SECRET), env=env)
    assert run.status == 0, run.output
    # Three runs of Ansible, each with a cache of its own.
    assert [each.target for each in acme.seen] == ["/token", "/me", "/token", "/token", "/things"]
    assert {json.loads(each.body)["client_secret"] for each in acme.seen if each.target == "/token"} == {SECRET}
    assert re.search(r'"msg": "20\d\d-\d\d-\d\dT.*Z"', run.output)
    hidden(run.output, SECRET, TOKEN)
