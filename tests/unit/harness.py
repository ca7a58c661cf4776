# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lookups and tasks of the collection, run in the test's own process through the core's loaders and templar."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ansible import template as core_template
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader, connection_loader, lookup_loader
from ansible.template import Templar

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS

PLUGINS = {name: provider.plugin for name, provider in PROVIDERS.items()}
RESULT_KEYS = (
    "access_token",
    "token_type",
    "headers",
    "expires_at",
    "expires_in",
    "scope",
    "claims",
    "api_url",
    "provider",
    "method",
    "source",
    "identity",
)


class Refused(Exception):  # noqa: N818 - to most tests that meet it, this is what should happen
    """The plugin's sentence for the user."""


def _check_alone(error: Exception) -> None:
    """The core prints what an error was made from, secrets and all."""
    assert error.__cause__ is None
    assert error.__context__ is None


def trusted(value: t.Any) -> t.Any:
    """The value as an inventory gives it: from 2.19 on, only what is marked is a template."""
    trust = getattr(core_template, "trust_as_template", None)
    if isinstance(value, str) and trust is not None:
        return trust(value)
    return value


@dataclass
class Ansible:
    """What stands in for a play: its variables."""

    variables: dict[str, t.Any] = field(default_factory=dict)

    def knows_omit(self) -> None:
        """Before 2.19, omit is a variable with a placeholder; from then on the core knows it by itself."""
        if not hasattr(core_template, "trust_as_template"):
            self.variables["omit"] = "__omit_place_holder__0123"

    def _templar(self) -> Templar:
        variables = {name: trusted(value) for name, value in self.variables.items()}
        return Templar(loader=DataLoader(), variables=variables)

    def lookup(self, provider: str, *terms: t.Any, **arguments: t.Any) -> list[t.Any]:
        """The list that the lookup returns. Raises Refused with its sentence."""
        templar = self._templar()
        plugin = lookup_loader.get(PLUGINS[provider], loader=DataLoader(), templar=templar)
        try:
            return t.cast("list[t.Any]", plugin.run(list(terms), variables=templar.available_variables, **arguments))
        except AnsibleLookupError as error:
            _check_alone(error)
            raise Refused(str(error)) from None

    def lookup_result(self, provider: str, **arguments: t.Any) -> dict[str, t.Any]:
        """The whole result by way of the lookup: one term for each key."""
        return dict(zip(RESULT_KEYS, self.lookup(provider, *RESULT_KEYS, **arguments), strict=True))

    def action(
        self,
        name: str,
        arguments: Mapping[str, t.Any],
        files_of: Path = Path(),
        *,
        check: bool = False,
        **keywords: t.Any,
    ) -> dict[str, t.Any]:
        """The result of a task of the collection that does not fail. Raises Refused with its sentence.

        :param check: whether it runs in check mode.
        :param keywords: further keywords of the task.
        :param files_of: the role or the directory whose ``files`` the task finds.
        """
        result = self.outcome(name, arguments, files_of, check_mode=check, **keywords)
        if result.get("failed"):
            assert set(result) == {"failed", "changed", "msg", *(["status"] if name == "netapi.auth.uri" else [])}
            raise Refused(result["msg"])
        return result

    def outcome(
        self,
        name: str,
        arguments: Mapping[str, t.Any],
        files_of: Path = Path(),
        *,
        check_mode: bool = False,
        **keywords: t.Any,
    ) -> dict[str, t.Any]:
        """The result of a task, whether it failed or not."""
        templar = self._templar()
        play_context = PlayContext()
        loader = DataLoader()
        loader.set_basedir(str(files_of))
        task = Task()
        task.args = dict(arguments)
        for keyword, value in {"check_mode": check_mode, **keywords}.items():
            setattr(task, keyword, value)
        action = action_loader.get(
            name,
            task=task,
            connection=connection_loader.get("ansible.builtin.local", play_context),
            play_context=play_context,
            loader=loader,
            templar=templar,
            shared_loader_obj=None,
        )
        result: dict[str, t.Any] = action.run(task_vars=templar.available_variables)
        return result

    def task(self, provider: str, arguments: Mapping[str, t.Any]) -> dict[str, t.Any]:
        """The token task's result, without facts. Raises Refused with its sentence."""
        return self.action(PLUGINS[provider], {"set_facts": False, **arguments})

    def task_result(self, provider: str, **arguments: t.Any) -> dict[str, t.Any]:
        """The keys of the result that the lookup has as well."""
        result = self.task(provider, arguments)
        assert result["changed"] is False
        assert result["_ansible_no_log"] is True
        return {key: result[key] for key in RESULT_KEYS}
