import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from footfall.cli.main import main
from footfall.core.errors import ConfigError
from footfall.simulator.pictures import SHAPES_PX, PicturesSpec, write_pictures

SIZE = 128, 96


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def load(truth: Path) -> dict[str, list[dict[str, object]]]:
    document: dict[str, list[dict[str, object]]] = json.loads(truth.read_text())
    return document


def test_a_set_is_pictures_and_coco_annotations(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    truth = load(write_pictures(PicturesSpec(12, 3, SIZE), tmp_path, lambda done, total: seen.append((done, total))))
    assert seen[-1] == (12, 12)
    assert [image["file_name"] for image in truth["images"]] == [f"{i:06d}.jpg" for i in range(12)]
    assert truth["categories"] == [{"id": 1, "name": "person"}]
    for image in truth["images"]:
        picture = cv2.imread(str(tmp_path / str(image["file_name"])))
        assert picture is not None
        assert picture.shape == (image["height"], image["width"], 3) == (SIZE[1], SIZE[0], 3)
    numbers = {image["id"] for image in truth["images"]}
    assert truth["annotations"]
    for index, note in enumerate(truth["annotations"], 1):
        assert note["id"] == index
        assert note["image_id"] in numbers
        x, y, wide, high = note["bbox"]  # type: ignore[misc]
        assert 0 <= x < x + wide <= SIZE[0]
        assert 0 <= y < y + high <= SIZE[1]
        assert note["iscrowd"] == int(note["visibility"] < 0.25 or high < 6.0)  # type: ignore[operator]
        assert len(note["full_bbox"]) == 4  # type: ignore[arg-type]
        assert len(note["foot"]) == len(note["head"]) == 2  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        write_pictures(PicturesSpec(5, 8, SIZE), tmp_path / name)
    write_pictures(PicturesSpec(5, 9, SIZE), tmp_path / "c")
    first, second, other = (contents(tmp_path / name) for name in "abc")
    assert first == second
    assert all(first[name] != other[name] for name in first)


def test_a_set_that_was_broken_off_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    write_pictures(PicturesSpec(7, 2, SIZE), whole)
    write_pictures(PicturesSpec(4, 2, SIZE), broken)
    kept = (broken / "000001.jpg").stat().st_mtime_ns
    (broken / "000002.jpg").unlink()
    write_pictures(PicturesSpec(7, 2, SIZE), broken)
    assert contents(whole) == contents(broken)
    assert (broken / "000001.jpg").stat().st_mtime_ns == kept


def test_without_a_size_shapes_differ(tmp_path: Path) -> None:
    truth = load(write_pictures(PicturesSpec(8, 1), tmp_path))
    sizes = {(image["width"], image["height"]) for image in truth["images"]}
    assert len(sizes) > 1
    assert sizes <= set(SHAPES_PX)


def test_half_of_the_set_is_put_on_given_pictures(tmp_path: Path) -> None:
    backdrops = tmp_path / "empty"
    backdrops.mkdir()
    cv2.imwrite(str(backdrops / "green.png"), np.full((90, 160, 3), (20, 160, 20), np.uint8))
    write_pictures(PicturesSpec(16, 1, SIZE, backdrops), tmp_path / "out")
    edges = [cv2.imread(str(path))[:20].mean(axis=(0, 1)) for path in sorted((tmp_path / "out").glob("*.jpg"))]
    green = sum(bool(g > b + 12 and g > r + 12) for b, g, r in edges)
    assert 3 <= green <= 13


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        pytest.param({"count": 0}, "--count", id="no pictures"),
        pytest.param({"count": 3, "seed": -1}, "--seed", id="a negative seed"),
        pytest.param({"count": 3, "size_px": (20, 20)}, "--size", id="too small"),
        pytest.param({"count": 3, "size_px": (4000, 3000)}, "--size", id="too large"),
    ],
)
def test_values_that_make_no_sense_are_refused(spec: dict[str, object], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        PicturesSpec(**spec)  # type: ignore[arg-type]


def _of_another_seed(tmp_path: Path) -> PicturesSpec:
    write_pictures(PicturesSpec(1, 5, SIZE), tmp_path / "out")
    return PicturesSpec(2, 6, SIZE)


def _not_ours(tmp_path: Path) -> PicturesSpec:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "annotations.json").write_text('{"images": []}')
    return PicturesSpec(1, 1, SIZE)


def _no_backdrops(tmp_path: Path) -> PicturesSpec:
    return PicturesSpec(1, 1, SIZE, tmp_path)


def _no_picture(tmp_path: Path) -> PicturesSpec:
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "broken.jpg").write_bytes(b"none")
    return PicturesSpec(4, 1, SIZE, tmp_path / "back")


def _a_file_in_the_way(tmp_path: Path) -> PicturesSpec:
    (tmp_path / "out").write_text("here first")
    return PicturesSpec(1, 1, SIZE)


@pytest.mark.parametrize(
    ("prepare", "word"),
    [
        pytest.param(_of_another_seed, "'seed': 5", id="the folder holds a set of another seed"),
        pytest.param(_not_ours, "was not written by this command", id="somebody else's annotations"),
        pytest.param(_no_backdrops, "holds no pictures", id="a folder without pictures"),
        pytest.param(_no_picture, "is not a picture", id="a backdrop that is no picture"),
        pytest.param(_a_file_in_the_way, "cannot be written", id="a file is in the way"),
    ],
)
def test_what_is_wrong_with_folders_is_told(prepare: Callable[[Path], PicturesSpec], word: str, tmp_path: Path) -> None:
    spec = prepare(tmp_path)
    with pytest.raises(ConfigError, match=word):
        write_pictures(spec, tmp_path / "out")


def test_the_command_draws_and_names_the_truth(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "people"
    assert main(["simulate", "pictures", str(out), "--count=2", "--seed=7", "--size=96x72"]) == 0
    assert capfd.readouterr().out.strip() == str(out / "annotations.json")
    assert len(list(out.glob("*.jpg"))) == 2
    assert main(["simulate", "pictures", str(out), "--count=2", "--seed=8", "--size=96x72"]) == 2
    assert "another folder" in capfd.readouterr().err


def test_the_command_explains_itself(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["simulate", "pictures", "--help"])
    assert "Examples:" in capfd.readouterr().out
