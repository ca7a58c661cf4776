# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible hands over, as plain values of the declared type. Private to this collection.

The core's own conversion quotes the value in its error, and reads an empty string as False or as the working
directory; neither may happen to a secret or to validate_certs.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import json
import os
import typing as t
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jinja2 import Undefined

_TRUE = frozenset({"y", "yes", "on", "1", "true", "t"})
_FALSE = frozenset({"n", "no", "off", "0", "false", "f"})


ANY_NUMBER = (0,)
# Blanks that Python counts as characters: zero width space, word joiner, byte order mark.
_INVISIBLE = "\u200b\u2060\ufeff"


class WrongTypeError(Exception):
    """The value is not of the declared type; the text says what is expected."""


def plain(value: object, omit: object = None) -> t.Any:
    """The value without the core's tags and vaults; None for all that means unset.

    :param omit: the placeholder that cores before 2.19 use for ``omit``.

    Raises WrongTypeError for a value that is undefined or cannot be decrypted.
    """
    if isinstance(value, Undefined):
        raise WrongTypeError("it is undefined")
    if is_vaulted(value):
        value = _decrypted(value)
    if isinstance(value, str):
        text = str.__str__(value)
        return None if not text or text == omit else text
    return None if type(value).__name__ == "_OmitType" else value


def is_vaulted(value: object) -> bool:
    """Whether it is a text that the core has not decrypted."""
    return bool(getattr(value, "__ENCRYPTED__", False)) or type(value).__name__ == "EncryptedString"


def is_text(value: object) -> t.TypeGuard[str]:
    """Whether it is text that can be sent: JSON and the environment can hold halves of characters."""
    return isinstance(value, str) and not any("\ud800" <= char <= "\udfff" for char in value)


def without_line_end(text: str) -> str:
    """The text without the one line break that files, echo and Kubernetes secrets put at its end."""
    return text[: -2 if text.endswith("\r\n") else -1] if text.endswith("\n") else text


def oddity(text: str) -> str:
    """What is odd at the ends of a secret, an id or an address, as a part of a sentence; empty for nothing."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return "stands in quotes"
    ends = [end for end, char in (("begins", text[0]), ("ends", text[-1])) if char.isspace() or char in _INVISIBLE]
    return f"{' and '.join(ends)} with a blank" if ends else ""


def has_form_of_secret(text: str) -> bool:
    """Whether it can only be a personal access token of NetBird, a JWT, or a NETOSECRET: base64 of a JSON object."""
    if text.startswith("nbp_"):
        return True
    start = "".join(text.split()).partition(".")[0].rstrip("=")
    try:
        said = json.loads(base64.b64decode(start + "=" * (-len(start) % 4), altchars=b"-_"), strict=False)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and bool(said)


def is_blank(text: str) -> bool:
    return all(char.isspace() or char in _INVISIBLE for char in text)


def distance(one: str, other: str) -> int:
    """How many characters have to be added, taken away or replaced (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, char in enumerate(one, 1):
        last = row
        row = [number]
        for index, other_char in enumerate(other):
            row.append(min(last[index + 1] + 1, row[index] + 1, last[index] + (char != other_char)))
    return row[-1]


def _decrypted(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - each core has its own errors for it
        raise WrongTypeError("it cannot be decrypted; check the vault password") from None


def convert(value: object, kind: str, base: Path, span: Sequence[int] = ANY_NUMBER) -> str | int | bool:
    """The plain value as the declared type. Raises WrongTypeError.

    :param base: the directory that a relative path starts from.
    :param span: the least number, and the largest where there is one.
    """
    if kind == "int":
        return _number(value, *span)
    if kind in ("path", "inline"):
        return _path(value, base) if kind == "path" else _inline(value, base)
    return _KINDS[kind](value)


def _text(value: object) -> str:
    if isinstance(value, str):
        if not is_text(value):
            # An environment variable can hold bytes that are no text; they could not be sent.
            raise WrongTypeError("expected text in UTF-8")
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value))
    raise WrongTypeError("expected text; put it in quotes")


def _number(value: object, least: int, largest: int | None = None) -> int:
    """A number of seconds or of tries. Nine digits are thirty years."""
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if text.isdecimal() and len(text) <= 9 and least <= int(text) <= (int(text) if largest is None else largest):
        return int(text)
    if largest is None:
        raise WrongTypeError(f"expected a whole number of {least} or more")
    raise WrongTypeError(f"expected a whole number from {least} to {largest}")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, str | int) else ""
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise WrongTypeError("expected true or false")


def _path(value: object, base: Path) -> str:
    text = os.path.expandvars(_text(value))
    if "\0" in text:
        raise WrongTypeError("expected a path")
    try:
        return os.path.normpath(base / Path(text).expanduser())
    except RuntimeError:
        raise WrongTypeError("expected a path; ~ names no home directory there") from None


def _inline(value: object, base: Path) -> str:
    """A path, or what such a file holds, as it is: a JSON object, or text of ansible-vault. A bare name stays one."""
    if isinstance(value, Mapping):
        # Cores before 2.19 turn templated JSON into an object.
        return _json(value)
    text = _text(value)
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "$ANSIBLE_VAULT;")):
        return text
    path = _path(text, base)
    return text if text == Path(text).name and path == os.path.normpath(base / text) else path


def object_in(text: str) -> t.Any:
    """The object that a text holds as JSON or as Python writes it, as commands pass one; the text where it is none."""
    if not text.lstrip().startswith("{"):
        return text
    for read in (json.loads, ast.literal_eval):
        with contextlib.suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return read(text.strip())
    return text


def _json(value: Mapping[t.Any, t.Any]) -> str:
    """The object as JSON, without the core's tags and vaults."""
    return _as_json(value, "expected a path, or the JSON that the file holds")


def _structured(value: object) -> str:
    """A text, or what is none as JSON."""
    return (
        _as_json(value, "expected text, a list or a dictionary") if isinstance(value, Mapping | list) else _text(value)
    )


def _dictionary(value: object) -> str:
    """A dictionary as JSON; in a text, such as a variable of the environment, it is JSON already."""
    expected = "expected a dictionary; in a variable of the environment, one as JSON"
    if isinstance(value, str):
        value = object_in(value)
    if not isinstance(value, Mapping):
        raise WrongTypeError(expected)
    return _as_json(value, expected)


def _as_json(value: object, expected: str) -> str:
    try:
        return json.dumps(_all_plain(value), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        pass
    raise WrongTypeError(expected)


def _all_plain(value: object) -> object:
    """The value without the core's tags and vaults, at every depth."""
    if isinstance(value, Mapping):
        return {str(name): _all_plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_all_plain(member) for member in value]
    return plain(value)


_KINDS: Mapping[str, Callable[[object], str | int | bool]] = {
    "str": _text,
    "bool": _flag,
    "raw": _structured,
    "dict": _dictionary,
    "list": _structured,
}
