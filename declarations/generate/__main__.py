# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write them into the tree."""

from __future__ import annotations

import sys

from .checked import DeclarationError

try:
    # The declarations are read as they are imported.
    from .declared import ROOT
    from .files import write

    write(ROOT)
except DeclarationError as error:
    sys.exit(f"make generate: {error}")
except OSError as error:
    sys.exit(f"make generate: {error.filename}: {error.strerror}. Is the tree whole?")
