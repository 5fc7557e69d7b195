"""Figures of the media module for Prometheus: `http://<module>:9600/metrics` (spec/media-graph.md section 11)."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from footfall.core.errors import ConfigError, Problem
from footfall.runtime.media import MediaInstance

log = logging.getLogger(__name__)

PORT: Final = 9600
PATH: Final = "/metrics"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
VARIABLE: Final = "FOOTFALL_METRICS"


def render(instances: Iterable[MediaInstance], module: Mapping[str, str]) -> str:
    """All figures in Prometheus' text form; `module`: the labels that all of them have."""
    running = list(instances)
    active = Counter(instance.graph.topology for instance in running)
    lines = ["# TYPE lva_active_graph_instances gauge"]
    lines += [
        _line("lva_active_graph_instances", {**module, "graph_topology": topology}, count)
        for topology, count in sorted(active.items())
    ]
    lines.append("# TYPE lva_received_bytes_total counter")
    lines += [
        _line("lva_received_bytes_total", _labels(module, instance, instance.source), instance.received_bytes)
        for instance in running
    ]
    lines.append("# TYPE lva_data_dropped_total counter")
    lines += [
        _line("lva_data_dropped_total", _labels(module, instance, node), count)
        for instance in running
        for node, count in instance.dropped()
    ]
    return "\n".join(lines) + "\n"


def _labels(module: Mapping[str, str], instance: MediaInstance, node: str) -> dict[str, str]:
    graph = instance.graph
    named = {"graph_topology": graph.topology, "graph_instance": graph.instance, "graph_node": node}
    return {**module, **named, "data_kind": "video"}


def _line(name: str, labels: Mapping[str, str], value: int) -> str:
    return f"{name}{{{','.join(_pairs(labels))}}} {value}"


def _pairs(labels: Mapping[str, str]) -> Iterator[str]:
    for name, value in labels.items():
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        yield f'{name}="{escaped}"'


def address(environ: Mapping[str, str]) -> tuple[str, int] | None:
    """Where figures are served: `FOOTFALL_METRICS` is a port, HOST:PORT, or 0 for nowhere.

    Raises:
        ConfigError: it is something else.
    """
    text = environ.get(VARIABLE, "").strip() or str(PORT)
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > LAST_PORT:
        what, cure = f"{text!r} is no port", "write a port such as 9600, HOST:PORT, or 0 for no figures"
        raise ConfigError([Problem("environment", VARIABLE, what, cure)])
    return (host or "127.0.0.1", int(port)) if int(port) else None


class MetricsServer:
    """Serves the figures; a port that is taken is told, and the module goes on without.

    Args:
        where: host and port; None: nowhere.
        text: makes the text, at each request.
    """

    def __init__(self, where: tuple[str, int] | None, text: Callable[[], str]) -> None:
        self._server: ThreadingHTTPServer | None = None
        if where is None:
            return
        try:
            self._server = ThreadingHTTPServer(where, _handler(text))
        except OSError as error:
            log.warning("no figures at %s:%d (%s); set %s to another port", *where, error.strerror, VARIABLE)
            return
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens; 0: nowhere."""
        return self._server.server_address[1] if self._server else 0

    def close(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


def _handler(text: Callable[[], str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.partition("?")[0] != PATH:
                self.send_error(404)
                return
            body = text().encode()
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Requests are nothing to write about."""

    return Handler


LAST_PORT: Final = 65_535
