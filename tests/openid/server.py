# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve the provider on a loopback port until a signal comes."""

# Canaille and what it brings live in an environment of their own that mypy does not see:
# mypy: disable-error-code="import-not-found,import-untyped,no-untyped-call"

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import provider
from .client import OpenIdProvider

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Options:
    """What the command line says. `parent`: the process id with whose end this one ends too."""

    port: int
    ready_file: Path
    state_dir: Path
    refresh_tokens: int
    tls_cert: Path | None
    tls_key: Path | None
    parent: int | None


def serve(options: Options) -> None:
    """Run until SIGTERM, SIGINT or the end of the parent; the ready file is there while the provider answers."""
    # Until the event loop has its own handler: leave through the caller's clean-up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, options.port))
        port = listener.getsockname()[1]
        scheme = "https" if options.tls_cert else "http"
        app = provider.create_app(options.state_dir, scheme, f"{HOST}:{port}")
        origin = f"{scheme}://{HOST}:{port}"
        tokens = tuple(provider.mint(app, origin) for _number in range(options.refresh_tokens))
        ready = _describe(app, origin, tokens, options)
        try:
            asyncio.run(_run(app, listener, ready, options))
        finally:
            options.ready_file.unlink(missing_ok=True)


def _describe(app: Any, origin: str, tokens: tuple[str, ...], options: Options) -> OpenIdProvider:
    """Everything that a test has to know, endpoints as the provider's discovery document names them."""
    metadata = app.test_client().get("/.well-known/openid-configuration", base_url=origin).get_json()
    return OpenIdProvider(
        issuer=metadata["issuer"],
        token_endpoint=metadata["token_endpoint"],
        revocation_endpoint=metadata["revocation_endpoint"],
        clients={client.client_id: client for client in provider.CLIENTS},
        offline=provider.OFFLINE.client_id,
        user=provider.USER,
        refresh_tokens=tokens,
        pid=os.getpid(),
        ca_file=str(options.tls_cert) if options.tls_cert else None,
    )


async def _run(app: Any, listener: socket.socket, ready: OpenIdProvider, options: Options) -> None:
    from asgiref.wsgi import WsgiToAsgi
    from hypercorn.asyncio import serve as hypercorn_serve

    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    config = _hypercorn_config(listener, options)
    server = asyncio.ensure_future(hypercorn_serve(WsgiToAsgi(app), config, shutdown_trigger=end.wait))
    await _until_listening(server, listener.getsockname())
    _write(options.ready_file, ready.dump())
    watch = asyncio.ensure_future(_watch_parent(options.parent, end))
    await server
    watch.cancel()


def _hypercorn_config(listener: socket.socket, options: Options) -> Any:
    from hypercorn.config import Config

    config = Config()
    # Hypercorn closes the descriptor that it is given, the caller closes its own.
    config.bind = [f"fd://{os.dup(listener.fileno())}"]
    config.errorlog = None
    # Seconds: a test must not wait for connections that some client keeps open.
    config.graceful_timeout = 1.0
    config.shutdown_timeout = 1.0
    if options.tls_cert and options.tls_key:
        config.certfile = str(options.tls_cert)
        config.keyfile = str(options.tls_key)
    return config


async def _until_listening(server: asyncio.Future[Any], address: tuple[str, int]) -> None:
    """Wait for the port to accept: it is bound already, but refuses until Hypercorn listens on it."""
    while not server.done():
        with contextlib.suppress(ConnectionRefusedError):
            _reader, writer = await asyncio.open_connection(*address)
            writer.close()
            return
        await asyncio.sleep(0.02)
    # Ended before it listened: this raises its error.
    await server


async def _watch_parent(parent: int | None, end: asyncio.Event) -> None:
    """A test run that is killed outright must not leave a server behind."""
    while parent is not None and os.getppid() == parent:
        await asyncio.sleep(0.5)
    if parent is not None:
        end.set()


def _write(path: Path, text: str) -> None:
    """Atomically, so that a reader finds all of it or none."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
