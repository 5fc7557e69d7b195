from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from footfall.core.errors import ConfigError
from footfall.detect.card import parse_card
from footfall.detect.catalogue import (
    FileState,
    card_beside,
    card_by_checksum,
    file_path,
    find_card,
    list_models,
    part_of,
    path,
    verify,
)
from footfall.detect.decoders import DECODERS

SIDE_CAR = """
decoder = "yolox"
labels = ["person"]
classes = [0]

[input]
width_px = 416
height_px = 416
"""


@pytest.mark.parametrize("card", list_models(), ids=lambda card: card.name)
def test_every_shipped_card_is_complete(card: object) -> None:
    assert card.origin == "shipped"
    assert card.title
    assert card.licence in {"Apache-2.0", "MIT", "BSD-3-Clause"}
    assert card.decoder in {*DECODERS, "motion"}
    assert (not card.files) == (card.decoder == "motion")
    assert all(file.url == "" or file.url.startswith("https://") for file in card.files)


def test_names_are_unique_and_no_two_cards_share_a_file() -> None:
    cards = list_models()
    digests = [digest for card in cards for file in card.files for digest in file.sha256]
    assert len({card.name for card in cards}) == len(cards)
    assert len(set(digests)) == len(digests)


def test_the_side_car_of_the_documentation_has_sensible_defaults() -> None:
    card = parse_card(SIDE_CAR, "mine.toml")
    assert (card.origin, card.licence, card.min_score, card.input.pad) == ("side-car", "unknown", 0.1, 114)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(("decoder =", "decoder"), r"mine.toml: \$: is not TOML", id="not TOML"),
        pytest.param(('"yolox"', '"yolov9"'), r"\$\.decoder: .*yolov9", id="unknown decoder"),
        pytest.param(("width_px = 416", 'width_px = "416"'), r"\$\.input\.width_px: Expected `int`", id="wrong type"),
        pytest.param(("width_px = 416", "width_px = 0"), "at least 1x1", id="no width"),
        pytest.param(("height_px = 416", ""), "missing required field `height_px`", id="missing key"),
        pytest.param(("classes = [0]", "classes = [0, 1]"), "one class number", id="more classes than labels"),
        pytest.param(
            ('["person"]\nclasses = [0]', '["face", "person"]\nclasses = [0, 1]'), "person first", id="people second"
        ),
        pytest.param(("classes = [0]", "classes = [0]\nscore = 1"), "unknown field `score`", id="unknown key"),
        pytest.param(("classes = [0]", "classes = [0]\nmin_score = 2.0"), "between 0 and 1", id="impossible score"),
        pytest.param(("classes = [0]", 'classes = [0]\nname = "../x"'), "a name of letters", id="a name that climbs"),
    ],
)
def test_a_wrong_card_is_explained(change: tuple[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        parse_card(SIDE_CAR.replace(*change, 1), "mine.toml")


@pytest.mark.parametrize(
    ("file", "says"),
    [
        pytest.param('name = "../../etc/passwd"\nsha256 = ["0"]\nsize_bytes = [1]', "file name", id="climbs out"),
        pytest.param('name = "a.onnx"\nsha256 = ["abc"]\nsize_bytes = [1]', "64 lower-case", id="no checksum"),
        pytest.param(f'name = "a.onnx"\nsha256 = ["{"0" * 64}"]\nsize_bytes = [1, 2]', "one size", id="two sizes"),
    ],
)
def test_a_wrong_file_entry_is_explained(file: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        parse_card(f"{SIDE_CAR}\n[[files]]\n{file}", "mine.toml")


@pytest.mark.parametrize("name", ["yolox", "../yolox-nano", "", "/etc/passwd"])
def test_unknown_names_are_answered_with_the_known_ones(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such model; take one of .*fastestdet, .*yolox-nano"):
        path(name, tmp_path)


def test_the_built_in_model_has_no_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="built in"):
        path("motion", tmp_path)


def test_paths_stay_in_the_folder(tmp_path: Path) -> None:
    assert path("yolox-nano", tmp_path) == tmp_path / "yolox-nano" / "yolox_nano.onnx"


def test_verify_tells_missing_partial_and_wrong(tmp_path: Path) -> None:
    wrong, partial = path("yolox-nano", tmp_path), part_of(path("fastestdet", tmp_path))
    for file in (wrong, partial):
        file.parent.mkdir()
        file.write_bytes(b"junk")
    states = {v.path: v.state for v in verify(tmp_path)}
    assert states[wrong] is FileState.WRONG
    assert states[path("fastestdet", tmp_path)] is FileState.PARTIAL
    assert states[path("yunet", tmp_path)] is FileState.MISSING


def test_verify_knows_the_real_file(shared: Path, tmp_path: Path) -> None:
    target = path("yolox-nano", tmp_path)
    target.parent.mkdir()
    target.symlink_to(shared / "models" / "yolox_nano" / "yolox_nano.onnx")
    assert next(v.state for v in verify(tmp_path) if v.path == target) is FileState.OK


def test_every_public_model_at_hand_is_known_by_its_checksum(shared: Path) -> None:
    files = [p for p in (shared / "models").rglob("*") if p.suffix in {".onnx", ".xml"}]
    assert len(files) == 10
    assert {card_by_checksum(file).files[0].name for file in files} == {file.name for file in files}


def test_checksums_of_weights_beside_an_xml_are_right(shared: Path, tmp_path: Path) -> None:
    for name in ("person-detection-retail-0013", "pedestrian-detection-adas-0002", "face-detection-retail-0004"):
        card = find_card(name)
        (tmp_path / name).symlink_to(shared / "models" / name)
        assert all(file_path(card, file, tmp_path).is_file() for file in card.files)
    assert sum(v.state is FileState.OK for v in verify(tmp_path) if find_card(v.model).source) == 6


def test_a_card_beside_a_model_is_found(tmp_path: Path) -> None:
    model = tmp_path / "mine.onnx"
    assert card_beside(model) is None
    model.with_suffix(".toml").write_text(SIDE_CAR)
    assert (card_beside(model).decoder, card_beside(model).name) == ("yolox", "mine")


def test_an_unreadable_card_beside_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"mine.toml.*cannot be read"):
        card_beside(tmp_path / "mine.onnx")


def test_cards_do_not_change(shared: Path) -> None:
    with pytest.raises(AttributeError):
        find_card("yolox-nano").min_score = 0.5
    assert msgspec.structs.replace(find_card("yolox-nano"), min_score=0.5).min_score == 0.5
