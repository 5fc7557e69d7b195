"""How people are told."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest

from events.stage import (
    BOB,
    COUNT_BOB,
    FORMS,
    STORIES,
    body,
    metadata,
)
from footfall.core.options import EventSpec
from footfall.spatial.insights import (
    ZoneEntered,
)

UNKNOWN = {
    "centerGroundPointX": "0.0",
    "centerGroundPointY": "0.0",
    "groundOrientationAngle": "Infinity",
    "mappedImageOrientation": "Infinity",
    "trackingId": "",
    "speed": "0.0",
    "footprintX": "0.55",
    "footprintY": "0.79",
}


def test_unknown_metadata_are_all_there_with_their_values() -> None:
    assert metadata(COUNT_BOB) == UNKNOWN
    assert list(metadata(STORIES["line"])) == list(UNKNOWN)


def test_trimmed_metadata_hold_only_what_is_known() -> None:
    assert metadata(COUNT_BOB, spec=EventSpec(trim_metadata=True)) == {"footprintX": "0.55", "footprintY": "0.79"}


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_what_is_not_a_number_is_unknown(bad: float) -> None:
    odd = replace(BOB, ground_m=(bad, 1.0), speed_m_s=bad, ground_orientation_rad=bad, image_orientation_rad=bad)
    said = metadata(ZoneEntered("till", 10.0, odd, 1))
    assert said == UNKNOWN | {"trackingId": BOB.track_id}


def test_prose_axes_swap_x_and_y() -> None:
    data, prose = (metadata(STORIES["line"], spec=EventSpec(ground_axes=axes)) for axes in ("data", "prose"))
    assert (data["centerGroundPointX"], data["centerGroundPointY"]) == ("-4.9213", "8.2021")
    assert (prose["centerGroundPointX"], prose["centerGroundPointY"]) == ("8.2021", "-4.9213")


def test_mask_results_go_with_count_line_and_zone_events() -> None:
    expected = [{"label": "face_mask", "confidence": 0.9688, "task": ""}]
    for story in ("count", "line", "enter", "dwell"):
        assert body(STORIES[story])["detections"][0]["attributes"] == expected
    assert "attributes" not in body(STORIES["distance"])["detections"][0]
    assert "attributes" not in body(STORIES["exit"])["detections"][0]


def test_old_detections_have_the_old_shape() -> None:
    counted = body(STORIES["count"], spec=FORMS["1.0"])
    crossed = body(STORIES["line"], spec=FORMS["1.0"])
    ann, bob = counted["detections"]
    assert ann["centerGroundPoint"] == {"x": -4.9213, "y": 8.2021}
    assert ann["metadataType"] == ""
    assert ann["metadata"] == {"groundOrientationAngle": 0.5, "attributes": {"face_mask": 0.9688}}
    assert (bob["centerGroundPoint"], bob["metadata"]) == ({"x": 0.0, "y": 0.0}, {"attributes": {}})
    assert "centerGroundPoint" not in crossed["detections"][0]
    assert crossed["detections"][0]["metadata"]["speed"] == 4.0
    assert crossed["schemaVersion"] == "1.0"
