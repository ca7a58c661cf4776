# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""TLS: whose certificates are accepted, and which one is shown."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import client
from ansible_collections.netapi.auth.plugins.plugin_utils._http.request import Repeat
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import ask, refusal
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Authority
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import (
    HOST,
    Server,
    reply,
    tunnel_to,
)

PAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def _server(authority: Authority, cert: trustme.LeafCert | None = None) -> Server:
    return Server(reply('{"a": 1}'), tls=authority.context(cert or authority.ca.issue_cert(HOST)))


def test_a_certificate_of_the_authority_in_ca_path_is_accepted(authority: Authority) -> None:
    with _server(authority) as server:
        assert ask(server.url, ca_path=authority.path) == {"a": 1}


def test_ca_path_may_be_a_hashed_directory(authority: Authority, tmp_path: Path) -> None:
    directory = tmp_path / "authorities"
    directory.mkdir()
    (directory / f"{_hash(authority)}.0").symlink_to(authority.path)

    with _server(authority) as server:
        assert ask(server.url, ca_path=str(directory)) == {"a": 1}


def _hash(authority: Authority) -> str:
    """The name that OpenSSL gives an authority in a directory: SHA-1 of the subject in lower case (X509_NAME_hash)."""
    subject = x509.load_pem_x509_certificate(authority.ca.cert_pem.bytes()).subject
    # Of each part's encoding, the two bytes that say it is a sequence by itself are left out.
    parts = [x509.Name([x509.NameAttribute(part.oid, str(part.value).lower())]).public_bytes()[2:] for part in subject]
    return hashlib.sha1(b"".join(parts)).digest()[3::-1].hex()


def _assert_unverified(server: Server, said: str = "): set ca_path to", **settings: str) -> None:
    error = refusal(server.url, headers={"Authorization": "Bearer the-token"}, retries=3, **settings)

    assert str(error).startswith(f"Service: the certificate of {HOST} cannot be verified")
    assert said in str(error)
    assert server.seen == []


def test_an_unknown_authority_is_refused(authority: Authority) -> None:
    with _server(authority) as server:
        _assert_unverified(server)
        assert server.connections == 1


def test_another_authority_than_that_of_ca_path_is_refused(authority: Authority, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))

    with _server(authority) as server:
        said = "): ca_path does not hold the certificate of the authority that signed it. Check the_option, too."
        _assert_unverified(server, said, ca_path=str(other))


def test_a_certificate_of_another_name_is_refused(authority: Authority) -> None:
    with _server(authority, authority.ca.issue_cert("other.example")) as server:
        said = f", because it is for other.example and not for {HOST}. Check the_option."
        _assert_unverified(server, said, ca_path=authority.path)


def test_a_certificate_of_another_name_is_refused_where_urllib3_compares_the_names(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As release 1.26 does, and later ones with an OpenSSL that cannot."""
    monkeypatch.setattr("urllib3.util.ssl_.HAS_NEVER_CHECK_COMMON_NAME", False, raising=False)
    with _server(authority, authority.ca.issue_cert("other.example")) as server:
        said = f", because it is for other.example and not for {HOST}. Check the_option."
        _assert_unverified(server, said, ca_path=authority.path)


def test_a_certificate_that_cannot_be_read_again_is_refused_all_the_same(authority: Authority) -> None:
    context = authority.context(authority.ca.issue_cert("other.example"))

    def once(listening: socket.socket) -> None:
        connection, _address = listening.accept()
        listening.close()
        with connection, contextlib.suppress(OSError):
            context.wrap_socket(connection, server_side=True).recv(1)

    with socket.create_server((HOST, 0)) as listening:
        url = f"https://{HOST}:{listening.getsockname()[1]}"
        thread = threading.Thread(target=once, args=(listening,), daemon=True)
        thread.start()
        error = refusal(url, ca_path=authority.path)
        thread.join(10)

    assert str(error) == (
        f"Service: the certificate of {HOST} cannot be verified, because it is for other names and not for {HOST}. "
        "Check the_option."
    )


def _of_a_client(authority: Authority, folder: Path) -> ssl.SSLContext:
    """A server that shows the certificate of a client: its purpose is another one (RFC 5280 section 4.2.1.12)."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.load_pem_x509_certificate(authority.ca.cert_pem.bytes()).subject
    signer = serialization.load_pem_private_key(authority.ca.private_key_pem.bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    cert = (
        x509.CertificateBuilder(issuer, x509.Name([]), key.public_key(), 7, start, start + dt.timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    text = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "client.pem").write_bytes(cert.public_bytes(pem) + text)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "client.pem")
    return context


def test_a_certificate_that_is_for_clients_only_is_refused(authority: Authority, tmp_path: Path) -> None:
    with Server(reply(), tls=_of_a_client(authority, tmp_path)) as server:
        said = "). Check the_option, or set ca_path to the certificate of its authority."
        _assert_unverified(server, said, ca_path=authority.path)


def test_an_expired_certificate_is_refused(authority: Authority) -> None:
    cert = authority.ca.issue_cert(HOST, not_before=PAST, not_after=PAST + dt.timedelta(days=1))

    with _server(authority, cert) as server:
        end = (PAST + dt.timedelta(days=1)).strftime("%Y-%m-%d")
        _assert_unverified(server, f", because its time ended on {end}", ca_path=authority.path)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_does_not_choose_the_authorities(
    variable: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, authority.path)

    with _server(authority) as server:
        _assert_unverified(server)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_does_not_replace_ca_path(
    variable: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "/nonexistent")

    with _server(authority) as server:
        assert ask(server.url, ca_path=authority.path) == {"a": 1}


@pytest.mark.parametrize("name", [HOST, "other.example"])
def test_without_validate_certs_anything_is_accepted(name: str, authority: Authority) -> None:
    with _server(authority, authority.ca.issue_cert(name)) as server:
        assert ask(server.url, validate_certs=False) == {"a": 1}


def test_without_validate_certs_the_environment_does_not_bring_it_back(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority.path)

    with _server(authority, authority.ca.issue_cert("other.example")) as server:
        assert ask(server.url, validate_certs=False) == {"a": 1}


@pytest.mark.filterwarnings("error")
def test_without_validate_certs_nothing_is_printed(authority: Authority) -> None:
    with _server(authority) as server:
        assert ask(server.url, validate_certs=False) == {"a": 1}


def _mutual(authority: Authority) -> Server:
    context = authority.context(authority.ca.issue_cert(HOST))
    context.verify_mode = ssl.CERT_REQUIRED
    authority.ca.configure_trust(context)
    return Server(reply('{"a": 1}'), tls=context)


@pytest.mark.parametrize("together", [True, False], ids=["in one file", "in two files"])
def test_a_client_certificate_is_shown(together: bool, authority: Authority, tmp_path: Path) -> None:
    client = authority.ca.issue_cert("client.example")
    cert = tmp_path / "client.pem"
    key = tmp_path / "client.key"
    (client.private_key_and_cert_chain_pem if together else client.cert_chain_pems[0]).write_to_path(str(cert))
    client.private_key_pem.write_to_path(str(key))

    with _mutual(authority) as server:
        found = ask(
            server.url, ca_path=authority.path, client_cert=str(cert), client_key=None if together else str(key)
        )
    assert found == {"a": 1}


def test_without_a_client_certificate_mutual_tls_fails(authority: Authority) -> None:
    with _mutual(authority) as server:
        error = refusal(server.url, ca_path=authority.path)

    assert "client_cert" in str(error)
    assert server.seen == []


def test_a_client_certificate_without_its_key_says_where_that_goes(authority: Authority, tmp_path: Path) -> None:
    cert = tmp_path / "client.pem"
    authority.ca.issue_cert("client").cert_chain_pems[0].write_to_path(str(cert))

    with _mutual(authority) as server, pytest.raises(OptionError) as caught:
        ask(server.url, ca_path=authority.path, client_cert=str(cert))

    assert str(caught.value) == (
        "client_cert names a file that holds no private key. Set client_key to the file that holds it."
    )
    assert server.seen == []


def test_a_client_certificate_that_is_none_is_named(authority: Authority, tmp_path: Path) -> None:
    cert = tmp_path / "client.pem"
    cert.write_text("secret-looking text", encoding="utf-8")

    with _mutual(authority) as server:
        error = refusal(server.url, ca_path=authority.path, client_cert=str(cert))

    assert "client_cert" in str(error)
    assert "secret-looking" not in str(error)


def test_tls_goes_through_a_proxy_as_a_tunnel(authority: Authority) -> None:
    with _server(authority) as server, Server(tunnel_to(server.port)) as proxy:
        assert ask(server.url, ca_path=authority.path, proxy=proxy.url) == {"a": 1}

    assert [(seen.method, seen.target) for seen in proxy.seen] == [("CONNECT", f"{HOST}:{server.port}")]


def test_the_certificate_is_checked_through_a_proxy(authority: Authority) -> None:
    with _server(authority) as server, Server(tunnel_to(server.port)) as proxy:
        error = refusal(server.url, proxy=proxy.url)

    assert "cannot be verified" in str(error)


@contextlib.contextmanager
def _speaking_plainly() -> Iterator[int]:
    """The port of what answers whatever comes in plain text, once."""

    def speak() -> None:
        connection, _address = listening.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(65536)

    with socket.create_server((HOST, 0)) as listening:
        service = threading.Thread(target=speak)
        service.start()
        yield listening.getsockname()[1]
        service.join()


def test_plain_text_where_tls_is_expected_is_an_error() -> None:
    with _speaking_plainly() as port:
        error = refusal(f"https://{HOST}:{port}")

    assert str(error) == (
        f"Service: {HOST} speaks no TLS on port {port}, and the address begins with https://. "
        "Correct the port of the_option, or begin it with http://."
    )


def test_plain_http_is_not_advised_where_it_would_be_refused() -> None:
    with _speaking_plainly() as port, Server(tunnel_to(port)) as proxy:
        error = refusal("https://other.example", proxy=proxy.url)

    assert str(error) == (
        "Service: other.example speaks no TLS on port 443, and the address begins with https://. "
        "Correct the port of the_option."
    )


def test_a_connection_without_tls_where_it_is_expected_says_what_the_address_begins_with(authority: Authority) -> None:
    with _server(authority) as server:
        error = refusal(server.url.replace("https:", "http:"))

    assert str(error).endswith("or check the_option, which has to begin with https:// if TLS is spoken there.")


# nginx, Apache httpd, Go's net/http, Tomcat.
WANT_TLS = (
    "<html><center>The plain HTTP request was sent to HTTPS port</center></html>",
    "<!DOCTYPE HTML><p>Reason: You're speaking plain HTTP to an SSL-enabled server port.</p>",
    "Client sent an HTTP request to an HTTPS server.",
    "Bad Request\r\nThis combination of host and port requires TLS.\r\n",
)


@pytest.mark.parametrize("body", WANT_TLS)
def test_a_server_that_asks_for_tls_says_what_the_address_begins_with(body: str) -> None:
    with Server(reply(body, 400)) as server:
        error = refusal(server.url)

    assert str(error).endswith("with status 400. Begin the_option with https://: TLS is spoken there.")


def test_the_same_words_over_tls_are_about_something_else(authority: Authority) -> None:
    with Server(reply(WANT_TLS[2], 400), tls=authority.context(authority.ca.issue_cert(HOST))) as server:
        error = refusal(server.url, ca_path=authority.path)

    assert "TLS is spoken" not in str(error)


@pytest.mark.parametrize("repeat", Repeat)
@pytest.mark.parametrize("retries", [0, 2])
def test_a_connection_that_ends_in_the_handshake_is_a_broken_one(retries: int, repeat: Repeat) -> None:
    """The request was not sent, so any may be sent again."""
    taken: list[bytes] = []

    def hang_up(listening: socket.socket) -> None:
        for _try in range(retries + 1):
            connection, _address = listening.accept()
            with connection:
                taken.append(connection.recv(65536))

    with socket.create_server((HOST, 0)) as listening:
        thread = threading.Thread(target=hang_up, args=(listening,), daemon=True)
        thread.start()
        error = refusal(f"https://{HOST}:{listening.getsockname()[1]}", retries=retries, repeat=repeat)
        thread.join(10)

    assert len(taken) == retries + 1
    assert not error.answer_lost
    assert str(error) == (
        f"Service: {HOST} broke off the TLS connection. Try again later, or check the_option, "
        "and client_cert where it wants a certificate."
    )


@pytest.fixture
def authorities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The system's directory of authorities, which are in no file."""
    directory = tmp_path / "system"
    directory.mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(directory))
    client._system_certificates.cache_clear()
    yield directory
    client._system_certificates.cache_clear()


def test_the_authorities_of_the_system_may_be_in_a_directory(authority: Authority, authorities: Path) -> None:
    (authorities / f"{_hash(authority)}.0").symlink_to(authority.path)
    with _server(authority) as server:
        assert ask(server.url) == {"a": 1}


def test_where_the_system_has_no_authorities_those_of_requests_count(
    authority: Authority, authorities: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(authorities.iterdir()) == []
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", authority.path)
    with _server(authority) as server:
        assert ask(server.url) == {"a": 1}
