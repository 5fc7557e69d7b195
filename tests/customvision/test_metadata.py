from __future__ import annotations

import pytest

from footfall.customvision.workspace import images, listing, metadata
from vision_shop import NOBODY, add, golden, project, refusal


def test_words_are_added_and_changed(vision_shop) -> None:
    project_id, _ = project(vision_shop)
    [one, two] = add(vision_shop, project_id, 2)
    ten = {f"k{n}": "" for n in range(10)}
    first = metadata.update_image_metadata(vision_shop, project_id, [one], ten)
    second = metadata.update_image_metadata(
        vision_shop, project_id, [two, NOBODY, one, two], {"k0": "it's", "wo?": "ü"}
    )
    golden("metadata", first, second, listing.get_images(vision_shop, project_id))


@pytest.mark.parametrize(
    ("ids", "words", "code"),
    [
        pytest.param(65, {}, "BadRequestExceededBatchSize", id="65 images"),
        pytest.param(1, {"": "x"}, "BadRequestImageMetadataKey", id="no key"),
        pytest.param(1, {" ": "x"}, "BadRequestImageMetadataKey", id="a key of blanks"),
        pytest.param(1, {"k" * 129: "x"}, "BadRequestImageMetadataKey", id="a long key"),
        pytest.param(1, {"k": "x" * 257}, "BadRequestImageMetadataValue", id="a long value"),
        pytest.param(1, {}, "NotFoundProject", id="no project"),
    ],
)
def test_words_that_are_refused(vision_shop, ids, words, code) -> None:
    assert refusal(metadata.update_image_metadata, vision_shop, NOBODY, [NOBODY] * ids, words) == code


def test_words_go_with_their_image(vision_shop) -> None:
    project_id, _ = project(vision_shop)
    [image] = add(vision_shop, project_id)
    metadata.update_image_metadata(vision_shop, project_id, [image], {"place": "door"})
    images.delete_images(vision_shop, project_id, [image])
    again = metadata.update_image_metadata(vision_shop, project_id, [image], {"place": "gate"})
    assert [entry.status for entry in again.images] == ["ErrorImageNotFound"]
    assert listing.get_image_count(vision_shop, project_id, filter="place eq 'door'") == 0
