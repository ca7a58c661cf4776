# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWX's rules on credential types, in one table.

They follow awx/main/fields.py (CredentialTypeInputField, CredentialTypeInjectorField) and
CredentialTypeSerializer. AWX looks at the shape of a value first, and at its meaning only where the shape is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

NAME = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9_]*")
FILE_NAME = re.compile(r"template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?")
VARIABLE = re.compile(r"[a-zA-Z_{}]+[a-zA-Z0-9_{}]*")
TYPES = {"string": str, "boolean": bool}
FORMATS = ("ssh_private_key", "url")
CUSTOM_KINDS = ("cloud", "net")
TEXT_ONLY = ("choices", "multiline", "format", "secret")
KEYS: dict[str, type] = {
    "id": str,
    "label": str,
    "type": str,
    "help_text": str,
    "multiline": bool,
    "secret": bool,
    "ask_at_runtime": bool,
    "choices": list,
    "format": str,
    "default": object,
}
"""What a field may hold, and of which type."""
BLOCKED = frozenset(
    (
        "VIRTUAL_ENV",
        "PATH",
        "PYTHONPATH",
        "JOB_ID",
        "INVENTORY_ID",
        "INVENTORY_SOURCE_ID",
        "INVENTORY_UPDATE_ID",
        "AD_HOC_COMMAND_ID",
        "REST_API_URL",
        "REST_API_TOKEN",
        "MAX_EVENT_RES",
        "CALLBACK_QUEUE",
        "CALLBACK_CONNECTION",
        "CACHE",
        "JOB_CALLBACK_DEBUG",
        "INVENTORY_HOSTVARS",
        "AWX_HOST",
        "PROJECT_REVISION",
        "SUPERVISOR_CONFIG_PATH",
        "HOME",  # AWX lets it pass, and the job then has no home.
    )
)
_NAMES = {str: "str", bool: "bool", list: "list", dict: "dict"}


@dataclass(frozen=True)
class Definition:
    """What is said of a credential type. Any: it comes from outside, and its shape is what is checked."""

    kind: Any
    inputs: Any
    injectors: Any

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The fields of `inputs`, once its shape is known to be right."""
        return list(self.inputs.get("fields", []))


Finding = Mapping[str, object]
"""One violation: what goes into the sentence."""


@dataclass(frozen=True)
class Rule:
    field: str
    """The field of the API that the answer names."""
    says: str
    finds: Callable[[Definition], Iterator[Finding]]


def _wrong(value: object, expected: type, path: list[object]) -> Iterator[Finding]:
    if not isinstance(value, expected):
        where = f" in relative path {path}" if path else ""
        yield {"is": type(value).__name__, "where": where, "expected": _NAMES[expected]}


def _dicts(definition: Definition) -> Iterator[tuple[list[object], dict[str, Any]]]:
    """Path and value of each field that is an object."""
    fields = definition.inputs.get("fields") if isinstance(definition.inputs, dict) else None
    for index, field in enumerate(fields if isinstance(fields, list) else []):
        if isinstance(field, dict):
            yield ["fields", index], field


def _injectors(definition: Definition, kind: str) -> dict[str, Any]:
    injectors = definition.injectors.get(kind) if isinstance(definition.injectors, dict) else None
    return injectors if isinstance(injectors, dict) else {}


def _inputs_types(definition: Definition) -> Iterator[Finding]:
    inputs = definition.inputs
    yield from _wrong(inputs, dict, [])
    for name in ("fields", "required"):
        value = inputs.get(name, []) if isinstance(inputs, dict) else []
        yield from _wrong(value, list, [name])
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from _wrong(item, dict if name == "fields" else str, [name, index])
    for path, field in _dicts(definition):
        for key, expected in KEYS.items():
            if key in field and key not in ("default", "type", "format"):
                yield from _wrong(field[key], expected, [*path, key])
        choices = field.get("choices")
        for index, choice in enumerate(choices if isinstance(choices, list) else []):
            yield from _wrong(choice, str, [*path, "choices", index])


def _inputs_keys(definition: Definition) -> Iterator[Finding]:
    known = ("fields", "required", "dependencies")
    for key in definition.inputs if isinstance(definition.inputs, dict) else ():
        if key not in known:
            yield {"path": [], "key": key}


def _inputs_dependencies(definition: Definition) -> Iterator[Finding]:
    if isinstance(definition.inputs, dict) and "dependencies" in definition.inputs:
        yield {}


def _field_keys(definition: Definition) -> Iterator[Finding]:
    for path, field in _dicts(definition):
        yield from ({"path": path, "key": key} for key in field if key not in KEYS)


def _field_needs(definition: Definition) -> Iterator[Finding]:
    for _path, field in _dicts(definition):
        yield from ({"key": key} for key in ("id", "label") if key not in field)


def _field_type(definition: Definition) -> Iterator[Finding]:
    for key, allowed in (("type", list(TYPES)), ("format", list(FORMATS))):
        for _path, field in _dicts(definition):
            if key in field and field[key] not in allowed:
                yield {"value": field[key], "allowed": allowed}


def _field_id(definition: Definition) -> Iterator[Finding]:
    for _path, field in _dicts(definition):
        if isinstance(field.get("id"), str) and not NAME.fullmatch(field["id"]):
            yield {"value": field["id"]}


def _no_choices(definition: Definition) -> Iterator[Finding]:
    yield from ({} for _path, field in _dicts(definition) if field.get("choices") == [])


def _same_choices(definition: Definition) -> Iterator[Finding]:
    for _path, field in _dicts(definition):
        choices = field.get("choices")
        if isinstance(choices, list) and len({repr(choice) for choice in choices}) < len(choices):
            yield {"value": choices}


def _id_tower(definition: Definition) -> Iterator[Finding]:
    yield from ({} for field in definition.fields if field["id"] == "tower")


def _id_twice(definition: Definition) -> Iterator[Finding]:
    ids = [field["id"] for field in definition.fields]
    yield from ({"id": one} for one in dict.fromkeys(ids) if ids.count(one) > 1)


def _default(definition: Definition) -> Iterator[Finding]:
    for field in definition.fields:
        kind = field.get("type", "string")
        if "default" in field and not isinstance(field["default"], TYPES[kind]):
            yield {"value": field["default"], "type": kind}


def _text_only(definition: Definition) -> Iterator[Finding]:
    for field in definition.fields:
        if field.get("type", "string") != "string":
            yield from ({"key": key, "type": field["type"], "id": field["id"]} for key in TEXT_ONLY if key in field)


def _ask_at_runtime(definition: Definition) -> Iterator[Finding]:
    yield from ({} for field in definition.fields if field.get("ask_at_runtime"))


def _kind(definition: Definition) -> Iterator[Finding]:
    if definition.kind not in CUSTOM_KINDS:
        yield {"value": definition.kind}


def _injector_types(definition: Definition) -> Iterator[Finding]:
    yield from _wrong(definition.injectors, dict, [])
    for kind in ("file", "env", "extra_vars"):
        if isinstance(definition.injectors, dict) and kind in definition.injectors:
            yield from _wrong(definition.injectors[kind], dict, [kind])
    for kind in ("file", "env"):
        for name, template in _injectors(definition, kind).items():
            yield from _wrong(template, str, [kind, name])


def _injector_keys(definition: Definition) -> Iterator[Finding]:
    if isinstance(definition.injectors, dict):
        kinds = ("file", "env", "extra_vars")
        yield from ({"path": [], "key": key} for key in definition.injectors if key not in kinds)


def _injected_names(definition: Definition) -> Iterator[Finding]:
    for kind, pattern in (("file", FILE_NAME), ("env", NAME)):
        for name in _injectors(definition, kind):
            if not pattern.fullmatch(name):
                yield {"path": [kind], "key": name}
    yield from _variable_names(["extra_vars"], _injectors(definition, "extra_vars"))


def _variable_names(path: list[object], variables: Mapping[str, Any]) -> Iterator[Finding]:
    for name, value in variables.items():
        if not VARIABLE.fullmatch(name):
            yield {"path": path, "key": name}
        if isinstance(value, dict):
            yield from _variable_names([*path, name], value)


def _variable_values(definition: Definition) -> Iterator[Finding]:
    def wrong(value: object) -> Iterator[Finding]:
        if isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                yield from wrong(item)
        elif not isinstance(value, str):
            # AWX looks into no list, and then breaks where it renders what is no text.
            yield {"value": value}

    yield from wrong(_injectors(definition, "extra_vars"))


def _env_ascii(definition: Definition) -> Iterator[Finding]:
    for template in _injectors(definition, "env").values():
        if isinstance(template, str) and not template.isascii():
            yield {"value": template}


def _one_file_or_many(definition: Definition) -> Iterator[Finding]:
    names = _injectors(definition, "file")
    if "template" in names and len(names) > 1:
        yield {}


def _env_ansible(definition: Definition) -> Iterator[Finding]:
    yield from ({"name": name} for name in _injectors(definition, "env") if name.startswith("ANSIBLE_"))


def _env_blocked(definition: Definition) -> Iterator[Finding]:
    yield from ({"name": name} for name in _injectors(definition, "env") if name in BLOCKED)


class _Unprintable:
    """A container of the namespace: its attributes may be used, itself not."""

    def __init__(self, refusal: str) -> None:
        self._refusal = refusal

    def __str__(self) -> str:
        raise UndefinedError(self._refusal)


def _namespace(definition: Definition) -> dict[str, object]:
    """A value for each name that a template may use."""
    filename: object = _Unprintable("Must define unnamed file injector in order to reference `tower.filename`.")
    files = _injectors(definition, "file")
    if "template" in files:
        filename = "EXAMPLE_FILENAME"
    else:
        for name in files:
            setattr(filename, name.split(".")[1], "EXAMPLE_FILENAME")
    tower = _Unprintable("Cannot directly reference reserved `tower` namespace container.")
    tower.__dict__["filename"] = filename
    return {**{field["id"]: "EXAMPLE" for field in definition.fields}, "tower": tower}


def _templates(definition: Definition) -> Iterator[tuple[str, str, str]]:
    """Kind, name and text of each template. Names of extra variables are templates, too."""
    for kind in ("file", "env"):
        for name, template in _injectors(definition, kind).items():
            yield kind, name, template

    def walk(name: str, value: Any) -> Iterator[tuple[str, str, str]]:
        if isinstance(value, dict):
            for key, item in value.items():
                yield "extra_vars", name or "a key", key
                yield from walk(f"{name}.{key}" if name else key, item)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from walk(f"{name}[{index}]", item)
        else:
            yield "extra_vars", name, value

    yield from walk("", _injectors(definition, "extra_vars"))


def _rendering(refusal: type[TemplateError]) -> Callable[[Definition], Iterator[Finding]]:
    """The templates that Jinja refuses in this way."""

    def finds(definition: Definition) -> Iterator[Finding]:
        namespace = _namespace(definition)
        jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
        for kind, name, template in _templates(definition):
            try:
                jinja.from_string(template).render(namespace)
            except refusal as error:
                yield {"name": name, "kind": kind, "error": error}
            except TemplateError:
                continue  # The finding of another rule.

    return finds


_SURPLUS = (
    "Schema validation error in relative path {path} (Additional properties are not allowed ({key!r} was unexpected))"
)
_NO_MATCH = "Schema validation error in relative path {path} ({key!r} does not match any of the regexes)"
_TYPE = "{is} provided{where}, expected {expected}"

SHAPE: dict[str, Rule] = {
    "inputs types": Rule("inputs", _TYPE, _inputs_types),
    "inputs hold fields and required": Rule("inputs", _SURPLUS, _inputs_keys),
    "no dependencies": Rule("inputs", "'dependencies' is not supported for custom credentials.", _inputs_dependencies),
    "keys of a field": Rule("inputs", _SURPLUS, _field_keys),
    "id and label": Rule("inputs", "{key!r} is a required property", _field_needs),
    "type and format": Rule("inputs", "{value!r} is not one of {allowed}", _field_type),
    "id is a name": Rule("inputs", "{value} is an invalid variable name", _field_id),
    "choices are some": Rule("inputs", "[] should be non-empty", _no_choices),
    "choices differ": Rule("inputs", "{value!r} has non-unique elements", _same_choices),
    "injectors types": Rule("injectors", _TYPE, _injector_types),
    "injectors hold file, env, extra_vars": Rule("injectors", _SURPLUS, _injector_keys),
    "injected names": Rule("injectors", _NO_MATCH, _injected_names),
    "extra_vars values": Rule("injectors", "{value!r} is not valid under any of the given schemas", _variable_values),
    "env in ASCII": Rule("injectors", "{value!r} does not match '^[\\x00-\\x7F]*$'", _env_ascii),
}
MEANING: dict[str, Rule] = {
    "id is not tower": Rule("inputs", '"tower" is a reserved field name', _id_tower),
    "ids differ": Rule("inputs", "field IDs must be unique ({id})", _id_twice),
    "default fits": Rule("inputs", "{value} is not a {type}", _default),
    "text only": Rule("inputs", "{key} not allowed for {type} type ({id})", _text_only),
    "no ask_at_runtime": Rule("inputs", "'ask_at_runtime' is not supported for custom credentials.", _ask_at_runtime),
    "one file or many": Rule(
        "injectors", "Must use multi-file syntax when injecting multiple files", _one_file_or_many
    ),
    "env is not Ansible's": Rule(
        "injectors",
        "Environment variable {name} may affect Ansible configuration so its use is not allowed in credentials.",
        _env_ansible,
    ),
    "env is not AWX's": Rule(
        "injectors", "Environment variable {name} is not allowed to be used in credentials.", _env_blocked
    ),
    "templates know their names": Rule(
        "injectors", "{name} uses an undefined field ({error})", _rendering(UndefinedError)
    ),
    "templates are safe": Rule("injectors", "Encountered unsafe code execution: {error}", _rendering(SecurityError)),
    "templates parse": Rule(
        "injectors",
        "Syntax error rendering template for {name} inside of {kind} ({error})",
        _rendering(TemplateSyntaxError),
    ),
    "kind is cloud or net": Rule("kind", "Must be 'cloud' or 'net', not {value}", _kind),
}
RULES: dict[str, Rule] = {**SHAPE, **MEANING}


def problems(kind: object, inputs: object, injectors: object) -> dict[str, list[str]]:
    """What AWX has against a credential type, by field of the API; empty when it takes it."""
    definition = Definition(kind, inputs, injectors)
    found: dict[str, list[str]] = {}

    def apply(rules: Mapping[str, Rule], field: str) -> None:
        chosen = (rule for rule in rules.values() if rule.field == field)
        sentences = [rule.says.format(**finding) for rule in chosen for finding in rule.finds(definition)]
        if sentences:
            found[field] = sentences

    apply(SHAPE, "inputs")
    apply(SHAPE, "injectors")
    if "inputs" not in found:
        apply(MEANING, "inputs")
    # Templates can't be judged without the names of the fields.
    if not found:
        apply(MEANING, "injectors")
    apply(MEANING, "kind")
    return found


def completed(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs as AWX keeps them: a field without a type is text."""
    if "fields" not in inputs:
        return dict(inputs)
    return {**inputs, "fields": [{"type": "string", **field} for field in inputs["fields"]]}
