"""Is everything here that a service needs?

Looks at this computer, the data folder, models, cameras and receivers - those of CONFIG, or those that the service of
this data folder runs. Each line says ok, warn or fail, what was found, and how to mend it. Nothing is changed and no
event is sent. Cameras are looked at together, each for at most ten seconds. Exit code 0, or 2 if anything fails.

Examples:
  footfall doctor
  footfall doctor footfall.yaml --data /var/lib/footfall
  footfall doctor rtsp://user:secret@10.0.0.7/main
  footfall doctor footfall.yaml --json
  footfall doctor --live            # only: does a service answer here? Exit code 0, or 1; for containers
"""

from __future__ import annotations

import argparse
import json
import os
import ssl
import sys
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING

from footfall.cli.numbers import whole

if TYPE_CHECKING:
    from footfall.config.plan import Plan
    from footfall.serve.checkup.finding import Finding

OK, NOT_LIVE, FAILED = 0, 1, 2
LIVE_PATH = "/health/live"
LIVE_S = 4.0
DEFAULT_PORT = 8971
CONFIG_SUFFIXES = {".json", ".yaml", ".yml"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument(
        "target", nargs="?", metavar="CONFIG", help="a configuration file, or a camera's URL (default: as kept)"
    )
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="the service's data folder (default: as for serve)")
    parser.add_argument("--store", metavar="URL", help="postgresql://... if the service stores there")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where the service listens")
    parser.add_argument("--port", type=whole(1, 65535), default=DEFAULT_PORT, metavar="N", help="default 8971")
    parser.add_argument("--model", metavar="NAME|PATH", help="detector, if CONFIG names none (default: person)")
    parser.add_argument("--json", action="store_true", help="one JSON array instead of lines")
    parser.add_argument("--live", action="store_true", help="only ask whether a service answers on this computer")


def main(args: argparse.Namespace) -> int:
    """Look at everything."""
    if args.live:
        return OK if is_live(args.port) else NOT_LIVE
    findings = list(_shown(_findings(args), as_json=args.json))
    if args.json:
        print(json.dumps([finding.as_json() for finding in findings], indent=1, ensure_ascii=False))  # noqa: T201
    return FAILED if any(finding.grade.value == "fail" for finding in findings) else OK


def is_live(port: int) -> bool:
    """Whether a service on this computer answers. Its certificate is its own: on the way to oneself nobody listens."""
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    for connection in (
        HTTPSConnection("127.0.0.1", port, timeout=LIVE_S, context=unverified),
        HTTPConnection("127.0.0.1", port, timeout=LIVE_S),
    ):
        try:
            connection.request("GET", LIVE_PATH)
            return connection.getresponse().status == OK_STATUS
        except ssl.SSLError:
            continue
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
    return False


OK_STATUS = 200


def _findings(args: argparse.Namespace) -> Iterator[Finding]:
    from footfall.runtime.secret_files import with_secret_files  # noqa: PLC0415 - `--live` must be quick

    environ = with_secret_files(os.environ)
    plan, broker, problems = _plan(args, environ)
    yield from _here(args, plan)
    yield from problems
    yield from _outside(args, plan, broker, environ)


def _here(args: argparse.Namespace, plan: Plan | None) -> Iterator[Finding]:
    from footfall.config.plan import DetectSpec  # noqa: PLC0415
    from footfall.runtime.folders import data_folder, models_folder  # noqa: PLC0415
    from footfall.serve.checkup.house import Address, check_data, check_models, check_port, holder_of  # noqa: PLC0415
    from footfall.serve.checkup.machine import check_machine  # noqa: PLC0415

    graphs = plan.graphs if plan is not None else ()
    specs = [node.spec for graph in graphs for node in graph.nodes if isinstance(node.spec, DetectSpec)]
    folder = args.data or data_folder() / "serve"
    yield from check_machine(max(1, len(graphs)))
    yield from check_data(folder)
    yield check_port(Address(args.host, args.port), is_running=holder_of(folder))
    yield from check_models([spec.model for spec in specs] or [args.model or DetectSpec().model], models_folder())


def _outside(args: argparse.Namespace, plan: Plan | None, broker: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    from footfall.serve.checkup.outside import check_outside, check_store  # noqa: PLC0415

    if args.store:
        yield check_store(args.store)
    if plan is not None:
        yield from check_outside(plan.graphs, plan.sinks, broker, environ)


def _plan(args: argparse.Namespace, environ: Mapping[str, str]) -> tuple[Plan | None, str, list[Finding]]:
    """What is to run, Home Assistant's broker, and what is wrong with the configuration."""
    from footfall.core.errors import ConfigError, FootfallError  # noqa: PLC0415
    from footfall.serve.checkup.finding import Finding  # noqa: PLC0415

    try:
        plan, broker = _kept(args, environ) if args.target is None else _given(args.target, environ)
    except ConfigError as error:
        return None, "", [Finding.fail("configuration", f"{p.path}: {p.what}", p.cure) for p in error.problems]
    except FootfallError as error:
        return None, "", [Finding.fail("configuration", str(error), "look at the data folder and its rights")]
    if plan is None:
        return None, "", []
    notes = [Finding.warn("configuration", f"{p.path}: {p.what}", p.cure) for p in plan.warnings]
    return plan, broker, notes or [Finding.ok("configuration", f"{len(plan.graphs)} cameras")]


def _kept(args: argparse.Namespace, environ: Mapping[str, str]) -> tuple[Plan | None, str]:
    """What the service that was on this data folder runs."""
    from footfall.runtime.folders import data_folder  # noqa: PLC0415
    from footfall.serve.checkup.kept import kept  # noqa: PLC0415
    from footfall.serve.folder import DataFolder  # noqa: PLC0415

    compiled = kept(DataFolder(args.data or data_folder() / "serve"), environ)
    if compiled is None:
        return None, ""
    return compiled.plan, compiled.home_assistant.broker if compiled.home_assistant else ""


def _given(target: str, environ: Mapping[str, str]) -> tuple[Plan, str]:
    """What a file or an address says."""
    from footfall.cli.files import read_text  # noqa: PLC0415
    from footfall.config.environment import read_settings  # noqa: PLC0415
    from footfall.config.home_assistant import home_assistant_of  # noqa: PLC0415
    from footfall.config.load import load_plan  # noqa: PLC0415
    from footfall.config.native import plan_for_target  # noqa: PLC0415
    from footfall.spatial.regions import SpatialSpec  # noqa: PLC0415

    settings = read_settings(environ)
    if "://" in target or Path(target).suffix.lower() not in CONFIG_SUFFIXES:
        return plan_for_target(target, spatial=SpatialSpec(), settings=settings), ""
    text = read_text(target)
    plan = load_plan(text, file=target, settings=settings)
    home_assistant = home_assistant_of(text, target, settings)
    return plan, home_assistant.broker if home_assistant else ""


def _shown(findings: Iterator[Finding], *, as_json: bool) -> Iterator[Finding]:
    """Show each as it is found: cameras take their time."""
    for finding in findings:
        if not as_json:
            cure = f"; {finding.cure}" if finding.cure else ""
            print(f"{finding.grade.value:5}{finding.check}: {finding.what}{cure}", flush=True)  # noqa: T201
        yield finding
    sys.stdout.flush()
