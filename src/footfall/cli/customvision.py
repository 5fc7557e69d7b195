r"""Custom Vision on this computer: projects, training, predictions and exports, for the vendor's own clients.

Everything is in one folder, which one process uses at a time. The first start prints four keys, two for training and
two for prediction; only their hashes are kept. Clients are pointed at the printed address and nothing else changes.

Examples:
  footfall customvision serve
  footfall customvision serve --data /srv/vision --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
  footfall customvision serve --public-url https://vision.example.org --allow-image-urls
  footfall customvision keys show
  footfall customvision keys rotate training 2
  footfall customvision copy --from https://shop.cognitiveservices.azure.com --from-key-file azure.key \
    --to http://127.0.0.1:8973 --to-key-file ours.key --project shelves --train
  footfall customvision compare coats --with models/coats.zip --key-file ours.key
  footfall customvision compare --new coats-2.zip --with coats.zip --clip door.mp4
  footfall customvision use coats --as models/coats.zip --key-file ours.key
  footfall customvision use --back --as models/coats.zip
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from footfall.cli import customvision_compare
from footfall.cli.addresses import add_address, address_of, is_loopback
from footfall.cli.customvision_copy import add_copy_arguments, copy
from footfall.cli.customvision_models import add_use_arguments, use
from footfall.cli.numbers import whole
from footfall.cli.vision import open_front, say, say_keys
from footfall.config.environment import LOG_LEVELS
from footfall.core.errors import ConfigError, Problem
from footfall.customvision.door.keys import NUMBERS, AccessKeys, Area, KeyName
from footfall.customvision.door.links import SECRET_FILE, LinkSecrets
from footfall.customvision.folder import VisionFolder
from footfall.customvision.wishes import FrontWishes
from footfall.engine.clock import SystemClock
from footfall.runtime.folders import data_folder
from footfall.serve.hardening import forbid_dumps
from footfall.serve.process import Address, Heed, answer, bound
from footfall.telemetry import set_up_logging

if TYPE_CHECKING:
    from footfall.customvision.front import Front

log = logging.getLogger(__name__)

PORT = 8973
ELSEWHERE = {"copy": copy, "compare": customvision_compare.compare, "use": use}
"""What needs no data folder of ours."""
LINKS = "links"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="serve|keys|copy|compare|use")
    serving = actions.add_parser("serve", help="answer clients")
    _add_data(serving)
    add = serving.add_argument
    add("--threads", type=whole(1, 256), default=2, metavar="N", help="pictures predicted at once (default: 2)")
    add(
        "--public-url",
        type=web_address,
        metavar="URL",
        help="how clients reach it, where a proxy is between",
    )
    add("--allow-image-urls", action="store_true", help="fetch pictures that clients name, from public addresses")
    add(
        "--image-host",
        action="append",
        default=[],
        metavar="HOST",
        help="fetch pictures from this host, also on a private network; may be repeated",
    )
    add(
        "--prediction-days",
        type=whole(0, 3650),
        default=FrontWishes(Path()).prediction_days,
        metavar="N",
        help="keep predictions that programs have stored for so long (default: 30); 0: keep none",
    )
    add("--log-level", default="info", choices=LOG_LEVELS, help="default: info")
    add("--log-format", default="text", choices=["text", "json"], help="default: text")
    add_address(serving.add_argument_group("where it answers"), PORT)
    keys = actions.add_parser("keys", help="which keys there are, or replace one").add_subparsers(
        dest="keys_action", required=True, metavar="show|rotate"
    )
    _add_data(keys.add_parser("show", help="which there are, how old, when last used; never the keys themselves"))
    rotate = keys.add_parser("rotate", help="replace one while the others work; a running service heeds it at once")
    rotate.add_argument("area", choices=[*Area, LINKS], help="links: all signed addresses end")
    rotate.add_argument("number", nargs="?", type=int, choices=NUMBERS, help="which of the two")
    _add_data(rotate)
    add_copy_arguments(actions.add_parser("copy", help="projects of another service, Azure's or ours, to this or back"))
    customvision_compare.add_compare_arguments(
        actions.add_parser(
            "compare",
            help="a new model and the one that cameras ask: on labelled images, or on a clip",
            description=customvision_compare.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    add_use_arguments(actions.add_parser("use", help="let cameras ask an iteration, or the model before again"))


def _add_data(parser: argparse.ArgumentParser) -> None:
    default = "default: customvision in footfall's data folder"
    parser.add_argument("--data", type=Path, metavar="DIR", help=f"where all of it is ({default})")


def web_address(text: str) -> str:
    """`https://host[:port][/prefix]`."""
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or "?" in text or "#" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as https://vision.example.org")
    return text.rstrip("/")


def main(args: argparse.Namespace) -> int:
    """Do one action; the exit code."""
    if args.action in ELSEWHERE:
        return ELSEWHERE[args.action](args)
    folder = (args.data or data_folder() / "customvision").absolute()
    if args.action == "serve":
        return serve(args, folder)
    return show(folder) if args.keys_action == "show" else rotate(args, folder)


def serve(args: argparse.Namespace, folder: Path) -> int:
    """Answer until it is told to end."""
    forbid_dumps()
    set_up_logging(args.log_level, as_json=args.log_format == "json")
    hosts = frozenset(host.lower().rstrip(".") for host in args.image_host)
    address = _address_of(args, folder)
    wishes = FrontWishes(
        folder, args.public_url or "", args.allow_image_urls, hosts, args.threads, args.prediction_days
    )
    front = open_front(wishes, SystemClock(), note)
    try:
        listener = bound(address)
        url = args.public_url or address.url(listener.getsockname()[1])
        answer(front.app, address, listener, Heed(partial(started, front, address, url), lambda: None))
    finally:
        front.close()
    return 0


def started(front: Front, address: Address, url: str) -> None:
    """It answers: begin to work, and say how to get in."""
    front.start()
    say_keys(front.new_keys)
    if address.certificate is not None and not address.certificate.is_own:
        say(f"its certificate is self-made, SHA-256 {address.certificate.fingerprint()}")
    say(f"answers at {url}")


def note(event: str, what: Mapping[str, object]) -> None:
    """What was done, for the log."""
    log.info("%s %s", event, " ".join(f"{name}={value}" for name, value in what.items()))


def show(folder: Path) -> int:
    """Say which keys there are."""
    for key, used in _keys_of(folder).listed():
        last = f"{used:%Y-%m-%d %H:%M}Z" if used else "never"
        print(f"{key.name}  made {key.made:%Y-%m-%d %H:%M}Z  last used {last}")  # noqa: T201 - what was asked for
    return 0


def rotate(args: argparse.Namespace, folder: Path) -> int:
    """Replace a key, or what addresses are signed with."""
    if args.area == LINKS:
        _keys_of(folder)
        LinkSecrets(VisionFolder(folder).keys / SECRET_FILE).replace(SystemClock().now())
        say("all addresses that were given out have ended")
        return 0
    if args.number is None:
        raise ConfigError([Problem("command line", "number", "is missing", "say which of the two: 1 or 2")])
    new = _keys_of(folder).rotate(KeyName(Area(args.area), args.number))
    say(f"{new.name} is replaced:")
    print(new.secret)  # noqa: T201 - what was asked for
    return 0


def _keys_of(folder: Path) -> AccessKeys:
    keys = AccessKeys(VisionFolder(folder).keys, SystemClock())
    if not keys.listed():
        what, cure = "holds no keys", "give the folder of a service that has been started with --data"
        raise ConfigError([Problem(str(folder), "--data", what, cure)])
    return keys


def _address_of(args: argparse.Namespace, folder: Path) -> Address:
    """On this machine alone it answers without TLS, unless there is a certificate."""
    if is_loopback(args.host) and not (args.tls_cert or args.tls_key):
        return Address(args.host, args.port, is_behind_proxy=args.behind_proxy)
    return address_of(args, folder / "tls")
