"""A stand-in for AWX on loopback. See README.md."""

from __future__ import annotations

from .injectors import Attached, inject_all
from .jobs import Launch, Outcome
from .server import Awx

__all__ = ["Attached", "Awx", "Launch", "Outcome", "inject_all"]
