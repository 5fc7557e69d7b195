"""Pictures of cameras in a project: untagged, with the camera's name, forgotten unless somebody tags them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from footfall.customvision.faults import Refused
from footfall.customvision.wire.labels import ImageTagCreateEntry
from footfall.customvision.workspace.from_cameras import CameraStudio
from footfall.customvision.workspace.labels import create_image_tags
from footfall.customvision.workspace.listing import get_images
from footfall.customvision.workspace.projects import create_project
from footfall.customvision.workspace.tags import create_tag
from takeaways import plain_png


@pytest.fixture
def project(vision_shop) -> str:
    return create_project(vision_shop, "coats").id


def test_a_picture_of_a_camera_is_an_untagged_image(vision_shop, project: str) -> None:
    CameraStudio(vision_shop).keep("coats", plain_png((1, 2, 3)), {"camera": "door", "taken": "2026-03-01"})
    (image,) = get_images(vision_shop, project, tagging_status="Untagged")
    assert image.metadata == {"camera": "door", "taken": "2026-03-01"}
    assert not image.tags


def test_what_nobody_tags_is_forgotten_and_what_somebody_tags_stays(vision_shop, project: str) -> None:
    studio = CameraStudio(vision_shop)
    for number, camera in enumerate(["door", "door", "o'hara's"]):
        studio.keep("coats", plain_png((number, 0, 0)), {"camera": camera})
    first, *_ = get_images(vision_shop, project, order_by="Oldest")
    tag = create_tag(vision_shop, project, "red").id
    create_image_tags(vision_shop, project, [ImageTagCreateEntry(image_id=first.id, tag_id=tag)])
    vision_shop.clock.at += timedelta(days=29)
    studio.keep("coats", plain_png((9, 9, 9)), {"camera": "door"})
    assert studio.forget("coats", "door", 30) == 0
    vision_shop.clock.at += timedelta(days=2)
    assert studio.forget("coats", "door", 30) == 1
    assert studio.forget("coats", "o'hara's", 30) == 1
    left = get_images(vision_shop, project, order_by="Oldest")
    assert [(image.metadata or {})["camera"] for image in left] == ["door", "door"]
    assert left[0].id == first.id


def test_a_project_that_is_not_there(vision_shop) -> None:
    with pytest.raises(Refused, match="there is no project coats: make it on the page") as caught:
        CameraStudio(vision_shop).keep("coats", plain_png((1, 2, 3)), {})
    assert caught.value.code == "NotFoundProject"
    with pytest.raises(Refused):
        CameraStudio(vision_shop).forget("coats", "door", 30)
