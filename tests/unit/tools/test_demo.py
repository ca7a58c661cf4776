# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make demo` says before it begins."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.tools import cores, demo


def test_it_says_what_it_downloads_unless_that_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cores, "VENVS", tmp_path)
    environment = dataclasses.replace(cores.ENVIRONMENTS["demo"])
    assert demo.IS_MADE in demo.plan(environment)
    made = tmp_path / "demo" / "made-from"
    made.parent.mkdir()
    made.write_text("of an older tree", encoding="utf-8")
    assert demo.IS_MADE in demo.plan(environment)
    made.write_text(environment.key, encoding="utf-8")
    assert demo.IS_MADE not in demo.plan(environment)
    assert demo.IS_THERE in demo.plan(environment)


# Ended before `Popen` has returned, as it may be where the machine has much to do.
AT_START = """
import os, signal, subprocess
real = subprocess.Popen._execute_child
def start(*args, **kwargs):
    real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGTERM)
subprocess.Popen._execute_child = start
"""


@pytest.mark.parametrize("before", ["", AT_START])
def test_nothing_of_it_is_left_when_it_is_ended(before: str, tmp_path: Path) -> None:
    body = "with tempfile.TemporaryDirectory(): demo.step(['sh', '-c', 'echo started; exec sleep 600'], {}, '/')"
    head = f"{before}\nimport tempfile; from {demo.__package__} import demo"
    script = f"{head}\ndef work():\n {body}\ndemo.exit_status('x', work)"
    place = tmp_path / "place"
    place.mkdir()
    env = {**os.environ, "TMPDIR": str(place), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, "-c", script], env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        if not before:
            assert [process.stdout.readline() for _line in range(2)][1] == "started\n"
            assert list(place.iterdir())
            process.terminate()
        # Until its last process has closed it.
        assert process.stdout.read().replace("started\n", "").count("\n") == bool(before)
    assert process.returncode == 143
    assert list(place.iterdir()) == []
