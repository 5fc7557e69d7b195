"""`footfall validate` on topologies, instances and operations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from footfall.cli.main import main
from media_documents import assets, camera, instance, parameter, simple, topology

BAD = topology(camera(url="http://cam"), assets("nobody") | {"assetNamePattern": "a:b", "colour": "red"})
BAD["name"] = "-"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, document: Any) -> str:
    Path(name).write_bytes(b"\xef\xbb\xbf" + json.dumps(document).encode())
    return name


def test_sound_documents_are_passed_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    steps = [
        {"opName": "GraphTopologySet", "opParams": {"topologyFile": written("topology.json", simple())}},
        {"opName": "GraphInstanceSet", "opParams": {"name": "i", "properties": {"topologyName": "Door"}}},
        {"opName": "WaitForInput", "opParams": {"message": "now"}},
    ]
    operations = written("operations.json", {"apiVersion": "2.0", "operations": steps})

    assert main(["validate", "topology.json", written("instance.json", instance()), operations]) == 0
    assert capfd.readouterr().err == ""


def test_everything_wrong_with_a_topology_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", written("t.json", BAD)]) == 2

    told = "".join(capfd.readouterr()).splitlines()
    assert [line.split(": ")[1] for line in told] == [
        "$.name",
        "$.properties.sinks[0].inputs[0].nodeName",
        "$.properties.sinks[0].assetNamePattern",
        "$.properties.sinks[0].colour",
    ]
    assert all("; " in line for line in told), "every problem has its cure"


def test_addresses_without_parameters_are_looked_at(capfd: pytest.CaptureFixture[str]) -> None:
    sound = topology(camera(url="http://cam"), assets("camera"))

    assert main(["validate", written("t.json", sound)]) == 2
    assert "$.properties.sources[0]: has an address with the scheme 'http'; use rtsp" in "".join(capfd.readouterr())


def test_a_bad_instance(capfd: pytest.CaptureFixture[str]) -> None:
    document = instance()
    document["name"] = "front door"

    assert main(["validate", written("i.json", document)]) == 2
    assert "i.json: $.name: is no name for a topology or an instance" in "".join(capfd.readouterr())


def test_what_operations_name_is_looked_at_too(capfd: pytest.CaptureFixture[str]) -> None:
    door = topology(camera(url="${url}"), assets("camera"), parameters=[parameter("url")])
    steps = [
        {"opName": "GraphTopologySet", "opParams": {"topologyFile": written("bad.json", BAD)}},
        {"opName": "GraphTopologySet", "opParams": {"topologyFile": "missing.json"}},
        {"opName": "GraphTopologySet", "opParams": {"topologyFile": written("door.json", door)}},
        {"opName": "GraphInstanceSet", "opParams": {key: instance()[key] for key in ("name", "properties")}},
        {"opName": "GraphInstanceActivated", "opParams": {"name": "i"}},
    ]

    assert main(["validate", written("operations.json", {"apiVersion": "2.0", "operations": steps})]) == 2

    told = "".join(capfd.readouterr())
    assert "bad.json: $.name: is no name" in told
    assert "operations.json: $.operations[1].opParams.topologyFile: missing.json: No such file or directory" in told
    assert "operations.json: $.operations[3].opParams.properties.parameters: the parameter 'url' has no value" in told
    assert "operations.json: $.operations[4].opName: is no operation; did you mean 'GraphInstanceActivate'?" in told


@pytest.mark.parametrize(
    "text", ["{", '{"properties": {"sources": 1, "a": NaN}}', '{"properties": {"topologyName": []}}']
)
def test_broken_documents(text: str) -> None:
    Path("t.json").write_text(text)

    assert main(["validate", "t.json"]) == 2
