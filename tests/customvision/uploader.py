"""Uploads, deletes and makes projects until it is killed; says when it has begun.

Usage: python uploader.py FOLDER SEED
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from footfall.customvision.workspace import erasing, images, listing, projects
from footfall.customvision.workspace.intake import Upload
from vision_shop import Floor, drawn


def main(folder: Path, seed: int) -> None:
    """Work without end."""
    chance = random.Random(seed)
    with Floor(folder).opened() as shop:
        erasing.finish(shop)
        sys.stdout.write("working\n")
        sys.stdout.flush()
        number = seed * 1000
        while True:
            known = projects.get_projects(shop)
            if len(known) < 2:
                known.append(projects.create_project(shop, f"project {number}"))
            project_id = chance.choice(known).id
            number += 1
            match chance.randrange(8):
                case 0:
                    projects.delete_project(shop, project_id)
                case 1 | 2:
                    ids = [image.id for image in listing.get_images(shop, project_id, take=2)]
                    if ids:
                        images.delete_images(shop, project_id, ids)
                case _:
                    uploads = [Upload(f"{n}", drawn(number * 10 + n, (16, 16))) for n in range(3)]
                    images.create_images(shop, project_id, uploads)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
