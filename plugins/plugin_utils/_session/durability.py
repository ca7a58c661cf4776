# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warnings of a successor of a refresh token that may not outlive the job. Private to this collection."""

from __future__ import annotations

import os
from pathlib import Path

from .._providers.base import JOB_VARIABLES
from .._value import Value

# Caches that keep nothing for the next run, and what they do keep.
_BRIEF = {"none": "nothing is kept", "run": "it is kept for this run only"}
# Podman and Docker make these.
CONTAINER_FILES = (Path("/run/.containerenv"), Path("/.dockerenv"))


class Durability(Value):
    """Where successors are to be kept.

    :param label: the provider, for sentences.
    :param cache: the wanted cache, as the option says it.
    """

    label: str
    cache: str

    @property
    def before(self) -> str:
        """The warning before a refresh token is sent; empty for none."""
        if self.cache not in _BRIEF:
            return ""
        return (
            f"{self.label}: cache is {self.cache}, so where the provider replaces the refresh token, "
            f"{_BRIEF[self.cache]} and the next {'use' if self.cache == 'none' else 'run'} is refused. "
            "Set cache to user, or for several nodes to a Redis address."
        )

    def after(self, kept: str) -> str:
        """The warning after an answer that brought a successor; empty for none.

        :param kept: the kind of cache that took it; empty for none.
        """
        cause = "" if self.cache in _BRIEF else _cause(kept)
        if not cause:
            return ""
        return (
            f"{self.label}: the provider replaced the refresh token, and its successor may end with this job, since "
            f"{cause}. Then the next run is refused. Set cache to a Redis address, or keep the user's cache directory "
            "on a volume that outlives the job."
        )


def _cause(kept: str) -> str:
    """Why what was kept may end with this job; empty where it stays."""
    if kept in ("", "run"):
        return "the wanted cache did not take it"
    if kept == "user" and any(os.environ.get(name) for name in JOB_VARIABLES):
        return "the user's token cache is that of a job"
    if kept == "user" and any(map(os.path.lexists, CONTAINER_FILES)):
        return "the user's token cache is in a container"
    return ""
