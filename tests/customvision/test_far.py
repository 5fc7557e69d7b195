"""The other end of a wire: it stumbles, it refuses, it talks nonsense; and where a key never goes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from footfall.customvision.moving.far import MOST_IMAGE_BYTES, Far, FarError


@dataclass
class Answer:
    """What the server says next."""

    status: int = 200
    body: bytes = b"[]"
    headers: dict[str, str] = field(default_factory=dict)


class Stumbling(ThreadingHTTPServer):
    """Gives its answers one after the other; the last one again and again."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str, str]] = []
        self.endpoint = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Stumbling

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers.get("Training-Key", "")))
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Stumbling]:
    with Stumbling() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def paused() -> list[float]:
    return []


@pytest.fixture
def far(server: Stumbling, paused: list[float]) -> Iterator[Far]:
    with Far(server.endpoint + "/", "hush", pause=paused.append) as far:
        yield far


def test_what_is_asked(far: Far, server: Stumbling) -> None:
    server.answers = [Answer(body=b'{"id": 1}')]
    assert far.get("projects/p/images", take=5, imageIds=["a", "b"], allImages=True, name=None) == {"id": 1}
    method, path, key = server.asked[0]
    assert (method, key) == ("GET", "hush")
    assert path == "/customvision/v3.3/training/projects/p/images?take=5&imageIds=a%2Cb&allImages=true"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(far: Far, server: Stumbling, paused: list[float], status: int) -> None:
    server.answers = [Answer(status), Answer(status), Answer(body=b"[1]")]
    assert far.post("projects") == [1]
    assert paused == [1.0, 2.0]


def test_a_service_says_how_long_to_wait(far: Far, server: Stumbling, paused: list[float]) -> None:
    server.answers = [Answer(429, headers={"Retry-After": "7"}), Answer(429, headers={"Retry-After": "9000"}), Answer()]
    assert far.get("projects") == []
    assert paused == [7.0, 60.0]


def test_what_does_not_pass_is_given_up(far: Far, server: Stumbling, paused: list[float]) -> None:
    server.answers = [Answer(503, b'{"code": "ErrorUnknown", "message": "try later"}')]
    with pytest.raises(FarError, match=r"projects: try later \(ErrorUnknown\)"):
        far.get("projects")
    assert len(server.asked) == 5
    assert len(paused) == 4


@pytest.mark.parametrize(
    ("answer", "says", "code"),
    [
        pytest.param(Answer(400, b'{"code": "BadRequest", "message": "no"}'), "projects: no", "BadRequest", id="ours"),
        pytest.param(
            Answer(401, b'{"error": {"code": "401", "message": "denied"}}'), "denied: is it the training key", "401",
            id="the gateway's",
        ),
        pytest.param(Answer(404, b"<html>"), "projects: answered 404", "", id="a page"),
        pytest.param(Answer(403, b"[]"), "refused: is it the training key", "", id="a list"),
        pytest.param(Answer(302, b"", {"Location": "http://127.0.0.1:1/"}), "answered 302", "", id="elsewhere"),
        pytest.param(Answer(200, b"<html>"), "the answer is not JSON: is Custom Vision there?", "", id="another"),
    ],
)  # fmt: skip
def test_refusals_are_told_and_not_repeated(far: Far, server: Stumbling, answer: Answer, says: str, code: str) -> None:
    server.answers = [answer]
    with pytest.raises(FarError, match=says) as caught:
        far.get("projects")
    assert caught.value.code == code
    assert len(server.asked) == 1


def test_pictures_are_fetched_without_the_key(far: Far, server: Stumbling) -> None:
    server.answers = [Answer(body=b"picture")]
    assert far.picture({"id": "1", "originalImageUri": f"{server.endpoint}/blob/a?sig=b"}, "p") == b"picture"
    assert server.asked == [("GET", "/blob/a?sig=b", "")]


def test_pictures_of_isolated_networks_are_artifacts(far: Far, server: Stumbling) -> None:
    server.answers = [Answer(body=b"picture")]
    assert far.picture({"id": "1", "originalImageUri": "images/1/original"}, "p") == b"picture"
    assert server.asked[0][1:] == (
        "/customvision/v3.3/training/projects/p/artifacts?path=images%2F1%2Foriginal",
        "hush",
    )


@pytest.mark.parametrize(
    ("uri", "answer", "says"),
    [
        pytest.param("", Answer(), "image 1: its picture is gone", id="no address"),
        pytest.param("/a", Answer(body=bytes(MOST_IMAGE_BYTES + 1)), "is larger than 6 MiB", id="too large"),
        pytest.param("/a", Answer(404), "answered 404", id="gone"),
    ],
)
def test_pictures_that_cannot_be_had(far: Far, server: Stumbling, uri: str, answer: Answer, says: str) -> None:
    server.answers = [answer]
    with pytest.raises(FarError, match=says):
        far.picture({"id": "1", "originalImageUri": f"{server.endpoint}{uri}" if uri else ""}, "p")


@pytest.mark.parametrize(
    "endpoint", ["http://shop.example", "http://192.168.1.5:8973", "ftp://x", "nothing", "https://u:p@x"]
)
def test_keys_do_not_travel_in_clear(endpoint: str) -> None:
    with pytest.raises(FarError):
        Far(endpoint, "hush", pause=print)


@pytest.mark.parametrize("endpoint", ["https://shop.example/prefix", "http://localhost:8973", "http://[::1]:8973"])
def test_endpoints_that_are_some(endpoint: str) -> None:
    with Far(endpoint, "hush", pause=print) as far:
        assert far.endpoint == endpoint
