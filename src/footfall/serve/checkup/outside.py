"""What the service reaches out for: cameras, receivers of events, a database. All at once, each within ten seconds."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import text

from footfall.config.plan import GraphPlan, OnEnd, SourceSpec
from footfall.core.errors import ConfigError, FootfallError, SinkError, SourceUnavailable
from footfall.core.types import CLOCK_LIMIT_S
from footfall.engine.clock import SystemClock
from footfall.ingest.container import address_of, probe
from footfall.ingest.decode import VideoSource
from footfall.ingest.probe import probe_camera
from footfall.ingest.url import is_rtsp, redact, scheme
from footfall.serve.checkup.finding import Finding
from footfall.sinks.build import open_sink
from footfall.sinks.spec import JsonlAddress, MqttAddress, WebhookAddress, parse_sink
from footfall.sinks.tls import client_context
from footfall.store.database import connect, reading
from footfall.store.faults import StoreUnavailable

PROBE_S: Final = 3.4
CLOCK_WATCH_S: Final = 6.4
"""Until the first sender report has come, and the clocks were compared."""
REACH_S: Final = 4.0
AT_ONCE: Final = 32
HTTP_PORTS: Final = {"http": 80, "https": 443}
CURES: Final = {
    "unauthorized": "check user and password",
    "not-found": "check the path behind the camera's address",
    "refused": "check the port, and whether RTSP is switched on in the camera",
    "timeout": "check the address, cable, and firewalls between here and there",
    "not-video": "name the address of a video stream",
    "no-frames": "restart the camera; choose H.264 in its settings",
}


def check_outside(
    graphs: Sequence[GraphPlan], sinks: Sequence[str], broker: str, environ: Mapping[str, str]
) -> Iterator[Finding]:
    """Everything that must be reached.

    Args:
        graphs: the cameras.
        sinks: where events go.
        broker: Home Assistant's; empty: none.
        environ: gives sinks their secrets.
    """
    specs = {spec.source_id: spec for graph in graphs if (spec := _source_of(graph)) is not None}
    tasks: list[Callable[[], Iterable[Finding]]] = [partial(check_camera, spec) for spec in specs.values()]
    tasks += [partial(_one, sink, environ) for sink in sinks]
    if broker:
        tasks.append(partial(_one, f"{broker.rstrip('/')}/-", environ))
    with ThreadPoolExecutor(min(AT_ONCE, len(tasks) or 1), "check-up") as pool:
        for findings in pool.map(lambda task: list(task()), tasks):
            yield from findings


def _one(sink: str, environ: Mapping[str, str]) -> tuple[Finding]:
    return (check_sink(sink, environ),)


def _source_of(graph: GraphPlan) -> SourceSpec | None:
    """Where its pictures come from; None where others bring them."""
    return next((node.spec for node in graph.nodes if isinstance(node.spec, SourceSpec)), None)


def check_camera(spec: SourceSpec) -> Iterator[Finding]:
    """One camera: what it sends, and whether its clock is right."""
    check = f"camera {spec.source_id}"
    if scheme(spec.url) == "file":
        yield _file(check, spec)
        return
    transport = spec.transport if is_rtsp(spec.url) else None
    report = probe_camera(spec.url, transport=transport, budget_s=PROBE_S)
    if report.reason:
        yield Finding.fail(check, report.detail or report.reason, CURES.get(report.reason, "see the how-to on cameras"))
        return
    width, height = report.size_px
    text = f"{report.codec} {width}x{height}, {report.fps:g} fps, {report.bitrate_kbps} kbit/s"
    if report.advice:
        yield Finding.warn(check, text, "; ".join(report.advice))
    else:
        yield Finding.ok(check, text)
    if report.tells_time or is_rtsp(spec.url):
        yield from _clock_of(check, spec)


def _file(check: str, spec: SourceSpec) -> Finding:
    try:
        info = probe(address_of(spec))
    except SourceUnavailable as error:
        return Finding.fail(check, error.detail, "name a video file that plays")
    return Finding.ok(check, f"{info.codec} {info.size_px[0]}x{info.size_px[1]}, {info.fps:g} fps, a file")


def _clock_of(check: str, spec: SourceSpec) -> Iterator[Finding]:
    offset_s = clock_offset_s(spec)
    if offset_s is None:
        yield Finding.ok(f"{check} clock", "tells no time within some seconds: events are dated by their arrival")
    elif abs(offset_s) > CLOCK_LIMIT_S:
        cure = "let the camera set its clock by NTP; until then events are dated by this computer's clock"
        yield Finding.warn(f"{check} clock", f"{offset_s:+.1f} s off", cure)
    else:
        yield Finding.ok(f"{check} clock", f"{offset_s:+.2f} s off")


def clock_offset_s(spec: SourceSpec) -> float | None:
    """How far a camera's clock is ahead of ours; None where it does not tell soon enough."""
    source = VideoSource(replace(spec, on_end=OnEnd.RECONNECT, max_fps=1000.0), image_width_px=64, clock=SystemClock())
    timer = threading.Timer(CLOCK_WATCH_S, source.close)
    timer.start()
    try:
        for frame in source.frames():
            if frame.clock_offset_s is not None:
                return frame.clock_offset_s
    except SourceUnavailable:
        pass
    finally:
        timer.cancel()
        source.close()
    return None


def check_sink(spec: str, environ: Mapping[str, str]) -> Finding:
    """Whether a receiver of events is there. Nothing is sent: a broker is greeted, a web server's door is looked at."""
    try:
        address = parse_sink(spec)
    except ConfigError as error:
        return Finding.fail("sink", error.problems[0].what, error.problems[0].cure)
    check = f"sink {address.redacted}"
    try:
        match address:
            case MqttAddress():
                sink = open_sink(replace(address, client_id=""), environ=environ, clock=SystemClock())
                try:
                    sink.send([])
                finally:
                    sink.close()
            case WebhookAddress():
                _knock(address)
            case JsonlAddress(path=path):
                _writable(path)
    except SinkError as error:
        return Finding.fail(check, error.detail, "check address, login and whether it runs")
    except (OSError, FootfallError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Finding.fail(check, reason, "check address, rights and whether it runs")
    return Finding.ok(check, "is there")


def _knock(address: WebhookAddress) -> None:
    parts = urlsplit(address.url)
    port = parts.port or HTTP_PORTS[parts.scheme]
    with socket.create_connection((parts.hostname or "", port), REACH_S) as line:
        if parts.scheme == "https":
            context: ssl.SSLContext = client_context(address.tls)
            with context.wrap_socket(line, server_hostname=parts.hostname):
                pass


def _writable(path: Path) -> None:
    target = path if path.exists() else path.absolute().parent
    if not os.access(target, os.W_OK):
        raise PermissionError(13, f"{target} cannot be written")


def check_store(url: str) -> Finding:
    """Whether the database is there; its tables are not touched."""
    try:
        engine = connect(url, "store")
        with reading(engine) as connection:
            connection.execute(text("SELECT 1"))
        engine.dispose()
    except ConfigError as error:
        return Finding.fail("store", f"{redact(url)}: {error.problems[0].what}", error.problems[0].cure)
    except StoreUnavailable as error:
        return Finding.fail("store", f"{redact(url)}: {redact(error.detail)}", "check address, login, and that it runs")
    return Finding.ok("store", f"{redact(url)} is there")
