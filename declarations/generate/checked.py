# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong in declarations/, as one sentence, before anything is written."""

from __future__ import annotations

import keyword
import re
import typing as t
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from pathlib import Path
from string import Template

import yaml

TEXT, TEXTS, PROSE = "a text", "a list of texts", "a text or a list of texts"
LINE, NAME, EXAMPLES = "a text of one line without |", "of small letters, digits and underscores", "YAML in a text"
FLAG, MAPPING, LIST, ANY = "true or false", "a mapping (`{}` where it is empty)", "a list", "anything"
VARIABLES, NUMBERS, OTHERS = "a list of names of variables", "a list of numbers", "a list of lists of three texts"
_KINDS: dict[str, Callable[[t.Any], bool]] = {
    TEXT: lambda value: isinstance(value, str) and bool(value.strip()),
    TEXTS: lambda value: isinstance(value, list) and bool(value) and all(map(_KINDS[TEXT], value)),
    PROSE: lambda value: _KINDS[TEXT](value) or _KINDS[TEXTS](value),
    FLAG: lambda value: isinstance(value, bool),
    LINE: lambda value: _KINDS[TEXT](value) and not {*"|\n"} & {*value},
    NAME: lambda value: bool(re.fullmatch("[a-z][a-z0-9_]*", str(value))) and not keyword.iskeyword(value),
    EXAMPLES: lambda value: _KINDS[TEXT](value) and _is_yaml(value),
    VARIABLES: lambda value: _KINDS[TEXTS](value) and all(re.fullmatch("[A-Z][A-Z0-9_]*", each) for each in value),
    NUMBERS: lambda value: isinstance(value, list) and all(_is_a(each, int) for each in value),
    OTHERS: lambda value: isinstance(value, list) and all(_KINDS[TEXTS](each) and len(each) == 3 for each in value),
    MAPPING: lambda value: isinstance(value, dict),
    LIST: lambda value: isinstance(value, list),
    ANY: lambda _value: True,
}
_PROVIDER = {
    **dict.fromkeys(("label", "gives", "path"), LINE),
    "plugin": NAME,
    "description": TEXTS,
    **dict.fromkeys(("methods", "options"), MAPPING),
}
_PROVIDER_MAY = {
    **dict.fromkeys(("also", "version_added", "environment"), LINE),
    **dict.fromkeys(("examples", "lookup_examples"), EXAMPLES),
    "requirements": TEXTS,
    **dict.fromkeys(("role_asks", "any_api"), FLAG),
    "rotation": MAPPING,
}
_ROTATION = {
    **dict.fromkeys(("title", "secret", "check_mode"), TEXT),
    "plugin": NAME,
    "examples": EXAMPLES,
    "description": TEXTS,
    **dict.fromkeys(("options", "returns"), MAPPING),
}
_METHOD = {"credentials": LIST, "origin": TEXT}
_OPTION_MAY = {
    **dict.fromkeys(("type", "only", "elements"), TEXT),
    **dict.fromkeys(("choices", "aliases"), TEXTS),
    "env": VARIABLES,
    **dict.fromkeys(("own", "global", "secret", "required"), FLAG),
    "default": ANY,
    "range": NUMBERS,
    "awx": MAPPING,
}
_FIELD = {"label": TEXT, "help": TEXT}
_FIELD_MAY = {"after": TEXT, "file": FLAG, "multiline": FLAG}
_SHARED = {
    **dict.fromkeys(("description", "task", "rotation", "requirements"), TEXTS),
    **dict.fromkeys(("attributes", "method", "usual", "options", "returns"), MAPPING),
    "others": OTHERS,
}
# The values that an option may have for these keys.
_WORDS = {
    "type": ("str", "int", "float", "bool", "list", "dict", "raw", "path"),
    "only": ("argument", "task"),
}
_TYPES = {"str": str, "path": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}
_FILLED_IN = ("provider", "variable", "methods")


class DeclarationError(Exception):
    """A sentence that names the file and the key, and says what to do."""


class _Loader(yaml.SafeLoader):
    """YAML in which no key stands twice: the core's parser would take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[t.Any, t.Any]:
        seen = set()
        for key, _value in node.value:
            if str(key.value) in seen:
                problem = f"{key.value} is there twice"
                raise yaml.constructor.ConstructorError(problem=problem, problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def load(file: Path) -> t.Any:
    """The YAML of a file. Raises `DeclarationError`."""
    try:
        return _Loader(file.read_text(encoding="utf-8")).get_single_data()
    except UnicodeDecodeError:
        raise DeclarationError(f"{_name(file)} is not in UTF-8. Save it so.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        why = getattr(error, "problem", None) or getattr(error, "reason", "it cannot be read")
        raise DeclarationError(f"{_name(file)}{line}: {why}. Correct the YAML there.") from None


def check_shared(file: Path, said: t.Any) -> None:
    """Raises `DeclarationError` for what is wrong in shared.yml."""
    _keys(file, "", said, _SHARED, {})
    _options(file, "usual", said["usual"], said["usual"])
    _options(file, "options", said["options"], said["options"])
    _options(file, "", {"method": said["method"]}, {})
    text = file.read_text(encoding="utf-8")
    if not Template(text).is_valid() or not {*Template(text).get_identifiers()} <= {*_FILLED_IN}:
        raise DeclarationError(f"{_name(file)}: a $ begins $provider, $variable or $methods. Write $$ for the sign.")


def check(file: Path, said: t.Any, common: dict[str, t.Any]) -> None:
    """Raises `DeclarationError` for what is wrong in the declaration of a provider."""
    if not _KINDS[NAME](file.stem) or file.suffix != ".yml" or file.stem == "all":
        must = f"a name {NAME}, which is that of the provider and not `all`, and .yml at the end"
        raise DeclarationError(f"{_name(file)} must have {must}. Rename it.")
    _keys(file, "", said, _PROVIDER, _PROVIDER_MAY)
    _options(file, "options", said["options"], common["usual"])
    rotation = said.get("rotation", {})
    known = {"method", *said["options"], *common["options"]}
    if "rotation" in said:
        # What is left out has a fixed value.
        both = {"left_out": TEXTS, "fixed": MAPPING}
        _keys(file, "rotation", rotation, _ROTATION | (both if both.keys() & rotation.keys() else {}), {})
        _options(file, "rotation.options", rotation["options"], {})
        _among(file, "rotation.left_out", rotation.get("left_out", ()), known)
    if not said["methods"]:
        raise DeclarationError(f"{_name(file)}: methods is empty. Add one.")
    for name, method in said["methods"].items():
        _must_be(file, f"methods.{name}", name, NAME)
        _keys(file, f"methods.{name}", method, _METHOD, {})
        _credentials(file, f"methods.{name}.credentials", method["credentials"], known)
    entries = {name: common["usual"].get(name, {}) | each for name, each in said["options"].items()}
    entries = common["options"] | entries | rotation.get("options", {})
    fields = {name: each["awx"] for name, each in entries.items() if "awx" in each}
    for name, field in fields.items():
        _among(file, f"{name}.awx.after", [field["after"]] if "after" in field else (), fields)


def check_names(said: dict[str, dict[str, t.Any]]) -> None:
    """Raises `DeclarationError` where two providers have one name for what is called by it."""
    seen: dict[tuple[str, str], str] = {}
    for provider, each in said.items():
        plugins = [each["plugin"], *([each["rotation"]["plugin"]] if "rotation" in each else [])]
        for key, value in (("label", each["label"]), *(("plugin", plugin) for plugin in plugins)):
            other = seen.setdefault((key, value), provider)
            if other != provider or plugins.count(value) > 1:
                raise DeclarationError(
                    f"declarations/{provider}.yml: the {key} {value} is that of declarations/{other}.yml. Take another."
                )


def _credentials(file: Path, at: str, said: list[t.Any], known: Collection[str]) -> None:
    if not said or not all(map(_KINDS[TEXTS], said)):
        raise DeclarationError(f"{_name(file)}: {at} must be a list of lists of options, such as [[token]].")
    _among(file, at, (option for whole in said for part in whole for option in part.split(" or ")), known)


def _options(file: Path, at: str, said: dict[str, t.Any], usual: dict[str, t.Any]) -> None:
    for name, own in said.items():
        here = f"{at}.{name}".lstrip(".")
        _must_be(file, here, own, MAPPING)
        _must_be(file, here, name, NAME)
        each = usual.get(name, {}) | own
        _keys(file, here, each, {"description": PROSE}, _OPTION_MAY)
        for key, words in _WORDS.items():
            _among(file, f"{here}.{key}", [each[key]] if key in each else (), words)
        if "choices" in each and "default" in each:
            _among(file, f"{here}.default", [each["default"]], each["choices"])
        kind = each.get("type", "str")
        if "default" in each and not _is_a(each["default"], _TYPES.get(kind, object)):
            raise DeclarationError(f"{_name(file)}: {here}.default must be of the type {kind}.")
        if "awx" in each:
            _keys(file, f"{here}.awx", each["awx"], _FIELD, _FIELD_MAY)
            # What all have in common need not have a variable of its own.
            if at != "usual" and not (each.get("env") or each.get("own") or each.get("global")):
                raise DeclarationError(f"{_name(file)}: {here} has awx, which sets a variable. Name that in env.")


def _keys(file: Path, at: str, said: t.Any, must: dict[str, str], may: dict[str, str]) -> None:
    """Whether those keys are there, and no others, with values of their kinds."""
    kinds = may | must
    if not isinstance(said, dict):
        raise DeclarationError(f"{_name(file)}: {at or 'the file'} must hold {', '.join(must)}.")
    for key, value in said.items():
        here = f"{at}.{key}".lstrip(".")
        if key not in kinds:
            raise DeclarationError(f"{_name(file)}: {here} is no key that is known.{_advice(str(key), kinds)}")
        _must_be(file, here, value, kinds[key])
    for key in must:
        if key not in said:
            raise DeclarationError(f"{_name(file)}: {f'{at}.{key}'.lstrip('.')} is missing. Add it.")


def _among(file: Path, at: str, found: Iterable[t.Any], known: Collection[str]) -> None:
    for each in found:
        if each not in known:
            raise DeclarationError(f"{_name(file)}: {at} cannot be {each}.{_advice(str(each), known)}")


def _advice(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, known, 1)
    return f" Do you mean {near[0]}?" if near else f" There are {', '.join(map(str, known))}."


def _must_be(file: Path, at: str, value: t.Any, kind: str) -> None:
    if not _KINDS[kind](value):
        raise DeclarationError(f"{_name(file)}: {at} must be {kind}.")


def _is_a(value: object, kind: type) -> bool:
    """Whether it is of that type; to Python, true and false are numbers too."""
    return isinstance(value, kind) and (kind in (bool, object) or not isinstance(value, bool))


def _is_yaml(text: str) -> bool:
    try:
        yaml.safe_load(text)
    except yaml.YAMLError:
        return False
    return True


def _name(file: Path) -> str:
    return f"declarations/{file.name}"
