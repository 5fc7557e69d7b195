"""The hub's certificates: made once, renewed in time, trusted by name and by address."""

from __future__ import annotations

import ipaddress
import os
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from footfall.core.errors import ConfigError
from footfall.hub.authority import prepare, server_context

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def names(path) -> set[str]:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(each.value) for each in held}


def test_the_first_start_makes_an_authority_and_a_server(tmp_path):
    """Modules read the certificates, whatever umask the hub was started with; the keys are its own."""
    os.umask(0o077)
    made = prepare(tmp_path / "c", ["edgehost", "10.1.2.3", "::1"], NOW)
    assert names(made.server) == {"localhost", "127.0.0.1", "edgehost", "10.1.2.3", "::1"}
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    x509.load_pem_x509_certificate(made.server.read_bytes()).verify_directly_issued_by(authority)
    assert {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "c").iterdir()} == {
        "ca.pem": 0o644,
        "ca.key": 0o600,
        "server.pem": 0o644,
        "server.key": 0o600,
    }
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o700
    assert server_context(made).minimum_version == ssl.TLSVersion.TLSv1_2


def test_the_next_start_finds_them(tmp_path):
    made = prepare(tmp_path, ["edgehost"], NOW)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    prepare(tmp_path, ["edgehost"], NOW + timedelta(days=300))
    prepare(tmp_path, [], NOW)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert ipaddress.ip_address("127.0.0.1")
    assert made.server.exists()


@pytest.mark.parametrize(
    ("days", "more"),
    [pytest.param(700, [], id="it ends soon"), pytest.param(0, ["newname"], id="a name is new")],
)
def test_a_server_certificate_is_renewed_and_its_authority_stays(tmp_path, days, more):
    made = prepare(tmp_path, [], NOW)
    authority, server = made.authority.read_bytes(), made.server.read_bytes()
    prepare(tmp_path, more, NOW + timedelta(days=days))
    assert made.authority.read_bytes() == authority
    assert made.server.read_bytes() != server
    assert set(more) <= names(made.server)
    server_context(made)


@pytest.mark.parametrize("lost", ["server.pem", "server.key", "ca.pem", "ca.key"])
def test_a_lost_file_is_made_anew(tmp_path, lost):
    made = prepare(tmp_path, [], NOW)
    (tmp_path / lost).unlink()
    again = prepare(tmp_path, [], NOW)
    authority = x509.load_pem_x509_certificate(again.authority.read_bytes())
    x509.load_pem_x509_certificate(again.server.read_bytes()).verify_directly_issued_by(authority)
    server_context(made)


@pytest.mark.parametrize("name", ["ca.pem", "ca.key", "server.pem", "server.key"])
def test_something_else_in_their_place(tmp_path, name):
    prepare(tmp_path, [], NOW)
    (tmp_path / name).write_text("nonsense")
    with pytest.raises(ConfigError, match="no certificate or key"):
        prepare(tmp_path, [], NOW)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be used"):
        prepare(tmp_path / "file", [], NOW)


@pytest.mark.parametrize("name", ["\u00fc", "a b", "", "*.x"])
def test_a_name_that_is_none(tmp_path, name):
    with pytest.raises(ConfigError, match=r"--also: .* is no host name or address"):
        prepare(tmp_path, ["edgehost", name], NOW)
    assert not list(tmp_path.iterdir())
