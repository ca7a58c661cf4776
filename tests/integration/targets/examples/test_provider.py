# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to adding a provider, followed to the letter in a copy of the tree, against the sandbox that it makes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from ansible_collections.netapi.auth.declarations.generate.files import generated, write
from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.machines import started
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible
from ansible_collections.netapi.auth.tests.support.records import hidden
from ansible_collections.netapi.auth.tests.support.runner import ROOT, libraries
from ansible_collections.netapi.auth.tests.support.terminal import Answer
from ansible_collections.netapi.auth.tests.tools import messages
from ansible_collections.netapi.auth.tests.tools.examples import found

BLOCKS = [each for each in found(ROOT) if each.page == guide.PROVIDER]
SECRET = "acme-secret-1"
# The licence of this file, with the line after it.
LICENCE = "".join(Path(__file__).read_text(encoding="utf-8").splitlines(keepends=True)[:4])
# Not of the tree, or written by tests.
LEFT_OUT = (".git", ".build", ".venvs", "output", "__pycache__", "integration_config.yml")
# Of the unit tests, those that hold it against the tree, and those that try it.
SHARED = ("test_generated", "test_house", "test_interface", "test_messages")
OF_PROVIDERS = ("test_acme", "test_flows", "test_identities", "test_providers", "test_whoami", "test_whole_accounts")


def files() -> dict[str, str]:
    """Path: text of each file that the guide has, whose blocks follow each other."""
    path, texts = "", dict[str, list[str]]()
    for each in BLOCKS:
        if each.language in ("python", "yaml"):
            named = re.match(r"# (\S+/\S+\.(?:py|yml))\n", each.text)
            path = named[1] if named else path
            texts.setdefault(path, []).append(each.text[named.end() if named else 0 :])
    return {path: LICENCE + "---\n" * path.endswith(".yml") + "\n\n".join(each) for path, each in texts.items()}


def edit(there: Path, block: str) -> tuple[str, int]:
    """Do what a block of the language diff says. The path, and how many lines it adds."""
    head, _end, body = block.partition("\n")
    path = head.removeprefix("--- ")
    text = (there / path).read_text(encoding="utf-8")
    for part in body.split("@@\n"):
        old, new = ("\n".join(re.findall(rf"(?m)^[ {sign}](.*)", part)) for sign in "-+")
        assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
        text = text.replace(old, new)
    (there / path).write_text(text, encoding="utf-8")
    return path, len(re.findall(r"(?m)^\+", body))


def contents(tree: Path) -> dict[str, bytes]:
    paths = (path for path in tree.rglob("*") if path.is_file() and not {*path.relative_to(tree).parts} & {*LEFT_OUT})
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in paths}


def follow(there: Path) -> dict[str, int]:
    """What is written by hand: path, and how many lines."""
    written = {path: text.count("\n") for path, text in files().items()}
    for path, text in files().items():
        assert not (there / path).exists()
        (there / path).write_text(text, encoding="utf-8")
    return written | dict(edit(there, each.text) for each in BLOCKS if each.language == "diff")


@contextmanager
def sandbox(there: Path, env: dict[str, str]) -> Iterator[str]:
    """Its address, which stands in what it prints."""
    with started([sys.executable, "tests/sandbox"], there, env, subprocess.PIPE) as process:
        assert process.stdout is not None
        name, _equals, url = process.stdout.readline().decode().strip().partition("=")
        assert name == "export ACME_API_URL"
        yield url


def test_the_guide_to_the_letter(ansible: Ansible) -> None:
    there = ansible.home / "ansible_collections" / "netapi" / "auth"
    shutil.copytree(ROOT, there, ignore=shutil.ignore_patterns(*LEFT_OUT))
    before = contents(there)
    written = follow(there)
    write(there)
    (there / messages.PAGE).write_text(messages.page(there), encoding="utf-8")

    assert len(written) <= 15
    assert sum(written.values()) <= 300
    after = contents(there)
    changed = {path for path, text in after.items() if before.get(path) != text}
    assert changed - {*written} <= {*generated(there), str(messages.PAGE)}
    assert {*before} <= {*after}

    paths = {"ANSIBLE_COLLECTIONS_PATH": str(ansible.home), "PYTHONPATH": libraries(os.environ.get("PYTHONPATH", ""))}
    own = {**paths, "PYTHONPATH": f"{ansible.home}{os.pathsep}{paths['PYTHONPATH']}"}
    chosen = f"(acme or {' or '.join(SHARED)}) and not netbird and not netfoundry and not netography"
    tests = [str(path) for path in there.glob("tests/unit/**/test_*.py") if path.stem in SHARED + OF_PROVIDERS]
    argv = [sys.executable, "-B", "tests/unit", "-q", "-k", chosen, *sorted(tests)]
    done = subprocess.run(argv, cwd=there, env=ansible.settings(own), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d{2,} passed", done.stdout)

    with sandbox(there, ansible.settings(own)) as url:
        commands = [each.text for each in BLOCKS if each.language in ("bash", "console")]
        here = [each.replace("https://api.acme.example", url) for each in commands]
        env = {**paths, "ANSIBLE_COLLECTIONS_PATH": str(ansible.home / "collections")}
        run = ansible.terminal([f"cd {there}\n", *here], Answer("Client secret: ", SECRET), env=env)
        state = requests.get(f"{url}/_sandbox/state", timeout=60).json()
    assert run.status == 0, run.output
    # Three runs of Ansible, each with a cache of its own.
    assert state["grants"]["acme"] == 3
    assert [each["path"] for each in state["requests"]] == ["/token", "/me", "/token", "/token", "/me"]
    assert re.search(r'"msg": "20\d\d-\d\d-\d\dT.*Z"', run.output)
    hidden(run.output, SECRET)
