from __future__ import annotations

import dataclasses
import re

import pytest
from sqlalchemy import insert

from footfall.customvision.workspace import labels, listing, metadata, projects, tags
from footfall.customvision.workspace.snapshots import freeze, seen
from footfall.customvision.workspace.tables import NEVER, images, to_us
from footfall.customvision.workspace.tables import labels as label_rows
from footfall.store.database import reading, writing
from vision_shop import NOBODY, Floor, add, golden, project, put, refusal, statements

ITERATION = "11111111-2222-4333-8444-555555555555"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with Floor(tmp_path_factory.mktemp("shelves")).opened() as shop:
        yield shop


@pytest.fixture(scope="module")
def shelf(shop):
    """Six images, oldest first: a, a+b, b, none, none, none; and places for some."""
    return stocked(shop, "now")


@pytest.fixture(scope="module")
def frozen_shelf(shop):
    """The same as an iteration remembers it; there are no tags any more."""
    project_id, ids, tag = stocked(shop, "then")
    with writing(shop.engine) as connection:
        freeze(connection, project_id, ITERATION)
    labels.delete_image_tags(shop, project_id, ids, list(tag.values()))
    return project_id, ids, tag


def stocked(shop, name):
    project_id, [a, b] = project(shop, name, "a", "b")
    ids = add(shop, project_id, 6)
    for number, tag_ids in enumerate([[a], [a, b], [b]]):
        for tag_id in tag_ids:
            put(shop, project_id, ids[number], tag_id)
    for number, place in enumerate(["door", "door", "it's a gate", "door"]):
        metadata.update_image_metadata(shop, project_id, [ids[number]], {"place": place})
    metadata.update_image_metadata(shop, project_id, ids[3:5], {"night": "yes"})
    return project_id, ids, {"a": a, "b": b}


LISTS = [
    pytest.param({}, "543210", id="all, the newest first"),
    pytest.param({"order_by": "Oldest"}, "012345", id="the oldest first"),
    pytest.param({"order_by": "newest", "tagging_status": "all"}, "543210", id="words in other letters"),
    pytest.param({"take": 2}, "54", id="a page"),
    pytest.param({"take": 2, "skip": 3}, "21", id="the page after"),
    pytest.param({"take": 256, "skip": 6}, "", id="beyond the end"),
    pytest.param({"take": 0}, "", id="none at all"),
    pytest.param({"tag_ids": "a"}, "10", id="with a tag"),
    pytest.param({"tag_ids": "ab"}, "210", id="with one of two tags, each once"),
    pytest.param({"tag_ids": "x"}, "", id="with a tag that is not there"),
    pytest.param({"tagging_status": "Tagged"}, "210", id="tagged"),
    pytest.param({"tagging_status": "Untagged"}, "543", id="untagged"),
    pytest.param({"tagging_status": "Untagged", "tag_ids": "a"}, "", id="untagged with a tag"),
    pytest.param({"filter": "place eq 'door'"}, "310", id="metadata"),
    pytest.param({"filter": "place ne 'door'"}, "542", id="metadata that are others or missing"),
    pytest.param({"filter": "place eq 'it''s a gate'"}, "2", id="a quote in metadata"),
    pytest.param({"filter": "place eq 'door' and night eq 'yes'"}, "3", id="both"),
    pytest.param(
        {"filter": "place eq 'it''s a gate' or place eq 'door' and night ne 'yes'"}, "210", id="and before or"
    ),
    pytest.param({"filter": "place eq 'door'", "tag_ids": "b", "tagging_status": "Tagged"}, "1", id="all together"),
    pytest.param({"filter": " "}, "543210", id="an empty filter"),
]


@pytest.mark.parametrize("is_frozen", [False, True])
@pytest.mark.parametrize(("asked", "found"), LISTS)
def test_images_are_listed(shop, shelf, frozen_shelf, asked, found, is_frozen) -> None:
    project_id, ids, tag = frozen_shelf if is_frozen else shelf
    asked = {**asked, "iteration_id": ITERATION if is_frozen else None}
    if "tag_ids" in asked:
        asked["tag_ids"] = [tag.get(name, NOBODY) for name in asked["tag_ids"]]
    listed = listing.get_images(shop, project_id, **asked)
    assert "".join(str(ids.index(image.id)) for image in listed) == found
    if not asked.keys() & {"take", "skip"}:
        asked.pop("order_by", None)
        assert listing.get_image_count(shop, project_id, **asked) == len(found)


def test_tagged_and_untagged_have_lists_of_their_own(shop, shelf) -> None:
    project_id, ids, tag = shelf
    tagged = listing.get_tagged_images(shop, project_id, tag_ids=[tag["b"]], order_by="Oldest", take=1, skip=1)
    assert [image.id for image in tagged] == [ids[2]]
    assert [image.id for image in listing.get_untagged_images(shop, project_id, take=1, skip=1)] == [ids[4]]
    assert listing.get_tagged_image_count(shop, project_id) == 3
    assert listing.get_tagged_image_count(shop, project_id, tag_ids=[tag["b"]]) == 2
    assert listing.get_untagged_image_count(shop, project_id) == 3


def test_images_are_shown_with_all_that_is_on_them(shop, shelf) -> None:
    project_id, _, _ = shelf
    golden("images", listing.get_images(shop, project_id))


def test_images_by_id_come_in_the_order_of_the_ids(shop, shelf) -> None:
    project_id, ids, _ = shelf
    asked = [ids[3], NOBODY, ids[0], ids[3]]
    assert [image.id for image in listing.get_images_by_ids(shop, project_id, asked)] == [ids[3], ids[0]]
    assert listing.get_images_by_ids(shop, project_id) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        pytest.param({"take": 257}, "BadRequestInvalid", id="too many"),
        pytest.param({"take": -1}, "BadRequestInvalid", id="fewer than none"),
        pytest.param({"skip": -1}, "BadRequestInvalid", id="before the first"),
        pytest.param({"skip": 2**31}, "BadRequestInvalid", id="very far"),
        pytest.param({"order_by": "Best"}, "BadRequestInvalid", id="no order"),
        pytest.param({"tagging_status": "Half"}, "BadRequestInvalid", id="no status"),
        pytest.param({"filter": "place"}, "BadRequestInvalid", id="no filter"),
        pytest.param({"tag_ids": [NOBODY] * 21}, "BadRequestExceededBatchSize", id="21 tags"),
        pytest.param({"iteration_id": NOBODY}, "NotFoundIteration", id="no iteration"),
        pytest.param({"project_id": NOBODY}, "NotFoundProject", id="no project"),
    ],
)
def test_lists_that_are_refused(shop, shelf, asked, code) -> None:
    project_id, _, _ = shelf
    asked = {"project_id": project_id, **asked}
    assert refusal(listing.get_images, shop, **asked) == code
    if not asked.keys() & {"take", "skip", "order_by"}:
        assert refusal(listing.get_image_count, shop, **asked) == code


def test_only_so_many_ids_at_once(vision_shop) -> None:
    project_id, _ = project(vision_shop)
    assert refusal(listing.get_images_by_ids, vision_shop, project_id, [NOBODY] * 257) == "BadRequestExceededBatchSize"


ASKED = [
    pytest.param(lambda shop, p, t, i: projects.get_projects(shop), id="projects"),
    pytest.param(lambda shop, p, t, i: tags.get_tags(shop, p), id="tags"),
    pytest.param(lambda shop, p, t, i: tags.get_tags(shop, p, i), id="tags of an iteration"),
    pytest.param(lambda shop, p, t, i: listing.get_images(shop, p), id="images"),
    pytest.param(lambda shop, p, t, i: listing.get_images(shop, p, i, skip=100), id="images of an iteration"),
    pytest.param(lambda shop, p, t, i: listing.get_images(shop, p, tag_ids=t), id="images with tags"),
    pytest.param(lambda shop, p, t, i: listing.get_images(shop, p, i, t), id="images of an iteration with tags"),
    pytest.param(lambda shop, p, t, i: listing.get_tagged_images(shop, p), id="tagged images"),
    pytest.param(lambda shop, p, t, i: listing.get_untagged_images(shop, p), id="untagged images"),
    pytest.param(lambda shop, p, t, i: listing.get_images(shop, p, filter="a eq 'b' or c ne 'd'"), id="metadata"),
    pytest.param(lambda shop, p, t, i: listing.get_images_by_ids(shop, p, [NOBODY]), id="images by id"),
    pytest.param(lambda shop, p, t, i: listing.get_image_count(shop, p), id="count"),
    pytest.param(lambda shop, p, t, i: listing.get_tagged_image_count(shop, p, tag_ids=t), id="count of tagged"),
    pytest.param(lambda shop, p, t, i: listing.get_untagged_image_count(shop, p, i), id="count of untagged"),
    pytest.param(lambda shop, p, t, i: labels.delete_image_tags(shop, p, [NOBODY], t), id="delete tags of images"),
    pytest.param(lambda shop, p, t, i: labels.delete_image_regions(shop, p, [NOBODY]), id="delete boxes"),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Two projects of 3000 images, half of them tagged; one iteration each."""
    with Floor(tmp_path_factory.mktemp("warehouse")).opened() as shop:
        made = [project(shop, name, "a", "b") for name in ("one", "two")]
        for number, (project_id, tag_ids) in enumerate(made):
            _fill(shop, project_id, tag_ids, 3000 * number)
            with writing(shop.engine) as connection:
                freeze(connection, project_id, f"{number}{ITERATION[1:]}")
        yield shop, *made[1], f"1{ITERATION[1:]}"


def _fill(shop, project_id, tag_ids, first) -> None:
    same = {"project_id": project_id, "created_us": to_us(shop.clock.now()), "since": 1, "until": NEVER}
    numbers = range(first + 1, first + 3001)
    rows = [{**same, "number": n, "id": f"{n:08x}{NOBODY[8:]}", "width": 9, "height": 9} for n in numbers]
    tagged = [{**same, "image": n, "tag_id": tag_ids[n % 4 // 2]} for n in numbers if n % 2]
    with writing(shop.engine) as connection:
        connection.execute(insert(images), rows)
        connection.execute(insert(label_rows), tagged)


@pytest.mark.parametrize("is_measured", [False, True])
@pytest.mark.parametrize("ask", ASKED)
def test_every_question_goes_by_an_index(warehouse, ask, is_measured) -> None:
    """However many images other projects have: no table is gone through from its beginning."""
    shop, *about = warehouse
    if is_measured:
        with writing(shop.engine) as connection:
            connection.exec_driver_sql("ANALYZE")
    with statements(shop.engine) as heard:
        ask(shop, *about)
    with reading(shop.engine) as connection:
        for statement, values in heard:
            if not statement.startswith(("SELECT", "UPDATE", "DELETE")) or "FROM projects" in statement:
                continue
            plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            through = [step for step in plan if re.match(r"SCAN (?!CONSTANT|\(subquery)", step)]
            assert not through, (statement, plan)


def test_the_newest_page_looks_at_a_page_of_images_only(warehouse) -> None:
    shop, project_id, _, _ = warehouse
    with statements(shop.engine) as heard:
        listing.get_images(shop, project_id)
    [(statement, values)] = [one for one in heard if re.search(r"FROM images.*ORDER BY", one[0], re.DOTALL)]
    with reading(shop.engine) as connection:
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert plan == ["SEARCH images USING INDEX images_of_project (project_id=? AND until=?)"]


def test_a_snapshot_is_read_in_few_questions(warehouse) -> None:
    shop, project_id, _, iteration_id = warehouse
    with statements(shop.engine) as heard, reading(shop.engine) as connection:
        assert len(seen(connection, project_id, iteration_id).images) == 3000
    assert len(heard) < 10


def test_a_page_takes_few_questions(shop, shelf) -> None:
    project_id, _, _ = shelf
    with statements(shop.engine) as heard:
        listing.get_images(dataclasses.replace(shop), project_id)
    assert len([one for one in heard if one[0].startswith("SELECT")]) <= 6
