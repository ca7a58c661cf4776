# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of the token lookups. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from .._errors import AuthError
from .._providers.base import Provider
from .._session.result import pick
from .._session.session import begin
from . import config


class TokenLookup(LookupBase):
    """Returns what its terms pick from the result."""

    provider: Provider

    def __init_subclass__(cls, **kwargs: t.Any) -> None:
        """Declare the options while the class is made, before the core looks whether it has them."""
        super().__init_subclass__(**kwargs)
        config.declare(cls.__module__)

    def run(self, terms: list[t.Any], variables: Mapping[str, t.Any] | None = None, **kwargs: t.Any) -> list[t.Any]:
        try:
            config.check_python()
            return self._values(terms, variables or {}, kwargs)
        except AuthError as error:
            problem = str(error)
        raise AnsibleLookupError(problem)

    def _values(self, terms: list[t.Any], variables: Mapping[str, t.Any], kwargs: dict[str, t.Any]) -> list[t.Any]:
        # Set by the role auth_headers only: the fingerprint of the credential that it checked.
        fingerprint = kwargs.pop("_fingerprint", None)
        # Set by cores before 2.19 where the lookup is used by with_. It gets a list in any case.
        kwargs.pop("wantlist", None)
        config.check_no_task_options(kwargs, self.provider, "a lookup")
        definitions = config.definitions_of(self)
        sources = config.sources(self.provider, kwargs, variables, self._template, self._loader)
        run = config.run()
        if fingerprint is None:
            session = begin(self.provider, definitions, sources, run)
        else:
            from . import role

            session = role.checked_session(self.provider, definitions, sources, run, str(fingerprint))
        result = session.result()
        return [pick(result, term) for term in terms or ["access_token"]]

    def _template(self, value: t.Any) -> t.Any:
        # The core gives every lookup a templar; only its type says that there may be none.
        return value if self._templar is None else self._templar.template(value)
