"""Downloads from a real server on this machine: whole, cut, resumed, tampered with."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from footfall.core.errors import ConfigError, DetectorError
from footfall.detect import catalogue
from footfall.detect.card import ModelCard, ModelFile
from footfall.detect.catalogue import FileState, find_card, part_of, path, verify
from footfall.detect.imaging import InputSpec
from footfall.detect.pull import pull

WEIGHTS = bytes(range(256)) * 2000
"""512 kB."""


@dataclass
class Shop:
    """What the server does, and what it was asked."""

    data: bytes = WEIGHTS
    status: int = 200
    cut_after: int | None = None
    ranges: bool = True
    says_length: bool = True
    shift: int = 0
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers["Range"]
            shop.asked.append((self.path, wanted))
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and shop.ranges else 0
            if start >= len(shop.data) and start:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(shop.data)}")
                self.end_headers()
                return
            body = shop.data[start:]
            self.send_response(206 if start and shop.status == 200 else shop.status)
            if shop.says_length:
                self.send_header("Content-Length", str(len(body)))
            if start:
                first = start + shop.shift
                self.send_header("Content-Range", f"bytes {first}-{len(shop.data) - 1}/{len(shop.data)}")
            self.end_headers()
            self.wfile.write(body if shop.cut_after is None else body[: shop.cut_after])

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        shop.url = f"http://127.0.0.1:{server.server_port}/models/"
        yield shop
        server.shutdown()
        thread.join()


@pytest.fixture
def model(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model of one file, published by the shop."""
    file = ModelFile("toy.onnx", (hashlib.sha256(WEIGHTS).hexdigest(),), (len(WEIGHTS),), shop.url + "toy.onnx")
    card = ModelCard("yolox", InputSpec(64, 64), ("person",), (0,), name="toy", source=shop.url, files=(file,))
    monkeypatch.setattr(catalogue, "list_models", lambda: (card,))
    return "toy"


def test_a_whole_download(shop: Shop, model: str, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    (target,) = pull(model, folder=tmp_path / "new", progress=lambda *step: told.append(step))
    assert target == path(model, tmp_path / "new")
    assert target.read_bytes() == WEIGHTS
    assert told[-1] == ("toy.onnx", len(WEIGHTS), len(WEIGHTS))
    assert [n for _, n, _ in told] == sorted(n for _, n, _ in told)
    assert not part_of(target).exists()


def test_what_is_there_and_right_is_not_fetched_again(shop: Shop, model: str, tmp_path: Path) -> None:
    pull(model, folder=tmp_path)
    pull(model, folder=tmp_path)
    assert len(shop.asked) == 1


def test_a_damaged_file_is_replaced(shop: Shop, model: str, tmp_path: Path) -> None:
    (target,) = pull(model, folder=tmp_path)
    target.write_bytes(WEIGHTS[:-1] + b"x")
    assert pull(model, folder=tmp_path) == [target]
    assert target.read_bytes() == WEIGHTS


@pytest.mark.parametrize("says_length", [True, False], ids=["with a length", "without a length"])
def test_a_cut_download_goes_on_where_it_stopped(shop: Shop, model: str, tmp_path: Path, says_length: bool) -> None:
    shop.cut_after, shop.says_length = 200_000, says_length
    with pytest.raises(DetectorError, match="goes on where it stopped"):
        pull(model, folder=tmp_path)
    target = path(model, tmp_path)
    kept = part_of(target).stat().st_size
    assert 0 < kept <= 200_000
    assert not target.exists()
    shop.cut_after = None
    assert pull(model, folder=tmp_path) == [target]
    assert target.read_bytes() == WEIGHTS
    assert shop.asked[1] == ("/models/toy.onnx", f"bytes={kept}-")


def test_a_server_without_ranges_starts_over(shop: Shop, model: str, tmp_path: Path) -> None:
    shop.cut_after, shop.ranges = 200_000, False
    with pytest.raises(DetectorError):
        pull(model, folder=tmp_path)
    shop.cut_after = None
    (target,) = pull(model, folder=tmp_path)
    assert target.read_bytes() == WEIGHTS


def test_a_part_that_is_complete_needs_no_server(shop: Shop, model: str, tmp_path: Path) -> None:
    part = part_of(path(model, tmp_path))
    part.parent.mkdir()
    part.write_bytes(WEIGHTS)
    (target,) = pull(model, folder=tmp_path)
    assert target.read_bytes() == WEIGHTS
    assert shop.asked == []


def test_a_part_of_another_file_is_found_out_and_removed(shop: Shop, model: str, tmp_path: Path) -> None:
    part = part_of(path(model, tmp_path))
    part.parent.mkdir()
    part.write_bytes(b"junk" * 100)
    with pytest.raises(DetectorError, match="wrong checksum"):
        pull(model, folder=tmp_path)
    assert list(part.parent.iterdir()) == []
    (target,) = pull(model, folder=tmp_path)
    assert target.read_bytes() == WEIGHTS


def test_a_part_larger_than_the_file_is_dropped(shop: Shop, model: str, tmp_path: Path) -> None:
    part = part_of(path(model, tmp_path))
    part.parent.mkdir()
    part.write_bytes(b"x" * (len(WEIGHTS) + 1))
    pull(model, folder=tmp_path)
    assert shop.asked == [("/models/toy.onnx", None)]


def test_a_part_beyond_the_servers_file_starts_over(shop: Shop, model: str, tmp_path: Path) -> None:
    part = part_of(path(model, tmp_path))
    part.parent.mkdir()
    part.write_bytes(WEIGHTS[:1000])
    shop.data = WEIGHTS[:500]
    with pytest.raises(DetectorError, match="starting over"):
        pull(model, folder=tmp_path)
    assert not part.exists()


def test_a_server_that_sends_another_part_is_not_believed(shop: Shop, model: str, tmp_path: Path) -> None:
    part = part_of(path(model, tmp_path))
    part.parent.mkdir()
    part.write_bytes(WEIGHTS[:1000])
    shop.shift = 7
    with pytest.raises(DetectorError, match="another part"):
        pull(model, folder=tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(WEIGHTS[:-1] + b"!", id="one byte is wrong"),
        pytest.param(WEIGHTS + b"more", id="longer than it should be"),
        pytest.param(b"<html>please log in</html>", id="a page instead of the file"),
    ],
)
def test_a_wrong_checksum_is_refused_and_removed(shop: Shop, model: str, tmp_path: Path, data: bytes) -> None:
    shop.data = data
    with pytest.raises(DetectorError, match=r"toy\.onnx has a wrong checksum and was removed"):
        pull(model, folder=tmp_path)
    assert list((tmp_path / "toy").iterdir()) == []


@pytest.mark.parametrize("status", [404, 403, 500])
def test_a_refusal_is_reported(shop: Shop, model: str, tmp_path: Path, status: int) -> None:
    shop.status = status
    with pytest.raises(DetectorError, match=f"the server answers {status}"):
        pull(model, folder=tmp_path)
    assert list((tmp_path / "toy").iterdir()) == []


def test_nobody_answers(model: str, tmp_path: Path) -> None:
    with pytest.raises(DetectorError, match=r"127\.0\.0\.1:9/"):
        pull(model, folder=tmp_path, url="http://127.0.0.1:9/toy.onnx")


def test_another_address_for_the_file_and_its_folder(shop: Shop, model: str, tmp_path: Path) -> None:
    pull(model, folder=tmp_path / "a", url=shop.url + "renamed-file")
    pull(model, folder=tmp_path / "b", url=shop.url)
    assert [asked for asked, _ in shop.asked] == ["/models/renamed-file", "/models/toy.onnx"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/toy.onnx", "toy.onnx"])
def test_only_web_addresses(model: str, tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"not an http\(s\) address"):
        pull(model, folder=tmp_path, url=url)


def test_an_address_that_is_none(model: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not an address"):
        pull(model, folder=tmp_path, url="http://[broken/toy.onnx".replace("[", "\x01"))


def test_a_folder_that_cannot_be_made(model: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DetectorError, match="cannot be written"):
        pull(model, folder=tmp_path / "file")


@pytest.mark.parametrize("name", ["../toy", "unknown"])
def test_unknown_names_fetch_nothing(shop: Shop, model: str, tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="no such model"):
        pull(name, folder=tmp_path)
    assert shop.asked == []
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def unknown(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model that everybody exports anew: its card knows neither address nor checksum."""
    card = ModelCard(
        "yolox", InputSpec(64, 64), ("person",), (0,), name="own", source=shop.url, files=(ModelFile("own.onnx", ()),)
    )
    monkeypatch.setattr(catalogue, "list_models", lambda: (card,))
    return "own"


def test_a_checksum_that_no_card_knows_is_shown_and_must_be_confirmed(shop: Shop, unknown: str, tmp_path: Path) -> None:
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    target = path(unknown, tmp_path)
    with pytest.raises(ConfigError, match=rf"no checksum of own\.onnx is known; .*{digest}; .*--sha256 {digest}"):
        pull(unknown, folder=tmp_path, url=shop.url)
    assert not target.exists()
    assert [one.state for one in verify(tmp_path)] == [FileState.PARTIAL]
    assert pull(unknown, folder=tmp_path, url=shop.url, sha256=digest.upper()) == [target]
    assert target.read_bytes() == WEIGHTS
    assert len(shop.asked) == 1
    assert [one.state for one in verify(tmp_path)] == [FileState.OK]
    target.write_bytes(WEIGHTS[1:])
    assert [one.state for one in verify(tmp_path)] == [FileState.WRONG]


def test_asking_twice_without_confirming_downloads_once(shop: Shop, unknown: str, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ConfigError, match="--sha256"):
            pull(unknown, folder=tmp_path, url=shop.url)
    assert [first for _, first in shop.asked] == [None, f"bytes={len(WEIGHTS)}-"]
    assert part_of(path(unknown, tmp_path)).read_bytes() == WEIGHTS


def test_another_checksum_than_confirmed_is_refused(shop: Shop, unknown: str, tmp_path: Path) -> None:
    with pytest.raises(DetectorError, match="wrong checksum and was removed"):
        pull(unknown, folder=tmp_path, url=shop.url, sha256="0" * 64)
    assert list((tmp_path / unknown).iterdir()) == []


def test_a_file_that_nobody_confirmed_is_told_apart(unknown: str, tmp_path: Path) -> None:
    target = path(unknown, tmp_path)
    target.parent.mkdir()
    target.write_bytes(WEIGHTS)
    assert [one.state for one in verify(tmp_path)] == [FileState.UNCONFIRMED]


@pytest.mark.parametrize(
    ("sha256", "says"),
    [
        pytest.param("abc", "is not a checksum; give 64 hex digits", id="no checksum"),
        pytest.param("0" * 64, r"is not that of toy\.onnx on its card", id="another than the card's"),
    ],
)
def test_a_checksum_of_the_users_is_checked(shop: Shop, model: str, tmp_path: Path, sha256: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        pull(model, folder=tmp_path, sha256=sha256)
    assert shop.asked == []


def test_without_a_known_address_the_cure_is_named(tmp_path: Path) -> None:
    assert find_card("nanodet-m-320").files[0].url == ""
    with pytest.raises(ConfigError, match=r"footfall models pull nanodet-m-320 --from URL"):
        pull("nanodet-m-320", folder=tmp_path)


def test_the_built_in_model_needs_no_download(tmp_path: Path) -> None:
    assert pull("motion", folder=tmp_path) == []
