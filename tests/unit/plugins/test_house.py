# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of CONTRIBUTING.md hold; and each check finds what it is there to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _action
from ansible_collections.netapi.auth.tests.unit.plugins import house

ROOT = Path(_action.__file__).parents[2]
SOURCES = [
    house.Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.glob("plugins/*/*.py"))
]
ORDER = house.order_in((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
CHECKS = (house.long_files, house.long_functions, house.private_names, house.early_libraries)


def test_the_plugins_were_read() -> None:
    assert {source.path.split("/")[1] for source in SOURCES} >= {"action", "lookup", "modules", "plugin_utils"}


@pytest.mark.parametrize("check", CHECKS)
def test_each_file_keeps_the_rule(check: Callable[[house.Source], Iterator[str]]) -> None:
    assert [problem for source in SOURCES for problem in check(source)] == []


def test_the_table_has_each_file_once() -> None:
    assert list(house.unlisted(SOURCES, ORDER)) == []


def test_a_file_imports_only_from_files_below_it() -> None:
    assert [problem for source in SOURCES for problem in house.upward_imports(source, ORDER)] == []


def test_nothing_is_written_twice() -> None:
    assert list(house.repeats(SOURCES)) == []


def _bad(text: str) -> house.Source:
    return house.Source("plugins/plugin_utils/_bad.py", text)


TEXT = 'DOCUMENTATION = r"""\n' + "words\n" * 300 + '"""\n'
CODE = "a = 1\n" * 250
FUNCTION = "def f():\n" + "    a = 1\n" * 39
UTILS = house.PACKAGE
GOOD = {
    house.long_files: [CODE, TEXT + CODE, CODE + "\n    # a comment\n"],
    house.long_functions: [FUNCTION],
    house.private_names: [
        "from . import _urls\n_urls.origin\n",
        f"from {UTILS}._urls import origin\n",
        "from . import _urls\n_urls.__name__\n",
        "from ansible import constants\nconstants._x\n",
        "class A:\n    def f(self):\n        self._x\n",
    ],
    house.early_libraries: [
        "def f():\n    import requests\n",
        "if t.TYPE_CHECKING:\n    import redis\n",
        "class A:\n    def f(self):\n        import jwt\n",
        "from . import redis\n",
        "import requests_other\n",
    ],
}
BAD = {
    house.long_files: [CODE + "b = 1\n", TEXT + CODE + '"""\nwords\n"""\n'],
    house.long_functions: [
        FUNCTION + "    b = 1\n",
        "class A:\n    async " + FUNCTION.replace("\n", "\n    ") + "    b = 1",
    ],
    house.private_names: [
        "from ._urls import _split\n",
        f"from {UTILS}._urls import _split\n",
        "from . import _urls\n_urls._split\n",
        "from . import _urls as urls\nurls._split\n",
        f"from {UTILS} import _urls\ndef f():\n    return _urls._split(1)\n",
        f"import {UTILS}._urls as urls\nurls._split\n",
    ],
    house.early_libraries: [
        "import requests\n",
        "import os, jwt.api_jwt\n",
        "from redis.retry import Retry\n",
        "try:\n    import jmespath\nexcept ImportError:\n    pass\n",
        "class A:\n    import urllib3\n",
        "if t.TYPE_CHECKING:\n    pass\nelse:\n    import redis\n",
    ],
}


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, texts in GOOD.items() for text in texts])
def test_what_keeps_a_rule_is_not_found(check: Callable[[house.Source], Iterator[str]], text: str) -> None:
    assert list(check(_bad(text))) == []


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, texts in BAD.items() for text in texts])
def test_what_breaks_a_rule_is_found(check: Callable[[house.Source], Iterator[str]], text: str) -> None:
    assert len(list(check(_bad(text)))) == 1


TABLE = "| file | what it does |\n|---|---|\n| `_top.py`, `_bad.py` | one |\n| `_low.py` | another, above `_top.py` |\n"


def test_the_order_is_that_of_the_rows() -> None:
    assert house.order_in(TABLE) == ["_top", "_bad", "_low"]


@pytest.mark.parametrize(
    "text",
    [
        "from . import _top\n",
        "from ._top import name\n",
        f"from {UTILS} import _low, _top\n",
        f"from {UTILS}._top import name\n",
        f"import {UTILS}._top\n",
        "def f():\n    from . import _top\n",
        "if t.TYPE_CHECKING:\n    from . import _top\n",
        "from . import _bad\n",
        "from . import _unheard\n",
        "from ..lookup import name\n",
    ],
)
def test_an_import_from_above_is_found(text: str) -> None:
    assert len(list(house.upward_imports(_bad(text), house.order_in(TABLE)))) == 1


def test_an_import_from_below_is_none() -> None:
    text = "import os\nfrom ansible import constants\nfrom . import _low\ndef f():\n    from ._low import name\n"

    assert list(house.upward_imports(_bad(text), house.order_in(TABLE))) == []


@pytest.mark.parametrize("order", [["_bad"], ["_bad", "_low", "_low"], ["_bad", "_low", "_gone"]])
def test_a_file_that_the_table_lacks_or_has_twice_is_found(order: list[str]) -> None:
    files = [_bad(""), house.Source("plugins/plugin_utils/_low.py", "")]

    assert len(list(house.unlisted(files, order))) == 1
    assert list(house.unlisted(files, ["_bad", "_low"])) == []


LINES = [f"name_{number} = {number}" for number in range(6)]


def test_six_lines_that_stand_in_two_places_are_found() -> None:
    other = house.Source("plugins/plugin_utils/_other.py", "\n    # Why.\n\n".join(["b = 1", *LINES]))

    assert list(house.repeats([_bad("\n".join(LINES)), other])) == [
        "plugins/plugin_utils/_other.py:4 repeats plugins/plugin_utils/_bad.py:1."
    ]


def test_five_lines_may_stand_in_two_places() -> None:
    files = [_bad("\n".join([*LINES[:5], each])) for each in ("first = 1", "second = 2")]

    assert list(house.repeats(files)) == []
