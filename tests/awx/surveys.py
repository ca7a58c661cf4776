# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Surveys: what AWX demands of their questions and of the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .resources import SECRET

Question = Mapping[str, Any]
DEFAULTS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "textarea": (str,),
    "password": (str,),
    "multiplechoice": (str,),
    "multiselect": (str,),
    "integer": (int,),
    "float": (float, int),
}
"""The types of questions, and what their default may be."""
CHOOSING = ("multiplechoice", "multiselect")


def lines(value: Any) -> list[Any]:
    """Choices come as a text of one a line, or as a list."""
    return [line for line in value.splitlines() if line.strip()] if isinstance(value, str) else list(value)


def problem(spec: Mapping[str, Any], old: Mapping[str, Any]) -> str | None:
    """What AWX has against a survey."""
    for name, kind, label in (("spec", list, "list of items"), ("description", str, "string"), ("name", str, "string")):
        if name not in spec:
            return f"Field '{name}' is missing from survey spec."
        if not isinstance(spec[name], kind):
            return f"Expected {label} for field '{name}', received {type(spec[name]).__name__} type."
    if not spec["spec"]:
        return "'spec' doesn't contain any items."
    seen: set[str] = set()
    for index, question in enumerate(spec["spec"]):
        for found in (_shape(index, question, seen), _default(index, question), _choices(index, question)):
            for sentence in found:
                return sentence
        seen.add(question["variable"])
        for sentence in _encrypted(index, question, old):
            return sentence
    return None


def _shape(index: int, question: Any, seen: set[str]) -> Iterator[str]:
    if not isinstance(question, dict):
        yield f"Survey question {index} is not a json object."
        return
    for name in ("type", "question_name", "variable", "required"):
        kind, label = (bool, "boolean") if name == "required" else (str, "string")
        if name not in question:
            yield f"'{name}' missing from survey question {index}"
        elif not isinstance(question[name], kind):
            yield f"'{name}' in survey question {index} expected to be {label}."
    if question["variable"] in seen:
        yield f"'variable' '{question['variable']}' duplicated in survey question {index}."
    if question["type"] not in DEFAULTS:
        allowed = ", ".join(DEFAULTS)
        yield f"'{question['type']}' in survey question {index} is not one of '{allowed}' allowed question types."


def _default(index: int, question: Question) -> Iterator[str]:
    kind = question["type"]
    default = question.get("default", "")
    if default != "" and not isinstance(default, DEFAULTS[kind]):
        label = kind if kind in ("integer", "float") else "string"
        yield f"Default value {default} in survey question {index} expected to be {label}."
    for name in ("min", "max"):
        if not isinstance(question.get(name), int | None):
            yield f"The {name} limit in survey question {index} expected to be integer."


def _choices(index: int, question: Question) -> Iterator[str]:
    if question["type"] not in CHOOSING:
        return
    if "choices" not in question:
        yield f"Survey question {index} of type {question['type']} must specify choices."
    defaults = lines(question.get("default", ""))
    if question["type"] == "multiplechoice" and len(defaults) > 1:
        yield "Multiple Choice (Single Select) can only have one default value."
    if not set(defaults) <= set(lines(question["choices"])):
        yield "Default choice must be answered from the choices listed."


def _encrypted(index: int, question: Question, old: Mapping[str, Any]) -> Iterator[str]:
    if not str(question.get("default", "")).startswith(SECRET):
        return
    if question["type"] != "password":
        yield (
            "$encrypted$ is a reserved keyword for password question defaults, "
            f"survey question {index} is type {question['type']}."
        )
    if not any(one["variable"] == question["variable"] and "default" in one for one in old.get("spec", [])):
        yield f"$encrypted$ is a reserved keyword, may not be used for new default in position {index}."


def kept(spec: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The survey as AWX keeps it: without empty lines, and with the old password where `$encrypted$` stands for it."""
    before = {one["variable"]: one.get("default") for one in old.get("spec", [])}
    questions = [dict(question) for question in spec["spec"]]
    for question in questions:
        for name in ("choices", "default"):
            if question["type"] in CHOOSING and isinstance(question.get(name), str):
                question[name] = "\n".join(lines(question[name]))
        if question.get("default") == SECRET:
            question["default"] = before[question["variable"]]
    return {**spec, "spec": questions}


def shown(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The survey with its passwords hidden."""
    hidden = [
        {**one, "default": SECRET} if one["type"] == "password" and one.get("default") else one
        for one in spec.get("spec", [])
    ]
    return {**spec, "spec": hidden} if spec else {}


def errors(question: Question, answers: Mapping[str, Any]) -> list[str]:
    """What AWX has against the answer to a question."""
    name = question["variable"]
    kind = question["type"]
    if name not in answers:
        return [f"'{name}' value missing"] if question["required"] else []
    value = answers[name]
    if kind == "multiselect" and not isinstance(value, list):
        return [f"'{name}' value is expected to be a list."]
    if kind in CHOOSING:
        choices = lines(question["choices"])
        chosen = value if kind == "multiselect" else [value]
        return [f"Value {one} for '{name}' expected to be one of {choices}." for one in chosen if one not in choices]
    labels = {"integer": "an integer", "float": "a numeric type"}
    if isinstance(value, bool) or not isinstance(value, DEFAULTS[kind]):
        return [f"Value {value} for '{name}' expected to be {labels.get(kind, 'a string')}."]
    return list(_limits(question, value))


def _limits(question: Question, value: Any) -> Iterator[str]:
    name = question["variable"]
    low = question.get("min")
    high = question.get("max")
    size = len(value) if isinstance(value, str) else value
    if low is not None and size < low:
        length = f"length is {size} " if isinstance(value, str) else ""
        yield f"'{name}' value {value} is too small ({length}must be at least {low})."
    if high is not None and size > high:
        yield f"'{name}' value {value} is too large (must be no more than {high})."


def defaults(questions: Sequence[Question]) -> dict[str, Any]:
    """The defaults that AWX puts into a job. That of a multiselect is a text, which is no answer to it: left out."""
    given = {one["variable"]: one["default"] for one in questions if one.get("default") is not None}
    return {
        one["variable"]: given[one["variable"]]
        for one in questions
        if one["variable"] in given and not errors(one, given)
    }
