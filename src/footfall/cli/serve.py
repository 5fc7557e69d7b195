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
from pathlib import Path
from typing import TYPE_CHECKING

from footfall.access.outbound import CAMERAS
from footfall.cli.addresses import add_address, address_of, is_loopback
from footfall.cli.housekeeping import check_audit, link, print_link, rotate_keys, say
from footfall.cli.numbers import whole
from footfall.cli.vision import open_front, say_keys
from footfall.config.environment import LOG_LEVELS
from footfall.core.errors import ConfigError
from footfall.core.ports import Clock
from footfall.customvision.wishes import FrontWishes
from footfall.engine.clock import SystemClock
from footfall.runtime.folders import data_folder
from footfall.runtime.secret_files import with_secret_files
from footfall.serve.compiled import FILE
from footfall.serve.fence import Fence
from footfall.serve.folder import DataFolder
from footfall.serve.hardening import forbid_dumps
from footfall.serve.litter import leave_what_lives
from footfall.serve.process import Address, Heed, answer, bound
from footfall.serve.service import Service, Wishes
from footfall.serve.vision import PageSessions, WithVision, audited
from footfall.serve.web import app_of
from footfall.telemetry import set_up_logging
from footfall.web.security import Door

if TYPE_CHECKING:
    from footfall.customvision.front import Front
    from footfall.serve.studio import ServiceStudio

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
    add(
        "--customvision",
        action="store_true",
        help="also answer as Custom Vision below /customvision; needs footfall[customvision]",
    )
    add(
        "--prediction-days",
        type=whole(0, 3650),
        default=FrontWishes(Path()).prediction_days,
        metavar="N",
        help="with --customvision: keep predictions that programs have stored for so long (default: 30); 0: keep none",
    )
    add("--setup-link", action="store_true", help="print a new link for the first account, and end")
    add("--verify-audit", action="store_true", help="check the audit log, and end: exit code 1 if it was changed")
    add("--rotate-keys", action="store_true", help="seal all secrets with a new key, and end; stop the service before")
    add("--log-level", default="info", choices=LOG_LEVELS, help="default: info")
    add("--log-format", default="text", choices=["text", "json"], help="default: text")
    add_address(parser.add_argument_group("where it answers"), PORT)


def main(args: argparse.Namespace) -> int:
    """Run the service until it is told to end."""
    forbid_dumps()
    set_up_logging(args.log_level, as_json=args.log_format == "json")
    folder = DataFolder((args.data or data_folder() / "serve").absolute())
    if args.verify_audit:
        return check_audit(folder)
    if args.rotate_keys:
        return rotate_keys(folder)
    folder.prepare()
    address = address_of(args, folder.tls)
    if args.setup_link:
        return print_link(folder, address.url(args.port))
    clock = SystemClock()
    is_local = args.local_cameras or (is_loopback(args.host) and not args.behind_proxy)
    reach = replace(CAMERAS, loopback=is_local)
    environ = with_secret_files(os.environ)
    fence = Fence(reach, folder.trained)
    service = opened(Wishes(folder, args.config, args.store, args.threads, environ, fence), clock)
    vision, studio = None, None
    try:
        vision = open_vision(args, service, clock) if args.customvision else None
        listener = bound(address)
        url = address.url(listener.getsockname()[1])
        door = door_of(args, address)
        studio = None if vision is None else studio_of(service, vision)
        app = app_of(service, door, clock, reach, studio=studio)
        both = app if vision is None else WithVision(app, vision.app, door)
        answer(both, address, listener, Heed(partial(started, service, vision, address, url), service.ask_to_stop))
    finally:
        if studio is not None:
            studio.close()
        if vision is not None:
            vision.close()
        waiting = service.close()
    if waiting:
        say(f"{waiting} messages wait on disk and go out at the next start")
    return 0


def opened(wishes: Wishes, clock: Clock) -> Service:
    """The service that is wished for.

    Raises:
        ConfigError: as `Service`; what is wrong with the configuration is said of the file that it came from.
    """
    try:
        return Service(wishes, clock)
    except ConfigError as error:
        names = {} if wishes.config is None else {FILE: str(wishes.config)}
        raise ConfigError([replace(one, file=names.get(one.file, one.file)) for one in error.problems]) from error


def open_vision(args: argparse.Namespace, service: Service, clock: Clock) -> Front:
    """Custom Vision in the same folder, for its keys and for people who have logged in.

    Raises:
        ConfigError: the extra is missing, or the folder cannot be used.
    """
    root = service.folder.root / "customvision"
    wishes = FrontWishes(root, threads=args.threads, prediction_days=args.prediction_days)
    vision = open_front(wishes, clock, audited(service.gate.audit), PageSessions(service.gate))
    service.snapshots.connect(vision.studio)
    return vision


def studio_of(service: Service, vision: Front) -> ServiceStudio:
    """Custom Vision as the page asks it; only here, as the rest of it comes with the extra."""
    from footfall.serve.studio import ServiceStudio  # noqa: PLC0415

    def running() -> set[str]:
        plans = (state.plan for state in service.desk.cameras())
        return {plan.attributes.model for plan in plans if plan.attributes is not None}

    return ServiceStudio(vision.shop, service.snapshots, service.folder.trained, running)


def started(service: Service, vision: Front | None, address: Address, url: str) -> None:
    """The web answers: start the cameras, and say how to get in."""
    service.start()
    if vision is not None:
        vision.start()
        say_keys(vision.new_keys)
    leave_what_lives()
    say(f"answers at {url}")
    if address.certificate is not None and not address.certificate.is_own:
        say(f"its certificate is self-made, SHA-256 {address.certificate.fingerprint()}")
    if service.gate.needs_setup():
        say(link(service.gate, url))


def door_of(args: argparse.Namespace, address: Address) -> Door:
    """How the service is reached."""
    names = frozenset(name.lower() for name in (*args.name, args.host))
    return Door(
        names=names,
        secure=address.certificate is not None,
        own_certificate=address.certificate is not None and address.certificate.is_own,
        has_vision=args.customvision,
        prediction_days=args.prediction_days,
    )
