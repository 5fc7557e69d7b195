"""The vendor's own SDK: its requests are taken, its models load our replies."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from media_module import Module

SCRIPT = Path(__file__).resolve().parents[1] / "vendor/media_graph_payloads.py"


def vendor(python: Path, what: str, told: Any = None) -> Any:
    done = subprocess.run(
        [python, SCRIPT, what], input=json.dumps(told), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_requests_of_the_sdk_are_taken_and_our_replies_load(vendor_python: Path, tmp_path: Path) -> None:
    module = Module(tmp_path)
    requests = vendor(vendor_python, "build")

    replies = [(method, module.call(method, request)) for method, request in requests]
    module.close()

    assert [(method, reply.status) for method, reply in replies] == [
        ("GraphTopologySet", 201),
        ("GraphTopologyGet", 200),
        ("GraphTopologyList", 200),
        ("GraphInstanceSet", 201),
        ("GraphInstanceGet", 200),
        ("GraphInstanceActivate", 200),
        ("GraphInstanceList", 200),
        ("GraphInstanceDeactivate", 200),
        ("GraphInstanceDelete", 200),
        ("GraphTopologyDelete", 200),
    ]
    loaded = dict(vendor(vendor_python, "load", [(method, reply.payload) for method, reply in replies]))
    assert loaded["GraphTopologyGet"]["system_data"]["created_at"].startswith("2026-01-05T10:00:")
    assert [node["name"] for node in loaded["GraphTopologyGet"]["properties"]["processors"]] == [
        "motion", "grpc", "http", "vision", "gate"
    ]  # fmt: skip
    assert loaded["GraphTopologyGet"]["properties"]["sources"][0]["transport"] == "Tcp"
    assert loaded["GraphTopologyList"]["value"] == [loaded["GraphTopologyGet"]]
    assert loaded["GraphInstanceGet"]["properties"]["state"] == "Inactive"
    assert loaded["GraphInstanceList"]["value"][0]["properties"]["state"] == "Active"
    assert loaded["GraphInstanceSet"]["properties"]["parameters"] == [
        {"name": "url", "value": "rtsp://cam/door"},
        {"name": "word"},
    ]
    assert "sesame" not in json.dumps(loaded)
