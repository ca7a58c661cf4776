# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential types that the collection ships, and what they inject into a job."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.netapi.auth.tests.awx import Attached, Awx, inject_all
from ansible_collections.netapi.auth.tests.awx.rules import checked
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA

FILES = ROOT / "roles" / "awx_credential_types" / "files"
PROVIDERS = tuple(DATA)
Inputs = Mapping[str, t.Any]


def shipped(provider: str) -> dict[str, t.Any]:
    """One of the files."""
    found: dict[str, t.Any] = yaml_load((FILES / f"{provider}.yml").read_text(encoding="utf-8"))
    return found


NAMES = {provider: shipped(provider)["name"] for provider in PROVIDERS}


def kept(awx: Awx) -> dict[str, dict[str, t.Any]]:
    """The types in AWX that are not its own."""
    types = [one for one in awx.store.types.all() if not one.managed]
    return {one.name: {"kind": one.kind, "inputs": one.inputs, "injectors": one.injectors} for one in types}


def expected(*providers: str) -> dict[str, dict[str, t.Any]]:
    """The same of a service's types as they are shipped."""
    found = {}
    for provider in providers:
        values = shipped(provider)
        found[values["name"]] = {name: values[name] for name in ("kind", "inputs", "injectors")}
    return found


def injected(
    directory: Path, credentials: Mapping[str, Inputs], env: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment of a job to which a credential of each of these types is attached.

    :param credentials: provider: what is filled in, from the credential that is first by its name on.
    :param env: what the job has without them.
    """
    directory.mkdir(parents=True, exist_ok=True)
    attached = [
        _attached(f"{number} {provider}", shipped(provider), inputs)
        for number, (provider, inputs) in enumerate(credentials.items())
    ]
    return inject_all(attached, directory, env or {})


def _attached(name: str, kind: Mapping[str, t.Any], inputs: Inputs) -> Attached:
    """As AWX keeps what was filled in."""
    fields = kind["inputs"]["fields"]
    return Attached(name, checked(fields, inputs), fields, kind["injectors"])


def usual(sandbox: Sandbox) -> dict[str, dict[str, str]]:
    """The credential of each service that most users have, and nothing else filled in."""
    return filled(sandbox, **{name: data.whole(data.credentials[0], sandbox.url) for name, data in DATA.items()})


def filled(sandbox: Sandbox, **inputs: Inputs) -> dict[str, dict[str, str]]:
    """These inputs with the addresses of the sandbox."""
    return {name: {**DATA[name].pick(DATA[name].addresses, sandbox.url), **said} for name, said in inputs.items()}


@dataclass(frozen=True)
class Other:
    """A credential for each of these services, with nothing but what its method needs.

    :param methods: of each service.
    """

    credentials: dict[str, dict[str, str]]
    methods: dict[str, str]


def _rest(provider: str) -> list[tuple[str, ...]]:
    """Its credentials but the usual one and a given token, as far as they are filled in: a file of the node is not."""
    fields = {field["id"] for field in shipped(provider)["inputs"]["fields"]}
    return [each for each in DATA[provider].credentials[1:] if each != ("token",) and {*each} <= fields]


REST = {provider: _rest(provider) for provider in PROVIDERS}
JOBS = max(map(len, REST.values()))


def others(sandbox: Sandbox) -> list[Other]:
    """All credentials but the usual ones and a given token, in no more jobs than it takes."""
    found = []
    for number in range(JOBS):
        chosen = {name: credentials[number] for name, credentials in REST.items() if number < len(credentials)}
        inputs = {name: DATA[name].whole(credential, sandbox.url) for name, credential in chosen.items()}
        methods = {name: DATA[name].method(credential) for name, credential in chosen.items()}
        found.append(Other(filled(sandbox, **inputs), methods))
    return found
