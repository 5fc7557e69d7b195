"""Calibrations that outlive a restart: one small JSON file a camera, in the folder of the program's own data."""

from __future__ import annotations

import logging
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec

from footfall.events.calibration import CalibrationInfo
from footfall.spatial.calibration.calibrator import CalibrationState
from footfall.spatial.ground import Camera

log = logging.getLogger(__name__)

Length: TypeAlias = Annotated[float, msgspec.Meta(gt=0.0, lt=1e4)]


class _Record(msgspec.Struct, frozen=True):
    source: str
    height_m: Length
    focal_w: Length
    tilt_rad: Annotated[float, msgspec.Meta(ge=0.0, le=3.2)]
    aspect: Length
    calibrated: datetime | None


class CalibrationFile:
    """The calibration of one camera on disk. A file that cannot be read or written is told once and does no harm.

    Args:
        folder: made when something is kept.
        source_id: the camera's name.
    """

    def __init__(self, folder: Path, source_id: str) -> None:
        self._source_id = source_id
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in source_id)[:80]
        self.path = folder / f"{name}-{sha256(source_id.encode()).hexdigest()[:8]}.json"

    def load(self, aspect: float) -> CalibrationInfo | None:
        """What was kept about a picture of this shape (height / width); None if nothing was."""
        try:
            record = msgspec.json.decode(self.path.read_bytes(), type=_Record)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            log.warning("%s: the calibration kept there is not used (%s); it is learnt anew", self.path, error)
            return None
        if abs(record.aspect - aspect) > 0.01:
            return None
        camera = Camera(record.height_m, record.focal_w, record.tilt_rad)
        return CalibrationInfo(CalibrationState.CALIBRATED, camera, 1.0, record.calibrated)

    def save(self, known: CalibrationInfo, aspect: float) -> None:
        """Keep a calibration; whatever was kept before is replaced at once or not at all."""
        camera = known.camera
        if camera is None:
            return
        record = _Record(
            self._source_id, camera.height_m, camera.focal_w, camera.tilt_rad, aspect, known.calibrated_utc
        )
        fresh = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(msgspec.json.encode(record) + b"\n")
            fresh.replace(self.path)
        except OSError as error:
            log.warning("%s: the calibration is not kept (%s)", self.path, error.strerror or error)
