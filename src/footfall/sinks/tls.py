"""TLS for remote sinks: 1.2 or newer, certificates verified unless the spec says `insecure`."""

from __future__ import annotations

import ssl
from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.sinks.spec import TlsOptions


def client_context(options: TlsOptions) -> ssl.SSLContext:
    """The context of a client connection.

    Raises:
        ConfigError: a certificate or key file is missing or unreadable.
    """
    for option, path in (("ca", options.ca), ("cert", options.cert), ("key", options.key)):
        if path is not None and not path.is_file():
            raise _wrong(f"{option}={path} is no file", "name a PEM file")
    try:
        context = ssl.create_default_context(cafile=options.ca)
    except (ssl.SSLError, OSError) as error:
        raise _wrong(f"ca={options.ca} cannot be used: {error}", "name a PEM file of certificates") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if options.cert is not None:
        _load_client(context, options.cert, options.key)
    if options.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _load_client(context: ssl.SSLContext, cert: Path, key: Path | None) -> None:
    try:
        context.load_cert_chain(cert, key, password="")  # an encrypted key is refused instead of asking on the terminal
    except (ssl.SSLError, OSError, ValueError) as error:
        cure = "name a PEM certificate and its key, not encrypted"
        raise _wrong(f"cert={cert} cannot be used: {error}", cure) from error


def _wrong(what: str, cure: str) -> ConfigError:
    return ConfigError([Problem("command line", "--sink", what, cure)])
