"""The vendor's own client, untouched, against the service as people run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from footfall.customvision.door.routes_table import ROUTES
from vision_server import Running, draw_pictures, running, told_by

MUST_AND_SHOULD = {route.name for route in ROUTES if route.rank != "C"}
BOXES = {name for name in MUST_AND_SHOULD if name.startswith("detect_") or name.endswith("_regions")}
OLDER = pytest.mark.parametrize("older", [False, True], ids=["client 3.1.1", "client 3.0.0"])


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> list[dict]:
    return draw_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("service"), "--image-host", "127.0.0.1") as server:
        yield server


def as_client(vendor_python: Path, older: bool) -> None:
    if older and not (vendor_python.parent.parent / "older").is_dir():
        pytest.skip("no older client beside the vendor's: run ./dev vendor")


@pytest.mark.slow
@OLDER
def test_the_classification_quickstart_runs(vendor_python, server: Running, pictures, older: bool) -> None:
    as_client(vendor_python, older)
    told = told_by(vendor_python, "classification", server, pictures[:14], older)
    assert told["uploaded"] is True
    assert set(told["statuses"]) == {"OK"}
    assert told["iteration"]["status"] == "Completed"
    assert [answer[0][0] for answer in told["told"]] == told["truth"]
    assert all(abs(sum(chance for _, chance in answer) - 1) < 1e-3 for answer in told["told"])


@pytest.mark.slow
def test_the_detection_quickstart_runs_with_the_older_client(vendor_python, server: Running, pictures) -> None:
    as_client(vendor_python, older=True)
    discs = [one for one in pictures if one["tag"] == "disc"]
    is_quickstart_of_boxes(told_by(vendor_python, "detection", server, discs, older=True))


def is_quickstart_of_boxes(told: dict) -> None:
    assert told["uploaded"] is True
    assert told["iteration"]["status"] == "Completed"
    best, truth = told["told"][0], told["truth"]
    assert best[0] == truth[0]
    assert overlap(best[2:], truth[1:]) > 0.3


def overlap(a: list[float], b: list[float]) -> float:
    """Intersection over union of left, top, width, height."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


@pytest.mark.slow
def test_all_operations_for_pictures_answer_the_client(vendor_python, server: Running, pictures) -> None:
    told = told_by(vendor_python, "everything", server, pictures[:13])
    assert set(told["called"]) == MUST_AND_SHOULD - BOXES
    assert told["domain"] == "General (compact)"
    assert told["domains"][0][1:] == ["General", "Classification"]
    assert next(one for one in told["domains"] if one[2] == "ObjectDetection")[1] == "General"
    assert told["project"]["name"] == "all of it, renamed"
    assert told["tag"] == told["tag again"] == "extra, renamed"
    assert told["tags"] == ["bar", "disc"]
    assert told["from data"] == [True, "OK"]
    assert told["from a file"] is told["from files"] is True
    assert told["from addresses"] == [False, ["OK", "ErrorSource"]]
    assert told["twice"] == [False, "OKDuplicate"]
    assert told["metadata"] == [True, {"shelf": "left"}]
    assert told["by metadata"] == told["by ids"] == told["untagged"] == [True]
    assert (told["count"], told["page"], told["tagged"], told["tags put"]) == (12, 2, 12, 1)
    assert told["iteration"]["status"] == "Completed"
    assert told["renamed"] == "the first"
    assert told["iterations"] == ["the first"]
    assert {one["name"] for one in told["performance"]["per_tag_performance"]} == {"bar", "disc"}
    assert told["held out"] == 12
    assert all(answer == told["answers"][0] for answer in told["answers"]), "six ways to ask, one answer"
    assert (told["kept"], told["left"], told["promoted"]) == (True, 0, ["OK"])
    assert told["kept picture"] == [200, "image/jpeg"]
    assert told["export"] == ["ONNX", "Done"]
    assert told["archive"] == [200, "PK", "attachment"]
    assert told["artifact"] is True
    assert told["picture"] == [200, "image/jpeg", "private, no-store"]
    assert (told["changed address"], told["deleted picture"], told["count at the end"]) == (403, 404, 0)


@pytest.mark.slow
def test_the_detection_quickstart_and_all_operations_for_boxes(vendor_python, server: Running, pictures) -> None:
    told = told_by(vendor_python, "boxes", server, pictures)
    assert set(told["called"]) >= BOXES
    assert told["regions"] == [30, 0, 0]
    assert told["regions again"] == 1
    is_quickstart_of_boxes(told["quickstart"])
    assert all(answer == told["boxes"][0] for answer in told["boxes"]), "four ways to ask, one answer"


def test_refusals_reach_the_client_as_it_knows_them(vendor_python, server: Running, pictures) -> None:
    told = told_by(vendor_python, "errors", server, pictures[:2])
    expected = {
        "wrong key": (401, "Unauthorized"),
        "wrong prediction key": (401, "Unauthorized"),
        "no project": (404, "NotFoundProject"),
        "no id": (400, "BadRequestInvalidIds"),
        "name taken": (400, "BadRequestProjectNameNotUnique"),
        "tag taken": (400, "BadRequestTagNameNotUnique"),
        "nothing to learn from": (400, "BadRequestClassificationTrainingValidationFailed"),
        "no model": (404, "NotFoundIteration"),
        "no picture": (400, "BadRequestImageBatch"),
        "not offered": (501, "BadRequestOperationNotSupported"),
        "inside": (400, "BadRequestImageUrl"),
    }
    assert {name: (told[name][1], told[name][2]) for name in expected} == expected
    for name in expected:
        kind, _, code, message, tries = told[name]
        assert kind == "CustomVisionErrorException", name
        assert message, "the client shows the message"
        assert "invalid status code" not in message
        assert tries == 1, f"{name} {code}: the client tried more than once"
