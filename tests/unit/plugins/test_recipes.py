# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recipes of the guide to OAuth 2.0 ask as the provider's own page says.

What is expected was written from those pages, before the code was run. The options are those of the guide's own
examples, to the letter: all hosts are one server on loopback, over TLS and a proxy.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
import ssl
import time
import typing as t
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import trustme
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.tools import examples
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused, trusted
from ansible_collections.netapi.auth.tests.unit.plugins import pages
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import HOST, Seen, Server, reply, tunnel_to

TEXT = (ROOT / guide.OAUTH2).read_text(encoding="utf-8")
CLIENT_CREDENTIALS = {"grant_type": "client_credentials"}
JWT_BEARER = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}
TOKEN_EXCHANGE = {"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"}
ASSERTED = {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
TENANT = "11111111-2222-3333-4444-555555555555"
ENTRA_CLIENT = "66666666-7777-8888-9999-000000000000"
KEYCLOAK = "https://login.example.com/realms/automation"
ENTRA = f"https://login.microsoftonline.com/{TENANT}"
GITHUB = "https://run-actions-1.actions.githubusercontent.com/token?api-version=2.0"


@dataclasses.dataclass(frozen=True)
class Expected:
    """A token request as the provider's page has it.

    :param recipe: the heading in the guide.
    :param page: where the provider says so.
    :param url: the token endpoint.
    :param fields: all fields of the form, but that with an assertion or a token.
    :param field: the one with an assertion or a token; empty where none is sent.
    :param user: who is in the Basic header; None without one.
    :param claims: what the assertion says, where it is made here; its times apart. None stands for a claim that must
        not be there.
    :param header: its header.
    :param life: seconds from ``iat`` to ``exp`` that the provider takes at most.
    :param elsewhere: the audience of a token that somebody else made.
    """

    recipe: str
    page: str
    url: str
    fields: Mapping[str, str]
    field: str = ""
    user: tuple[str, str] | None = None
    claims: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    header: Mapping[str, str] = dataclasses.field(default_factory=dict)
    life: int = 300
    elsewhere: str = ""


# RFC 7521 section 4.2 lets a client say its id beside an assertion; where a page has none, the comment says so.
TABLE = (
    Expected(
        "What most need",
        "https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4.2",
        f"{KEYCLOAK}/protocol/openid-connect/token",
        {**CLIENT_CREDENTIALS, "scope": "inventory.read"},
        user=("deployer", "the-client-secret"),
    ),
    Expected(
        "Keycloak",
        "https://www.keycloak.org/docs/latest/server_admin/index.html#_client-credentials",
        f"{KEYCLOAK}/protocol/openid-connect/token",
        {**CLIENT_CREDENTIALS, "scope": "inventory.read"},
        user=("deployer", "the-client-secret"),
    ),
    Expected(
        "Keycloak",
        "https://www.keycloak.org/docs/latest/server_admin/index.html#_client-credentials",
        f"{KEYCLOAK}/protocol/openid-connect/token",
        {**CLIENT_CREDENTIALS, **ASSERTED, "client_id": "deployer", "scope": "inventory.read"},
        "client_assertion",
        claims={"iss": "deployer", "sub": "deployer", "aud": KEYCLOAK},
        header={"alg": "RS256"},
    ),
    Expected(
        "Okta",
        "https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/",
        "https://example.okta.com/oauth2/v1/token",
        # The page has no client_id.
        {**CLIENT_CREDENTIALS, **ASSERTED, "client_id": "0oa1example", "scope": "okta.users.read okta.groups.read"},
        "client_assertion",
        claims={"iss": "0oa1example", "sub": "0oa1example", "aud": "https://example.okta.com/oauth2/v1/token"},
        header={"alg": "RS256", "kid": "key-1"},
        life=3600,
    ),
    Expected(
        "Entra ID",
        "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
        f"{ENTRA}/oauth2/v2.0/token",
        {
            **CLIENT_CREDENTIALS,
            **ASSERTED,
            "client_id": ENTRA_CLIENT,
            "scope": "https://graph.microsoft.com/.default",
        },
        "client_assertion",
        claims={"iss": ENTRA_CLIENT, "sub": ENTRA_CLIENT, "aud": f"{ENTRA}/oauth2/v2.0/token"},
        header={"alg": "PS256", "typ": "JWT", "x5t#S256": "{thumbprint}"},
        life=600,
    ),
    Expected(
        "Auth0",
        "https://auth0.com/docs/get-started/authentication-and-authorization-flow/client-credentials-flow/"
        "call-your-api-using-the-client-credentials-flow",
        "https://example.eu.auth0.com/oauth/token",
        {
            **CLIENT_CREDENTIALS,
            "client_id": "deployer",
            "client_secret": "the-client-secret",
            "audience": "https://inventory.example.com/",
        },
    ),
    Expected(
        "Auth0",
        "https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt",
        "https://example.eu.auth0.com/oauth/token",
        # The page has no client_id.
        {**CLIENT_CREDENTIALS, **ASSERTED, "client_id": "deployer", "audience": "https://inventory.example.com/"},
        "client_assertion",
        claims={"iss": "deployer", "sub": "deployer", "aud": "https://example.eu.auth0.com/"},
        header={"alg": "RS256"},
    ),
    Expected(
        "Zitadel",
        "https://zitadel.com/docs/guides/integrate/service-accounts/private-key-jwt",
        "https://example.zitadel.cloud/oauth/v2/token",
        {**JWT_BEARER, "scope": "openid urn:zitadel:iam:org:project:id:zitadel:aud"},
        "assertion",
        claims={"iss": "100507859606888466", "sub": "100507859606888466", "aud": "https://example.zitadel.cloud"},
        header={"alg": "RS256", "kid": "100509901696068329"},
        life=3600,
    ),
    Expected(
        "Authentik",
        "https://docs.goauthentik.io/add-secure-apps/providers/oauth2/machine_to_machine",
        "https://auth.example.com/application/o/token/",
        # The page has client_credentials here, and says that the grant password is treated the same.
        {
            "grant_type": "password",
            "client_id": "inventory",
            "username": "deployer",
            "password": "the-app-password",
            "scope": "profile",
        },
    ),
    Expected(
        "Pocket ID",
        "https://pocket-id.org/docs/guides/apis",
        "https://id.example.com/api/oidc/token",
        {
            **CLIENT_CREDENTIALS,
            "client_id": "0d1ff4c1-2f43-4a51-8a8b-6c1d5d9f3e50",
            "client_secret": "the-client-secret",
            "resource": "https://inventory.example.com",
            "scope": "read:hosts",
        },
    ),
    Expected(
        "Pocket ID",
        "https://pocket-id.org/docs/guides/oidc-client-authentication",
        "https://id.example.com/api/oidc/token",
        {
            **CLIENT_CREDENTIALS,
            **ASSERTED,
            # The page has none; without it Pocket ID to 2.9 refuses.
            "client_id": "0d1ff4c1-2f43-4a51-8a8b-6c1d5d9f3e50",
            "resource": "https://inventory.example.com",
            "scope": "read:hosts",
        },
        "client_assertion",
        elsewhere="https://id.example.com",
    ),
    Expected(
        "Dex",
        "https://dexidp.io/docs/guides/token-exchange/",
        "https://dex.example.com/token",
        {
            **TOKEN_EXCHANGE,
            "connector_id": "github-actions",
            "scope": "openid groups federated:id",
            "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
            # The page has an access token, which Dex asks the issuer about; GitHub's is an ID token.
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        },
        "subject_token",
        user=("my-app", "my-secret"),
        elsewhere="https://dex.example.com",
    ),
    Expected(
        "Google",
        "https://developers.google.com/identity/protocols/oauth2/service-account",
        "https://oauth2.googleapis.com/token",
        JWT_BEARER,
        "assertion",
        claims={
            "iss": "deployer@example.iam.gserviceaccount.com",
            "scope": "https://www.googleapis.com/auth/cloud-platform",
            "aud": "https://oauth2.googleapis.com/token",
            "sub": None,
        },
        header={"alg": "RS256", "typ": "JWT", "kid": "370ab79b4513eb9bad7c9bd16a95cb76b5b2a56a"},
        life=3600,
    ),
    Expected(
        "Salesforce",
        "https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm",
        "https://example.my.salesforce.com/services/oauth2/token",
        JWT_BEARER,
        "assertion",
        claims={"iss": "3MVG9example", "sub": "deployer@example.com", "aud": "https://login.salesforce.com"},
        header={"alg": "RS256"},
        life=180,
    ),
    Expected(
        "GitHub Actions",
        "https://www.keycloak.org/2026/01/federated-client-authentication",
        f"{KEYCLOAK}/protocol/openid-connect/token",
        {**CLIENT_CREDENTIALS, **ASSERTED, "scope": "inventory.read"},
        "client_assertion",
        elsewhere=KEYCLOAK,
    ),
    Expected(
        "GitHub Actions",
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
        f"{ENTRA}/oauth2/v2.0/token",
        {
            **CLIENT_CREDENTIALS,
            **ASSERTED,
            "client_id": ENTRA_CLIENT,
            "scope": "https://graph.microsoft.com/.default",
        },
        "client_assertion",
        elsewhere="api://AzureADTokenExchange",
    ),
    Expected(
        "GitLab",
        "https://docs.gitlab.com/ci/secrets/id_token_authentication",
        f"{KEYCLOAK}/protocol/openid-connect/token",
        {**CLIENT_CREDENTIALS, **ASSERTED, "scope": "inventory.read"},
        "client_assertion",
        elsewhere=KEYCLOAK,
    ),
    Expected(
        "Kubernetes",
        "https://www.keycloak.org/docs/latest/server_admin/index.html#_identity_broker_kubernetes",
        f"{KEYCLOAK}/protocol/openid-connect/token",
        {**CLIENT_CREDENTIALS, **ASSERTED, "scope": "inventory.read"},
        "client_assertion",
        elsewhere=KEYCLOAK,
    ),
    Expected(
        "AKS",
        "https://learn.microsoft.com/azure/aks/workload-identity-overview",
        f"{ENTRA}/oauth2/v2.0/token",
        {
            **CLIENT_CREDENTIALS,
            **ASSERTED,
            "client_id": ENTRA_CLIENT,
            "scope": "https://management.azure.com/.default",
        },
        "client_assertion",
        elsewhere="api://AzureADTokenExchange",
    ),
    Expected(
        "NetBird behind Zitadel",
        "https://zitadel.com/docs/guides/integrate/service-accounts/private-key-jwt",
        "https://example.zitadel.cloud/oauth/v2/token",
        {**JWT_BEARER, "scope": "openid urn:zitadel:iam:org:project:id:69234237810729019:aud"},
        "assertion",
        claims={"iss": "100507859606888466", "sub": "100507859606888466", "aud": "https://example.zitadel.cloud"},
        header={"alg": "RS256", "kid": "100509901696068329"},
        life=3600,
    ),
    Expected(
        "NetBird behind Zitadel",
        "https://zitadel.com/docs/guides/integrate/service-accounts/private-key-jwt",
        "https://example.zitadel.cloud/oauth/v2/token",
        {**JWT_BEARER, "scope": "openid urn:zitadel:iam:org:project:id:69234237810729019:aud"},
        "assertion",
        claims={"iss": "100507859606888466", "sub": "100507859606888466", "aud": "https://example.zitadel.cloud"},
        header={"alg": "RS256", "kid": "100509901696068329"},
        life=3600,
    ),
)

# What each provider says of itself, as far as the collection reads it, with what is odd about it.
SECRETS = ["client_secret_basic", "client_secret_post"]
DISCOVERY: Mapping[str, Mapping[str, t.Any]] = {
    # It does not list none, and always names the aliases.
    KEYCLOAK: {
        "issuer": KEYCLOAK,
        "token_endpoint": f"{KEYCLOAK}/protocol/openid-connect/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt", *SECRETS, "tls_client_auth", "client_secret_jwt"],
        "mtls_endpoint_aliases": {"token_endpoint": f"{KEYCLOAK}/protocol/openid-connect/token"},
    },
    "https://example.okta.com": {
        "issuer": "https://example.okta.com",
        "token_endpoint": "https://example.okta.com/oauth2/v1/token",
        "token_endpoint_auth_methods_supported": [*SECRETS, "client_secret_jwt", "private_key_jwt", "none"],
    },
    # The address of the token endpoint is not below that of the issuer.
    f"{ENTRA}/v2.0": {
        "issuer": f"{ENTRA}/v2.0",
        "token_endpoint": f"{ENTRA}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    },
    # The issuer ends in a slash.
    "https://example.eu.auth0.com": {
        "issuer": "https://example.eu.auth0.com/",
        "token_endpoint": "https://example.eu.auth0.com/oauth/token",
        "token_endpoint_auth_methods_supported": [*SECRETS, "private_key_jwt", "tls_client_auth", "none"],
        "mtls_endpoint_aliases": {},
    },
    "https://example.zitadel.cloud": {
        "issuer": "https://example.zitadel.cloud",
        "token_endpoint": "https://example.zitadel.cloud/oauth/v2/token",
        "token_endpoint_auth_methods_supported": ["none", *SECRETS, "private_key_jwt"],
    },
    # Both end in a slash, and the token endpoint is that of all applications.
    "https://auth.example.com/application/o/inventory": {
        "issuer": "https://auth.example.com/application/o/inventory/",
        "token_endpoint": "https://auth.example.com/application/o/token/",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    },
    # Since 2.10 it does not list private_key_jwt, though it takes assertions.
    "https://id.example.com": {
        "issuer": "https://id.example.com",
        "token_endpoint": "https://id.example.com/api/oidc/token",
        "token_endpoint_auth_methods_supported": [*SECRETS, "none"],
    },
    "https://dex.example.com": {
        "issuer": "https://dex.example.com",
        "token_endpoint": "https://dex.example.com/token",
        "token_endpoint_auth_methods_supported": SECRETS,
    },
    "https://example.my.salesforce.com": {
        "issuer": "https://example.my.salesforce.com",
        "token_endpoint": "https://example.my.salesforce.com/services/oauth2/token",
        "token_endpoint_auth_methods_supported": [*SECRETS, "private_key_jwt"],
    },
}


def made_elsewhere(audience: str) -> str:
    """A token that somebody else made."""
    claims = {"iss": "https://ci.example", "sub": "job", "aud": audience, "exp": int(time.time()) + 600}
    return jwt.encode(claims, "x" * 32)


@dataclasses.dataclass
class Providers:
    """Every provider of the table, and GitHub: one server over TLS, to which a proxy leads whatever the host is.

    :param answer: what a token request is told.
    """

    server: Server
    variables: dict[str, str]
    answer: tuple[int, Mapping[str, str]] = (200, {"access_token": "the-token", "token_type": "Bearer"})

    def play(self, connection: t.Any, seen: Seen) -> None:
        address = f"https://{seen.headers['host']}{seen.target}"
        if address.startswith(GITHUB):
            (audience,) = parse_qs(urlsplit(address).query)["audience"]
            assert seen.headers["authorization"] == "Bearer the-token-of-the-job"
            reply(json.dumps({"value": made_elsewhere(audience)}))(connection, seen)
        elif seen.method == "GET":
            found = DISCOVERY.get(address.removesuffix("/.well-known/openid-configuration"))
            reply(json.dumps(found), 200 if found else 404)(connection, seen)
        else:
            status, answer = self.answer
            reply(json.dumps(answer), status)(connection, seen)

    @property
    def asked(self) -> list[Seen]:
        return [seen for seen in self.server.seen if seen.method == "POST"]


class Held(t.NamedTuple):
    """What the machine of a reader has.

    :param files: by the path in the guide.
    """

    files: Mapping[str, str]
    variables: Mapping[str, str]
    thumbprint: str


@pytest.fixture(scope="module")
def held() -> Held:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    entra = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("entra", key_type=trustme.KeyType.RSA)
    certificate = entra.cert_chain_pems[0].bytes()
    der = x509.load_pem_x509_certificate(certificate).public_bytes(Encoding.DER)
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    google = {
        "type": "service_account",
        "private_key_id": "370ab79b4513eb9bad7c9bd16a95cb76b5b2a56a",
        "private_key": pem,
        "client_email": "deployer@example.iam.gserviceaccount.com",
        "client_id": "113259851428356723451",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    zitadel = {"type": "serviceaccount", "keyId": "100509901696068329", "key": pem, "userId": "100507859606888466"}
    files = {
        "/etc/ansible/entra.pem": (entra.private_key_pem.bytes() + certificate).decode(),
        "/etc/ansible/google.json": json.dumps(google),
        "/etc/ansible/zitadel.json": json.dumps(zitadel),
        "/etc/ansible/salesforce.pem": pem,
        "/etc/ansible/keycloak.pem": pem,
        "/var/run/secrets/tokens/keycloak": made_elsewhere(KEYCLOAK),
        "/var/run/secrets/tokens/pocket-id": made_elsewhere("https://id.example.com"),
    }
    variables = {
        "vault_client_secret": "the-client-secret",
        "vault_okta_key": pem,
        # As people paste one.
        "vault_auth0_key": f"\n{pem}\n\n",
        "vault_app_password": "the-app-password",
    }
    return Held(files, variables, thumbprint)


@pytest.fixture(scope="module")
def internet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    hosts = {urlsplit(address).hostname or "" for address in (GITHUB, *DISCOVERY, *(row.url for row in TABLE))}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, *hosts).configure_cert(context)
    with Server(reply(), tls=context) as server, Server(tunnel_to(server.port)) as proxy:
        yield server, {"oauth2_auth_proxy": proxy.url, "oauth2_auth_ca_path": str(path), "oauth2_auth_retries": "0"}


@pytest.fixture
def providers(internet: tuple[Server, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Providers:
    server, variables = internet
    found = Providers(server, variables)
    server.plays = (found.play,)
    server.seen.clear()
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", GITHUB)
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "the-token-of-the-job")
    return found


def blocks(recipe: str) -> list[str]:
    """The examples of a recipe in YAML."""
    found = examples.IN_RST.findall(pages.section(TEXT, recipe))
    return [text for _indentation, language, text in found if language == "yaml+jinja"]


def options(value: t.Any) -> Iterator[dict[str, t.Any]]:
    """Those of each use of the plugin below the value; where another takes its token from the lookup, those of that."""
    if isinstance(value, list):
        for each in value:
            yield from options(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key == "netapi.auth.oauth2_token":
                yield each
            elif key == "netapi.auth.uri":
                yield each["auth_options"]
            else:
                yield from options(each)


def filled(value: t.Any, variables: Mapping[str, t.Any]) -> t.Any:
    """The value as Ansible gives it to a task."""
    if isinstance(value, dict):
        return {key: filled(each, variables) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, variables) for each in value]
    return Templar(loader=DataLoader(), variables=dict(variables)).template(trusted(value))


@dataclasses.dataclass
class Reader:
    """Somebody who runs an example of the guide."""

    held: Held
    providers: Providers
    folder: Path

    def get(self, row: Expected) -> dict[str, t.Any]:
        """The result of the task. Raises Refused with its sentence."""
        number = [each for each in TABLE if each.recipe == row.recipe].index(row)
        text = blocks(row.recipe)[number]
        for path, content in self.held.files.items():
            own = self.folder / Path(path).name
            own.write_text(content, encoding="utf-8")
            text = text.replace(path, str(own))
        (task,) = yaml.safe_load(text)
        (said,) = options(task)
        variables = {**self.held.variables, **self.providers.variables, **task.get("vars", {})}
        arguments = filled(said, variables)
        return Ansible(variables).action("netapi.auth.oauth2_token", {"set_facts": False, **arguments})


@pytest.fixture
def reader(held: Held, providers: Providers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """In a job of GitLab and in a pod of AKS, too."""
    token = tmp_path / "azure-identity-token"
    token.write_text(made_elsewhere("api://AzureADTokenExchange"), encoding="utf-8")
    monkeypatch.setenv("AZURE_CLIENT_ID", ENTRA_CLIENT)
    monkeypatch.setenv("AZURE_TENANT_ID", TENANT)
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(token))
    return Reader(held, providers, tmp_path)


def named(row: Expected) -> str:
    return f"{row.recipe} {row.url.partition('//')[2].partition('/')[0]} {row.field}".rstrip()


@pytest.mark.parametrize("row", TABLE, ids=named)
def test_a_recipe_asks_as_the_page_of_the_provider_has_it(
    row: Expected, reader: Reader, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if row.recipe == "GitLab":
        monkeypatch.setenv("NETAPI_OAUTH2_CLIENT_ASSERTION", made_elsewhere(KEYCLOAK))
    result = reader.get(row)

    assert result["headers"] == {"Authorization": "Bearer the-token"}
    assert heard == []
    [seen] = reader.providers.asked
    assert f"https://{seen.headers['host']}{seen.target}" == row.url
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    form = {name: " and ".join(values) for name, values in parse_qs(seen.body.decode(), keep_blank_values=True).items()}
    token = form.pop(row.field, "")
    assert form == row.fields
    user = base64.b64encode(":".join(row.user).encode()).decode() if row.user else ""
    assert seen.headers.get("authorization") == (f"Basic {user}" if user else None)
    if row.elsewhere:
        assert jwt.decode(token, options={"verify_signature": False})["aud"] == row.elsewhere
    elif row.field:
        check_assertion(token, row, reader.held)


def check_assertion(token: str, row: Expected, held: Held) -> None:
    claims = jwt.decode(token, options={"verify_signature": False})
    assert {name: claims.get(name) for name in row.claims} == row.claims
    assert claims["exp"] - claims["iat"] <= row.life
    assert 0 <= time.time() - claims["iat"] < 60
    header = jwt.get_unverified_header(token)
    assert {name: header.get(name) for name in row.header} == {
        name: text.format(thumbprint=held.thumbprint) for name, text in row.header.items()
    }


def test_each_example_of_a_recipe_is_in_the_table() -> None:
    found = re.findall(r"^(\S.*)\n-{3,}$", TEXT, re.MULTILINE)
    uses = {title: len(list(options([yaml.safe_load(block) for block in blocks(title)]))) for title in found}
    assert {title: number for title, number in uses.items() if number} == {
        row.recipe: sum(each.recipe == row.recipe for each in TABLE) for row in TABLE
    }


def test_the_examples_of_the_plugin_are_in_the_guide() -> None:
    _lookup, module = guide.OAUTH2_PLUGINS
    there = [
        said
        for each in examples.in_yaml(ROOT)
        if each.page == guide.OAUTH2
        for said in options(yaml.safe_load(each.text))
    ]
    own = list(options(yaml.safe_load(examples.of_plugin((ROOT / module).read_text(encoding="utf-8")))))
    assert len(own) == 5
    assert [each for each in own if all({**said, **each} != said for said in there)] == []


@pytest.mark.parametrize("row", TABLE, ids=named)
def test_a_recipe_cites_the_page(row: Expected) -> None:
    assert row.page in pages.section(TEXT, row.recipe)


# What refusals mean.


class Refusal(t.NamedTuple):
    recipe: str
    status: int
    code: str
    words: str
    remedy: str


def refusals() -> Iterator[Refusal]:
    """Those of a token endpoint in the tables of the guide."""
    for recipe in dict.fromkeys(row.recipe for row in TABLE):
        for words, _cause, remedy in pages.list_rows(pages.section(TEXT, recipe)):
            if found := re.fullmatch(r"(\d{3}) (\w+)(?:: (.+))?", words):
                yield Refusal(recipe, int(found[1]), found[2], found[3] or "", remedy)


@pytest.mark.parametrize("refusal", list(refusals()), ids=lambda each: f"{each.recipe}: {each.words or each.code}")
def test_the_sentence_for_a_refusal_names_what_the_guide_names(
    refusal: Refusal, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    if refusal.recipe == "GitLab":
        monkeypatch.setenv("NETAPI_OAUTH2_CLIENT_ASSERTION", made_elsewhere(KEYCLOAK))
    answer = {"error": refusal.code, "error_description": refusal.words}
    reader.providers.answer = (refusal.status, answer)
    names = {word for word in re.findall(r"\w+", refusal.remedy) if word in ("clock", "DPoP")}
    names |= {code for code in pages.code(refusal.remedy) if code.isidentifier()}
    advice = []
    for row in TABLE:
        if row.recipe == refusal.recipe:
            with pytest.raises(Refused) as caught:
                reader.get(row)
            said = str(caught.value).partition(" The method for ")[0]
            advice.append(said.partition(refusal.words.rstrip(".") or refusal.code)[2])
    assert not names or any(names <= set(re.findall(r"\w+", each)) for each in advice), advice
