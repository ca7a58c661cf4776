# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pictures of the documentation: shown where they should be, closed in themselves, and of the present demo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from ansible_collections.netapi.auth.plugins.plugin_utils._core import action
from ansible_collections.netapi.auth.tests.sandbox.cli import exports

ROOT = Path(action.__file__).parents[3]
PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())
SVG = "{http://www.w3.org/2000/svg}"
EACH = pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)


def shown() -> Iterator[Path]:
    """Each picture that a page shows, as often as one does."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("docs/**/*.rst")]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for path in re.findall(r"\]\((\S+\.svg)\)|\.\. (?:image|figure):: (\S+)", text):
            yield (page.parent / "".join(path)).resolve()


def said(picture: Path) -> str:
    """The text of the terminal, line by line."""
    lines: dict[float, str] = {}
    for text in ET.parse(picture).iter(f"{SVG}text"):
        y = float(text.attrib["y"])
        lines[y] = lines.get(y, "") + (text.text or "").rstrip("\n").replace("\xa0", " ")
    return "\n".join(lines[y] for y in sorted(lines))


def test_the_pictures_that_are_shown_are_those_that_there_are() -> None:
    assert set(shown()) == set(PICTURES)


@EACH
def test_a_picture_says_what_it_is_and_fetches_nothing(picture: Path) -> None:
    root = ET.parse(picture).getroot()
    assert root.findtext(f"{SVG}title")
    for element in root.iter():
        assert not element.tag.endswith("}script")
        assert all(value.startswith("#") for name, value in element.attrib.items() if name.endswith("href"))
        for text in (element.text or "", *element.attrib.values()):
            assert not re.search(r"@import|url\((?!#)", text)


def test_the_terminal_is_that_of_the_demo() -> None:
    (play,) = yaml.safe_load((ROOT / "playbooks" / "first_token.yml").read_text(encoding="utf-8"))
    terminal = said(ROOT / "docs" / "pictures" / "demo.svg")
    assert re.findall(r"^PLAY \[(.*)\]", terminal, re.MULTILINE) == [play["name"]]
    tasks = re.findall(r"^TASK \[(.*)\]", terminal, re.MULTILINE)
    assert [name for name in tasks if not name.startswith("netapi.auth.")] == [task["name"] for task in play["tasks"]]
    # The check of its arguments, the loop over the services, and two tasks for each; some names are longer than a line.
    assert terminal.count("TASK [netapi.auth.auth_headers : ") == 2 + 2 * len(play["vars"]["first_token_providers"])
    assert "unreachable=0    failed=0" in terminal


def test_the_terminal_shows_no_secret_and_no_path() -> None:
    terminal = said(ROOT / "docs" / "pictures" / "demo.svg")
    secrets = [value for name, value in exports("").items() if re.search("SECRET|PAT", name)]
    assert secrets
    # eyJ begins each JWT.
    assert [text for text in (*secrets, "eyJ", "/home/", "/root/", "/tmp/", "/var/") if text in terminal] == []
