"""Figures of an iteration, and what was told of each picture when it was held out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from customvision.studio import BLUE, GREEN, RED, Studio, add, boxes, colours, trained
from footfall.customvision.faults import Refused
from footfall.customvision.training import orders, performance
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import images
from footfall.customvision.workspace.limits import Limits
from footfall.vault.faults import KeyRevoked


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("vision"), limits=Limits(projects=1000))


@pytest.fixture(scope="module")
def shop(studio: Studio) -> Iterator[Workshop]:
    with studio.opened() as shop:
        yield shop


@pytest.fixture(scope="module")
def classes(shop: Workshop) -> tuple[str, str]:
    """Six red and six green pictures, all told rightly, and two that are called red and look green."""
    project_id, (red, _) = colours(shop)
    add(shop, project_id, red, GREEN, 2, seed=800)
    return project_id, trained(shop, project_id).id


@pytest.fixture(scope="module")
def found(shop: Workshop) -> tuple[str, str]:
    project_id, _ = boxes(shop)
    return project_id, trained(shop, project_id).id


def test_figures_of_classes(shop: Workshop, classes: tuple[str, str]) -> None:
    figures = performance.get_iteration_performance(shop, *classes)
    red, green = figures.per_tag_performance
    assert (red.name, green.name) == ("red", "green")
    assert red.recall == pytest.approx(6 / 8)
    assert green.precision == pytest.approx(6 / 8)
    assert (red.precision, green.recall) == (1.0, 1.0)
    assert figures.precision == figures.recall == pytest.approx(12 / 14)
    assert figures.average_precision is not None
    assert 0.5 < figures.average_precision < 1.0


def test_a_higher_threshold_tells_less(shop: Workshop, classes: tuple[str, str]) -> None:
    bold = performance.get_iteration_performance(shop, *classes, threshold=0.0)
    shy = performance.get_iteration_performance(shop, *classes, threshold=1.0)
    assert (bold.recall, bold.precision) == (1.0, 0.5)
    assert shy.recall < bold.recall


def test_figures_of_boxes_depend_on_the_overlap(shop: Workshop, found: tuple[str, str]) -> None:
    loose = performance.get_iteration_performance(shop, *found)
    assert loose.average_precision == pytest.approx(1.0)
    assert loose.precision == loose.recall == 1.0
    strict = performance.get_iteration_performance(shop, *found, threshold=0.7, overlap_threshold=0.3)
    assert strict.recall == pytest.approx(0.5)  # the second tag is told with 0.6


@pytest.mark.parametrize("asked", [{"threshold": 1.1}, {"threshold": -0.1}, {"overlap_threshold": float("nan")}])
def test_thresholds_are_shares(shop: Workshop, classes: tuple[str, str], asked: dict[str, float]) -> None:
    with pytest.raises(Refused) as refused:
        performance.get_iteration_performance(shop, *classes, **asked)
    assert refused.value.code == "BadRequestInvalid"


def test_each_picture_is_told_once(shop: Workshop, classes: tuple[str, str]) -> None:
    told = performance.get_image_performances(shop, *classes)
    assert len(told) == performance.get_image_performance_count(shop, *classes) == 14
    assert len({one.id for one in told}) == 14
    for one in told:
        assert [prediction.tag_name for prediction in one.predictions or []] in (["red", "green"], ["green", "red"])
        assert (one.width, one.height) == (64, 64)
        assert one.image_uri == f"http://here/image/{classes[0]}/{one.id}/original"
        assert len(one.tags or []) == 1


def test_pages_of_pictures(shop: Workshop, classes: tuple[str, str]) -> None:
    everything = [one.id for one in performance.get_image_performances(shop, *classes, order_by="Oldest")]
    paged = [
        one.id
        for skip in range(0, 14, 5)
        for one in performance.get_image_performances(shop, *classes, order_by="Oldest", take=5, skip=skip)
    ]
    assert paged == everything
    newest = [one.id for one in performance.get_image_performances(shop, *classes, order_by="Newest")]
    assert newest == everything[::-1]
    assert performance.get_image_performances(shop, *classes, take=0) == []


def test_pictures_of_a_tag(shop: Workshop, classes: tuple[str, str]) -> None:
    red = performance.get_iteration_performance(shop, *classes).per_tag_performance[0].id
    told = performance.get_image_performances(shop, *classes, tag_ids=[red])
    assert len(told) == performance.get_image_performance_count(shop, *classes, tag_ids=[red]) == 8
    assert {one.tags[0].tag_id for one in told if one.tags} == {red}


@pytest.mark.parametrize("asked", [{"take": 257}, {"take": -1}, {"skip": -1}, {"order_by": "Best"}])
def test_pages_that_there_are_not(shop: Workshop, classes: tuple[str, str], asked: dict) -> None:
    with pytest.raises(Refused) as refused:
        performance.get_image_performances(shop, *classes, **asked)
    assert refused.value.code == "BadRequestInvalid"


def test_boxes_of_a_picture(shop: Workshop, found: tuple[str, str]) -> None:
    told = performance.get_image_performances(shop, *found, take=1)[0]
    assert [prediction.tag_name for prediction in told.predictions or []] == ["left", "right"]
    assert all(prediction.bounding_box for prediction in told.predictions or [])
    assert len(told.regions or []) == 2


def test_a_picture_that_was_deleted_is_told_of_without_its_pixels(shop: Workshop) -> None:
    project_id, (red, _) = colours(shop, name="deleted")
    (gone,) = add(shop, project_id, red, RED, 1, seed=600)
    iteration = trained(shop, project_id)
    images.delete_images(shop, project_id, [gone])
    (one,) = [one for one in performance.get_image_performances(shop, project_id, iteration.id) if one.id == gone]
    assert one.image_uri == ""
    assert one.predictions


def test_nothing_is_known_before_it_is_trained(tmp_path: object) -> None:
    with Studio(tmp_path).opened(is_working=False) as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        for asked in (performance.get_iteration_performance, performance.get_image_performances):
            with pytest.raises(Refused) as refused:
                asked(shop, project_id, begun.id)
            assert refused.value.code == "BadRequestIterationIsNotTrained"
            with pytest.raises(Refused) as refused:
                asked(shop, project_id, "0" * 8)
            assert refused.value.code == "NotFoundIteration"


def test_figures_are_sealed_too(tmp_path: object) -> None:
    studio = Studio(tmp_path)
    with studio.opened() as shop:
        project_id, (red, _) = colours(shop)
        iteration = trained(shop, project_id)
        add(shop, project_id, red, BLUE, 1)
        studio.revoke()
        with pytest.raises(KeyRevoked):
            performance.get_iteration_performance(shop, project_id, iteration.id)
