"""`footfall detect` on everything that calls itself a picture."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from footfall.cli.main import main
from networks import white_finder

SIDE_CAR = 'decoder = "ltrb"\nlabels = ["{0}"]\nclasses = [0]\n[input]\nwidth_px = 64\nheight_px = 64\nfit = "snug"\n'
BOX = [12.0, 4.0, 16.0, 16.0]
"""x, y, width, height of what the network sees in `SCENE`."""


def scene(width: int = 64, height: int = 64) -> np.ndarray:
    """White where somebody is, else black."""
    image = np.zeros((height, width, 3), np.uint8)
    image[8:16, 16:24] = 255
    return image


def encoded(suffix: str, image: np.ndarray) -> bytes:
    done, data = cv2.imencode(suffix, image)
    assert done
    return data.tobytes()


def png(width: int, height: int, kind: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG by hand: colour type 3 is a palette."""
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    framed = [struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def palette() -> bytes:
    rows = b"".join(b"\0" + (row[:, 0] // 255).tobytes() for row in scene())
    return png(64, 64, 3, (b"PLTE", bytes([0, 0, 0, 255, 255, 255])), (b"IDAT", zlib.compress(rows)))


def lying() -> bytes:
    """A JPEG turned by a quarter, whose EXIF says how to hold it (orientation 6)."""
    data = encoded(".jpg", np.ascontiguousarray(np.rot90(scene())))
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIHH", 0x112, 3, 1, 6, 0) + b"\0\0\0\0"
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


def animated() -> bytes:
    animation = cv2.Animation()
    animation.frames = [scene(), np.zeros((64, 64, 3), np.uint8)]
    animation.durations = np.array([100, 100])
    done, data = cv2.imencodeanimation(".png", animation)
    assert done
    return bytes(data.tobytes())


def translucent() -> bytes:
    return encoded(".png", np.dstack([scene(), np.full((64, 64), 9, np.uint8)]))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "white.toml").write_text(SIDE_CAR.format("person"))
    return white_finder(tmp_path / "white.onnx")


def detect(model: Path, *pictures: Path) -> tuple[int, list[dict[str, object]]]:
    out = model.with_name("found.json")
    code = main(["detect", *map(str, pictures), f"--model={model}", f"--out={out}", "--min-score=0.6"])
    return code, json.loads(out.read_text())


@pytest.mark.parametrize(
    ("name", "write"),
    [
        pytest.param("a.png", lambda: encoded(".png", scene()), id="an ordinary one"),
        pytest.param("a.JPG", lambda: encoded(".jpg", scene()), id="a name in capitals"),
        pytest.param("a.png", lambda: encoded(".png", scene()[..., 0]), id="grey"),
        pytest.param("a.png", lambda: encoded(".png", scene().astype(np.uint16) * 257), id="16 bits"),
        pytest.param("a.tif", lambda: encoded(".tif", scene().astype(np.uint16) * 257), id="16 bits, TIFF"),
        pytest.param("a.png", translucent, id="with transparency"),
        pytest.param("a.png", palette, id="with a palette"),
        pytest.param("a.png", animated, id="an animation counts by its first picture"),
        pytest.param("a.jpg", lying, id="held upright as EXIF says"),
        pytest.param("a.jpg", lambda: encoded(".png", scene()), id="under a wrong name"),
    ],
)
def test_pictures_of_all_kinds_are_searched(model: Path, tmp_path: Path, name: str, write: Callable[[], bytes]) -> None:
    (tmp_path / name).write_bytes(write())
    code, found = detect(model, tmp_path / name)
    assert code == 0
    assert [(one["category"], one["bbox"]) for one in found] == [("person", BOX)]


@pytest.mark.parametrize(
    ("width", "height", "found"),
    [
        pytest.param(1, 1, True, id="one pixel"),
        pytest.param(7, 5, True, id="some pixels"),
        pytest.param(20000, 50, False, id="a ribbon shrinks to nothing"),
        pytest.param(50, 20000, False, id="a tower too"),
        pytest.param(5000, 5000, True, id="a large one"),
    ],
)
def test_pictures_of_odd_sizes_give_boxes_inside_them(
    model: Path, tmp_path: Path, width: int, height: int, found: bool
) -> None:
    (tmp_path / "odd.png").write_bytes(encoded(".png", np.full((height, width, 3), 255, np.uint8)))
    code, boxes = detect(model, tmp_path / "odd.png")
    assert (code, bool(boxes)) == (0, found)
    for x, y, w, h in (one["bbox"] for one in boxes):  # type: ignore[misc]
        assert 0 <= x <= x + w <= width + 0.01
        assert 0 <= y <= y + h <= height + 0.01


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"", "is not a whole picture", id="an empty file"),
        pytest.param(b"hello", "is not a whole picture", id="a text"),
        pytest.param(encoded(".jpg", scene(640, 480))[:-2000], "is not a whole picture", id="half a JPEG"),
        pytest.param(encoded(".png", scene())[:90], "is not a whole picture", id="half a PNG"),
        pytest.param(
            png(100_000, 100_000, 2, (b"IDAT", zlib.compress(b"\0" * 99))), "is too large", id="a PNG that would burst"
        ),
    ],
)
def test_what_is_no_picture_is_named_and_the_others_are_searched(
    model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], data: bytes, says: str
) -> None:
    (tmp_path / "bad.jpg").write_bytes(data)
    (tmp_path / "good.png").write_bytes(encoded(".png", scene()))
    code, found = detect(model, tmp_path / "bad.jpg", tmp_path / "good.png")
    err = capfd.readouterr().err
    assert code == 2
    assert [one["bbox"] for one in found] == [BOX]
    assert f"bad.jpg: $: {says}" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", [["run", "rtsp://127.0.0.1:9/"], ["demo", "--seconds=1"]], ids=["run", "demo"])
def test_a_model_of_faces_does_not_count_people(
    model: Path, capfd: pytest.CaptureFixture[str], command: list[str]
) -> None:
    model.with_suffix(".toml").write_text(SIDE_CAR.format("face"))
    assert main([*command, f"--model={model}"]) == 2
    assert "white.onnx: finds face, no people; take one that does: footfall models list" in capfd.readouterr().err


def test_a_network_that_gives_no_numbers_ends_the_search(
    model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    white_finder(model, poison=float("nan"))
    (tmp_path / "good.png").write_bytes(encoded(".png", scene()))
    arguments = ["detect", str(tmp_path / "good.png"), f"--model={model}", f"--out={tmp_path / 'found.json'}"]
    assert main(arguments) == 2
    err = capfd.readouterr().err
    assert "white.onnx: output 0 holds" in err
    assert "Traceback" not in err
