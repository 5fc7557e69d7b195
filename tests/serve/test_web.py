"""What the web is given by the service."""

from __future__ import annotations

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from footfall.engine.clock import SystemClock
from footfall.serve.folder import DataFolder
from footfall.serve.service import Service, Wishes
from footfall.serve.web import app_of
from footfall.web.app import FastAPI
from footfall.web.security import Door


def test_metrics_come_from_the_running_service(tmp_path: Path) -> None:
    config = tmp_path / "footfall.yaml"
    config.write_text("model: motion\ncameras: [{name: front, url: 'rtsp://127.0.0.1:9/live'}]\n")
    service = Service(Wishes(DataFolder(tmp_path / "data"), config, "", 1, {}), SystemClock())
    try:
        app = app_of(service, Door(names=frozenset({"127.0.0.1"}), secure=True), SystemClock())
        assert isinstance(app, FastAPI)
        text = app.state.parts.metrics().decode()
    finally:
        service.close()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert {sample.labels["camera"] for sample in families["footfall_camera_state"].samples} == {"front"}
    assert families["footfall_store_lag_seconds"].samples[0].value == 0.0
