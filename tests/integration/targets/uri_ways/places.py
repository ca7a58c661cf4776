# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where Ansible finds the connection and the other user of these tests."""

from __future__ import annotations

from pathlib import Path

PLUGINS = {
    "ANSIBLE_CONNECTION_PLUGINS": str(Path(__file__).parents[1] / "uri" / "connections"),
    "ANSIBLE_BECOME_PLUGINS": str(Path(__file__).parent / "becomes"),
}
