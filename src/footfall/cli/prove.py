"""What does it write, and whom does it talk to? Runs a footfall command under strace, and tells.

Every file that is written, every file without a name, every address that is reached and every program that is started
is listed. It fails if something was written outside of --may-write, if anything was written that looks like a picture,
if memory was hidden from view, or if an address was reached that is not in --may-reach. End the command with Ctrl-C, or
give --seconds. strace must be installed, and makes everything slower.

Examples:
  footfall prove --seconds 120 --may-write /var/lib/footfall --may-reach 10.0.0.7:554 -- serve --data /var/lib/footfall
  footfall prove --may-write events -- run shop.mp4 --line door=0.2,0.6,0.8,0.6 --sink jsonl:events/events.jsonl
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from footfall.cli.numbers import above_zero
from footfall.core.errors import ConfigError, Problem
from footfall.evaluation.trace import CALLS, Deeds, is_inside, picture_in, read_trace

HARMLESS = ("/dev/null", "/dev/tty", "/dev/pts", "/proc/self", "/proc/thread-self")
"""Written to by the C library and the terminal."""
PATIENCE_S = 60.0
"""For a command that was asked to end."""
PART = 1 << 20
OPTIONS = ("-f", "--seccomp-bpf", "-qq", "-yy", "-xx", "-s", "16", "-e", "signal=none", "-e", f"trace={CALLS}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("command", metavar="COMMAND", nargs=argparse.REMAINDER, help="a footfall command, after --")
    parser.add_argument("--seconds", type=above_zero, metavar="N", help="end the command after N seconds")
    parser.add_argument(
        "--may-write", action="append", default=[], metavar="PATH", help="a folder or file it may write (repeatable)"
    )
    parser.add_argument(
        "--may-reach", action="append", default=[], metavar="HOST:PORT", help="an address it may reach (repeatable)"
    )
    parser.add_argument("--trace", metavar="FILE", help="keep the trace (beginnings of what is written are in it)")


def main(args: argparse.Namespace) -> int:
    """Run the command, read its trace, tell what was found."""
    command = args.command[1:] if args.command[:1] == ["--"] else args.command
    if not command:
        raise ConfigError([Problem("command line", "COMMAND", "is missing", "write it after --, for example -- demo")])
    strace = shutil.which("strace")
    if strace is None:
        raise ConfigError([Problem("footfall prove", "strace", "is not installed", "apt-get install strace")])
    folders = [str(Path(folder).resolve()) for folder in args.may_write]
    with TemporaryDirectory(prefix="footfall-prove-") as name:
        trace = Path(args.trace) if args.trace else Path(name) / "trace"
        code = run_traced((strace, *OPTIONS), command, trace, args.seconds)
        with trace.open(encoding="ascii", errors="replace") as lines:
            deeds = read_trace(lines)
    show(deeds)
    findings = list(judged(deeds, folders, args.may_reach))
    for finding in findings:
        sys.stdout.write(f"UNEXPECTED: {finding}\n")
    sys.stdout.write(f"the command ended with {code}; {len(findings)} unexpected\n")
    return 1 if findings or code != 0 else 0


def run_traced(strace: Sequence[str], command: Sequence[str], trace: Path, seconds: float | None) -> int:
    """Run `footfall command` under strace; its exit code."""
    program = (*strace, "-o", str(trace), sys.executable, "-m", "footfall", *command)
    trace.touch(mode=0o600)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(program, env=environment) as traced:  # noqa: S603 - our own command
        try:
            if seconds is not None:
                with suppress(subprocess.TimeoutExpired):
                    return traced.wait(seconds)
                interrupt_child(traced.pid)
                return traced.wait(PATIENCE_S)
            return traced.wait()
        except KeyboardInterrupt:
            return traced.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            traced.kill()
            raise


def interrupt_child(strace: int) -> None:
    """Ctrl-C for what strace runs: strace itself does not pass signals on."""
    children = Path(f"/proc/{strace}/task/{strace}/children").read_text().split()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGINT)


def show(deeds: Deeds) -> None:
    """All of it."""
    for title, found in (
        ("programs started", deeds.started),
        ("written", {path for path in deeds.written if not is_inside(path, HARMLESS)}),
        ("files without a name", deeds.nameless),
        ("pictures written", deeds.pictures),
        ("addresses reached", deeds.reached),
    ):
        sys.stdout.write(f"{title}: {len(found)}\n")
        for item in sorted(found):
            sys.stdout.write(f"  {item}\n")


def judged(deeds: Deeds, folders: Sequence[str], addresses: Sequence[str]) -> Iterator[str]:
    """What was not to happen."""
    for call in sorted(deeds.unread):
        yield f"strace could not read what {call} was given: run it as root"
    for path in sorted(deeds.written):
        if not is_inside(path, (*HARMLESS, *folders)):
            yield f"{path} was written"
        elif kind := picture_at(Path(path)):
            yield f"{path} holds {kind}"
    for nameless in sorted(deeds.nameless):
        yield f"hidden from view: {nameless}"
    for picture in sorted(deeds.pictures):
        yield f"a picture was written: {picture}"
    for address in sorted(deeds.reached - set(addresses)):
        yield f"{address} was reached"


def picture_at(path: Path) -> str:
    """What kind of picture a file that is still there holds anywhere; empty: none."""
    if not path.is_file():
        return ""
    end = b""
    with path.open("rb") as file:
        while part := file.read(PART):
            if kind := picture_in(end + part):
                return kind
            end = part[-8:]
    return ""
