# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a launch hands to whoever runs the job, and what it takes back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Attached:
    """A credential of a job. `inputs` are decrypted; `fields` and `injectors` are its type's."""

    name: str
    type_name: str
    inputs: Mapping[str, Any]
    fields: tuple[Mapping[str, Any], ...]
    injectors: Mapping[str, Any]


@dataclass(frozen=True)
class Launch:
    project: Path
    """The directory of the project's clone; it is not to be written to."""
    playbook: str
    """Path below the project."""
    job_type: str
    """`run`, or `check` for check mode."""
    extra_vars: Mapping[str, Any]
    """The template's own, then the survey's defaults, then its answers."""
    credentials: tuple[Attached, ...]
    cancelled: threading.Event
    """Set when the job is cancelled: the runner then ends the job with SIGTERM."""


@dataclass(frozen=True)
class Outcome:
    status: str
    """`successful`, `failed` or `canceled`."""
    output: str


RunJob = Callable[[Launch], Outcome]
