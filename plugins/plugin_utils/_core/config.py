# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What actions and lookups need of the core. Private to this collection."""

from __future__ import annotations

import configparser
import contextlib
import functools
import importlib
import json
import os
import sys
import typing as t
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ansible import constants
from ansible.parsing.quoting import unquote
from ansible.plugins.loader import fragment_loader, lookup_loader, module_loader
from ansible.utils.display import Display
from ansible.utils.plugin_docs import get_docstring

from .._errors import OldPythonError, OptionError
from .._options.options import Definitions, Sources, spellings
from .._providers.base import Provider
from .._session.session import Run
from .._tokens.cipher import load_algorithms

if t.TYPE_CHECKING:
    from ansible.parsing.dataloader import DataLoader

# What a call that requests no token may load on demand.
_ON_DEMAND = (
    "_core.role",
    "_http.settings",
    "_providers.netfoundry_file",
    "_providers.static",
    "_vaulted",
)
_OURS = __package__.rpartition(".")[0]

# The options of each lookup as the core parses them from its documentation. `make definitions` writes them.
_DEFINITIONS = Path(__file__).parents[1] / "_definitions"

# What a token task has beside the options of its lookup.
TASK_OPTIONS = frozenset({"set_facts", "state"})

_OLDEST_PYTHON = (3, 11)


def check_python() -> None:
    """Raise OldPythonError where ansible-core runs on an older Python, as 2.16 and 2.17 can.

    Every file has to compile and to be imported there too, or this sentence would not be reached.
    """
    if sys.version_info < _OLDEST_PYTHON:
        found, wanted = (".".join(map(str, version[:2])) for version in (sys.version_info, _OLDEST_PYTHON))
        raise OldPythonError(
            f"netapi.auth needs Python {wanted} or later on the controller, and Ansible runs on Python {found}. "
            "Install ansible-core for a later Python."
        )


def declare(lookup: str) -> None:
    """Give the core the options of a lookup, which it would else parse from the documentation in each fork.

    :param lookup: the name of its module, by which the core asks for them.
    """
    file = _DEFINITIONS / f"{lookup.rpartition('.')[2]}.json"
    # Without the file the core parses them.
    with contextlib.suppress(FileNotFoundError):
        constants.config.initialize_plugin_configuration_definitions("lookup", lookup, json.loads(file.read_bytes()))


def definitions(provider: Provider) -> Definitions:
    """The options that the lookup's documentation declares."""
    # Loading it is what gives them to the core.
    return definitions_of(lookup_loader.get(provider.plugin, class_only=True))


def definitions_of(lookup: t.Any) -> Definitions:
    """The same for a lookup that is loaded. The core keeps them under the name that it gave the class."""
    found: Definitions = constants.config.get_configuration_definitions("lookup", lookup._load_name)
    return found


def original_options() -> frozenset[str]:
    """The names and aliases that the installed ansible.builtin.uri documents; none where that cannot be read."""
    try:
        return _original_options()
    except Exception:  # noqa: BLE001 - then the original judges its names itself
        return frozenset()


@functools.cache
def _original_options() -> frozenset[str]:
    path = module_loader.find_plugin("ansible.builtin.uri", mod_type=".py")
    found = get_docstring(path, fragment_loader, collection_name="ansible.builtin", plugin_type="module")[0]
    return frozenset(spellings(found["options"]))


def group_defaults(task: t.Any, provider: Provider, template: Callable[[t.Any], t.Any]) -> dict[str, tuple[t.Any, str]]:
    """What module_defaults say for the provider's action groups, and where; the service's group wins.

    Raises OptionError for what is no dictionary.
    """
    said: dict[str, t.Any] = {}
    for defaults in task.module_defaults or ():
        said.update(defaults)
    found: dict[str, tuple[t.Any, str]] = {}
    for group in (f"group/netapi.auth.{name}" for name in ("all", provider.name)):
        # From 2.19 on these are not evaluated yet. Before 2.19 the core, too, evaluates them twice.
        values = template(said.get(group)) or {}
        if not isinstance(values, Mapping):
            raise OptionError(f"{group} in module_defaults must be a dictionary of options. Correct it.")
        found |= {str(name): (value, f"{group} in module_defaults") for name, value in values.items()}
    return found


def beside(
    task: t.Any,
    provider: Provider,
    names: Mapping[str, str],
    given: Iterable[str],
    left_out: Iterable[str],
    template: Callable[[t.Any], t.Any],
) -> tuple[dict[str, t.Any], dict[str, str]]:
    """The defaults of the provider's action groups that a task does not say itself, and where each is from.

    :param names: the option that each name and alias means.
    :param given: the names and aliases that it says.
    :param left_out: the options that are not for it.
    """
    said = {names.get(name, name) for name in given} | {*left_out}
    found = group_defaults(task, provider, template)
    kept = {name: default for name, default in found.items() if names.get(name, name) not in said}
    return {name: default[0] for name, default in kept.items()}, {name: default[1] for name, default in kept.items()}


def check_no_task_options(names: Iterable[str], provider: Provider, what: str) -> None:
    """Raise OptionError for an option that only a token task has, and not ``what`` was given it."""
    for name in names:
        if name in TASK_OPTIONS:
            raise OptionError(
                f"{name} is an option of the task {provider.plugin} and not of {what}. Take it out, or use that task."
            )


def preload(provider: Provider) -> None:
    """Load what a cached or a given token needs, so that forks of this process find it loaded."""
    lookup_loader.get(provider.plugin, class_only=True)
    for name in _ON_DEMAND:
        importlib.import_module(f"{_OURS}.{name}")
    load_algorithms()


def setting(name: str) -> t.Any:
    """A setting of the core. It makes them as it starts, so no type checker sees them."""
    return getattr(constants, name)


def run() -> Run:
    return Run(local_tmp=Path(setting("DEFAULT_LOCAL_TMP")), display=Display())


def sources(
    provider: Provider,
    arguments: Mapping[str, t.Any],
    variables: Mapping[str, t.Any],
    template: Callable[[t.Any], t.Any],
    loader: DataLoader | None = None,
    *,
    argument: str = "the argument ",
    places: Mapping[str, str] | None = None,
) -> Sources:
    file = constants.config._config_file
    return Sources(
        arguments=arguments,
        variables=variables,
        template=template,
        environment=os.environ,
        ini=functools.partial(_ini, file),
        ini_base=Path(file).parent if file else Path.cwd(),
        ignored=provider.ignored,
        argument=argument,
        places=places or {},
        inline=provider.inline,
        decrypt=decryption(loader),
    )


def decryption(loader: t.Any) -> Callable[[bytes], bytes] | None:
    """A function that decrypts a text of ansible-vault with the run's secrets; None without a loader."""
    # The public method of the loader writes the plain text into a file.
    return loader._vault.decrypt if loader is not None else None


def _ini(file: str | None, section: str, key: str) -> str | None:
    value = _parsed(file).get(section, key, raw=True, fallback=None) if file else None
    return unquote(value) if value else None


@functools.cache
def _parsed(file: str) -> configparser.ConfigParser:
    """ansible.cfg as the core reads it: the core offers no way to ask for one key without its type check."""
    parser = configparser.ConfigParser(inline_comment_prefixes=(";",))
    parser.read(file, encoding="utf-8")
    return parser
