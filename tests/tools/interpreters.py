# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find real CPython interpreters by version. Standard library only, Python 3.9 or newer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# On the first, which ansible-core 2.16 and 2.17 take, the collection only says that it is too old.
TOO_OLD = "3.10"
VERSIONS = (TOO_OLD, "3.11", "3.12", "3.13", "3.14")
PROBE_SECONDS = 20

# Asks for the interpreter behind a virtual environment (`_base_executable`), and for ensurepip, which Debian
# packages apart: an interpreter without it cannot make an environment.
PROBE = """
import importlib.util, json, platform, sys
print(json.dumps({
    "version": "%d.%d" % sys.version_info[:2],
    "release": list(sys.version_info[:3]),
    "final": sys.version_info[3] == "final",
    "cpython": platform.python_implementation() == "CPython",
    "pip": importlib.util.find_spec("ensurepip") is not None,
    "executable": getattr(sys, "_base_executable", "") or sys.executable,
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A CPython that answered."""

    version: str
    release: tuple[int, ...]
    final: bool
    can_make_venv: bool
    path: Path

    @property
    def rank(self) -> tuple[bool, bool, tuple[int, ...]]:
        """Which of two of the same version to take: the greater."""
        return self.can_make_venv, self.final, self.release


class NoInterpreterError(Exception):
    """No interpreter of the wanted versions is there."""


def probe(candidate: Path) -> Interpreter | None:
    """Run a candidate. A pyenv shim's "command not found", a crash and no answer count as absent."""
    try:
        done = subprocess.run(
            [str(candidate), "-c", PROBE],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=PROBE_SECONDS,
            check=True,
        )
        said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    if not said["cpython"]:
        return None
    return Interpreter(
        version=said["version"],
        release=tuple(said["release"]),
        final=said["final"],
        can_make_venv=said["pip"],
        path=Path(said["executable"]),
    )


def directories() -> Iterator[Path]:
    """Where interpreters may lie, the PATH first."""
    path = [Path(entry) for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if entry]
    yield from path
    # With another HOME, pyenv is still where its shims are.
    for pyenv in [Path.home() / ".pyenv", *(entry.parent for entry in path if entry.name == "shims")]:
        yield from sorted(pyenv.glob("versions/*/bin"), reverse=True)
    yield Path("/usr/bin")
    yield Path("/usr/local/bin")
    yield from sorted(Path("/opt").glob("*/bin"))


def candidates() -> Iterator[Path]:
    """Each existing file once, by the name that was found first."""
    seen: set[Path] = set()
    names = [f"python{version}" for version in VERSIONS] + ["python3"]
    for path in [Path(sys.executable), *(folder / name for folder in directories() for name in names)]:
        if not os.access(path, os.X_OK):
            continue
        # pyenv's shims are all one script and answer by the name they are called by: only links are the same.
        real = path.resolve()
        if real not in seen:
            seen.add(real)
            yield path


def find_all() -> dict[str, Interpreter]:
    """The best interpreter of each version in `VERSIONS` that is there."""
    found: dict[str, Interpreter] = {}
    for candidate in candidates():
        answer = probe(candidate)
        if answer is None or answer.version not in VERSIONS:
            continue
        known = found.get(answer.version)
        if known is None or answer.rank > known.rank:
            found[answer.version] = answer
    return found


def choose(found: dict[str, Interpreter], wanted: tuple[str, ...]) -> Interpreter:
    """The first of the wanted versions that can make a virtual environment."""
    for version in wanted:
        if version in found and found[version].can_make_venv:
            return found[version]
    bare = [version for version in wanted if version in found]
    names = " or ".join(wanted)
    if bare:
        raise NoInterpreterError(f"Python {names} has no ensurepip; on Debian install python{bare[0]}-venv.")
    raise NoInterpreterError(f"Python {names}: no real interpreter found in PATH, ~/.pyenv, /usr or /opt.")


def main() -> int:
    """Print what was found."""
    for version, interpreter in sorted(find_all().items()):
        note = "" if interpreter.can_make_venv else " (no ensurepip)"
        print(f"{version}  {'.'.join(map(str, interpreter.release))}  {interpreter.path}{note}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
