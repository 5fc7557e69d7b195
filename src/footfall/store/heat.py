"""Heat maps of recorded tracks, on the picture and on the floor: only what enough people share is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from footfall.core.types import Observed
from footfall.spatial.ground import Camera
from footfall.spatial.publish import PublicMap, publish
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.survey import Survey, SurveySpec

LEAST = 3
"""People who must share a cell before it is shown."""


@dataclass(frozen=True, slots=True)
class Heat:
    """Where people were; units are image widths, or metres on the floor."""

    picture: PublicMap
    floor: PublicMap | None
    """None where the camera is not calibrated."""


def heat(
    frames: Iterable[Observed], camera: Camera | None = None, spec: SurveySpec | None = None, least: int = LEAST
) -> Heat | None:
    """Sum up recorded frames of one camera; None where there are none.

    Args:
        frames: in order of time, such as `tracks.frames` gives.
        camera: what is known of it; None: no floor.
        spec: how finely to look.
        least: people who must share a cell.
    """
    survey: Survey | None = None
    for observed in frames:
        if survey is None:
            width, height = observed.size_px
            survey = Survey(SpatialSpec(), camera, height / width, spec or SurveySpec())
        survey.step(observed, ())
    if survey is None:
        return None
    survey.flush()
    return Heat(publish(survey.picture, least), None if survey.floor is None else publish(survey.floor, least))
