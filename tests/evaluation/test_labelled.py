from __future__ import annotations

import json
from typing import Any

import pytest

from footfall.core.errors import ConfigError
from footfall.evaluation.labelled import CocoTruth, categories, evenly, meant, read_coco, relabelled, select, targets

BOX = [10, 10, 20, 40]


def truth(*names: str, coverage: str = "full") -> CocoTruth:
    """One picture with a box of each category."""
    document: dict[str, Any] = {
        "images": [{"id": 1, "file_name": "a.jpg", "boxes": coverage}],
        "annotations": [{"image_id": 1, "category_id": k, "bbox": BOX} for k, _ in enumerate(names)],
        "categories": [{"id": k, "name": name} for k, name in enumerate(names)],
    }
    return read_coco(json.dumps(document), "t.json")


def album(*images: tuple[str, str]) -> CocoTruth:
    listed = [{"id": k, "file_name": name, "source": source} for k, (name, source) in enumerate(images)]
    boxes = [{"image_id": k, "category_id": 1, "bbox": BOX} for k, _ in enumerate(images)]
    document = {"images": listed, "annotations": boxes, "categories": [{"id": 1, "name": "person"}]}
    return read_coco(json.dumps(document), "t.json")


@pytest.mark.parametrize(
    ("held", "category", "single", "crowd"),
    [
        pytest.param(("person", "head"), "person", 1, 0, id="people are people"),
        pytest.param(("face_mask", "face_nomask"), "face", 2, 0, id="faces of all kinds are faces"),
        pytest.param(("face_mask", "face_nomask"), "face_mask", 1, 0, id="masked ones"),
        pytest.param(("face_mask", "face"), "face_mask", 1, 1, id="unknown kind: neither right nor wrong as masked"),
        pytest.param(("face_nomask", "face"), "face", 2, 0, id="unknown kind: a face all the same"),
        pytest.param(("person", "ignored"), "person", 1, 1, id="an ignored region"),
        pytest.param(("face_mask", "ignored"), "face", 1, 1, id="ignored for faces too"),
    ],
)
def test_what_is_to_be_found(held: tuple[str, ...], category: str, single: int, crowd: int) -> None:
    target = targets(truth(*held), category)["a.jpg"]
    assert (len(target.single), len(target.crowd)) == (single, crowd)


def test_pictures_without_all_boxes_say_nothing_about_persons() -> None:
    known = truth("person", "head", coverage="partial")
    assert targets(known, "person") == {}
    assert list(targets(known, "head")) == ["a.jpg"]
    assert known.skipped_images == 1


@pytest.mark.parametrize(
    ("held", "scored"),
    [
        pytest.param(("person", "head"), ("person", "head"), id="as they are"),
        pytest.param(("face_mask",), ("face_mask", "face"), id="masks make faces"),
        pytest.param(("face", "face_mask"), ("face", "face_mask"), id="faces once"),
        pytest.param(("person", "ignored"), ("person",), id="nobody looks for ignored"),
    ],
)
def test_categories_of_a_truth(held: tuple[str, ...], scored: tuple[str, ...]) -> None:
    assert categories(truth(*held)) == scored


def test_persons_are_scored_where_nobody_is_and_other_things_only_where_they_are() -> None:
    document = {"images": [], "annotations": [], "categories": [{"id": 1, "name": "person"}, {"id": 2, "name": "head"}]}
    assert categories(read_coco(json.dumps(document), "t.json")) == ("person",)


def test_labels_are_translated() -> None:
    known = relabelled(truth("pedestrian", "rider"), {"pedestrian": "person", "rider": "ignored"})
    assert categories(known) == ("person",)
    assert len(targets(known, "person")["a.jpg"].crowd) == 1
    assert meant("face") == ("face", "face_mask", "face_nomask")


PICTURES = album(("day/1.jpg", "clip_a/7.jpg"), ("day/2.jpg", "street"), ("night/3.jpg", "clip_b/9.jpg"))


@pytest.mark.parametrize(
    ("patterns", "without", "left"),
    [
        pytest.param([], [], ["1.jpg", "2.jpg", "3.jpg"], id="nothing said: all"),
        pytest.param(["clip"], [], ["1.jpg", "3.jpg"], id="a part of the source"),
        pytest.param(["night/"], [], ["3.jpg"], id="a part of the file name"),
        pytest.param(["street", "night"], [], ["2.jpg", "3.jpg"], id="one or the other"),
        pytest.param(["clip_?/9*"], [], ["3.jpg"], id="a glob fits the whole"),
        pytest.param(["*.jpg"], [], ["1.jpg", "2.jpg", "3.jpg"], id="a glob over names"),
        pytest.param([], ["clip"], ["2.jpg"], id="some left out"),
        pytest.param(["clip"], ["night", "street"], ["1.jpg"], id="some of some left out"),
    ],
)
def test_a_part_of_the_pictures(patterns: list[str], without: list[str], left: list[str]) -> None:
    part = select(PICTURES, patterns, without, "t.json")
    assert [image.name for image in part.images] == left
    assert {box.image_id for box in part.annotations} == {image.id for image in part.images}


@pytest.mark.parametrize(
    ("patterns", "without"),
    [
        pytest.param(["CLIP"], [], id="capitals count"),
        pytest.param(["cl?p"], [], id="a glob that fits a part only"),
        pytest.param([], ["jpg"], id="all left out"),
    ],
)
def test_nothing_left_is_a_mistake(patterns: list[str], without: list[str]) -> None:
    with pytest.raises(ConfigError, match="no image is left"):
        select(PICTURES, patterns, without, "t.json")


@pytest.mark.parametrize(("count", "left"), [(1, ["1.jpg"]), (2, ["1.jpg", "2.jpg"]), (9, ["1.jpg", "2.jpg", "3.jpg"])])
def test_evenly_spread(count: int, left: list[str]) -> None:
    assert [image.name for image in evenly(PICTURES, count).images] == left
