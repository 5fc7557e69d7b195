"""Labelled pictures that the user names: truth files, the pictures they are about, and what to take of them."""

from __future__ import annotations

import argparse
from collections.abc import Container, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from footfall.cli.files import read_bytes, read_text
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Frame
from footfall.detect.pictures import SUFFIXES, read_picture
from footfall.evaluation.documents import refuse
from footfall.evaluation.labelled import FACES, IGNORED, PERSON, CocoTruth, read_coco, relabelled, select
from footfall.evaluation.voc import read_voc

WORDS = (PERSON, *FACES, IGNORED)
SHOWN = 5
"""So many missing pictures are named."""


def add_truth_options(parser: argparse.ArgumentParser) -> None:
    """--images, --only, --without, --label."""
    parser.add_argument("--images", type=Path, metavar="FOLDER", help="where the pictures lie (default: beside TRUTH)")
    for option, what in (("--only", "only"), ("--without", "leave out")):
        parser.add_argument(
            option,
            action="append",
            default=[],
            metavar="TEXT",
            help=f"{what} pictures whose file name or source holds TEXT, or fits it if it has * or ?; may be repeated",
        )
    parser.add_argument(
        "--label",
        action="append",
        default=[],
        type=_translation,
        metavar="THEIRS=OURS",
        help=f"what a label of the truth means: {', '.join(WORDS)}; may be repeated",
    )


def is_labelled(target: str) -> bool:
    """A COCO json, or a folder of Pascal VOC xml."""
    path = Path(target)
    return path.suffix.lower() == ".json" or (path.is_dir() and any(path.glob("*.xml")))


def read_truth(target: str, args: argparse.Namespace) -> CocoTruth:
    """The truth in a COCO json or a folder of Pascal VOC xml: labels translated, --only and --without applied.

    Raises:
        ConfigError: it cannot be read, is of neither form, or nothing is left.
    """
    truth = _read_folder(Path(target)) if Path(target).is_dir() else read_coco(read_text(target), target)
    return select(relabelled(truth, dict(args.label)), args.only, args.without, target)


def find_files(truth: CocoTruth, names: Container[str], target: str, images: Path | None) -> dict[str, Path]:
    """The files of the images of these names: as the truth says, else by its last part, else with another suffix.

    Raises:
        ConfigError: some are not there.
    """
    folder = images or (Path(target) if Path(target).is_dir() else Path(target).parent)
    files: dict[str, Path] = {}
    missing: list[Path] = []
    for image in (image for image in truth.images if image.name in names):
        said = folder / image.file_name
        others = (folder / Path(image.name).with_suffix(suffix) for suffix in sorted(SUFFIXES))
        found = next((path for path in (said, folder / image.name, *others) if path.is_file()), None)
        if found:
            files[image.name] = found
        else:
            missing.append(said)
    if missing:
        what = f"{len(missing)} of {len(truth.images)} pictures of {target} are not there"
        raise ConfigError(
            [Problem(str(path), "--images", what, "name their folder with --images") for path in missing[:SHOWN]]
        )
    return files


def frames(files: Mapping[str, Path]) -> Iterator[Frame]:
    """The pictures at full size, each under its name, in the order given.

    Raises:
        ConfigError: a file is not a picture.
    """
    for index, (name, path) in enumerate(files.items()):
        image = read_picture(path)
        yield Frame(name, index, float(index), datetime.fromtimestamp(index, UTC), image, image.shape[1::-1])


def _read_folder(folder: Path) -> CocoTruth:
    paths = sorted(folder.glob("*.xml"))
    if not paths:
        refuse(str(folder), "$", "holds no Pascal VOC xml files", "name that folder, or a COCO json file")
    return read_voc([(str(path), read_bytes(str(path))) for path in paths], str(folder))


def _translation(text: str) -> tuple[str, str]:
    theirs, _, ours = text.rpartition("=")
    if not theirs or ours not in WORDS:
        raise argparse.ArgumentTypeError(f"{text!r} is not THEIRS=OURS with OURS one of {', '.join(WORDS)}")
    return theirs, ours
