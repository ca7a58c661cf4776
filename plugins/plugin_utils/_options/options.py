# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options as they were said: by arguments, variables, the environment, ansible.cfg or the default.

Private to this collection. One declaration serves task and lookup: the lookup's documentation, as the core has
parsed it.
"""

from __future__ import annotations

import difflib
import enum
import re
import typing as t
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from .._errors import OptionError
from .._value import Value
from .values import ANY_NUMBER, WrongTypeError, convert, is_vaulted, plain, without_line_end

Definitions = Mapping[str, Mapping[str, t.Any]]


class Level(enum.IntEnum):
    """Where an option was set; the most specific first."""

    ARGUMENT = 0
    VARIABLE = 1
    ENVIRONMENT = 2
    FILE = 3
    DEFAULT = 4


class Setting(Value):
    """One option's value, plain and of the declared type.

    :param source: where it came from, in words.
    :param was_number: whether text is wanted and a number was said.
    :param family: which of several sources of its level: how the names of an environment variable's family begin, or
        the option whose value holds this one.
    :param key: what it is called in the value of that option; empty for one that was said by itself.
    """

    value: str | int | bool | None
    level: Level
    source: str
    family: str = ""
    was_number: bool = False
    key: str = ""

    @classmethod
    def held(cls, value: str, key: str, holder: str, setting: Setting) -> Setting:
        """One that the value of another option, with its own setting, holds."""
        return cls(value, setting.level, f"{key} in {holder} ({setting.source})", holder, key=key)


class Sources(Value):
    """All that can set an option.

    :param argument: how an argument is called in sentences: what stands before its name.
    :param places: for arguments that the task itself does not have: where they are from, in words.
    :param template: what evaluates the templates in a variable's value.
    :param ini: the value of a section and key of ansible.cfg; None when there is none.
    :param ini_base: the directory of ansible.cfg: its relative paths start there.
    :param ignored: the environment variables whose value is not meant for this collection, as a test of the value.
    :param inline: the options of type path that take the file's content too.
    :param decrypt: what opens a text of ansible-vault.
    """

    arguments: Mapping[str, t.Any]
    variables: Mapping[str, t.Any]
    template: Callable[[t.Any], t.Any]
    environment: Mapping[str, str]
    ini: Callable[[str, str], str | None]
    ini_base: Path
    ignored: Mapping[str, Callable[[str], bool]] = {}
    argument: str = "the argument "
    places: Mapping[str, str] = {}
    inline: tuple[str, ...] = ()
    decrypt: Callable[[bytes], bytes] | None = None


class Options(Value):
    """All options of one call."""

    definitions: Definitions
    settings: Mapping[str, Setting]
    sources: Sources

    @property
    def argument(self) -> str:
        return self.sources.argument

    def source(self, name: str) -> str:
        """The option with where it came from, for a sentence."""
        return f"{name}, from {self.settings[name].source},"

    def whence(self, name: str) -> str:
        """The same at the end of a sentence; the name alone of what nothing has set, or of what is no option."""
        is_said = name in self.settings and self.is_set(name)
        return f"{name}, from {self.settings[name].source}" if is_said else name

    def as_said(self, *names: str) -> str:
        """The options as the user set them, for a sentence: by its key, one that another option holds."""
        groups: dict[str, list[str]] = {}
        for name in names:
            setting = self.settings[name]
            groups.setdefault(f" in {setting.family}" if setting.key else "", []).append(setting.key or name)
        return ", and ".join(f"{listed(parts)}{holder}" for holder, parts in groups.items())

    def level(self, name: str) -> Level:
        return self.settings[name].level

    def is_set(self, name: str) -> bool:
        return self.settings[name].value is not None and self.level(name) is not Level.DEFAULT

    def text(self, name: str) -> str | None:
        value = self.settings[name].value
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int:
        return int(self.settings[name].value or 0)

    def flag(self, name: str) -> bool:
        return self.settings[name].value is True

    def as_path(self, name: str) -> Callable[[str], str]:
        """What makes a path of a text in the option's value, from where the option was said. It raises OptionError."""
        base = self.sources.ini_base if self.level(name) is Level.FILE else Path.cwd()

        def made(text: str) -> str:
            try:
                return str(convert(text, "path", base))
            except WrongTypeError as error:
                problem = f"{self.source(name)} has a value that cannot be used: {error}."
            raise OptionError(problem)

        return made

    def ways(self, name: str) -> str:
        """How the option can be set, for the end of a sentence."""
        definition = self.definitions[name]
        ways = [f"{self.argument}{name}"]
        ways += [f"the variable {variable}" for variable in names_of(definition, "vars")]
        if environment := names_of(definition, "env"):
            ways.append(f"the environment variable {' or '.join(environment)}")
        return f"{', '.join(ways[:-1])} or {ways[-1]}" if len(ways) > 1 else ways[0]

    def found(self, settings: Mapping[str, Setting]) -> Options:
        """The same with settings for those options that nothing has set."""
        return self.overlaid({name: setting for name, setting in settings.items() if not self.is_set(name)})

    def overlaid(self, settings: Mapping[str, Setting]) -> Options:
        """The same with these settings in place of its own."""
        return self._replace(settings={**self.settings, **settings})

    def without(self, *names: str) -> Options:
        """The same as if these were not set."""
        return self.overlaid(dict.fromkeys(names, Setting(None, Level.DEFAULT, "its default")))

    def beside(self, name: str, setting: Setting) -> Setting | None:
        """What the source of ``setting`` says of another option; None for nothing. No other source is evaluated."""
        ways = _ways_to(name, self.definitions[name], self.sources)
        here = (way for way in ways if (way.level, way.family) == (setting.level, setting.family))
        return next(_said(name, self.definitions[name], self.sources, here), None)


def resolve(definitions: Definitions, sources: Sources) -> Options:
    """Every option's value from the most specific source that says it. Raises OptionError."""
    options = {name: definition for name, definition in definitions.items() if not name.startswith("_")}
    _check_names(options, sources)
    settings = {name: _setting(name, definition, sources) for name, definition in options.items()}
    return Options(options, settings, sources)


def unknown(name: str, known: Iterable[str], what: str, elsewhere: Iterable[str] = (), where: str = "") -> OptionError:
    """The error for an unknown name, with the known name that is nearest.

    :param elsewhere: further names that are known somewhere else.
    :param where: that place, as the end of the question.
    """
    here = list(known)
    there = list(elsewhere)
    near = difflib.get_close_matches(name.lower(), [*here, *there], 1, 0.5)
    hint = " The documentation (ansible-doc) lists what there is."
    if near:
        nearest = near[0] if near[0] in here else f"{near[0]}{where}"
        hint = f" Did you mean {nearest}?"
    return OptionError(f"{name} is no {what}.{hint}")


def spellings(definitions: Definitions) -> dict[str, str]:
    """Every name and alias that an argument can have, with the option that it means."""
    return {
        alias: name for name, definition in definitions.items() for alias in (name, *(definition.get("aliases") or ()))
    }


def _check_names(definitions: Definitions, sources: Sources) -> None:
    names = spellings(definitions)
    said: dict[str, str] = {}
    for argument, value in sources.arguments.items():
        if argument not in names:
            problem = unknown(argument, names, "option")
            raise OptionError(f"In {sources.places[argument]}: {problem}") if argument in sources.places else problem
        # To compare what is vaulted would decrypt it, and the core's error of that is no sentence.
        if value is None or (not is_vaulted(value) and value == ""):
            continue
        if (other := said.setdefault(names[argument], argument)) != argument:
            raise OptionError(f"{other} and {argument} are the same option. Leave one of them out.")


def _setting(name: str, definition: Mapping[str, t.Any], sources: Sources) -> Setting:
    said = _said(name, definition, sources, _ways_to(name, definition, sources))
    return next(said, Setting(definition.get("default"), Level.DEFAULT, "its default"))


class _Way(Value):
    """One source that may set an option, and how it is read."""

    level: Level
    source: str
    read: Callable[[], t.Any]
    family: str = ""


def _said(name: str, definition: Mapping[str, t.Any], sources: Sources, ways: Iterable[_Way]) -> Iterator[Setting]:
    """The setting of each source. An empty text, a null and omit set nothing. Raises OptionError for a wrong value."""
    for way in ways:
        problem = ""
        try:
            value = plain(way.read(), sources.variables.get("omit"))
            if isinstance(value, str):
                value = without_line_end(value)
            if value is None or value == "":
                continue
            base = sources.ini_base if way.level is Level.FILE else Path.cwd()
            kind = "inline" if name in sources.inline else definition.get("type", "str")
            typed = convert(value, kind, base, definition.get("range", ANY_NUMBER))
            problem = _choice_problem(typed, definition)
        except WrongTypeError as error:
            problem = str(error)
        if problem:
            raise OptionError(f"{name}, from {way.source}, has a value that cannot be used: {problem}.")
        yield Setting(typed, way.level, way.source, way.family, isinstance(typed, str) and isinstance(value, int))


def _ways_to(name: str, definition: Mapping[str, t.Any], sources: Sources) -> Iterator[_Way]:
    """Each source that may set the option, the most specific first."""
    for argument in (name, *(definition.get("aliases") or ())):
        if argument in sources.arguments:
            place = sources.places.get(argument, f"{sources.argument}{argument}")
            yield _Way(Level.ARGUMENT, place, partial(sources.arguments.get, argument))
    for variable in names_of(definition, "vars"):
        if variable in sources.variables:
            yield _Way(Level.VARIABLE, f"the variable {variable}", partial(_template, variable, sources))
    for variable in names_of(definition, "env"):
        # Most are empty, and of each option there are several.
        if not sources.environment.get(variable):
            continue
        read = partial(_environment, variable, sources)
        family = variable.partition("_")[0]
        yield _Way(Level.ENVIRONMENT, f"the environment variable {variable}", read, family)
    for entry in definition.get("ini") or ():
        read = partial(sources.ini, entry["section"], entry["key"])
        yield _Way(Level.FILE, f"{entry['key']} in ansible.cfg", read)


def listed(names: Sequence[str]) -> str:
    """The names as a sentence has them."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def names_of(definition: Mapping[str, t.Any], kind: str) -> list[str]:
    return [entry["name"] for entry in definition.get(kind) or ()]


def _environment(variable: str, sources: Sources) -> str | None:
    value = sources.environment.get(variable, "")
    is_meant_for_others = sources.ignored.get(variable)
    return None if is_meant_for_others and is_meant_for_others(value) else value


def _choice_problem(value: object, definition: Mapping[str, t.Any]) -> str:
    choices = definition.get("choices")
    return f"expected one of {', '.join(choices)}" if choices and value not in choices else ""


_entered: list[str] = []
_looped: set[str] = set()


def _template(variable: str, sources: Sources) -> t.Any:
    """The variable's value with its templates evaluated.

    A variable that calls the plugin which reads it comes back here in the same process. Raises OptionError then,
    and for a template that fails; the core's own text can hold values, so only an undefined name is taken from it.
    """
    problem = f"The variable {variable} calls the plugin that reads it. Take that lookup out of its value."
    if variable in _entered:
        _looped.add(variable)
        raise OptionError(problem)
    _entered.append(variable)
    try:
        return plain(sources.template(sources.variables[variable]), sources.variables.get("omit"))
    except Exception as error:  # noqa: BLE001 - a template can raise anything, and its text can hold a value
        if type(error).__name__ == "AnsibleValueOmittedError":
            return None
        if variable not in _looped:
            problem = _template_problem(variable, error)
        _looped.discard(variable)
    finally:
        _entered.remove(variable)
    raise OptionError(problem)


def _template_problem(variable: str, error: Exception) -> str:
    undefined = re.search(r"'(\w+)' is undefined", str(error))
    if undefined:
        return f"The variable {variable} uses {undefined[1]}, which is undefined. Define it, or correct the name."
    return f"The variable {variable} cannot be evaluated. Correct the template in its value, or its vault password."
