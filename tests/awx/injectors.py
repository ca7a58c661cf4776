# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The injectors of credentials, rendered as AWX renders them (`inject_credential`)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment


@dataclass(frozen=True)
class Attached:
    """A credential of a job. `inputs` are decrypted; `fields` and `injectors` are its type's."""

    name: str
    inputs: Mapping[str, Any]
    fields: Sequence[Mapping[str, Any]]
    injectors: Mapping[str, Mapping[str, str]]


def inject_all(credentials: Iterable[Attached], directory: Path, env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a job: credentials in the order of their names, the last one wins, with an empty text too.

    :param directory: where their files are made, for their owner only.
    :param env: what the job has without them, by "Extra environment variables" or its image.
    """
    found = dict(env)
    for credential in sorted(credentials, key=lambda one: one.name):
        found.update(_injected(credential, directory))
    return found


def _injected(credential: Attached, directory: Path) -> dict[str, str]:
    # What templates see: an empty text is not there at all, and a default of the type counts for nothing.
    names: dict[str, Any] = {field["id"]: False for field in credential.fields if field["type"] == "boolean"}
    names.update({name: value for name, value in credential.inputs.items() if value != ""})
    jinja = ImmutableSandboxedEnvironment()
    for template in credential.injectors.get("file", {}).values():
        # mkstemp makes it 0600.
        handle, path = tempfile.mkstemp(dir=directory)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(jinja.from_string(template).render(names))
        names["tower"] = {"filename": path}
    env = credential.injectors.get("env", {})
    return {name: jinja.from_string(template).render(names) for name, template in env.items()}
