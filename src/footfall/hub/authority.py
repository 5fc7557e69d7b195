"""The hub's certificates: an authority of its own, made at the first start, and a server certificate that it signs.

Clients trust the authority's file (`ca.pem`); its key never leaves the data folder.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from footfall.core.errors import ConfigError, Problem
from footfall.hub.identities import HOST_NAME
from footfall.vault.part import write_whole

ALWAYS: Final = ("localhost", "127.0.0.1")
AUTHORITY_LIFE: Final = timedelta(days=3650)
SERVER_LIFE: Final = timedelta(days=730)
RENEWED_BEFORE: Final = timedelta(days=60)
"""A server certificate that ends sooner is made anew at a start."""
EARLY: Final = timedelta(days=1)
"""Certificates hold from a day ago: clocks differ."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where they are, PEM."""

    authority: Path
    """What clients must trust."""
    server: Path
    """With the authority's behind it."""
    server_key: Path


def prepare(folder: Path, names: Sequence[str], now: datetime) -> Certificates:
    """Certificates in a folder: made where they are missing, the server's also where it ends soon or lacks a name.

    `names` are host names and addresses of the server beside `ALWAYS`.

    Raises:
        ConfigError: the folder cannot be written, what is in it is no certificate, or a name is none.
    """
    for name in names:
        if not HOST_NAME.fullmatch(name):
            what, cure = f"{name!r} is no host name or address", "use letters, digits, dots and dashes"
            raise ConfigError([Problem("command line", "--also", what, cure)])
    made = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key, authority = _authority(made.authority, folder / "ca.key", now)
        wanted = list(dict.fromkeys((*ALWAYS, *names)))
        if not _is_good(made, authority, wanted, now):
            _make_server(made, key, authority, wanted, now)
    except OSError as error:
        raise _wrong(folder, f"cannot be used: {error.strerror}") from error
    except ValueError as error:
        raise _wrong(folder, f"holds something that is no certificate or key: {error}") from error
    return made


def server_context(certificates: Certificates, *, clients: bool = False) -> ssl.SSLContext:
    """TLS 1.2 or later; with `clients` whoever comes may show a certificate of this authority, and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificates.server, certificates.server_key)
    if clients:
        context.load_verify_locations(certificates.authority)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate for a module, with its key."""

    certificate: str
    """PEM, with the authority's behind it."""
    key: str = field(repr=False)
    """PEM."""
    end: datetime


def issue(made: Certificates, name: str, names: Sequence[str], end: datetime, now: datetime) -> Issued:
    """A certificate for a module: a server's where it gets host names, else a client's.

    It ends at `end`, or with the authority.
    """
    key, authority = _authority(made.authority, made.authority.with_name("ca.key"), now)
    own = ec.generate_private_key(ec.SECP256R1())
    end = min(end, authority.not_valid_after_utc)
    use = ExtendedKeyUsageOID.SERVER_AUTH if names else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = _leaf(name, names, own, authority, end, now)
    certificate = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False).sign(key, hashes.SHA256())
    return Issued((_pem(certificate) + _pem(authority)).decode(), _plain(own).decode(), end)


def _authority(path: Path, key_path: Path, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    if path.exists() and key_path.exists():
        return _read_key(key_path), x509.load_pem_x509_certificate(path.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("footfall hub authority")
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        _builder(name, name, key.public_key(), now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_key(key_path, key)
    write_whole(path, _pem(certificate), 0o644)
    return key, certificate


def _make_server(
    made: Certificates, key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, names: list[str], now: datetime
) -> None:
    own = ec.generate_private_key(ec.SECP256R1())
    builder = _leaf("footfall hub", names, own, authority, min(now + SERVER_LIFE, authority.not_valid_after_utc), now)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    _write_key(made.server_key, own)
    write_whole(made.server, _pem(builder.sign(key, hashes.SHA256())) + _pem(authority), 0o644)


def _leaf(
    name: str,
    names: Sequence[str],
    own: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    end: datetime,
    now: datetime,
) -> x509.CertificateBuilder:
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    builder = (
        _builder(_name(name), authority.subject, own.public_key(), now, end - now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(issuer, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    if names:
        alternative = x509.SubjectAlternativeName([_general(each) for each in names])
        builder = builder.add_extension(alternative, critical=False)
    return builder


def _is_good(made: Certificates, authority: x509.Certificate, names: list[str], now: datetime) -> bool:
    if not (made.server.exists() and made.server_key.exists()):
        return False
    certificate = x509.load_pem_x509_certificate(made.server.read_bytes())
    if certificate.public_key() != _read_key(made.server_key).public_key():
        return False
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return certificate.not_valid_after_utc - now > RENEWED_BEFORE and all(_general(name) in held for name in names)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLY)
        .not_valid_after(now + life)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path.name} is no key of an elliptic curve")  # noqa: TRY004 - the file is wrong, not the program
    return key


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    write_whole(path, _plain(key), 0o600)


def _plain(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _wrong(folder: Path, what: str) -> ConfigError:
    return ConfigError([Problem("hub", str(folder), what, "mend or empty it, or choose another folder with --data")])
