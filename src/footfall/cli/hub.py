"""The local edge hub: modules connect to it as to Azure IoT Edge, and tools as to Azure IoT Hub.

MQTT 3.1.1 over TLS for modules, HTTPS for whoever calls direct methods, changes twins or applies a deployment. What
modules send to $upstream is kept in a local event log, JSON lines in FOLDER/events.

  footfall hub                     run the hub; the first start makes its keys and its certificate authority
  footfall hub connection-string   print what a module, or without MODULE a service, connects with
  footfall hub monitor             show the messages of the event log as they come

Examples:
  footfall hub
  footfall hub --host 0.0.0.0 --name edgehost.local --https-port 8443
  footfall hub --forward mqtt://broker.local/shop/{source}
  footfall hub connection-string lvaEdge
  footfall hub connection-string > service.txt
  footfall hub monitor --all --verbose
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from pathlib import Path

from footfall.cli.numbers import whole
from footfall.config.environment import LOG_LEVELS
from footfall.edge.service import ServiceIdentity
from footfall.engine.clock import SystemClock
from footfall.hub.authority import Certificates, prepare, server_context
from footfall.hub.connect import connection_string
from footfall.hub.forward import forwarding
from footfall.hub.hub import Hub, open_hub
from footfall.hub.listener import PORT, listening
from footfall.hub.module_sockets import module_sockets
from footfall.hub.monitor import Feed, from_folder, is_unrouted, shown, trusting
from footfall.hub.service import answering
from footfall.runtime.delivery import open_delivery
from footfall.runtime.folders import data_folder
from footfall.sinks.spec import parse_sink
from footfall.telemetry import set_up_logging

HTTPS_PORT = 443
FORWARD_S = 2.0
"""How long sinks may take what is left when the hub stops; the rest goes out at the next start."""
ANY = ("0.0.0.0", "::")  # noqa: S104 - what the user may ask for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    add_data(parser, default=None)
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default: 127.0.0.1)")
    parser.add_argument("--mqtt-port", type=whole(0, 65535), default=PORT, metavar="N", help="default: 8883")
    parser.add_argument("--https-port", type=whole(0, 65535), default=HTTPS_PORT, metavar="N", help="default: 443")
    parser.add_argument(
        "--name", metavar="HOSTNAME", help="HostName of connection strings (default: as before, at first localhost)"
    )
    parser.add_argument(
        "--device", metavar="ID", help="id of the edge device (at the first start; default: edge-device)"
    )
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="NAME",
        help="a further host name or address of this machine, for the certificate; may be repeated",
    )
    parser.add_argument(
        "--forward",
        action="append",
        default=[],
        metavar="SINK",
        help="send events on, as lines of the event log: jsonl:PATH, mqtt(s)://host/topic or http(s)://...; they are"
        " kept on disk while nobody answers; may be repeated",
    )
    parser.add_argument("--log-level", default="info", choices=LOG_LEVELS, help="default: info")
    actions = parser.add_subparsers(dest="action", metavar="connection-string | monitor")
    add_connection_string(
        actions.add_parser("connection-string", help="print what a module or a service connects with")
    )
    add_monitor(actions.add_parser("monitor", help="show the messages of the event log as they come"))


def add_data(parser: argparse.ArgumentParser, *, default: object) -> None:
    """--data."""
    help_text = "what the hub remembers: keys, twins, messages, events (default: hub in footfall's data folder)"
    parser.add_argument("--data", type=Path, default=default, metavar="FOLDER", help=help_text)


def add_connection_string(parser: argparse.ArgumentParser) -> None:
    """Options of connection-string."""
    add_data(parser, default=argparse.SUPPRESS)
    parser.add_argument("module", nargs="?", metavar="MODULE", help="made if it is not there; without: a service's")
    parser.add_argument("--gateway", metavar="HOST", help="add GatewayHostName: where modules really connect to")
    parser.add_argument("--policy", default="iothubowner", metavar="NAME", help="of a service (default: iothubowner)")


def add_monitor(parser: argparse.ArgumentParser) -> None:
    """Options of monitor."""
    add_data(parser, default=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help="also messages that no route took, marked (unrouted)")
    parser.add_argument("--verbose", action="store_true", help="also application properties")
    parser.add_argument("--from-start", action="store_true", help="begin with the oldest message that is kept")
    parser.add_argument(
        "--connection-string-file",
        type=Path,
        metavar="FILE",
        help="a service's connection string: watch a hub elsewhere, over HTTPS",
    )
    parser.add_argument("--ca", type=Path, metavar="PEM", help="what that hub's certificate is checked with")


def main(args: argparse.Namespace) -> int:
    """Run the hub, print a connection string, or show events."""
    folder = args.data or data_folder() / "hub"
    if args.action == "connection-string":
        print(connection_string(folder, args.module, args.gateway, args.policy))  # noqa: T201
        return 0
    if args.action == "monitor":
        return monitor(args, folder)
    set_up_logging(args.log_level, as_json=False)
    asyncio.run(serve(args, folder))
    return 0


def monitor(args: argparse.Namespace, folder: Path) -> int:
    """Show events until the user has seen enough."""
    if args.connection_string_file is None:
        lines = from_folder(folder, from_start=args.from_start)
    else:
        file = args.connection_string_file
        service = ServiceIdentity.parse(file.read_text(), str(file))
        feed = Feed(service, trusting(args.ca), SystemClock())
        lines = feed.lines(from_start=args.from_start, unrouted=args.all)
    for line in lines:
        if args.all or not is_unrouted(line):
            print(shown(line, None, is_verbose=args.verbose), flush=True)  # noqa: T201
    return 0


async def serve(args: argparse.Namespace, folder: Path) -> None:
    """Run until a signal says that it is enough, or the hub can write no more by a mistake in the program."""
    enough = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, enough.set)
    async with opened(args, folder) as hub:
        reasons = [asyncio.ensure_future(each) for each in (enough.wait(), hub.journal.stopped())]
        _, others = await asyncio.wait(reasons, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()


@asynccontextmanager
async def opened(args: argparse.Namespace, folder: Path) -> AsyncIterator[Hub]:
    """The hub and its doors."""
    is_first = not (folder / "hub.sqlite").exists()
    clock = SystemClock()
    async with open_hub(folder, clock, args.name, args.device) as hub:
        names = [name for name in (hub.name, args.host, *args.also) if name not in ANY]
        certificates = prepare(folder / "certificates", names, clock.now())
        context = server_context(certificates, clients=True)
        async with (
            forwarded(hub, args.forward, folder),
            listening(hub, args.host, args.mqtt_port, context) as mqtt_port,
            answering(hub, args.host, args.https_port, certificates) as https_port,
            module_sockets(hub, folder, certificates),
        ):
            if is_first:
                say(first_words(folder, certificates))
            doors = f"MQTT on {args.host}:{mqtt_port}, HTTPS on {args.host}:{https_port}"
            say([f"hub {hub.name}, device {hub.device}: {doors}; Ctrl-C stops it"])
            yield hub


@asynccontextmanager
async def forwarded(hub: Hub, specs: Sequence[str], folder: Path) -> AsyncIterator[None]:
    """What is in the event log goes to these sinks, each at its own pace."""
    (folder / "forward").mkdir(mode=0o700, exist_ok=True)
    async with AsyncExitStack() as stack:
        for spec in dict.fromkeys(specs):
            name = sha256(parse_sink(spec).redacted.encode()).hexdigest()[:16]
            delivery = open_delivery([spec], folder / "forward", os.environ, hub.clock)
            stack.callback(delivery.close, FORWARD_S)
            await stack.enter_async_context(forwarding(hub, delivery, folder / "forward" / f"{name}.position"))
        yield


def first_words(folder: Path, certificates: Certificates) -> Sequence[str]:
    """What whoever starts a hub for the first time must know."""
    return (
        f"first start: new keys and a certificate authority were made in {folder}",
        f"clients must trust {certificates.authority}",
        "what a module connects with: footfall hub connection-string MODULE",
    )


def say(lines: Sequence[str]) -> None:
    """Tell the user."""
    for line in lines:
        print(f"footfall hub: {line}", file=sys.stderr, flush=True)  # noqa: T201
