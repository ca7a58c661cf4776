# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a provider is: its methods, its credentials, its who-am-I. Private to this collection."""

from __future__ import annotations

import abc
import typing as t
from collections.abc import Callable, Mapping

from .._errors import CredentialError, ServiceError
from .._options.options import Level, Options, Setting, listed, names_of
from .._options.values import distance
from .._value import Value

if t.TYPE_CHECKING:
    from .. import _token
    from .._http.settings import HttpSettings
    from .._oauth2.endpoint import Revocation
    from .._token import Clock
    from .service_api import Api

# The most characters in which a mistyped name of a variable differs. That of a short option has to be exact.
_NEAR = 2
# ansible-runner, which AWX runs jobs with, sets these.
JOB_VARIABLES = ("AWX_ISOLATED_DATA_DIR", "JOB_ID")

Warn = Callable[[str], None]


class Credential(Value, abc.ABC):
    """One method's credential, a value that checks itself when it is made (CredentialError).

    Each has a field ``api_url``, the base address that its tokens are for.
    """

    # Whether its grant needs no network.
    ready: t.ClassVar[bool] = False
    # Whether its secret is a password of a person: it is sent once, and what comes of it is kept for the run only.
    personal: t.ClassVar[bool] = False

    if t.TYPE_CHECKING:
        # A property here, so that each credential can have the field at its own position.
        @property
        def api_url(self) -> str:
            raise NotImplementedError

    @property
    @abc.abstractmethod
    def secret(self) -> str:
        """The permanent credential, from which the keys of the cache entry come."""

    @property
    @abc.abstractmethod
    def identity(self) -> Mapping[str, str]:
        """What else tells its tokens from others; no secret."""

    @property
    def lasting(self) -> str:
        """The same without what somebody replaces meanwhile, in whose place stands where it comes from."""
        return self.secret

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it must never be in a sentence."""
        return (self.secret,)

    @property
    def given(self) -> _token.GivenRefreshToken | None:
        """The refresh token, where that is the credential; its successors are kept. None for any other credential."""
        return None

    @property
    def turn(self) -> Mapping[str, str] | None:
        """By what its grants take turns, where its secret is one that somebody replaces; None for the secret itself."""
        return None

    def again(self) -> Credential:
        """The same with what is read at each use as it is at this moment. Raises CredentialError and OptionError."""
        return self

    @property
    def issuer_url(self) -> str:
        """Where its tokens come from, for remarks."""
        return self.api_url

    def userinfo_url(self, settings: HttpSettings) -> str:
        """Where the provider of its tokens says whose one is. Raises CredentialError where that is not known.

        Asked only of a credential whose service has no answer of its own.
        """
        raise NotImplementedError

    @abc.abstractmethod
    def grant(self, settings: HttpSettings, clock: Clock) -> _token.TokenResponse:
        """What a request with the credential brings. Raises ServiceError."""

    def renew(self, settings: HttpSettings, clock: Clock, refresh_token: str) -> _token.TokenResponse:
        """What a request with a refresh token brings. Raises ServiceError.

        Asked only of a credential that is a refresh token, or whose grant brought one.
        """
        raise NotImplementedError

    def revocation(self, settings: HttpSettings, token: str) -> Revocation | None:
        """How a token is revoked; None where the provider has no way to. Raises ServiceError."""
        return None


class Method(Value):
    """One way to a token.

    :param selected_by: the options any one of which selects it.
    :param needs: the options without which it cannot be; ``make`` checks what is not that simple.
    :param named_by: options that are enough for it where ``method`` names it.
    :param instead: options any one of which makes ``needs`` needless.
    :param uses: further options that belong to it. Alone they are half of it, and beside it they select no second
        method.
    :param reads: what else decides whose tokens these are, and where they come from.
    :param holder: the option whose value holds other options; empty for none.
    :param selected_with: options with the value that selects it, where no other method is selected by the same source.
    :param opened: the options with those that the holder's value says, and without what it does not use.
    :param follows: the option that decides the addresses which nobody has set; None where they are always the same.
    """

    name: str
    selected_by: tuple[str, ...]
    make: Callable[[Options, Warn], Credential]
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    holder: str = ""
    opened: Callable[[Options, Warn], Options] | None = None
    selected_with: Mapping[str, str] = {}
    instead: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    follows: Callable[[Options], str] | None = None


Whoami = Callable[["Api", "_token.Token"], dict[str, t.Any]]
Ahead = Callable[["Api", "_token.Token", Mapping[str, t.Any]], str]
Explain = Callable[[ServiceError, "_token.Token", str, str], tuple[str, str]]


class Provider(Value):
    """One service.

    :param methods: in the order in which the environment decides.
    :param whoami: asks the API who the token is. Raises ServiceError.
    :param explain: what a refusal of who-am-I means and what to do about it, as sentences, from the error, the token,
        the address of the API and where the token is from; empty where the service has no words of its own for it.
    :param kind: what a given token is, as far as its form says it; empty for a form that all have.
    :param tells_all: whether it says of each token whose it is.
    :param ahead: the warning that the credential ends soon, from the API, the token and whose it is; empty for none.
    :param pause: seconds to wait after a 429 of its API that does not say how long.
    :param secrets: the options that hold secrets.
    :param find: reads default files, which are the least specific source.
    :param expand: adds what a file says, before a method is chosen. Raises CredentialError.
    :param ignored: environment variables that other software has too, each with a test of a value that is not ours.
    :param headers: the options that go into a header as they are.
    :param inline: options that name a file, or hold what such a file holds.
    :param shared: the options whose variables serve something else as well.
    """

    name: str
    label: str
    plugin: str
    methods: tuple[Method, ...]
    whoami: Whoami
    secrets: tuple[str, ...]
    find: Callable[[], Mapping[str, Setting]] = dict
    expand: Callable[[Options], Options] | None = None
    ignored: Mapping[str, Callable[[str], bool]] = {}
    headers: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    explain: Explain | None = None
    kind: Callable[[str], str] | None = None
    tells_all: bool = True
    pause: float | None = None
    ahead: Ahead | None = None

    def method(self, name: str) -> Method:
        return next(method for method in self.methods if method.name == name)


def choose(provider: Provider, options: Options) -> Method:
    """The method that the options select. Raises CredentialError for none, for two and for half of one."""
    wanted = options.text("method")
    if wanted is not None:
        method = provider.method(wanted)
        if not (
            any(map(options.is_set, (*method.selected_by, *method.named_by))) or _is_selected_with(method, options)
        ):
            raise missing(options, " or ".join(method.selected_by), method, method.selected_by[0])
    else:
        method = _selected(provider, options)
    for name in method.needs:
        if not options.is_set(name) and not any(map(options.is_set, method.instead)):
            raise missing(options, name, method, name)
    return method


def missing(options: Options, what: str, method: Method, option: str) -> CredentialError:
    selecting = next(filter(options.is_set, ("method", *method.selected_by, *method.selected_with)))
    by = options.settings["method"].source if selecting == "method" else options.source(selecting).rstrip(",")
    return CredentialError(
        f"The method {method.name}, selected by {by}, needs {what}, which is not set. Use {options.ways(option)}."
        f"{_strays(options, method)}"
    ).because("half_credential", option)


def _selected(provider: Provider, options: Options) -> Method:
    for level in (Level.ARGUMENT, Level.VARIABLE, Level.ENVIRONMENT, Level.FILE):
        said = {method.name: _said(method, options, level) for method in provider.methods}
        chosen = [method for method in provider.methods if said[method.name]]
        chosen = chosen or [method for method in provider.methods if _is_selected_with(method, options, level)]
        if not chosen:
            continue
        first = chosen[0]
        others = [method for method in chosen[1:] if said[method.name] not in chosen[0].uses]
        if others and level in (Level.ARGUMENT, Level.VARIABLE):
            raise CredentialError(
                f"{options.source(said[first.name])} selects the method {first.name}, and "
                f"{options.source(said[others[0].name])} the method {others[0].name}. Leave one of them out, or set "
                "method."
            ).because("two_methods", said[first.name])
        return first
    raise _nothing(provider, options)


def _said(method: Method, options: Options, level: Level) -> str:
    """The selecting option that this source says; empty for none."""
    return next((name for name in method.selected_by if options.is_set(name) and options.level(name) is level), "")


def _is_selected_with(method: Method, options: Options, level: Level | None = None) -> bool:
    """Whether an option has the value that selects this method.

    :param level: the only source that is looked at; None for all.
    """
    return any(
        options.text(name) == value and level in (None, options.level(name))
        for name, value in method.selected_with.items()
    )


def _nothing(provider: Provider, options: Options) -> CredentialError:
    """The error for no credential. Half of one, which is most likely a slip, is named first."""
    parts = dict.fromkeys(name for method in provider.methods for name in (*method.needs, *method.uses))
    for name in filter(options.is_set, parts):
        methods = [method for method in provider.methods if name in (*method.needs, *method.uses)]
        halves = [half for method in methods for half in method.selected_by]
        # For client_id it is client_secret, though a refresh token needs a client too.
        half = next((half for half in halves if half.startswith(name.partition("_")[0])), halves[0])
        others = [other for other in dict.fromkeys(halves) if other != half]
        besides = f" In its place {' or '.join(others)} would do." if others else ""
        return CredentialError(
            f"{half} is not set, and {options.settings[name].source} is. "
            f"Use {options.ways(half)}.{besides}{_strays(options, *methods)}"
        ).because("half_credential", half)
    names = [name for method in provider.methods for name in method.selected_by]
    variables = [entry["name"] for name in names for entry in options.definitions[name].get("env") or ()]
    return CredentialError(
        f"{provider.label} has no credential here: give one of {', '.join(names)} as {options.argument}{names[0]} "
        f"and the like, as a variable such as {provider.name}_auth_{names[0]}, or by an "
        f"environment variable of the controller: {', '.join(variables)}.{_attach(provider, options)}"
        f"{_strays(options, *provider.methods)}"
    ).because("no_credential")


def _attach(provider: Provider, options: Options) -> str:
    """A sentence about the credential of a job; empty elsewhere."""
    if not any(options.sources.environment.get(name) for name in JOB_VARIABLES):
        return ""
    return f" In AWX, attach a credential of the type {provider.label} API to the job template."


def _strays(options: Options, *methods: Method) -> str:
    """A sentence about variables that may be meant for options that are not set; empty for none.

    A play may use a name without ``auth_`` for itself, so nothing else warns of it.
    """
    names = {name for method in methods for name in (*method.selected_by, *method.needs, *method.uses)}
    said = options.sources.variables
    found = {}
    for name in sorted(names - options.sources.arguments.keys()):
        for right in names_of(options.definitions[name], "vars"):
            short = right.replace("_auth_", "_", 1)
            most = min(_NEAR, len(name) // 4)
            near = [variable for variable in said if "_auth_" not in variable and distance(variable, short) <= most]
            found.update(dict.fromkeys(near if right not in said else (), right))
    if not found:
        return ""
    return (
        f" Of no effect {'is' if len(found) == 1 else 'are'} {listed(list(found))}: write "
        f"{listed(list(dict.fromkeys(found.values())))}, if that is meant."
    )
