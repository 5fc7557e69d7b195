from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest

from footfall.customvision.faults import Refused
from footfall.customvision.wire.labels import ImageRegionCreateEntry, ImageTagCreateEntry
from footfall.customvision.workspace import images, labels, listing, tags
from footfall.customvision.workspace.intake import Upload
from footfall.customvision.workspace.limits import Limits
from vision_shop import DETECTION, NOBODY, Floor, add, drawn, golden, project, refusal


def tagging(image_id: str, tag_id: str) -> ImageTagCreateEntry:
    return ImageTagCreateEntry(image_id=image_id, tag_id=tag_id)


def boxing(image_id: str, tag_id: str, *box: float) -> ImageRegionCreateEntry:
    left, top, width, height = box or (0.25, 0.25, 0.5, 0.5)
    return ImageRegionCreateEntry(image_id=image_id, tag_id=tag_id, left=left, top=top, width=width, height=height)


def on(shop, project_id: str, image_id: str) -> tuple[list[str], int]:
    """Names of the tags of an image, and how many boxes it has."""
    [image] = listing.get_images_by_ids(shop, project_id, [image_id])
    return sorted(tag.tag_name for tag in image.tags or ()), len(image.regions or ())


def test_tags_are_put_on_images_and_taken_off(vision_shop) -> None:
    project_id, [a, b] = project(vision_shop, "forks", "a", "b")
    [one, two] = add(vision_shop, project_id, 2)
    asked = [tagging(one, a), tagging(one, b), tagging(two, a), tagging(one, a)]
    summary = labels.create_image_tags(vision_shop, project_id, asked)
    golden("image-tags", summary, listing.get_images(vision_shop, project_id))
    labels.delete_image_tags(vision_shop, project_id, [one, NOBODY], [a, NOBODY])
    assert (on(vision_shop, project_id, one), on(vision_shop, project_id, two)) == ((["b"], 0), (["a"], 0))


def test_tags_beyond_what_an_image_holds_are_told(tmp_path) -> None:
    with Floor(tmp_path, dataclasses.replace(Limits(), tags_per_image=2)).opened() as shop:
        project_id, ids = project(shop, "forks", "a", "b", "c")
        [image] = add(shop, project_id)
        summary = labels.create_image_tags(shop, project_id, [tagging(image, tag_id) for tag_id in ids])
        assert [entry.tag_id for entry in summary.exceeded] == [ids[2]]
        assert on(shop, project_id, image) == (["a", "b"], 0)


def test_one_tag_an_image_where_the_project_says_so(vision_shop) -> None:
    project_id, [a, b] = project(vision_shop, "one", "a", "b", classification_type="Multiclass")
    [image] = add(vision_shop, project_id, 1, a)
    assert labels.create_image_tags(vision_shop, project_id, [tagging(image, b)]).exceeded
    assert on(vision_shop, project_id, image) == (["a"], 0)


def test_a_negative_tag_stands_alone(vision_shop) -> None:
    project_id, [a] = project(vision_shop, "forks", "a")
    none = tags.create_tag(vision_shop, project_id, "none", None, "Negative").id
    product = tags.create_tag(vision_shop, project_id, "product", None, "GeneralProduct").id
    [one, two] = add(vision_shop, project_id, 2)
    code = "BadRequestNegativeAndRegularTagOnSameImage"
    for other in (a, product):
        asked = [tagging(two, other), tagging(one, none), tagging(one, other)]
        assert refusal(labels.create_image_tags, vision_shop, project_id, asked) == code
    assert on(vision_shop, project_id, two) == ([], 0)
    labels.create_image_tags(vision_shop, project_id, [tagging(one, none), tagging(two, a), tagging(two, product)])
    assert on(vision_shop, project_id, two) == (["a", "product"], 0)


TAGS_REFUSED = [
    pytest.param(lambda image, _: [tagging(image, NOBODY)], "BadRequestImageTags", id="an unknown tag"),
    pytest.param(lambda _, tag: [tagging(NOBODY, tag)], "NotFoundImage", id="an unknown image"),
    pytest.param(lambda image, tag: [tagging(image, tag)] * 1281, "BadRequestExceededBatchSize", id="too many"),
]


@pytest.mark.parametrize(("asked", "code"), TAGS_REFUSED)
def test_tags_that_are_not_put_on_images(vision_shop, asked, code) -> None:
    project_id, [a] = project(vision_shop, "forks", "a")
    [image] = add(vision_shop, project_id)
    assert refusal(labels.create_image_tags, vision_shop, project_id, asked(image, a)) == code
    assert on(vision_shop, project_id, image) == ([], 0)


def test_boxes_are_put_on_images_and_taken_off(vision_shop) -> None:
    project_id, [a, b] = project(vision_shop, "boxes", "a", "b", domain_id=DETECTION)
    [one, two] = add(vision_shop, project_id, 2)
    asked = [
        boxing(one, a),
        boxing(one, a, 0, 0, 1, 1),
        boxing(one, b),
        boxing(two, b, 0.1, 0.2, 0.3, 0.4),
        boxing(one, a),
    ]
    summary = labels.create_image_regions(vision_shop, project_id, asked)
    golden("image-regions", summary, listing.get_images(vision_shop, project_id))
    ids = [region.region_id for region in summary.created]
    labels.delete_image_regions(vision_shop, project_id, [ids[0], ids[3], NOBODY])
    assert (on(vision_shop, project_id, one), on(vision_shop, project_id, two)) == ((["a", "b"], 2), ([], 0))
    labels.delete_image_tags(vision_shop, project_id, [one], [a])
    assert on(vision_shop, project_id, one) == (["b"], 1)


def test_a_tag_that_never_had_a_box_outlives_boxes(vision_shop) -> None:
    project_id, [a, b] = project(vision_shop, "boxes", "a", "b", domain_id=DETECTION)
    [image] = add(vision_shop, project_id, 1, a)
    [region] = labels.create_image_regions(vision_shop, project_id, [boxing(image, b)]).created
    labels.delete_image_regions(vision_shop, project_id, [region.region_id])
    assert on(vision_shop, project_id, image) == (["a"], 0)


def test_boxes_beyond_what_an_image_holds_are_told(tmp_path) -> None:
    with Floor(tmp_path, dataclasses.replace(Limits(), regions_per_image=2, tags_per_image=1)).opened() as shop:
        project_id, [a, b] = project(shop, "boxes", "a", "b", domain_id=DETECTION)
        [one, two] = add(shop, project_id, 2)
        asked = [boxing(one, a, 0, 0, 0.1 * n, 1) for n in (1, 2, 3)] + [boxing(two, a), boxing(two, b)]
        summary = labels.create_image_regions(shop, project_id, asked)
        assert summary.exceeded == [asked[2], asked[4]]
        assert (on(shop, project_id, one), on(shop, project_id, two)) == ((["a"], 2), (["a"], 1))


NAN, INF = float("nan"), float("inf")
NO_BOXES = [
    pytest.param((-0.01, 0, 0.5, 0.5), id="left of the picture"),
    pytest.param((0, -1, 0.5, 0.5), id="above it"),
    pytest.param((0.6, 0, 0.5, 0.5), id="out of its right"),
    pytest.param((0, 0.6, 0.5, 0.5), id="out of its bottom"),
    pytest.param((0, 0, 0, 0.5), id="without width"),
    pytest.param((0, 0, 0.5, 0), id="without height"),
    pytest.param((0.5, 0.5, -0.1, 0.1), id="of negative width"),
    pytest.param((1, 0, 0.00005, 1), id="a sliver beside the picture"),
    pytest.param((NAN, 0, 0.5, 0.5), id="nowhere"),
    pytest.param((0, 0, NAN, 0.5), id="of no width at all"),
    pytest.param((0, 0, INF, 0.5), id="without an end"),
    pytest.param((100, 50, 200, 100), id="in pixels"),
]


@pytest.mark.parametrize("box", NO_BOXES)
def test_what_is_no_box(vision_shop, box) -> None:
    project_id, [a] = project(vision_shop, "boxes", "a", domain_id=DETECTION)
    [image] = add(vision_shop, project_id)
    asked = [boxing(image, a), boxing(image, a, *box)]
    assert refusal(labels.create_image_regions, vision_shop, project_id, asked) == "BadRequestImageRegions"
    assert on(vision_shop, project_id, image) == ([], 0)


def test_a_box_that_stands_out_by_rounding_is_cut(vision_shop) -> None:
    project_id, [a] = project(vision_shop, "boxes", "a", domain_id=DETECTION)
    [image] = add(vision_shop, project_id)
    labels.create_image_regions(vision_shop, project_id, [boxing(image, a, -0.00001, 0.3, 1.00001, 0.70005)])
    [region] = listing.get_images(vision_shop, project_id)[0].regions
    assert (region.left, region.top, region.width, region.height) == (0, 0.3, 1, 0.7)


REGIONS_REFUSED = [
    pytest.param(lambda image, _: [boxing(image, NOBODY)], "BadRequestImageTags", id="an unknown tag"),
    pytest.param(lambda _, tag: [boxing(NOBODY, tag)], "NotFoundImage", id="an unknown image"),
    pytest.param(lambda image, tag: [boxing(image, tag)] * 65, "BadRequestExceededBatchSize", id="65 boxes"),
]


@pytest.mark.parametrize(("asked", "code"), REGIONS_REFUSED)
def test_boxes_that_are_not_put_on_images(vision_shop, asked, code) -> None:
    project_id, [a] = project(vision_shop, "boxes", "a", domain_id=DETECTION)
    [image] = add(vision_shop, project_id)
    assert refusal(labels.create_image_regions, vision_shop, project_id, asked(image, a)) == code
    assert on(vision_shop, project_id, image) == ([], 0)


def test_of_several_unknown_images_the_first_is_named(vision_shop) -> None:
    project_id, [a] = project(vision_shop, "forks", "a")
    unknown = [str(uuid4()) for _ in range(20)]
    with pytest.raises(Refused, match=f"there is no image {unknown[0]}"):
        labels.create_image_tags(vision_shop, project_id, [tagging(image_id, a) for image_id in unknown])


def test_negative_tags_and_boxes_do_not_go_together(vision_shop) -> None:
    project_id, [a] = project(vision_shop, "boxes", "a", domain_id=DETECTION)
    none = tags.create_tag(vision_shop, project_id, "none", None, "Negative").id
    [image] = add(vision_shop, project_id, 1, none)
    asked = [boxing(image, none)]
    assert refusal(labels.create_image_regions, vision_shop, project_id, asked) == "BadRequestImageRegions"
    code = "BadRequestNegativeAndRegularTagOnSameImage"
    assert refusal(labels.create_image_regions, vision_shop, project_id, [boxing(image, a)]) == code
    assert on(vision_shop, project_id, image) == (["none"], 0)


def test_classification_knows_no_boxes(vision_shop) -> None:
    project_id, [a] = project(vision_shop, "forks", "a")
    [image] = add(vision_shop, project_id)
    asked = [boxing(image, a)]
    assert refusal(labels.create_image_regions, vision_shop, project_id, asked) == "BadRequestImageRegions"


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        pytest.param(labels.create_image_tags, ([],), "NotFoundProject", id="create tags"),
        pytest.param(labels.create_image_regions, ([],), "NotFoundProject", id="create boxes"),
        pytest.param(labels.delete_image_tags, ([], []), "NotFoundProject", id="delete tags"),
        pytest.param(labels.delete_image_regions, ([],), "NotFoundProject", id="delete boxes"),
        pytest.param(labels.delete_image_tags, ([NOBODY] * 65, []), "BadRequestExceededBatchSize", id="65 images"),
        pytest.param(labels.delete_image_tags, ([], [NOBODY] * 21), "BadRequestExceededBatchSize", id="21 tags"),
        pytest.param(labels.delete_image_regions, ([NOBODY] * 65,), "BadRequestExceededBatchSize", id="65 boxes"),
    ],
)
def test_what_is_refused_whatever_there_is(vision_shop, operation, arguments, code) -> None:
    assert refusal(operation, vision_shop, NOBODY, *arguments) == code


def test_labels_of_another_project_stay(vision_shop) -> None:
    mine, [a] = project(vision_shop, "mine", "a", domain_id=DETECTION)
    other, _ = project(vision_shop, "other", domain_id=DETECTION)
    [image] = add(vision_shop, mine)
    [region] = labels.create_image_regions(vision_shop, mine, [boxing(image, a)]).created
    labels.delete_image_regions(vision_shop, other, [region.region_id])
    labels.delete_image_tags(vision_shop, other, [image], [a])
    assert refusal(labels.create_image_tags, vision_shop, other, [tagging(image, a)]) == "BadRequestImageTags"
    assert on(vision_shop, mine, image) == (["a"], 1)


def test_a_picture_uploaded_with_boxes_has_them_once(vision_shop) -> None:
    project_id, [a] = project(vision_shop, "boxes", "a", domain_id=DETECTION)
    [image] = add(vision_shop, project_id, 1, a)
    images.create_images(vision_shop, project_id, [Upload("x", drawn(0), (), ())])
    labels.create_image_regions(vision_shop, project_id, [boxing(image, a)])
    assert labels.create_image_regions(vision_shop, project_id, [boxing(image, a)]).duplicated
    assert on(vision_shop, project_id, image) == (["a"], 1)
