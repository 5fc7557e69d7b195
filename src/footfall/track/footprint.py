"""Where a person stands: the point on the floor, also when a desk, a crowd or the detector hides the legs.

Each track remembers how tall the body is and how slender. A box that turns short for its width has lost its legs or
its head; which of the two is told by continuity: the end that keeps the foot where it was is the true one. Where the
legs are hidden, the head and the camera's perspective say where the feet are. Clean boxes give exactly their bottom
centre, so that an event is dated right to the frame.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.track.perspective import feet_below
from footfall.track.table import Flags, Floats, Table, columns, scalar

Body: TypeAlias = Table | NDArray[np.void]
"""Rows with the fields of `BODY`, and maybe more."""

BODY = np.dtype([("stature", "f8"), ("slenderness", "f8"), ("foot_y", "f8"), ("sure_foot_y", "f8")])
"""Whole height of the body, height by width, the floor under it now and when last sure; image widths."""
FIELDS = ("stature", "slenderness", "foot_y", "sure_foot_y")

FOLLOW_S = 0.3
"""Time constant of following a body that is seen whole."""
HOLD_S = 15.0
"""Time constant of believing that a body that lost its proportions really is as short as it looks."""
PROPORTION_S = 2.0
"""Time constant of learning how slender a body is."""
UNFOLD_S = 0.5
"""The same for a body that turns out to be more slender: it was cut by the picture's edge before."""
HALF, ONE = scalar(0.5), scalar(1.0)
STATURES_S = np.array([-FOLLOW_S, -HOLD_S])
PROPORTIONS_S = np.array([-PROPORTION_S, -UNFOLD_S])
"""What is taken for False and for True, as `_follow` wants it."""
WHOLE, SHORT = scalar(0.93), scalar(0.88)
"""Shares of the remembered proportions above which a body is whole, and below which a part of it is hidden."""


def start(body: Body, cxcywh: Floats) -> None:
    """First sight: the box is taken for the whole body, in place. `cxcywh`: (n, 4) float64, image widths."""
    body["stature"] = cxcywh[:, 3]
    body["slenderness"] = cxcywh[:, 3] / cxcywh[:, 2]
    body["foot_y"] = body["sure_foot_y"] = cxcywh[:, 1] + cxcywh[:, 3] / 2


def stand(
    body: Body, cxcywh: Floats, since_s: Floats, floor_y: float, line: tuple[float, float] | None = None
) -> tuple[Flags, Flags]:
    """Move the feet to where the boxes say, in place; (n,) whose legs are hidden, and (n,) who is surely seen whole.

    Args:
        body: (n,) with the fields of `BODY`.
        cxcywh: (n, 4) float64, the boxes of this frame, image widths.
        since_s: (n,) float64, seconds since each was seen before.
        floor_y: lower edge of the picture, image widths; a box that ends there gives no better foot than its own.
        line: what `Perspective.slope` knows of the camera.
    """
    _, middle, width, height = cxcywh.T
    half = HALF * height
    top, bottom = middle - half, middle + half
    stature, known, foot, sure_foot = columns(body, FIELDS)
    foot[...] = bottom
    slenderness = height / width
    proportion = slenderness / known
    at_edge, is_slender = bottom >= 0.99 * floor_y, proportion >= WHOLE
    is_cut, is_sure = at_edge | ~is_slender, is_slender | (height >= WHOLE * stature)
    learn_s = PROPORTIONS_S.take(proportion > ONE)
    legs_hidden = short = proportion < SHORT
    if np.count_nonzero(is_cut):
        short &= (height < SHORT * stature) & ~at_edge
        learn_s[short | at_edge] = -np.inf
        legs_hidden = _hide_legs(body, short, top, line)
        is_sure |= legs_hidden
        if line is not None:
            np.copyto(stature, foot - top, where=legs_hidden)
    np.copyto(sure_foot, foot, where=is_sure)
    _follow(stature, height, since_s / STATURES_S.take((height < stature) & is_cut))
    _follow(known, slenderness, since_s / learn_s)
    return legs_hidden, ~is_cut & (top > 0.01 * floor_y)


def _hide_legs(body: Body, short: Flags, top: Floats, line: tuple[float, float] | None) -> Flags:
    """(n,) who of the `short` has lost the legs rather than the head; moves their feet to where they must be."""
    if not np.count_nonzero(short):
        return short
    foot, sure_foot = body["foot_y"], body["sure_foot_y"]
    from_top = feet_below(top, body["stature"], sure_foot, line)
    legs_hidden = short & (np.abs(from_top - sure_foot) < np.abs(foot - sure_foot))
    np.copyto(foot, from_top, where=legs_hidden)
    return np.asarray(legs_hidden)


def _follow(known: Floats, seen: Floats, times: Floats) -> None:
    """Move what is known towards what is seen, as far as in so many time constants (n,) below 0; in place."""
    known -= (seen - known) * np.expm1(times)


def completed(body: Body, cxcywh: Floats) -> Floats:
    """(n, 4) cx cy w h: the boxes as seen, drawn out down to the feet."""
    top = cxcywh[:, 1] - cxcywh[:, 3] / 2
    height = np.maximum(body["foot_y"] - top, 1e-6)
    return np.stack([cxcywh[:, 0], top + height / 2, cxcywh[:, 2], height], axis=1)


def whole_boxes(tracks: Body) -> Floats:
    """(n, 4) cx cy w h: where the whole body is, standing on its foot.

    Args:
        tracks: (n,) with the fields of `BODY`, and `cxcywh` where the body is expected.
    """
    box = tracks["cxcywh"].copy()
    box[:, 1], box[:, 3] = tracks["foot_y"] - tracks["stature"] / 2, tracks["stature"]
    return np.asarray(box)


def is_partial(tracks: Body) -> Flags:
    """(n,) bool: a part of the body was missing in `last_cxcywh`, the last box."""
    return np.asarray(tracks["last_cxcywh"][:, 3] < SHORT * tracks["stature"])
