# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: serve a provider, or mint refresh tokens from a running one."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .client import OpenIdProvider


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if bool(asked.tls_cert) != bool(asked.tls_key):
        parser.error("--tls-cert and --tls-key belong together")
    if asked.command == "mint":
        provider = OpenIdProvider.load(asked.ready_file)
        for _number in range(asked.refresh_tokens):
            print(provider.mint())
        return 0
    if asked.state_dir:
        _serve(asked, asked.state_dir)
    else:
        with tempfile.TemporaryDirectory(prefix="openid-") as state_dir:
            _serve(asked, Path(state_dir))
    return 0


def _serve(asked: argparse.Namespace, state_dir: Path) -> None:
    # Here and not above: minting needs no Canaille.
    from .server import Options, serve

    # The provider changes its working directory, hence the absolute paths.
    serve(
        Options(
            port=asked.port,
            ready_file=asked.ready_file,
            state_dir=state_dir.resolve(),
            refresh_tokens=asked.refresh_tokens,
            tls_cert=asked.tls_cert,
            tls_key=asked.tls_key,
            parent=asked.parent,
        )
    )


def _absolute(text: str) -> Path:
    return Path(text).resolve()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python tests/openid", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["serve", "mint"], default="serve")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 (the default) takes a free one")
    parser.add_argument("--ready-file", type=_absolute, required=True, help="JSON, there while it answers")
    parser.add_argument("--refresh-tokens", type=int, default=1, help="how many to issue")
    parser.add_argument("--state-dir", type=_absolute, help="for the database; else a temporary directory")
    parser.add_argument("--tls-cert", type=_absolute, help="PEM, naming 127.0.0.1: an https issuer")
    parser.add_argument("--tls-key", type=_absolute, help="PEM")
    parser.add_argument("--parent", type=int, help="end as soon as this is not the parent's process id")
    return parser
