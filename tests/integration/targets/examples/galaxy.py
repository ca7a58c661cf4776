# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for Galaxy on loopback that has this collection alone, as far as ``ansible-galaxy`` asks (its API v3)."""

from __future__ import annotations

import hashlib
import json
import socket
from pathlib import Path

from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Seen, Server, reply

ROOT = "/api/"
_COLLECTION = f"{ROOT}v3/collections/netapi/auth/"


def galaxy(tarball: Path) -> Server:
    """A server that begins with its block.

    :param tarball: ``netapi-auth-1.2.3.tar.gz``.
    """
    version = tarball.name.removeprefix("netapi-auth-").removesuffix(".tar.gz")
    one = f"{_COLLECTION}versions/{version}/"
    listed = {"version": version, "href": one}

    def play(connection: socket.socket, seen: Seen) -> None:
        path = seen.target.partition("?")[0]
        answers = {
            ROOT: {"available_versions": {"v3": "v3/"}},
            _COLLECTION: {"namespace": "netapi", "name": "auth", "highest_version": listed},
            f"{_COLLECTION}versions/": {"meta": {"count": 1}, "links": {"next": None}, "data": [listed]},
            one: {
                **listed,
                "namespace": {"name": "netapi"},
                "collection": {"name": "auth"},
                "download_url": f"http://{seen.headers['host']}{ROOT}{tarball.name}",
                "artifact": {"sha256": hashlib.sha256(tarball.read_bytes()).hexdigest()},
                "metadata": {"dependencies": {}},
                "signatures": [],
            },
        }
        if path == f"{ROOT}{tarball.name}":
            reply(tarball.read_bytes(), Content_Type="application/gzip")(connection, seen)
        elif path in answers:
            reply(json.dumps(answers[path]))(connection, seen)
        else:
            reply('{"errors": []}', 404)(connection, seen)

    return Server(play)
