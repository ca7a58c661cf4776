# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox as a process, and over TLS."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ansible_collections.netapi.auth.tests import sandbox as package
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.sandbox.cli import exports as exports_for

from .helpers import AUTH0, TIMEOUT, changed, request_claims, request_token

HOME = Path(package.__file__).parent
PATIENCE_SECONDS = 60


def certificate(folder: Path) -> tuple[str, str]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sandbox")])
    day = dt.timedelta(days=1)
    start = dt.datetime.now(dt.UTC) - day
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), start, start + 2 * day)
    made = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    cert_file = folder / "cert.pem"
    key_file = folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key_file.write_bytes(key.private_bytes(*pem))
    return str(cert_file), str(key_file)


def wait_for(path: Path) -> str:
    end = time.monotonic() + PATIENCE_SECONDS
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.05)
    return path.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize(("command", "folder"), [(["-m", HOME.name], HOME.parent), ([str(HOME)], HOME.parent.parent)])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_by_hand(tmp_path: Path, command: list[str], folder: Path, number: signal.Signals) -> None:
    ready = tmp_path / "ready"
    pid = tmp_path / "pid"
    options = ["--ready-file", str(ready), "--pid-file", str(pid)]
    with subprocess.Popen(
        [sys.executable, *command, *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            url = wait_for(ready)
            assert int(wait_for(pid)) == process.pid
            assert requests.get(f"{url}/_sandbox/state", timeout=TIMEOUT).status_code == 200
        finally:
            process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, err) == (0, "")
    assert not ready.exists()
    assert not pid.exists()
    names = [line.split("=")[0].removeprefix("export ") for line in out.splitlines()]
    assert names == [
        "NETFOUNDRY_OAUTH_URL",
        "NETFOUNDRY_CLIENT_ID",
        "NETFOUNDRY_CLIENT_SECRET",
        "NF_ENVIRONMENT",
        "NETFOUNDRY_API_URL",
        "NETOSECRET",
        "NETOGRAPHY_API_URL",
        "NB_PAT",
        "NETBIRD_API_URL",
        "NETAPI_OAUTH2_ISSUER",
        "NETAPI_OAUTH2_CLIENT_ID",
        "NETAPI_OAUTH2_CLIENT_SECRET",
        "NETAPI_OAUTH2_API_URL",
    ]


def test_the_exports_log_in(sandbox: Sandbox) -> None:
    exports = exports_for(sandbox.url)
    client = {
        "client_id": exports["NETFOUNDRY_CLIENT_ID"],
        "client_secret": exports["NETFOUNDRY_CLIENT_SECRET"],
    }
    answer = requests.post(exports["NETFOUNDRY_OAUTH_URL"], json=changed(AUTH0, **client), timeout=TIMEOUT)
    assert answer.status_code == 200
    secret = json.loads(base64.b64decode(exports["NETOSECRET"]))
    claims = request_claims(**{name: secret[name] for name in ("appname", "appkey", "shortname")})
    body = {"jwt": request_token(claims, secret["sharedsecret"])}
    assert requests.post(f"{secret['url']}/auth/token", json=body, timeout=TIMEOUT).status_code == 200
    headers = {"Authorization": f"Token {exports['NB_PAT']}"}
    peers = requests.get(f"{exports['NETBIRD_API_URL']}/api/peers", headers=headers, timeout=TIMEOUT)
    assert peers.status_code == 200
    pair = (exports["NETAPI_OAUTH2_CLIENT_ID"], exports["NETAPI_OAUTH2_CLIENT_SECRET"])
    url = f"{exports['NETAPI_OAUTH2_ISSUER']}/token"
    answer = requests.post(url, data={"grant_type": "client_credentials"}, auth=pair, timeout=TIMEOUT)
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    userinfo = requests.get(f"{exports['NETAPI_OAUTH2_API_URL']}/idp/userinfo", headers=headers, timeout=TIMEOUT)
    assert userinfo.json() == {"sub": "idp-user-1"}


def test_tls(tmp_path: Path) -> None:
    files = certificate(tmp_path)
    with Sandbox(tls=files) as sandbox:
        assert sandbox.url.startswith("https://127.0.0.1:")
        url = f"{sandbox.url}/idp/.well-known/openid-configuration"
        assert requests.get(url, verify=files[0], timeout=TIMEOUT).json()["issuer"] == f"{sandbox.url}/idp"
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(url, timeout=TIMEOUT)


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    command = [sys.executable, str(HOME), "--tls-cert", certificate(tmp_path)[0]]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--tls-cert and --tls-key go together" in result.stderr
