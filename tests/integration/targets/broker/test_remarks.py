# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of each token at ``-v`` and ``-vvv``."""

from __future__ import annotations

import re

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

ISSUED = re.compile(r"NetFoundry client_credentials: token issued by 127\.0\.0\.1, 3[56]\d\d seconds left\.")
CACHED = re.compile(r"NetFoundry client_credentials: token of 127\.0\.0\.1 from the cache, 3[56]\d\d seconds left\.")


def _play(sandbox: Sandbox, ansible: Ansible, *arguments: str) -> Run:
    path = inventory(ansible.home, {"localhost": {}}, **variables(sandbox))
    return ansible.play("ask.yml", "-i", path, *arguments)


@pytest.mark.parametrize(("verbosity", "issued", "cached"), [((), 0, 0), (("-v",), 1, 0), (("-vvv",), 1, 1)])
def test_a_grant_is_said_once_and_a_token_from_the_cache_only_at_vvv(
    sandbox: Sandbox, ansible: Ansible, verbosity: tuple[str, ...], issued: int, cached: int
) -> None:
    sandbox.fault("/oauth/token", merge={"access_token": "token-5c9e17d2"})
    output = _play(sandbox, ansible, *verbosity).output
    assert len(ISSUED.findall(output)) == issued
    assert len(CACHED.findall(output)) == cached
    assert "token-5c9e17d2" not in output
    assert "nf-secret-1" not in output
