"""Run an IoT Edge deployment on this machine: the local hub, and the modules of a manifest as processes.

The images of Live Video Analytics, its RTSP simulator and Spatial Analysis become footfall's own modules; the folders
that they bind stay where they are on this machine. What else a manifest asks for is left out, with a warning.

Examples:
  footfall deploy deployment.template.json        # variables come from the .env file beside it
  footfall deploy deployment.amd64.json --data ~/edge
  footfall deploy                                 # go on with what was deployed last
  footfall deploy --status                        # what is to run, and what runs
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from footfall.cli.numbers import whole
from footfall.cli.terminal import Terminal
from footfall.core.errors import ConfigError, Problem
from footfall.deploy.edge import Deployment, log_of
from footfall.deploy.hub_access import device_of, service_of
from footfall.deploy.launch import MQTT_PORT, HubPlace, Site
from footfall.deploy.template import expand, read_env
from footfall.edge.service import ServiceError
from footfall.engine.clock import SystemClock
from footfall.hub.module_specs import AGENT
from footfall.hub.store import held
from footfall.runtime.folders import data_folder
from footfall.telemetry import set_up_logging

NEVER = "0001-01-01 00:00:00"
"""When a module was started that never was."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a deployment manifest or template")
    parser.add_argument("--env", type=Path, metavar="FILE", help="variables of a template (default: .env beside it)")
    parser.add_argument("--status", action="store_true", help="say what is to run and what runs, and end")
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="hub, volumes, logs (default: edge in footfall's data folder)"
    )
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where hub and simulator listen")
    parser.add_argument("--mqtt-port", type=whole(1, 65535), default=MQTT_PORT, metavar="N", help="default: 8883")
    parser.add_argument("--https-port", type=whole(1, 65535), default=443, metavar="N", help="default: 443")


def main(args: argparse.Namespace) -> int:
    """Deploy, or tell the status."""
    data = (args.data or data_folder() / "edge").resolve()
    hub = HubPlace(data / "hub", args.host, args.mqtt_port, args.https_port)
    if args.status:
        return tell_status(hub, data)
    set_up_logging("info", as_json=False)
    manifest = None if args.file is None else read_manifest(args.file, args.env, os.environ)
    site = Site(data, hub, (sys.executable, "-m", "footfall"), args.host)
    with held(data, "deployment"), Deployment(site, SystemClock()) as deployment:
        if manifest is not None:
            deployment.apply(manifest, str(args.file))
            say(f"{args.file} is deployed; footfall deploy --status tells how it goes, Ctrl-C stops everything")
        deployment.run(until_signal(), lambda report: say_changes(report, site))
    return 0


def read_manifest(file: Path, env: Path | None, environ: Mapping[str, str]) -> Mapping[str, Any]:
    """A manifest or template, with its variables put in; those of the file win over the environment.

    Raises:
        ConfigError: it cannot be read, or is wrong.
    """
    beside = file.with_name(".env")
    chosen = env or (beside if beside.exists() else None)
    own = {} if chosen is None else read_env(text_of(chosen), str(chosen))
    manifest = expand(text_of(file), {**environ, **own}, str(file))
    if not isinstance(manifest.get("modulesContent"), dict):
        what = "is missing: this is no deployment manifest"
        raise ConfigError([Problem(str(file), "$.modulesContent", what, "give a deployment manifest or template")])
    return manifest


def text_of(file: Path) -> str:
    """A file's text.

    Raises:
        ConfigError: it is none.
    """
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeError:
        raise ConfigError([Problem(str(file), "$", "is no UTF-8 text", "save it as UTF-8")]) from None


def until_signal() -> Callable[[float], bool]:
    """Sleeps for the seconds it is given; whether somebody asked for the end."""
    enough = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: enough.set())
    return enough.wait


def say_changes(report: Mapping[str, Any], site: Site) -> None:
    """One line for the whole deployment."""
    status = report["lastDesiredStatus"]
    if status["code"] not in {200, 417}:
        say(f"the deployment is refused: {status['description']}")
    states = [f"{name} {module['runtimeStatus']}" for name, module in modules_of(report).items()]
    say(f"{', '.join(states)} (logs in {log_of(site, 'x').parent})")
    if not report.get("modules"):
        say("nothing is deployed: footfall deploy FILE, with a deployment manifest or template")


def tell_status(hub: HubPlace, data: Path) -> int:
    """A table of all modules; 0 if everything that is to run runs."""
    try:
        with service_of(hub, SystemClock()) as service:
            report = service.twin(device_of(hub), AGENT)["properties"]["reported"]
    except ServiceError as error:
        what, cure = f"the hub does not answer ({error})", "start it: footfall deploy"
        raise ConfigError([Problem(str(data), "$", what, cure)]) from error
    table = Table("module", "desired", "reported", "restarts", "since", "note")
    for name, module in modules_of(report).items():
        note = module["statusDescription"] if module["statusDescription"] != module["runtimeStatus"] else ""
        since = module["lastStartTimeUtc"][:19].replace("T", " ").replace(NEVER, "")
        state = (module["status"].capitalize(), module["runtimeStatus"].capitalize())
        table.add_row(name, *state, str(module["restartCount"]), since, note)
    Terminal().print(table)
    return 0 if all(m["status"] == m["runtimeStatus"] for m in modules_of(report).values()) else 1


def modules_of(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """System modules first."""
    return {**report.get("systemModules", {}), **report.get("modules", {})}


def say(text: str) -> None:
    """Tell the user."""
    print(f"footfall deploy: {text}", file=sys.stderr, flush=True)  # noqa: T201
