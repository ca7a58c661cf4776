# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A value is made as a dataclass is, and is what a frozen one is."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._value import Value


class Point(Value):
    left: int
    up: int = 2
    names: t.Any = ()


class Place(Point):
    label: str = "here"


def test_fields_are_given_by_place_by_name_or_by_default() -> None:
    for point in (Point(1, 2), Point(1, up=2), Point(left=1), Point(1, 2, ())):
        assert (point.left, point.up, point.names) == (1, 2, ())
    assert Place(1, label="there")._asdict() == {"left": 1, "up": 2, "names": (), "label": "there"}


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        ((), {"up": 1}),
        ((1,), {"left": 1}),
        ((1,), {"down": 1}),
        ((1, 2, 3, 4), {}),
        ((1, 2, 3, 4), {"up": 1}),
    ],
)
def test_other_fields_are_refused(values: tuple[int, ...], named: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="left, up, names"):
        t.cast("t.Any", Point)(*values, **named)


def test_two_with_the_same_fields_are_equal() -> None:
    assert Point(1) == Point(1, 2)
    assert hash(Point(1)) == hash(Point(1, 2))
    assert Point(1) != Point(2)
    assert Point(1) != (1, 2, ())
    assert Point(1, 2, "here") != Place(1, 2, "here")


def test_one_with_other_fields_leaves_the_first_as_it_was() -> None:
    first = Place(1)

    assert first._replace(up=5, label="there") == Place(1, 5, (), "there")
    assert first == Place(1)
    with pytest.raises(TypeError):
        first._replace(down=1)


def test_nothing_is_set_and_nothing_is_shown() -> None:
    point = Point(1, 2, "the-secret")
    for name in ("left", "another"):
        with pytest.raises(AttributeError, match=name):
            setattr(point, name, 3)
    assert repr(point) == "<Point>"
