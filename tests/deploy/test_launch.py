"""From `$edgeAgent`'s desired properties to local processes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.deploy.desired import Assignment, ContainerOptions, RestartPolicy, read_modules, read_options
from footfall.deploy.launch import HubPlace, Part, Site, host_map, launch, part_of, wanted_port

SITE = Site(Path("/data"), HubPlace(Path("/data/hub"), mqtt_port=18883), ("footfall",))
SIMULATOR = Assignment(
    "rtspsim", "mcr.microsoft.com/lva-utilities/rtspsim-live555:1.2",
    ContainerOptions((("clips", "/live/mediaServer/media"),), ((554, 8555),)),
)  # fmt: skip
GRAPHS = Assignment(
    "lvaEdge", "mcr.microsoft.com/media/live-video-analytics:2",
    ContainerOptions((("/home/me/out", "/var/media/"),)), (("IS_DEVELOPER_ENVIRONMENT", "true"),),
)  # fmt: skip


def desired(**module: Any) -> dict[str, Any]:
    return {"schemaVersion": "1.0", "modules": {"a": {"settings": {"image": "x"}, **module}}}


@pytest.mark.parametrize(
    ("image", "part"),
    [
        ("mcr.microsoft.com/media/live-video-analytics:2", Part.MEDIA_GRAPH),
        ("mcr.microsoft.com/media/video-analyzer:1", Part.MEDIA_GRAPH),
        ("mcr.microsoft.com/lva-utilities/rtspsim-live555:1.2", Part.RTSP_SIMULATOR),
        ("mcr.microsoft.com/azure-cognitive-services/vision/spatial-analysis:1.0", Part.SPATIAL_ANALYSIS),
        ("registry.local:5000/azure-cognitive-services/vision/spatial-analysis", Part.SPATIAL_ANALYSIS),
        ("me/vision/spatial-analysis@sha256:00", Part.SPATIAL_ANALYSIS),
        ("mcr.microsoft.com/azure-cognitive-services/vision/spatial-analysis/telegraf:1.0", None),
        ("mcr.microsoft.com/azureiotedge-hub:1.0", Part.HUB),
        ("nginx", None),
    ],
)
def test_which_image_is_what(image: str, part: Part | None) -> None:
    assert part_of(image) is part


def test_a_module_learns_where_everything_is() -> None:
    hosts = host_map([SIMULATOR, GRAPHS], {"rtspsim": 18554})
    start = launch(GRAPHS, Part.MEDIA_GRAPH, SITE, hosts, {"IOTEDGE_DEVICEID": "dev1"})
    assert start.command == ("footfall", "module", "media-graph")
    assert start.environment == {
        "IS_DEVELOPER_ENVIRONMENT": "true",
        "IOTEDGE_DEVICEID": "dev1",
        "FOOTFALL_HOSTS": "rtspsim=127.0.0.1,rtspsim:554=127.0.0.1:18554,lvaedge=127.0.0.1",
        "FOOTFALL_PATHS": "/var/media=/home/me/out",
        "FOOTFALL_DATA": "/data/modules/lvaEdge",
    }
    assert start.folders == (Path("/home/me/out"),)


def test_the_simulator_plays_its_volume_at_its_port() -> None:
    hosts = host_map([SIMULATOR], {"rtspsim": wanted_port(SIMULATOR)})
    start = launch(SIMULATOR, Part.RTSP_SIMULATOR, SITE, hosts, {})
    assert start.command[1:] == (
        "simulate", "rtsp", "--media", "/data/volumes/clips", "--host", "127.0.0.1", "--port", "8555",
    )  # fmt: skip


def test_the_hub_is_a_process_too() -> None:
    start = launch(Assignment("edgeHub", "azureiotedge-hub"), Part.HUB, SITE, host_map([], {}), {})
    assert start.command == (
        "footfall", "hub", "--data", "/data/hub", "--host", "127.0.0.1", "--mqtt-port", "18883", "--https-port", "443",
    )  # fmt: skip
    elsewhere = replace(SITE, hub=HubPlace(Path("/data/hub"), "10.0.0.7"))
    hub = launch(Assignment("edgeHub", "azureiotedge-hub"), Part.HUB, elsewhere, host_map([], {}), {})
    assert hub.command[-2:] == ("--name", "10.0.0.7"), "so that connection strings lead there"
    assert SITE.hub.gateway == "127.0.0.1:18883"
    assert HubPlace(Path("/x")).gateway == "127.0.0.1"


@pytest.mark.parametrize(("host", "place"), [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("127.7.7.7", "127.7.7.7")])  # noqa: S104 - an address to listen on
def test_who_listens_everywhere_is_reached_here(host: str, place: str) -> None:
    hub = HubPlace(Path("/x"), host)
    assert (hub.gateway, hub.service) == (place, f"{place}:443")
    assert host_map([SIMULATOR], {"rtspsim": 554}, host).find("rtspsim", 554) == (place, 554)


def test_a_simulator_without_folder_is_refused() -> None:
    bare = Assignment("sim", SIMULATOR.image)
    with pytest.raises(ValueError, match="bind one to"):
        launch(bare, Part.RTSP_SIMULATOR, SITE, host_map([bare], {}), {})


def test_modules_start_in_their_order() -> None:
    modules = {name: {"settings": {"image": "x"}, "startupOrder": order} for name, order in (("b", 2), ("a", 1))}
    modules["z"] = {"settings": {"image": "x"}}
    assert [spec.name for spec in read_modules({"modules": modules})] == ["a", "b", "z"]


def test_what_a_module_says_of_itself() -> None:
    [spec] = read_modules(
        desired(
            status="stopped",
            restartPolicy="on-failure",
            env={"A": {"value": "1"}},
            settings={
                "image": " x ",
                "createOptions": '{"HostConfig":{"Binds":["/a:/b:ro"],"PortBindings":{"554/tcp":[{"HostPort":"85',
                "createOptions01": '54"}]},"Mounts":[{"Type":"volume","Source":"v","Target":"/c"}]},"Env":["B=2=3"]}',
            },
        )
    )
    options = ContainerOptions((("/a", "/b"), ("v", "/c")), ((554, 8554),), (("B", "2=3"),))
    assert spec == Assignment("a", "x", options, (("A", "1"),), is_wanted=False, restart=RestartPolicy.ON_FAILURE)


@pytest.mark.parametrize(
    ("module", "where"),
    [
        ({"settings": {}}, "settings.image"),
        ({"settings": 1}, "settings: an object is needed"),
        ({"status": "walking"}, "one of running, stopped"),
        ({"restartPolicy": "sometimes"}, "one of never"),
        ({"env": {"A": 1}}, "env.A"),
        ({"startupOrder": -1}, "startupOrder"),
        ({"settings": {"image": "x", "createOptions": "{"}}, "createOptions"),
        ({"settings": {"image": "x", "createOptions": '{"HostConfig":{"Binds":["nowhere"]}}'}}, "nowhere"),
        ({"settings": {"image": "x", "createOptions": '{"HostConfig":{"PortBindings":{"x":[{}]}}}'}}, "no port"),
        ({"settings": {"image": "x", "createOptions": '{"HostConfig":{"Mounts":[{}]}}'}}, "Source"),
        ({"settings": {"image": "x", "createOptions": '{"Env":3}'}}, "no JSON list"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(module: dict[str, Any], where: str) -> None:
    with pytest.raises(ValueError, match=where) as caught:
        read_modules(desired(**module))
    assert "module a" in str(caught.value)


KEYS = ("modules", "settings", "image", "createOptions", "HostConfig", "Binds", "Mounts", "PortBindings", "env", "a")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(KEYS), inner, max_size=4,
    ),
)  # fmt: skip


@given(JSON)
def test_any_document_is_read_or_refused(document: Any) -> None:
    with suppress(ValueError):
        read_options(document if isinstance(document, dict) else {"HostConfig": document})
    with suppress(ValueError):
        read_modules(document if isinstance(document, dict) else {"modules": document})
