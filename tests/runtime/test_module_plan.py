"""Twins become plans: names of the deployment are found on this machine, and nothing half runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from footfall.config.environment import Settings
from footfall.config.plan import RecorderPlan, SourceSpec
from footfall.core.errors import ConfigError
from footfall.core.options import InferenceForm
from footfall.runtime.module_plan import Outside, config_hash, plan_of_desired, read_outside
from footfall.spatial.regions import SpatialSpec
from servers.spatial_module import counting, serving

OUTSIDE = read_outside(
    {"FOOTFALL_HOSTS": "rtspsim:554=127.0.0.1:8554,nvr=10.0.0.9", "FOOTFALL_PATHS": "/videos=/home/me/clips"}
)
SERVED = serving(50051)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        pytest.param("rtsp://rtspsim:554/media/a.mkv", "rtsp://127.0.0.1:8554/media/a.mkv", id="a module's port"),
        pytest.param("rtsp://me:p%40@RtspSim/a", "rtsp://me:p%40@127.0.0.1:8554/a", id="the usual port, and a login"),
        pytest.param("http://nvr:8080/a.mp4?sig=x", "http://10.0.0.9:8080/a.mp4?sig=x", id="any port"),
        pytest.param("rtsp://10.1.1.1/main", "rtsp://10.1.1.1/main", id="a camera outside"),
        pytest.param("/videos/shop.mp4", "/home/me/clips/shop.mp4", id="a file of a bind"),
        pytest.param("file:///videos/shop.mp4", "file:///home/me/clips/shop.mp4", id="a file's URL"),
        pytest.param("/other/shop.mp4", "/other/shop.mp4", id="a file of no bind"),
        pytest.param("shop.mp4", "shop.mp4", id="a file of here"),
    ],
)
def test_video_is_where_it_is_on_this_machine(url: str, found: str) -> None:
    [graph] = plan_of_desired({"graphs": {"g": counting(url)}}, Settings(), OUTSIDE).graphs
    assert graph.spec(SourceSpec).url == found


@pytest.mark.parametrize(
    "desired",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"$version": 3}, id="a new twin"),
        pytest.param({"globalSettings": {"platformLogLevel": "info"}, "$version": 3}, id="no graphs yet"),
        pytest.param({"graphs": {}}, id="no graph"),
        pytest.param({"Graphs": {"g": None}}, id="a graph that is gone"),
    ],
)
def test_a_twin_without_graphs_asks_for_nothing(desired: dict[str, object]) -> None:
    assert plan_of_desired(desired, Settings(), Outside()).graphs == ()


def test_one_address_serves_one_graph() -> None:
    both = {"a": SERVED, "b": SERVED}
    with pytest.raises(ConfigError, match=r"a/a and b/b all listen on 127\.0\.0\.1:50051"):
        plan_of_desired({"graphs": both}, Settings(), Outside())
    one = {"a": SERVED, "b": {**SERVED, "enabled": False}}
    assert len(plan_of_desired({"graphs": one}, Settings(), Outside()).graphs) == 2


def test_a_backend_of_video_analyzer_serves_without_a_twin() -> None:
    backend = Settings(launcher_type="avabackend")
    [graph] = plan_of_desired({}, backend, Outside()).graphs
    assert graph.extension is not None
    assert (graph.extension.address, graph.extension.form) == ("0.0.0.0:50051", InferenceForm.AVA)
    assert graph.spec(SpatialSpec) == SpatialSpec()
    [own] = plan_of_desired({"graphs": {"own": SERVED}}, backend, Outside()).graphs
    assert own.id == "own/own"


def test_a_hash_names_a_configuration_and_no_password() -> None:
    def of(url: str, **more: object) -> str:
        return config_hash(plan_of_desired({"graphs": {"g": counting(url, **more)}}, Settings(), Outside()).graphs[0])

    assert of("rtsp://a/b") == of("rtsp://a/b")
    assert of("rtsp://a/b") != of("rtsp://a/c")
    assert of("rtsp://a/b") != of("rtsp://a/b", INPUT_VIDEO_WIDTH=320)
    assert of("rtsp://u:one@a/b") == of("rtsp://u:two@a/b")


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        pytest.param({"FOOTFALL_HOSTS": "a=b/c"}, "FOOTFALL_HOSTS", id="hosts"),
        pytest.param({"FOOTFALL_PATHS": "videos=/here"}, "FOOTFALL_PATHS", id="paths"),
    ],
)
def test_maps_that_are_wrong_are_refused(environ: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read_outside(environ)
    assert replace(Outside()) == read_outside({})


def test_a_recorder_has_its_camera_and_its_folder_on_this_machine() -> None:
    def recorder(password: str) -> RecorderPlan:
        devices = {"devices": {"door": {"url": f"rtsp://me:{password}@rtspsim/media/a.mkv"}}}
        parameters = {"DEVICES_PATH_PARAM": devices, "OUTPUT_PATH_PARAM": "/videos/kept"}
        graph = {"skillId": "Microsoft.ComputerVision.VideoRecorder", "parameters": parameters}
        plan = plan_of_desired({"graphs": {"rec": graph}}, Settings(launcher_type="avabackend"), OUTSIDE)
        assert plan.graphs == ()
        [found] = plan.recorders
        return found

    found = recorder("sesame")
    assert found.source.url == "rtsp://me:sesame@127.0.0.1:8554/media/a.mkv"
    assert found.folder == "/home/me/clips/kept/recordedvideo"
    assert config_hash(found) == config_hash(recorder("other"))
    assert config_hash(found) != config_hash(replace(found, duration_s=60.0))
