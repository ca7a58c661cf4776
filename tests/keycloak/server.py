# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run Keycloak for as long as a test needs it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..support.tls import certificate
from .realm import REALM, Keys, realm

HOST = "127.0.0.1"
# Seconds: ten on an idle machine.
_START = 240.0
_STOP = 30.0
_REQUEST = 30.0


@dataclass(frozen=True)
class Keycloak:
    """A server that answers.

    :param authority: the file with the certificate that it shows and trusts.
    """

    http: str
    https: str
    authority: str
    keys: Keys
    client_certificates: Path

    def certificate(self, name: str) -> dict[str, str]:
        """The options with a client's certificate."""
        folder = self.client_certificates / name
        return {"client_cert": str(folder / "authority.pem"), "client_key": str(folder / "key.pem")}

    @property
    def issuer(self) -> str:
        return f"{self.http}/realms/{REALM}"

    @property
    def tls_issuer(self) -> str:
        return f"{self.https}/realms/{REALM}"


@contextlib.contextmanager
def start(home: Path, folder: Path, names: tuple[str, ...]) -> Iterator[Keycloak]:
    """A server with the realm, its files in ``folder``.

    :param home: where Keycloak is.
    :param names: the subjects of client certificates that it trusts.

    Raises RuntimeError, with the end of its log, where it does not answer in time.
    """
    http, https = _ports()
    own = certificate(_made(folder / "own"))
    trusted = [own[0], *(certificate(_made(folder / name), name=name)[0] for name in names)]
    store = folder / "trusted.pem"
    store.write_text("".join(Path(path).read_text(encoding="ascii") for path in trusted), encoding="ascii")
    keys = Keys.make()
    imported = _made(home / "data" / "import") / f"{REALM}.json"
    imported.write_text(json.dumps(realm(keys)), encoding="utf-8")
    argv = [str(home / "bin" / "kc.sh"), "start", "--optimized", "--import-realm", "--http-enabled=true"]
    argv += [f"--http-host={HOST}", f"--http-port={http}", f"--https-port={https}", "--hostname-strict=false"]
    argv += [f"--https-certificate-file={own[0]}", f"--https-certificate-key-file={own[1]}"]
    argv += [f"--https-trust-store-file={store}"]
    variables = {**os.environ, "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1"}
    log = folder / "keycloak.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            argv, env=variables, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        try:
            _wait(process, f"http://{HOST}:{http}/realms/{REALM}", log)
            yield Keycloak(f"http://{HOST}:{http}", f"https://{HOST}:{https}", own[0], keys, folder)
        finally:
            _stop(process)


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _ports() -> tuple[int, int]:
    """Two that are free."""
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind((HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + _START
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), opener.open(url, timeout=_REQUEST):
            return
        time.sleep(0.2)
    raise RuntimeError("Keycloak does not answer\n" + log.read_text(encoding="utf-8", errors="replace")[-4000:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End it with the Java that its script has started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, number)
            process.wait(_STOP)
