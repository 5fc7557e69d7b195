"""A backend of Video Analyzer: no graphs in the twin, every stream brings its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servers.edge_hub import ThreadedHub
from servers.extension_peer import EPOCH_TICKS, Peer, descriptor, embedded
from servers.mosquitto import free_port
from servers.spatial_module import SpatialModule, counting


@pytest.mark.slow
def test_a_stream_brings_its_graph(tmp_path: Path) -> None:
    graph = counting("") | {"operationId": "cognitiveservices.vision.spatialanalysis-personcount.azurevideoanalyzer"}
    address = f"127.0.0.1:{free_port()}"
    del graph["parameters"]["VIDEO_URL"], graph["parameters"]["VIDEO_SOURCE_ID"]
    with ThreadedHub(tmp_path / "hub") as hub:
        module = SpatialModule(tmp_path, hub, LAUNCHER_TYPE="avaBackend", BINDING_ADDRESS=address).start()
        module.wait(lambda: module.graph("avabackend").get("state") == "running")
        with Peer(address) as peer:
            peer.ask(descriptor(320, 180, configuration=json.dumps(graph)))
            found = []
            for number in range(40):
                answer = peer.ask(embedded(number + 2, EPOCH_TICKS + number * 9000, bytes(320 * 180 * 3)))
                assert answer.acknowledged == number + 2
                found += answer.events
            peer.end()
        assert found[0][0] == "personCountEvent"
        assert module.stop() == 0
