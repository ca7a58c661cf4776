# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of CONTRIBUTING.md hold; and each check finds what it is there to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._core import action
from ansible_collections.netapi.auth.tests.unit.plugins import house

ROOT = Path(action.__file__).parents[3]
SOURCES = [
    house.Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.glob("plugins/**/*.py"))
]
LISTED = house.listed_in((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
CHECKS = (house.long_files, house.long_functions, house.private_names, house.early_libraries, house.strangers)


def test_the_plugins_were_read() -> None:
    assert {source.path.split("/")[1] for source in SOURCES} >= {"action", "lookup", "modules", "plugin_utils"}


@pytest.mark.parametrize("check", CHECKS)
def test_each_file_keeps_the_rule(check: Callable[[house.Source], Iterator[str]]) -> None:
    assert [problem for source in SOURCES for problem in check(source)] == []


def test_the_tables_have_each_file_once() -> None:
    assert list(house.unlisted(SOURCES, LISTED)) == []


def test_the_packages_are_those_of_the_tree() -> None:
    found = {path.parent.name for path in ROOT.glob("plugins/plugin_utils/*/*.py")}
    assert found == house.PACKAGES


def test_imports_go_one_way() -> None:
    assert list(house.cycles(SOURCES)) == []


def test_nothing_is_written_twice() -> None:
    by_hand = [source for source in SOURCES if "# Made by `make generate`" not in source.text]
    assert len(by_hand) < len(SOURCES)
    assert list(house.repeats(by_hand)) == []


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


def _file(module: str, text: str = "") -> house.Source:
    return house.Source(f"plugins/plugin_utils/{module.replace('.', '/')}.py", text)


CYCLES = {
    "two packages": {
        "_tokens.cache": "from .._providers import base\n",
        "_providers.base": "from .._tokens.files import a\n",
    },
    "by way of a third": {
        "_tokens.cache": "from .. import _token\n",
        "_token": "from ._http.urls import a\n",
        "_http.urls": f"from {house.PACKAGE}._tokens.files import a\n",
    },
    "two files": {"_tokens.cache": "from . import files\n", "_tokens.files": "def f():\n    from .cache import a\n"},
    "a file and itself": {"_tokens.cache": f"import {house.PACKAGE}._tokens.cache\n"},
    "for type checkers": {
        "_tokens.cache": "if t.TYPE_CHECKING:\n    from .files import a\n",
        "_tokens.files": "from .cache import a\n",
    },
}


@pytest.mark.parametrize("texts", CYCLES.values(), ids=CYCLES)
def test_a_cycle_is_found(texts: dict[str, str]) -> None:
    assert list(house.cycles([_file(*each) for each in texts.items()])) != []


def test_one_way_is_no_cycle() -> None:
    texts = {
        "_tokens.cache": "from .. import _token\nfrom .files import a\n",
        "_tokens.files": "from .._token import a\n",
    }
    assert list(house.cycles([_file(*each) for each in texts.items()])) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("_tokens.cache", "from .._http import urls\n"),
        ("_tokens.cache", "from .._http.urls import a\n"),
        ("_tokens.cache", f"from {house.PACKAGE}._oauth2 import endpoint\n"),
        ("_oauth2.endpoint", "def f():\n    from .._options.options import a\n"),
        ("_token", "from ansible import constants\n"),
        ("_http.urls", "def f():\n    import ansible.constants\n"),
        ("__init__", "from ansible import constants\n"),
        ("_token", f"from {house.FINDER[1]} import AnsibleCollectionConfig\n"),
    ],
)
def test_a_stranger_is_found(module: str, text: str) -> None:
    assert len(list(house.strangers(_file(module, text)))) == 1


def test_what_a_package_may_know_is_none() -> None:
    assert (
        list(house.strangers(_file("_core.action", "from ansible import constants\nfrom .._http import urls\n"))) == []
    )
    assert list(house.strangers(house.Source("plugins/action/uri.py", "from ansible import constants\n"))) == []
    assert list(house.strangers(_file("__init__", f"from {house.FINDER[1]} import AnsibleCollectionConfig\n"))) == []


PAGE = """
### `_tokens/`

| file | what it is for |
|---|---|
| `cache.py`, `files.py` | one |

### Beside the packages

| `_token.py` | two |
"""


def test_the_files_are_those_of_the_tables() -> None:
    assert house.listed_in(PAGE) == ["_tokens.cache", "_tokens.files", "_token"]


@pytest.mark.parametrize(
    "listed", [["_tokens.cache"], ["_tokens.cache", "_token", "_token"], ["_tokens.cache", "_token", "_gone"]]
)
def test_a_file_that_the_tables_lack_or_have_twice_is_found(listed: list[str]) -> None:
    files = [_file("_tokens.cache"), _file("_token")]

    assert len(list(house.unlisted(files, listed))) == 1
    assert list(house.unlisted(files, ["_tokens.cache", "_token"])) == []


LINES = [f"name_{number} = {number}" for number in range(6)]


def test_six_lines_that_stand_in_two_places_are_found() -> None:
    other = house.Source("plugins/plugin_utils/_other.py", "\n    # Why.\n\n".join(["b = 1", *LINES]))

    assert list(house.repeats([_bad("\n".join(LINES)), other])) == [
        "plugins/plugin_utils/_other.py:4 repeats plugins/plugin_utils/_bad.py:1."
    ]


def test_five_lines_may_stand_in_two_places() -> None:
    files = [_bad("\n".join([*LINES[:5], each])) for each in ("first = 1", "second = 2")]

    assert list(house.repeats(files)) == []
