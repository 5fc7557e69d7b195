"""A real web server that gives video as cameras do: files with ranges, play lists, MJPEG, redirects, logins."""

from __future__ import annotations

import hashlib
import re
import socket
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Event, Thread

import av

from footage import make_clip

NONCE = "dcd98b7102dd2f0e8b11d0f600bfb0c0"
USER, PASSWORD = "anna", "pass/canary"


@dataclass
class VideoSite:
    """What it has, and who has asked for what."""

    folder: Path
    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    """Path -> Location."""
    texts: dict[str, str] = field(default_factory=dict)
    """Path -> what is there instead of a file."""
    login: str = ""
    """`basic` or `digest`: who asks has to say who they are."""
    sends_parts: bool = True
    pause_s: float = 0.01
    """Between two pictures of /live.mjpg."""
    closing: Event = field(default_factory=Event)

    def url(self, path: str, host: str = "door.invalid", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def video_site(folder: Path, host: str = "127.0.0.1") -> Iterator[VideoSite]:
    site = VideoSite(folder)

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def handle_error(self, *_):
            pass  # who leaves in the middle is a camera's everyday life

    class Handler(_Handler):
        pass

    Handler.site = site
    with Server((host, 0), Handler) as server:
        site.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield site
        finally:
            site.closing.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: VideoSite

    def do_GET(self):
        site, path = self.site, self.path.partition("?")[0]
        site.asked.append((path, dict(self.headers)))
        if site.login and not self._is_known():
            self._give(401, b"who are you?", {"WWW-Authenticate": _question(site.login)})
        elif path in site.moved:
            self._give(302, b"elsewhere", {"Location": site.moved[path]})
        elif path in site.texts:
            self._give(200, site.texts[path].encode())
        elif path == "/live.mjpg":
            self._stream()
        elif (site.folder / path[1:]).is_file():
            self._file(site.folder / path[1:])
        else:
            self._give(404, b"nothing here")

    def log_message(self, *_):
        pass

    def _give(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _file(self, file: Path) -> None:
        body = file.read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked is None or not self.site.sends_parts:
            self._give(200, body)
            return
        start, end = int(asked[1]), min(int(asked[2] or len(body)), len(body) - 1)
        self._give(206, body[start : end + 1], {"Content-Range": f"bytes {start}-{end}/{len(body)}"})

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        pictures = sorted(self.site.folder.glob("*.jpg"))
        with suppress(OSError):
            for number in count():
                picture = pictures[number % len(pictures)].read_bytes()
                head = f"\r\n--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                self.wfile.write(head.encode() + picture)
                if self.site.closing.wait(self.site.pause_s):
                    return

    def _is_known(self) -> bool:
        said = self.headers.get("Authorization", "")
        if self.site.login == "basic":
            return said == "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        fields = dict(re.findall(r'(\w+)="([^"]*)"', said))
        first, second = _md5(f"{USER}:cam:{PASSWORD}"), _md5(f"GET:{self.path}")
        return fields.get("uri") == self.path and fields.get("response") == _md5(f"{first}:{NONCE}:{second}")


def _question(login: str) -> str:
    return 'Basic realm="cam"' if login == "basic" else f'Digest realm="cam", nonce="{NONCE}"'


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def fill(folder: Path) -> Path:
    """Three seconds in every form: a.mp4, a.m3u8, sealed.m3u8 (AES-128), parts.m3u8 (ranges); pictures; long.m3u8."""
    make_clip(folder / "a.mp4")
    (folder / "key.bin").write_bytes(bytes(range(16)))
    (folder / "key.info").write_text(f"key.bin\n{folder / 'key.bin'}\n")
    hls = {"hls_time": "1", "hls_list_size": "0"}
    make_clip(folder / "a.m3u8", options=hls)
    make_clip(folder / "long.m3u8", count=200, options=hls)
    make_clip(folder / "sealed.m3u8", options={**hls, "hls_key_info_file": str(folder / "key.info")})
    make_clip(folder / "parts.m3u8", options={**hls, "hls_segment_type": "fmp4", "hls_flags": "single_file"})
    (folder / "all.m3u8").write_text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\na.m3u8\n")
    with av.open(str(folder / "a.mp4")) as clip:
        for number, picture in zip(range(5), clip.decode(video=0), strict=False):
            picture.to_image().save(folder / f"{number}.jpg")
    return folder


@contextmanager
def raw_server(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port where a function has every connection to itself, and closes it when it returns."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                line, _ = server.accept()
                with line, suppress(OSError):
                    line.recv(65_536)
                    answer(line)
                    line.shutdown(socket.SHUT_WR)
                    while line.recv(65_536):
                        pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def dripping(head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Sends something, and then little by little, for ever: nobody's read ever times out."""

    def answer(line: socket.socket) -> None:
        line.sendall(head)
        while True:
            line.sendall(drop)
            time.sleep(0.05)

    return answer
