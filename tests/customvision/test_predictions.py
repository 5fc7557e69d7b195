"""What is kept of predictions: for so long, for whom, and how it goes."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from customvision.studio import GREEN, RED, Studio, boxes, colours, contents, painted, trained
from customvision.test_jobs import FullDisk
from footfall.customvision.faults import Refused
from footfall.customvision.prediction import predicting, predictions, querying, retention
from footfall.customvision.prediction.predictions import Promotion
from footfall.customvision.training import iterations
from footfall.customvision.wire.labels import ImageRegionCreateEntry
from footfall.customvision.wire.predictions import ImagePrediction, Prediction, PredictionQueryToken
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import listing
from footfall.customvision.workspace.images import read_image
from footfall.customvision.workspace.intake import Box
from footfall.customvision.workspace.limits import Limits
from footfall.vault.faults import Altered, KeyRevoked
from footfall.vault.objects import ObjectKind


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "vision")


@pytest.fixture
def shop(studio: Studio) -> Iterator[Workshop]:
    with studio.opened() as shop:
        yield shop


@pytest.fixture
def project(shop: Workshop) -> tuple[str, list[str]]:
    project_id, tag_ids = colours(shop)
    trained(shop, project_id)
    return project_id, tag_ids


def ask(shop: Workshop, project_id: str, seed: int = 1) -> ImagePrediction:
    return predicting.quick_test_image(shop, project_id, painted(RED, seed))


def listed(shop: Workshop, project_id: str) -> list[str]:
    page = querying.query_predictions(shop, project_id, PredictionQueryToken())
    assert page.token.continuation is None
    return [result.id for result in page.results]


def kept_objects(shop: Workshop) -> set[str]:
    return {name.id for name in shop.objects.names() if name.kind is ObjectKind.PREDICTION}


def test_picture_and_answer_are_kept(shop: Workshop, project: tuple[str, list[str]]) -> None:
    project_id, _ = project
    answer = ask(shop, project_id)
    (stored,) = querying.query_predictions(shop, project_id, PredictionQueryToken()).results
    assert (stored.id, stored.iteration, stored.project) == (answer.id, answer.iteration, project_id)
    assert stored.created == answer.created
    assert stored.predictions == answer.predictions
    assert stored.domain == iterations.get_iteration(shop, project_id, answer.iteration).domain_id
    assert stored.original_image_uri == f"http://here/prediction/{project_id}/{answer.id}/original"
    for part in ("original", "resized", "thumbnail"):
        assert predictions.prediction_picture(shop, project_id, answer.id, part)[:3] == b"\xff\xd8\xff"


def test_nothing_of_it_can_be_read_on_the_disk(studio: Studio, shop: Workshop, project: tuple[str, list[str]]) -> None:
    picture = painted(RED, 4242)
    predicting.quick_test_image(shop, project[0], picture)
    for data in contents(studio.folder).values():
        assert picture[-200:] not in data
        assert picture[300:364] not in data


@pytest.mark.parametrize(
    ("age", "is_there"),
    [
        pytest.param(timedelta(), True, id="just now"),
        pytest.param(timedelta(days=29, hours=23, minutes=59), True, id="a minute before its time"),
        pytest.param(timedelta(days=30, seconds=1), False, id="a second after its time"),
        pytest.param(timedelta(days=400), False, id="long after"),
    ],
)
def test_thirty_days(
    studio: Studio, shop: Workshop, project: tuple[str, list[str]], age: timedelta, is_there: bool
) -> None:
    project_id, _ = project
    answer = ask(shop, project_id)
    studio.clock.ahead += age
    assert (answer.id in listed(shop, project_id)) is is_there  # at once, whether anybody has tidied up or not
    if is_there:
        assert predictions.prediction_picture(shop, project_id, answer.id, "original")
    else:
        with pytest.raises(Refused) as refused:
            predictions.prediction_picture(shop, project_id, answer.id, "original")
        assert refused.value.status == 404
        with pytest.raises(Refused, match="none of these predictions is kept"):
            predictions.create_images_from_predictions(shop, project_id, [Promotion(answer.id)])
    assert retention.purge(shop) == int(not is_there)
    assert kept_objects(shop) == ({answer.id} if is_there else set())


def test_the_service_was_down_for_forty_days(studio: Studio) -> None:
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        trained(shop, project_id)
        ask(shop, project_id)
    studio.clock.advance(days=40)
    with studio.opened(is_working=False) as shop:  # before anybody can ask for anything
        assert kept_objects(shop) == set()
        assert listed(shop, project_id) == []
    assert ("predictions-expired", {"count": 1}) in studio.told


def test_they_go_although_the_key_is_revoked(studio: Studio) -> None:
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        trained(shop, project_id)
        ask(shop, project_id)
        studio.revoke()
        with pytest.raises(KeyRevoked):
            listed(shop, project_id)
        studio.clock.advance(days=31)
        assert retention.purge(shop) == 1
        assert kept_objects(shop) == set()


def test_fewer_days_can_be_wished(tmp_path: Path) -> None:
    studio = Studio(tmp_path / "short", limits=Limits(prediction_days=7))
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        trained(shop, project_id)
        ask(shop, project_id)
        studio.clock.advance(days=7, seconds=1)
        assert listed(shop, project_id) == []


@pytest.mark.parametrize("restarts", [False, True])
def test_a_clock_that_is_set_back_gives_no_longer_life(studio: Studio, restarts: bool) -> None:
    with studio.opened(is_working=False) as shop:
        project_id, _ = colours(shop)
    with studio.opened() as shop:
        trained(shop, project_id)
        answer = ask(shop, project_id)
        keeper = retention.Retention(shop)
        studio.clock.advance(days=20)
        assert keeper.look() == 0
        if not restarts:
            studio.clock.set_back = timedelta(days=15)
            studio.clock.advance(days=9, hours=23)
            assert keeper.look() == 0
            assert listed(shop, project_id) == [answer.id]
            studio.clock.advance(hours=2)
            assert keeper.look() == 1
            assert kept_objects(shop) == set()
    if restarts:
        studio.clock.set_back = timedelta(days=15)
        for day in range(10):
            with studio.opened(is_working=False) as shop:
                assert listed(shop, project_id) == [answer.id], day
            studio.clock.advance(days=1, minutes=1)
        with studio.opened(is_working=False) as shop:
            assert kept_objects(shop) == set()


def test_what_has_expired_once_does_not_come_back(
    studio: Studio, shop: Workshop, project: tuple[str, list[str]]
) -> None:
    project_id, _ = project
    ask(shop, project_id)
    studio.clock.advance(days=31)
    retention.purge(shop)
    studio.clock.advance(days=-31)
    assert listed(shop, project_id) == []


def test_many_expire_at_once(studio: Studio, shop: Workshop, project: tuple[str, list[str]]) -> None:
    project_id, _ = project
    for seed in range(5):
        ask(shop, project_id, seed)
        studio.clock.advance(days=1)
    studio.clock.advance(days=27, seconds=1)  # the first two are 32 and 31 days old, the third 30 days and a second
    assert retention.purge(shop) == 3
    assert len(listed(shop, project_id)) == 2


def test_deleted_is_gone(studio: Studio, shop: Workshop, project: tuple[str, list[str]]) -> None:
    project_id, _ = project
    first, second = ask(shop, project_id, 1), ask(shop, project_id, 2)
    predictions.delete_prediction(shop, project_id, [first.id, "0" * 8])
    assert listed(shop, project_id) == [second.id]
    assert kept_objects(shop) == {second.id}
    assert not any(first.id.encode() in data for data in contents(studio.folder).values())
    predictions.delete_prediction(shop, project_id, [first.id])


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        pytest.param([], "BadRequestPredictionIdsMissing", id="none"),
        pytest.param(["a"] * 65, "BadRequestPredictionIdsExceededCount", id="sixty-five"),
    ],
)
def test_how_many_at_once(shop: Workshop, project: tuple[str, list[str]], ids: list[str], code: str) -> None:
    for refused_call in (
        lambda: predictions.delete_prediction(shop, project[0], ids),
        lambda: predictions.create_images_from_predictions(shop, project[0], [Promotion(one) for one in ids]),
    ):
        with pytest.raises(Refused) as refused:
            refused_call()
        assert refused.value.code == code


def test_a_prediction_becomes_a_training_image(studio: Studio, shop: Workshop, project: tuple[str, list[str]]) -> None:
    project_id, (red, green) = project
    answer = predicting.quick_test_image(shop, project_id, painted(RED, 777))
    picture = predictions.prediction_picture(shop, project_id, answer.id, "original")
    summary = predictions.create_images_from_predictions(shop, project_id, [Promotion(answer.id, (red,))])
    assert summary.is_batch_successful
    (result,) = summary.images
    assert result.image is not None
    assert [tag.tag_id for tag in result.image.tags or []] == [red]
    assert listed(shop, project_id) == []
    assert kept_objects(shop) == set()
    studio.clock.advance(days=400)
    retention.purge(shop)
    (image,) = listing.get_images_by_ids(shop, project_id, [result.image.id])
    assert read_image(shop, project_id, image.id, "original") == picture
    again = predictions.create_images_from_predictions
    with pytest.raises(Refused) as refused:
        again(shop, project_id, [Promotion(answer.id, (green,))])
    assert refused.value.code == "BadRequestImageBatch"


def test_another_project_cannot_take_it(shop: Workshop, project: tuple[str, list[str]]) -> None:
    answer = ask(shop, project[0])
    other, _ = colours(shop, name="other")
    assert listed(shop, other) == []
    predictions.delete_prediction(shop, other, [answer.id])
    with pytest.raises(Refused):
        predictions.prediction_picture(shop, other, answer.id, "original")
    assert listed(shop, project[0]) == [answer.id]


def test_the_disk_is_full(shop: Workshop, project: tuple[str, list[str]]) -> None:
    full = replace(shop, objects=FullDisk(shop.objects, ObjectKind.PREDICTION))
    with pytest.raises(Refused, match="nostore") as refused:
        ask(full, project[0])
    assert refused.value.code == "BadRequestExceededQuota"
    assert listed(shop, project[0]) == []
    assert predicting.quick_test_image(full, project[0], painted(GREEN, 1), store=False).predictions


class BrokenDisk(FullDisk):
    def put(self, name: object, data: bytes) -> None:
        raise OSError(errno.EIO, "Input/output error")


def test_a_disk_that_fails_is_no_full_disk(shop: Workshop, project: tuple[str, list[str]]) -> None:
    with pytest.raises(OSError, match="Input"):
        ask(replace(shop, objects=BrokenDisk(shop.objects, ObjectKind.PREDICTION)), project[0])


def test_one_that_was_altered_is_told_as_such(studio: Studio, shop: Workshop, project: tuple[str, list[str]]) -> None:
    answer = ask(shop, project[0])
    (file,) = studio.folder.glob("objects/*/prediction/*")
    data = bytearray(file.read_bytes())
    data[-5] ^= 1
    file.write_bytes(data)
    with pytest.raises(Altered):
        predictions.prediction_picture(shop, project[0], answer.id, "original")


@pytest.mark.parametrize(
    ("probabilities", "unsure"),
    [
        pytest.param([], 0.0, id="nothing was told"),
        pytest.param([1.0, 0.0], 0.0, id="as sure as can be"),
        pytest.param([0.5, 0.5], 1.0, id="nobody knows"),
        pytest.param([0.5, 0.0], 0.5, id="half of it is known"),
    ],
)
def test_uncertainty(probabilities: list[float], unsure: float) -> None:
    told = [
        Prediction(probability=one, tag_id=str(at), tag_name=None, bounding_box=None, tag_type=None)
        for at, one in enumerate(probabilities)
    ]
    assert predictions.uncertainty(told) == pytest.approx(unsure)


def test_boxes_of_a_promotion_are_kept(shop: Workshop) -> None:
    project_id, (left, _) = boxes(shop)
    trained(shop, project_id)
    answer = predicting.quick_test_image(shop, project_id, painted(RED, 5))
    region = ImageRegionCreateEntry(image_id="", tag_id=left, left=0.1, top=0.2, width=0.3, height=0.4)
    summary = predictions.create_images_from_predictions(shop, project_id, [Promotion(answer.id, regions=(region,))])
    assert summary.images[0].image is not None
    (made,) = summary.images[0].image.regions or []
    assert Box(made.tag_id, made.left, made.top, made.width, made.height) == Box(left, 0.1, 0.2, 0.3, 0.4)
