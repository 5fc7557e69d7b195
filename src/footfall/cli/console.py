"""Call the direct methods of a module in a row, as operations.json lists them.

OPERATIONS is a file as the samples of Live Video Analytics have it: {"apiVersion": "2.0", "operations": [{"opName":
"GraphInstanceActivate", "opParams": {"name": "Sample-Graph-1"}}, ...]}. GraphTopologySet takes a topologyFile, relative
to the working folder, or a topologyUrl; WaitForInput shows its message and waits for Enter. Requests and replies are
printed. An operation that fails is told, and the next one follows.

Whom to call stands in appsettings.json (IoThubConnectionString, deviceId, moduleId), or in options. A hub of your own,
such as that of footfall hub, is trusted with --ca or with REQUESTS_CA_BUNDLE in the environment.

Examples:
  footfall console operations.json
  footfall console operations.json --ca hub/ca.pem --yes
  footfall console operations.json --connection-string-file service.txt --device edge-device --module lvaEdge
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from footfall.cli.files import read_text
from footfall.config.document import Document, Value, decode
from footfall.config.load import parse
from footfall.config.section import Section
from footfall.core.errors import ConfigError, FootfallError, Problem
from footfall.edge.service import ServiceClient, ServiceError, ServiceIdentity
from footfall.engine.clock import SystemClock
from footfall.mediagraph.operations import SET_TOPOLOGY, WAIT, Operation, read_operations

SETTINGS: Final = "appsettings.json"
CA_VARIABLE: Final = "REQUESTS_CA_BUNDLE"
RESPONSE_TIMEOUT_S: Final = 30
CONNECT_TIMEOUT_S: Final = 30
"""For a module that has just been started."""
DOWNLOAD_S: Final = 30.0
LARGEST_TOPOLOGY_BYTES: Final = 1024 * 1024
FAILED: Final = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument(
        "operations", nargs="?", default="operations.json", metavar="OPERATIONS", help="default: operations.json"
    )
    parser.add_argument(
        "--settings", metavar="FILE", help=f"whom to call (default: {SETTINGS} in the working folder, if there is one)"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--connection-string", metavar="TEXT", help="of a policy of the hub, in place of the settings'")
    where.add_argument("--connection-string-file", metavar="FILE", help="the same from a file: keeps it out of sight")
    parser.add_argument("--device", metavar="ID", help="the edge device, in place of the settings'")
    parser.add_argument("--module", metavar="ID", help="the module, in place of the settings' (such as lvaEdge)")
    parser.add_argument("--ca", metavar="FILE", help=f"PEM file to verify the hub with (default: ${CA_VARIABLE})")
    parser.add_argument("--yes", action="store_true", help="go on at WaitForInput without waiting for Enter")
    parser.add_argument("--strict", action="store_true", help="exit code 2 where an operation failed")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to call."""

    identity: ServiceIdentity
    device: str
    module: str


def main(args: argparse.Namespace) -> int:
    """Run all operations; the exit code."""
    steps = _operations(args.operations)
    target = _target(args)
    authority = args.ca or os.environ.get(CA_VARIABLE) or None
    with ServiceClient(target.identity, SystemClock(), Path(authority) if authority else None) as hub:
        outcomes = [_run(step, hub, target, args) for step in steps]
    return FAILED if args.strict and not all(outcomes) else 0


def _operations(file: str) -> tuple[Operation, ...]:
    document = Document(file)
    steps = read_operations(parse(read_text(file), document), document)
    document.raise_errors()
    for problem in document.warnings:
        _tell(str(problem))
    return steps


def _target(args: argparse.Namespace) -> Target:
    """Options over settings."""
    file = args.settings or (SETTINGS if Path(SETTINGS).exists() else "")
    document = Document(file or "command line")
    value = parse(read_text(file), document) if file else {}
    section = Section.of(value, "$", document) or Section("$", (), document)
    text = args.connection_string or section.text("IoThubConnectionString")
    if args.connection_string_file:
        text = read_text(args.connection_string_file)
    device, module = args.device or section.text("deviceId").strip(), args.module or section.text("moduleId").strip()
    wanted = (
        ("IoThubConnectionString", text.strip(), "--connection-string or --connection-string-file"),
        ("deviceId", device, "--device"),
        ("moduleId", module, "--module"),
    )
    for key, given, option in wanted:
        if not given:
            document.error(f"$.{key}", "is missing", f"write it into {file or SETTINGS}, or give {option}")
    document.raise_errors()
    return Target(ServiceIdentity.parse(text, args.connection_string_file or document.file), device, module)


def _run(step: Operation, hub: ServiceClient, target: Target, args: argparse.Namespace) -> bool:
    """Carry out one operation; whether it went well."""
    _say(f"Executing operation {step.name}")
    if step.name == WAIT:
        _wait(step.message, is_waiting=not args.yes)
        return True
    try:
        request = _topology(step) if step.name == SET_TOPOLOGY else step.payload
        _say(f"Request: {step.name}")
        _say(_indented(request))
        status, payload = hub.invoke(
            target.device,
            target.module,
            step.name,
            request,
            response_timeout_s=RESPONSE_TIMEOUT_S,
            connect_timeout_s=CONNECT_TIMEOUT_S,
        )
    except FootfallError as error:
        _tell(f"{step.name}: {error}")
        if isinstance(error, ServiceError) and error.status == httpx.codes.NOT_FOUND:
            _tell(f"is module {target.module} of device {target.device} connected to the hub?")
        return False
    _say(f"Response: {step.name} - Status: {status}")
    if payload is not None:
        _say(_indented(payload))
    return status < httpx.codes.BAD_REQUEST


def _wait(message: str, *, is_waiting: bool) -> None:
    _say(message or "Press Enter to continue")
    if is_waiting:
        sys.stdin.readline()


def _topology(step: Operation) -> Value:
    """The document, sent as it is.

    Raises:
        ConfigError: it cannot be read.
    """
    name = step.topology_file or step.topology_url
    document = Document(name)
    return parse(read_text(step.topology_file) if step.topology_file else _download(name, document), document)


def _download(url: str, document: Document) -> str:
    try:
        answer = httpx.get(url, timeout=DOWNLOAD_S, follow_redirects=True)
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        what = f"cannot be downloaded: {error or type(error).__name__}"
        raise ConfigError([Problem(url, "$", what, "check the address, or use topologyFile")]) from error
    if len(answer.content) > LARGEST_TOPOLOGY_BYTES:
        raise ConfigError([Problem(url, "$", "is no topology: it is too large", "check the address")])
    return decode(answer.content, document)


def _indented(value: Value) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _tell(text: str) -> None:
    print(f"footfall: {text}", file=sys.stderr, flush=True)  # noqa: T201
