# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warnings of odd values, names of variables and the keyword environment. Private to this collection."""

from __future__ import annotations

import difflib
import re
import typing as t
from collections.abc import Iterable, Mapping

from .._errors import OptionError
from .._options.options import Definitions, Level, Options, Setting, names_of
from .._options.values import distance, has_form_of_secret, is_blank, oddity
from .base import Method, Provider, Warn

_ADDRESSES = ("api_url", "token_url", "issuer", "proxy")
# Blanks around it mean nothing: files end with a line end.
_KEY = "private_key"
# Nothing would be found by it, and a token minted.
_STORED = "token_id"
# The most characters in which a mistyped name differs.
_NEAR = 2


def on_values(provider: Provider, method: Method, options: Options, warn: Warn, family: str | None = None) -> None:
    """Warn of odd secrets, ids and addresses. Raises OptionError for one that cannot be right.

    :param family: of the only source that is looked at; None for all.
    """
    named = (*method.selected_by, *method.needs, *method.uses, *_ADDRESSES)
    for name in dict.fromkeys(named):
        if name in options.settings and name not in provider.inline and options.is_set(name):
            setting = options.settings[name]
            if family in (None, setting.family):
                _on_value(provider, name, setting, warn)


def on_own(options: Options, warn: Warn) -> None:
    """The same for the options of a task beside those of signing in; neither a blank one nor a secret can be right."""
    for name, setting in options.settings.items():
        if options.is_set(name) and isinstance(setting.value, str):
            if is_blank(setting.value):
                way_out = "" if options.definitions[name].get("required") else ", or leave it out"
                raise OptionError(f"{options.source(name)} is blank. Give it a value{way_out}.")
            check_no_secret(options, name, ())
            _on_ends(name, setting, warn, refuses=name == _STORED)


def check_no_secret(options: Options, name: str, secrets: Iterable[str]) -> None:
    """Raise OptionError for a secret in the place of a name or an id, which would be shown.

    :param secrets: those of the credential that signs in.
    """
    said = options.text(name) or ""
    # A list is one text, too.
    words = [said, *re.split(r'[\s\[\],"]+', said)]
    if any(map(has_form_of_secret, words)) or any(secret in said for secret in secrets):
        what = "the id of the token, and not the token itself" if name == _STORED else "a name"
        raise OptionError(f"{options.source(name)} has a secret for its value. Give {what}.").because("value_odd", name)


def _on_ends(name: str, setting: Setting, warn: Warn, *, refuses: bool) -> None:
    start = f"{name}, from {setting.source},"
    odd = "" if name == _KEY else oddity(str(setting.value))
    if odd and refuses:
        raise OptionError(
            f"{start} {odd}, which cannot be right. Take away what does not belong to the value."
        ).because("value_odd", name)
    if odd:
        warn(f"{start} {odd}. It is used as it is. Take away what does not belong to the value.")


def _on_value(provider: Provider, name: str, setting: Setting, warn: Warn) -> None:
    start = f"{name}, from {setting.source},"
    _on_ends(name, setting, warn, refuses=name in provider.headers or name in _ADDRESSES)
    if setting.was_number and name in provider.secrets:
        warn(
            f"{start} is a number without quotes, which YAML may have changed: 0123 is 83 and 1_0 is 10. "
            "Put the value in quotes."
        )


def on_halves(provider: Provider, method: Method, options: Options, warn: Warn) -> None:
    """Warn of half of another credential that was set more specifically than the credential that is used."""
    if options.is_set("method"):
        return
    secret = min(filter(options.is_set, (*method.selected_by, *method.selected_with)), key=options.level)
    own = {*method.selected_by, *method.needs, *method.uses, *method.reads}
    lacking: dict[str, list[str]] = {}
    for other in provider.methods:
        for name in (*other.needs, *other.uses):
            if name not in own and options.is_set(name) and options.level(name) < options.level(secret):
                lacking.setdefault(name, []).extend(other.selected_by)
    for name, halves in lacking.items():
        if options.level(name) is not Level.VARIABLE or name not in provider.shared:
            warn(
                f"{options.source(name)} is not used: {options.source(secret)} selects the method {method.name}. "
                f"Set {' or '.join(halves)} in the same place as {name}, or leave {name} out."
            )


def on_names(provider: Provider, definitions: Definitions, variables: Iterable[str], warn: Warn) -> None:
    """Warn of each variable whose name is nearly that of an option. Other names may be meant for something else."""
    start = f"{provider.name}_auth_"
    known = {name for definition in definitions.values() for name in names_of(definition, "vars")}
    for variable in variables:
        if not variable.startswith(start) or variable in known:
            continue
        near = [name for name in known if distance(variable, name) <= _NEAR]
        if near:
            [nearest] = difflib.get_close_matches(variable, sorted(near), 1, 0)
            warn(f"The variable {variable} is no option's and has no effect: write {nearest}, if that is meant.")


def on_environment(
    provider: Provider, task: str, definitions: Definitions, environment: Iterable[t.Any], warn: Warn
) -> None:
    """Warn of names in the keyword ``environment`` that only count in the environment of the controller.

    :param task: the name of the task that has the keyword.
    """
    said = {str(name) for variables in environment if isinstance(variables, Mapping) for name in variables}
    found = {
        name: option
        for option, definition in definitions.items()
        for name in names_of(definition, "env")
        if name in said
    }
    if found:
        option = next(iter(found.values()))
        warn(
            f"{task}: the keyword environment sets {', '.join(found)} on the host. Such variables are "
            "read from the environment of the controller. "
            f"Use a variable such as {provider.name}_auth_{option}."
        )
