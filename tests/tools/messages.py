# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make messages`: write every sentence of the source into the guide to troubleshooting.

First those that are said without a failure, with cause and fix; then what providers answer, from the table that the
tests hold; then the errors, by what is wrong.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

from . import samples, sentences, symptoms
from .causes import ROWS, Row
from .cores import ROOT
from .sentences import Said

PAGE = Path("docs/docsite/rst/guide_troubleshooting.rst")
BEGIN = ".. messages: begin"
END = ".. messages: end"
AWX = "The role awx_credential_types"
# A section for each kind, except in the files that have one of their own.
SECTIONS = {
    "OptionError": "Options",
    "CredentialError": "Credentials",
    "ServiceError": "Services",
    "explained": "Services",
    "AuthError": "Faults of the cache",
    "CacheError": "Faults of the cache",
    "MissingLibraryError": "Libraries and Python",
    "WrongLibraryError": "Libraries and Python",
    "OldPythonError": "Libraries and Python",
    "warning": "Warnings",
    "wait": "Warnings",
    "remark": "Remarks with -v",
    "result": "What state: absent says",
}
PLACES = {
    "credential_types.py": AWX,
    "api.py": AWX,
    "awx_credential_types.py": AWX,
    "uri_arguments.py": "The task netapi.auth.uri",
    "uri.py": "The task netapi.auth.uri",
}
# The sections in their order, and what stands at their beginning.
INTRODUCTIONS = {
    "Warnings": (
        "They begin with ``[WARNING]:`` and stand above the line of the task, which goes on. Each is shown once a run."
    ),
    "Remarks with -v": "They come with ``-v``, the one about a token from the cache with ``-vvv``. Nothing is wrong.",
    "Faults of the cache": (
        "Each is a warning, which goes on with *Until then more tokens are asked for than needed*, and the token is "
        "handed out all the same. The task fails only with ``state: absent``, with a refresh token that was given, "
        "whose successor the cache may have, and in the role ``auth_headers`` where the temporary directory of the run "
        "cannot be used."
    ),
    "What providers answer": (
        "The same word means different things. These are answers as the services give them, and the options to look at "
        "first, each of which an error names in the first sentence of its advice. Long words are cut in the middle."
    ),
    "Refusals": (
        "A task or a lookup fails with these: a service has answered, and not with a token. After the words of the "
        "service stands what mends it; the words here are an example. In the end the error says which account was used."
    ),
    "Services": (
        "A task or a lookup fails with these: no answer came, or one that cannot be used. The sentence begins with the "
        "service, with *The identity provider*, or with *AWX*."
    ),
    "Options": "A task or a lookup fails with these before anything is sent.",
    "Credentials": "A task or a lookup fails with these before anything is sent.",
    "The task netapi.auth.uri": (
        "The task fails with these before anything is sent. For a status that is not expected see `The status was 401 "
        "or 403`_."
    ),
    AWX: "The role fails with these, and with those of `Services`_ that begin with AWX.",
    "Libraries and Python": "A task or a lookup fails with these. The library belongs to the Python that runs Ansible.",
    "What state: absent says": "The task does not fail: this is ``msg`` in its result.",
}
# Where an answer of the table says why.
_FIELDS = ("error", "error_description", "errorCode", "errorSummary", "name", "message")
# Characters.
_LONGEST = 150
_OPTION = (
    r"(client_(id|secret|cert|key)|token_(request|url|field)|scope|audience|method|refresh_token|issuer|netosecret|"
    r"appname|appkey|sharedsecret|shortname|username|password|api_url|token)"
)
# What else is to be looked at, by what a sentence says of it.
_BESIDES = {
    "at the provider": "what the client may do at the provider",
    "DPoP": "DPoP at the provider",
    "later sign-in": "sign in again",
    "deleted": "whether it was deleted",
    "slash": "its slash at the end",
    "public": "set none for a public client",
}
# Files whose warnings are faults of a cache.
_CACHES = ("cache.py", "redis_backend.py")
# The sections whose sentences have a cause and a fix in symptoms.py; the others say both themselves.
EXPLAINED = frozenset({"Warnings", "Faults of the cache"})
# The sentence of the core for a library that is missing; the collection's own follows it.
_MISSING = (
    "Failed to import the required Python library ({}) on controller's Python /usr/bin/python3. Please read the module "
    "documentation and install it in the appropriate location. If the required library is installed, but Ansible is "
    "using the wrong Python interpreter, please consult the documentation on ansible_python_interpreter {}"
)


def said(root: Path) -> list[Said]:
    """Everything that the collection says, each as a whole sentence."""
    files = sentences.sources(root)
    errors = files["_errors.py"]
    where = errors.returned(errors.functions["where_it_is"])[0]
    found: list[Said] = []
    for each in (each for source in files.values() for each in source.said()):
        texts = each.texts
        if each.kind == "MissingLibraryError":
            texts = tuple(samples.finished(_MISSING.format(text, where)) for text in texts)
        found.append(replace(each, texts=texts))
    return found


def section(each: Said, text: str) -> str:
    """Where a sentence stands; empty for what is only a part of others."""
    kind = SECTIONS.get(each.kind, "")
    if "AWX" in text or "awx_credential_types" in text:
        return AWX
    if kind == "Services" and " with status " in text:
        return "Refusals"
    if kind == "Warnings" and each.place.startswith(_CACHES):
        return "Faults of the cache"
    is_error = each.kind.endswith("Error")
    return PLACES.get(each.place.partition(":")[0], kind) if is_error else kind


def answers() -> str:
    """The table of what providers answer, and what mends it, from the table of the tests."""
    lines = ["* - Who", "  - Status and words", "  - What to look at"]
    for who, words, mends in dict.fromkeys(map(_cells, filter(_is_told, ROWS))):
        lines += [f"* - {who}", f"  - {words}", f"  - {mends}"]
    indented = "\n".join(f"   {line}" for line in lines)
    return f".. list-table::\n   :header-rows: 1\n   :widths: 15 55 30\n\n{indented}\n"


def _is_told(row: Row) -> bool:
    return bool(row.of and _told(row)) and row.answer.status not in (200, 429)


def _told(row: Row) -> str:
    """The words of an answer as the sentence has them; the page and the table have room for some."""
    try:
        body = json.loads(row.answer.body)
    except ValueError:
        return ""
    words = [str(body[name]) for name in _FIELDS if name in body]
    text = ": ".join(words)
    return text if len(text) <= _LONGEST else f"{text[:40]} ... {text[-(_LONGEST - 45) :]}"


def _cells(row: Row) -> tuple[str, str, str]:
    options = [name for name in row.names if re.fullmatch(_OPTION, name)]
    looks = [f"``{name}``" for name in options]
    looks += [_BESIDES[name] for name in row.names if name in _BESIDES]
    return row.of, f"``{row.answer.status}`` ``{_told(row)}``", ", ".join(looks)


def listing(root: Path) -> str:
    """The part of the page that is made from the source."""
    found: dict[str, set[str]] = {title: set() for title in INTRODUCTIONS}
    for each in said(root):
        for text in each.texts:
            if title := section(each, text):
                found[title].add(text)
    parts = []
    for title, introduction in INTRODUCTIONS.items():
        entries = answers() if not found[title] else _lines(found[title])
        if title in EXPLAINED:
            entries = _entries(found[title])
        parts.append(f"{title}\n{'-' * len(title)}\n\n{introduction}\n\n{entries}")
    return "\n".join(parts)


def _entries(texts: set[str]) -> str:
    """The sentences by their causes; those without one come last."""
    of_part: dict[str, set[str]] = {part: set() for part in (*symptoms.REASONS, "")}
    for text in texts:
        of_part[symptoms.part_of(text)].add(text)
    parts = []
    for part, reason in symptoms.REASONS.items():
        if of_part[part]:
            heading = f"{reason.title}\n{'^' * len(reason.title)}"
            parts.append(f"{heading}\n\n{_lines(of_part[part])}\n:Cause: {reason.cause}\n:Fix: {reason.fix}\n")
    return "\n".join([*parts, *([_lines(of_part[""])] if of_part[""] else [])])


def _lines(texts: set[str]) -> str:
    return "".join(f"- ``{text}``\n" for text in sorted(texts, key=str.lower))


def page(root: Path) -> str:
    """The page as it is to be."""
    text = (root / PAGE).read_text(encoding="utf-8")
    start = text.index(BEGIN) + len(BEGIN)
    end = text.index(END)
    return f"{text[:start]}\n\n{listing(root)}\n{text[end:]}"


def main() -> int:
    """Write the page."""
    (ROOT / PAGE).write_text(page(ROOT), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
