"""Video over HTTP when every connection is judged: real servers, and a DNS that changes its mind."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footage import make_clip
from footfall.access.outbound import CAMERA, Reach, leading
from footfall.config.plan import OnEnd, Pace, SourceSpec
from footfall.core.errors import Blocked, SourceUnavailable
from footfall.core.ports import Lead, Source
from footfall.engine.clock import SystemClock
from footfall.ingest.container import Address, next_packet, open_video
from footfall.ingest.decode import VideoSource
from footfall.ingest.packets import PacketSource
from footfall.ingest.probe import probe_camera
from servers.certificates import make_certificates
from servers.listener import listener
from servers.tls_line import tls_line
from servers.video_site import PASSWORD, USER, VideoSite, dripping, fill, raw_server, video_site

PATIENT_S = 60.0
INSIDE = "inside.invalid"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("site"))


@pytest.fixture
def site(folder: Path) -> Iterator[VideoSite]:
    with video_site(folder) as site:
        yield site


class Names:
    """A DNS that knows `door.invalid`; everything else is inside. Who asked for what."""

    def __init__(self, *answers: Sequence[str] | Blocked) -> None:
        self._answers = list(answers) or [["127.0.0.1"]]
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if host == "unknown.invalid":
            raise Blocked("unknown-host", f"there is no host {host!r}")
        if host != "door.invalid" or isinstance(answer, Blocked):
            raise answer if isinstance(answer, Blocked) else Blocked("private", f"{host!r} is a private address")
        return answer

    def now(self, answer: Sequence[str]) -> None:
        self._answers = [answer]


def played(url: str, lead: Lead, timeout_s: float = PATIENT_S, most: int = 1000) -> int:
    """Pictures, by their packets."""
    with open_video(Address(url, timeout_s=timeout_s, lead=lead)) as video:
        packets = islice(iter(lambda: next_packet(video.packets, url), None), most)
        return sum(len(packet.decode()) for packet in packets)


def refused(url: str, lead: Lead, timeout_s: float = PATIENT_S) -> SourceUnavailable:
    with pytest.raises(SourceUnavailable) as why:
        played(url, lead, timeout_s)
    return why.value


@pytest.mark.parametrize("path", ["/a.mp4", "/a.m3u8", "/all.m3u8", "/sealed.m3u8", "/parts.m3u8"])
def test_every_form_plays_and_every_connection_was_judged(site: VideoSite, path: str) -> None:
    names = Names()
    assert played(site.url(path), names) == 30
    assert names.asked == [("door.invalid", site.port)] * (1 + len(site.asked))


def test_a_stream_of_pictures_plays_over_one_connection(site: VideoSite) -> None:
    names = Names()
    assert played(site.url("/live.mjpg"), names, most=40) >= 39
    assert len(site.asked) == 1


def test_a_file_whose_index_is_at_its_end_is_sought_in_where_the_server_sends_parts(
    site: VideoSite, folder: Path
) -> None:
    body = make_clip(folder / "long.mp4", count=30, size=(1280, 720), options={"movflags": "-faststart"}).read_bytes()
    assert body.index(b"mdat") < body.index(b"moov") - 70_000
    assert played(site.url("/long.mp4"), Names()) == 30
    starts = [headers["Range"] for _, headers in site.asked]
    assert starts[0] == "bytes=0-"
    assert len(set(starts)) > 1
    site.sends_parts = False
    assert refused(site.url("/long.mp4"), Names()).reason == "not-video"


def test_a_redirect_is_followed_where_one_may_go(site: VideoSite) -> None:
    site.moved = {"/old.m3u8": "/sub/../a.m3u8", "/older.m3u8": site.url("/old.m3u8")}
    assert played(site.url("/older.m3u8"), Names()) == 30
    assert site.paths[:3] == ["/older.m3u8", "/old.m3u8", "/a.m3u8"]


def test_a_redirect_inside_is_refused(site: VideoSite) -> None:
    with listener() as (port, came):
        site.moved = {"/a": f"http://{INSIDE}:{port}/a.mp4", "/b": f"https://{INSIDE}:{port}/a.mp4"}
        for path in site.moved:
            why = refused(site.url(path), Names())
            assert (why.reason, f"{INSIDE!r} is a private address" in str(why)) == ("blocked", True)
        assert came == []


def test_metadata_is_never_reached() -> None:
    """With the judge of the service."""
    lead = leading(Reach(CAMERA, private=True, loopback=True), lambda _host, _port: ["127.0.0.1"])
    for place in ("http://169.254.169.254/latest/", "http://[::ffff:169.254.169.254]/", "http://0xA9FEA9FE/"):
        answer = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
        with raw_server(lambda line, answer=answer: line.sendall(answer)) as port:
            assert refused(f"http://door.invalid:{port}/", lead).reason == "blocked"


LIST = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n{before}#EXTINF:1,\n{segment}\n#EXTINF:1,\na1.ts\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("before", "segment"),
    [
        pytest.param("", "http://{inside}/s.ts", id="a segment"),
        pytest.param("", "https://{inside}/s.ts", id="a segment by TLS"),
        pytest.param("", "httpproxy://{loopback}/s.ts", id="FFmpeg's own words"),
        pytest.param("", "crypto+http://{inside}/s.ts", id="in a wrapper"),
        pytest.param("", "file:///etc/hostname.ts", id="a file"),
        pytest.param("", "/moved.ts", id="a segment that is redirected"),
        pytest.param('#EXT-X-KEY:METHOD=AES-128,URI="http://{inside}/k"\n', "a0.ts", id="a key"),
        pytest.param('#EXT-X-MAP:URI="http://{inside}/i.mp4"\n', "a0.ts", id="what comes before"),
    ],
)
@pytest.mark.parametrize("environment", ["", "no_proxy", "http_proxy"])
def test_a_play_list_leads_nowhere_inside(
    site: VideoSite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], before: str, segment: str,
    environment: str,
) -> None:  # fmt: skip
    with listener() as (port, came):
        if environment:
            monkeypatch.setenv(environment, "*" if environment == "no_proxy" else f"http://127.0.0.1:{port}")
        places = {"inside": f"{INSIDE}:{port}", "loopback": f"127.0.0.1:{port}"}
        site.moved = {"/moved.ts": f"http://{INSIDE}:{port}/s.ts"}
        site.texts = {"/x.m3u8": LIST.format(before=before.format(**places), segment=segment.format(**places))}
        site.texts["/master.m3u8"] = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nx.m3u8\n"
        for path in ("/x.m3u8", "/master.m3u8"):
            assert refused(site.url(path), Names()).reason == "blocked"
        assert came == []
        assert "PyAV" not in capfd.readouterr().err


@pytest.mark.parametrize("scheme", ["tcp", "tls", "udp", "rtp", "rtsp", "gopher", "concat"])
def test_what_ffmpeg_reads_in_no_play_list_is_passed_over(site: VideoSite, scheme: str) -> None:
    with listener() as (port, came):
        site.texts = {"/x.m3u8": LIST.format(before="", segment=f"{scheme}://127.0.0.1:{port}/s.ts")}
        assert played(site.url("/x.m3u8"), Names()) == 10
        assert came == []


def test_a_description_of_other_streams_opens_none_of_them(site: VideoSite) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1] // 2 * 2
    media = f"c=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n"
    site.texts = {"/a.sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\n{media}"}
    assert refused(site.url("/a.sdp"), Names(), timeout_s=5.0).reason == "not-video", "nobody waits for a stream"


def test_a_play_list_in_the_place_of_a_segment_leads_nowhere(site: VideoSite) -> None:
    for end in ("", "#EXT-X-ENDLIST\n"):
        inner = LIST.format(before="", segment=site.url("/a0.ts")).replace("#EXT-X-ENDLIST\n", end)
        site.texts = {"/x.m3u8": LIST.format(before="", segment="/s.ts"), "/s.ts": inner}
        assert played(site.url("/x.m3u8"), Names()) == 10
        assert "/a0.ts" not in site.paths


def test_a_name_that_comes_to_mean_something_inside_between_two_looks(site: VideoSite) -> None:
    inside = Blocked("loopback", "'door.invalid' is a loopback address")
    why = refused(site.url("/a.m3u8"), Names(["127.0.0.1"], inside))
    assert (why.reason, site.asked) == ("blocked", [])


@pytest.mark.parametrize("played_with", [VideoSource, partial(PacketSource, on_packet=lambda _: None)])
def test_a_camera_is_blocked_while_it_plays_and_comes_back(site: VideoSite, played_with: Callable[..., Source]) -> None:
    names = Names(*[["127.0.0.1"]] * 12, Blocked("loopback", "'door.invalid' is a loopback address"))
    spec = SourceSpec("cam", site.url("/long.m3u8"), OnEnd.RECONNECT, Pace.FAST, timeout_s=PATIENT_S)
    source = played_with(spec, clock=SystemClock(), lead=names)
    frames = source.frames()
    next(frames)
    with pytest.raises(SourceUnavailable, match="loopback") as why:
        list(frames)
    assert why.value.reason == "blocked"
    assert len(site.asked) == 11, "once for the opening, and the last was refused"
    names.now(["127.0.0.1"])
    next(source.frames())


@pytest.mark.parametrize("login", ["basic", "digest"])
@pytest.mark.parametrize("path", ["/a.mp4", "/a.m3u8", "/sealed.m3u8", "/live.mjpg"])
def test_a_login_is_said_once_it_is_asked_for(site: VideoSite, login: str, path: str) -> None:
    site.login = login
    url = site.url(path, f"{USER}:{PASSWORD}@door.invalid")
    assert played(url, Names(), most=10) >= 9
    assert "Authorization" not in site.asked[0][1]
    for wrong in (site.url(path), site.url(path, f"{USER}:no@door.invalid")):
        why = refused(wrong, Names())
        assert (why.reason, PASSWORD in str(why)) == ("unauthorized", False)


def test_a_login_is_for_its_own_server(site: VideoSite, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with video_site(folder) as other, caplog.at_level("DEBUG"):
        other.login = "basic"
        site.moved = {"/a.mp4": other.url("/a.mp4")}
        site.texts = {"/x.m3u8": LIST.format(before="", segment=other.url("/a0.ts"))}
        here = f"{USER}:{PASSWORD}@door.invalid"
        assert refused(site.url("/a.mp4", here), Names()).reason == "unauthorized"
        assert played(site.url("/x.m3u8", here), Names()) == 10, "but for the segment"
        assert other.paths == ["/a.mp4", "/a0.ts"]
        assert not any("Authorization" in headers for _, headers in other.asked)
        assert not any("canary" in record.getMessage() for record in caplog.records)


def test_a_cookie_is_taken_along(site: VideoSite) -> None:
    answer = b"HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: /a.mp4\r\nContent-Length: 0\r\n\r\n"

    def serve(line: socket.socket) -> None:
        line.sendall(answer.replace(b"/a.mp4", site.url("/a.mp4").encode()))

    with raw_server(serve) as port:
        assert played(f"http://door.invalid:{port}/", Names()) == 30
    assert site.asked[0][1]["Cookie"] == "a=b"
    assert site.asked[0][1]["Host"] == f"door.invalid:{site.port}"


def test_the_next_number_is_tried(site: VideoSite) -> None:
    assert played(site.url("/a.mp4"), Names(["127.0.0.2", "127.0.0.1"])) == 30


def test_version_six(folder: Path) -> None:
    with video_site(folder, "::1") as site:
        assert played(site.url("/a.m3u8"), Names(["::1"])) == 30
        assert played(site.url("/a.m3u8", "[::1]"), lambda _host, _port: ["::1"]) == 30
        assert site.asked[-1][1]["Host"] == f"[::1]:{site.port}"


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.filterwarnings("ignore:ssl.OP_NO")
def test_by_tls_and_whatever_the_certificate_says(site: VideoSite, tmp_path: Path, is_old: bool) -> None:
    with tls_line(site.port, make_certificates(tmp_path), is_old=is_old) as port:
        url = f"https://door.invalid:{port}/a.m3u8"
        assert played(url, Names()) == 30


def test_a_camera_that_nobody_judges_goes_by_its_name(site: VideoSite) -> None:
    site.moved = {"/b.m3u8": site.url("/a.m3u8", "127.0.0.1")}
    asked: list[str] = []
    assert played(site.url("/b.m3u8", "127.0.0.1"), lambda host, _: asked.append(host) or ()) == 30
    assert asked == ["127.0.0.1"]
    assert site.asked[0][1]["User-Agent"].startswith("Lavf")


def test_parts_that_are_not_there_are_passed_over(site: VideoSite) -> None:
    for segment in ("gone.ts", "http://unknown.invalid/s.ts"):
        site.texts = {"/x.m3u8": LIST.format(before="", segment=segment)}
        assert played(site.url("/x.m3u8"), Names()) == 10
    streams = "#EXT-X-STREAM-INF:BANDWIDTH=100000\n{}\n".format
    site.texts["/y.m3u8"] = "#EXTM3U\n" + streams("gone.m3u8") + streams("a.m3u8")
    assert played(site.url("/y.m3u8"), Names()) == 30
    site.texts["/z.m3u8"] = "#EXTM3U\n" + streams("gone.m3u8")
    assert refused(site.url("/z.m3u8"), Names()).reason == "not-found"


def test_a_play_list_that_is_moved_within_another_is_refused(site: VideoSite) -> None:
    site.moved = {"/a.m3u8": "/elsewhere/a.m3u8"}
    site.texts = {"/elsewhere/a.m3u8": LIST.format(before="", segment="a0.ts")}
    why = refused(site.url("/all.m3u8"), Names())
    assert (why.reason, "redirected" in str(why)) == ("not-video", True)
    site.texts = {"/a.m3u8": LIST.format(before="", segment="a0.ts")}
    site.moved = {"/all.m3u8": "/b.m3u8", "/b.m3u8": "/a.m3u8"}
    assert played(site.url("/all.m3u8"), Names()) == 20


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(b"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n", "not-found", id="not there"),
        pytest.param(b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n", "broken", id="later"),
        pytest.param(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "unauthorized", id="not you"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", "broken", id="in a circle"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: ftp://door.invalid/\r\n\r\n", "broken", id="to no web server"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: http://a:b:c/\r\n\r\n", "broken", id="to no address"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X-Long: aaaaaaaaaa\r\n" * 20_000, "broken", id="a long head"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 400_000, "broken", id="a long line"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nGIF89a", "broken", id="cut"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\nwords", "not-video", id="words"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", "broken", id="another protocol"),
        pytest.param(b"", "broken", id="nothing"),
    ],
)
def test_what_a_server_may_say(answer: bytes, reason: str) -> None:
    with raw_server(lambda line: line.sendall(answer)) as port:
        why = refused(f"http://anna:canary@door.invalid:{port}/a?token=canary", Names())
    assert (why.reason, "canary" in str(why)) == (reason, False)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert refused(f"http://door.invalid:{port}/", Names()).reason == "refused"


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        pytest.param(b"", b"H", id="before the head"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: ", b"a", id="a head"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", b"a", id="a body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace\r\n\r\n--", b"a", id="pictures"),
    ],
)
def test_a_server_that_drips_is_left(head: bytes, drop: bytes) -> None:
    with raw_server(dripping(head, drop)) as port:
        assert refused(f"http://door.invalid:{port}/", Names(), timeout_s=0.5).reason == "timeout"


@pytest.mark.parametrize("head", [b"401 No\r\nWWW-Authenticate: Basic", b"302 Found\r\nLocation: /", b"404 Gone"])
def test_what_comes_after_a_refusal_is_not_waited_for(head: bytes) -> None:
    with raw_server(dripping(b"HTTP/1.1 " + head + b"\r\n\r\n", b"a")) as port:
        assert refused(f"http://anna:pw@door.invalid:{port}/", Names()).reason != "timeout"


def test_a_camera_that_falls_silent(site: VideoSite) -> None:
    with open_video(Address(site.url("/live.mjpg"), timeout_s=3.0, lead=Names())) as video:
        next(video.packets)
        site.pause_s = 1000.0
        with pytest.raises(SourceUnavailable) as why:
            list(video.packets)
    assert why.value.reason == "timeout"


def sockets() -> set[str]:
    links = [Path("/proc/self/fd") / fd for fd in os.listdir("/proc/self/fd")]  # noqa: PTH208 - they come and go
    return {os.readlink(link) for link in links if link.is_symlink() and "socket" in os.readlink(link)}  # noqa: PTH115


@pytest.mark.parametrize("path", ["/live.mjpg", "/a.m3u8", "/a.mp4", "/404", "/x.m3u8"])
def test_nothing_is_left_behind(folder: Path, path: str) -> None:
    with listener() as (inside, _):
        before, threads = sockets(), threading.active_count()
        with video_site(folder) as site:
            site.texts = {"/x.m3u8": LIST.format(before="", segment=f"http://{INSIDE}:{inside}/s.ts")}
            spec = SourceSpec("cam", site.url(path), OnEnd.RECONNECT, timeout_s=PATIENT_S)
            frames = VideoSource(spec, clock=SystemClock(), lead=Names()).frames()
            try:
                next(frames)
            except SourceUnavailable:
                assert path in {"/404", "/x.m3u8"}
            frames.close()
        assert sockets() <= before
        assert threading.active_count() == threads


def test_a_camera_is_looked_at_before_it_is_added(site: VideoSite) -> None:
    report = probe_camera(site.url("/live.mjpg"), lead=Names())
    assert (report.is_ok, report.codec, report.size_px) == (True, "mjpeg", (160, 90))
    site.moved = {"/in": f"http://{INSIDE}/"}
    assert probe_camera(site.url("/in"), lead=Names()).reason == "blocked"


HEADS = st.lists(
    st.sampled_from([
        b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 302 Found\r\n", b"HTTP/1.1 401 No\r\n", b"ICY 200 OK\r\n",
        b"Location: /a\r\n", b"Location: //[::1/\r\n", b"Location: http://inside.invalid/\r\n", b"Location: \xff\r\n",
        b"WWW-Authenticate: Digest nonce\r\n", b'WWW-Authenticate: Digest realm="a", nonce="b"\r\n',
        b"WWW-Authenticate: Basic\r\n", b"Content-Range: bytes 0-9/99999999999\r\n", b"Content-Length: -1\r\n",
        b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"\r\n", b"\n",
        b"Set-Cookie: \x01\r\n", b"Content-Type: application/x-mpegurl\r\n", b"#EXTM3U\n#EXTINF:1,\nhttp://x/s.ts\n",
        b"ffff\r\n", b"5\r\nabcde\r\n",
    ]) | st.binary(max_size=40),
    max_size=12,
).map(b"".join)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=HEADS)
def test_whatever_a_server_says_is_no_video_and_leads_nowhere(head: bytes) -> None:
    names = Names()
    with raw_server(lambda line: line.sendall(head)) as port:
        why = refused(f"http://anna:canary@door.invalid:{port}/", names)
    assert "canary" not in str(why)
    assert {host for host, _ in names.asked} <= {"door.invalid", INSIDE, "x"}
