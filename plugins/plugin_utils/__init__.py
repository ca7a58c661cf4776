# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the plugins share. Private to this collection. Its files are imported by Python's own loader.

Ansible's loader compiles a file of a collection from its source in each process, which takes longer than a token from
the cache does. Python's loader keeps byte code in ``__pycache__`` where it may write, and uses none that is older than
its source; without any it compiles as well.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from importlib import machinery

from ansible.utils.collection_loader._collection_config import AnsibleCollectionConfig


class _Finder:
    """Finds the files of this package and of the packages in it, and nothing else."""

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> machinery.ModuleSpec | None:
        if path is None or not name.startswith(f"{__name__}."):
            return None
        return next(filter(None, (_finder_of(place).find_spec(name) for place in path)), None)


@functools.cache
def _finder_of(place: str) -> machinery.FileFinder:
    # The finder from sys.path_hooks would be Ansible's for a collection.
    return machinery.FileFinder(place, (machinery.SourceFileLoader, machinery.SOURCE_SUFFIXES))


_ANSIBLE = AnsibleCollectionConfig.collection_finder
# A side effect of the import, because the next import has to find it. It goes before Ansible's finder, which would
# answer first. Where that is absent, there is nothing to do.
if _ANSIBLE in sys.meta_path and not any(getattr(finder, "__module__", None) == __name__ for finder in sys.meta_path):
    sys.meta_path.insert(sys.meta_path.index(_ANSIBLE), _Finder)
