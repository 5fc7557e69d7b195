"""`python -m benchmarks images [--count N]`: N training images into a project and out of it; what is left.

Pictures of 320 x 240 come in batches of 64, each with a canary in its comment and one in its pixels. Then every file
below the folder is searched for the canaries and for the beginnings of pictures; questions are asked, one by one; all
images are deleted; every file, and those of the database, are searched again. Processor time is of the process; what
an image costs is compared with what Pillow alone takes to decode it and to encode its two smaller sizes.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.machine import fingerprint
from footfall.customvision.door.links import LinkSecrets, SignedLinks
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import images, listing, projects, tags
from footfall.customvision.workspace.intake import Upload
from footfall.customvision.workspace.limits import Limits
from footfall.engine.clock import SystemClock
from footfall.store.database import open_database
from footfall.vault.keys import Keys
from footfall.vault.objects import SealedObjects

CANARY: Final = b"canary-77e0-of-a-training-image"
STRIPE: Final = np.random.default_rng(5).integers(0, 256, (1, 64, 3), np.uint8)
BATCH: Final = 64
NEEDLES: Final = (CANARY, STRIPE.tobytes(), b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks images", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    args = parser.parse_args(argv)
    with TemporaryDirectory(dir=args.folder) as name:
        report = keep_and_delete(Path(name), args.count)
    print(json.dumps({"machine": fingerprint(), "images": report}, indent=2))
    return 0 if report["found_while_stored"] == report["found_after"] == report["objects_after"] == 0 else 1


def keep_and_delete(folder: Path, count: int) -> dict[str, float]:
    """Store, look, ask, delete, look again."""
    shop = workshop(folder)
    project_id = projects.create_project(shop, "benchmark").id
    tag_id = tags.create_tag(shop, project_id, "even").id
    kept_s = bare_s = 0.0
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        pictures = [picture(number) for number in numbers]
        uploads = [Upload(f"{n}", data, () if n % 2 else (tag_id,)) for n, data in zip(numbers, pictures, strict=True)]
        kept_s += spent_s(partial(images.create_images, shop, project_id, uploads))
        bare_s += spent_s(partial(bare, pictures))
    asked = {
        "page_ms": lambda: listing.get_images(shop, project_id),
        "count_ms": lambda: listing.get_image_count(shop, project_id),
        "untagged_ms": lambda: listing.get_untagged_image_count(shop, project_id),
        "tags_ms": lambda: tags.get_tags(shop, project_id),
    }
    report = {
        "images": listing.get_image_count(shop, project_id),
        "found_while_stored": scan(folder),
        "create_cpu_ms": kept_s / count * 1e3,
        "create_cpu_over_bare": kept_s / bare_s,
        **{what: spent_s(ask) * 1e3 for what, ask in asked.items()},
    }
    delete_s = spent_s(lambda: images.delete_images(shop, project_id, all_images=True))
    return report | {
        "delete_cpu_ms": delete_s / count * 1e3,
        "found_after": scan(folder),
        "objects_after": len(list(shop.objects.names())) - 1,
    }


def workshop(folder: Path) -> Workshop:
    """All of it over one folder."""
    clock = SystemClock()
    links = SignedLinks(LinkSecrets(folder / "link-secrets"), clock, "https://here")
    objects = SealedObjects(folder / "objects", Keys(os.urandom(32)))
    engine = open_database(folder / "vision.sqlite", "vision")
    return Workshop(engine, objects, clock, Limits(), links, lambda *_: None)


def picture(number: int) -> bytes:
    """A JPEG, or every tenth time a PNG, with both canaries."""
    rng = np.random.default_rng(number)
    rgb = np.repeat(np.repeat(rng.integers(0, 256, (30, 40, 3), np.uint8), 8, 0), 8, 1)
    rgb[120, 100:164] = STRIPE
    target = BytesIO()
    if number % 10:
        Image.fromarray(rgb).save(target, "JPEG", comment=CANARY)
        return target.getvalue()
    Image.fromarray(rgb).save(target, "PNG", compress_level=0)
    return target.getvalue() + CANARY


def bare(pictures: Iterable[bytes]) -> None:
    """What decoding and encoding cost by themselves."""
    for data in pictures:
        rgb = Image.open(BytesIO(data)).convert("RGB")
        for size in ((341, 256), (256, 192)):
            rgb.resize(size).save(BytesIO(), "JPEG", quality=90)


def spent_s(work: Callable[[], object]) -> float:
    """Processor time."""
    before_s = time.process_time()
    work()
    return time.process_time() - before_s


def scan(folder: Path) -> int:
    """How many files hold a canary, or begin like a picture anywhere."""
    return sum(any(needle in data for needle in NEEDLES) for data in map(Path.read_bytes, files_of(folder)))


def files_of(folder: Path) -> Iterator[Path]:
    """All files below a folder."""
    return (path for path in folder.rglob("*") if path.is_file())
