# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The peers of NetBird as hosts. Its options are templated as those of cloud inventories are."""

from __future__ import annotations

import json
import typing as t

from ansible.module_utils.urls import open_url
from ansible.plugins.inventory import BaseInventoryPlugin

DOCUMENTATION = r"""
name: peers
short_description: The peers of NetBird
description: For the tests of this collection.
options:
  plugin:
    description: Names this plugin.
    type: str
    required: true
    choices: [peers]
  api_url:
    description: Address of the service. Templated.
    type: str
    required: true
  headers:
    description: Headers of the request. Templated.
    type: raw
    required: true
"""


class InventoryModule(BaseInventoryPlugin):
    NAME = "peers"

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        # Most methods of the core's class have no types.
        plugin: t.Any = self
        plugin._read_config_data(path)
        answer = open_url(f"{_templated(plugin, 'api_url')}/api/peers", headers=_templated(plugin, "headers"))
        for peer in json.load(answer):
            inventory.add_host(peer["name"])
            inventory.set_variable(peer["name"], "ansible_host", peer["ip"])


def _templated(plugin: t.Any, option: str) -> t.Any:
    value = plugin.get_option(option)
    return plugin.templar.template(variable=value) if plugin.templar.is_template(value) else value
