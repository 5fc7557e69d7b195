from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from footfall.access.tls import Certificate, Files
from footfall.core.errors import ConfigError
from servers.certificates import make_certificates

NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - clients check certificates by the machine's clock


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path / "tls" / "certificate.pem", tmp_path / "tls" / "key.pem")


def handshake(certificate, client, name="localhost"):
    """The version of TLS that both agree on, and the certificate that the client sees."""
    listener = socket.create_server(("127.0.0.1", 0))
    problems = []

    def serve():
        connection, _ = listener.accept()
        try:
            with certificate.context.wrap_socket(connection, server_side=True) as tls:
                tls.recv(1)
        except (ssl.SSLError, OSError) as error:
            problems.append(error)
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with (
            socket.create_connection(listener.getsockname()) as plain,
            client.wrap_socket(plain, server_hostname=name) as tls,
        ):
            tls.sendall(b"x")
            return tls.version(), tls.getpeercert(binary_form=True)
    finally:
        thread.join()
        listener.close()


def trusting(files):
    client = ssl.create_default_context(cafile=files.certificate)
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return client


def test_a_certificate_is_made_at_the_first_start(files):
    made = Certificate(files, ["shop.local", "192.0.2.9"], NOW)

    assert not made.is_own
    assert stat.S_IMODE(files.key.stat().st_mode) == 0o400
    assert stat.S_IMODE(files.key.parent.stat().st_mode) == 0o700
    assert len(made.fingerprint().split(":")) == 32
    assert made.ends() > NOW + timedelta(days=390)
    for name in ("localhost", "127.0.0.1", "::1", "shop.local", "192.0.2.9"):
        version, seen = handshake(made, trusting(files), name)
        assert version == "TLSv1.3"
    assert x509.load_der_x509_certificate(seen).not_valid_after_utc == made.ends()
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(made, trusting(files), "evil.example")


def test_two_services_have_different_keys(files, tmp_path):
    other = Certificate(Files(tmp_path / "c.pem", tmp_path / "k.pem"), [], NOW)

    assert Certificate(files, [], NOW).fingerprint() != other.fingerprint()


@pytest.mark.parametrize(
    ("least", "most", "is_taken"),
    [
        pytest.param(ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3, True, id="TLS 1.3"),
        pytest.param(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, True, id="TLS 1.2"),
        pytest.param(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, False, id="TLS 1.1 and 1.0"),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_versions(files, least, most, is_taken):
    made, client = Certificate(files, [], NOW), trusting(files)
    client.set_ciphers("ALL:@SECLEVEL=0")
    client.minimum_version, client.maximum_version = least, most

    if is_taken:
        assert handshake(made, client)
    else:
        with pytest.raises((ssl.SSLError, OSError)):
            handshake(made, client)


@pytest.mark.parametrize(
    ("after_days", "is_renewed"),
    [
        pytest.param(0, False, id="at once"),
        pytest.param(366, False, id="after a year"),
        pytest.param(368, True, id="less than a month before its end"),
        pytest.param(500, True, id="long after its end"),
        pytest.param(-10, True, id="the clock was wrong when it was made"),
    ],
)
def test_when_it_is_renewed(files, after_days, is_renewed):
    made = Certificate(files, [], NOW)
    before = made.fingerprint()
    now = NOW + timedelta(days=after_days)

    assert made.refresh(now) == is_renewed
    assert (made.fingerprint() != before) == is_renewed
    assert made.ends() > now
    assert not made.refresh(now)


def test_another_name_makes_another_certificate(files):
    before = Certificate(files, ["a.local"], NOW).fingerprint()

    assert Certificate(files, ["a.local"], NOW).fingerprint() == before
    assert Certificate(files, ["a.local", "b.local"], NOW).fingerprint() != before


def test_a_renewed_certificate_is_shown_without_a_restart(files):
    made = Certificate(files, [], NOW - timedelta(days=390))
    assert made.refresh(NOW)

    _, seen = handshake(made, trusting(files))
    assert x509.load_der_x509_certificate(seen).not_valid_after_utc == made.ends()


class RealTime:
    """The machine's time, and later."""

    def __init__(self):
        self.later_s = 0.0

    def now(self):
        return NOW + timedelta(seconds=self.later_s)

    def monotonic_s(self):
        return self.later_s


def test_it_is_looked_at_every_hour_while_people_connect(files, caplog):
    clock = RealTime()
    made = Certificate(files, [], NOW - timedelta(days=366.98), clock)
    old, trusted = made.fingerprint(), trusting(files)
    clock.later_s = 3599
    handshake(made, trusted)
    assert made.fingerprint() == old

    clock.later_s = 3600
    with caplog.at_level("INFO"):
        handshake(made, trusted)
    assert made.fingerprint() != old
    assert made.fingerprint() in caplog.text
    _, seen = handshake(made, trusting(files))
    assert x509.load_der_x509_certificate(seen).not_valid_after_utc == made.ends()


def test_what_cannot_be_renewed_goes_on_as_it_was(files, caplog):
    clock = RealTime()
    made = Certificate(files, [], NOW, clock)
    trusted = trusting(files)
    files.key.unlink()
    files.key.write_text("nonsense")
    for clock.later_s in (3600, 7200):
        handshake(made, trusted)

    assert caplog.text.count("the certificate stays as it is") == 2


class TestOwnFiles:
    @pytest.fixture
    def own(self, tmp_path):
        folder = make_certificates(tmp_path)
        return Files(folder / "server.pem", folder / "server.key")

    def test_they_are_used_as_they_are(self, own, tmp_path):
        before = own.certificate.read_bytes()
        certificate = Certificate(own, None, NOW)

        assert certificate.is_own
        assert handshake(certificate, ssl.create_default_context(cafile=tmp_path / "ca.pem"))
        assert own.certificate.read_bytes() == before

    def test_new_ones_are_read_while_the_service_runs(self, own, tmp_path):
        certificate = Certificate(own, None, NOW)
        before = certificate.fingerprint()
        make_certificates(tmp_path)

        assert certificate.refresh(NOW)
        assert certificate.fingerprint() != before
        assert handshake(certificate, ssl.create_default_context(cafile=tmp_path / "ca.pem"))

    def test_half_of_a_pair_is_not_used(self, own, tmp_path):
        certificate = Certificate(own, None, NOW)
        key = own.key.read_bytes()
        make_certificates(tmp_path)
        own.key.write_bytes(key)
        with pytest.raises(ConfigError, match="does not belong to"):
            certificate.refresh(NOW)

    @pytest.mark.parametrize("name", ["certificate", "key"])
    @pytest.mark.parametrize("content", [None, b"", b"nonsense", b"\xff\xfe"])
    def test_files_that_are_none(self, own, name, content):
        path = getattr(own, name)
        path.unlink()
        if content is not None:
            path.write_bytes(content)

        with pytest.raises(ConfigError) as caught:
            Certificate(own, None, NOW)
        assert caught.value.problems[0].cure

    def test_a_key_with_a_password(self, own):
        key = serialization.load_pem_private_key(own.key.read_bytes(), None)
        sealed = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"canary"),
        )
        own.key.write_bytes(sealed)
        with pytest.raises(ConfigError, match="wants a password"):
            Certificate(own, None, NOW)


@pytest.mark.parametrize("name", ["certificate", "key"])
def test_a_self_made_one_that_was_damaged(files, name):
    Certificate(files, [], NOW)
    path = getattr(files, name)
    path.chmod(0o600)
    path.write_bytes(b"nonsense")

    with pytest.raises(ConfigError, match="is no certificate"):
        Certificate(files, [], NOW)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "tls").touch()
    with pytest.raises(ConfigError, match="cannot be used"):
        Certificate(Files(tmp_path / "tls" / "c.pem", tmp_path / "tls" / "k.pem"), [], NOW)
