"""Answers to pictures: who is asked, what they say, and what is in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from customvision.studio import (
    BLUE,
    COMPACT,
    GENERAL,
    GREEN,
    RED,
    Studio,
    add,
    boxes,
    colours,
    contents,
    painted,
    trained,
)
from footfall.customvision.faults import Refused
from footfall.customvision.models import Models
from footfall.customvision.prediction import predicting, querying
from footfall.customvision.training import iterations, orders, publishing
from footfall.customvision.wire.predictions import PredictionQueryToken
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import projects, tags
from footfall.customvision.workspace.intake import upright
from footfall.customvision.workspace.limits import Limits
from footfall.learning.model import open_model
from footfall.vault.faults import KeyRevoked
from footfall.vault.objects import ObjectKind, ObjectName

RESOURCE = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/pred"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("vision"), limits=Limits(projects=1000))


@pytest.fixture(scope="module")
def shop(studio: Studio) -> Iterator[Workshop]:
    with studio.opened() as shop:
        yield shop


@pytest.fixture(scope="module")
def multiclass(shop: Workshop) -> str:
    project_id, _ = colours(shop)
    publishing.publish_iteration(shop, project_id, trained(shop, project_id).id, "colours", RESOURCE)
    return project_id


@pytest.fixture(scope="module")
def detection(shop: Workshop) -> str:
    project_id, _ = boxes(shop)
    publishing.publish_iteration(shop, project_id, trained(shop, project_id).id, "boxes", RESOURCE)
    return project_id


def test_all_classes_are_told_and_share_one_probability(shop: Workshop, multiclass: str) -> None:
    answer = predicting.classify_image(shop, multiclass, "colours", painted(GREEN, 99), store=False)
    assert [told.tag_name for told in answer.predictions] == ["green", "red"]
    assert sum(told.probability for told in answer.predictions) == pytest.approx(1.0, abs=1e-6)
    assert answer.predictions[0].probability > 0.9
    assert {told.tag_type for told in answer.predictions} == {"Regular"}
    assert {told.bounding_box for told in answer.predictions} == {None}
    assert answer.project == multiclass
    assert answer.created == shop.clock.now()


def test_the_answer_is_that_of_the_model_itself(shop: Workshop, multiclass: str) -> None:
    answer = predicting.classify_image(shop, multiclass, "colours", painted(RED, 98), store=False)
    onnx = shop.objects.get(ObjectName(ObjectKind.MODEL, multiclass, answer.iteration))
    alone = open_model(onnx).classify(upright(painted(RED, 98), Limits(), 2**20))
    assert np.allclose([told.probability for told in answer.predictions], np.sort(alone)[::-1], atol=1e-6)


def test_labels_are_told_each_for_itself_and_the_negative_one_too(shop: Workshop) -> None:
    project_id, _ = colours(shop, kind="Multilabel", name="labels")
    negative = tags.create_tag(shop, project_id, "neither", None, "Negative").id
    add(shop, project_id, negative, BLUE, 6)
    publishing.publish_iteration(shop, project_id, trained(shop, project_id).id, "labels", RESOURCE)
    answer = predicting.classify_image(shop, project_id, "labels", painted(BLUE, 97), store=False)
    assert (answer.predictions[0].tag_name, answer.predictions[0].tag_type) == ("neither", "Negative")
    assert len(answer.predictions) == 3


def test_boxes_are_told_the_likeliest_first(shop: Workshop, detection: str) -> None:
    answer = predicting.detect_image(shop, detection, "boxes", painted(BLUE, 96), store=False)
    assert [told.tag_name for told in answer.predictions] == ["left", "right"]
    box = answer.predictions[0].bounding_box
    assert box is not None
    assert (box.left, box.top, box.width, box.height) == pytest.approx((0.1, 0.2, 0.3, 0.4), abs=1e-5)


def test_no_more_boxes_than_the_limit(studio: Studio, shop: Workshop, detection: str) -> None:
    narrow = replace(shop, limits=replace(shop.limits, regions_per_prediction=1))
    answer = predicting.detect_image(narrow, detection, "boxes", painted(BLUE, 96), store=False)
    assert [told.tag_name for told in answer.predictions] == ["left"]


def test_a_quick_test_asks_what_is_not_published(shop: Workshop) -> None:
    project_id, _ = colours(shop, name="quick")
    with pytest.raises(Refused) as refused:
        predicting.quick_test_image(shop, project_id, painted(RED, 1), store=False)
    assert refused.value.code == "BadRequestIterationIsNotTrained"
    first = trained(shop, project_id)
    shop.clock.advance(seconds=1)
    second = trained(shop, project_id, force_train=True)
    assert predicting.quick_test_image(shop, project_id, painted(RED, 1), store=False).iteration == second.id
    asked = predicting.quick_test_image(shop, project_id, painted(RED, 1), first.id, store=False)
    assert asked.iteration == first.id
    large = painted(RED, 1) + bytes(5 * 2**20)  # after its end a JPEG may hold anything
    assert predicting.quick_test_image(shop, project_id, large, store=False).predictions
    kept = predicting.quick_test_image(shop, project_id, painted(RED, 1))
    page = querying.query_predictions(shop, project_id, PredictionQueryToken())
    assert [result.id for result in page.results] == [kept.id]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("nobody", painted(RED, 1), "NotFoundIteration", id="a name that nobody has"),
        pytest.param("colours", b"", "BadRequestImageStream", id="no picture"),
        pytest.param("colours", b"GIF89a, or so", "BadRequestImageFormat", id="no picture that anybody can read"),
        pytest.param("colours", painted(RED, 1)[:300], "BadRequestImageFormat", id="half a picture"),
        pytest.param("colours", painted(RED, 1) + bytes(4 * 2**20), "BadRequestImageSizeBytes", id="too many bytes"),
    ],
)
def test_what_is_refused(shop: Workshop, multiclass: str, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        predicting.classify_image(shop, multiclass, name, content, store=False)
    assert refused.value.code == code


def test_classes_and_boxes_are_not_mixed_up(shop: Workshop, multiclass: str, detection: str) -> None:
    for ask, project_id, name in (
        (predicting.detect_image, multiclass, "colours"),
        (predicting.classify_image, detection, "boxes"),
    ):
        with pytest.raises(Refused) as refused:
            ask(shop, project_id, name, painted(RED, 1), store=False)
        assert refused.value.code == "BadRequestOperationNotSupported"


def test_a_project_that_is_not_there(shop: Workshop) -> None:
    with pytest.raises(Refused) as refused:
        predicting.classify_image(shop, "0" * 8, "x", painted(RED, 1), store=False)
    assert refused.value.code == "NotFoundProject"


def test_an_application_is_a_short_word(shop: Workshop, multiclass: str) -> None:
    with pytest.raises(Refused) as refused:
        predicting.classify_image(shop, multiclass, "colours", painted(RED, 1), "a" * 257)
    assert refused.value.code == "BadRequestPredictionInvalidApplicationName"


def test_without_store_nothing_changes_on_the_disk(studio: Studio, shop: Workshop, multiclass: str) -> None:
    predicting.classify_image(shop, multiclass, "colours", painted(RED, 1), store=False)
    told, before = list(studio.told), contents(studio.folder)
    for seed in range(5):
        predicting.classify_image(shop, multiclass, "colours", painted(RED, seed, 900), "door", store=False)
    assert contents(studio.folder) == before
    assert studio.told == told


def test_days_of_zero_keep_nothing(shop: Workshop, multiclass: str) -> None:
    never = replace(shop, limits=replace(shop.limits, prediction_days=0))
    before = {str(name) for name in shop.objects.names()}
    predicting.classify_image(never, multiclass, "colours", painted(RED, 5), "door")
    assert {str(name) for name in shop.objects.names()} == before


def test_ten_clients_at_once(shop: Workshop, multiclass: str) -> None:
    answers: list[str] = []
    faults: list[Exception] = []

    def ask(seed: int) -> None:
        try:
            for turn in range(5):
                colour, name = ((RED, "red"), (GREEN, "green"))[(seed + turn) % 2]
                answer = predicting.classify_image(shop, multiclass, "colours", painted(colour, seed), store=turn == 0)
                answers.append(name if answer.predictions[0].tag_name == name else "wrong")
        except Exception as error:  # noqa: BLE001
            faults.append(error)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(answers) == 50
    assert "wrong" not in answers


class TestPublishing:
    def test_a_name_moves_only_when_that_is_wanted(self, shop: Workshop) -> None:
        project_id, _ = colours(shop, name="moving")
        first, second = trained(shop, project_id), trained(shop, project_id, force_train=True)
        assert publishing.publish_iteration(shop, project_id, first.id, "it", RESOURCE) is True
        assert publishing.publish_iteration(shop, project_id, first.id, "it", RESOURCE) is True
        with pytest.raises(Refused) as refused:
            publishing.publish_iteration(shop, project_id, second.id, "it", RESOURCE)
        assert refused.value.code == "BadRequestInvalidPublishName"
        assert publishing.publish_iteration(shop, project_id, second.id, "it", RESOURCE, overwrite=True) is True
        asked = predicting.classify_image(shop, project_id, "it", painted(RED, 1), store=False)
        assert asked.iteration == second.id
        assert iterations.get_iteration(shop, project_id, first.id).publish_name == ""
        iteration = iterations.get_iteration(shop, project_id, second.id)
        assert (iteration.publish_name, iteration.original_publish_resource_id) == ("it", RESOURCE)

    @pytest.mark.parametrize(
        ("name", "target", "code"),
        [
            pytest.param("", RESOURCE, "BadRequestInvalidPublishName", id="no name"),
            pytest.param("a/b", RESOURCE, "BadRequestInvalidPublishName", id="a slash"),
            pytest.param("a\\b", RESOURCE, "BadRequestInvalidPublishName", id="a backslash"),
            pytest.param("a?b", RESOURCE, "BadRequestInvalidPublishName", id="a question mark"),
            pytest.param("a#b", RESOURCE, "BadRequestInvalidPublishName", id="a number sign"),
            pytest.param("a\nb", RESOURCE, "BadRequestInvalidPublishName", id="a line break"),
            pytest.param("..", RESOURCE, "BadRequestInvalidPublishName", id="the folder above"),
            pytest.param("n" * 129, RESOURCE, "BadRequestInvalidPublishName", id="too long"),
            pytest.param("fine", "", "BadRequestInvalidPublishTarget", id="no resource"),
        ],
    )
    def test_names_that_cannot_be_had(self, shop: Workshop, multiclass: str, name: str, target: str, code: str) -> None:
        iteration = iterations.get_iterations(shop, multiclass)[0]
        with pytest.raises(Refused) as refused:
            publishing.publish_iteration(shop, multiclass, iteration.id, name, target)
        assert refused.value.code == code

    def test_what_is_published_cannot_be_deleted(self, shop: Workshop) -> None:
        project_id, _ = colours(shop, name="held")
        iteration = trained(shop, project_id)
        with pytest.raises(Refused) as refused:
            publishing.unpublish_iteration(shop, project_id, iteration.id)
        assert refused.value.code == "BadRequestIterationNotPublished"
        publishing.publish_iteration(shop, project_id, iteration.id, "held", RESOURCE)
        for delete in (
            lambda: iterations.delete_iteration(shop, project_id, iteration.id),
            lambda: projects.delete_project(shop, project_id),
        ):
            with pytest.raises(Refused) as refused:
                delete()
            assert refused.value.code == "BadRequestIterationIsPublished"
        publishing.unpublish_iteration(shop, project_id, iteration.id)
        with pytest.raises(Refused) as refused:
            predicting.classify_image(shop, project_id, "held", painted(RED, 1), store=False)
        assert refused.value.code == "NotFoundIteration"
        projects.delete_project(shop, project_id)

    def test_only_what_is_trained_is_published(self, tmp_path: object) -> None:
        with Studio(tmp_path).opened(is_working=False) as shop:
            project_id, _ = colours(shop)
            begun = orders.train_project(shop, project_id)
            with pytest.raises(Refused) as refused:
                publishing.publish_iteration(shop, project_id, begun.id, "early", RESOURCE)
            assert refused.value.code == "BadRequestIterationIsNotTrained"


class TestModels:
    def test_only_the_last_ones_stay_in_memory(self, shop: Workshop) -> None:
        project_id, _ = colours(shop, name="many", domain=GENERAL)
        made = [trained(shop, project_id, force_train=True).id for _ in range(3)]
        models = Models(most=2)
        opened = [models.of(shop, project_id, iteration_id) for iteration_id in made]
        assert len(models) == 2
        assert models.of(shop, project_id, made[2]) is opened[2]
        assert models.of(shop, project_id, made[0]) is not opened[0]

    def test_they_leave_when_they_are_not_published_any_more(self, shop: Workshop) -> None:
        project_id, _ = colours(shop, name="leaving", domain=COMPACT)
        iteration = trained(shop, project_id)
        publishing.publish_iteration(shop, project_id, iteration.id, "leaving", RESOURCE)
        for leave in (
            lambda: publishing.unpublish_iteration(shop, project_id, iteration.id),
            lambda: iterations.delete_iteration(shop, project_id, iteration.id),
        ):
            shop.models.clear()
            predicting.quick_test_image(shop, project_id, painted(RED, 1), iteration.id, store=False)
            assert len(shop.models) == 1
            leave()
            assert len(shop.models) == 0

    def test_they_leave_when_the_key_is_revoked(self, tmp_path: object) -> None:
        studio = Studio(tmp_path)
        with studio.opened() as shop:
            project_id, _ = colours(shop)
            publishing.publish_iteration(shop, project_id, trained(shop, project_id).id, "it", RESOURCE)
            predicting.classify_image(shop, project_id, "it", painted(RED, 1), store=False)
            assert len(shop.models) == 1
            studio.revoke()
            with pytest.raises(KeyRevoked):
                predicting.classify_image(shop, project_id, "it", painted(RED, 1), store=False)
            assert len(shop.models) == 0
            studio.restore()
            predicting.classify_image(shop, project_id, "it", painted(RED, 1), store=False)
