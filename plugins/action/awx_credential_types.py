# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of the role netapi.auth.awx_credential_types."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml
from ansible.module_utils.common.validation import check_type_list
from ansible.module_utils.common.yaml import yaml_load
from ansible.utils.display import Display

from ansible_collections.netapi.auth.plugins.plugin_utils import _waits
from ansible_collections.netapi.auth.plugins.plugin_utils._awx import api, credential_types
from ansible_collections.netapi.auth.plugins.plugin_utils._core import config
from ansible_collections.netapi.auth.plugins.plugin_utils._core.action import AuthAction
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import masking
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings
from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import Definitions, Options, Sources, resolve
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS

# The documentation-only module and the role declare them as well, and a test compares.
_OPTIONS: Definitions = {
    "url": {"type": "str"},
    "token": {"type": "str"},
    "username": {"type": "str"},
    "password": {"type": "str"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
}


class ActionModule(AuthAction):
    """Makes, updates and removes credential types, from the controller."""

    _requires_connection = False

    def _result(self, arguments: dict[str, t.Any], variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        providers = _chosen(arguments.pop("providers", None))
        options = resolve(_OPTIONS, _said(arguments, variables, self._loader))
        awx = _awx_of(options)
        wanted = [self._shipped(provider) for provider in providers]
        changes = credential_types.plan(awx, wanted, present=options.text("state") == "present")
        if not self._task.check_mode:
            credential_types.carry_out(awx, changes)
        return {
            "changed": bool(changes),
            "types": {change.name: change.verb for change in changes},
            "diff": [_difference(change) for change in changes],
        }

    def _shipped(self, provider: str) -> credential_types.Wanted:
        """What is in the role's own files. The templates in them are AWX's to evaluate, so they are read as text."""
        find: Callable[[str, str], str] = self._find_needle
        values = yaml_load(Path(find("files", f"{provider}.yml")).read_text(encoding="utf-8"))
        return credential_types.Wanted(values.pop("name"), values)


def _chosen(value: object) -> list[str]:
    names = list(PROVIDERS)
    try:
        chosen = check_type_list(value)
    except TypeError:
        chosen = []
    if not chosen or not all(name in names for name in chosen):
        raise OptionError(f"{api.PREFIX}providers must be a list of {', '.join(names)}. Correct it.")
    return [name for name in names if name in chosen]


def _said(arguments: Mapping[str, t.Any], variables: Mapping[str, t.Any], loader: t.Any) -> Sources:
    """The arguments only, named as in the role, which itself reads the defaults and the environment."""
    return Sources(
        arguments=arguments,
        variables=variables,
        template=lambda value: value,
        environment={},
        ini=lambda section, key: None,
        ini_base=Path.cwd(),
        argument=f"the variable {api.PREFIX}",
        decrypt=config.decryption(loader),
    )


def _awx_of(options: Options) -> api.Awx:
    url = api.address(options.text("url"))
    headers = api.sign_in(options.text("token"), options.text("username"), options.text("password"))
    given = (options.text("token"), options.text("password"), headers["Authorization"].partition(" ")[2])
    secrets = tuple(filter(None, given))
    masking.register(secrets)
    authorities = options.text("ca_path")
    if authorities is not None and not Path(authorities).exists():
        raise OptionError(f"{api.PREFIX}ca_path names no file or directory that is there. Correct the path.")
    settings = HttpSettings(
        "AWX",
        validate_certs=options.flag("validate_certs"),
        ca_path=authorities,
        secrets=secrets,
        decrypt=options.sources.decrypt,
        say=_waits.speaker(Display().warning, Display().v),
    )
    return api.Awx(url, settings, headers)


def _difference(change: credential_types.Change) -> dict[str, t.Any]:
    before, after = (_text(value) for value in (change.before, change.after))
    return {"before_header": change.name, "after_header": change.name, "before": before, "after": after}


def _text(value: Mapping[str, t.Any] | None) -> str:
    """As YAML with sorted keys: AWX returns them in another order than they were sent."""
    return "" if value is None else yaml.safe_dump(dict(value))


def main() -> None:
    """For ansible-lint, which looks here for what checks the arguments of a task that has an action."""
    from ansible_collections.netapi.auth.plugins.modules import awx_credential_types

    awx_credential_types.main()
