# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A frozen dataclass whose class is made at once. Private to this collection.

``dataclasses`` and ``typing.NamedTuple`` write and compile code for each class, in each fork that loads it.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from typing import dataclass_transform
else:

    def dataclass_transform(**_said: t.Any) -> t.Any:
        """For type checkers only. An older Python has none, and has to get as far as the sentence about its age."""
        return lambda kind: kind


@dataclass_transform(frozen_default=True)
class Value:
    """Fields by annotation, class attributes as their defaults, the methods of a NamedTuple. Its repr has no field."""

    _fields: t.ClassVar[tuple[str, ...]] = ()
    _known: t.ClassVar[frozenset[str]] = frozenset()
    _needed: t.ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, **kwargs: t.Any) -> None:
        super().__init_subclass__(**kwargs)
        fields = [name for name, kind in cls.__annotations__.items() if not str(kind).startswith("t.ClassVar")]
        cls._fields = (*cls._fields, *fields)
        cls._known = frozenset(cls._fields)
        cls._needed = frozenset(name for name in cls._fields if not hasattr(cls, name))

    def __init__(self, *values: t.Any, **named: t.Any) -> None:
        fields = self.__dict__
        fields.update(zip(self._fields, values, strict=False))
        fields.update(named)
        if len(fields) != len(values) + len(named) or not self._needed <= fields.keys() <= self._known:
            raise TypeError(f"{type(self).__name__} takes the fields {', '.join(self._fields)}.")

    def __setattr__(self, name: str, value: object) -> t.NoReturn:
        raise AttributeError(f"{name} of {type(self).__name__} cannot be set.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and type(self) is type(other) and self._asdict() == other._asdict()

    def __hash__(self) -> int:
        return hash(tuple(self._asdict().values()))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def _asdict(self) -> dict[str, t.Any]:
        return {name: getattr(self, name) for name in self._fields}

    def _replace(self, **changes: t.Any) -> t.Self:
        """The same with other values of these fields."""
        return type(self)(**{**self._asdict(), **changes})
