"""Truth in Pascal VOC xml, one file a picture (Everingham et al., "The PASCAL Visual Object Classes Challenge", 2010).

Corners are taken as they are: width = xmax - xmin. Objects marked `difficult` are neither right nor wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from pathlib import PurePath
from typing import Final
from xml.etree import ElementTree

from footfall.evaluation.documents import refuse
from footfall.evaluation.labelled import FACE, Box, CocoAnnotation, CocoCategory, CocoImage, CocoTruth, checked

CURE: Final = "give Pascal VOC: <annotation> with <filename> and <object>s of <name> and <bndbox> xmin ymin xmax ymax"
WORDS: Final = {
    "with_mask": "face_mask",
    "without_mask": "face_nomask",
    "mask_weared_incorrect": FACE,
    "con_mascarilla": "face_mask",
    "sin_mascarilla": "face_nomask",
    "mascarilla_mal_puesta": FACE,
}
"""The labels of the public face mask set, in its English and its Spanish edition. A mask worn wrongly says nothing
about mask or none: it counts as a face alone."""


def read_voc(documents: Iterable[tuple[str, bytes]], folder: str) -> CocoTruth:
    """Truth from (file name, content) of each xml file.

    Raises:
        ConfigError: a document is not of that form, or two are about pictures of the same name.
    """
    images: list[CocoImage] = []
    annotations: list[CocoAnnotation] = []
    numbers: dict[str, int] = {}
    for number, (file, content) in enumerate(documents):
        root = _parse(content, file)
        name = _text(root, "filename", file) or f"{PurePath(file).stem}.jpg"
        width, height = (_side(root, side, file) for side in ("width", "height"))
        images.append(CocoImage(number, name, width=width, height=height))
        for entry in root.iter("object"):
            kind = numbers.setdefault(_text(entry, "name", file), len(numbers))
            is_difficult = entry.findtext("difficult", "0").strip() == "1"
            annotations.append(CocoAnnotation(number, kind, _box(entry, file), int(is_difficult)))
    categories = tuple(CocoCategory(number, WORDS.get(name, name)) for name, number in numbers.items())
    return checked(CocoTruth(tuple(images), tuple(annotations), categories), folder)


def _parse(content: bytes, file: str) -> ElementTree.Element:
    if b"<!ENTITY" in content:
        refuse(file, "$", "declares entities of its own", CURE)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no entities
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        refuse(file, "$", f"not XML: {error}", CURE)
    if root.tag != "annotation":
        refuse(file, root.tag, "is not a Pascal VOC annotation", CURE)
    return root


def _text(entry: ElementTree.Element, name: str, file: str) -> str:
    text = entry.findtext(name)
    if text is None:
        refuse(file, entry.tag, f"has no <{name}>", CURE)
    return text.strip()


def _side(root: ElementTree.Element, name: str, file: str) -> int:
    text = root.findtext(f"size/{name}", "0").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        refuse(file, f"size/{name}", f"{text!r} is no number of pixels", CURE)
    return int(text)


def _box(entry: ElementTree.Element, file: str) -> Box:
    try:
        x0, y0, x1, y1 = (float(entry.findtext(f"bndbox/{name}", "")) for name in ("xmin", "ymin", "xmax", "ymax"))
    except ValueError:
        refuse(file, "object/bndbox", "holds no four numbers", CURE)
    if not all(isfinite(side) for side in (x0, y0, x1, y1)) or x1 < x0 or y1 < y0:
        refuse(file, "object/bndbox", f"{x0:g} {y0:g} {x1:g} {y1:g} is no box", CURE)
    return x0, y0, x1 - x0, y1 - y0
