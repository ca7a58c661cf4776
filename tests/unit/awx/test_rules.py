# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each of AWX's rules on credential types finds what it is for, and nothing in a type that is right."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.netapi.auth.tests.awx.rules import RULES, Definition, completed, problems

from .helpers import INJECTORS, INPUTS


def field(**keys: object) -> dict[str, Any]:
    """Inputs with one field."""
    return {"fields": [{"id": "one", "label": "One", **keys}]}


def env(**values: object) -> dict[str, Any]:
    return {"env": values}


SURPLUS = "Schema validation error in relative path {} (Additional properties are not allowed ({!r} was unexpected))"
WRONG: list[tuple[str, str, Any, str]] = [
    ("inputs types", "inputs", [], "list provided, expected dict"),
    ("inputs types", "inputs", {"fields": {}}, "dict provided in relative path ['fields'], expected list"),
    ("inputs types", "inputs", {"fields": [1]}, "int provided in relative path ['fields', 0], expected dict"),
    ("inputs types", "inputs", {"required": [1]}, "int provided in relative path ['required', 0], expected str"),
    (
        "inputs types",
        "inputs",
        field(secret="yes"),
        "str provided in relative path ['fields', 0, 'secret'], expected bool",
    ),
    (
        "inputs types",
        "inputs",
        field(choices=[1]),
        "int provided in relative path ['fields', 0, 'choices', 0], expected str",
    ),
    ("inputs hold fields and required", "inputs", {"metadata": []}, SURPLUS.format([], "metadata")),
    (
        "no dependencies",
        "inputs",
        {"dependencies": {}},
        "'dependencies' is not supported for custom credentials.",
    ),
    ("keys of a field", "inputs", field(placeholder="x"), SURPLUS.format(["fields", 0], "placeholder")),
    ("id and label", "inputs", {"fields": [{"id": "one"}]}, "'label' is a required property"),
    ("id and label", "inputs", {"fields": [{"label": "One"}]}, "'id' is a required property"),
    ("type and format", "inputs", field(type="int"), "'int' is not one of ['string', 'boolean']"),
    ("type and format", "inputs", field(format="uri"), "'uri' is not one of ['ssh_private_key', 'url']"),
    ("id is a name", "inputs", field(id="1st"), "1st is an invalid variable name"),
    ("id is a name", "inputs", field(id="a-b"), "a-b is an invalid variable name"),
    ("choices are some", "inputs", field(choices=[]), "[] should be non-empty"),
    ("choices differ", "inputs", field(choices=["a", "a"]), "['a', 'a'] has non-unique elements"),
    ("injectors types", "injectors", True, "bool provided, expected dict"),
    ("injectors types", "injectors", {"file": []}, "list provided in relative path ['file'], expected dict"),
    ("injectors types", "injectors", env(A=1), "int provided in relative path ['env', 'A'], expected str"),
    ("injectors hold file, env, extra_vars", "injectors", {"vars": {}}, SURPLUS.format([], "vars")),
    *(
        (
            "injected names",
            "injectors",
            {kind: {name: "x"}},
            f"Schema validation error in relative path ['{kind}'] ('{name}' does not match any of the regexes)",
        )
        for kind, name in (
            ("env", "1A"),
            ("env", "A-B"),
            ("file", "name"),
            ("file", "template."),
            ("file", "template.a.b"),
            ("extra_vars", "a b"),
        )
    ),
    *(
        (
            "extra_vars values",
            "injectors",
            {"extra_vars": {"a": value}},
            "1 is not valid under any of the given schemas",
        )
        for value in (1, {"b": 1}, [1], [[{"b": 1}]])
    ),
    ("env in ASCII", "injectors", env(A="ü"), "'ü' does not match '^[\\x00-\\x7F]*$'"),
    ("id is not tower", "inputs", field(id="tower"), '"tower" is a reserved field name'),
    ("ids differ", "inputs", {"fields": field()["fields"] * 2}, "field IDs must be unique (one)"),
    ("default fits", "inputs", field(default=True), "True is not a string"),
    ("default fits", "inputs", field(type="boolean", default="yes"), "yes is not a boolean"),
    ("text only", "inputs", field(type="boolean", secret=True), "secret not allowed for boolean type (one)"),
    ("text only", "inputs", field(type="boolean", choices=["a"]), "choices not allowed for boolean type (one)"),
    (
        "no ask_at_runtime",
        "inputs",
        field(ask_at_runtime=True),
        "'ask_at_runtime' is not supported for custom credentials.",
    ),
    (
        "one file or many",
        "injectors",
        {"file": {"template": "x", "template.a": "y"}},
        "Must use multi-file syntax when injecting multiple files",
    ),
    (
        "env is not Ansible's",
        "injectors",
        env(ANSIBLE_CONFIG="x"),
        (
            "Environment variable ANSIBLE_CONFIG may affect Ansible configuration "
            "so its use is not allowed in credentials."
        ),
    ),
    *(
        (
            "env is not AWX's",
            "injectors",
            env(**{name: "x"}),
            f"Environment variable {name} is not allowed to be used in credentials.",
        )
        for name in (
            [
                "PATH",
                "PYTHONPATH",
                "VIRTUAL_ENV",
                "HOME",
                "JOB_ID",
                "INVENTORY_ID",
                "CACHE",
                "REST_API_URL",
                "REST_API_TOKEN",
                "AWX_HOST",
            ]
        )
    ),
    *(
        ("templates know their names", "injectors", injectors, sentence)
        for injectors, sentence in (
            (env(A="{{ two }}"), "A uses an undefined field ('two' is undefined)"),
            ({"extra_vars": {"{{two}}": "x"}}, "a key uses an undefined field ('two' is undefined)"),
            ({"extra_vars": {"a": ["{{ two }}"]}}, "a[0] uses an undefined field ('two' is undefined)"),
            (
                env(A="{{ tower }}"),
                "A uses an undefined field (Cannot directly reference reserved `tower` namespace container.)",
            ),
            (
                env(A="{{ tower.filename }}"),
                "A uses an undefined field (Must define unnamed file injector in order to reference `tower.filename`.)",
            ),
        )
    ),
    (
        "templates are safe",
        "injectors",
        env(A="{{ key.__class__ }}"),
        "Encountered unsafe code execution: access to attribute '__class__' of 'str' object is unsafe.",
    ),
    (
        "templates parse",
        "injectors",
        env(A="{{ key"),
        (
            "Syntax error rendering template for A inside of env "
            "(unexpected end of template, expected 'end of print statement'.)"
        ),
    ),
    ("kind is cloud or net", "kind", "ssh", "Must be 'cloud' or 'net', not ssh"),
]


@pytest.mark.parametrize(("name", "api_field", "value", "sentence"), WRONG)
def test_rule(name: str, api_field: str, value: Any, sentence: str) -> None:
    right: dict[str, Any] = {"kind": "net", "inputs": INPUTS, "injectors": {}}
    whole = {**right, api_field: value}
    rule = RULES[name]
    assert rule.field == api_field
    assert not list(rule.finds(Definition(**right)))
    assert [rule.says.format(**finding) for finding in rule.finds(Definition(**whole))] == [sentence]
    assert problems(**whole) == {api_field: [sentence]}


def test_every_rule_is_tried() -> None:
    assert {name for name, *_rest in WRONG} == set(RULES)


@pytest.mark.parametrize(
    "injectors",
    [
        {},
        INJECTORS,
        {"file": {"template.a": "{{ key }}"}, "env": {"A": "{{ tower.filename.a }}", "B": "plain"}},
        {"extra_vars": {"a": {"b": ["{{ key }}", "c"]}, "key_{{region}}": "x"}},
        env(A="{% if check %}yes{% endif %}", B="{{ region | upper }}", C="{{ '{{' }} later }}"),
    ],
)
def test_right_types(injectors: dict[str, Any]) -> None:
    for kind in ("cloud", "net"):
        assert problems(kind, INPUTS, injectors) == {}
    assert problems("cloud", {}, {}) == {}


def test_templates_are_not_judged_without_fields() -> None:
    assert set(problems("cloud", field(id="1st"), env(A="{{ nothing }}"))) == {"inputs"}


def test_what_is_found_together_is_said_together() -> None:
    found = problems("ssh", {"fields": [{"id": "1st", "hint": 1}]}, {"vars": {}})
    assert set(found) == {"kind", "inputs", "injectors"}
    assert len(found["inputs"]) == 3


def test_a_field_without_a_type_is_text() -> None:
    assert completed(field()) == field(type="string")
    assert completed(field(type="boolean")) == field(type="boolean")
    assert completed({}) == {}
