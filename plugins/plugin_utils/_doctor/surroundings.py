# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the doctor runs. Private to this collection."""

from __future__ import annotations

import getpass
import json
import os
import platform
import time
import typing as t
from pathlib import Path

from .. import _token
from .._session.durability import CONTAINER_FILES

_ROOT = Path(__file__).parents[3]


def runtime(core: str) -> dict[str, t.Any]:
    """The controller, without anything that is a secret.

    :param core: the version of ansible-core.
    """
    is_container = any(map(os.path.lexists, CONTAINER_FILES))
    return {
        "host": platform.node(),
        "container": is_container,
        "user": _user(),
        "python": platform.python_version(),
        "ansible_core": core,
        "collection": _version(),
        "time": _token.timestamp(time.time()),
    }


def _user() -> str:
    """Its name, or its number where it has none, as in many containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.geteuid())


def _version() -> str:
    """That of the installed collection, or of the tree that it runs from; empty where neither says it."""
    try:
        said = json.loads((_ROOT / "MANIFEST.json").read_bytes())
        return str(said["collection_info"]["version"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    try:
        lines = (_ROOT / "galaxy.yml").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("version:")), "")
