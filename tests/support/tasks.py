# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks made of tasks that a test writes as values."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterable
from pathlib import Path

Task = dict[str, t.Any]
OURS = "netapi.auth.uri"
THEIRS = "ansible.builtin.uri"


def playbook(directory: Path, tasks: Iterable[Task], **play: t.Any) -> str:
    """The path of a playbook with one play of these tasks on localhost, unless ``play`` says otherwise."""
    return plays(directory, {**play, "tasks": list(tasks)})


def plays(directory: Path, *each: Task) -> str:
    """The path of a playbook with these plays, each on localhost unless it says otherwise."""
    content = [{"hosts": "localhost", "gather_facts": False, **play} for play in each]
    path = directory / "playbook.yml"
    # JSON is YAML.
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return str(path)
