"""Where cameras are connected to when every connection is judged: real servers, and a DNS that changes its mind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from footfall.core.errors import Blocked, SourceUnavailable
from footfall.ingest.container import Address, led, open_video
from footfall.ingest.probe import probe_camera
from footfall.ingest.url import at_address, place_of
from footfall.simulator.rtsp import RtspCamera
from servers.certificates import make_certificates
from servers.listener import listener
from servers.tls_line import tls_line

PATIENT_S = 60.0


class Names:
    """A DNS: answers in turn, the last one for ever; who asked for what."""

    def __init__(self, *answers: Sequence[str] | Blocked) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Blocked):
            raise answer
        return answer


def named(url: str) -> str:
    """A camera's address by a name that no DNS knows."""
    return url.replace("127.0.0.1", "door.invalid")


def played(url: str, names: Names) -> int:
    return watched(Address(url, timeout_s=PATIENT_S, lead=names))


def watched(address: Address) -> int:
    with open_video(address) as video:
        return sum(1 for _, _ in zip(video.container.decode(video=0), range(3), strict=False))


@pytest.mark.usefixtures("rtsp_ready")
def test_a_camera_is_reached_at_the_number_that_was_judged(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera:
        names = Names(["127.0.0.1"])
        assert played(named(camera.url), names) == 3
        assert names.asked == [place_of(named(camera.url))], "asked once, and never gone to by name"


@pytest.mark.usefixtures("rtsp_ready")
def test_a_camera_is_tried_at_its_next_number(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera:
        assert played(named(camera.url), Names(["127.0.0.2", "127.0.0.1"])) == 3


@pytest.mark.usefixtures("rtsp_ready")
def test_a_name_that_comes_to_mean_something_inside_is_refused_and_comes_back(camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera:
        inside = Blocked("loopback", "'door.invalid' is a loopback address")
        names = Names(["127.0.0.1"], inside, ["127.0.0.1"])
        assert played(named(camera.url), names) == 3
        with pytest.raises(SourceUnavailable, match="loopback") as refused:
            played(named(camera.url), names)
        assert refused.value.reason == "blocked"
        assert played(named(camera.url), names) == 3, "retried like everything else"


@pytest.mark.usefixtures("rtsp_ready")
@pytest.mark.parametrize(("host", "is_right"), [("localhost", True), ("door.invalid", False)])
def test_a_cameras_certificate_is_that_of_the_name(
    camera_clip: Path, tmp_path: Path, host: str, is_right: bool
) -> None:
    certificates = make_certificates(tmp_path)
    with RtspCamera(camera_clip) as camera, tls_line(camera.port, certificates) as port:
        url = camera.url.replace("rtsp://", "rtsps://").replace(f"127.0.0.1:{camera.port}", f"{host}:{port}")
        names = Names(["127.0.0.1"])
        address = Address(url, timeout_s=PATIENT_S, ca_file=str(certificates / "ca.pem"), lead=names)
        if is_right:
            watched(address)
        else:
            with pytest.raises(SourceUnavailable):
                watched(address)
            watched(replace(address, ca_file=""))


@pytest.mark.parametrize("scheme", ["rtsp", "rtsps", "http", "https"])
def test_nothing_is_sent_to_where_nobody_may_go(scheme: str) -> None:
    with listener() as (port, came):
        url = f"{scheme}://anna:canary@door.invalid:{port}/a"
        lead = Names(Blocked("metadata", "'door.invalid' is a metadata address"))
        with pytest.raises(SourceUnavailable, match="metadata") as refused:
            watched(Address(url, timeout_s=PATIENT_S, lead=lead))
        assert "canary" not in str(refused.value)
        report = probe_camera(url, lead=lead)
        assert (report.is_ok, report.reason) == (False, "blocked")
        assert came == []


def test_a_probe_that_is_led_elsewhere_the_second_time_stops() -> None:
    """The question goes out; the answer is that nothing listens; then the name has become another."""
    with listener() as (port, came):
        names = Names(["127.0.0.1"], Blocked("loopback", "inside"))
        probe_camera(f"rtsp://door.invalid:{port}/a", lead=names)
        assert len(came) == 1
        probe_camera(f"rtsp://door.invalid:{port}/a", lead=names)
        assert len(came) == 1


def test_a_host_that_nobody_knows_is_no_refusal() -> None:
    with pytest.raises(SourceUnavailable) as away:
        led("rtsp://door.invalid/a", Names(Blocked("unknown-host", "there is no host")))
    assert away.value.reason == "broken"


@pytest.mark.parametrize(
    ("url", "number", "there"),
    [
        pytest.param("rtsp://door.lan/a", "10.0.0.7", "rtsp://10.0.0.7/a", id="a name"),
        pytest.param("rtsp://door.lan:8554/a?b=1#c", "10.0.0.7", "rtsp://10.0.0.7:8554/a?b=1#c", id="a port"),
        pytest.param("rtsp://u:p/w@d#@door.lan/a", "10.0.0.7", "rtsp://u:p%2Fw%40d%23@10.0.0.7/a", id="a login"),
        pytest.param("rtsp://door.lan/a", "fd12::1", "rtsp://[fd12::1]/a", id="six"),
        pytest.param("rtsp://[fd12::1]:8554/a", "fd12::1", "rtsp://[fd12::1]:8554/a", id="a number already"),
    ],
)
def test_an_address_by_its_number(url: str, number: str, there: str) -> None:
    assert at_address(url, number) == there


@pytest.mark.parametrize(
    ("url", "place"),
    [
        pytest.param("rtsp://door.lan/a", ("door.lan", 554), id="rtsp"),
        pytest.param("rtsps://door.lan./a", ("door.lan", 322), id="rtsps"),
        pytest.param("http://u:p@127.0.0.1@door.lan:81/a", ("door.lan", 81), id="a host in the password"),
        pytest.param("https://[fd12::1]/a", ("fd12::1", 443), id="six"),
    ],
)
def test_where_an_address_leads(url: str, place: tuple[str, int]) -> None:
    assert place_of(url) == place


@pytest.mark.parametrize("url", ["rtsp:///a", "rtsp://:8554/a", "srt://door.lan/a", "rtsp://door.lan:99999/a"])
def test_no_address_is_no_way(url: str) -> None:
    with pytest.raises(SourceUnavailable) as refused:
        led(url, Names(["127.0.0.1"]))
    assert refused.value.reason == "blocked"
