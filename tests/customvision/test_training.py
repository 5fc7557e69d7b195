"""What a training is asked for, and what it refuses to learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from customvision.studio import BLUE, GENERAL, RED, Studio, add, boxes, colours, painted, trained
from footfall.core.errors import ConfigError
from footfall.customvision.faults import Refused
from footfall.customvision.training import iterations, orders
from footfall.customvision.training.evidence import unpacked_evidence
from footfall.customvision.training.iteration_rows import TagOf, packed_tags, tags_of
from footfall.customvision.wire.iterations import CustomBaseModelInfo
from footfall.customvision.wire.words import TagType
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import images, projects, snapshots, tags
from footfall.customvision.workspace.intake import Upload
from footfall.customvision.workspace.limits import Limits
from footfall.vault.objects import ObjectKind, ObjectName


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("vision"), limits=Limits(iterations_per_project=3, projects=1000))


@pytest.fixture(scope="module")
def shop(studio: Studio) -> Iterator[Workshop]:
    with studio.opened() as shop:
        yield shop


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Nobody trains here: what is begun stays so."""
    with Studio(tmp_path_factory.mktemp("idle"), limits=Limits(projects=1000)).opened(is_working=False) as shop:
        yield shop


def notes_of(shop: Workshop, project_id: str, iteration_id: str) -> dict[str, str]:
    return unpacked_evidence(shop.objects.get(ObjectName(ObjectKind.EVIDENCE, project_id, iteration_id))).notes


def test_a_training_says_training_and_then_completed(shop: Workshop, studio: Studio) -> None:
    project_id, _ = colours(shop, name="happy")
    studio.clock.advance(hours=1)
    iteration = trained(shop, project_id)
    assert iteration.status == "Completed"
    assert iteration.name == "Iteration 1"
    assert iteration.trained_at == shop.clock.now()
    assert iteration.training_error_details is None
    assert iteration.exportable
    assert iteration.publish_name == ""
    assert iteration.classification_type == "Multiclass"
    assert iteration.training_type == "Regular"
    assert iterations.get_iterations(shop, project_id) == [iteration]
    assert projects.get_project(shop, project_id).id == iteration.project_id


def test_nothing_is_learned_twice_unless_somebody_insists(shop: Workshop) -> None:
    project_id, (red, _) = colours(shop, name="twice")
    first = trained(shop, project_id)
    with pytest.raises(Refused, match="Nothing changed since last training") as refused:
        orders.train_project(shop, project_id)
    assert refused.value.code == "BadRequestTrainingNotNeeded"
    second = trained(shop, project_id, force_train=True)
    assert second.name == "Iteration 2"
    add(shop, project_id, red, RED, 1, seed=500)
    assert trained(shop, project_id).name == "Iteration 3"
    with pytest.raises(Refused) as refused:
        orders.train_project(shop, project_id, force_train=True)
    assert refused.value.code == "BadRequestExceedIterationPerProjectLimit"
    iterations.delete_iteration(shop, project_id, first.id)
    assert orders.train_project(shop, project_id, force_train=True).name == "Iteration 4"


def test_another_recipe_is_another_training(shop: Workshop) -> None:
    project_id, _ = colours(shop, name="recipes")
    first = trained(shop, project_id)
    base = CustomBaseModelInfo(project_id=project_id, iteration_id=first.id)
    second = trained(shop, project_id, training_type="Advanced", reserved_budget_in_hours=2)
    third = trained(shop, project_id, custom_base_model_info=base)
    assert (second.training_type, second.reserved_budget_in_hours) == ("Advanced", 2)
    assert third.custom_base_model_info == base
    assert notes_of(shop, project_id, first.id) == {"base": "no", "advanced": "False", "threads": "1"}
    assert notes_of(shop, project_id, second.id)["advanced"] == "True"
    assert notes_of(shop, project_id, third.id)["base"] == "yes"


def test_only_selected_tags_are_learned(shop: Workshop) -> None:
    project_id, (red, green) = colours(shop, name="selected")
    blue = tags.create_tag(shop, project_id, "blue", None, None).id
    add(shop, project_id, blue, BLUE, 2)
    with pytest.raises(Refused, match="Not enough images for training: tag 'blue' is on 2, 5 are needed") as refused:
        orders.train_project(shop, project_id)
    assert refused.value.code == "BadRequestClassificationTrainingValidationFailed"
    iteration = trained(shop, project_id, selected_tags=[green, red])
    evidence = unpacked_evidence(shop.objects.get(ObjectName(ObjectKind.EVIDENCE, project_id, iteration.id)))
    assert len(evidence.samples) == 12


def test_boxes_are_learned_from_fifteen_pictures(shop: Workshop) -> None:
    project_id, _ = boxes(shop, many=15)
    assert trained(shop, project_id).status == "Completed"


def few_boxes(shop: Workshop) -> str:
    return boxes(shop, many=14)[0]


def negative_box(shop: Workshop) -> str:
    project_id, _ = boxes(shop)
    tags.create_tag(shop, project_id, "nothing", None, "Negative")
    return project_id


def one_class(shop: Workshop) -> str:
    project_id = projects.create_project(shop, "one", None, GENERAL, "Multiclass").id
    add(shop, project_id, tags.create_tag(shop, project_id, "red", None, None).id, RED, 6)
    return project_id


def only_negative(shop: Workshop) -> str:
    project_id = projects.create_project(shop, "no", None, GENERAL, "Multiclass").id
    add(shop, project_id, tags.create_tag(shop, project_id, "none", None, "Negative").id, RED, 6)
    return project_id


def empty(shop: Workshop) -> str:
    return projects.create_project(shop, "empty", None, GENERAL, "Multiclass").id


def four_each(shop: Workshop) -> str:
    return colours(shop, many=4)[0]


def running(shop: Workshop) -> str:
    project_id = colours(shop)[0]
    orders.train_project(shop, project_id)
    return project_id


CLASSES = "BadRequestClassificationTrainingValidationFailed"
BOXES = "BadRequestDetectionTrainingValidationFailed"
HOURS = "BadRequestReservedBudgetInHoursNotEnoughForAdvancedTraining"


@pytest.mark.parametrize(
    ("setting", "asked", "code"),
    [
        pytest.param(empty, {}, CLASSES, id="no tags at all"),
        pytest.param(one_class, {}, CLASSES, id="one class cannot be told from others"),
        pytest.param(only_negative, {}, CLASSES, id="only the negative tag"),
        pytest.param(four_each, {}, CLASSES, id="four pictures of each class"),
        pytest.param(few_boxes, {}, BOXES, id="fourteen pictures with boxes"),
        pytest.param(negative_box, {}, "BadRequestDetectionTrainingNotAllowNegativeTag", id="boxes of nothing"),
        pytest.param(running, {"force_train": True}, "BadRequestTrainingAlreadyInProgress", id="a training runs"),
        pytest.param(colours, {"training_type": "Advanced"}, HOURS, id="advanced, without a budget"),
        pytest.param(
            colours, {"training_type": "Advanced", "reserved_budget_in_hours": 97}, HOURS, id="more than four days"
        ),
        pytest.param(colours, {"reserved_budget_in_hours": -1}, HOURS, id="negative hours"),
        pytest.param(colours, {"training_type": "Quick"}, "BadRequestInvalid", id="a type that nobody knows"),
        pytest.param(
            colours,
            {"custom_base_model_info": CustomBaseModelInfo(project_id="a" * 8, iteration_id="b")},
            "NotFoundProject",
            id="a base that is not there",
        ),
    ],
)
def test_what_is_refused(idle: Workshop, setting: Callable[[Workshop], object], asked: dict, code: str) -> None:
    for old in projects.get_projects(idle):
        projects.delete_project(idle, old.id)
    made = setting(idle)
    project_id = made if isinstance(made, str) else made[0]
    before = iterations.get_iterations(idle, project_id)
    with pytest.raises(Refused) as refused:
        orders.train_project(idle, project_id, **asked)
    assert refused.value.code == code
    assert iterations.get_iterations(idle, project_id) == before


def test_a_base_must_be_trained(idle: Workshop) -> None:
    for old in projects.get_projects(idle):
        projects.delete_project(idle, old.id)
    project_id = running(idle)
    other = colours(idle, name="other")[0]
    base = CustomBaseModelInfo(project_id=project_id, iteration_id=iterations.get_iterations(idle, project_id)[0].id)
    with pytest.raises(Refused) as refused:
        orders.train_project(idle, other, custom_base_model_info=base)
    assert refused.value.code == "BadRequestCustomBaseModelIterationStatusNotCompleted"


def test_what_is_learned_is_the_workspace_of_that_moment(idle: Workshop) -> None:
    for old in projects.get_projects(idle):
        projects.delete_project(idle, old.id)
    project_id, (red, _) = colours(idle)
    begun = orders.train_project(idle, project_id)
    add(idle, project_id, red, RED, 3, seed=900)
    with idle.engine.connect() as connection:
        assert len(snapshots.seen(connection, project_id, begun.id).images) == 12
        assert len(snapshots.seen(connection, project_id).images) == 15


def test_a_picture_with_several_tags_teaches_no_classes(shop: Workshop) -> None:
    project_id, (red, green) = colours(shop, kind="Multilabel", name="several")
    both = images.create_images(shop, project_id, [Upload("both", painted((120, 120, 30), 1), (red, green))])
    assert both.is_batch_successful
    evidence = unpacked_evidence(
        shop.objects.get(ObjectName(ObjectKind.EVIDENCE, project_id, trained(shop, project_id).id))
    )
    assert sorted(len(sample.labels) for sample in evidence.samples) == [1] * 12 + [2]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("", "BadRequestIterationName", id="empty"),
        pytest.param("   ", "BadRequestIterationName", id="blank"),
        pytest.param("n" * 257, "BadRequestIterationName", id="too long"),
        pytest.param("Iteration 2", "BadRequestIterationNameNotUnique", id="taken"),
    ],
)
def test_names_of_iterations(shop: Workshop, name: str, code: str) -> None:
    project_id, _ = colours(shop, name=f"names {code} {len(name)}")
    first, second = trained(shop, project_id), trained(shop, project_id, force_train=True)
    with pytest.raises(Refused) as refused:
        iterations.update_iteration(shop, project_id, first.id, name)
    assert refused.value.code == code
    renamed = iterations.update_iteration(shop, project_id, second.id, "the good one")
    assert renamed.name == "the good one"


def test_an_iteration_of_another_project_is_not_found(shop: Workshop) -> None:
    project_id, _ = colours(shop, name="mine")
    other, _ = colours(shop, name="theirs")
    iteration = trained(shop, project_id)
    for refused_call in (iterations.get_iteration, iterations.delete_iteration):
        with pytest.raises(Refused) as refused:
            refused_call(shop, other, iteration.id)
        assert refused.value.code == "NotFoundIteration"


def test_tags_of_a_model_keep_their_order() -> None:
    tags_ = (TagOf("b", "zebra", TagType.REGULAR), TagOf("a", "ape", TagType.NEGATIVE))

    class Row:
        tags = packed_tags(tags_)

    assert tags_of(Row) == tags_


def test_files(tmp_path: Path) -> None:
    """A second process stays out, and everything is for its user alone."""
    studio = Studio(tmp_path / "vision")
    with studio.opened(is_working=False):
        with pytest.raises(ConfigError, match="in use"), studio.opened():
            pass
        assert {oct(path.stat().st_mode & 0o077) for path in (tmp_path / "vision").rglob("*")} == {"0o0"}
