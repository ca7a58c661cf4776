# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bases of the tasks. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.plugins import action
from ansible.utils.display import Display

from .._errors import AuthError, OptionError
from .._http import masking
from .._options.options import Definitions, Options
from .._providers import remarks
from .._providers.base import Provider
from .._session.session import begin
from . import attempts, config

# The task's own options: the documentation-only module declares them, and a test compares.
_TASK_OPTIONS: Definitions = {
    # If unset, it depends on what the core can do.
    "set_facts": {"type": "bool"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
}


# From 2.21 on; before it, facts in the result are all there is.
_HAS_EPHEMERAL_FACTS = hasattr(action, "VariableLayer")
# The names of the one fact cache that stores nothing.
_MEMORY = frozenset({"memory", "ansible.builtin.memory", "ansible.legacy.memory"})


class AuthAction(action.ActionBase):
    """A task whose arguments are hidden and whose failure is one sentence."""

    _supports_check_mode = True
    _supports_async = False
    # Further keys of the result where there is no answer.
    _without_answer: t.ClassVar[Mapping[str, t.Any]] = {}

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        arguments = attempts.told(self._task, self._templar)
        attempts.hide(self._task, self._hidden(arguments))
        super().run(tmp, task_vars)
        try:
            config.check_python()
            return self._result(arguments, task_vars or {})
        except AuthError as error:
            return {"failed": True, "changed": False, "msg": str(error), **self._without_answer}

    def _result(self, arguments: dict[str, t.Any], variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        raise NotImplementedError

    def _remark_environment(self, provider: Provider, task: str) -> None:
        """Warn of the service's variables in the keyword environment, which plays and roles hand down.

        :param task: the name of this task, for the sentence.
        """
        said = self._task.environment or []
        try:
            known = [self._templar.template(variables) for variables in (said if isinstance(said, list) else [said])]
        except Exception:  # noqa: BLE001 - a template can raise anything, and it is the core's to tell
            return
        remarks.on_environment(provider, task, config.definitions(provider), known, Display().warning)

    def _hidden(self, arguments: Mapping[str, t.Any]) -> dict[str, t.Any]:
        """The arguments as callbacks see them."""
        return dict.fromkeys(arguments, masking.HIDDEN)


class TokenAction(AuthAction):
    """Obtains a token on the controller, and returns it."""

    provider: Provider
    _requires_connection = False

    def __init_subclass__(cls, **kwargs: t.Any) -> None:
        """Load in the parent what the lookups of every later fork need: it loads the class before it forks."""
        super().__init_subclass__(**kwargs)
        config.preload(cls.provider)

    def _result(self, arguments: dict[str, t.Any], variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        result = self._outcome(arguments, variables)
        if attempts.hide_item(self._task):
            # The item may be a secret, whatever came of it.
            result["_ansible_no_log"] = True
        return result

    def _outcome(self, arguments: dict[str, t.Any], variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        self._remark_environment(self.provider, self.provider.plugin)
        # Set by the role auth_headers only, which wants to know which credential this is, and no token.
        wants_fingerprint = arguments.get("_fingerprint") is True and arguments.pop("_fingerprint")
        asks = wants_fingerprint and arguments.pop("_asks", False) is True
        definitions = {**config.definitions(self.provider), **_TASK_OPTIONS}
        sources = config.sources(self.provider, arguments, variables, self._templar.template, self._loader)
        session = begin(self.provider, definitions, sources, config.run())
        if session.options.text("state") == "absent":
            return session.remove(check_mode=bool(self._task.check_mode))
        if wants_fingerprint:
            from . import role

            return {"changed": False, "fingerprint": role.check(session, asks=asks)}
        with_facts = _with_facts(session.options)
        result = {**session.result(), "changed": False, "_ansible_no_log": True}
        return {**result, **self._facts(result)} if with_facts else result

    def _facts(self, result: Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Set the two facts: beside the result from 2.21 on, in it before."""
        name = self.provider.name
        facts = {f"{name}_token": result["access_token"], f"{name}_headers": result["headers"]}
        if not _HAS_EPHEMERAL_FACTS:
            return {"ansible_facts": facts}
        self.register_host_variables(facts, action.VariableLayer.EPHEMERAL_FACT)
        return {}


def _with_facts(options: Options) -> bool:
    """Whether facts are set. Where set_facts is unset, they are not if they would be written to disk in clear text.

    Raises OptionError where set_facts asks for them all the same.
    """
    plugin = config.setting("CACHE_PLUGIN")
    wanted = options.flag("set_facts") or not options.is_set("set_facts")
    if not wanted or _HAS_EPHEMERAL_FACTS or plugin in _MEMORY:
        return wanted
    problem = f"The fact cache {plugin} would write the token to its store in clear text"
    remedy = "use what register keeps of the task, or the role netapi.auth.auth_headers"
    if options.is_set("set_facts"):
        raise OptionError(f"{problem}. Leave set_facts out, and {remedy}.")
    Display().warning(f"{problem}, so no fact is set. In its place {remedy}. set_facts: false asks for none.")
    return False
