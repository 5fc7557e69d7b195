"""The server's own certificate, for media graphs with a TlsEndpoint (spec/grpc-extension.md section 1)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import grpc

from footfall.core.errors import ConfigError, Problem

CERTIFICATE, KEY = "FOOTFALL_TLS_CERTIFICATE", "FOOTFALL_TLS_KEY"


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """PEM files: a certificate with those that lead to its authority, and its key."""

    certificate: Path
    key: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self | None:
        """Of FOOTFALL_TLS_CERTIFICATE and FOOTFALL_TLS_KEY; None: no TLS.

        Raises:
            ConfigError: only one of them is set.
        """
        certificate, key = environ.get(CERTIFICATE, ""), environ.get(KEY, "")
        if bool(certificate) != bool(key):
            missing = KEY if certificate else CERTIFICATE
            raise ConfigError([Problem("environment", missing, "is not set", "name both PEM files, or neither")])
        return cls(Path(certificate), Path(key)) if certificate else None

    def credentials(self) -> grpc.ServerCredentials:
        """What gRPC serves with.

        Raises:
            ConfigError: the files cannot be read, or do not fit together.
        """
        try:
            # An encrypted key is refused instead of asked for on the terminal.
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(self.certificate, self.key, password="")
            pair = self.key.read_bytes(), self.certificate.read_bytes()
        except (OSError, ssl.SSLError, ValueError) as error:
            what = f"{self.certificate} and {self.key} cannot be used: {error}"
            cure = "name a certificate and its key in PEM form, not encrypted"
            raise ConfigError([Problem("environment", CERTIFICATE, what, cure)]) from error
        return grpc.ssl_server_credentials([pair])
