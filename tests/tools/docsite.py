# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The index of the documentation site: that of docs/docsite/rst, with tables of contents in the order of use."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

# In the order of use. The action of the role awx_credential_types has a page for ansible-doc alone.
PLUGINS = {
    "Tasks": ["uri", "netfoundry_token", "netography_token", "netbird_auth", "oauth2_token"],
    "Lookups": ["netfoundry_token", "netography_token", "netbird_auth", "oauth2_token"],
    "Roles": ["auth_headers", "awx_credential_types"],
}
KINDS = {"Tasks": "module", "Lookups": "lookup", "Roles": "role"}
HIDDEN = ("awx_credential_types_module",)


def contents(caption: str, pages: list[str]) -> str:
    lines = "\n".join(f"    {page}" for page in pages)
    return f".. toctree::\n    :hidden:\n    :maxdepth: 1\n    :caption: {caption}\n\n{lines}\n"


def write_index(tree: Path, pages: Path) -> None:
    """Put it in the place of the one that antsibull-docs has made, whose labels stay.

    :param tree: the collection.
    :param pages: what antsibull-docs has made.
    """
    index = pages / "index.rst"
    labels = re.findall(r"(?m)^\.\. _\S+:$", index.read_text(encoding="utf-8"))
    own = pages / "docsite" / "index.rst"
    text = own.read_text(encoding="utf-8").replace(":orphan:\n", "").replace("../../pictures/", "../pictures/")
    own.unlink()
    for name in HIDDEN:
        (pages / f"{name}.rst").unlink()
    listed = yaml.safe_load((tree / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))["sections"]
    guides = [contents(each["title"], [f"docsite/{page}" for page in each["toctree"]]) for each in listed]
    plugins = [contents(kind, [f"{name}_{KINDS[kind]}" for name in names]) for kind, names in PLUGINS.items()]
    # What has no table of contents names its file, and Sphinx fails: so no plugin is left out.
    index.write_text("\n\n".join([*labels, text, *guides, *plugins, ""]), encoding="utf-8")
