"""Pictures of cameras become untagged images of a project: sealed like every other image, and forgotten in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from footfall.customvision.faults import Refused
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.images import create_images, delete_images
from footfall.customvision.workspace.intake import Upload
from footfall.customvision.workspace.listing import get_image_count, get_images
from footfall.customvision.workspace.projects import get_projects

MARK: Final = "camera"
"""Key of the metadata that name the camera: whoever tags a picture sees where it is from."""


class CameraStudio:
    """Takes pictures of cameras into projects.

    Args:
        shop: where all projects are.
    """

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    def keep(self, project: str, jpeg: bytes, about: Mapping[str, str]) -> None:
        """Seal one picture into the project of that name.

        Raises:
            Refused: there is no such project, or it takes no more.
            KeyRevoked: nothing is sealed at present.
            StoreUnavailable: the database is away or full.
        """
        create_images(self._shop, self._id_of(project), [Upload("camera.jpg", jpeg)], (), about)

    def forget(self, project: str, camera: str, days: int) -> int:
        """Erase the camera's pictures that nobody has tagged in so many days; how many there were.

        Raises:
            Refused: there is no such project.
            StoreUnavailable: the database is away.
        """
        project_id, oldest = self._id_of(project), self._shop.clock.now() - timedelta(days=days)
        wanted, most = _from(camera), self._shop.limits.batch_image_ids
        gone = 0
        while True:
            found = get_images(self._shop, project_id, None, None, "Untagged", wanted, "Oldest", most)
            late = [image.id for image in found if image.created < oldest]
            if not late:
                return gone
            delete_images(self._shop, project_id, late, all_iterations=True)
            gone += len(late)

    def untagged(self, project: str, camera: str) -> int:
        """How many of the camera's pictures nobody has tagged.

        Raises:
            Refused: there is no such project.
            StoreUnavailable: the database is away.
        """
        return get_image_count(self._shop, self._id_of(project), None, "Untagged", _from(camera))

    def has(self, project: str) -> bool:
        """Whether there is a project of that name.

        Raises:
            StoreUnavailable: the database is away.
        """
        return any(one.name == project for one in get_projects(self._shop))

    def _id_of(self, project: str) -> str:
        for one in get_projects(self._shop):
            if one.name == project:
                return one.id
        raise Refused("NotFoundProject", f"there is no project {project}: make it on the page of Custom Vision")


def _from(camera: str) -> str:
    """The filter of its pictures."""
    return f"{MARK} eq '{camera.replace(chr(39), chr(39) * 2)}'"
