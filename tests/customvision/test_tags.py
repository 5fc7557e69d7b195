from __future__ import annotations

import dataclasses

import pytest

from footfall.customvision.wire.labels import ImageTagCreateEntry
from footfall.customvision.workspace import images, labels, listing, projects, tags
from footfall.customvision.workspace.intake import Box, Upload
from footfall.customvision.workspace.limits import Limits
from vision_shop import DETECTION, NOBODY, Floor, add, drawn, golden, project, refusal


def test_a_tag_from_its_making_to_its_end(vision_shop, floor) -> None:
    project_id, [fork] = project(vision_shop, "forks", "Fork")
    made = tags.create_tag(vision_shop, project_id, "Schere ✂", "two blades")
    add(vision_shop, project_id, 3, fork)
    changed = tags.update_tag(vision_shop, project_id, made.id, "scissors", "", "Regular")
    golden("tag", made, changed, tags.get_tag(vision_shop, project_id, fork), tags.get_tags(vision_shop, project_id))
    tags.delete_tag(vision_shop, project_id, fork)
    assert [tag.name for tag in tags.get_tags(vision_shop, project_id)] == ["scissors"]
    assert listing.get_image_count(vision_shop, project_id) == 3
    assert listing.get_untagged_image_count(vision_shop, project_id) == 3
    assert ("tag-erased", {"project": project_id, "tag": fork}) in floor.told


def test_a_tag_takes_its_boxes_with_it(vision_shop) -> None:
    project_id, [fork, knife] = project(vision_shop, "boxes", "fork", "knife", domain_id=DETECTION)
    boxes = (Box(fork, 0.1, 0.1, 0.2, 0.2), Box(knife, 0.5, 0.5, 0.2, 0.2))
    images.create_images(vision_shop, project_id, [Upload("a", drawn(), (), boxes)])
    tags.delete_tag(vision_shop, project_id, fork)
    [image] = listing.get_images(vision_shop, project_id)
    assert [region.tag_id for region in image.regions] == [knife]
    assert [tag.tag_id for tag in image.tags] == [knife]


WRONG = [
    pytest.param({"name": ""}, "BadRequestTagName", id="no name"),
    pytest.param({"name": "a\u2028b"}, "BadRequestTagName", id="a name of two lines"),
    pytest.param({"name": "x" * 257}, "BadRequestTagName", id="a long name"),
    pytest.param({"name": "FORK "}, "BadRequestTagNameNotUnique", id="a name that is taken"),
    pytest.param({"type": "Positive"}, "BadRequestTagType", id="no type"),
    pytest.param({"type": "Negative"}, "BadRequestMultipleNegativeTag", id="a second negative tag"),
    pytest.param({"description": "x" * 4097}, "BadRequestInvalid", id="a long description"),
]


@pytest.mark.parametrize(("asked", "code"), WRONG)
def test_tags_that_are_not_made(vision_shop, asked, code) -> None:
    project_id, _ = project(vision_shop, "forks", "fork")
    tags.create_tag(vision_shop, project_id, "none", None, "Negative")
    assert refusal(tags.create_tag, vision_shop, project_id, **{"name": "new", **asked}) == code
    assert len(tags.get_tags(vision_shop, project_id)) == 2


@pytest.mark.parametrize(("asked", "code"), WRONG)
def test_tags_that_are_not_changed(vision_shop, asked, code) -> None:
    project_id, [_, knife] = project(vision_shop, "forks", "fork", "knife")
    tags.create_tag(vision_shop, project_id, "none", None, "Negative")
    assert refusal(tags.update_tag, vision_shop, project_id, knife, **asked) == code
    assert tags.get_tag(vision_shop, project_id, knife).name == "knife"


def test_a_tag_on_mixed_images_does_not_turn_negative(vision_shop) -> None:
    project_id, [fork, knife] = project(vision_shop, "forks", "fork", "knife")
    [image] = add(vision_shop, project_id, 1, fork, knife)
    asked = {"type": "Negative"}
    code = "BadRequestNegativeAndRegularTagOnSameImage"
    assert refusal(tags.update_tag, vision_shop, project_id, fork, **asked) == code
    labels.delete_image_tags(vision_shop, project_id, [image], [knife])
    assert tags.update_tag(vision_shop, project_id, fork, **asked).type == "Negative"
    entry = ImageTagCreateEntry(image_id=image, tag_id=knife)
    assert refusal(labels.create_image_tags, vision_shop, project_id, [entry]) == code


def test_a_tag_of_boxes_does_not_turn_negative(vision_shop) -> None:
    project_id, [fork] = project(vision_shop, "boxes", "fork", domain_id=DETECTION)
    images.create_images(vision_shop, project_id, [Upload("a", drawn(), (), (Box(fork, 0, 0, 1, 1),))])
    assert refusal(tags.update_tag, vision_shop, project_id, fork, type="Negative") == "BadRequestTagType"


def test_there_are_only_so_many_tags(tmp_path) -> None:
    with Floor(tmp_path, dataclasses.replace(Limits(), tags_per_project=2)).opened() as shop:
        project_id, [first, _] = project(shop, "forks", "a", "b")
        assert refusal(tags.create_tag, shop, project_id, "c") == "BadRequestExceedTagPerProjectLimit"
        tags.delete_tag(shop, project_id, first)
        tags.create_tag(shop, project_id, "c")


def test_tags_that_are_not_there(vision_shop) -> None:
    project_id, _ = project(vision_shop)
    other = projects.create_project(vision_shop, "other").id
    theirs = tags.create_tag(vision_shop, other, "a").id
    for tag_id in (NOBODY, theirs):
        assert refusal(tags.get_tag, vision_shop, project_id, tag_id) == "NotFoundTag"
        assert refusal(tags.update_tag, vision_shop, project_id, tag_id, "b") == "NotFoundTag"
        assert refusal(tags.delete_tag, vision_shop, project_id, tag_id) == "NotFoundTag"
    assert refusal(tags.get_tags, vision_shop, project_id, NOBODY) == "NotFoundIteration"


def test_the_same_name_in_two_projects(vision_shop) -> None:
    assert project(vision_shop, "one", "fork")
    assert project(vision_shop, "two", "fork")
