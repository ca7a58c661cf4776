"""Write them into the tree."""

from __future__ import annotations

from ..support.declarations import ROOT
from .files import write

write(ROOT)
