"""Our HTTP client against a real server."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import re
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from starlette.responses import JSONResponse, Response

from footfall.config.media import Encoding, Endpoint, Extension, ImageForm, Protocol, ScaleMode
from footfall.core.errors import ConfigError
from footfall.core.outside import HostMap
from footfall.extension.build import open_client
from footfall.extension.client import Answer, Asker, Diagnostic, Ears, ExtensionClient, Patience, Trouble
from footfall.extension.client_http import HttpClient
from servers.certificates import make_certificates
from servers.extension_frames import WAIT_S, frame, until
from servers.http_model import HttpModel, Posted

ASKER = Asker("/a", "graph", "yolo")
QUICK = Patience(first_pause_s=0.05, longest_pause_s=0.2, between_drop_reports_s=0.05, answer_s=WAIT_S)
CAR = {
    "type": "entity",
    "entity": {"tag": {"value": "car", "confidence": 0.5}, "box": {"l": 0, "t": 0, "w": 1, "h": 1}},
}
SMALL = ImageForm(ScaleMode.STRETCH, 64, 36, Encoding.JPEG)


class Told:
    """What a client said."""

    def __init__(self, patience: Patience = QUICK) -> None:
        self.answers: list[Answer] = []
        self.troubles: list[Trouble] = []
        self.ears = Ears(self.answers.append, self.troubles.append, patience)

    @property
    def kinds(self) -> list[Diagnostic]:
        return [trouble.kind for trouble in self.troubles if trouble.kind is not Diagnostic.DATA_DROPPED]


def extension(url: str, image: ImageForm = SMALL, **endpoint: object) -> Extension:
    return Extension(Protocol.HTTP, Endpoint(url, **endpoint), image)  # type: ignore[arg-type]


@contextmanager
def asking(spec: Extension, told: Told, hosts: HostMap | None = None) -> Iterator[ExtensionClient]:
    client = open_client(spec, ASKER, told.ears, hosts)
    try:
        yield client
    finally:
        client.close()


def finds_a_car(_: Posted) -> Response:
    return JSONResponse({"inferences": [CAR]})


def test_a_request_and_its_answer() -> None:
    told = Told()
    with HttpModel(finds_a_car) as model, asking(extension(model.url + "?a=b"), told) as client:
        for index in range(2):
            client.offer(frame(200), 100 + index, [{"type": "motion"}])
            until(lambda: len(told.answers) == index + 1)  # noqa: B023
        assert [one.path for one in model.posted] == ["/score", "/score"]
        headers = model.posted[0].headers
        picture = cv2.imdecode(np.frombuffer(model.posted[0].body, np.uint8), cv2.IMREAD_COLOR)
    assert headers["content-type"] == "image/jpeg"
    assert headers["accept"] == "application/json, */*"
    assert headers["user-agent"] == "Azure Media Services"
    assert headers["host"] == f"127.0.0.1:{model.port}"
    assert "authorization" not in headers
    ids = {one.headers["x-ms-client-request-id"] for one in model.posted}
    assert len({uuid.UUID(one) for one in ids}) == 2
    assert picture.shape == (36, 64, 3)
    assert abs(int(picture.mean()) - 200) < 3
    first = told.answers[0]
    assert (first.timestamp_90k, first.inferences, first.upstream) == (100, (CAR,), ({"type": "motion"},))
    assert first.frame is not None
    assert told.troubles == []


@pytest.mark.parametrize(
    ("image", "content_type", "start"),
    [
        pytest.param(SMALL, "image/jpeg", b"\xff\xd8", id="JPEG"),
        pytest.param(replace(SMALL, encoding=Encoding.PNG), "image/png", b"\x89PNG", id="PNG"),
        pytest.param(replace(SMALL, encoding=Encoding.BMP), "image/bmp", b"BM", id="BMP"),
        pytest.param(replace(SMALL, encoding=Encoding.RAW, pixel_format="Bgr24"), "image/x-raw", b"\x07\x07", id="raw"),
    ],
)
def test_kinds_of_pictures(image: ImageForm, content_type: str, start: bytes) -> None:
    told = Told()
    with HttpModel(finds_a_car) as model, asking(extension(model.url, image), told) as client:
        client.offer(frame(7), 1)
        until(lambda: bool(told.answers))
    assert model.posted[0].headers["content-type"] == content_type
    assert model.posted[0].body.startswith(start)


@pytest.mark.parametrize(
    ("reply", "inferences", "opaque"),
    [
        pytest.param(Response(status_code=204), (), None, id="nothing found"),
        pytest.param(JSONResponse({"inferences": [CAR | {"mine": 1}]}), (CAR | {"mine": 1},), None, id="as it came"),
        pytest.param(JSONResponse({"boxes": [1, 2]}), (), {"boxes": [1, 2]}, id="JSON of another kind"),
        pytest.param(
            Response("a car", media_type="text/html"),
            ({"type": "other", "other": {"contentType": "text/html; charset=utf-8", "contentBytes": "YSBjYXI="}},),
            None,
            id="no JSON",
        ),
    ],
)
def test_replies(reply: Response, inferences: tuple[object, ...], opaque: object) -> None:
    told = Told()
    with HttpModel(lambda _: reply) as model, asking(extension(model.url), told) as client:
        client.offer(frame(1), 1)
        until(lambda: bool(told.answers))
    assert (told.answers[0].inferences, told.answers[0].opaque) == (inferences, opaque)
    assert told.answers[0].frame is not None
    assert told.troubles == []


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        pytest.param(400, [], id="400"),
        pytest.param(500, [], id="500"),
        pytest.param(302, [], id="elsewhere"),
        pytest.param(401, [Diagnostic.AUTHENTICATION], id="401"),
        pytest.param(403, [Diagnostic.AUTHORIZATION], id="403"),
        pytest.param(415, [Diagnostic.MEDIA_FORMAT], id="415"),
    ],
)
def test_refusals_lose_the_frame_and_are_told_once(
    status: int, kinds: list[Diagnostic], caplog: pytest.LogCaptureFixture
) -> None:
    told = Told()
    answers = iter([status, status, 204])

    def reply(_: Posted) -> Response:
        return Response(status_code=next(answers), headers={"Location": "http://127.0.0.1:1/"})

    with HttpModel(reply) as model, asking(extension(model.url), told) as client, caplog.at_level(logging.INFO):
        for index in range(3):
            client.offer(frame(index), index)
            until(lambda: len(model.posted) == index + 1)  # noqa: B023
        until(lambda: bool(told.answers))
    assert [one.timestamp_90k for one in told.answers] == [2]
    assert told.kinds == kinds
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("footfall")]
    assert len(lines) == 2
    assert str(status) in lines[0]
    assert "answers again" in lines[1]


@pytest.mark.parametrize(
    ("retry_after", "least_s"),
    [pytest.param("2", 2.0, id="as it wishes"), pytest.param("", 1.0, id="a second"), pytest.param("x", 1.0, id="odd")],
)
def test_a_busy_server_is_left_alone(retry_after: str, least_s: float) -> None:
    told = Told()
    times: list[float] = []

    def reply(_: Posted) -> Response:
        times.append(time.monotonic())
        return Response(status_code=503 if len(times) == 1 else 204, headers={"Retry-After": retry_after})

    with HttpModel(reply) as model, asking(extension(model.url), told) as client:
        index = 0

        def has_answered() -> bool:
            nonlocal index
            index += 1
            client.offer(frame(index), index)
            return bool(told.answers)

        until(has_answered)
    assert times[1] - times[0] >= least_s
    assert client.dropped > 2
    assert told.kinds == []
    assert {one.kind for one in told.troubles} == {Diagnostic.DATA_DROPPED}


def test_the_server_of_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/frames-over-grpc.md").read_text("utf-8")
    [program] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, object] = {}
    exec(program, names)  # noqa: S102
    told = Told()
    with HttpModel(finds_a_car, app=names["app"]) as model, asking(extension(model.url), told) as client:  # type: ignore[arg-type]
        client.offer(frame(1), 1)
        until(lambda: bool(told.answers))
    assert told.answers[0].inferences[0]["entity"]["tag"]["value"] == "person"  # type: ignore[index]


def test_one_picture_at_a_time() -> None:
    told = Told()
    may_answer = threading.Event()
    at_once: list[int] = []

    async def reply(posted: Posted) -> Response:
        at_once.append(1)
        while not may_answer.is_set():
            await asyncio.sleep(0.01)
        return Response(status_code=204)

    with HttpModel(reply) as model, asking(extension(model.url), told) as client:
        client.offer(frame(0), 0)
        until(lambda: bool(at_once))
        for index in range(1, 6):
            client.offer(frame(index), index)
        time.sleep(0.1)
        assert len(at_once) == 1
        assert client.dropped == 4
        may_answer.set()
        until(lambda: len(told.answers) == 2)
    assert [one.timestamp_90k for one in told.answers] == [0, 5], "the newest has waited"
    assert {one.kind for one in told.troubles} == {Diagnostic.DATA_DROPPED}


def test_nobody_listens_until_somebody_does() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = Told()
    url = f"http://127.0.0.1:{port}/score?key=geheim"
    with asking(extension(url), told) as client:

        def is_told_and_tried_again() -> bool:
            client.offer(frame(1), 1)
            return bool(told.kinds)

        until(is_told_and_tried_again)
        time.sleep(0.5)
        with HttpModel(finds_a_car, port=port):

            def is_answered() -> bool:
                client.offer(frame(2), 2)
                return bool(told.answers)

            until(is_answered)
    assert told.kinds == [Diagnostic.NETWORK], "once an outage"
    assert all("geheim" not in one.detail for one in told.troubles)


class Held:
    """Replies when it may."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()

    async def __call__(self, _: Posted) -> Response:
        while not self.may_answer.is_set():
            await asyncio.sleep(0.01)
        return JSONResponse({"inferences": [CAR]})


def test_a_server_that_takes_too_long() -> None:
    told, held = Told(replace(QUICK, answer_s=0.3)), Held()
    with HttpModel(held) as model, asking(extension(model.url), told) as client:
        client.offer(frame(1), 1)
        until(lambda: bool(told.troubles))
        held.may_answer.set()
    assert [one.body for one in told.troubles] == [{"errorCode": "timeout"}]
    assert told.answers == []


def dripping(listener: socket.socket) -> None:
    """Byte after byte, without an end."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(100_000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        try:
            while True:
                connection.sendall(b" ")
                time.sleep(0.02)
        except OSError:
            return


def flooding(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(100_000)
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
            while True:
                connection.sendall(b" " * 1_000_000)
        except OSError:
            return


def nonsense(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(100_000)
        connection.sendall(b"\x00\x01\x02 what?\r\n\r\n")


@pytest.mark.parametrize(
    ("serve", "word", "answer_s"),
    [(dripping, "timeout", 0.5), (flooding, "too-large", WAIT_S), (nonsense, "unreachable", WAIT_S)],
)
def test_servers_that_misbehave(
    serve: Callable[[socket.socket], None], word: str, answer_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told(replace(QUICK, answer_s=answer_s))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        with asking(extension(f"http://127.0.0.1:{listener.getsockname()[1]}/"), told) as client:
            client.offer(frame(1), 1)
            until(lambda: bool(caplog.records))
        thread.join()
    assert told.answers == []
    codes = [one.body for one in told.troubles]
    assert codes == ([] if word == "too-large" else [{"errorCode": word}])


def challenged(scheme: str, is_right: Callable[[str], bool]) -> Callable[[Posted], Response]:
    def reply(posted: Posted) -> Response:
        if is_right(posted.headers.get("authorization", "")):
            return Response(status_code=204)
        return Response(status_code=401, headers={"WWW-Authenticate": scheme})

    return reply


def _is_digest(header: str) -> bool:
    """RFC 7616 with MD5 and qop=auth."""
    parts = dict(re.findall(r'(\w+)="?([^",]+)"?', header))
    if not parts:
        return False

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    secret, what = md5("user:r:pass"), md5(f"POST:{parts['uri']}")
    return parts["response"] == md5(f"{secret}:n1:{parts['nc']}:{parts['cnonce']}:auth:{what}")


@pytest.mark.parametrize(
    ("reply", "requests"),
    [
        pytest.param(
            challenged("Basic realm=r", lambda got: got == "Basic " + base64.b64encode(b"user:pass").decode()),
            3,
            id="basic",
        ),
        pytest.param(challenged('Digest realm="r", nonce="n1", qop="auth"', _is_digest), 4, id="digest"),
        pytest.param(lambda _: Response(status_code=204), 2, id="nobody asks: harmless"),
    ],
)
def test_logins(reply: Callable[[Posted], Response], requests: int) -> None:
    told = Told()
    with HttpModel(reply) as model:
        with asking(extension(model.url, user="user", password="pass"), told) as client:
            for index in range(2):
                client.offer(frame(1), index)
                until(lambda: len(told.answers) == index + 1)  # noqa: B023
        assert len(model.posted) == requests
        assert "authorization" not in model.posted[0].headers
        assert len({one.body for one in model.posted}) == 1
    assert told.troubles == []


def test_a_wrong_password() -> None:
    told = Told()
    with (
        HttpModel(challenged("Basic realm=r", lambda _: False)) as model,
        asking(extension(model.url, user="user", password="geheim"), told) as client,
    ):
        client.offer(frame(1), 1)
        until(lambda: bool(told.troubles))
    assert [(one.kind, one.body) for one in told.troubles] == [(Diagnostic.AUTHENTICATION, {"errorCode": "401"})]
    assert "geheim" not in repr(told.troubles)


def test_a_header_of_their_own() -> None:
    told = Told()
    with HttpModel(finds_a_car) as model, asking(extension(model.url, header=("Prediction-Key", "k1")), told) as client:
        client.offer(frame(1), 1)
        until(lambda: bool(told.answers))
    assert model.posted[0].headers["prediction-key"] == "k1"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize(
    ("name", "is_trusted", "lax", "works"),
    [
        pytest.param("localhost", True, {}, True, id="all is well"),
        pytest.param("yolo", True, {}, False, id="another name"),
        pytest.param("yolo", True, {"ignores_hostname": True}, True, id="another name, ignored"),
        pytest.param("localhost", False, {}, False, id="an unknown authority"),
        pytest.param("localhost", False, {"ignores_signature": True}, True, id="an unknown authority, ignored"),
    ],
)
def test_tls(certificates: Path, name: str, is_trusted: bool, lax: dict[str, bool], works: bool) -> None:
    told = Told()
    trusted = ((certificates / "ca.pem").read_text(),) if is_trusted else ()
    with HttpModel(finds_a_car, certificates) as model:
        hosts = HostMap.parse(f"{name}=127.0.0.1:{model.port}")
        spec = extension(f"https://{name}/score", is_tls=True, trusted_pem=trusted, **lax)
        with asking(spec, told, hosts) as client:
            client.offer(frame(1), 1)
            until(lambda: bool(told.answers or told.troubles))
    assert bool(told.answers) is works
    assert [one.headers["host"] for one in model.posted] == ([name] if works else [])


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        pytest.param(extension("tcp://127.0.0.1:1"), "endpoint.url", id="another scheme"),
        pytest.param(extension("http://"), "endpoint.url", id="no host"),
        pytest.param(extension("http://h:x/"), "endpoint.url", id="a port that is none"),
        pytest.param(extension("http://h/", replace(SMALL, width_px=None)), "needs width", id="no width"),
        pytest.param(extension("https://h/", is_tls=True, trusted_pem=("?",)), "trustedCertificates", id="no PEM"),
    ],
)
def test_what_cannot_be_activated(spec: Extension, word: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(word)) as refused:
        open_client(spec, ASKER, Told().ears)
    assert "yolo." in str(refused.value)


def test_close_does_not_wait_for_ever() -> None:
    told, held = Told(), Held()
    with HttpModel(held) as model:
        client = open_client(extension(model.url), ASKER, told.ears)
        assert isinstance(client, HttpClient)
        client.offer(frame(1), 1)
        until(lambda: bool(model.posted))
        client.close(patience_s=0.2)
        held.may_answer.set()
        client.close()
        client.offer(frame(2), 2)
        client._thread.join(WAIT_S)
    assert told.answers == []
    assert told.troubles == []
