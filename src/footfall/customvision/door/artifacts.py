"""Pictures and archives as bytes: behind signed addresses, and for who shows a key (spec/custom-vision.md 1.1, 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from footfall.customvision.door.links import PREFIX, BadLink, Holds, Place, unpacked
from footfall.customvision.faults import Refused
from footfall.customvision.prediction.predictions import prediction_picture
from footfall.customvision.training.exports import export_archive
from footfall.customvision.workspace.images import read_image

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def content_of(shop: Workshop, place: Place) -> bytes:
    """What is there.

    Raises:
        Refused: nothing, or no longer; or the key is revoked.
    """
    if place.holds is Holds.EXPORT:
        return export_archive(shop, place.project_id, place.id, place.export_id)
    read = read_image if place.holds is Holds.IMAGE else prediction_picture
    return read(shop, place.project_id, place.id, place.role)


def get_artifact(shop: Workshop, project_id: str, path: str) -> bytes:
    """What an address of this service leads to, whether it has ended or not: the caller has shown a key.

    Args:
        shop: where everything is.
        project_id: what the address must belong to.
        path: the address, or its path.

    Raises:
        Refused: it is none of this project, or there is nothing any more.
    """
    try:
        word = urlsplit(path).path
        if PREFIX not in f"/{word}":
            raise BadLink("the address is none of ours")
        place = unpacked(word.rpartition("/")[2])
    except ValueError:
        raise Refused("BadRequestInvalidArtifactUri", "give an address that this service has made") from None
    if place.project_id != project_id:
        raise Refused("BadRequestInvalidArtifactUri", "this address is of another project")
    return content_of(shop, place)
