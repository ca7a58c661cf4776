# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keycloak as Maven has it, unpacked and built once: python tests/integration/servers/keycloak.py DIRECTORY."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

VERSION = "26.7.3"
_ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
# Seconds: 177 MB, and a build that takes twenty on an idle machine.
_DOWNLOAD = 900
_BUILD = 600
# What `kc.sh build` fixes. The database is in memory: each server begins with the realm of its tests.
_BUILT = ("--db=dev-mem", "--cache=local", "--https-client-auth=request")


def prepare(folder: Path) -> Path:
    """The directory of Keycloak below ``folder``, made where it is not there. Raises CalledProcessError."""
    home = folder / f"keycloak-{VERSION}"
    done = folder / f"built-{VERSION}"
    if done.exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    copy = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={folder}"]
    subprocess.run(copy, check=True, timeout=_DOWNLOAD, cwd=folder, stdin=subprocess.DEVNULL)
    archive = folder / f"keycloak-quarkus-dist-{VERSION}.zip"
    with zipfile.ZipFile(archive) as file:
        file.extractall(folder)
    archive.unlink()
    for script in (home / "bin").glob("*.sh"):
        script.chmod(0o755)
    subprocess.run([home / "bin" / "kc.sh", "build", *_BUILT], check=True, timeout=_BUILD, stdin=subprocess.DEVNULL)
    done.touch()
    return home


if __name__ == "__main__":
    print(prepare(Path(sys.argv[1])))
