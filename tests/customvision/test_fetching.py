from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from footfall.customvision.door.fetching import Allowed, Fetcher
from footfall.customvision.faults import Refused
from footfall.customvision.workspace.intake import Upload

PNG = b"\x89PNG\r\n\x1a\n" + bytes(5000)
LARGEST = 6000


class Handler(BaseHTTPRequestHandler):
    seen: list

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        name, _, rest = self.path.lstrip("/").partition("?")
        if name == "redirect":
            self._answer(302, b"", {"Location": rest})
        elif name == "missing":
            self._answer(404, PNG)
        elif name == "page":
            self._answer(200, b"<html>inner secrets</html>", {"Content-Type": "image/png"})
        elif name == "large":
            self._answer(200, PNG + bytes(LARGEST))
        elif name == "slow":
            self.server.is_over.wait()
            self._answer(200, PNG)
        elif name == "drip":
            self._drip()
        else:
            self._answer(200, PNG)

    def _answer(self, status: int, body: bytes, headers=()) -> None:
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"\x89")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    server.is_over = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.is_over.set()
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(url: str, allowed: Allowed, timeout_s: float = 60.0, resolve=None) -> bytes:
    fetcher = Fetcher(allowed, timeout_s, resolve or (lambda host, port: ["127.0.0.1"]))
    return asyncio.run(fetcher.picture(url, LARGEST))


HERE = Allowed(hosts=frozenset({"127.0.0.1", "pictures.lan"}))
PUBLIC = Allowed(public=True)


def test_pictures_are_fetched_from_allowed_hosts(server) -> None:
    port = server.server_port
    assert fetch(f"http://127.0.0.1:{port}/a.png", HERE) == PNG
    assert fetch(f"http://Pictures.LAN:{port}/redirect?/a.png", HERE) == PNG
    _, headers = server.seen[0]
    assert headers["User-Agent"] == "footfall"
    assert not {"Cookie", "Authorization", "Training-Key"} & set(headers)


REFUSED = [
    pytest.param("http://169.254.169.254/latest/meta-data/", id="a cloud's secrets"),
    pytest.param("http://127.0.0.1:1/a.png", id="this machine"),
    pytest.param("http://localhost/a.png", id="this machine by name"),
    pytest.param("http://[::1]/a.png", id="this machine by IPv6"),
    pytest.param("http://[::ffff:127.0.0.1]/a.png", id="this machine as IPv4 in IPv6"),
    pytest.param("http://0.0.0.0/a.png", id="any address"),
    pytest.param("http://0x7f.1/a.png", id="an address in other digits"),
    pytest.param("http://2130706433/a.png", id="an address as one number"),
    pytest.param("http://10.0.0.8/a.png", id="a private network"),
    pytest.param("http://rebinding.example/a.png", id="a name that leads inside"),
    pytest.param("file:///etc/passwd", id="a file"),
    pytest.param("ftp://example.org/a.png", id="another protocol"),
    pytest.param("gopher://example.org/a.png", id="an old protocol"),
    pytest.param("a.png", id="no address"),
    pytest.param("", id="nothing"),
    pytest.param("http://", id="no host"),
    pytest.param("http://exa mple/a.png", id="a space"),
    pytest.param("http://a:b@[::1/a.png", id="brackets"),
    pytest.param("http://example.org:99999/", id="a port too large"),
    pytest.param("http://" + "a" * 300 + "/", id="a host too long"),
    pytest.param("http://ex\x00ample.org/", id="NUL"),
    pytest.param("http://\ud800/", id="half a character"),
]


@pytest.mark.parametrize("url", REFUSED)
@pytest.mark.parametrize("allowed", [PUBLIC, Allowed(hosts=frozenset({"pictures.lan"}))], ids=["public", "list"])
def test_nobody_is_led_inside(url: str, allowed: Allowed) -> None:
    with pytest.raises(Refused) as caught:
        fetch(url, allowed)
    assert caught.value.code == "BadRequestImageUrl"
    assert caught.value.message == "the picture cannot be fetched from this address"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        pytest.param("redirect?http://localhost:1/a.png", "BadRequestImageUrl", id="a redirect off the list"),
        pytest.param("redirect?http://169.254.169.254/", "BadRequestImageUrl", id="a redirect to a cloud's secrets"),
        pytest.param("redirect?file:///etc/passwd", "BadRequestImageUrl", id="a redirect to a file"),
        pytest.param("redirect?/redirect?", "BadRequestImageUrl", id="redirects without end"),
        pytest.param("missing", "BadRequestImageUrl", id="nothing there"),
        pytest.param("page", "BadRequestImageUrl", id="a page that says it is a picture"),
        pytest.param("large", "BadRequestImageSizeBytes", id="too large"),
        pytest.param("slow", "BadRequestImageUrl", id="too slow to begin"),
        pytest.param("drip", "BadRequestImageUrl", id="too slow to end"),
    ],
)
def test_what_comes_must_be_a_picture(server, path: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        fetch(f"http://127.0.0.1:{server.server_port}/{path}", HERE, timeout_s=0.5 if path in ("slow", "drip") else 60)
    assert caught.value.code == code
    assert "secrets" not in caught.value.message


def test_a_name_is_resolved_once(server) -> None:
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    url = f"http://pictures.lan:{server.server_port}/a.png"
    assert fetch(url, HERE, resolve=lambda host, port: answers.pop(0)) == PNG
    assert len(answers) == 1


def test_it_is_shut_unless_it_is_opened(server) -> None:
    with pytest.raises(Refused, match="--allow-image-urls") as caught:
        fetch(f"http://127.0.0.1:{server.server_port}/a.png", Allowed())
    assert caught.value.code == "BadRequestImageUrl"
    assert not server.seen


def test_a_batch_keeps_its_order_and_what_cannot_be_had_stays_away(server) -> None:
    base = f"http://127.0.0.1:{server.server_port}"
    uploads = tuple(Upload(f"{base}/{name}", None, ("t",)) for name in ("a.png", "missing", "b.png"))
    fetcher = Fetcher(HERE)
    filled = asyncio.run(fetcher.fill({"uploads": uploads, "tag_ids": ()}, LARGEST, 3))
    assert [(one.name, one.content, one.tag_ids) for one in filled["uploads"]] == [
        (f"{base}/a.png", PNG, ("t",)), (f"{base}/missing", None, ("t",)), (f"{base}/b.png", PNG, ("t",)),
    ]  # fmt: skip
    assert filled["tag_ids"] == ()


def test_a_batch_that_is_too_long_is_not_fetched(server) -> None:
    uploads = (Upload(f"http://127.0.0.1:{server.server_port}/a.png", None),) * 4
    asyncio.run(Fetcher(HERE).fill({"uploads": uploads}, LARGEST, 3))
    assert not server.seen
