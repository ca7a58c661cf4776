# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of the stand-in, and a credential type that is right in every part, to be changed in one."""

from __future__ import annotations

from typing import Any

import requests

from ansible_collections.netapi.auth.tests.awx import Awx
from ansible_collections.netapi.auth.tests.awx.resources import User

TIMEOUT = 10
INPUTS: dict[str, Any] = {
    "fields": [
        {"id": "key", "label": "Key", "secret": True},
        {"id": "region", "label": "Region", "choices": ["eu", "us"], "default": "eu"},
        {"id": "url", "label": "Address", "format": "url"},
        {"id": "check", "label": "Check", "type": "boolean", "default": True},
    ],
    "required": ["key"],
}
INJECTORS: dict[str, Any] = {
    "env": {"EXAMPLE_KEY": "{{ key }}", "EXAMPLE_CHECK": "{{ check }}", "EXAMPLE_FILE": "{{ tower.filename }}"},
    "file": {"template": "key={{ key }}"},
    "extra_vars": {"example_region": "{{ region }}"},
}
TYPE: dict[str, Any] = {"name": "Example", "kind": "cloud", "inputs": INPUTS, "injectors": INJECTORS}


class Client:
    def __init__(self, awx: Awx, user: User | None = None) -> None:
        self._awx = awx
        self._headers = {"Authorization": f"Bearer {user.token}"} if user else {}

    def __call__(self, method: str, path: str, body: object = None) -> requests.Response:
        """`path` is below the API's address."""
        return requests.request(
            method, f"{self._awx.api}/{path}", json=body, headers=self._headers, timeout=TIMEOUT, allow_redirects=False
        )

    def get(self, path: str) -> Any:
        """The body of an answer that must be good."""
        response = self("GET", path)
        assert response.status_code == 200, response.text
        return response.json()

    def create(self, path: str, **body: object) -> Any:
        response = self("POST", path, body)
        assert response.status_code == 201, response.text
        return response.json()

    def organization(self) -> int:
        return next(iter(self._awx.store.organizations.rows))

    def credential(self, name: str, kind: int, **inputs: object) -> Any:
        owner = self.organization()
        return self.create("credentials/", name=name, credential_type=kind, organization=owner, inputs=inputs)
