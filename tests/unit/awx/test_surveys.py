# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX demands of a survey and of the answers to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.netapi.auth.tests.awx import surveys

from .helpers import Client


def question(kind: str = "text", **values: object) -> dict[str, Any]:
    return {"question_name": "Which?", "variable": "one", "type": kind, "required": False, **values}


def survey(*questions: object) -> dict[str, Any]:
    return {"name": "Survey", "description": "", "spec": list(questions)}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in question().items() if key != name}


def test_life(client: Client, playbooks: Path) -> None:
    address = f"job_templates/{client.template(playbooks)['id']}/survey_spec/"
    assert client.get(address) == {}
    spec = survey(
        question("multiselect", choices="a\n\nb\n", default="a\n"),
        question("password", variable="two", default="hush"),
    )
    kept = client("POST", address, spec)
    assert (kept.status_code, kept.text) == (200, "")
    shown = client.get(address)
    assert shown["spec"][0] == {**spec["spec"][0], "choices": "a\nb", "default": "a"}
    assert shown["spec"][1]["default"] == "$encrypted$"
    assert client("POST", address, shown).status_code == 200
    assert client("DELETE", address).status_code == 200
    assert client.get(address) == {}
    refused = client("POST", address, shown)
    assert (refused.status_code, refused.json()) == (
        400,
        {"error": "$encrypted$ is a reserved keyword, may not be used for new default in position 1."},
    )


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"description": "", "spec": [question()]}, "Field 'name' is missing from survey spec."),
        ({"name": "", "spec": [question()]}, "Field 'description' is missing from survey spec."),
        ({"name": "", "description": ""}, "Field 'spec' is missing from survey spec."),
        ({**survey(question()), "name": 1}, "Expected string for field 'name', received int type."),
        ({**survey(), "spec": {}}, "Expected list of items for field 'spec', received dict type."),
        (survey(), "'spec' doesn't contain any items."),
        (survey("one"), "Survey question 0 is not a json object."),
        *(
            (survey(without(name)), f"'{name}' missing from survey question 0")
            for name in ("type", "question_name", "variable", "required")
        ),
        (survey(question(required="yes")), "'required' in survey question 0 expected to be boolean."),
        (survey(question(question_name=1)), "'question_name' in survey question 0 expected to be string."),
        (survey(question(), question()), "'variable' 'one' duplicated in survey question 1."),
        (
            survey(question("list")),
            (
                "'list' in survey question 0 is not one of 'text, textarea, password, multiplechoice, multiselect, "
                "integer, float' allowed question types."
            ),
        ),
        (survey(question(default=1)), "Default value 1 in survey question 0 expected to be string."),
        (survey(question("integer", default="1")), "Default value 1 in survey question 0 expected to be integer."),
        (survey(question(min="1")), "The min limit in survey question 0 expected to be integer."),
        (survey(question(max=1.5)), "The max limit in survey question 0 expected to be integer."),
        (survey(question("multiselect")), "Survey question 0 of type multiselect must specify choices."),
        (
            survey(question("multiplechoice", choices=["a", "b"], default="a\nb")),
            "Multiple Choice (Single Select) can only have one default value.",
        ),
        (
            survey(question("multiselect", choices="a\nb", default="a\nc")),
            "Default choice must be answered from the choices listed.",
        ),
        (
            survey(question(default="$encrypted$")),
            "$encrypted$ is a reserved keyword for password question defaults, survey question 0 is type text.",
        ),
    ],
)
def test_refused_surveys(spec: dict[str, Any], sentence: str) -> None:
    assert surveys.problem(spec, {}) == sentence


@pytest.mark.parametrize(
    "spec",
    [
        survey(question(default="x", min=0, max=None)),
        survey(question("float", default=1), question("integer", variable="two", default="")),
        survey(question("multiselect", choices=["a", "b"], default="a\nb")),
        survey(question("password", default="hush")),
    ],
)
def test_right_surveys(spec: dict[str, Any]) -> None:
    assert surveys.problem(spec, {}) is None


ONE_OF = "Value {} for 'one' expected to be one of ['a', 'b']."


@pytest.mark.parametrize(
    ("asked", "value", "sentences"),
    [
        (question(), "x", []),
        (question(), 1, ["Value 1 for 'one' expected to be a string."]),
        (question(min=2), "x", ["'one' value x is too small (length is 1 must be at least 2)."]),
        (question("password", max=2), "xxx", ["'one' value xxx is too large (must be no more than 2)."]),
        (question("integer"), 1.5, ["Value 1.5 for 'one' expected to be an integer."]),
        (question("integer"), True, ["Value True for 'one' expected to be an integer."]),
        (question("integer", min=2), 1, ["'one' value 1 is too small (must be at least 2)."]),
        (question("float"), "1", ["Value 1 for 'one' expected to be a numeric type."]),
        (question("float", max=2), 3, ["'one' value 3 is too large (must be no more than 2)."]),
        (question("multiplechoice", choices="a\nb"), "a", []),
        (question("multiplechoice", choices=["a", "b"]), "c", [ONE_OF.format("c")]),
        (question("multiselect", choices="a\nb"), ["a", "b"], []),
        (question("multiselect", choices="a\nb"), ["c", "d"], [ONE_OF.format("c"), ONE_OF.format("d")]),
        (question("multiselect", choices="a\nb"), "a", ["'one' value is expected to be a list."]),
    ],
)
def test_answers(asked: dict[str, Any], value: object, sentences: list[str]) -> None:
    assert surveys.errors(asked, {"one": value}) == sentences


def test_an_answer_may_be_missing_where_none_is_required() -> None:
    assert surveys.errors(question(), {}) == []
    assert surveys.errors(question(required=True), {}) == ["'one' value missing"]


def test_defaults() -> None:
    """That of a multiselect is a text, and an API launch gets nothing of it."""
    asked = [
        question("text", variable="text", default="x"),
        question("integer", variable="empty", default=""),
        question("multiplechoice", variable="one", choices="a\nb", default="a"),
        question("multiselect", variable="many", choices="a\nb", default="a\nb"),
        question("text", variable="none"),
    ]
    assert surveys.defaults(asked) == {"text": "x", "one": "a"}
