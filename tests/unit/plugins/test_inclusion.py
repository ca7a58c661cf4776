# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checklist for collections of the Ansible package, as far as files show it; and what a release is made with."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml

from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.tools import cores
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTED = sorted(path for kind in ("lookup", "modules") for path in (ROOT / "plugins" / kind).glob("[a-z]*.py"))
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+")
EACH = pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: f"{path.parent.name}-{path.stem}")


def loaded(name: str) -> dict[t.Any, t.Any]:
    found: dict[t.Any, t.Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return found


def jobs() -> dict[str, t.Any]:
    return {name: job for path in WORKFLOWS for name, job in yaml.safe_load(path.read_text("utf-8"))["jobs"].items()}


def literal(text: str, name: str) -> dict[str, t.Any]:
    """What a plugin's file documents under that name."""
    (found,) = re.findall(rf'(?ms)^{name} = r"""\n(.*?)"""$', text)
    return yaml.safe_load(found) or {}


def test_there_is_a_code_of_conduct_which_readme_names() -> None:
    assert "(CODE_OF_CONDUCT.md)" in README
    assert "community/code_of_conduct.html" in (ROOT / "CODE_OF_CONDUCT.md").read_text(encoding="utf-8")


def test_galaxy_knows_where_everything_is() -> None:
    galaxy = loaded("galaxy.yml")
    assert re.fullmatch(r"[1-9]\d*\.\d+\.\d+", galaxy["version"])
    assert galaxy["license"] == ["GPL-3.0-or-later"]
    assert {galaxy[name].partition("://")[0] for name in ("repository", "documentation", "homepage", "issues")} == {
        "https"
    }
    assert loaded("meta/runtime.yml")["requires_ansible"] == f">={cores.OLDEST}.0"


def test_the_forge_tests_every_night_and_every_core() -> None:
    ci = loaded(".github/workflows/ci.yml")
    # YAML 1.1 reads `on` as true.
    assert ci[True]["schedule"]
    assert ci["jobs"]["sanity"]["strategy"]["matrix"]["core"] == [*cores.CORES]
    assert not list(ROOT.glob("tests/sanity/ignore*"))


@EACH
def test_every_plugin_says_which_python_it_wants(path: t.Any) -> None:
    said = " ".join(literal(path.read_text(encoding="utf-8"), "DOCUMENTATION")["requirements"])
    assert "Python 3.11 or later" in said
    assert f"{cores.TOO_OLD}, on which ansible-core 2.16 and 2.17 run too, is not supported" in said


def test_readme_says_which_python_it_wants() -> None:
    said = " ".join(README.split())
    assert f"Python 3.11 or later (not {cores.TOO_OLD}, on which ansible-core 2.16 and 2.17 run too)" in said
    assert {python for pythons in cores.CORES.values() for python in pythons}.isdisjoint({cores.TOO_OLD})


@EACH
def test_no_task_but_those_of_tokens_sets_facts(path: t.Any) -> None:
    """The stated exception from the rule that such modules are called `_facts`."""
    text = path.read_text(encoding="utf-8")
    sets = path.parent.name == "modules" and "set_facts" in literal(text, "DOCUMENTATION")["options"]
    assert sets == (
        path.parent.name == "modules" and path.stem in {name.rpartition(".")[2] for name in PLUGINS.values()}
    )
    assert "One rule has an exception" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_each_action_is_fixed_by_a_hash(path: t.Any) -> None:
    used = re.findall(r"(?m)^ +(?:- )?uses: (.+)$", path.read_text(encoding="utf-8"))
    assert used
    assert [each for each in used if not PINNED.fullmatch(each)] == []


def test_who_holds_the_secret_installs_nothing_that_is_not_fixed() -> None:
    holding = {name: job for name, job in jobs().items() if "secrets." in str(job)}
    assert {*holding} == {"publish"}
    for job in holding.values():
        scripts = [step["run"] for step in job["steps"] if "run" in step]
        installs = [line for script in scripts for line in script.splitlines() if "install " in line]
        assert installs
        for line in installs:
            assert "--require-hashes" in line
            (name,) = re.findall(r"--requirement (\S+)", line)
            text = re.sub(r"(?m)^#.*\n", "", (ROOT / name).read_text(encoding="utf-8")).replace("\\\n", "")
            for requirement in filter(str.strip, text.splitlines()):
                assert re.match(r"[\w.-]+==\S+ +--hash=sha256:[0-9a-f]{64}", requirement)
        assert not re.search(r"\b(make|npx?|curl|nox|uv|pipx)\b", " ".join(scripts))
