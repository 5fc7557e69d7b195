"""`footfall COMMAND`: finds the command, turns errors into messages and exit codes.

Exit codes: 0 fine, 1 a mistake in the program or a recording that broke off, 2 bad input or configuration, 3 a source
could not be opened.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import NoReturn, Protocol, cast

from footfall.cli.subcommands import explain
from footfall.core.errors import ConfigError, FootfallError, SourceUnavailable

OK, BAD_INPUT, NO_SOURCE = 0, 2, 3

COMMANDS = {
    "serve": "the service: cameras, page, API, numbers and roles in one process",
    "customvision": "Custom Vision on this computer: train, predict and export by the vendor's own clients",
    "run": "video in, events out: a file, a camera or a whole configuration",
    "footage": "recordings: list them, export them as MP4, make keys, delete what is too old",
    "replay": "apply rules to recorded tracks, bit for bit the same every time",
    "report": "heat maps, dwell maps, flows and counts from recorded tracks",
    "track": "give the detections of a MOTChallenge text file their identities",
    "detect": "find people in pictures",
    "evaluate": "measure detections, tracks or events against the truth",
    "validate": "check configuration files, and try lines and zones on recorded people",
    "audit": "how right are the counts of a clip? Look at a few moments of it and learn",
    "calibrate": "find out a camera's height, tilt and focal length from people who walk, or from four points",
    "doctor": "is everything here that a service needs? What is wrong, and how to mend it",
    "capacity": "how many cameras like this one does this computer carry?",
    "backup": "copy a service's data folder into one file, and back",
    "keyring": "the keys that objects at rest are sealed with: how they are, new ones for old",
    "train": "teach a detector from its recipe",
    "models": "list, pull, verify and locate detector weights",
    "module": "be a module of an edge hub: its twin says what runs",
    "console": "call the direct methods of a media graph module, as operations.json lists them",
    "simulate": "a synthetic scene with exact truth, or an RTSP camera that loops files",
    "hub": "a local edge hub: modules connect to it as to Azure IoT Edge",
    "deploy": "an IoT Edge deployment on this machine: the hub, and the modules of a manifest as processes",
    "prove": "run a command, and list all that it writes and everybody it talks to",
    "demo": "a simulated camera through the whole pipeline",
}

EPILOGUE = """examples:
  footfall demo
  footfall run shop.mp4 --line door=0.2,0.6,0.8,0.6 --save-video out.mp4
  footfall run rtsp://user:secret@10.0.0.7/main --zone 'till=0.3,0.5;0.7,0.5;0.7,0.9;0.3,0.9' --sink mqtt://broker/shop
  footfall run deployment.json
  footfall COMMAND --help
"""


CURES = {
    "not-found": "check the path, or the host and path of the address",
    "refused": "check the port, and whether RTSP is switched on in the camera",
    "unauthorized": "check user and password; many cameras lock up after some wrong ones",
    "timeout": "check that the camera has power and network, and that this machine may reach it",
    "not-video": "name a video file that plays, or a camera's address for its video",
}
"""What helps where a source cannot be opened."""


class Command(Protocol):
    """What every command module offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare options."""
        ...

    def main(self, args: argparse.Namespace) -> int:
        """Do the work; the exit code."""
        ...


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, and where to read on."""

    def error(self, message: str) -> NoReturn:
        """End with what is wrong."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; never lets an expected error end in a traceback."""
    _open_closed_streams()
    args = list(sys.argv[1:] if argv is None else argv)
    parser = _top_parser()
    if not args or args[0] in {"-h", "--help"}:
        parser.print_help()
        return OK if args else BAD_INPUT
    if args[0] not in COMMANDS and not args[0].startswith("-"):
        parser.error(f"there is no command {args[0]!r}{_meant(args[0])}")
    name = parser.parse_args(args[:1]).command
    command, own = _found(name), parser_of(name)
    return _guarded(lambda: command.main(own.parse_args(args[1:])))


def parser_of(name: str) -> Parser:
    """What reads a command's arguments, and tells of them."""
    command = _found(name)
    parser = Parser(
        prog=f"footfall {name}",
        description=command.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    explain(parser, command.__doc__ or "")
    return parser


def _meant(word: str) -> str:
    return "".join(f" (did you mean {name!r}?)" for name in difflib.get_close_matches(word, COMMANDS, n=1))


def _found(name: str) -> Command:
    """The module of a command. What is imported stays: to look through it for litter meanwhile is in vain."""
    gc.disable()
    try:
        return cast("Command", importlib.import_module(f"footfall.cli.{name}"))
    finally:
        gc.freeze()
        gc.enable()


def _top_parser() -> Parser:
    listing = "\n".join(f"  {name:13}{text}" for name, text in COMMANDS.items())
    parser = Parser(
        prog="footfall",
        usage="footfall COMMAND [OPTIONS]",
        description=f"Turns CCTV video into events about people.\n\ncommands:\n{listing}",
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"footfall {version('footfall')}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS)
    return parser


def _guarded(work: Callable[[], int]) -> int:
    code = OK
    try:
        code = work()
        sys.stdout.flush()
    except SourceUnavailable as error:
        _say("; ".join([str(error), *filter(None, [CURES.get(error.reason)])]))
        code = NO_SOURCE
    except ConfigError as error:
        for problem in error.problems:
            _say(str(problem))
        code = BAD_INPUT
    except FootfallError as error:
        _say(str(error))
        code = BAD_INPUT
    except BrokenPipeError:
        _hush()
    except OSError as error:
        _say(f"{error.filename or 'input or output'}: {error.strerror or error}; check the path and its permissions")
        code = BAD_INPUT
    except KeyboardInterrupt:
        pass
    return code


def _open_closed_streams() -> None:
    """Started with `>&-`, the first file that is opened would become standard output."""
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_RDWR), fd)
            setattr(sys, name, os.fdopen(fd, "r" if fd == 0 else "w", encoding="utf-8"))


def _hush() -> None:
    """The reader of standard output or error has gone: what is still buffered goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def _say(text: str) -> None:
    print(f"footfall: {text}", file=sys.stderr)  # noqa: T201
