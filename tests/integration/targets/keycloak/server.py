# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run Keycloak for as long as a test needs it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.netapi.auth.tests.integration.servers.serving import HOST, ports, serving
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.realm import REALM, Keys, realm
from ansible_collections.netapi.auth.tests.support.tls import certificate


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
    http, https = ports(2)
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
    url = f"http://{HOST}:{http}"
    options = {"JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1"}
    with serving(argv, f"{url}/realms/{REALM}", folder / "keycloak.log", **options):
        yield Keycloak(url, f"https://{HOST}:{https}", own[0], keys, folder)


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
