# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets out of what a user sees. Private to this collection."""

from __future__ import annotations

import base64
import functools
import importlib
import json
import re
import typing as t
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

from .._value import Value

try:
    # By its name, because type checkers run where an older core is installed.
    _core: t.Any = importlib.import_module("ansible.module_utils.secrets")
except ImportError:
    # Before 2.22 the core masks nothing by itself.
    _core = None

# As the core writes it where no_log hides a part.
HIDDEN = "********"
# A string in JSON (RFC 8259 section 7), and the colon after it if it is a key.
_JSON_TEXT = r'"(?:[^"\\]|\\.)*"(\s*:)?'
# Characters. A shorter secret is replaced nowhere: it is too likely a part of a word that means something else.
SHORTEST = 8
# What JSON writes as a backslash and one character (RFC 8259 section 7); the last one is Python's.
_SHORT_ESCAPES = {"\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "/": "/", '"': '"', "'": "'"}
# Each of these also fits a text that was escaped a second time as a whole. The bounds keep the search quick.
_BACKSLASHES = r"\\{1,3}"
_PERCENT = "%(?:25){0,2}"
_AMPERSAND = rf"(?:&|{_BACKSLASHES}u0026)(?:amp;){{0,2}}"
# Of no width, though they count as printable: fillers, joiners and variation selectors.
_INVISIBLE = "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
# A personal access token of NetBird, whoever's it is: one may be said that nobody here has been given.
_PAT = r"nbp_[0-9A-Za-z]{30,}"
# A character of base64 that holds bits of a secret and of its neighbour.
_SHARED = "[A-Za-z0-9+/_-]?"


class _Form(Value):
    """One form in which a secret may stand in a text.

    :param part: plain characters that stand in it however it was escaped. Looking for them is quick.
    :param pattern: gives what matches it. To make it takes long: once, and only for a text with that part.
    """

    part: str
    pattern: Callable[[], str]


def is_short(secret: str) -> bool:
    return len(secret) < SHORTEST


def of_token(text: str, others: Iterable[str]) -> list[str]:
    """A token and what else comes of it, but no header of a token that is too short to be replaced."""
    return [text, *(other for other in others if not (is_short(text) and other.endswith(f" {text}")))]


def mask(text: str, secrets: Iterable[str]) -> str:
    """The text with each secret replaced, in every form."""
    return _replaced(text, _known(secrets))


def plain(text: str, secrets: Iterable[str]) -> str:
    """A text from outside as one line that shows all it holds: no secret, no control character, nothing invisible."""
    # Masked before, because blanks in a secret may change here, and after, because removed characters may split one.
    shown = re.sub(_INVISIBLE, "", "".join(char if char.isprintable() else " " for char in mask(text, secrets)))
    return re.sub(_PAT, HIDDEN, mask(" ".join(shown.split()), secrets))


def hide(value: t.Any, secrets: Iterable[str]) -> t.Any:
    """A value as JSON has them, with the secrets in its texts replaced. Keys and numbers stay as they are."""
    return _hidden(value, _known(secrets))


def register(secrets: Iterable[str]) -> None:
    """Have the core replace the secrets wherever it shows something, where it can (from 2.22 on).

    Forks do not tell each other, so each one registers the secrets that it uses.
    """
    if _core is not None:
        _core.register_secrets(text for secret in secrets if not is_short(secret) for text in _texts(secret))


def _texts(secret: str) -> set[str]:
    """The forms in which the secret is most often sent, since the core looks for exact texts only."""
    plain = secret.encode("utf-8", "surrogatepass")
    coded = {code(plain).decode() for code in (base64.b64encode, base64.urlsafe_b64encode)}
    quoted = {quote(plain, safe=""), quote(plain), quote_plus(plain)}
    lower = {re.sub("%..", lambda found: found[0].lower(), text) for text in quoted}
    escaped = json.dumps(secret)[1:-1]
    in_json = {escaped, escaped.replace("/", r"\/")}
    return {secret, *coded, *(text.rstrip("=") for text in coded), *quoted, *lower, *in_json}


def _known(secrets: Iterable[str]) -> list[_Form]:
    """Every form of every secret that is long enough, the longest first, since one may be part of another."""
    long = sorted({secret for secret in secrets if not is_short(secret)}, key=len, reverse=True)
    return [form for secret in long for form in _forms(secret)]


def _forms(secret: str) -> Iterator[_Form]:
    yield _form(secret, lambda: "".join(map(_written, secret)))
    plain = secret.encode("utf-8", "surrogatepass")
    # In a longer text that is coded as a whole, a secret begins at one of three places of a group (RFC 4648 section 4).
    for before in range(3):
        bits = (before + len(plain)) * 8
        digits = base64.b64encode(bytes(before) + plain).decode()[-(-before * 8 // 6) : bits // 6]
        yield _form(digits, functools.partial(_coded, digits, before, bits % 6))


def _coded(digits: str, before: int, bits: int) -> str:
    """What matches digits of base64 that begin and end with these numbers of bytes and bits left in a group."""
    end = f"{_SHARED}(?:{_written('=')}){{0,2}}" if bits else ""
    return f"{_SHARED if before else ''}{''.join(map(_digit, digits))}{end}"


def _form(text: str, pattern: Callable[[], str]) -> _Form:
    return _Form(max(re.findall("[A-Za-z0-9]+", text), key=len, default=""), functools.cache(pattern))


def _digit(char: str) -> str:
    """A digit of base64, in either alphabet (RFC 4648 sections 4 and 5)."""
    return {"+": f"(?:-|{_written('+')})", "/": f"(?:_|{_written('/')})"}.get(char, char)


@functools.cache
def _written(char: str) -> str:
    """What matches a character in JSON, HTML, an address or a form. None of them escapes letters and digits."""
    if char.isascii() and char.isalnum():
        return char
    code = ord(char)
    pair = char.encode("utf-16-be", "surrogatepass").hex()
    ways = [
        "".join(f"{_BACKSLASHES}u{_any_case(pair[start : start + 4])}" for start in range(0, len(pair), 4)),
        "".join(f"{_PERCENT}{_any_case(f'{byte:02x}')}" for byte in char.encode("utf-8", "surrogatepass")),
        f"{_AMPERSAND}#(?:0{{0,7}}{code}|[xX]0{{0,7}}{_any_case(f'{code:x}')});?",
        *(f"{_AMPERSAND}{name};" for name in _entities().get(char, ())),
    ]
    if char in _SHORT_ESCAPES:
        ways.append(f"{_BACKSLASHES}{_SHORT_ESCAPES[char]}")
    # Last, because an escape can begin with what it stands for.
    ways.append({"\\": r"\\{1,4}", " ": r"[ +]"}.get(char, re.escape(char)))
    return f"(?:{'|'.join(ways)})"


def _any_case(digits: str) -> str:
    return "".join(f"[{char}{char.upper()}]" if char.isalpha() else char for char in digits)


@functools.cache
def _entities() -> dict[str, list[str]]:
    """The names that HTML has for a character."""
    # Imported here, because a result without a secret needs none of it.
    from html.entities import html5

    names: dict[str, list[str]] = {}
    for name, text in html5.items():
        if name.endswith(";"):
            names.setdefault(text, []).append(name[:-1])
    return names


def _replaced(text: str, known: Iterable[_Form]) -> str:
    for form in known:
        if form.part in text:
            text = re.sub(form.pattern(), HIDDEN, text)
    return text


def _in_texts(document: str, known: list[_Form]) -> str:
    """A JSON document with the secrets in its strings replaced, so that it stays valid JSON."""
    return re.sub(_JSON_TEXT, lambda found: found[0] if found[1] else _replaced(found[0], known), document)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _hidden(value: t.Any, known: list[_Form]) -> t.Any:
    if isinstance(value, str):
        masked = _replaced(value, known)
        if masked != value and _is_json(value):
            masked = _in_texts(value, known)
        # The core tags texts with their origin, which a replaced text would lose.
        return value if masked == value else masked
    if isinstance(value, Mapping):
        return {name: _hidden(member, known) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item, known) for item in value]
    return value
