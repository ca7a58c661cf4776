# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of a page, as users copy them."""

from __future__ import annotations

import re
from pathlib import Path

from ..sandbox import Sandbox
from ..tools import examples
from .runner import ROOT

HANDING_ON = "docs/docsite/rst/guide_handing_on.rst"
OAUTH2 = "docs/docsite/rst/guide_oauth2.rst"
# What ansible-doc shows of the same.
OAUTH2_PLUGINS = ("plugins/lookup/oauth2_token.py", "plugins/modules/oauth2_token.py")
RENEWING = "docs/docsite/rst/guide_renewing.rst"
ROTATION_PLUGINS = ("plugins/modules/netbird_pat.py", "plugins/modules/netography_api_key.py")
AWX = "docs/docsite/rst/guide_awx.rst"
# Its service is made up.
PROVIDER = "docs/docsite/rst/guide_adding_a_provider.rst"
_SERVICES = re.compile(r"https://(?:gateway\.production\.netfoundry\.io|api\.netbird\.io|api\.netography\.com)")


def in_yaml(page: str) -> list[examples.Example]:
    """The examples of the page in YAML."""
    return [each for each in examples.in_yaml(ROOT) if each.page == page]


def scripts(page: str, language: str) -> list[str]:
    """The examples of the page for a shell."""
    return [each.text for each in examples.found(ROOT) if (each.page, each.language) == (page, language)]


def files(page: str) -> dict[str, str]:
    """The examples of the page that are files, by their names."""
    return {each.file: each.text for each in in_yaml(page) if each.file}


def at(sandbox: Sandbox, text: str) -> str:
    """The text with the sandbox in place of the services."""
    return _SERVICES.sub(sandbox.url, text)


def write(directory: Path, sandbox: Sandbox, *names: str) -> None:
    """Write these files of the page on handing tokens on, with the sandbox in place of the services."""
    found = files(HANDING_ON)
    for name in names:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(at(sandbox, found[name]), encoding="utf-8")
