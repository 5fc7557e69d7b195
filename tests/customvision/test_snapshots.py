"""What trainings saw stays as they saw it, whatever becomes of the workspace; and nothing stays longer."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from footfall.customvision.workspace import images, labels, listing, metadata, tags
from footfall.customvision.workspace.intake import Box, Upload
from footfall.customvision.workspace.snapshots import forget, freeze, is_changed, newest_era, seen
from footfall.customvision.workspace.tables import NEVER, to_us
from footfall.customvision.workspace.tables import images as image_rows
from footfall.customvision.workspace.tables import labels as label_rows
from footfall.customvision.workspace.tables import regions as region_rows
from footfall.customvision.workspace.tables import tags as tag_rows
from footfall.store.database import reading, writing
from vision_shop import DETECTION, NOBODY, add, drawn, golden, project, put, refusal

FROZEN = (tag_rows, image_rows, label_rows, region_rows)


def frozen(shop, project_id: str) -> str:
    iteration_id = str(uuid4())
    with writing(shop.engine) as connection:
        freeze(connection, project_id, iteration_id)
    return iteration_id


def forgotten(shop, project_id: str, iteration_id: str) -> None:
    with writing(shop.engine) as connection:
        forget(connection, project_id, iteration_id)


def changed(shop, project_id: str, iteration_id: str) -> bool:
    with reading(shop.engine) as connection:
        return is_changed(connection, project_id, iteration_id)


def rows(shop, project_id: str) -> list[int]:
    with reading(shop.engine) as connection:
        return [
            connection.execute(
                select(func.count()).select_from(table).where(table.c.project_id == project_id)
            ).scalar_one()
            for table in FROZEN
        ]


def objects(shop, image_id: str) -> int:
    return len([name for name in shop.objects.names() if name.id == image_id])


def test_a_snapshot_outlives_its_images_without_their_pixels(vision_shop) -> None:
    project_id, [a, b] = project(vision_shop, "boxes", "a", "b", domain_id=DETECTION)
    uploads = [Upload("x", drawn(1), (), (Box(a, 0.1, 0.2, 0.3, 0.4),)), Upload("y", drawn(2), (b,))]
    summary = images.create_images(vision_shop, project_id, uploads, metadata={"who": "me"})
    [one, two] = [result.image.id for result in summary.images]
    iteration_id = frozen(vision_shop, project_id)
    images.delete_images(vision_shop, project_id, [one])
    tags.update_tag(vision_shop, project_id, b, "renamed", "now")
    listed = listing.get_images(vision_shop, project_id, iteration_id, order_by="Oldest")
    golden("snapshot", listed, tags.get_tags(vision_shop, project_id, iteration_id))
    assert (objects(vision_shop, one), objects(vision_shop, two)) == (0, 3)
    assert [image.id for image in listing.get_images(vision_shop, project_id)] == [two]
    assert refusal(images.read_image, vision_shop, project_id, one, "original") == "NotFoundImage"
    with reading(vision_shop.engine) as connection:
        was = seen(connection, project_id, iteration_id)
    assert [tag.name for tag in was.tags] == ["a", "b"]
    assert [(image.has_pixels, image.tag_ids) for image in was.images] == [(False, (a,)), (True, (b,))]
    assert was.images[0].regions == (Box(a, 0.1, 0.2, 0.3, 0.4),)


def test_all_iterations_lose_an_image_where_that_is_asked(vision_shop) -> None:
    project_id, [a] = project(vision_shop, "forks", "a")
    [one, two, three] = add(vision_shop, project_id, 3, a)
    iteration_id = frozen(vision_shop, project_id)
    images.delete_images(vision_shop, project_id, [one])
    images.delete_images(vision_shop, project_id, [one, two], all_iterations=True)
    for view in (None, iteration_id):
        assert [image.id for image in listing.get_images(vision_shop, project_id, view)] == [three]
        assert tags.get_tag(vision_shop, project_id, a, view).image_count == 1
    images.delete_images(vision_shop, project_id, all_images=True, all_iterations=True)
    assert listing.get_image_count(vision_shop, project_id, iteration_id) == 0
    assert rows(vision_shop, project_id)[1:] == [0, 0, 0]


def test_a_tag_that_is_gone_stays_in_snapshots(vision_shop) -> None:
    project_id, [a] = project(vision_shop, "forks", "a")
    [image] = add(vision_shop, project_id, 1, a)
    iteration_id = frozen(vision_shop, project_id)
    tags.delete_tag(vision_shop, project_id, a)
    again = tags.create_tag(vision_shop, project_id, "A").id
    put(vision_shop, project_id, image, again)
    [then] = listing.get_images(vision_shop, project_id, iteration_id)
    [now] = listing.get_images(vision_shop, project_id)
    assert [(tag.tag_id, tag.tag_name) for tag in (*then.tags, *now.tags)] == [(a, "a"), (again, "A")]
    assert tags.get_tag(vision_shop, project_id, a, iteration_id).image_count == 1
    assert refusal(tags.get_tag, vision_shop, project_id, a) == "NotFoundTag"
    assert refusal(tags.get_tag, vision_shop, project_id, again, iteration_id) == "NotFoundTag"


def test_renamed_tags_keep_their_place(vision_shop) -> None:
    project_id, [a, _] = project(vision_shop, "forks", "a", "b")
    iteration_id = frozen(vision_shop, project_id)
    tags.update_tag(vision_shop, project_id, a, "z")
    tags.update_tag(vision_shop, project_id, a, "y")
    assert [tag.name for tag in tags.get_tags(vision_shop, project_id)] == ["y", "b"]
    assert [tag.name for tag in tags.get_tags(vision_shop, project_id, iteration_id)] == ["a", "b"]
    assert rows(vision_shop, project_id)[0] == 3


CHANGES = [
    pytest.param(lambda shop, p, t, i: add(shop, p, 1, seed=99), True, id="a new image"),
    pytest.param(lambda shop, p, t, i: images.delete_images(shop, p, [i]), True, id="an image less"),
    pytest.param(lambda shop, p, t, i: tags.create_tag(shop, p, "new"), True, id="a new tag"),
    pytest.param(lambda shop, p, t, i: tags.update_tag(shop, p, t, "other"), True, id="a tag renamed"),
    pytest.param(lambda shop, p, t, i: tags.update_tag(shop, p, t, "a"), False, id="a tag renamed to what it was"),
    pytest.param(lambda shop, p, t, i: labels.delete_image_tags(shop, p, [i], [t]), True, id="a label less"),
    pytest.param(lambda shop, p, t, i: metadata.update_image_metadata(shop, p, [i], {"k": "v"}), False, id="metadata"),
    pytest.param(
        lambda shop, p, t, i: images.delete_images(shop, p, add(shop, p, 1, seed=99)), False, id="there and back"
    ),
    pytest.param(lambda shop, p, t, i: frozen(shop, p), False, id="another training"),
]


@pytest.mark.parametrize(("change", "is_told"), CHANGES)
def test_whether_anything_changed_since_a_training(vision_shop, change, is_told) -> None:
    project_id, [a] = project(vision_shop, "forks", "a")
    [image] = add(vision_shop, project_id, 1, a)
    iteration_id = frozen(vision_shop, project_id)
    assert not changed(vision_shop, project_id, iteration_id)
    change(vision_shop, project_id, a, image)
    assert changed(vision_shop, project_id, iteration_id) == is_told


def test_iterations_of_other_projects_are_not_known(vision_shop) -> None:
    mine, other = project(vision_shop, "mine")[0], project(vision_shop, "other")[0]
    iteration_id = frozen(vision_shop, other)
    assert refusal(listing.get_images, vision_shop, mine, iteration_id) == "NotFoundIteration"
    forgotten(vision_shop, mine, iteration_id)
    assert listing.get_images(vision_shop, other, iteration_id) == []
    assert refusal(changed, vision_shop, NOBODY, iteration_id) == "NotFoundProject"


class Copied:
    """The same in a way that cannot be wrong: every snapshot is a copy."""

    def __init__(self, shop) -> None:
        self.shop = shop
        self.project_id, self.tag_ids = project(shop, str(uuid4()), "a", "b")
        row = {"project_id": self.project_id, "created_us": to_us(shop.clock.now()), "width": 1, "height": 1}
        self.image_ids = [str(uuid4()) for _ in range(4)]
        with writing(shop.engine) as connection:
            same = {**row, "since": 1, "until": NEVER}
            connection.execute(insert(image_rows), [{**same, "id": one} for one in self.image_ids])
        self.now = (dict(zip(self.tag_ids, "ab", strict=True)), set(), set(self.image_ids))
        self.then: dict[str, tuple] = {}
        self.named = 0

    def step(self, what: str, image: int, tag: int) -> None:
        names, tagged, there = self.now
        shop, project_id = self.shop, self.project_id
        image_id, tag_id = self.image_ids[image], self.tag_ids[tag]
        match what:
            case "put" if image_id in there and tag_id in names:
                put(shop, project_id, image_id, tag_id)
                tagged.add((image_id, tag_id))
            case "take":
                labels.delete_image_tags(shop, project_id, [image_id], [tag_id])
                tagged.discard((image_id, tag_id))
            case "drop":
                images.delete_images(shop, project_id, [image_id])
                there.discard(image_id)
                self.now = (names, {pair for pair in tagged if pair[0] != image_id}, there)
            case "rename" if tag_id in names:
                self.named += 1
                names[tag_id] = tags.update_tag(shop, project_id, tag_id, f"name {self.named}").name
            case "erase" if tag_id in names:
                tags.delete_tag(shop, project_id, tag_id)
                del names[tag_id]
                self.now = (names, {pair for pair in tagged if pair[1] != tag_id}, there)
            case "freeze":
                self.then[frozen(shop, project_id)] = (dict(names), set(self.now[1]), set(there))
            case "forget" if self.then:
                iteration_id = list(self.then)[image % len(self.then)]
                forgotten(shop, project_id, iteration_id)
                del self.then[iteration_id]

    def check(self) -> None:
        for iteration_id, (names, tagged, there) in [(None, self.now), *self.then.items()]:
            told = tags.get_tags(self.shop, self.project_id, iteration_id)
            assert {tag.id: tag.name for tag in told} == names
            assert sum(tag.image_count for tag in told) == len(tagged)
            listed = listing.get_images(self.shop, self.project_id, iteration_id)
            assert {image.id for image in listed} == there
            assert {(image.id, tag.tag_id) for image in listed for tag in image.tags or ()} == tagged
            assert {image.id for image in listed if image.original_image_uri} == there & self.now[2]


_STEPS = st.tuples(
    st.sampled_from(["put", "take", "drop", "rename", "erase", "freeze", "forget"]),
    st.integers(0, 3),
    st.integers(0, 1),
)


@given(st.lists(_STEPS, max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_snapshots_are_as_good_as_copies(vision_shop, steps) -> None:
    copied = Copied(vision_shop)
    for what, image, tag in steps:
        copied.step(what, image, tag)
    copied.check()
    for iteration_id in list(copied.then):
        forgotten(vision_shop, copied.project_id, iteration_id)
        del copied.then[iteration_id]
        copied.check()
    names, tagged, there = copied.now
    assert rows(vision_shop, copied.project_id) == [len(names), len(there), len(tagged), 0]
    with reading(vision_shop.engine) as connection:
        assert newest_era(connection, copied.project_id) is None
    images.delete_images(vision_shop, copied.project_id, all_images=True, all_iterations=True)
