# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of the collection, with guards taken away: without them the suite must find what it looks for."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("meta", "plugins", "roles", "playbooks", "galaxy.yml")
UTILS = "plugins/plugin_utils/"


@dataclass(frozen=True)
class Guard:
    """A line that keeps secrets in, and what stands there when it is gone."""

    file: str
    line: str
    gone: str


GUARDS = {
    "no_log of the token tasks": Guard(
        UTILS + "_core/action.py", '"_ansible_no_log": True', '"_ansible_no_log": False'
    ),
    "hidden arguments": Guard(
        UTILS + "_core/attempts.py", "task.args = dict(shown)\n    task.no_log = getattr(task, _KEPT).no_log", "pass"
    ),
    "hidden loops": Guard(UTILS + "_core/attempts.py", "if task.loop is None:", "if True:"),
    "masked results of uri": Guard(
        "plugins/action/uri.py",
        "shown: dict[str, t.Any] = masking.hide(result, secrets)",
        "shown = result",
    ),
    "no_log of the request": Guard("plugins/action/uri.py", "task.no_log = True", "task.no_log = False"),
    "masked words of a service": Guard(
        UTILS + "_http/response.py", "masking.plain(text, secrets) for text", "text for text"
    ),
    "registered secrets": Guard(UTILS + "_http/masking.py", "if _core is not None:", "if False:"),
    "encrypted entries": Guard(
        UTILS + "_tokens/cipher.py",
        'return nonce + AESGCM(self._key(b"entry")).encrypt(nonce, data, self._bound_to())',
        "return data",
    ),
    "decrypted entries": Guard(
        UTILS + "_tokens/cipher.py",
        'return AESGCM(self._key(b"entry")).decrypt(entry[:_NONCE], entry[_NONCE:], self._bound_to())',
        "return entry",
    ),
    "refused fact caches": Guard(
        UTILS + "_core/action.py", "if not wanted or _HAS_EPHEMERAL_FACTS or plugin in _MEMORY:", "if True:"
    ),
    "ephemeral facts": Guard(UTILS + "_core/action.py", "if not _HAS_EPHEMERAL_FACTS:\n", "if True:\n"),
}
# Neither means anything without the other.
TOGETHER = {"encrypted entries": ("encrypted entries", "decrypted entries")}


def collection(directory: Path, without: Iterable[str] = ()) -> Path:
    """The path for ANSIBLE_COLLECTIONS_PATH of a copy without these guards."""
    copy = directory / "collections" / "ansible_collections" / "netapi" / "auth"
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            copy.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / part, copy / part)
    for name in without:
        guard = GUARDS[name]
        path = copy / guard.file
        text = path.read_text(encoding="utf-8")
        if text.count(guard.line) != 1:
            raise ValueError(f"The guard {name} is not in {guard.file} once.")
        path.write_text(text.replace(guard.line, guard.gone), encoding="utf-8")
    return directory / "collections"
