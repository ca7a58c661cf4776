# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the guide for that which the source fills in at run time, as somebody would see it.

A key is an expression of the source, for one file after its name and a colon; several values are several sentences. A
value in angle brackets depends on the rest of the sentence, as ``CASES`` say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ENVIRONMENT = "the environment variable NETBIRD_AUTH_CLIENT_SECRET"
_ACCOUNT = f"The method for NetBird is client_credentials, with client_secret from {_ENVIRONMENT}."
_DISCOVERY = "https://idp.example/.well-known/openid-configuration"
_PROXY = "the proxy variables of the environment"
_REFUSED = "NetBird answered https://api.netbird.io/api/users with status 401 and said: token expired."
_REFUSED_REFRESH = (
    "The identity provider answered https://idp.example/token with status 400 and said: invalid_grant: Token is not "
    "active. Check refresh_token: it was used, has expired, or was ended by a later sign-in of the same person, which "
    "only another sign-in mends."
)
_USER_CACHE = "/home/jo/.cache/netapi_auth"

SAMPLES: Mapping[str, str | tuple[str, ...]] = {
    # Wherever they stand.
    "session.method": "pat",
    "change.name": "NetBird API",
    "error.status": "<status>",
    "host": "idp.example",
    "option": "token_url",
    "options.source(name)": "client_id, from the variable netbird_auth_client_id,",
    "options.source(others[0])": "appkey, from the variable netography_auth_appkey,",
    "options.source(option)": "<ready>",
    "options.source(secret)": f"client_secret, from {_ENVIRONMENT},",
    "options.source(used)": "token_url, from the variable netbird_auth_token_url,",
    "options.ways('environment')": "the argument environment, the variable netfoundry_auth_environment or the "
    "environment variable NF_ENVIRONMENT",
    "options.settings[name].source": "the variable netbird_auth_client_id",
    "options.ways('issuer')": "the argument issuer, the variable netbird_auth_issuer or the environment variable "
    "NETBIRD_AUTH_ISSUER",
    "options.ways('token_url')": "the argument token_url, the variable netfoundry_auth_token_url or the environment "
    "variable NETFOUNDRY_OAUTH_URL",
    "options.ways(half)": f"the argument client_secret, the variable netbird_auth_client_secret or {_ENVIRONMENT}",
    "options.ways(option)": "the argument client_id, the variable netbird_auth_client_id or the environment variable "
    "NETBIRD_AUTH_CLIENT_ID",
    "provider.label": "NetBird",
    "provider.name": "netbird",
    "provider.plugin": "netapi.auth.netbird_auth",
    "proxy.name": "the proxy proxy.example",
    "proxy.source": ("proxy, from the variable netbird_auth_proxy,", f"the address in {_PROXY}"),
    "request.url_option": "<option>",
    "settings.service": "NetBird",
    "self.label": "NetBird refresh_token",
    "self.option": "token, from the environment variable NETBIRD_AUTH_TOKEN,",
    "service": "<service>",
    "setting.source": _ENVIRONMENT,
    "timeout": "15",
    "url_option": "token_url",
    "label": "<label>",
    "spec.label": "<label>",
    "spec.issuer_host": "idp.example",
    # In one file.
    "uri.py: _REFUSED": "401",
    "uri.py: name": "url",
    "uri.py: names": "netfoundry, netography, netbird",
    "uri.py: remedy": "Check the token and the credential that it came from, and api_url.",
    "uri.py: session.options.ways('ca_path')": "the option auth_options.ca_path, the variable netbird_auth_ca_path or "
    "the environment variable NETBIRD_AUTH_CA_PATH or NETAPI_AUTH_CA_PATH",
    "uri.py: status": "401",
    "remarks.py: task": ("netapi.auth.netbird_auth", "netapi.auth.uri"),
    "accounts.py: name": "client_id",
    "accounts.py: own.source": "the environment variable <own>",
    "action.py: plugin": "jsonfile",
    "response.py: answer.status": "<status>",
    "response.py: place": "<place>",
    "response.py: shown": "sign-in.example",
    "response.py: words.rstrip('.')": "<words>",
    "credential_types.py: ' and '.join(done)": "NetFoundry API was created",
    "credential_types.py: '' if count == 1 else 's'": "s",
    "credential_types.py: count": "2",
    "credential_types.py: error": "AWX answered https://awx.example/api/v2/credential_types/ with status 503. The "
    "service is failing. Try again later, or check awx_credential_types_url.",
    "credential_types.py: name": "jo",
    "credential_types.py: self.name": "NetBird API",
    "credential_types.py: wanted.name": "NetBird API",
    "api.py: self.url": "https://awx.example",
    "config.py: found": "3.10",
    "config.py: name": "set_facts",
    "config.py: what": ("auth_options", "a request", "a lookup"),
    "config.py: group": "group/netapi.auth.netbird",
    "config.py: wanted": "3.11",
    "_errors.py: library": "<library>",
    "_errors.py: _DEBIAN.get(library, f'python3-{library}')": "<package>",
    "client.py: urls.without_secrets(request.url)": "https://idp.example/token",
    "client.py: answer.status": "503",
    "client.py: number": "2",
    "faults.py: fault.verify_message": "self-signed certificate in certificate chain",
    "faults.py: parts.hostname": "idp.example",
    "faults.py: parts.port or 443": "8080",
    "faults.py: status": "<status>",
    "files.py: path": _USER_CACHE,
    "files.py: reason(error)": "No space left on device",
    "files.py: self.path": _USER_CACHE,
    "durability.py: 'use' if self.cache == 'none' else 'run'": "<next>",
    "durability.py: self.cache": "<cache>",
    "netbird.py: what": ("a setup key, which registers peers,", "an invitation", "the token of a NetBird proxy"),
    "netbird_answers.py: api_url": "<api_url>",
    "netbird_answers.py: error": "The identity provider: idp.example did not answer within 15 seconds. Check issuer "
    "and the network, or raise timeout.",
    "netbird_answers.py: said": "<words>",
    "netfoundry_environments.py: instead": "api_url",
    "netfoundry_environments.py: said": "production",
    "netfoundry_environments.py: told": "sandbox",
    "netfoundry_file.py: ' and '.join(lacking)": "clientId and password",
    "netfoundry_file.py: reason(error)": "Permission denied",
    "netography.py: listed(_ACCOUNT)": "appname, appkey and sharedsecret",
    "netography.py: others[0]": "appkey",
    "netography.py: options.settings[others[0]].source": "the variable netography_auth_appkey",
    "netography.py: name": "sharedsecret",
    "discovery.py: issuer": "https://idp.example/realm",
    "discovery.py: name": "token_endpoint",
    "discovery.py: named": "<issuer>",
    "discovery.py: problem": "token_endpoint is plain http to another machine: anybody on the way can read the secret. "
    "Use https.",
    "endpoint.py: query": "data.token",
    "discovery.py: url": _DISCOVERY,
    "options.py: ', '.join(choices)": "none, run, user",
    "options.py: argument": "client_secret",
    "options.py: name": "<name>",
    "options.py: nearest": "client_secret",
    "options.py: other": "password",
    "options.py: way.source": "the argument <name>",
    "options.py: sources.places[argument]": "group/netapi.auth.netbird in module_defaults",
    "options.py: str(error)": "<what is expected>",
    "options.py: undefined[1]": "vault_netbird_secret",
    "options.py: variable": "netbird_auth_client_secret",
    "options.py: what": "option",
    "provenance.py: error": _REFUSED,
    "provenance.py: method": "client_credentials",
    "provenance.py: said": "<said>",
    "base.py: ' or '.join(halves)": "client_secret",
    "base.py: ', '.join(names)": "pat, refresh_token, client_secret, token",
    "base.py: ', '.join(variables)": "NB_PAT, NETBIRD_API_TOKEN, NETBIRD_PAT, NETBIRD_AUTH_REFRESH_TOKEN, "
    "NETBIRD_AUTH_CLIENT_SECRET, NETBIRD_AUTH_TOKEN",
    "base.py: first.name": "pat",
    "base.py: method.name": "client_credentials",
    "base.py: names[0]": "pat",
    "base.py: options.argument": "the argument ",
    "base.py: others[0].name": "token",
    "base.py: what": "client_id",
    "base.py: by": f"client_secret, from {_ENVIRONMENT}",
    "base.py: options.source(said[first.name])": "pat, from the environment variable NB_PAT,",
    "base.py: options.source(said[others[0].name])": "token, from the environment variable NETBIRD_AUTH_TOKEN,",
    "base.py: _strays(options, method)": "",
    "base.py: _strays(options, *methods)": "",
    "base.py: _strays(options, *provider.methods)": (
        "",
        " Of no effect is netbird_pat: write netbird_auth_pat, if that is meant.",
    ),
    "_query.py: expression": "access_token[",
    "_query.py: what": ("token_query, from the variable netbird_auth_token_query,", "The term of the lookup"),
    "static.py: _token.timestamp(expires_at)": "2026-03-01T08:00:00Z",
    "static.py: what": "token, from the environment variable NETBIRD_AUTH_TOKEN,",
    "redis_backend.py: _LOCK_LIFE": "60",
    "redis_backend.py: _TIMEOUT": "5",
    "redis_backend.py: _missing(error)": "+set",
    "redis_backend.py: self.where": "cache, from the environment variable NETAPI_AUTH_CACHE,",
    "redis_backend.py: error": "The Redis server in cache does not let its user do that. Add +del to the user's "
    "rights.",
    "refresh_tokens.py: error": _REFUSED_REFRESH,
    "refresh_tokens.py: problem": "The Redis server in cache cannot be reached. Check the address and the server.",
    "refusals.py: sentence": "Netography answered https://api.netography.com/api/auth/bearer/token with status 401 "
    "and said: Unauthorized. Check username and password.",
    "remarks.py: ', '.join(found)": "NETBIRD_AUTH_CLIENT_SECRET",
    "remarks.py: ' or '.join(halves)": "client_secret",
    "remarks.py: method.name": "pat",
    "remarks.py: name": "client_id",
    "remarks.py: options.source(secret)": "pat, from the environment variable NB_PAT,",
    "remarks.py: start": "<odd>",
    "remarks.py: nearest": "netbird_auth_client_secret",
    "remarks.py: option": "pat",
    "remarks.py: variable": "netbird_auth_client_sceret",
    "remedies.py: _token.timestamp(end)": "2026-03-01T08:02:00Z",
    "rules.py: form": "form_post",
    "remedies.py: math.ceil(wait)": "120",
    "rules.py: others": "form_basic or form_post",
    "rules.py: self.form": "json",
    "rules.py: self.grant": "client_credentials",
    "refresher.py: '' if minutes == 1 else 's'": "s",
    "refresher.py: error": "The identity provider: idp.example refuses the connection. Check the host and the port of "
    "token_url.",
    "refresher.py: granted.verb": "issued",
    "refresher.py: result.left": "3600 seconds left",
    "refresher.py: int(self.patience)": "480",
    "refresher.py: minutes": "5",
    "uri_arguments.py: urls.origin(api_url)": "https://api.netbird.io",
    "uri_arguments.py: urls.origin(place)": "https://netbird.example",
    "uri_arguments.py: auth": "netbird",
    "uri_arguments.py: clash[0]": "the header Authorization",
    "uri_arguments.py: name": "pat",
    "uri_arguments.py: options[name]": "netapi.auth.netbird_auth",
    "result.py: ', '.join(data)": "access_token, token_type, headers, expires_at, expires_in, scope, claims, api_url, "
    "provider, method, source, identity",
    "result.py: text": "claims.email",
    "session.py: max(0, int(left))": "40",
    "session.py: options.source(name)": "ca_path, from the environment variable NETAPI_AUTH_CA_PATH,",
    "session.py: self.method": "<method>",
    "session.py: self.options.source(self.method)": "token, from the environment variable NETBIRD_AUTH_TOKEN,",
    "session.py: self.provider.label": "<service>",
    "session.py: self.provider.plugin": "<plugin>",
    "session.py: what": ("sharedsecret", "a part of the credential (api_key)"),
    "role.py: error": "NetBird has no credential here.",
    "role.py: header": "auth_headers_netbird",
    "cache.py: error": f"The token cache {_USER_CACHE} is open to others. Take their rights (chmod 700).",
    "cache.py: result.left": ("3600 seconds left", "its life is unknown"),
    "urls.py: option": "token_url, from the variable netbird_auth_token_url,",
    "values.py: ' and '.join(ends)": "ends",
    "_vaulted.py: option": "client_key, from the variable netbird_auth_client_key,",
    "_waits.py: '' if whole == 1 else 's'": "s",
    "_waits.py: whole": "10",
    "whoami.py: self.url_option": "api_url",
    "awx_credential_types.py: ', '.join(names)": "netfoundry, netography, netbird",
}

# For a value in angle brackets: what a sentence says that has it, and the value there. The last is for all others.
CASES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "<label>": (
        ("refresh_token and did not finish", "NetBird refresh_token"),
        ("", "NetBird client_credentials"),
    ),
    "<ready>": (
        ("Use pat for it", "token, from the environment variable NETBIRD_AUTH_TOKEN,"),
        ("", "pat, from the environment variable NB_PAT,"),
    ),
    "<method>": (("password", "user_credentials"), ("", "token")),
    "<odd>": (
        ("cannot be right", "pat, from the environment variable NB_PAT,"),
        ("", f"client_secret, from {_ENVIRONMENT},"),
    ),
    "<own>": (("belongs", "NETBIRD_AUTH_CLIENT_ID"), ("", "NETBIRD_AUTH_TOKEN_URL")),
    "<plugin>": (("shorter than", "netapi.auth.netography_token"), ("", "netapi.auth.netbird_auth")),
    "<said>": (("The method for", f"client_secret from {_ENVIRONMENT}"), ("", _ACCOUNT)),
    "<service>": (
        ("awx_credential_types", "AWX"),
        ("AWX", "AWX"),
        ("password is kept", "Netography"),
        ("appkey", "Netography"),
        ("shortname", "Netography"),
        ("username and password", "Netography"),
        ("the user may do", "Netography"),
        ("api_url", "NetBird"),
        ("", "The identity provider"),
    ),
    "<place>": (
        ("AWX", "https://awx.example/api/v2/credential_types/"),
        ("shortname", "https://api.netography.com/api/v1/auth/token"),
        ("appkey", "https://api.netography.com/api/v1/auth/token"),
        ("username and password", "https://api.netography.com/api/auth/bearer/token"),
        ("the user may do", "https://api.netography.com/api/v1/auth/token"),
        ("api_url", "https://api.netbird.io/api/users"),
        ("", "https://idp.example/token"),
    ),
    "<option>": (("", "token_url"),),
    "<api_url>": (("set api_url to its address", "https://api.netbird.io"), ("", "https://netbird.example")),
    "<cache>": (("nothing is kept", "none"), ("", "run")),
    "<next>": (("nothing is kept", "use"), ("", "run")),
    "<issuer>": (
        ("for every tenant", "https://login.microsoftonline.com/{tenantid}/v2.0"),
        ("", "https://inner.example/realm"),
    ),
    "<name>": (
        ("Did you mean", "client_secert"),
        ("expected one of", "cache"),
        ("whole number", "timeout"),
        ("true or false", "validate_certs"),
        ("JSON", "credentials_file"),
        ("a path", "ca_path"),
        ("cannot be used", "client_secret"),
        ("", "tenant"),
    ),
    " and said: <words>": (
        ("TLS is spoken there", ""),
        ("no token endpoint answers so", ""),
        ("", " and said: <words>"),
    ),
    "<status>": (
        ("the user is a superuser", "403"),
        ("the credential type", "400"),
        ("TLS is spoken there", "400"),
        ("Too many requests", "429"),
        ("The service is failing", "503"),
        ("does not reach", "503"),
        ("does not let anybody", "403"),
        ("redirects", "302"),
        ("Something that stands before", "403"),
        ("the address is not known there", "404"),
        ("no token endpoint answers so", "404"),
        ("knows no such account", "404"),
        ("was deleted", "404"),
        ("in NetBird.", "403"),
        ("Unblock the user", "403"),
        ("has expired, or NetBird", "401"),
        ("may ask for", "403"),
        ("may do", "403"),
        ("it is known there, but may not", "400"),
        ("it was used", "400"),
        ("audience", "400"),
        ("Check scope", "400"),
        ("token_request to", "400"),
        ("DPoP", "400"),
        ("client_cert", "400"),
        ("", "401"),
    ),
    "<words>": (
        ("the user is a superuser", "You do not have permission to perform this action"),
        ("awx_credential_types", "Authentication credentials were not provided"),
        ("the credential type", "Invalid field(s): injectors"),
        ("was deleted", "invalid token"),
        ("Approve the user in", "user is pending approval"),
        ("Authorization was sent", "no valid authentication provided"),
        ("has expired, or NetBird", "token invalid"),
        ("has expired, was mistyped", "token invalid"),
        ("allows too little", "permission denied"),
        ("Unblock the user", "user is blocked"),
        ("Too many requests", "too_many_requests: Global limit has been reached"),
        ("The service is failing", "Service Unavailable"),
        ("Something that stands before", "Forbidden"),
        ("the address is not known there", "Not Found"),
        ("knows no such account", "Not Found: account not found"),
        ("it is known there, but may not", "unauthorized_client: Client not allowed"),
        ("it was used", "invalid_grant: Token is not active"),
        ("appname, appkey and sharedsecret", "Unauthorized: invalid credentials"),
        ("Check shortname", "Forbidden"),
        ("the user may do", "Forbidden"),
        ("username and password", "Unauthorized"),
        ("the token and the credential", "token expired"),
        ("what the credential may do", "Forbidden"),
        ("slash, and that the provider lets", "invalid_target: Unknown resource"),
        ("token_request, scope and audience", "invalid_request"),
        ("may ask for", "access_denied"),
        ("may do", "access_denied"),
        ("Check scope", "invalid_scope: Invalid scopes: api"),
        ("the provider does not read the request", "invalid_request: Missing form parameter: grant_type"),
        (
            "so the provider has this client",
            "invalid_client: The OAuth 2.0 Client supports client authentication method 'client_secret_post'",
        ),
        (
            "Register the client with a secret",
            "invalid_client: The OAuth 2.0 Client supports client authentication method 'private_key_jwt'",
        ),
        ("DPoP", "invalid_request: DPoP proof is missing"),
        ("client_cert", "invalid_request: Client Certificate missing for MTLS HoK Token Binding"),
        (
            "is a public one there",
            "invalid_client: The OAuth 2.0 Client supports client authentication method 'none'",
        ),
        ("Leave client_secret out", "invalid_client: AADSTS700025: Client is public"),
        ("refresh_token", "invalid_request"),
        ("", "invalid_client: Invalid client credentials"),
    ),
    "<package>": (("PyJWT", "python3-jwt"), ("", "python3-<library>")),
    "<library>": (
        ("PyJWT", "PyJWT"),
        ("cryptography", "cryptography"),
        ("(redis)", "redis"),
        ("jmespath", "jmespath"),
        ("", "requests"),
    ),
}


def of_options(expression: str, file: str) -> tuple[str, ...]:
    """What `source` and `as_said` say of options that stand there by their names; nothing for anything else."""
    called = re.match(r"(?:[a-z.]+\.)?(source|as_said)\(('[a-z_', ]+')\)", expression)
    if called is None:
        return ()
    names = re.findall(r"\w+", called[2])
    provider = next((each for each in ("netfoundry", "netography") if file.startswith(each)), "netbird")
    source = f"{names[0]}, from the variable {provider}_auth_{names[0]},"
    return (source if called[1] == "source" else " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))),)


def finished(text: str) -> str:
    """The sentence with what depends on the rest of it."""
    for gap, cases in CASES.items():
        if gap in text:
            text = text.replace(gap, next(value for part, value in cases if part in text))
    return text
