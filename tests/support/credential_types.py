# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential types that the collection ships, and what they inject into a job."""

from __future__ import annotations

import base64
import json
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from ..awx import Attached, Awx, inject_all
from ..awx.credentials import checked
from ..awx.resources import CredentialType
from ..sandbox import Sandbox, make_pat
from .runner import ROOT

FILES = ROOT / "roles" / "awx_credential_types" / "files"
PROVIDERS = ("netbird", "netfoundry", "netography")
Inputs = Mapping[str, t.Any]


def shipped(provider: str) -> dict[str, t.Any]:
    """One of the files."""
    found: dict[str, t.Any] = yaml.safe_load((FILES / f"{provider}.yml").read_text(encoding="utf-8"))
    return found


NAMES = {provider: shipped(provider)["name"] for provider in PROVIDERS}


def kept(awx: Awx) -> dict[str, dict[str, t.Any]]:
    """The types in AWX that are not its own."""
    types = [one for one in awx.store.types.all() if not one.managed]
    return {one.name: {"kind": one.kind, "inputs": one.inputs, "injectors": one.injectors} for one in types}


def expected(*providers: str) -> dict[str, dict[str, t.Any]]:
    """The same of a service's types as they are shipped."""
    found = {}
    for provider in providers:
        values = shipped(provider)
        found[values["name"]] = {name: values[name] for name in ("kind", "inputs", "injectors")}
    return found


def injected(
    directory: Path, credentials: Mapping[str, Inputs], env: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment of a job to which a credential of each of these types is attached.

    :param credentials: provider: what is filled in, from the credential that is first by its name on.
    :param env: what the job has without them.
    """
    directory.mkdir(parents=True, exist_ok=True)
    attached = [
        _attached(f"{number} {provider}", shipped(provider), inputs)
        for number, (provider, inputs) in enumerate(credentials.items())
    ]
    found = inject_all(attached, directory, env or {})
    assert not found.extra_vars, "the types inject environment variables only"
    return dict(found.env)


def _attached(name: str, kind: Mapping[str, t.Any], inputs: Inputs) -> Attached:
    """As AWX keeps what was filled in."""
    kept = checked(CredentialType(0, kind["name"], inputs=kind["inputs"]), inputs, None)
    return Attached(name, kind["name"], kept, tuple(kind["inputs"]["fields"]), kind["injectors"])


def addresses(sandbox: Sandbox) -> dict[str, dict[str, str]]:
    """What a credential for the sandbox needs, and one for the real services does not."""
    netfoundry = {"api_url": sandbox.url, "token_url": f"{sandbox.url}/oauth/token", "environment": "sandbox"}
    return {
        "netbird": {"api_url": sandbox.url},
        "netfoundry": netfoundry,
        "netography": {"api_url": sandbox.url},
    }


def usual(sandbox: Sandbox) -> dict[str, dict[str, str]]:
    """The credential of each service that most users have, and nothing else filled in."""
    parts = {"shortname": "neto-account-1", "appname": "neto-appname-1", "appkey": "neto-appkey-1"}
    bundle = json.dumps({"url": f"{sandbox.url}/api/v1", "sharedsecret": "neto-sharedsecret-1", **parts})
    return filled(
        sandbox,
        netbird={"pat": make_pat("sandboxservice1")},
        netfoundry={"client_id": "nf-client-1", "client_secret": "nf-secret-1"},
        netography={"netosecret": base64.b64encode(bundle.encode()).decode()},
    )


def filled(sandbox: Sandbox, **inputs: Inputs) -> dict[str, dict[str, str]]:
    """These inputs with the addresses of the sandbox."""
    places = addresses(sandbox)
    return {provider: {**places[provider], **said} for provider, said in inputs.items()}


@dataclass(frozen=True)
class Other:
    """A credential for each of these services, with nothing but what its method needs.

    :param methods: of each service.
    """

    credentials: dict[str, dict[str, str]]
    methods: dict[str, str]


def others(sandbox: Sandbox) -> list[Other]:
    """All methods but those of the usual credentials and a given token, in no more jobs than it takes."""
    file = {"clientId": "nf-client-2", "password": "nf-secret-2", "authenticationUrl": f"{sandbox.url}/oauth/token"}
    parts = {"shortname": "neto-account-2", "appname": "neto-appname-2", "appkey": "neto-appkey-2"}
    idp = {"issuer": f"{sandbox.url}/idp"}
    client = {"client_id": "nb-client-3", "client_secret": "nb-secret-3"}
    return [
        Other(
            filled(
                sandbox,
                netbird={"client_id": "nb-client-2", "client_secret": "nb-secret-2", **idp},
                netfoundry={"credentials_file": json.dumps(file), "token_url": ""},
                netography={**parts, "sharedsecret": "neto-sharedsecret-2"},
            ),
            {"netbird": "client_credentials", "netfoundry": "client_credentials", "netography": "api_key"},
        ),
        Other(
            filled(
                sandbox,
                netbird={**client, "refresh_token": "nb-refresh-client-3", **idp},
                netfoundry={"account_id": "nf-account-2", "account_token": "nf-account-token-2"},
                netography={"username": "neto-user-2", "password": "neto-password-2"},
            ),
            {"netbird": "refresh_token", "netfoundry": "api_account", "netography": "user_credentials"},
        ),
        Other(
            filled(
                sandbox,
                netfoundry={"rapidapi_key": "nf-rapidapi-key-2"},
                netography={"refresh_token": "neto-refresh-2"},
            ),
            {"netfoundry": "rapidapi", "netography": "refresh_token"},
        ),
    ]
