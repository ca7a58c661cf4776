# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which account acts: the method, and where its options came from. Private to this collection."""

from __future__ import annotations

import os

from .._errors import CacheError, ServiceError
from .._options.options import Options
from .._providers.base import Provider
from .._tokens.cache import TokenSpec
from .._tokens.cipher import EntryCipher
from .._tokens.files import Directory

# With these a service refuses a credential, or what was asked with it.
_REFUSALS = frozenset({400, 401, 403})
# With these too, where it says so in words of its own.
_IN_WORDS = frozenset({200, 404, 422})


def sentence(provider: Provider, method: str, options: Options) -> str:
    """The method with its options and their sources, never a value."""
    chosen = provider.method(method)
    belonging = (*chosen.selected_by, *chosen.needs, *chosen.uses, *chosen.reads, "api_url", "method")
    names = [name for name in dict.fromkeys(belonging) if name in options.settings and options.is_set(name)]
    if chosen.holder in names and all(setting.family != chosen.holder for setting in options.settings.values()):
        # Nothing of what it holds is used.
        names.remove(chosen.holder)
    said = ", ".join(f"{name} from {options.settings[name].source}" for name in names)
    return f"The method for {provider.label} is {method}, with {said}."


def is_first(cache: Directory, spec: TokenSpec, said: str) -> bool:
    """Whether this is said of the credential for the first time in this run, by any of its processes."""
    try:
        name = EntryCipher(spec.secret, {**spec.identity, "said": said}, cache.salt()).name
        os.close(os.open(cache.path / f"{name}.said", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return False
    except (OSError, CacheError):
        # To say it twice is better than not at all.
        return True
    return True


def explain(error: ServiceError, said: str) -> None:
    """Add to the sentence of a refusal which account was used."""
    if error.status in _REFUSALS or (error.words and error.status in _IN_WORDS):
        error.args = (f"{error} {said}",)
