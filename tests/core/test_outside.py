"""Names of a deployment, and where they are on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from footfall.core.outside import HostMap, PathMap

HOSTS = HostMap.parse("rtspsim:554=127.0.0.1:8554, spatialAnalysis=127.0.0.2")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("rtsp://rtspsim:554/media/a.mkv", "rtsp://127.0.0.1:8554/media/a.mkv"),
        ("rtsp://rtspsim/media/a.mkv", "rtsp://127.0.0.1:8554/media/a.mkv"),
        ("rtsp://me:p%40ss@rtspsim/media/a.mkv?x=1", "rtsp://me:p%40ss@127.0.0.1:8554/media/a.mkv?x=1"),
        ("rtsp://rtspsim:8555/a", "rtsp://rtspsim:8555/a"),
        ("tcp://SpatialAnalysis:50051", "tcp://127.0.0.2:50051"),
        ("rtsp://camera.lan/a", "rtsp://camera.lan/a"),
        ("no url", "no url"),
    ],
)
def test_where_a_url_leads(url: str, place: str) -> None:
    assert HOSTS.url(url, 554) == place


def test_a_map_of_hosts_comes_back() -> None:
    assert HostMap.parse(str(HOSTS)) == HOSTS
    assert HostMap.parse("") == HostMap()


@pytest.mark.parametrize("text", ["a=", "=b", "a", "a=b:x", "a=b/c"])
def test_a_broken_map_of_hosts_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"HOST|[Pp]ort"):
        HostMap.parse(text)


PATHS = PathMap.parse("/var/media=/home/me/clips, /var/media/live=/mnt/live")


@pytest.mark.parametrize(
    ("inside", "here"),
    [
        ("/var/media", "/home/me/clips"),
        ("/var/media/a/b", "/home/me/clips/a/b"),
        ("/var/media/live/c", "/mnt/live/c"),
        ("/var/mediastore", "/var/mediastore"),
        ("relative", "relative"),
    ],
)
def test_where_a_path_is(inside: str, here: str) -> None:
    assert PATHS.find(inside) == Path(here)


def test_a_map_of_paths_comes_back() -> None:
    assert PathMap.parse(str(PATHS)) == PATHS
    odd = PathMap((("/in=side", Path("/home/me/a, b=100%2C/ü?#")), ("", Path("/all"))))
    assert PathMap.parse(str(odd)) == odd
    assert str(PathMap((("/var/media", Path("/home/me/My clips (2)")),))) == "/var/media=/home/me/My clips (2)"


@pytest.mark.parametrize("text", ["a=/b", "/a=b", "/a"])
def test_a_broken_map_of_paths_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="INSIDE"):
        PathMap.parse(text)
