# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task netapi.auth.doctor."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from pathlib import Path

from ansible.release import __version__
from ansible.utils.display import Display

from ansible_collections.netapi.auth.plugins.plugin_utils._core import config
from ansible_collections.netapi.auth.plugins.plugin_utils._core.action import AuthAction
from ansible_collections.netapi.auth.plugins.plugin_utils._doctor import examination, report, surroundings, wanted
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import masking
from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import Sources, spellings, unknown
from ansible_collections.netapi.auth.plugins.plugin_utils._options.values import WrongTypeError, convert, plain
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.base import Provider
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS

_NAME = "netapi.auth.doctor"
_OWN = ("providers", "strict")
# Options that defaults of the action groups may set, and that a doctor has no use for.
_LEFT_OUT = config.TASK_OPTIONS | {"refresh", "whoami"}


class ActionModule(AuthAction):
    """Says what is wrong with the set-up of each provider."""

    _requires_connection = False

    def _hidden(self, arguments: Mapping[str, t.Any]) -> dict[str, t.Any]:
        """What was misspelt may be a secret."""
        return {name: value if name in _OWN else masking.HIDDEN for name, value in arguments.items()}

    def _result(self, arguments: dict[str, t.Any], variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        for name in arguments:
            if name not in _OWN:
                raise unknown(name, _OWN, "option of the doctor")
        strict = _strict(arguments.get("strict"))
        asked = _asked(arguments.get("providers"))
        sources = {name: self._sources(PROVIDERS[name], variables) for name in asked or PROVIDERS}
        if not asked:
            meant = [name for name in sources if self._is_meant(name, sources[name])]
            sources = {name: sources[name] for name in meant or sources}
        reports = [self._report(name, sources[name]) for name in sources]
        host = _host(variables)
        lines = [line for each in reports for line in (each.lines[0], *host, *each.lines[1:])]
        for line in lines:
            Display().display(line)
        return {
            "changed": False,
            "failed": report.is_failure(reports, strict=strict),
            # The core shows the beginning of it.
            "msg": "\n".join(each.line for each in sorted(reports, key=lambda each: -each.status)),
            "lines": lines,
            "runtime": surroundings.runtime(__version__),
            "providers": [each.result() for each in reports],
        }

    def _is_meant(self, name: str, sources: Sources) -> bool:
        provider = PROVIDERS[name]
        return wanted.is_meant(provider, config.definitions(provider), sources)

    def _report(self, name: str, sources: Sources) -> report.Report:
        provider = PROVIDERS[name]
        return examination.Examination(provider, config.definitions(provider), sources, config.run()).report()

    def _sources(self, provider: Provider, variables: Mapping[str, t.Any]) -> Sources:
        """What can set the options of the provider: the defaults of its action groups in the place of arguments."""
        self._remark_environment(provider, _NAME)
        names = spellings(config.definitions(provider))
        defaults = config.group_defaults(self._task, provider, self._templar.template)
        defaults = {name: each for name, each in defaults.items() if names.get(name, name) not in _LEFT_OUT}
        return config.sources(
            provider,
            {name: value for name, (value, _place) in defaults.items()},
            variables,
            self._templar.template,
            self._loader,
            argument=f"the {provider.plugin} argument ",
            places={name: place for name, (_value, place) in defaults.items()},
        )


def _host(variables: Mapping[str, t.Any]) -> list[str]:
    """The line that tells whose variables counted; none for localhost alone."""
    name = variables.get("inventory_hostname", "localhost")
    is_alone = name == "localhost" and len(variables.get("ansible_play_hosts_all", ())) < 2
    return [] if is_alone else [f"  host: {name}"]


def _strict(value: object) -> bool:
    said = plain(value)
    try:
        return said is not None and convert(said, "bool", Path()) is True
    except WrongTypeError:
        pass
    raise OptionError("strict must be true or false. Correct it.")


def _asked(value: object) -> list[str]:
    """The names of the providers that are asked for; a text too, as a survey gives it."""
    said = plain(value)
    if said is None:
        return []
    found = said.replace(",", " ").split() if isinstance(said, str) else said
    if not isinstance(found, list) or any(name not in list(PROVIDERS) for name in found):
        raise OptionError(f"providers may hold {', '.join(PROVIDERS)} and nothing else. Correct it.")
    return list(dict.fromkeys(map(str, found)))


def main() -> None:
    """For ansible-lint, which looks here for what checks the arguments of a task that has an action."""
    from ansible_collections.netapi.auth.plugins.modules import doctor

    doctor.main()
