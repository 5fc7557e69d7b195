"""What a camera says of itself, and what it says to strangers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from footfall.config.media import Endpoint, RtspSource
from footfall.core.errors import SourceUnavailable
from footfall.ingest.describe import Described, described
from footfall.ingest.digest import Login as Credentials
from footfall.ingest.digest import authorization, challenge_of
from footfall.simulator.rtsp import Login, RtspCamera
from footfall.simulator.rtsp_faults import Fault

USER, PASSWORD = "ad min", "p@ss:w/o#rd%"


def ask(url: str, user: str = "", password: str = "", *, over_http: bool = False, timeout_s: float = 60.0) -> Described:
    with described(RtspSource(Endpoint(url, user, password), over_http), timeout_s) as answer:
        return answer


@contextmanager
def saying(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives each request the next answer, whatever was asked; then it is silent."""
    heard: list[bytes] = []

    def serve() -> None:
        line, _ = server.accept()
        with line, suppress(ConnectionError):
            for answer in answers:
                heard.append(line.recv(65_536))
                line.sendall(answer)
            while line.recv(65_536):
                pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"rtsp://127.0.0.1:{server.getsockname()[1]}/media/x.mkv", heard
        thread.join(60.0)


@pytest.mark.usefixtures("rtsp_ready")
class TestSimulatedCamera:
    @pytest.mark.parametrize("over_http", [False, True], ids=["interleaved", "http tunnel"])
    def test_describes_its_stream(self, camera_clip: Path, over_http: bool) -> None:
        with RtspCamera(camera_clip) as camera:
            answer = ask(f"{camera.url}", over_http=over_http)
        assert answer.status == 200
        assert answer.sdp.startswith("v=0\r\n")
        assert "a=rtpmap:96 H264/90000\r\n" in answer.sdp

    @pytest.mark.parametrize("digest", [False, True], ids=["basic", "digest"])
    def test_asks_for_a_login(self, camera_clip: Path, digest: bool) -> None:
        with RtspCamera(camera_clip, login=Login(USER, PASSWORD, digest)) as camera:
            assert ask(camera.url, USER, PASSWORD).status == 200
            assert ask(camera.login_url).status == 200
            assert ask(camera.login_url, "dummyUserName", "dummyPassword").status == 200, "the URL's counts"
            assert ask(camera.url, USER, "wrong") == Described(401)
            assert ask(camera.url) == Described(401)

    def test_takes_a_login_that_nobody_asked_for(self, camera_clip: Path) -> None:
        with RtspCamera(camera_clip) as camera:
            assert ask(camera.url, "dummyUserName", "dummyPassword").status == 200

    def test_knows_no_other_path(self, camera_clip: Path) -> None:
        with RtspCamera(camera_clip) as camera:
            assert ask(f"{camera.url}/none") == Described(404)

    def test_is_silent(self, camera_clip: Path) -> None:
        with RtspCamera(camera_clip) as camera:
            camera.fault(Fault.FREEZE)
            with pytest.raises(SourceUnavailable, match="timeout"):
                ask(camera.url, timeout_s=0.3)


def test_a_server_that_is_busy_is_asked_again() -> None:
    busy, given = b"RTSP/1.0 503 Service Unavailable\r\n\r\n", b"RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nv=0\r\n"
    with saying(b"RTSP/1.0 200 OK\r\n\r\n", busy, given) as (url, _):
        assert ask(url) == Described(200, "v=0\r\n")
    with saying(b"RTSP/1.0 200 OK\r\n\r\n", *[busy] * 5) as (url, _):
        assert ask(url) == Described(503)


def test_a_login_is_said_only_when_asked_for() -> None:
    asked = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n'
    given = b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 5\r\n\r\nv=0\r\n"
    with saying(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", asked, given) as (url, heard):
        assert ask(url, "u", "p") == Described(200, "v=0\r\n")
    assert [b"Authorization" in request for request in heard] == [False, False, True]
    assert b"Authorization: Basic dTpw\r\n" in heard[2]
    assert [request.split()[0] for request in heard] == [b"OPTIONS", b"DESCRIBE", b"DESCRIBE"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", id="another protocol"),
        pytest.param(b"RTSP/1.0 OK\r\n\r\n", id="no status"),
        pytest.param(b"RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n", id="too long"),
        pytest.param(b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n", id="a length that is none"),
        pytest.param(b"RTSP/1.0 200 OK\r\n" + b"x" * 400_000, id="no end"),
    ],
)
def test_nonsense_is_a_broken_source(answer: bytes) -> None:
    with saying(answer) as (url, _), pytest.raises(SourceUnavailable, match="broken"):
        ask(url)


def hang_up(server: socket.socket) -> None:
    server.accept()[0].close()


def test_a_stranger_hangs_up_or_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"rtsp://u:hush@127.0.0.1:{server.getsockname()[1]}/x"
        threading.Thread(target=hang_up, args=(server,), daemon=True).start()
        with pytest.raises(SourceUnavailable, match="broken") as caught:
            ask(url)
    assert "hush" not in str(caught.value)
    with pytest.raises(SourceUnavailable, match="refused"):
        ask(url)


def test_digest_as_in_rfc_2617_and_7616() -> None:
    login = Credentials("Mufasa", "Circle Of Life")
    old = challenge_of(['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5c"'])
    assert old is not None
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in authorization(old, login, "GET", "/dir/index.html", "x")
    new = challenge_of(
        [
            'Basic realm="x"',
            'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, '
            'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe"',
        ]
    )
    assert new is not None
    said = authorization(
        new,
        Credentials("Mufasa", "Circle of Life"),
        "GET",
        "/dir/index.html",
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    assert 'response="8ca523f5e9506fed4657c9700eebdbec"' in said
    assert challenge_of(['Digest realm="x", nonce="1", algorithm=SHA-512', "Negotiate"]) is None


def test_quotes_and_line_breaks_in_a_name_stay_inside_it() -> None:
    asked = challenge_of(['Digest realm="a \\"b\\"", nonce="1"'])
    assert asked is not None
    said = authorization(asked, Credentials('o"p\r\nX: y', "p"), "DESCRIBE", "rtsp://x/", "n")
    assert r'username="o\"pX: y", realm="a \"b\""' in said
    assert "\n" not in said
