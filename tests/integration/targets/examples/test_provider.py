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
# What the provider of the guide has in place of NetBird's own options.
OPTIONS = {
    "method": "type: str, choices: [client_credentials, token]",
    "client_id": "type: str, env: [{name: ACME_CLIENT_ID}]",
    "client_secret": "type: str, env: [{name: ACME_CLIENT_SECRET}]",
    "token": "type: str, env: [{name: ACME_TOKEN}]",
}
# Longer names before those that are a part of them.
NAMES = {
    ", {name: NB_MANAGEMENT_URL}": "",
    "NETBIRD_API_URL": "ACME_API_URL",
    "netbird_auth_": "acme_auth_",
    "netbird_auth": "acme_token",
    "import netbird\n": "import acme\n",
    "netbird.PROVIDER": "acme.PROVIDER",
}


def clone(home: Path) -> Path:
    """What a clone has, as far as it runs, with all that the guide adds."""
    there = home / "clone"
    for name in ("meta", "plugins"):
        shutil.copytree(ROOT / name, there / name)
    for name in ("README.md", "galaxy.yml"):
        shutil.copy(ROOT / name, there)
    plugins = there / "plugins"
    source = "\n\n".join(each.text for each in BLOCKS if each.language == "python" and "# tests/" not in each.text)
    (plugins / "plugin_utils" / "_providers" / "acme.py").write_text(source, encoding="utf-8")
    providers = plugins / "plugin_utils" / "_providers" / "registry.py"
    text = providers.read_text(encoding="utf-8")
    text = text.replace("import netbird", "import acme, netbird").replace("{\n", '{\n    "acme": acme.PROVIDER,\n')
    providers.write_text(text, encoding="utf-8")
    for kind in ("action", "lookup", "modules"):
        text = (plugins / kind / "netbird_auth.py").read_text(encoding="utf-8")
        (plugins / kind / "acme_token.py").write_text(renamed(text), encoding="utf-8")
    return there


def renamed(text: str) -> str:
    """NetBird's lookup, action or documentation as Acme's."""
    row = "  {0}: {{description: Text., {1}, vars: [{{name: acme_auth_{0}}}]}}\n"
    rows = "".join(row.format(name, rest) for name, rest in OPTIONS.items())
    text = re.sub(r"(?s)  method:\n.*?(?=  api_url:\n)", rows, text)
    for theirs, ours in NAMES.items():
        text = text.replace(theirs, ours)
    return text


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
