"""Where a web answers: the options that say so, and the certificate that goes with it."""

from __future__ import annotations

import argparse
from ipaddress import ip_address
from pathlib import Path

from footfall.access.tls import Certificate, Files
from footfall.cli.housekeeping import say
from footfall.cli.numbers import whole
from footfall.core.errors import ConfigError, Problem
from footfall.engine.clock import SystemClock
from footfall.serve.process import Address

ANY = ("0.0.0.0", "::")  # noqa: S104 - what the user may ask for


def add_address(group: argparse._ArgumentGroup, port: int) -> None:
    """Where and how the web answers."""
    add = group.add_argument
    add("--host", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1")
    add("--port", type=whole(0, 65535), default=port, metavar="N", help=f"default: {port}")
    add("--name", action="append", default=[], metavar="HOST", help="a name it is called by; may be repeated")
    add("--tls-cert", type=Path, metavar="PEM", help="your certificate (default: one is made)")
    add("--tls-key", type=Path, metavar="PEM", help="its key")
    add("--insecure-http", action="store_true", help="without TLS: on this machine, or behind a proxy that has it")
    add("--behind-proxy", action="store_true", help="believe the headers of a proxy on this machine")


def address_of(args: argparse.Namespace, tls: Path) -> Address:
    """Where and how the web answers.

    Args:
        args: of the command line.
        tls: where a certificate is that the service makes for itself.

    Raises:
        ConfigError: the options contradict each other, or a certificate cannot be used.
    """
    if args.insecure_http:
        if not (is_loopback(args.host) or args.behind_proxy):
            what = "would send passwords over the network as they are"
            cure = "leave it out, or say --behind-proxy where a proxy in front has TLS"
            raise ConfigError([Problem("command line", "--insecure-http", what, cure)])
        say("warning: without TLS; only for this machine, or behind a proxy that has it")
        return Address(args.host, args.port, is_behind_proxy=args.behind_proxy)
    if bool(args.tls_cert) != bool(args.tls_key):
        raise ConfigError(
            [Problem("command line", "--tls-cert/--tls-key", "one is there without the other", "give both")]
        )
    if args.tls_cert:
        own = Certificate(Files(args.tls_cert, args.tls_key), None, SystemClock().now())
        return Address(args.host, args.port, own, args.behind_proxy)
    names = [name for name in (args.host, *args.name) if name not in ANY]
    made = Certificate(Files(tls / "certificate.pem", tls / "key.pem"), names, SystemClock().now())
    return Address(args.host, args.port, made, args.behind_proxy)


def is_loopback(host: str) -> bool:
    """Whether nobody on another machine can reach it."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
