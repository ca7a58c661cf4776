# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to troubleshooting has every error message of the source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _action
from ansible_collections.netapi.auth.tests.tools import messages

ROOT = Path(_action.__file__).parents[2]
FOUND = messages.messages(ROOT)
# They only pass on what stands elsewhere, or are replaced before anybody sees them.
WITHOUT_WORDS = ("_awx_api.py", "_netfoundry.py", "_role.py", "_role.py")
MADE = re.compile(
    r"(?<!class )\b(?:Auth|Option|WrongType|Credential|Service|Cache|(?:Missing|Wrong)Library|OldPython)Error\((?!\))"
)


@pytest.mark.parametrize("message", FOUND, ids=lambda message: message.place)
def test_a_message_is_in_the_guide(message: messages.Message) -> None:
    page = (ROOT / messages.PAGE).read_text(encoding="utf-8")
    assert [text for text in message.texts if f"\n- ``{text}``\n" not in page] == [], "run make messages"


def test_the_guide_has_no_message_that_is_gone() -> None:
    assert (ROOT / messages.PAGE).read_text(encoding="utf-8") == messages.page(ROOT), "run make messages"


def test_no_error_of_the_source_is_overlooked() -> None:
    """Counted by another way than the tool's: as text."""
    sources = (*ROOT.glob("plugins/plugin_utils/*.py"), *ROOT.glob("plugins/action/*.py"))
    code = {path.name: path.read_text(encoding="utf-8") for path in sources if path.name != "_errors.py"}
    made = {name: len(MADE.findall(text)) for name, text in code.items()}
    found = [message.place.partition(":")[0] for message in FOUND]
    assert {name: found.count(name) for name in made} == made


def test_every_error_says_something() -> None:
    silent = [message.place.partition(":")[0] for message in FOUND if not message.texts]
    assert sorted(silent) == sorted(WITHOUT_WORDS)


def test_a_sentence_made_of_parts_is_whole() -> None:
    texts = {text for message in FOUND for text in message.texts}
    # By a local name, a function of the file, a function of another file, a parameter and a constant.
    assert "The Redis server in cache refuses the user or the password. Correct the address." in texts
    assert "...: ... does not reach ... (status ...). Check ..., and that the proxy can go there." in texts
    assert "auth_hosts must be a list of origins such as https://host.example:8443. Correct it." in texts
    assert "There is no API of AWX at .... Check awx_credential_types_url." in texts
    assert "The variable ... calls the plugin that reads it. Take that lookup out of its value." in texts
