#!/usr/bin/env bash
# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

set -eu

PYTHONPATH="${ANSIBLE_COLLECTIONS_PATH}:${PYTHONPATH:-}" exec python -m ansible_collections.netapi.auth.tests.support "$@"
