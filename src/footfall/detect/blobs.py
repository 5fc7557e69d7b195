"""From a foreground mask to the boxes of people: pure, no memory.

Sizes are judged relative to the picture, shapes relative to themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
"""(height, width) uint8, 255 where something is that was not there before."""


@dataclass(frozen=True, slots=True)
class BlobSettings:
    """What may be a person, relative to the picture's height and area."""

    min_height: float = 0.07
    min_area: float = 0.0012
    """Foreground pixels, as a share of the picture."""
    max_area: float = 0.5
    min_slenderness: float = 0.45
    """Height / width of a person seen from above at an angle, arms and bags included."""
    max_slenderness: float = 4.5
    split_wider_than: float = 0.8
    """Width / height from which a blob is looked at for several people side by side."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A piece of foreground in pixels of the mask."""

    x0: int
    y0: int
    x1: int
    y1: int
    area: int
    """Foreground pixels inside."""

    @property
    def width(self) -> int:
        """In pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """In pixels."""
        return self.y1 - self.y0

    def share_in(self, box: list[float]) -> float:
        """Share of the blob's box that lies in `box`, x0 y0 x1 y1."""
        width = min(self.x1, box[2]) - max(self.x0, box[0])
        height = min(self.y1, box[3]) - max(self.y0, box[1])
        return max(0.0, width) * max(0.0, height) / (self.width * self.height)


def clean(foreground: Mask) -> Mask:
    """Drop speckle, then close the gaps that clothes in the colour of the floor leave in a person."""
    unit = max(3, round(foreground.shape[1] / 128) | 1)
    speck = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    gap = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (unit, 2 * unit + 1))
    opened = cv2.morphologyEx(foreground, cv2.MORPH_OPEN, speck)
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, gap), np.uint8)


def find_people(mask: Mask, settings: BlobSettings) -> list[Blob]:
    """People-sized blobs of a cleaned mask.

    Args:
        mask: the cleaned foreground.
        settings: what may be a person.
    """
    height, width = mask.shape
    tiny = settings.min_area * height * width / 4
    blobs = [blob for blob in components(mask) if blob.area >= tiny]
    blobs = merge_stacked(blobs)
    pieces = [piece for blob in blobs for piece in split(mask, blob, settings)]
    return [piece for piece in pieces if _is_person(piece, (width, height), settings)]


def components(mask: Mask) -> list[Blob]:
    """Connected pieces (8-neighbourhood)."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [Blob(x, y, x + w, y + h, area) for x, y, w, h, area in stats[1:].tolist()]


def merge_stacked(blobs: list[Blob]) -> list[Blob]:
    """Join parts of one person: head, trunk and legs above each other."""
    merged: list[Blob] = []
    for blob in sorted(blobs, key=lambda b: -b.area):
        for i, other in enumerate(merged):
            if _stacked(other, blob):
                merged[i] = _union(other, blob)
                break
        else:
            merged.append(blob)
    return merged


def _stacked(big: Blob, small: Blob) -> bool:
    """Whether a smaller part continues a bigger one upwards or downwards without making it a giraffe."""
    overlap = min(big.x1, small.x1) - max(big.x0, small.x0)
    gap = max(big.y0, small.y0) - min(big.y1, small.y1)
    joined = _union(big, small)
    return (
        overlap >= 0.6 * min(big.width, small.width)
        and gap <= 0.15 * joined.height
        and joined.height <= 3.5 * joined.width
        and small.area <= 0.5 * big.area
    )


def _union(a: Blob, b: Blob) -> Blob:
    return Blob(min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1), a.area + b.area)


def split(mask: Mask, blob: Blob, settings: BlobSettings) -> list[Blob]:
    """Cut a wide blob at the valleys of its column profile."""
    if blob.width <= settings.split_wider_than * blob.height:
        return [blob]
    profile = np.count_nonzero(mask[blob.y0 : blob.y1, blob.x0 : blob.x1], axis=0)
    edges = [0, *_cuts_at_valleys(profile, blob.height), blob.width]
    pieces = [_trim(mask, replace(blob, x0=blob.x0 + a, x1=blob.x0 + b)) for a, b in pairwise(edges)]
    return [piece for piece in pieces if piece is not None]


def _cuts_at_valleys(profile: NDArray[np.intp], height: int) -> list[int]:
    """Deepest columns between peaks that are as high as people and as far apart as shoulders."""
    import scipy.optimize  # noqa: F401, PLC0415 - `runtime.late`: first this, then that, in every thread
    from scipy.signal import find_peaks  # noqa: PLC0415

    smooth = np.convolve(profile, np.ones(5) / 5, mode="same")
    padded = np.concatenate([[0.0], smooth, [0.0]])
    peaks, _ = find_peaks(
        padded, height=0.45 * height, distance=max(1.0, 0.28 * height), prominence=0.2 * height
    )  # fmt: skip
    return [int(a + np.argmin(smooth[a:b])) for a, b in pairwise((peaks - 1).tolist())]


def _trim(mask: Mask, blob: Blob) -> Blob | None:
    """Shrink a cut piece to the foreground inside it; None if there is none."""
    window = mask[blob.y0 : blob.y1, blob.x0 : blob.x1]
    rows, columns = np.flatnonzero(window.any(axis=1)), np.flatnonzero(window.any(axis=0))
    if len(rows) == 0:
        return None
    x0, y0 = blob.x0 + int(columns[0]), blob.y0 + int(rows[0])
    x1, y1 = blob.x0 + int(columns[-1]) + 1, blob.y0 + int(rows[-1]) + 1
    return Blob(x0, y0, x1, y1, int(np.count_nonzero(window)))


def _is_person(blob: Blob, size: tuple[int, int], settings: BlobSettings) -> bool:
    width, height = size
    slenderness = blob.height / blob.width
    return (
        blob.height >= settings.min_height * height
        and settings.min_area <= blob.area / (width * height) <= settings.max_area
        and settings.min_slenderness <= slenderness <= settings.max_slenderness
    )


def score(blob: Blob, picture_height: int) -> float:
    """How much a blob is like a person, in [0.3, 0.95]: well filled, not tiny, upright."""
    fill = min(1.0, max(0.0, (blob.area / (blob.width * blob.height) - 0.2) / 0.4))
    size = min(1.0, blob.height / (0.15 * picture_height))
    upright = min(1.0, blob.height / blob.width)
    return 0.3 + 0.65 * float(fill * size * upright)
