# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What other jobs need first: an environment, and a copy of the tree."""

from __future__ import annotations

from typing import TextIO

from .cores import Environment
from .jobs import Job
from .stage import stage

PACKAGE = "ansible_collections/netapi/auth"


def build(environment: Environment, name: str) -> Job:
    """The job that makes a virtual environment."""
    return Job(f"venv {name}", environment.build)


def staging(name: str) -> Job:
    """The job that copies the tree."""

    def action(log: TextIO) -> None:
        print(stage(name), file=log)

    return Job(f"stage {name}", action)
