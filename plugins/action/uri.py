# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task netapi.auth.uri."""

from __future__ import annotations

import contextlib
import copy
import re
import typing as t
from collections.abc import Iterator, Mapping

from ansible.utils.display import Display

from ansible_collections.netapi.auth.plugins.plugin_utils import _vaulted
from ansible_collections.netapi.auth.plugins.plugin_utils._core import config, uri_arguments
from ansible_collections.netapi.auth.plugins.plugin_utils._core.action import AuthAction
from ansible_collections.netapi.auth.plugins.plugin_utils._core.connection import authorities, pipelined, proxied
from ansible_collections.netapi.auth.plugins.plugin_utils._core.connection import is_here as _is_here
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import masking, urls
from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import spellings
from ansible_collections.netapi.auth.plugins.plugin_utils._options.values import object_in, plain
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.base import Provider
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Session, begin

_NAME = "netapi.auth.uri"
_OWN = ("auth", "auth_options", "auth_hosts")
# Options that defaults of the action groups may set, and that make no sense for a request.
_NOT_FOR_REQUESTS = config.TASK_OPTIONS | {"refresh", "whoami"}
_REFUSED = 401
# What OpenSSL says of the certificate of an unknown authority, which the original repeats.
_UNKNOWN_AUTHORITY = r"CERTIFICATE_VERIFY_FAILED.*(issuer|self.signed|first certificate)"
# Options that name files which ansible-vault may have encrypted.
_FILES = frozenset({"ca_path", "client_cert", "client_key"})
# The one header that holds no secret.
_HOST = "x-rapidapi-host"
# Schemes whose header is the permanent credential itself.
_PERMANENT = frozenset({"Token", "Basic", "RapidAPI"})


class ActionModule(AuthAction):
    """ansible.builtin.uri with a credential attached."""

    # As the original says it, for `until` and `failed_when`, which are evaluated after a failure too.
    _without_answer: t.ClassVar[Mapping[str, t.Any]] = {"status": -1}

    def __init__(self, *arguments: t.Any, **keywords: t.Any) -> None:
        super().__init__(*arguments, **keywords)
        # The tokens and headers of this task, the refused one of a first try too.
        self._attached: set[str] = set()

    def _hidden(self, arguments: Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Of a request, only what may hold a secret is hidden."""
        return uri_arguments.shown(arguments, {*config.original_options(), "auth", "auth_hosts"})

    def _result(self, arguments: dict[str, t.Any], variables: Mapping[str, t.Any]) -> dict[str, t.Any]:
        auth, options, hosts = (arguments.pop(name, None) for name in _OWN)
        _check_names(arguments, auth)
        provider = _chosen(auth)
        self._remark_environment(provider, _NAME)
        session = self._call(provider, _dictionary(options, provider), variables)
        url = uri_arguments.address(arguments.get("url"), session.credential.api_url, hosts)
        # Before a token is requested. Which headers a static credential has is known with its token only.
        uri_arguments.check(arguments, () if session.credential.ready else ("Authorization",), provider.name)
        if self._task.check_mode and not _only_reads(arguments):
            return self._original(arguments, variables, check_mode=True)
        result, token, remark = self._last_answer(session, arguments, url, variables)
        if remark := remark or _refusal(result, provider):
            is_there = urls.same_origin(url.partition("#")[0], session.credential.api_url)
            question = session.question(session.options.as_said("api_url") if is_there else "url")
            remedy = question.remedy(url, token, result)
            Display().warning(f"netapi.auth.uri: {provider.label} {remark} {remedy} {session.account}")
        if result.get("status") == -1 and re.search(_UNKNOWN_AUTHORITY, str(result.get("msg"))):
            self._remark_authority(session, arguments)
        return result

    def _remark_authority(self, session: Session, arguments: Mapping[str, t.Any]) -> None:
        """Say which ca_path counts, where a certificate is signed by an authority that is not known."""
        is_own = plain(arguments.get("ca_path")) is not None
        is_options = _is_here(self._connection) and not is_own
        place = session.options.ways("ca_path") if is_options else "ca_path of the task, which is a file on that host"
        advice = f"Set ca_path to the certificate of that authority. Use {place}."
        if is_own or (is_options and session.options.is_set("ca_path")):
            known = "ca_path of the task" if is_own else session.options.whence("ca_path")
            advice = f"The certificate of that authority is not in {known}. Correct that, or add it there."
        start = f"{_NAME}: the host that makes the request does not know the authority that signed the certificate."
        Display().warning(f"{start} {advice}")

    def _last_answer(
        self, session: Session, arguments: Mapping[str, t.Any], url: str, variables: Mapping[str, t.Any]
    ) -> tuple[dict[str, t.Any], dict[str, t.Any], str]:
        """The last result of the original, its token, and a remark. A refused token is replaced once."""
        token = session.result()
        said = uri_arguments.arguments(arguments, url, token["headers"], session.provider.name)
        with self._carried(session, said) as carried:
            first = self._answer(session, carried, token, variables)
            if not _is_refused(first) or token["source"] == "given":
                return first, token, ""
            if session.invalidate(token["access_token"]):
                token = session.result()
                return self._answer(session, carried, token, variables), token, ""
        remark = (
            f"answered {_REFUSED} to two tokens in a row, so no other is asked for. Set refresh: true in auth_options "
            "once the cause is mended."
        )
        return first, token, remark

    def _call(self, provider: Provider, options: Mapping[str, t.Any], variables: Mapping[str, t.Any]) -> Session:
        definitions = config.definitions(provider)
        names = spellings(definitions)
        for name in options:
            if name not in names and name in {*config.original_options(), *_OWN}:
                raise OptionError(f"{name} is an option of the task itself. Take it out of auth_options.")
        config.check_no_task_options(options, provider, "auth_options")
        defaults, places = config.beside(
            self._task, provider, names, options, _NOT_FOR_REQUESTS, self._templar.template
        )
        sources = config.sources(
            provider,
            {**defaults, **options},
            variables,
            self._templar.template,
            self._loader,
            argument="the option auth_options.",
            places=places,
        )
        return begin(provider, definitions, sources, config.run())

    def _answer(
        self, session: Session, carried: Mapping[str, t.Any], token: Mapping[str, t.Any], variables: Mapping[str, t.Any]
    ) -> dict[str, t.Any]:
        """What the original says to the request with this token, with the secrets replaced."""
        if token["token_type"] in _PERMANENT and self._connection.transport != "local":
            Display().warning(
                f"netapi.auth.uri sends the permanent credential ({session.method}) to the managed host, which makes "
                "the request. Use delegate_to: localhost."
            )
        if _is_bound(token) and not carried.get("client_cert"):
            Display().warning(
                f"{_NAME}: the token is bound to a client certificate (cnf), which this request does not show, so the "
                "API may refuse it. Set client_cert and client_key of the task to that certificate."
            )
        attached = {**carried, "headers": {**carried["headers"], **token["headers"]}}
        result = self._original(attached, variables, check_mode=False)
        headers = [value for name, value in token["headers"].items() if name != _HOST]
        self._attached.update(masking.of_token(token["access_token"], headers))
        secrets = (*self._attached, *session.own_secrets, *session.secrets_of_address("proxy"))
        shown: dict[str, t.Any] = masking.hide(result, secrets)
        return shown

    @contextlib.contextmanager
    def _carried(self, session: Session, said: Mapping[str, t.Any]) -> Iterator[dict[str, t.Any]]:
        """The arguments with what the provider's options say of TLS and proxy, while the files and proxy are set up."""
        is_here = _is_here(self._connection)
        is_issuer = urls.same_origin(said["url"].partition("#")[0], session.credential.issuer_url)
        told = uri_arguments.of_provider(said, session.options, is_here=is_here, is_issuer=is_issuer)
        proxy = session.options.text("proxy") if is_here else None
        with contextlib.ExitStack() as stack:
            for name in sorted(told.keys() & _FILES):
                source = session.options.source(name)
                told[name] = stack.enter_context(
                    _vaulted.for_openssl(source, told[name], session.options.sources.decrypt)
                )
            path = stack.enter_context(authorities(told.get("ca_path"), session.run.local_tmp))
            stack.enter_context(proxied(proxy))
            stack.enter_context(pipelined(self._connection, self._play_context))
            yield {**said, **told, **({"ca_path": path} if path else {})}

    def _original(
        self, arguments: Mapping[str, t.Any], variables: Mapping[str, t.Any], *, check_mode: bool
    ) -> dict[str, t.Any]:
        """Run ansible.builtin.uri as a task of its own, which keeps its arguments out of every log."""
        task = self._task.copy()
        task.args = copy.deepcopy(dict(arguments))
        task.no_log = True
        task.check_mode = check_mode
        original = self._shared_loader_obj.action_loader.get(
            "ansible.builtin.uri",
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        result: dict[str, t.Any] = original.run(task_vars=variables)
        return result


def _check_names(arguments: Mapping[str, t.Any], auth: object) -> None:
    """Raise OptionError for an unknown name: first of all, since a misspelt auth leaves auth unset."""
    known = config.original_options()
    if all(name in known for name in arguments):
        return
    provider = PROVIDERS.get(str(auth))
    asked = list(PROVIDERS.values()) if provider is None else [provider]
    config.check_no_task_options(arguments, asked[0], "a request")
    options = {name: candidate.plugin for candidate in asked for name in spellings(config.definitions(candidate))}
    uri_arguments.check_names(arguments, {*known, *_OWN} if known else (), options)


def _chosen(auth: object) -> Provider:
    names = ", ".join(PROVIDERS)
    if plain(auth) is None:
        raise OptionError(
            f"auth is not set. Give one of {names}. For a plain request write ansible.builtin.uri: with the keyword "
            "collections, uri alone means netapi.auth.uri."
        )
    if not isinstance(auth, str) or auth not in PROVIDERS:
        raise OptionError(f"auth must be one of {names}. Correct it.")
    return PROVIDERS[auth]


def _dictionary(options: object, provider: Provider) -> dict[str, t.Any]:
    options = plain(options)
    if options is None:
        return {}
    if isinstance(options, str):
        options = object_in(options)
    if not isinstance(options, Mapping):
        raise OptionError(f"auth_options must be a dictionary of options of {provider.plugin}. Correct it.")
    return {str(name): value for name, value in options.items()}


def _is_bound(token: Mapping[str, t.Any]) -> bool:
    """Whether the token counts only with the certificate that its client showed (RFC 8705 section 3)."""
    bound = token["claims"].get("cnf")
    return isinstance(bound, Mapping) and "x5t#S256" in bound


def _only_reads(arguments: Mapping[str, t.Any]) -> bool:
    """Whether the request changes nothing, so that check mode can make it."""
    method = str(plain(arguments.get("method")) or "GET").upper()
    return method in ("GET", "HEAD") and not plain(arguments.get("dest"))


def _refusal(result: Mapping[str, t.Any], provider: Provider) -> str:
    """What to say of a request whose credential was refused; empty for any other result."""
    status = result.get("status")
    said = result.get("json")
    words = str(said.get("message")) if isinstance(said, Mapping) else ""
    is_gone = status == 404 and provider.name == "netbird" and "invalid token" in words
    # A redirected request has no such header, so its refusal says nothing about the credential.
    is_refusal = (status in (401, 403) or is_gone) and bool(result.get("failed")) and not result.get("redirected")
    return f"answered {status}." if is_refusal else ""


def _is_refused(result: Mapping[str, t.Any]) -> bool:
    """Whether the token was refused. A status that the user lists is an answer, and the task has not failed."""
    return result.get("status") == _REFUSED and bool(result.get("failed"))


# Read when the class is loaded, before Ansible forks: to read that documentation takes longer than the task itself.
config.original_options()


def main() -> None:
    """For ansible-lint, which looks here for what checks the arguments of a task that has an action."""
    from ansible_collections.netapi.auth.plugins.modules import uri

    uri.main()
