"""The service: cameras, events, numbers, a page and an API in one process.

Everything is in one folder, which one process uses at a time: accounts, configuration with its history, events and
numbers, keys. The first start prints a link to set up the first account. CONFIG is footfall.yaml, or a manifest or twin
of Azure Spatial Analysis; it is taken over whenever it changes. Without CONFIG cameras are added on the page.

Examples:
  footfall serve
  footfall serve shop.yaml --data /srv/footfall
  footfall serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
  footfall serve --setup-link
  footfall serve --verify-audit --data /srv/footfall
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from footfall.access.outbound import CAMERAS
from footfall.access.tls import Certificate, Files
from footfall.cli.housekeeping import check_audit, link, print_link, rotate_keys, say
from footfall.cli.numbers import whole
from footfall.core.errors import ConfigError, Problem
from footfall.engine.clock import SystemClock
from footfall.runtime.folders import data_folder
from footfall.runtime.secret_files import with_secret_files
from footfall.serve.fence import Fence
from footfall.serve.folder import DataFolder
from footfall.serve.hardening import forbid_dumps
from footfall.serve.litter import leave_what_lives
from footfall.serve.process import Address, Heed, answer, bound
from footfall.serve.service import Service, Wishes
from footfall.serve.web import app_of
from footfall.telemetry import set_up_logging
from footfall.web.security import Door

PORT = 8971


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    add = parser.add_argument
    add("config", nargs="?", type=Path, metavar="CONFIG", help="configuration file; followed while it runs")
    add("--data", type=Path, metavar="DIR", help="where all of it is (default: serve in footfall's data folder)")
    add("--store", default="", metavar="URL", help="postgresql://... for events and numbers (default: a file)")
    add("--threads", type=whole(1, 256), default=2, metavar="N", help="CPU threads of a network (default: 2)")
    add(
        "--local-cameras",
        action="store_true",
        help="cameras may be here, even if others reach the service",
    )
    add("--setup-link", action="store_true", help="print a new link for the first account, and end")
    add("--verify-audit", action="store_true", help="check the audit log, and end: exit code 1 if it was changed")
    add("--rotate-keys", action="store_true", help="seal all secrets with a new key, and end; stop the service before")
    levels = ["none", "verbose", "info", "warning", "error"]
    add("--log-level", default="info", choices=levels, help="default: info")
    add("--log-format", default="text", choices=["text", "json"], help="default: text")
    add_address(parser.add_argument_group("where it answers"))


def add_address(group: argparse._ArgumentGroup) -> None:
    """Where and how the web answers."""
    add = group.add_argument
    add("--host", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1")
    add("--port", type=whole(0, 65535), default=PORT, metavar="N", help=f"default: {PORT}")
    add("--name", action="append", default=[], metavar="HOST", help="a name it is called by; may be repeated")
    add("--tls-cert", type=Path, metavar="PEM", help="your certificate (default: one is made)")
    add("--tls-key", type=Path, metavar="PEM", help="its key")
    add("--insecure-http", action="store_true", help="without TLS: on this machine, or behind a proxy that has it")
    add("--behind-proxy", action="store_true", help="believe the headers of a proxy on this machine")


def main(args: argparse.Namespace) -> int:
    """Run the service until it is told to end."""
    forbid_dumps()
    set_up_logging(args.log_level, as_json=args.log_format == "json")
    folder = DataFolder((args.data or data_folder() / "serve").absolute())
    if args.verify_audit:
        return check_audit(folder)
    if args.rotate_keys:
        return rotate_keys(folder)
    address = address_of(args, folder)
    if args.setup_link:
        return print_link(folder, address.url(args.port))
    clock = SystemClock()
    is_local = args.local_cameras or (is_loopback(args.host) and not args.behind_proxy)
    reach = replace(CAMERAS, loopback=is_local)
    environ = with_secret_files(os.environ)
    service = Service(Wishes(folder, args.config, args.store, args.threads, environ, Fence(reach)), clock)
    try:
        listener = bound(address)
        url = address.url(listener.getsockname()[1])
        app = app_of(service, door_of(args, address), clock, reach)
        answer(app, address, listener, Heed(partial(started, service, address, url), service.ask_to_stop))
    finally:
        waiting = service.close()
    if waiting:
        say(f"{waiting} messages wait on disk and go out at the next start")
    return 0


def started(service: Service, address: Address, url: str) -> None:
    """The web answers: start the cameras, and say how to get in."""
    service.start()
    leave_what_lives()
    say(f"answers at {url}")
    if address.certificate is not None and not address.certificate.is_own:
        say(f"its certificate is self-made, SHA-256 {address.certificate.fingerprint()}")
    if service.gate.needs_setup():
        say(link(service.gate, url))


def address_of(args: argparse.Namespace, folder: DataFolder) -> Address:
    """Where and how the web answers.

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
    folder.prepare()
    names = [name for name in (args.host, *args.name) if name not in ANY]
    files = Files(folder.tls / "certificate.pem", folder.tls / "key.pem")
    made = Certificate(files, names, SystemClock().now())
    return Address(args.host, args.port, made, args.behind_proxy)


ANY = ("0.0.0.0", "::")  # noqa: S104 - what the user may ask for


def door_of(args: argparse.Namespace, address: Address) -> Door:
    """How the service is reached."""
    names = frozenset(name.lower() for name in (*args.name, args.host))
    return Door(
        names=names,
        secure=address.certificate is not None,
        own_certificate=address.certificate is not None and address.certificate.is_own,
    )


def is_loopback(host: str) -> bool:
    """Whether nobody on another machine can reach it."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
