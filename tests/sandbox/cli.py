# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command: starts the sandbox in the foreground and prints what to export."""

from __future__ import annotations

import argparse
import base64
import json
import os
import shlex
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .accounts import make_pat
from .loopback import HOST
from .server import Sandbox


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Return the exit status."""
    options = _parser().parse_args(arguments)
    if bool(options.tls_cert) != bool(options.tls_key):
        print("sandbox: --tls-cert and --tls-key go together", file=sys.stderr)
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    tls = (options.tls_cert, options.tls_key) if options.tls_cert else None
    with Sandbox(port=options.port, tls=tls) as sandbox:
        for name, value in exports(sandbox.url).items():
            print(f"export {name}={shlex.quote(value)}")
        sys.stdout.flush()
        notes = {options.pid_file: str(os.getpid()), options.ready_file: sandbox.url}
        try:
            for path, text in notes.items():
                _write(path, text)
            stop.wait()
        finally:
            for path in notes:
                if path is not None:
                    path.unlink(missing_ok=True)
    return 0


def exports(url: str) -> dict[str, str]:
    """Environment variables with which the collection's plugins reach the sandbox at `url`."""
    secret = {
        "url": f"{url}/api/v1",
        "shortname": "neto-account-1",
        "appname": "neto-appname-1",
        "sharedsecret": "neto-sharedsecret-1",
        "appkey": "neto-appkey-1",
    }
    return {
        "NETFOUNDRY_OAUTH_URL": f"{url}/oauth/token",
        "NETFOUNDRY_CLIENT_ID": "nf-client-1",
        "NETFOUNDRY_CLIENT_SECRET": "nf-secret-1",
        "NF_ENVIRONMENT": "sandbox",
        "NETFOUNDRY_API_URL": url,
        "NETOSECRET": base64.b64encode(json.dumps(secret).encode()).decode(),
        # For the other methods: only NETOSECRET has an address in it.
        "NETOGRAPHY_API_URL": url,
        "NB_PAT": make_pat("sandboxservice1"),
        "NETBIRD_API_URL": url,
        "NETAPI_OAUTH2_ISSUER": f"{url}/idp",
        "NETAPI_OAUTH2_CLIENT_ID": "oa-client-1",
        "NETAPI_OAUTH2_CLIENT_SECRET": "oa-secret-1",
        "NETAPI_OAUTH2_API_URL": url,
    }


def _write(path: Path | None, text: str) -> None:
    """Write in one step: whoever waits for the file never reads half of it."""
    if path is None:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(f"{text}\n", encoding="utf-8")
    temporary.replace(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sandbox", description="NetFoundry, Netography, NetBird and an OpenID provider on loopback."
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, takes a free one")
    parser.add_argument("--bind", choices=[HOST], default=HOST, help="address to listen on; loopback only")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="write the base URL here once it listens")
    parser.add_argument("--pid-file", type=Path, metavar="FILE", help="write the process id here")
    parser.add_argument("--tls-cert", metavar="FILE", help="serve HTTPS with this certificate (PEM)")
    parser.add_argument("--tls-key", metavar="FILE", help="its private key (PEM)")
    return parser
