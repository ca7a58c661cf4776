# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The injectors of credentials, rendered as AWX renders them (`inject_credential`)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from .rules import BLOCKED
from .runs import Attached


@dataclass(frozen=True)
class Injected:
    env: Mapping[str, str]
    extra_vars: Mapping[str, Any]


def inject_all(credentials: Iterable[Attached], directory: Path, env: Mapping[str, str]) -> Injected:
    """Those of a job, in the order of their names: the last one wins, with an empty text and a False too.

    :param env: what the job has without them, by "Extra environment variables" or its image.
    """
    found = Injected(dict(env), {})
    for credential in sorted(credentials, key=lambda one: one.name):
        one = inject(credential, directory)
        found = Injected({**found.env, **one.env}, {**found.extra_vars, **one.extra_vars})
    return found


def inject(credential: Attached, directory: Path) -> Injected:
    """Render a credential's injectors; its files are made in `directory`, for their owner only."""
    names = _namespace(credential)
    jinja = ImmutableSandboxedEnvironment()

    def rendered(template: str) -> str:
        return jinja.from_string(template).render(**names)

    def variables(node: Any) -> Any:
        if isinstance(node, dict):
            return {variables(key): variables(value) for key, value in node.items()}
        return [variables(item) for item in node] if isinstance(node, list) else rendered(node)

    for label, template in credential.injectors.get("file", {}).items():
        # mkstemp makes it 0600.
        handle, path = tempfile.mkstemp(dir=directory)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(rendered(template))
        _label, dot, name = label.partition(".")
        if not dot:
            names["tower"].filename = path
        else:
            files = names["tower"].__dict__.setdefault("filename", SimpleNamespace())
            setattr(files, name, path)
    env = {
        name: rendered(template)
        for name, template in credential.injectors.get("env", {}).items()
        # AWX leaves out, with a line in its own log, what it would refuse in a type.
        if name not in BLOCKED and not name.startswith("ANSIBLE_")
    }
    return Injected(env, variables(credential.injectors.get("extra_vars", {})))


def _namespace(credential: Attached) -> dict[str, Any]:
    """What templates see: an empty text is not there at all, and a default of the type counts for nothing."""
    names: dict[str, Any] = {"tower": SimpleNamespace()}
    names.update({name: value for name, value in credential.inputs.items() if value != ""})
    for field in credential.fields:
        name = field["id"]
        if field["type"] == "boolean":
            names.setdefault(name, False)
        if field.get("format") == "ssh_private_key" and name in names and not names[name].endswith("\n"):
            names[name] += "\n"
    return names
