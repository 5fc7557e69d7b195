"""How pictures come to their size, and boxes there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.config.media import Encoding, ImageForm, ScaleMode
from footfall.extension.placing import Placing, boxes_from_sent, boxes_to_sent, fixed_size, place

HD = (1920, 1080)


@pytest.mark.parametrize(
    ("camera_px", "form", "expected"),
    [
        pytest.param(HD, ImageForm(), Placing(HD, HD), id="no scale: as the camera sends it"),
        pytest.param(
            HD,
            ImageForm(ScaleMode.PAD, 1408, 786),
            Placing((1408, 786), (1397, 786), 5, 0),
            id="the module's own size: 5 columns left, 6 right",
        ),
        pytest.param(
            (640, 480),
            ImageForm(ScaleMode.PAD, 416, 416),
            Placing((416, 416), (416, 312), 0, 52),
            id="bars above and below",
        ),
        pytest.param((10, 10), ImageForm(ScaleMode.PAD, 10, 10), Placing((10, 10), (10, 10)), id="nothing to pad"),
        pytest.param(HD, ImageForm(ScaleMode.STRETCH, 416, 416), Placing((416, 416), (416, 416)), id="stretched"),
        pytest.param(
            HD, ImageForm(ScaleMode.KEEP, 640, 640), Placing((640, 360), (640, 360)), id="kept inside of a box"
        ),
        pytest.param(HD, ImageForm(ScaleMode.KEEP, None, 540), Placing((960, 540), (960, 540)), id="only the height"),
        pytest.param(HD, ImageForm(ScaleMode.KEEP, 480, None), Placing((480, 270), (480, 270)), id="only the width"),
        pytest.param(HD, ImageForm(ScaleMode.KEEP), Placing(HD, HD), id="neither"),
        pytest.param(
            (1000, 1), ImageForm(ScaleMode.KEEP, 10, 10), Placing((10, 1), (10, 1)), id="never less than a pixel"
        ),
        pytest.param(
            (1001, 501),
            ImageForm(encoding=Encoding.RAW, pixel_format="Yuv420p"),
            Placing((1000, 500), (1000, 500)),
            id="yuv420p has even sides",
        ),
    ],
)
def test_sizes(camera_px: tuple[int, int], form: ImageForm, expected: Placing) -> None:
    assert place(camera_px, form) == expected


def test_sizes_that_do_not_depend_on_the_camera() -> None:
    assert fixed_size(ImageForm(ScaleMode.PAD, 1408, 786)) == (1408, 786)
    assert fixed_size(ImageForm(ScaleMode.KEEP, 1408, 786)) is None
    assert fixed_size(ImageForm()) is None


@pytest.mark.parametrize(
    ("form", "word"),
    [
        pytest.param(ImageForm(ScaleMode.PAD, 10, None), "needs width and height", id="a missing side"),
        pytest.param(ImageForm(ScaleMode.STRETCH, 11, 10, Encoding.RAW, "Yuv420p"), "11x10", id="odd sides"),
    ],
)
def test_sizes_that_cannot_be(form: ImageForm, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        fixed_size(form)


def test_the_exact_sides_of_the_specification() -> None:
    placing = place(HD, ImageForm(ScaleMode.PAD, 1408, 786))
    assert placing.from_sent((5 / 1408, 0.0, 1402 / 1408, 1.0)) == pytest.approx((0, 0, 1, 1))
    assert placing.from_sent((0.0, 0.0, 0.5, 0.5)) == pytest.approx((0, 0, (704 - 5) / 1397, 0.5)), (
        "cut off at the edge"
    )
    assert placing.from_sent((0.0, 0.0, 1.0, 1.0)) == (0, 0, 1, 1)


SIDES = st.integers(1, 3000)
FORMS = st.builds(ImageForm, st.sampled_from([*ScaleMode, None]), SIDES, SIDES)
SPANS = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)


@given(st.tuples(SIDES, SIDES), FORMS, SPANS, SPANS)
def test_boxes_come_back_as_they_went(
    camera_px: tuple[int, int], form: ImageForm, xs: list[float], ys: list[float]
) -> None:
    placing = place(camera_px, form)
    box = (xs[0], ys[0], xs[1], ys[1])
    assert placing.from_sent(placing.to_sent(box)) == pytest.approx(box, abs=1e-9)
    assert all(0 <= side <= 1 for side in placing.to_sent(box))


@given(st.tuples(SIDES, SIDES), FORMS)
def test_the_scaled_picture_lies_in_the_middle_of_the_sent_one(camera_px: tuple[int, int], form: ImageForm) -> None:
    placing = place(camera_px, form)
    right = placing.sent_px[0] - placing.scaled_px[0] - placing.left_px
    bottom = placing.sent_px[1] - placing.scaled_px[1] - placing.top_px
    assert right - placing.left_px in (0, 1)
    assert bottom - placing.top_px in (0, 1)
    assert min(placing.left_px, placing.top_px) >= 0


def test_only_boxes_of_an_inference_change() -> None:
    placing = Placing((100, 50), (50, 50), 25, 0)
    box = {"l": 0.25, "t": 0.0, "w": 0.5, "h": 1.0}
    entity = {"type": "entity", "entity": {"tag": {"value": "car", "confidence": 1}, "box": box}, "mine": 1}
    event = {"type": "event", "event": {"name": "x", "properties": {}}}
    seen = boxes_from_sent(entity, placing)
    assert seen == {**entity, "entity": {**entity["entity"], "box": {"l": 0, "t": 0, "w": 1, "h": 1}}}
    assert boxes_to_sent(seen, placing) == {**entity, "entity": {**entity["entity"], "box": box | {"t": 0, "h": 1}}}
    assert boxes_from_sent({"type": "motion", "motion": {"box": box}}, placing)["motion"] == {
        "box": {"l": 0, "t": 0, "w": 1, "h": 1}
    }
    assert boxes_from_sent(event, placing) == event
    assert boxes_from_sent({"type": "motion", "motion": "?"}, placing) == {"type": "motion", "motion": "?"}
    same = Placing((9, 9), (9, 9))
    assert boxes_from_sent(entity, same) is entity
    assert boxes_to_sent(entity, same) is entity
