"""Figures for Prometheus."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from footfall.config.media import MediaGraph
from footfall.core.errors import ConfigError
from footfall.runtime.media_metrics import MetricsServer, address, render


class Instance:
    """What the figures are about."""

    source = "rtspSource"

    def __init__(self, name: str, topology: str, received_bytes: int) -> None:
        self.graph = MediaGraph(name, topology, ())
        self.received_bytes = received_bytes

    def dropped(self) -> Iterator[tuple[str, int]]:
        yield "cvExtension", 7


def test_the_text() -> None:
    instances = [Instance("G-1", "T", 100), Instance("G-2", "T", 200)]
    text = render(instances, {"iothub": 'h"ub', "edge_device": "d", "module_name": "lvaEdge"})  # type: ignore[arg-type]
    labels = 'iothub="h\\"ub",edge_device="d",module_name="lvaEdge",graph_topology="T"'
    assert text.splitlines() == [
        "# TYPE lva_active_graph_instances gauge",
        f"lva_active_graph_instances{{{labels}}} 2",
        "# TYPE lva_received_bytes_total counter",
        f'lva_received_bytes_total{{{labels},graph_instance="G-1",graph_node="rtspSource",data_kind="video"}} 100',
        f'lva_received_bytes_total{{{labels},graph_instance="G-2",graph_node="rtspSource",data_kind="video"}} 200',
        "# TYPE lva_data_dropped_total counter",
        f'lva_data_dropped_total{{{labels},graph_instance="G-1",graph_node="cvExtension",data_kind="video"}} 7',
        f'lva_data_dropped_total{{{labels},graph_instance="G-2",graph_node="cvExtension",data_kind="video"}} 7',
    ]
    assert text.endswith("\n")


def test_served_at_one_path() -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    server = MetricsServer(("127.0.0.1", port), lambda: "figures\n")
    try:
        assert httpx.get(f"http://127.0.0.1:{server.port}/metrics", timeout=60).text == "figures\n"
        assert httpx.get(f"http://127.0.0.1:{server.port}/", timeout=60).status_code == 404
        second = MetricsServer(("127.0.0.1", port), lambda: "")
        assert second.port == 0, "a port that is taken is no reason to stop"
        second.close()
    finally:
        server.close()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("", ("127.0.0.1", 9600), id="as it was"),
        pytest.param("9700", ("127.0.0.1", 9700), id="a port"),
        pytest.param("0.0.0.0:9600", ("0.0.0.0", 9600), id="seen from outside"),  # noqa: S104
        pytest.param("0", None, id="off"),
    ],
)
def test_where(text: str, where: tuple[str, int] | None) -> None:
    assert address({"FOOTFALL_METRICS": text}) == where


@pytest.mark.parametrize("text", ["http", "99999", "-1", "host:"])
def test_nowhere(text: str) -> None:
    with pytest.raises(ConfigError, match="FOOTFALL_METRICS"):
        address({"FOOTFALL_METRICS": text})
