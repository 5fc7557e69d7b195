"""Cameras are found in the network, and asked for their streams: against a simulated device, over real sockets."""

from __future__ import annotations

import asyncio
import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from footfall.engine.clock import SystemClock
from footfall.ingest.discovery import Device, answered, discover, is_at, is_private, question
from footfall.ingest.onvif import FoundCamera, FoundStream, OnvifLogin, ask_all, find_cameras
from footfall.ingest.soap import MOST_BYTES, envelope, parse, security
from footfall.simulator.onvif import OnvifCamera, Profile
from footfall.simulator.rtsp import Login

CLOCK = SystemClock()
MAIN = Profile("main", "rtsp://127.0.0.1:8554/live?a=1&b=2", "H265", (3840, 2160), 25)
SUB = Profile('s"u<b', "rtsp://viewer:hush@10.9.9.9:554/sub", "H264", (640, 360), 15)
LOGIN = Login("viewer", "p@ss <word>")
SAID = OnvifLogin("viewer", "p@ss <word>")


def find(camera: OnvifCamera, *hosts: str, group: str = "239.255.255.250") -> tuple[Device, ...]:
    found = asyncio.run(discover(hosts, wait_s=0.3, port=camera.discovery_port, group=group))
    return tuple(device for device in found if device.services == (camera.service,))


def find_soon(camera: OnvifCamera, *hosts: str, group: str = "239.255.255.250") -> tuple[Device, ...]:
    """The same, once it has answered: a busy computer may need several tries."""
    tries = (find(camera, *hosts, group=group) for _ in range(200))
    return next((found for found in tries if found), ())


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy computer answers late."""
    for limit in ("TIMEOUT_S", "CAMERA_S"):
        monkeypatch.setattr(f"footfall.ingest.onvif.{limit}", 60.0)


@pytest.fixture
def camera() -> Iterator[OnvifCamera]:
    with OnvifCamera([SUB, MAIN], CLOCK, name="front door", login=LOGIN, discovery_port=0) as running:
        yield running


def asked(camera: OnvifCamera, login: OnvifLogin | None = SAID) -> FoundCamera:
    (found,) = asyncio.run(ask_all([Device("127.0.0.1", (camera.service,), "front door")], CLOCK, login))
    return found


def test_a_camera_is_found_by_multicast(camera: OnvifCamera) -> None:
    assert find_soon(camera) == (Device("127.0.0.1", (camera.service,), "front door"),)


def test_a_camera_is_found_where_multicast_does_not_get_through(camera: OnvifCamera) -> None:
    nobody = "239.1.2.3"
    assert find(camera, group=nobody) == ()
    assert find_soon(camera, "127.0.0.1", "8.8.8.8", "name.invalid", group=nobody) != ()


def test_its_streams_are_told_at_its_own_address_and_without_logins(camera: OnvifCamera) -> None:
    assert asked(camera) == FoundCamera(
        "front door",
        "127.0.0.1",
        (
            FoundStream("rtsp://127.0.0.1:8554/live?a=1&b=2", "main", "H265", (3840, 2160), 25),
            FoundStream("rtsp://127.0.0.1:554/sub", 's"u<b', "H264", (640, 360), 15),
        ),
    )


def test_a_wrong_login_is_tried_once(camera: OnvifCamera) -> None:
    assert asked(camera, OnvifLogin("viewer", "wrong")) == FoundCamera("front door", "127.0.0.1", (), "unauthorized")
    assert camera.seen.refusals == 1


def test_without_a_login_it_says_that_it_wants_one(camera: OnvifCamera) -> None:
    assert asked(camera, None).reason == "unauthorized"


def test_a_camera_whose_clock_is_hours_off_takes_the_login() -> None:
    with OnvifCamera([MAIN], CLOCK, login=LOGIN, discovery_port=0, ahead=timedelta(hours=-7)) as camera:
        assert asked(camera).streams != ()


def test_all_at_once(camera: OnvifCamera) -> None:
    with OnvifCamera([MAIN], CLOCK, discovery_port=0):
        found = asyncio.run(find_cameras(CLOCK, SAID, wait_s=0.1))
    assert all(isinstance(device, FoundCamera) for device in found)


@contextmanager
def serving(answer: bytes, status: int = 200) -> Iterator[Device]:
    """A device that always says the same."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.send_header("location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield Device("127.0.0.1", (f"http://127.0.0.1:{server.server_address[1]}/x",))
        server.shutdown()
        thread.join()


BOMB = b'<!DOCTYPE x [<!ENTITY a "' + b"A" * 1000 + b'"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        pytest.param(BOMB, 200, "broken", id="entity bomb"),
        pytest.param(b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', 200, "broken", id="foreign entity"),
        pytest.param(b"<a>" * 10_000, 200, "broken", id="deep"),
        pytest.param(b"<x>" + b"<a/>" * 100_000 + b"</x>", 200, "broken", id="many elements"),
        pytest.param(b"<x>" + b"a" * MOST_BYTES + b"</x>", 200, "broken", id="large"),
        pytest.param(b"", 200, "broken", id="nothing"),
        pytest.param(b"\xff\xfe\x00", 200, "broken", id="no XML"),
        pytest.param(b"", 302, "broken", id="leads elsewhere"),
        pytest.param(b"", 401, "unauthorized", id="HTTP login"),
    ],
)
def test_a_device_that_means_harm_is_named_and_left(answer: bytes, status: int, reason: str) -> None:
    with serving(answer, status) as device:
        (found,) = asyncio.run(ask_all([device], CLOCK))
    assert (found.reason, found.streams) == (reason, ())


def test_a_stream_that_is_no_stream_is_left_out() -> None:
    odd = [
        Profile(name, url)
        for name, url in (("a", "http://127.0.0.1/x"), ("b", "file:///etc/passwd"), ("c", "rtsp://["))
    ]
    with OnvifCamera([*odd, MAIN], CLOCK, discovery_port=0) as camera:
        assert [stream.name for stream in asked(camera).streams] == ["main"]


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (found,) = asyncio.run(ask_all([Device("127.0.0.1", (f"http://127.0.0.1:{port}/x",))], CLOCK))
    assert found.reason == "refused"


def match(services: str, relates_to: str = "urn:uuid:1") -> bytes:
    return envelope(
        f"<ProbeMatches><ProbeMatch><XAddrs>{services}</XAddrs></ProbeMatch></ProbeMatches>",
        f"<RelatesTo>{relates_to}</RelatesTo>",
    )


@pytest.mark.parametrize(
    ("document", "sender", "services"),
    [
        pytest.param(match("http://10.0.0.7/a"), "10.0.0.7", ("http://10.0.0.7/a",), id="itself"),
        pytest.param(match("http://10.0.0.8/a"), "10.0.0.7", None, id="somebody else"),
        pytest.param(match("http://8.8.8.8/a http://10.0.0.7:81/b"), "10.0.0.7", ("http://10.0.0.7:81/b",), id="both"),
        pytest.param(match("http://10.0.0.7@evil/a"), "10.0.0.7", None, id="disguised"),
        pytest.param(match("ftp://10.0.0.7/a http://10.0.0.7:x/ http://["), "10.0.0.7", None, id="no HTTP"),
        pytest.param(match("http://8.8.8.8/a"), "8.8.8.8", None, id="from outside"),
        pytest.param(match("http://10.0.0.7/a", "urn:uuid:2"), "10.0.0.7", None, id="to another question"),
        pytest.param(question("urn:uuid:1"), "10.0.0.7", None, id="a question"),
    ],
)
def test_only_what_a_private_machine_says_of_itself_counts(
    document: bytes, sender: str, services: tuple[str, ...] | None
) -> None:
    device = answered(document, sender, "urn:uuid:1")
    assert (device.services if device else None) == services


@pytest.mark.parametrize("host", ["8.8.8.8", "0.0.0.0", "224.0.0.1", "240.0.0.1", "camera", "fe80::1", ""])  # noqa: S104
def test_these_are_not_asked(host: str) -> None:
    assert not is_private(host)


def test_a_login_is_that_of_the_programmer_s_guide() -> None:
    """The example in ONVIF's Application Programmer's Guide."""
    nonce = base64.b64decode("LKqI6G/AikKCQrN0zqZFlg==")
    header = security("user", "userpassword", nonce, datetime(2010, 9, 16, 7, 50, 45, tzinfo=UTC))
    root = parse(envelope("", header))
    assert root.words("Username") == "user"
    assert root.words("Created") == "2010-09-16T07:50:45Z"
    assert root.words("Password") == "tuOSpGlFlIXsozq4HFNeeGeFLEI="
    assert "userpassword" not in header


def test_an_address_with_port_0_is_none() -> None:
    assert not is_at("http://10.0.0.7:0/", "10.0.0.7")
