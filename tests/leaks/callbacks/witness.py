# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what each callback is given, results and arguments, to the file that WITNESS names."""

from __future__ import annotations

import json
import os
import typing as t
from pathlib import Path

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: witness
type: aggregate
short_description: Writes results and arguments to a file
description: For the leak suite of this collection.
"""


class CallbackModule(CallbackBase):
    """Sees what a callback that writes JSON or feeds a database sees."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "witness"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: t.Any) -> None:
        self._note("ok", result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        self._note("failed", result)

    def v2_runner_item_on_ok(self, result: t.Any) -> None:
        self._note("loop", result)

    def v2_runner_item_on_failed(self, result: t.Any) -> None:
        self._note("loop", result)

    def v2_runner_retry(self, result: t.Any) -> None:
        self._note("until", result)

    def _note(self, kind: str, result: t.Any) -> None:
        line = {
            "kind": kind,
            "task": result._task.get_name(),
            "args": result._task.args,
            "result": result._result,
        }
        with Path(os.environ["WITNESS"]).open("a", encoding="utf-8") as file:
            print(json.dumps(line, default=str), file=file)
