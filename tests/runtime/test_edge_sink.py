"""Messages of the project as messages of a module, behind an outbox."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from footfall.core.types import Message
from footfall.edge.client import ModuleClient
from footfall.edge.identity import parse_connection_string
from footfall.edge.messages import Handlers
from footfall.engine.clock import SystemClock
from footfall.runtime.edge_sink import edge_outlet
from servers.certificates import make_certificates
from servers.stand_in_hub import StandInHub

KEY = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("properties", "heard"),
    [
        pytest.param({}, {"$.ct": "application/json", "$.ce": "utf-8"}, id="JSON unless it is said"),
        pytest.param(
            {"content-type": "text/plain", "encoding": "ascii", "eventType": "a b"},
            {"$.ct": "text/plain", "$.ce": "ascii", "eventType": "a b"},
            id="system properties by their names",
        ),
    ],
)
def test_what_waited_for_the_hub_arrives_as_it_is(
    tmp_path: Path, properties: dict[str, str], heard: dict[str, str]
) -> None:
    hub = StandInHub(tmp_path, make_certificates(tmp_path))
    text = f"HostName=h;DeviceId=dev1;ModuleId=mod1;SharedAccessKey={KEY};GatewayHostName=localhost:{hub.port}"
    identity = parse_connection_string(text, (tmp_path / "ca.pem").read_text())
    client = ModuleClient(identity, Handlers(), SystemClock()).start()
    outlet = edge_outlet(client, tmp_path / "outbox", lambda message: f"to-{message.topic}")
    outlet.start()
    outlet.append([Message("cam", f"{n}".encode(), f"id{n}", NOW, properties) for n in range(3)])
    hub.start()
    got = [hub.messages.get(timeout=60) for _ in range(3)]
    assert [body for _, body in got] == [b"0", b"1", b"2"]
    assert got[1][0] == {"$.on": "to-cam", "$.mid": "id1", **heard}
    assert outlet.close(60.0) == 0
    client.close()
    hub.stop()
