"""The service's certificate: self-made and renewed, or the user's own files.

A self-made one has no authority behind it: browsers warn once, and people compare its fingerprint with the one that is
printed at the start.
"""

from __future__ import annotations

import ipaddress
import logging
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from footfall.access.files import write_private
from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock
from footfall.engine.clock import SystemClock

log = logging.getLogger(__name__)

ALWAYS: Final = ("localhost", "127.0.0.1", "::1")
LIFE: Final = timedelta(days=398)
"""Longer ones are refused by some systems."""
RENEWED_BEFORE: Final = timedelta(days=30)
LOOKED_EVERY_S: Final = 3600.0
EARLY: Final = timedelta(days=1)
"""Certificates hold from a day ago: clocks differ."""


@dataclass(frozen=True, slots=True)
class Files:
    """Certificate and key, PEM."""

    certificate: Path
    key: Path


class Certificate:
    """What the service shows to whoever connects; it is renewed, or read anew, while the service runs.

    Args:
        files: where they are, or are made.
        names: host names and addresses beside the loopback's; None: the files are the user's, nothing is made.
        now: the time.
        clock: tells when to look again.

    Raises:
        ConfigError: the files cannot be read or written, or do not fit together.
    """

    def __init__(self, files: Files, names: Sequence[str] | None, now: datetime, clock: Clock | None = None) -> None:
        self._files = files
        self._names = None if names is None else tuple(dict.fromkeys((*ALWAYS, *names)))
        self._seen: tuple[int, int] | None = None
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        """TLS 1.2 and 1.3."""
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_alpn_protocols(["http/1.1"])
        self.refresh(now)
        self._clock = clock or SystemClock()
        self._looked_s = self._clock.monotonic_s()
        self.context.sni_callback = self._look

    def refresh(self, now: datetime) -> bool:
        """Renew a self-made certificate that ends soon, read files that have changed; whether there is another one.

        Raises:
            ConfigError: the files cannot be read or written, or do not fit together; the old one stays in use.
        """
        try:
            if self._names is not None and not _is_good(self._files, self._names, now):
                _make(self._files, self._names, now)
            seen = (self._files.certificate.stat().st_mtime_ns, self._files.key.stat().st_mtime_ns)
            if seen == self._seen:
                return False
            _load(self.context, self._files)
        except OSError as error:
            path, what = error.filename or self._files.certificate, error.strerror or str(error)
            raise _wrong(Path(path), f"cannot be used: {what}") from error
        except (ValueError, x509.ExtensionNotFound) as error:
            raise _wrong(self._files.certificate, f"is no certificate: {error}") from error
        self._seen = seen
        return True

    def _look(self, *_: object) -> None:
        """Called at every handshake; what is found is for the next one."""
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_s < LOOKED_EVERY_S:
            return
        self._looked_s = now_s
        try:
            if self.refresh(self._clock.now()):
                log.info("another certificate is in use, SHA-256 %s", self.fingerprint())
        except ConfigError as error:
            log.error("the certificate stays as it is: %s", error)  # noqa: TRY400 - the cause is in the line

    @property
    def is_own(self) -> bool:
        """Whether it is the user's."""
        return self._names is None

    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as browsers show it: `AB:CD:...`."""
        return _read(self._files.certificate).fingerprint(hashes.SHA256()).hex(":").upper()

    def ends(self) -> datetime:
        """Until when it holds."""
        return _read(self._files.certificate).not_valid_after_utc


def _load(context: ssl.SSLContext, files: Files) -> None:
    """Try them on a context of its own first: one that fails leaves the old certificate in use."""

    def no_password() -> str:
        raise _wrong(files.key, "wants a password", "give a key without one")

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(files.certificate, files.key, no_password)
    except ssl.SSLError as error:
        what = f"does not belong to {files.certificate}, or one of them is no PEM ({error.reason})"
        raise _wrong(files.key, what) from error
    context.load_cert_chain(files.certificate, files.key, no_password)


def _is_good(files: Files, names: Sequence[str], now: datetime) -> bool:
    if not (files.certificate.exists() and files.key.exists()):
        return False
    certificate = _read(files.certificate)
    key = serialization.load_pem_private_key(files.key.read_bytes(), None)
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_current = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED_BEFORE
    return is_current and certificate.public_key() == key.public_key() and all(_general(name) in held for name in names)


def _make(files: Files, names: Sequence[str], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "footfall")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLY)
        .not_valid_after(now + LIFE - EARLY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    write_private(files.key, secret)
    write_private(files.certificate, certificate.public_bytes(serialization.Encoding.PEM), 0o444)


def _read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _wrong(path: Path, what: str, cure: str = "give PEM files of a certificate and its key, or none") -> ConfigError:
    return ConfigError([Problem(str(path), "$", what, cure)])
