from __future__ import annotations

import dataclasses
import errno
from io import BytesIO

import pytest
from PIL import Image as Pillow

from footfall.customvision.workspace import images, listing, tags
from footfall.customvision.workspace.intake import Box, Upload
from footfall.customvision.workspace.limits import Limits
from footfall.vault.faults import KeyRevoked
from footfall.vault.objects import ObjectName, SealedObjects
from vision_shop import DETECTION, KEYS, NOBODY, Floor, add, drawn, golden, project, refusal

OK, DUPLICATE = "OK", "OKDuplicate"


def blank(*size: int) -> bytes:
    target = BytesIO()
    Pillow.new("RGB", size).save(target, "PNG")
    return target.getvalue()


def statuses(shop, project_id, uploads, tag_ids=(), metadata=None) -> list[str]:
    return [one.status for one in images.create_images(shop, project_id, uploads, tag_ids, metadata).images]


def kept(shop, project_id) -> int:
    """Pictures that are sealed, by their objects."""
    count = len(list(shop.objects.names(project_id))) - 1
    assert count % 3 == 0
    return count // 3


def test_a_batch_of_pictures_with_tags_boxes_and_words(vision_shop) -> None:
    project_id, [fork, knife] = project(vision_shop, "boxes", "fork", "knife", domain_id=DETECTION)
    box = Box(fork, 0.25, 0.25, 0.5, 0.125)
    summary = images.create_images(
        vision_shop,
        project_id,
        [Upload('"a.jpg"', drawn(1, (100, 50)), (), (box, box)), Upload('"b.png"', drawn(2, format="PNG"))],
        [knife],
        {"place": "door"},
    )
    golden("batch", summary)
    assert listing.get_images(vision_shop, project_id, order_by="Oldest") == [one.image for one in summary.images]


def test_a_batch_some_of_which_cannot_be_used(vision_shop) -> None:
    project_id, [fork] = project(vision_shop, "forks", "fork")
    add(vision_shop, project_id, 1, seed=7)
    uploads = [
        Upload("good.jpg", drawn(1), (fork,)),
        Upload("there already.jpg", drawn(7)),
        Upload("no picture.txt", b"words"),
        Upload("https://gone.example/a.jpg", None),
        Upload("twice.jpg", drawn(1)),
    ]
    golden("batch-with-failures", images.create_images(vision_shop, project_id, uploads))
    assert kept(vision_shop, project_id) == 2


@pytest.mark.parametrize(
    ("upload", "status"),
    [
        pytest.param(Upload("a", None), "ErrorSource", id="could not be fetched"),
        pytest.param(Upload("a", b""), "ErrorImageFormat", id="empty"),
        pytest.param(Upload("a", b"words"), "ErrorImageFormat", id="no picture"),
        pytest.param(Upload("a", drawn() + b"\x00" * 6 * 2**20), "ErrorImageSize", id="above 6 MiB"),
        pytest.param(Upload("a", blank(10_241, 500)), "ErrorImageDimensions", id="too wide"),
        pytest.param(Upload("a", blank(261, 10)), "ErrorImageDimensions", id="too narrow"),
        pytest.param(Upload("a", drawn(), (NOBODY,)), "ErrorInvalidTag", id="an unknown tag"),
        pytest.param(
            Upload("a", drawn(), (), (Box(NOBODY, 0, 0, 1, 1),)), "ErrorInvalidTag", id="an unknown tag of a box"
        ),
        pytest.param(
            Upload("a", drawn(), (), (Box("none", 0, 0, 1, 1),)), "ErrorInvalidTag", id="a box that is negative"
        ),
        pytest.param(
            Upload("a", drawn(), ("a", "none")), "ErrorNegativeAndRegularTagOnSameImage", id="negative and regular"
        ),
        pytest.param(Upload("a", drawn(), ("a", "b", "c")), "ErrorTagLimitExceed", id="too many tags"),
        pytest.param(
            Upload("a", drawn(), (), tuple(Box("a", 0.1 * n, 0, 0.1, 1) for n in range(4))),
            "ErrorRegionLimitExceed",
            id="too many boxes",
        ),
    ],
)
def test_statuses_of_pictures_that_are_not_kept(tmp_path, upload, status) -> None:
    limits = dataclasses.replace(Limits(), tags_per_image=2, regions_per_image=3)
    with Floor(tmp_path, limits).opened() as shop:
        project_id, _ = project(shop, "boxes", domain_id=DETECTION)
        ids = {name: tags.create_tag(shop, project_id, name).id for name in "abc"}
        ids["none"] = tags.create_tag(shop, project_id, "none", None, "Negative").id
        upload = dataclasses.replace(
            upload,
            tag_ids=tuple(ids.get(tag, tag) for tag in upload.tag_ids),
            regions=tuple(dataclasses.replace(box, tag_id=ids.get(box.tag_id, box.tag_id)) for box in upload.regions),
        )
        assert statuses(shop, project_id, [upload, Upload("b", drawn(9))]) == [status, OK]
        assert kept(shop, project_id) == 1


def test_one_tag_a_picture_where_the_project_says_so(vision_shop) -> None:
    project_id, [a, b] = project(vision_shop, "one", "a", "b", classification_type="Multiclass")
    uploads = [Upload("a", drawn(1), (a, b)), Upload("b", drawn(2), (a,))]
    assert statuses(vision_shop, project_id, uploads) == ["ErrorTagLimitExceed", OK]
    code = "BadRequestExceedTagPerImageLimit"
    assert refusal(images.create_images, vision_shop, project_id, uploads, [a, b]) == code


def test_there_are_only_so_many_images(tmp_path) -> None:
    with Floor(tmp_path, dataclasses.replace(Limits(), images_per_project=2)).opened() as shop:
        project_id, _ = project(shop)
        uploads = [Upload(f"{n}", drawn(n)) for n in range(3)]
        assert statuses(shop, project_id, uploads) == [OK, OK, "ErrorLimitExceed"]
        assert kept(shop, project_id) == 2
        code = "BadRequestImageExceededCount"
        assert refusal(images.create_images, shop, project_id, uploads[2:]) == code
        assert statuses(shop, project_id, uploads) == [DUPLICATE, DUPLICATE, "ErrorLimitExceed"]


GOOD = Upload("good", drawn(1))
REFUSED = [
    pytest.param({"uploads": []}, "BadRequestImageBatch", id="an empty batch"),
    pytest.param({"uploads": [GOOD] * 65}, "BadRequestExceededBatchSize", id="65 images"),
    pytest.param({"tag_ids": [NOBODY] * 21}, "BadRequestExceededBatchSize", id="21 tags"),
    pytest.param({"tag_ids": [NOBODY]}, "BadRequestImageTags", id="an unknown tag for all"),
    pytest.param(
        {"tag_ids": ["fork", "none"]}, "BadRequestNegativeAndRegularTagOnSameImage", id="negative and regular"
    ),
    pytest.param(
        {"uploads": [GOOD, Upload("b", drawn(2), (), (Box("fork", 0, 0, 1, 1),))]},
        "BadRequestImageRegions",
        id="a box in a project for classification",
    ),
    pytest.param(
        {"uploads": [GOOD, Upload("b", drawn(2), (), (Box("fork", 0.5, 0, 0.6, 1),))]},
        "BadRequestImageRegions",
        id="a box that stands out",
    ),
    pytest.param(
        {"uploads": [Upload("a", b"x"), Upload("b", b"", (NOBODY,))]},
        "BadRequestImageBatch",
        id="none that can be used",
    ),
    pytest.param(
        {"uploads": [Upload("a", None), Upload("b", None)]}, "BadRequestImageUrl", id="none that could be fetched"
    ),
    pytest.param({"metadata": {"": "x"}}, "BadRequestImageMetadataKey", id="metadata without a key"),
    pytest.param({"metadata": {"k" * 129: "x"}}, "BadRequestImageMetadataKey", id="a long key"),
    pytest.param({"metadata": {"k": "x" * 257}}, "BadRequestImageMetadataValue", id="a long value"),
    pytest.param({"metadata": {str(n): "" for n in range(11)}}, "BadRequestImageMetadataKey", id="eleven pairs"),
]


@pytest.mark.parametrize(("asked", "code"), REFUSED)
def test_batches_that_are_refused_whole(vision_shop, asked, code) -> None:
    project_id, [fork] = project(vision_shop, "forks", "fork")
    names = {"fork": fork, "none": tags.create_tag(vision_shop, project_id, "none", None, "Negative").id}
    asked = {"uploads": [GOOD], **asked}
    asked["tag_ids"] = [names.get(tag_id, tag_id) for tag_id in asked.get("tag_ids", ())]
    assert refusal(images.create_images, vision_shop, project_id, **asked) == code
    assert listing.get_image_count(vision_shop, project_id) == 0
    assert kept(vision_shop, project_id) == 0


def test_no_project_no_images(vision_shop) -> None:
    for operation, arguments in (
        (images.create_images, ([GOOD],)),
        (images.delete_images, ([NOBODY],)),
        (images.read_image, (NOBODY, "original")),
    ):
        assert refusal(operation, vision_shop, NOBODY, *arguments) == "NotFoundProject"


def test_the_same_picture_is_another_in_another_project(vision_shop) -> None:
    for name in "ab":
        assert add(vision_shop, project(vision_shop, name)[0])


def test_a_picture_that_was_deleted_may_come_again(vision_shop) -> None:
    project_id, _ = project(vision_shop)
    [first] = add(vision_shop, project_id)
    images.delete_images(vision_shop, project_id, [first])
    assert add(vision_shop, project_id) != [first]


def test_fingerprints_survive_a_lost_secret(vision_shop) -> None:
    project_id, _ = project(vision_shop)
    add(vision_shop, project_id)
    vision_shop.objects.delete([name for name in vision_shop.objects.names(project_id) if name.kind == "evidence"])
    assert statuses(vision_shop, project_id, [Upload("a", drawn(0)), Upload("b", drawn(1))]) == [OK, OK]
    assert statuses(vision_shop, project_id, [Upload("b", drawn(1))]) == [DUPLICATE]


class FailingObjects(SealedObjects):
    """Objects on a disk that fails from some time on."""

    failure: Exception | None = None
    good_for = 0

    def put(self, name: ObjectName, data: bytes) -> None:
        if self.failure and not self.good_for:
            raise self.failure
        self.good_for -= 1
        super().put(name, data)


def test_a_full_disk_keeps_what_fits(vision_shop, floor) -> None:
    project_id, _ = project(vision_shop)
    objects = FailingObjects(floor.folder / "objects", KEYS)
    objects.failure, objects.good_for = OSError(errno.ENOSPC, "No space left on device"), 4
    shop = dataclasses.replace(vision_shop, objects=objects)
    uploads = [Upload("a", drawn(1)), Upload("b", drawn(2))]
    assert statuses(shop, project_id, uploads) == [OK, "ErrorStorage"]
    assert kept(vision_shop, project_id) == 1
    objects.good_for = 0
    assert statuses(shop, project_id, uploads[1:]) == ["ErrorStorage"]


def test_a_revoked_key_keeps_nothing(vision_shop, floor) -> None:
    project_id, _ = project(vision_shop)
    objects = FailingObjects(floor.folder / "objects", KEYS)
    objects.failure, objects.good_for = KeyRevoked("withdrawn"), 4
    shop = dataclasses.replace(vision_shop, objects=objects)
    with pytest.raises(KeyRevoked):
        images.create_images(shop, project_id, [Upload("a", drawn(1)), Upload("b", drawn(2))])
    assert kept(vision_shop, project_id) == 0
    assert listing.get_image_count(vision_shop, project_id) == 0


def test_pictures_are_read_back_in_all_sizes(vision_shop) -> None:
    project_id, _ = project(vision_shop)
    [image_id] = add(vision_shop, project_id)
    for part, size in (("original", (64, 48)), ("resized", (341, 256)), ("thumbnail", (64, 48))):
        data = images.read_image(vision_shop, project_id, image_id, part)
        assert Pillow.open(BytesIO(data)).size == size


def test_pictures_that_are_not_there(vision_shop) -> None:
    project_id, _ = project(vision_shop)
    [deleted, lost] = add(vision_shop, project_id, 2)
    images.delete_images(vision_shop, project_id, [deleted])
    vision_shop.objects.delete([name for name in vision_shop.objects.names(project_id) if name.id == lost])
    other, _ = project(vision_shop, "other")
    [theirs] = add(vision_shop, other)
    for image_id in (NOBODY, deleted, lost, theirs):
        assert refusal(images.read_image, vision_shop, project_id, image_id, "original") == "NotFoundImage"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        pytest.param({}, "BadRequestRequiredParamIsNull", id="neither ids nor all"),
        pytest.param({"image_ids": [], "all_images": False}, "BadRequestRequiredParamIsNull", id="no ids, not all"),
        pytest.param({"image_ids": [NOBODY], "all_images": True}, "BadRequestInvalid", id="ids and all"),
        pytest.param({"image_ids": [NOBODY] * 257}, "BadRequestExceededBatchSize", id="257 ids"),
    ],
)
def test_deletions_that_are_refused(vision_shop, asked, code) -> None:
    project_id, _ = project(vision_shop)
    add(vision_shop, project_id)
    assert refusal(images.delete_images, vision_shop, project_id, **asked) == code
    assert kept(vision_shop, project_id) == 1


def test_only_what_is_named_is_deleted(vision_shop, floor) -> None:
    project_id, [fork] = project(vision_shop, "forks", "fork")
    other, _ = project(vision_shop, "other")
    [first, second, third] = add(vision_shop, project_id, 3, fork)
    [theirs] = add(vision_shop, other)
    images.delete_images(vision_shop, project_id, [first, third, NOBODY, theirs])
    assert [image.id for image in listing.get_images(vision_shop, project_id)] == [second]
    assert kept(vision_shop, project_id) == kept(vision_shop, other) == 1
    assert tags.get_tag(vision_shop, project_id, fork).image_count == 1
    told = {"project": project_id, "images": 2, "from_iterations": False}
    assert floor.told[-1] == ("images-erased", told)


def test_all_images_go_batch_by_batch(vision_shop, monkeypatch) -> None:
    monkeypatch.setattr(images, "AT_ONCE", 2)
    project_id, _ = project(vision_shop)
    add(vision_shop, project_id, 5)
    images.delete_images(vision_shop, project_id, all_images=True)
    assert listing.get_image_count(vision_shop, project_id) == kept(vision_shop, project_id) == 0
