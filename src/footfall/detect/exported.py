"""Models that Custom Vision exports: a zip, or the folder it was unpacked to (spec/custom-vision.md 9).

Read in memory: a zip is never unpacked. Those that find things say what each class is called, so no card is needed
where a tag is called `person`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, get_args
from zipfile import BadZipFile, ZipFile

import msgspec

from footfall.core.errors import DetectorError
from footfall.detect.card import Label, ModelCard

MANIFEST = "cvexport.manifest"
LABELS = "labels.txt"
_MODEL = "model.onnx"
_LARGEST_BYTES = 1 << 30
"""Of a model; what a zip claims beyond is not unpacked."""


@dataclass(frozen=True, slots=True)
class Export:
    """What a detector is opened from."""

    onnx: bytes | None
    """The model; None: it is in the file that bears its name."""
    tags: tuple[str, ...]
    """What its classes are called, in their order."""
    finds: bool | None = None
    """Whether it finds boxes, or tells whole pictures; None: nobody says."""


def is_export(model: str) -> bool:
    """Whether a word names such a zip or folder: a folder is written with a slash, so that it is no name of a model."""
    path = Path(model)
    return path.suffix.lower() == ".zip" or (("/" in model or "\\" in model) and path.is_dir())


def read_export(path: Path) -> Export:
    """Read a zip or a folder.

    Raises:
        DetectorError: it cannot be read, lacks a file, or the model is not the one that was exported.
    """
    try:
        if path.is_dir():
            return _read(path, lambda name: _in_folder(path, name))
        with ZipFile(path) as archive:
            return _read(path, lambda name: _in_zip(archive, name))
    except (OSError, BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DetectorError(f"{path}: cannot be read: {error}; export the model again") from error


def read_archive(archive: bytes, name: Path) -> Export:
    """Read a zip that is in no file; `name` is what errors call it.

    Raises:
        DetectorError: as `read_export`.
    """
    try:
        with ZipFile(BytesIO(archive)) as opened:
            return _read(name, lambda file: _in_zip(opened, file))
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DetectorError(f"{name}: cannot be read: {error}; export the model again") from error


def beside(path: Path) -> Export:
    """Of a bare model file: the tags that a `labels.txt` in its folder names, if there is one."""
    file = path.with_name(LABELS)
    try:
        return Export(None, _lines(file.read_bytes()) if file.is_file() else ())
    except (OSError, UnicodeDecodeError):
        return Export(None, ())


def called_by_tags(card: ModelCard, tags: Sequence[str], path: Path) -> ModelCard:
    """The card of an exported model, with the classes whose tags have names we know.

    Raises:
        DetectorError: no tag has such a name.
    """
    numbers = {tag.strip().lower(): number for number, tag in enumerate(tags)}
    labels = tuple(label for label in get_args(Label) if label in numbers)
    if not labels:
        raise DetectorError(
            f"{path}: finds {', '.join(tags)}; none of these tags is called person: write a side-car "
            f'{path.with_suffix(".toml").name} beside it that says which is (decoder = "exported", classes = [0])'
        )
    notes = f"Classes by the tags of an exported model: {', '.join(tags)}."
    return msgspec.structs.replace(
        card, labels=labels, classes=tuple(numbers[label] for label in labels), notes=notes, nms_iou=1.0
    )


def _read(path: Path, get: Callable[[str], bytes | None]) -> Export:
    said = _manifest(path, get(MANIFEST))
    names = said.get("ModelFileName") or _MODEL, said.get("LabelFileName") or LABELS
    onnx, labels = (get(str(name)) for name in names)
    if onnx is None or labels is None:
        raise DetectorError(f"{path}: holds no {names[0] if onnx is None else names[1]}; export the model as ONNX")
    digest = said.get("ModelFileSHA1")
    if isinstance(digest, str) and digest.lower() != hashlib.sha1(onnx, usedforsecurity=False).hexdigest():
        raise DetectorError(
            f"{path}: {names[0]} is not the model that was exported: its checksum differs; fetch it again"
        )
    try:
        tags = _lines(labels)
    except UnicodeDecodeError as error:
        raise DetectorError(f"{path}: {names[1]} is no UTF-8 text; export the model again") from error
    domain = said.get("DomainType")
    return Export(onnx, tags, None if domain is None else domain == "ObjectDetection")


def _manifest(path: Path, text: bytes | None) -> Mapping[str, Any]:
    if text is None:
        return {}
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DetectorError(f"{path}: {MANIFEST} is not JSON: {error}; export the model again") from error
    return said if isinstance(said, dict) else {}


def _in_folder(folder: Path, name: str) -> bytes | None:
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        return None
    return file.read_bytes()


def _in_zip(archive: ZipFile, name: str) -> bytes | None:
    try:
        entry = archive.getinfo(str(PurePosixPath(name)))
    except KeyError:
        return None
    if entry.file_size > _LARGEST_BYTES:
        raise DetectorError(
            f"{archive.filename}: {name} is larger than {_LARGEST_BYTES >> 20} MiB: no such model is read"
        )
    with archive.open(entry) as stream:
        return stream.read(_LARGEST_BYTES)


def _lines(text: bytes) -> tuple[str, ...]:
    """Tags; exports of former years end lines with CR LF, some the last one too."""
    return tuple(line.strip() for line in text.decode("utf-8-sig").splitlines() if line.strip())
