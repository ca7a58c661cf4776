# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWX's rules on credential types, and on what is filled into their fields.

AWX looks at the shape of a value first, and at its meaning only where the shape is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlparse

from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jsonschema import Draft4Validator, FormatChecker

from ..sandbox.wire import RefusedError

SECRET = "$encrypted$"
TYPES = {"string": str, "boolean": bool}
TEXT: dict[str, object] = {"type": "string"}
YES_OR_NO = {"type": "boolean"}
FIELD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "label"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$", "not": {"enum": ["tower"]}},
        "label": TEXT,
        "help_text": TEXT,
        "type": {"enum": list(TYPES)},
        "format": {"enum": ["ssh_private_key", "url"]},
        "choices": {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
        "multiline": YES_OR_NO,
        "secret": YES_OR_NO,
        "default": {},
    },
}
INPUTS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"fields": {"type": "array", "items": FIELD}, "required": {"type": "array", "items": TEXT}},
}
INJECTORS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {r"^template(\.[a-zA-Z_][a-zA-Z0-9_]*)?$": TEXT},
        },
        "env": {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {"^[a-zA-Z_][a-zA-Z0-9_]*$": {"type": "string", "pattern": r"^[\x00-\x7F]*$"}},
        },
        "extra_vars": {"type": "object"},
    },
}
# Names that no type may inject. AWX lets HOME pass, and the job then has no home.
BLOCKED = re.compile(
    "ANSIBLE_.*|VIRTUAL_ENV|PATH|PYTHONPATH|JOB_ID|INVENTORY_ID|INVENTORY_SOURCE_ID|INVENTORY_UPDATE_ID|"
    "AD_HOC_COMMAND_ID|REST_API_URL|REST_API_TOKEN|MAX_EVENT_RES|CALLBACK_QUEUE|CALLBACK_CONNECTION|CACHE|"
    "JOB_CALLBACK_DEBUG|INVENTORY_HOSTVARS|AWX_HOST|PROJECT_REVISION|SUPERVISOR_CONFIG_PATH|HOME"
)
FORMATS = FormatChecker(())


@FORMATS.checks("url")
def _is_url(value: object) -> bool:
    """An empty text is none: such a field can be left out, but not be empty."""
    url = urlparse(str(value))
    return bool(url.scheme and url.netloc)


def violations(schema: Mapping[str, Any], value: object) -> list[str]:
    """What a value has against a schema, in sentences."""
    found = Draft4Validator(schema).iter_errors(value)
    return [f"Schema validation error in relative path {list(one.path)} ({one.message})" for one in found]


def problems(kind: object, inputs: Any, injectors: Any) -> dict[str, list[str]]:
    """What AWX has against a credential type, by field of the API; empty when it takes it."""
    found = {
        "kind": [] if kind in ("cloud", "net") else [f"Must be 'cloud' or 'net', not {kind}"],
        "inputs": violations(INPUTS, inputs),
        "injectors": violations(INJECTORS, injectors),
    }
    if not found["inputs"]:
        found["inputs"] = list(_fields(inputs.get("fields", [])))
    # Templates cannot be judged without the names of the fields.
    if not found["inputs"] and not found["injectors"]:
        found["injectors"] = list(_templates(inputs.get("fields", []), injectors))
    return {field: sentences for field, sentences in found.items() if sentences}


def _fields(fields: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    ids = [field["id"] for field in fields]
    for index, field in enumerate(fields):
        name = field["id"]
        kind = field.get("type", "string")
        assert field.get("format") != "ssh_private_key", "the stand-in knows no private keys"
        if name in ids[:index]:
            yield f"field IDs must be unique ({name})"
        if "default" in field and not isinstance(field["default"], TYPES[kind]):
            yield f"{field['default']} is not a {kind}"
        for key in {"choices", "multiline", "format", "secret"} & field.keys() if kind != "string" else ():
            yield f"{key} not allowed for {kind} type ({name})"


class _Tower:
    """The container of file names: its attributes may be used, itself not."""

    def __str__(self) -> str:
        raise UndefinedError("Cannot directly reference reserved `tower` namespace container.")


def _templates(fields: Sequence[Mapping[str, Any]], injectors: Mapping[str, Any]) -> Iterator[str]:
    env = injectors.get("env", {})
    files = injectors.get("file", {})
    assert "extra_vars" not in injectors, "the stand-in injects no extra variables"
    assert files.keys() <= {"template"}, "the stand-in injects one file only"
    tower = _Tower()
    if files:
        tower.__dict__["filename"] = "EXAMPLE_FILENAME"
    names = {**{field["id"]: "EXAMPLE" for field in fields}, "tower": tower}
    jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    for name in env:
        if BLOCKED.fullmatch(name):
            yield f"Environment variable {name} is not allowed to be used in credentials."
    for name, template in {**files, **env}.items():
        try:
            jinja.from_string(template).render(names)
        except TemplateError as error:
            yield f"{name} cannot be rendered ({error})"


def completed(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs as AWX keeps them: a field without a type is text."""
    if "fields" not in inputs:
        return dict(inputs)
    return {**inputs, "fields": [{"type": "string", **field} for field in inputs["fields"]]}


def checked(fields: Sequence[Mapping[str, Any]], sent: object) -> dict[str, Any]:
    """What AWX keeps of what was filled in; what the type requires is not asked for, in AWX neither."""
    if not isinstance(sent, dict):
        raise RefusedError(400, {"inputs": [f"{type(sent).__name__} provided, expected dict"]})
    values = dict(sent)
    schemas: dict[str, Mapping[str, Any]] = {}
    for field in fields:
        name = field["id"]
        choices = field.get("choices")
        schemas[name] = {**field, "enum": choices} if choices else field
        if name in values and not values[name]:
            values[name] = choices[0] if choices else TYPES[field["type"]]()
        if field.get("secret") and values.get(name) == SECRET:
            raise RefusedError(400, {"inputs": [f"{SECRET} is a reserved keyword, and cannot be used for {name}."]})
    schema = {"type": "object", "additionalProperties": False, "properties": schemas}
    errors = list(Draft4Validator(schema, format_checker=FORMATS).iter_errors(values))
    for error in errors:
        if not error.path:
            raise RefusedError(400, {"inputs": [error.message]})
    if errors:
        raise RefusedError(400, {"inputs": {str(error.path[0]): [error.message] for error in errors}})
    return values
