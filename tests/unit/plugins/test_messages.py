# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to troubleshooting has everything that the source says."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.tools import messages
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils import causes

PAGE = (messages.ROOT / messages.PAGE).read_text(encoding="utf-8")
SAID = messages.said()
# What Ansible and NetBird say themselves, and the guide explains.
OF_OTHERS = (
    "Status code was 401 and not [200]: HTTP Error 401: Unauthorized",
    "Status code was 403 and not [200]: HTTP Error 403: Forbidden",
    "Status code was 404 and not [200]: HTTP Error 404: Not Found",
    "Status code was -1 and not [200]: Request failed: <urlopen error [Errno 111] Connection refused>",
    "couldn't resolve module/action 'netapi.auth.netbird_auth'",
    "The lookup plugin 'netapi.auth.netbird_auth' was not found",
    "lookup plugin (netapi.auth.netbird_auth) not found",
    "the role 'netapi.auth.auth_headers' was not found",
    "Failed to import the required Python library",
    "token invalid",
)
# What nobody sees: words of another library, and what only who works on the source does wrong.
UNSEEN = {" cannot be set.", " takes the fields ", "wrong version number"}


def test_the_guide_has_what_is_said_and_nothing_that_is_gone() -> None:
    assert messages.page() == PAGE, "run make messages"


def test_every_part_of_a_sentence_of_the_source_is_in_the_guide() -> None:
    """Found by another way than the tool's: every text of three words, if it is no pattern."""
    page = " ".join(PAGE.split())
    absent = set()
    for path in (*messages.ROOT.glob("plugins/plugin_utils/**/*.py"), *messages.ROOT.glob("plugins/action/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        comments = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            value = node.value if isinstance(node, ast.Constant) and id(node) not in comments else None
            if isinstance(value, str) and len(value.split()) >= 3 and " ".join(value.strip(" ,;").split()) not in page:
                absent |= set() if re.search(r"[|\\[]", value) else {value}
    assert absent == UNSEEN


def test_a_sentence_without_a_place_is_not_lost(tmp_path: Path) -> None:
    page = tmp_path / messages.PAGE
    page.parent.mkdir(parents=True)
    page.write_text(".. said in: _other/\n\n.. said: is wrong\n", encoding="utf-8")
    source = tmp_path / "plugins" / "plugin_utils" / "_other" / "file.py"
    source.parent.mkdir(parents=True)
    source.write_text('WHAT = "netbird_auth"\nError(f"{WHAT} cannot go {there(1, far)}.")\n', encoding="utf-8")
    listed = "- ``netbird_auth cannot go <far>.``"
    assert messages.page(tmp_path) == f".. said in: _other/\n\n{listed}\n\n.. said: is wrong\n"

    # A warning has its place beside a cause.
    source.write_text('warn(f"That {word} is odd.")\n', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"no place for what _other/file\.py says: That <word> is odd\."):
        messages.page(tmp_path)


def test_a_warning_stands_beside_its_cause_and_its_fix() -> None:
    explained = re.findall(r"^\.\. said: .+\n\n((?:- ``.*\n)+)\n:Cause: ", PAGE, re.MULTILINE)
    assert [each.text for each in SAID if each.is_warning and not any(each.text in it for it in explained)] == []
    assert PAGE.count("\n:Cause: ") == PAGE.count("\n:Fix: ")


def test_every_list_has_a_sentence() -> None:
    assert [selector for _is_path, selector, listed in messages.PLACE.findall(PAGE) if not listed] == []


def test_what_the_guide_says_that_one_sees_is_said() -> None:
    """These are written by hand."""
    seen = re.findall(r"^:You see: (.*?)\n:Cause: .*?\n:Fix: ", PAGE, re.MULTILINE | re.DOTALL)
    quoted = {" ".join(text.split()) for each in seen for text in re.findall(r"``([^`]+)``", each)}
    known = "\n".join((*(each.text for each in SAID), *OF_OTHERS, *(str(row.parts) for row in causes.rows())))
    assert len(quoted) > 40
    assert sorted(text for text in quoted if text not in known) == []


def test_no_title_stands_twice() -> None:
    titles = re.findall(r"^(.+)\n[=^-]{4,}$", PAGE, re.MULTILINE)
    assert [title for title, times in Counter(titles).items() if times > 1] == []
