# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to troubleshooting has everything that the source says: errors, warnings, waits and remarks."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._core import action
from ansible_collections.netapi.auth.tests.tools import causes, messages, samples, sentences, symptoms

ROOT = Path(action.__file__).parents[3]
FOUND = messages.said(ROOT)
TEXTS = {text for each in FOUND for text in each.texts}
PAGE = (ROOT / messages.PAGE).read_text(encoding="utf-8")
SOURCES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("plugins/plugin_utils/**/*.py"), *ROOT.glob("plugins/action/*.py"))
}
# They only pass on what stands elsewhere, or are replaced before anybody sees them.
WITHOUT_WORDS = ("action.py", "api.py", "netbird_answers.py", "netfoundry.py", "role.py", "role.py")
MADE = re.compile(
    r"(?<!class )\b(?:Auth|Option|WrongType|Credential|Service|Refused|Cache|(?:Missing|Wrong)Library|OldPython)Error"
    r"\((?!\))"
)
SAID = re.compile(r"(?<!def )\b(?:warn|warning|vv*|say)\(")
# What Ansible says itself, and the guide explains.
OF_ANSIBLE = (
    "Status code was 401 and not [200]: HTTP Error 401: Unauthorized",
    "Status code was 403 and not [200]: HTTP Error 403: Forbidden",
    "Status code was 404 and not [200]: HTTP Error 404: Not Found",
    "Status code was -1 and not [200]: Request failed: <urlopen error [Errno 111] Connection refused>",
    "couldn't resolve module/action 'netapi.auth.netbird_auth'",
    "The lookup plugin 'netapi.auth.netbird_auth' was not found",
    "lookup plugin (netapi.auth.netbird_auth) not found",
    "the role 'netapi.auth.auth_headers' was not found",
)
# Words of the source for which others stand in the guide, such as names of sources and of values; and what only who
# works on the source sees.
OTHERS = {
    " cannot be set.",
    " takes the fields ",
    ", in auth_options",
    "ca_path and the proxy variables of the environment",
    "form_post or json",
    "key of the result",
    "the default place ",
    "the role auth_headers",
    "wrong version number",
}


@pytest.mark.parametrize("each", FOUND, ids=lambda each: f"{each.place} {each.kind}")
def test_what_is_said_is_in_the_guide(each: sentences.Said) -> None:
    wholes = each.texts if messages.section(each, "") else ()
    assert [text for text in wholes if f"\n- ``{text}``\n" not in PAGE] == [], "run make messages"
    assert [text for text in each.texts if text not in PAGE] == [], "run make messages"


def test_the_guide_has_nothing_that_is_gone() -> None:
    assert messages.page(ROOT) == PAGE, "run make messages"


def test_nothing_that_the_source_says_is_overlooked() -> None:
    """Counted by another way than the tool's: as text."""
    places = Counter((each.place.partition(":")[0], each.kind.endswith("Error")) for each in FOUND)
    for name, text in SOURCES.items():
        said = len(SAID.findall(text))
        made = 0 if name == "_errors.py" else len(MADE.findall(text))
        kinds = [each.kind for each in FOUND if each.place.startswith(f"{name}:")]
        assert places[name, True] == made, name
        assert len([kind for kind in kinds if kind in sentences.VOICES.values()]) == said, name


def test_everything_says_something() -> None:
    silent = [each.place.partition(":")[0] for each in FOUND if not each.texts]
    assert sorted(silent) == sorted(WITHOUT_WORDS)


def test_no_sentence_has_a_gap() -> None:
    """What is filled in at run time has an example in samples.py, so that one finds what one sees."""
    gaps = [f"{each.place} {text}" for each in FOUND for text in each.texts if re.search(r"\.\.\.|<[a-z_ ]+>", text)]
    assert gaps == [], "give it a value in samples.py"


def test_a_sentence_is_whole() -> None:
    parts = [text for text in TEXTS if not re.search(r"[.?]\Z", text)]
    expectations = {text for each in FOUND if each.kind == "WrongTypeError" for text in each.texts}
    assert set(parts) - expectations == set()


def test_every_part_of_a_sentence_of_the_source_is_in_the_guide() -> None:
    """Found by another way than the tool's, which follows names: every text of three words, if it is no pattern."""
    page = " ".join(PAGE.split())
    absent = set()
    for text in SOURCES.values():
        tree = ast.parse(text)
        comments = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            value = node.value if isinstance(node, ast.Constant) and id(node) not in comments else None
            if isinstance(value, str) and len(value.split()) >= 3 and " ".join(value.split()) not in page:
                absent |= set() if re.search(r"[|\\[]", value) else {value}
    assert absent == OTHERS


def test_every_sample_is_that_of_an_expression() -> None:
    unused = []
    for key in samples.SAMPLES:
        name, _colon, expression = key.rpartition(".py: ")
        texts = [SOURCES[f"{name}.py"]] if name else SOURCES.values()
        # As a text the source may have other quotes and breaks.
        squeezed = ["".join(text.split()).replace('"', "'") for text in texts]
        if not any("".join(expression.split()).replace('"', "'") in text for text in squeezed):
            unused.append(key)
    assert unused == []


def test_warnings_and_faults_of_the_cache_have_a_cause_and_a_fix() -> None:
    texts = [text for each in FOUND for text in each.texts if messages.section(each, text) in messages.EXPLAINED]
    assert [text for text in texts if not symptoms.part_of(text)] == [], "give it a cause in symptoms.py"
    assert [part for part in symptoms.REASONS if not any(symptoms.part_of(text) == part for text in texts)] == []


def test_what_the_guide_says_that_one_sees_is_said() -> None:
    """The first part of the page is written by hand."""
    written = PAGE.partition(messages.BEGIN)[0]
    seen = re.findall(r"^:You see: (.*?)\n:Cause: .*?\n:Fix: ", written, re.MULTILINE | re.DOTALL)
    assert len(seen) == written.count("^\n\n:You see: ")
    quoted = {" ".join(text.split()) for each in seen for text in re.findall(r"``([^`]+)``", each)}
    answers = " ".join(row.answer.body for row in causes.ROWS)
    known = "\n".join((*TEXTS, *OF_ANSIBLE, answers))
    assert len(quoted) > 40
    assert sorted(text for text in quoted if text not in known) == []


# Made of a local name, a function of the file, a function of another file, a parameter, and a constant; then of one of
# two names that are given values at once, of a property, of a field, and of an error that is explained later.
MADE_OF_PARTS = """
The Redis server in cache refuses the user or the password. Correct the address.
NetBird: the proxy proxy.example does not reach idp.example (status 503). Check token_url, and that the proxy
    can go there.
auth_hosts must be a list of origins such as https://host.example:8443. Correct it.
There is no API of AWX at https://awx.example. Check awx_credential_types_url.
The variable netbird_auth_client_secret calls the plugin that reads it. Take that lookup out of its value.
NetBird at https://netbird.example answered with status 403 and said: user is pending approval. Approve the user in
    NetBird.
NetBird refresh_token: cache is run, so where the provider replaces the refresh token, it is kept for this run only
    and the next run is refused. Set cache to user, or for several nodes to a Redis address.
AWX answered https://awx.example/api/v2/credential_types/ with status 400 and said: Invalid field(s): injectors. Check
    the credential type NetBird API in AWX.
"""


@pytest.mark.parametrize("text", re.sub(r"\n +", " ", MADE_OF_PARTS).strip().splitlines())
def test_a_sentence_made_of_parts_is_found(text: str) -> None:
    assert text in TEXTS


def test_no_title_stands_twice() -> None:
    titles = re.findall(r"^(.+)\n[=^-]{4,}$", PAGE, re.MULTILINE)
    assert [title for title, times in Counter(titles).items() if times > 1] == []
