"""Video over HTTP that we read ourselves: FFmpeg gets bytes and opens nothing, wherever a server means to lead it.

FFmpeg would look names up by itself. Nor can it be kept to a proxy: play lists may name `httpproxy://`, and the
environment's `no_proxy` goes before its option `http_proxy`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import SEEK_CUR, SEEK_END, BytesIO
from typing import Final, TypeVar

import av
import httpx

from footfall.core.errors import Blocked, SourceUnavailable
from footfall.core.ports import Lead
from footfall.ingest.aes_segment import AesSegment, Readable
from footfall.ingest.http_client import HttpClient
from footfall.ingest.url import openable, redact, scheme
from footfall.network.patience import Patience

OPTIONS: Final = {"protocol_whitelist": "", "http_persistent": "0"}
"""For FFmpeg: it connects to nothing by itself, and does not look for a connection of its own to use again, without
which it would abort."""
BUFFER_BYTES: Final = 65_536
"""What a read of a socket gives at most."""
_FORMATS: Final = {
    "multipart/x-mixed-replace": "mpjpeg",
    "application/vnd.apple.mpegurl": "hls",
    "application/x-mpegurl": "hls",
    "audio/mpegurl": "hls",
    "audio/x-mpegurl": "hls",
}
"""Demuxers of FFmpeg by media type: both are told by more than their first bytes."""
_PLAY_LIST: Final = b"#EXTM3U"
_ENCRYPTED: Final = "crypto+"
_P = TypeVar("_P")
_SIZE: Final = re.compile(r"bytes 0-\d+/(\d+)")


class HttpVideo:
    """A camera's video, and what its play lists name.

    Args:
        url: http or https.
        lead: asked for every connection.
        timeout_s: for each wait.

    Raises:
        SourceUnavailable: nobody answers, or not with video.
        Blocked: it leads where nobody goes.
    """

    def __init__(self, url: str, lead: Lead, timeout_s: float) -> None:
        self._name = redact(url)
        self._failure: SourceUnavailable | Blocked | None = None
        """Of what was opened last; for good where it leads where nobody goes."""
        self._files: list[HttpFile] = []
        self._patience = Patience(timeout_s)
        self._patience.renew(waits=2)  # for the answer, and for enough of the video to tell what it is
        self._client = HttpClient(self._name, lead, self._patience)
        try:
            first = self._opened(openable(url))
        except BaseException:
            self.close()
            raise
        self.feed = Feed(first.name, first, self._fail)
        self.format = _FORMATS.get(first.media_type)
        """FFmpeg's name of the container; None: its bytes tell."""

    @contextmanager
    def told(self) -> Iterator[None]:
        """Whatever FFmpeg does with the video: tell what it does not know.

        Raises:
            SourceUnavailable: FFmpeg failed because something could not be had.
            Blocked: a play list leads where nobody goes, be there other parts.
        """
        try:
            yield
        except av.FFmpegError:
            self._tell(SourceUnavailable, Blocked)
            raise
        self._tell(Blocked)

    def told_by(self, packets: Iterator[_P]) -> Iterator[_P]:
        """Packets that may take as long as the time-out, each; raises as `told`, at an early end too."""
        while True:
            self._patience.renew()
            with self.told():
                packet = next(packets, None)
            if packet is None:
                self._tell(SourceUnavailable)
                return
            yield packet

    def open(self, url: str, _flags: int, options: Mapping[str, str]) -> Feed:
        """What a play list names, as PyAV's `io_open`; a part that cannot be had is empty, and FFmpeg goes on."""
        if isinstance(self._failure, Blocked):
            return Feed(url, BytesIO(), self._fail)
        self._failure = None
        try:
            return Feed(url, self._named(url, options), self._fail)
        except (SourceUnavailable, Blocked) as error:
            self._fail(error)
            return Feed(url, BytesIO(), self._fail)

    def close(self) -> None:
        """Let go of every connection."""
        for file in self._files:
            file.close()
        self._client.close()

    def _fail(self, error: SourceUnavailable | Blocked) -> None:
        if not isinstance(self._failure, Blocked):
            self._failure = error

    def _tell(self, *kinds: type[Exception]) -> None:
        if isinstance(self._failure, kinds):
            raise self._failure from None

    def _named(self, url: str, options: Mapping[str, str]) -> Readable:
        address = url.removeprefix(_ENCRYPTED)
        if scheme(address) not in {"http", "https"}:
            raise Blocked("scheme", "a play list leads to what is neither http nor https")
        file = self._opened(address, int(options.get("offset", 0)), int(options.get("end_offset", 0)))
        if file.is_moved and file.peek(len(_PLAY_LIST)) == _PLAY_LIST:
            raise SourceUnavailable("not-video", f"{self._name}: a play list within a play list is redirected")
        return file if address == url else AesSegment(file, options["key"], options["iv"])

    def _opened(self, address: str, start: int = 0, end: int = 0) -> HttpFile:
        self._files = [file for file in self._files if not file.is_closed]
        file = HttpFile(self._client, address, start, end)
        self._files.append(file)
        return file


class Feed:
    """A file for FFmpeg. It ends where it fails: PyAV has room for one error at a time, and prints the others.

    Args:
        name: what FFmpeg takes for its address.
        file: what is read.
        fail: told why it ends.
    """

    def __init__(self, name: str, file: Readable, fail: Callable[[SourceUnavailable | Blocked], None]) -> None:
        self.name = name
        self.seek = getattr(file, "seek", None)
        self.tell = getattr(file, "tell", None)
        self.seekable = getattr(file, "seekable", lambda: False)
        self.close = file.close
        self._file = file
        self._fail = fail

    def read(self, size: int) -> bytes:
        """At most so many bytes; none: the end."""
        try:
            return self._file.read(size)
        except (SourceUnavailable, Blocked) as error:
            self._fail(error)
            return b""


class HttpFile:
    """An answer as a file that can be read, and sought in where the server sends parts.

    Args:
        client: asks for it.
        address: http or https.
        start: first byte.
        end: one after the last; 0: all of it.

    Raises:
        SourceUnavailable: as `HttpClient.get`.
        Blocked: nobody goes there.
    """

    def __init__(self, client: HttpClient, address: str, start: int = 0, end: int = 0) -> None:
        self._client = client
        self._at = start
        self._held = b""
        self._response = client.get(address, start, end)
        self._parts: Iterator[bytes] | None = client.parts(self._response)
        self.is_closed = False
        self.name = _with_login(self._response.url, httpx.URL(address))
        """The address that has answered: what a play list names is named from there."""
        self.is_moved = self._response.url.join(".") != httpx.URL(address).copy_with(userinfo=b"").join(".")
        """To another folder."""
        self.media_type = self._response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        known = _SIZE.fullmatch(self._response.headers.get("Content-Range", ""))
        self._size = int(known[1]) if known and not (start or end) else 0

    def read(self, size: int) -> bytes:
        """At most so many bytes, as soon as there are any; none: the end.

        Raises:
            SourceUnavailable: the connection broke, or nothing comes.
        """
        while not self._held:
            if self._parts is None:
                self._ask_again()
            part = next(self._parts or iter(()), None)
            if part is None:
                return b""
            self._held = part
        given, self._held = self._held[:size], self._held[size:]
        self._at += len(given)
        return given

    def peek(self, size: int) -> bytes:
        """The first bytes, which can be read all the same."""
        at = self._at
        first = b""
        while len(first) < size and (part := self.read(size - len(first))):
            first += part
        self._held, self._at = first + self._held, at
        return first

    def seekable(self) -> bool:
        """Whether the server has said how much there is, and that it sends parts."""
        return bool(self._size)

    def tell(self) -> int:
        """The byte that is read next."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go there; the server is asked when something is read."""
        wanted = offset + {SEEK_CUR: self._at, SEEK_END: self._size}.get(whence, 0)
        if wanted != self._at:
            self._response.close()
            self._held, self._at, self._parts = b"", wanted, None
        return wanted

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        self.is_closed = True
        self._response.close()

    def _ask_again(self) -> None:
        """From where somebody has sought."""
        if self._at < self._size:
            self._response = self._client.get(self.name, self._at)
            self._parts = self._client.parts(self._response)


def _with_login(url: httpx.URL, asked: httpx.URL) -> str:
    """The address that has answered, with the login for what is named from there; nobody else is told."""
    if (url.scheme, url.netloc) != (asked.scheme, asked.netloc):
        return str(url)
    return str(url.copy_with(userinfo=asked.userinfo))
