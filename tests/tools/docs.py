# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation site: the guides of docs/docsite/ and the pages of the plugins, as HTML in `.build/docs/html`."""

from __future__ import annotations

import shutil
from typing import TextIO

from .ansible_test import environment_for
from .cores import Environment, docs_environment
from .jobs import Action, Job, command
from .stage import BUILD, target
from .steps import build, staging

SITE = BUILD / "docs"
# Without intersphinx nothing is fetched, so the labels of Ansible's own pages lead nowhere: their text stands there
# alone. Every other label has to be found.
CONFIGURATION = """\
project = "netapi.auth"
title = html_short_title = "netapi.auth"
copyright = "the netapi.auth authors"
extensions = ["sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
html_show_sphinx = html_copy_source = html_use_index = False
highlight_language = "YAML+Jinja"
pygments_style = "ansible"
default_role = "any"
nitpick_ignore_regex = [
    ("std:ref", r"ansible_collections\\.ansible\\.builtin\\..*"),
    ("std:ref", "action_plugins|ansible_configuration_settings|common_return_values"),
]
"""
COLLECTION = ("collection", "--use-current", "--squash-hierarchy", "--cleanup", "everything", "--fail-on-error")
SPHINX = ("-b", "html", "-n", "-W", "--keep-going")


def build_site(environment: Environment) -> Action:
    """Write the pages of the plugins beside the guides, and make HTML of all. A warning is an error.

    antsibull-docs takes no pictures along: they are put where the guides' paths lead, which are those of the tree.
    """

    def action(log: TextIO) -> None:
        pages = SITE / "rst"
        # antsibull-docs refuses a directory that others may write to.
        pages.mkdir(mode=0o755)
        pages.chmod(0o755)
        shutil.copytree(target("docs") / "docs" / "pictures", SITE / "pictures")
        (SITE / "conf.py").write_text(CONFIGURATION, encoding="utf-8")
        variables = {**environment_for(environment, "docs"), "ANSIBLE_COLLECTIONS_PATH": str(SITE)}
        programs = environment.path / "bin"
        antsibull = [str(programs / "antsibull-docs"), *COLLECTION, "--dest-dir", str(pages), "netapi.auth"]
        command(antsibull, SITE, variables)(log)
        sphinx = [str(programs / "sphinx-build"), *SPHINX, "-c", str(SITE), str(pages), str(SITE / "html")]
        command(sphinx, SITE, variables, r"build succeeded\.")(log)

    return action


def docs_jobs() -> list[Job]:
    """The site, with its environment and its copy of the tree, where the pages of the plugins come from."""
    environment = docs_environment()
    return [
        build(environment, "docs"),
        staging("docs"),
        Job("docs", build_site(environment), ("venv docs", "stage docs")),
    ]
