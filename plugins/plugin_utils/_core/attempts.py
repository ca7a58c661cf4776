# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of a task, the same at each of its attempts. Private to this collection."""

from __future__ import annotations

import importlib
import typing as t
from collections.abc import Iterator, Mapping

from .._http import masking

# By their names, because type checkers run where a newer core is installed.
_modules: t.Any = importlib.import_module("ansible.executor.module_common")
_executor: t.Any = importlib.import_module("ansible.executor.task_executor")
# Up to 2.18. Later cores do both where they template the arguments.
_HAS_LATE_DEFAULTS = hasattr(_modules, "get_action_args_with_defaults")
# An attribute of the task object, which `until` keeps. Each attempt has another action object.
_KEPT = "_netapi_auth_told"


class _Told(t.NamedTuple):
    """The arguments as the user wrote them, templated, and the task's own no_log."""

    arguments: dict[str, t.Any]
    no_log: t.Any


def told(task: t.Any, templar: t.Any) -> dict[str, t.Any]:
    """The task's arguments, the same at each attempt. To be called before ``hide``."""
    kept: _Told | None = getattr(task, _KEPT, None)
    if kept is None:
        kept = _Told(_revealed(task, templar), task.no_log)
        setattr(task, _KEPT, kept)
    return dict(kept.arguments)


def hide(task: t.Any, shown: Mapping[str, t.Any]) -> None:
    """Let callbacks see these arguments in place of the task's own."""
    # A success sets no_log for the whole task. If the next attempt or item fails, its sentence has to be seen.
    task.args = dict(shown)
    task.no_log = getattr(task, _KEPT).no_log


def hide_item(task: t.Any) -> bool:
    """Have the core hide the whole result of a loop, with its items. Whether the task is in a loop.

    Before 2.19 the core looks at the no_log of the items' tasks for that, and not at the items' results.
    """
    if task.loop is None:
        return False
    task.no_log = True
    return True


def _revealed(task: t.Any, templar: t.Any) -> dict[str, t.Any]:
    """The arguments, where those that an earlier run of the task hid are taken from the playbook.

    The debugger's `redo` runs a copy made from what callbacks saw. What the user has set there counts.
    """
    said = dict(task.args)
    if masking.HIDDEN not in said.values():
        return said
    for written in _beside(task):
        if written._uuid == task._uuid:
            known = _templated(written, templar)
            return {name: known.get(name, value) if value == masking.HIDDEN else value for name, value in said.items()}
    return said


def _beside(task: t.Any) -> Iterator[t.Any]:
    block = task._parent
    for part in ("block", "rescue", "always"):
        yield from getattr(block, part, None) or ()


def _templated(written: t.Any, templar: t.Any) -> dict[str, t.Any]:
    """The arguments as the core gives them to an action."""
    task = written.copy(exclude_parent=True, exclude_tasks=True)
    task._parent = written._parent
    # From 2.19 on an action has a wrapper around what templates fields.
    task.post_validate(getattr(templar, "_engine", templar))
    if not _HAS_LATE_DEFAULTS:
        return dict(task.args)
    spread = task.args.pop("_variable_params", None) or {}
    known = _modules.get_action_args_with_defaults(
        task.resolved_action,
        {**spread, **task.args},
        task.module_defaults,
        templar,
        action_groups=task._parent._play._action_groups,
    )
    found: dict[str, t.Any] = _executor.remove_omit(known, templar.available_variables.get("omit"))
    return found
