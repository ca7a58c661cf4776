# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of the tasks that make and remove credentials. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping

from ansible.utils.display import Display

from .._errors import OptionError
from .._http import masking
from .._options.options import Definitions, Options, resolve, spellings, unknown
from .._providers import remarks
from .._providers.base import Provider
from .._session.session import Session, begin
from . import attempts, config
from .action import AuthAction

# Of the token tasks and lookups, but not of a task that signs in for something else.
_OF_TOKENS = frozenset({"refresh", "whoami"})
# What people write who know the service's own words, or this task's result.
_MEANT = {
    "expires_in": "lifetime_days",
    "expires_in_days": "lifetime_days",
    "expiration_days": "lifetime_days",
    "id": "token_id",
    "pat_id": "token_id",
    "user_id": "user",
    "token_name": "name",
    "role": "roles",
    "app_name": "appname",
}


class RotationAction(AuthAction):
    """Signs in on the controller as the token task of the service does, and changes credentials there."""

    provider: Provider
    name: str
    # Its own options; the others are those of signing in.
    own: t.ClassVar[Definitions]
    # Options of signing in that it does not have, and those whose value is fixed.
    withheld: t.ClassVar[Iterable[str]] = ()
    fixed: t.ClassVar[Mapping[str, str]] = {}
    # The key of the result that holds what was made.
    handed_out: str
    _requires_connection = False

    def _result(self, arguments: dict[str, t.Any], variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        if self._task.until or self._task.retries is not None:
            raise OptionError(
                f"{self.name} has until or retries, whose last attempt would replace the result that holds the secret. "
                "Take them out: requests are repeated inside, as the option retries says."
            )
        self._remark_environment(self.provider, self.name)
        definitions = config.definitions(self.provider)
        left_out = {*self.withheld, *self.fixed, *_OF_TOKENS}
        signing = {name: each for name, each in definitions.items() if name not in left_out}
        own_names = spellings(self.own)
        self._check(arguments, [*own_names, *spellings(signing)])
        own = {name: value for name, value in arguments.items() if name in own_names}
        options = resolve(self.own, self._sources(own, variables))
        remarks.on_own(options, Display().warning)
        given = {name: value for name, value in arguments.items() if name not in own_names}
        names = spellings(definitions)
        template = self._templar.template
        left_out |= config.TASK_OPTIONS
        defaults, places = config.beside(self._task, self.provider, names, given, left_out, template)
        places |= dict.fromkeys(self.fixed, f"the task {self.name}")
        sources = self._sources({**defaults, **given, **self.fixed}, variables, places)
        session = begin(self.provider, definitions, sources, config.run())
        for name in options.settings:
            remarks.check_no_secret(options, name, [each for each in session.secrets if not masking.is_short(each)])
        with session.explained():
            result = self._carried_out(session, options)
        # The item of a loop may be a secret, whatever came of it.
        is_hidden = attempts.hide_item(self._task) or self.handed_out in result
        return {**result, "_ansible_no_log": True} if is_hidden else result

    def _carried_out(self, session: Session, options: Options) -> dict[str, t.Any]:
        """The result. Raises AuthError."""
        raise NotImplementedError

    def _sources(
        self, arguments: Mapping[str, t.Any], variables: Mapping[str, t.Any], places: Mapping[str, str] | None = None
    ) -> t.Any:
        template = self._templar.template
        return config.sources(self.provider, arguments, variables, template, self._loader, places=places)

    def _check(self, arguments: Iterable[str], known: Iterable[str]) -> None:
        """Raise OptionError for a name that is no option, with the one that is meant."""
        names = list(known)
        for name in arguments:
            if name not in names:
                meant = _MEANT.get(name)
                if meant in names:
                    raise OptionError(f"{name} is no option of {self.name}. Did you mean {meant}?")
                raise unknown(name, names, f"option of {self.name}")

    def _show(self, line: str) -> None:
        Display().display(line)
