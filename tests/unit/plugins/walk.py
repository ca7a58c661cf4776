# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every place where an option can be said, and a scene in which it is said there."""

from __future__ import annotations

import contextlib
import functools
import importlib
import typing as t
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from ansible import constants

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError
from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import Definitions, Level, Options, Sources
from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import resolve as _resolve
from ansible_collections.netapi.auth.plugins.plugin_utils._session import session
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, Ansible, Refused

WAYS = ("task", "lookup")
MARKER = "mark3r-Never-shown"

# The task's own options, which no lookup declares.
TASK_OPTIONS: dict[str, dict[str, t.Any]] = {
    "set_facts": {"type": "bool"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
}


def documentation(kind: str, provider: str) -> dict[str, t.Any]:
    """The DOCUMENTATION of a lookup or module (``kind`` is the folder's name)."""
    name = PLUGINS[provider].rpartition(".")[2]
    module = importlib.import_module(f"ansible_collections.netapi.auth.plugins.{kind}.{name}")
    found: dict[str, t.Any] = yaml.safe_load(module.DOCUMENTATION)
    return found


@functools.cache
def options_of(provider: str) -> dict[str, dict[str, t.Any]]:
    """What the lookup declares, without its terms."""
    found = documentation("lookup", provider)["options"]
    return {name: each for name, each in found.items() if name != "_terms"}


@dataclass(frozen=True)
class Place:
    """One source of one option. ``kind`` is argument, variable, environment or ini."""

    provider: str
    option: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.provider}-{self.option}-{self.kind}-{self.name}"

    @property
    def words(self) -> str:
        """The source as a sentence names it."""
        if self.kind == "ini":
            return f"{self.name} in ansible.cfg"
        return f"the environment variable {self.name}" if self.kind == "environment" else f"the {self.kind} {self.name}"

    @property
    def level(self) -> Level:
        names = {"argument": "ARGUMENT", "variable": "VARIABLE", "environment": "ENVIRONMENT", "ini": "FILE"}
        return Level[names[self.kind]]

    @property
    def definition(self) -> dict[str, t.Any]:
        return {**options_of(self.provider), **TASK_OPTIONS}[self.option]

    @property
    def ways(self) -> tuple[str, ...]:
        return ("task",) if self.option in TASK_OPTIONS else WAYS


def places_of(provider: str, option: str, definition: dict[str, t.Any]) -> list[Place]:
    """All places of an option, the most specific first; its aliases come after its name."""
    arguments = [("argument", name) for name in (option, *definition.get("aliases", ()))]
    variables = [("variable", each["name"]) for each in definition.get("vars", ())]
    environment = [("environment", each["name"]) for each in definition.get("env", ())]
    ini = [("ini", each["key"]) for each in definition.get("ini", ())]
    return [Place(provider, option, kind, name) for kind, name in (*arguments, *variables, *environment, *ini)]


# provider: option: its places.
PLACES: dict[str, dict[str, list[Place]]] = {
    provider: {
        option: places_of(provider, option, definition)
        for option, definition in {**options_of(provider), **TASK_OPTIONS}.items()
    }
    for provider in PLUGINS
}


def walk(provider: str, option: str) -> Iterator[tuple[Place, str]]:
    """Every place of the option, by task and by lookup."""
    return ((place, way) for place in PLACES[provider][option] for way in place.ways)


class _StoppedError(OptionError):
    """Ends a call whose options are resolved."""


@dataclass
class Scene:
    """What is said where, until a plugin is asked."""

    patch: pytest.MonkeyPatch
    folder: Path
    ansible: Ansible = field(default_factory=Ansible)
    arguments: dict[str, t.Any] = field(default_factory=dict)
    ini: dict[str, str] = field(default_factory=dict)
    resets: tuple[Callable[[], object], ...] = ()
    _passed: int = 0

    @contextlib.contextmanager
    def named(self, *combination: object) -> Iterator[Scene]:
        """A run of its own for one of a test's combinations, in which nothing is said. A failure names it."""
        self._passed += 1
        folder = self.folder / f"scene{self._passed}"
        (folder / "local_tmp").mkdir(mode=0o700, parents=True)
        for reset in self.resets:
            reset()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(constants, "DEFAULT_LOCAL_TMP", str(folder / "local_tmp"))
            patch.setenv("HOME", str(folder))
            try:
                yield Scene(patch, folder)
            # pytest's own failures are no Exception.
            except BaseException as error:
                error.add_note(f"Combination: {', '.join(map(repr, combination))}")
                raise

    def say(self, place: Place, value: t.Any) -> None:
        if place.kind == "argument":
            self.arguments[place.name] = value
        elif place.kind == "variable":
            self.ansible.variables[place.name] = value
        elif place.kind == "environment":
            self.patch.setenv(place.name, value)
        else:
            self.ini[place.name] = value
            self._write_ini()

    def _write_ini(self) -> None:
        # One file for each state: the plugins read each file once.
        file = self.folder / f"cfg{len(list(self.folder.glob('cfg*')))}" / "ansible.cfg"
        file.parent.mkdir()
        lines = [f"{key} = {value}" for key, value in self.ini.items()]
        file.write_text("\n".join(["[netapi_auth]", *lines, ""]), encoding="utf-8")
        self.patch.setattr(constants.config, "_config_file", str(file))

    def result(self, way: str, provider: str) -> dict[str, t.Any]:
        """The result. Raises Refused."""
        if way == "task":
            return self.ansible.task_result(provider, **self.arguments)
        return self.ansible.lookup_result(provider, **self.arguments)

    def refusal(self, way: str, provider: str) -> str:
        """The sentence with which the plugin refuses."""
        with pytest.raises(Refused) as caught:
            self.result(way, provider)
        return str(caught.value)

    def options(self, way: str, provider: str) -> Options:
        """The options as the plugin resolves them; it is stopped before it makes a credential of them."""
        seen: list[Options] = []
        resolve = _resolve

        def stop(definitions: Definitions, sources: Sources) -> Options:
            seen.append(resolve(definitions, sources))
            raise _StoppedError("resolved")

        with self.patch.context() as patch:
            patch.setattr(session, "resolve", stop)
            assert self.refusal(way, provider) == "resolved"
        return seen[0]


def check(sentence: str, *needed: str, hidden: tuple[str, ...] = (MARKER,)) -> None:
    """A sentence for the user: short, on one line, with what is needed and nothing that is hidden."""
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
    # What a refusal says of the account comes after the sentence.
    assert sentence.partition(" The method for ")[0].count(". ") <= 2
    assert [each for each in needed if each not in sentence] == []
    assert [each for each in hidden if each in sentence] == []
