# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What declarations/ says of the token plugins, as data: for `make generate`, and for tests of them all."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from pathlib import Path

from . import checked

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Option:
    """One option of one provider.

    :param variable: of the inventory; empty where only an argument sets it.
    :param env: in the order in which they count.
    :param ini: whether ``ansible.cfg`` sets it.
    :param only: argument, or task for one that a lookup does not have; else empty.
    :param shared: whether all providers have it.
    :param awx: its field in AWX, if it has one.
    :param range: the least number, and the largest where there is one; of a task that makes credentials.
    """

    name: str
    description: tuple[str, ...]
    type: str
    default: t.Any
    choices: tuple[str, ...]
    aliases: tuple[str, ...]
    variable: str
    env: tuple[str, ...]
    ini: bool
    secret: bool
    only: str
    shared: bool
    awx: dict[str, t.Any]
    required: bool = False
    elements: str = ""
    range: tuple[int, ...] = ()


@dataclass(frozen=True)
class Method:
    """One way to a token.

    :param credentials: each of them all it takes, every part one option or several any one of which will do.
    :param selected_by: the last of each credential.
    :param origin: where a user has such a credential from.
    """

    name: str
    credentials: tuple[tuple[tuple[str, ...], ...], ...]
    selected_by: tuple[str, ...]
    origin: str


@dataclass(frozen=True)
class Rotation:
    """The task of a service that makes credentials.

    :param options: its own.
    :param left_out: the options of signing in that it does not have, and those whose value is fixed.
    """

    plugin: str
    options: dict[str, Option]
    left_out: frozenset[str]
    said: dict[str, t.Any]


@dataclass(frozen=True)
class Provider:
    """One service; ``plugin`` is the name of its task and lookup in the collection."""

    name: str
    label: str
    plugin: str
    methods: tuple[Method, ...]
    options: dict[str, Option]
    said: dict[str, t.Any]
    rotation: Rotation | None = None

    @property
    def signing(self) -> dict[str, Option]:
        """The options with which the task that makes credentials signs in."""
        out = self.rotation.left_out if self.rotation else frozenset()
        return {name: option for name, option in self.options.items() if not option.only and name not in out}

    @property
    def selecting(self) -> dict[str, str]:
        """Each option that selects a method, and that method."""
        return {option: method.name for method in self.methods for option in method.selected_by}


def shared(root: Path = ROOT) -> dict[str, t.Any]:
    """What all providers have, as it is written."""
    file = root / "declarations" / "shared.yml"
    found: dict[str, t.Any] = checked.load(file)
    checked.check_shared(file, found)
    return found


def read(root: Path = ROOT) -> dict[str, Provider]:
    """The providers by their names, in alphabetical order. Raises `DeclarationError`."""
    common = shared(root)
    # An editor may keep a file of its own beside one, whose name begins with a dot.
    files = sorted((root / "declarations").glob("[!.]*.y*ml"))
    providers = {file.stem: _provider(file, common) for file in files if file.name != "shared.yml"}
    checked.check_names({name: provider.said for name, provider in providers.items()})
    return providers


def _provider(file: Path, common: dict[str, t.Any]) -> Provider:
    said = checked.load(file)
    checked.check(file, said, common)
    methods = tuple(_method(name, each) for name, each in said["methods"].items())
    choices = [method.name for method in methods]
    entries = {
        "method": common["method"] | {"choices": choices},
        **{name: common["usual"].get(name, {}) | each for name, each in said["options"].items()},
        **{name: each | {"shared": True} for name, each in common["options"].items() if name not in said["options"]},
    }
    prefix = said.get("environment", f"{file.stem.upper()}_AUTH")
    options = {name: _option(file.stem, prefix, name, entry) for name, entry in entries.items()}
    return Provider(file.stem, said["label"], said["plugin"], methods, options, said, _rotation(file.stem, said))


def _rotation(provider: str, said: dict[str, t.Any]) -> Rotation | None:
    if (own := said.get("rotation")) is None:
        return None
    options = {name: _option(provider, "", name, {**each, "only": "task"}) for name, each in own["options"].items()}
    return Rotation(own["plugin"], options, frozenset(own.get("left_out", ())), own)


def _method(name: str, said: dict[str, t.Any]) -> Method:
    credentials = tuple(tuple(tuple(part.split(" or ")) for part in whole) for whole in said["credentials"])
    return Method(name, credentials, tuple(whole[-1][0] for whole in credentials), said["origin"])


def _option(provider: str, prefix: str, name: str, said: dict[str, t.Any]) -> Option:
    """:param prefix: how the environment variables of the provider begin that are called as the option is."""
    description = said["description"]
    everywhere = said.get("global", False)
    own = f"{prefix}_{name.upper()}"
    env = tuple(said.get("env", [own] if said.get("own") else []))
    only = said.get("only", "")
    return Option(
        name=name,
        description=(description,) if isinstance(description, str) else tuple(description),
        type=said.get("type", "str"),
        default=said.get("default"),
        choices=tuple(said.get("choices", ())),
        aliases=tuple(said.get("aliases", ())),
        variable="" if only else f"{provider}_auth_{name}",
        env=(own, f"NETAPI_AUTH_{name.upper()}") if everywhere else env,
        ini=everywhere,
        secret=said.get("secret", False),
        only=only,
        shared=said.get("shared", False),
        awx=said.get("awx", {}),
        required=said.get("required", False),
        elements=said.get("elements", ""),
        range=tuple(said.get("range", ())),
    )


PROVIDERS = read()
LABELS = {name: provider.label for name, provider in PROVIDERS.items()}
PLUGINS = {name: f"netapi.auth.{provider.plugin}" for name, provider in PROVIDERS.items()}
