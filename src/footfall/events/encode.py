"""Insights -> Azure event bodies -> messages: the last step before a sink."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from footfall.core.options import EventSpec
from footfall.core.types import Message, Observed
from footfall.events import wire
from footfall.events.calibration import CalibrationInfo, calibration_body, camera_info
from footfall.events.detections import Appearance, detection_1, detection_2
from footfall.events.figures import timestamp
from footfall.events.happenings import Happening, happening
from footfall.events.ids import wire_id
from footfall.spatial.calibration.placement import Placement
from footfall.spatial.insights import Insight

CameraInfo: TypeAlias = wire.CameraCalibrationInfo | UnsetType
DETECTION = {"2.0": detection_2, "1.0": detection_1}
PROPERTIES = {"content-type": "application/json", "encoding": "utf-8"}
"""RULE E6: lets hub routing query the body."""


class EventEncoder:
    """Words the insights of one camera.

    Args:
        source_id: VIDEO_SOURCE_ID, the topic of every message.
        spec: the form of the events.
        new_id: gives 32 lower-case hex digits, another one at each call.

    Raises:
        ValueError: the spec names a schema, timestamp mode or axes that do not exist.
    """

    def __init__(self, source_id: str, spec: EventSpec, new_id: Callable[[], str]) -> None:
        _require("schema", spec.schema, DETECTION)
        _require("timestamp_mode", spec.timestamp_mode, ("captured", "emitted"))
        _require("ground_axes", spec.ground_axes, ("data", "prose"))
        self._source_id = source_id
        self._spec = spec
        self._new_id = new_id

    def encode(
        self, insights: Sequence[Insight], observed: Observed, calibration: CalibrationInfo, now_utc: datetime
    ) -> list[Message]:
        """Messages for what one frame made known, in order of the insights.

        `observed` gives the frame size and ties stream time to UTC: an insight of an earlier moment is dated back.
        """
        fresh_ids: defaultdict[tuple[str, int], str] = defaultdict(self._new_id)
        messages = []
        for group in self._groups(happening(insight, intervals=self._spec.intervals) for insight in insights):
            utc = self._utc(group[0].t_s, observed, now_utc)
            info: CameraInfo = camera_info(calibration, observed.size_px[0]) if self._tells_camera(group) else UNSET
            source = self._source(utc, observed.size_px, str(group[0].frame), info)
            messages.append(self._message(group, source, utc, fresh_ids))
        return messages

    def encode_calibration(
        self, calibration: CalibrationInfo, placement: Placement | None, observed: Observed, now_utc: datetime
    ) -> Message:
        """The `cameraCalibrationEvent`; without zone placement that part is left out."""
        utc = self._utc(observed.t_s, observed, now_utc)
        source = self._source(utc, observed.size_px, observed.frame, UNSET)
        body = calibration_body(source, calibration, placement, self._spec.ground_axes)
        return self._sealed(self._new_id(), utc, body)

    def _groups(self, happenings: Iterable[Happening]) -> list[list[Happening]]:
        """One event per message, or all of a frame (RULE 20)."""
        if not self._spec.batch_events_per_frame:
            return [[one] for one in happenings]
        groups: defaultdict[int, list[Happening]] = defaultdict(list)
        for one in happenings:
            groups[one.frame].append(one)
        return list(groups.values())

    def _message(
        self, group: Sequence[Happening], source: wire.SourceInfo, utc: datetime, fresh_ids: dict[tuple[str, int], str]
    ) -> Message:
        event_ids = [self._new_id() for _ in group]
        seen = _appearances(group, fresh_ids)
        events = tuple(
            wire.Event(
                id=event_id,
                type=one.type,
                detection_ids=tuple(seen[person.track_id].id for person in one.people),
                properties=one.properties,
                zone=one.zone,
                trigger=one.trigger,
            )
            for event_id, one in zip(event_ids, group, strict=True)
        )
        detection = DETECTION[self._spec.schema]
        detections = tuple(detection(appearance, self._spec) for appearance in seen.values())
        body = wire.EventMessage(
            events=events, source_info=source, detections=detections, schema_version=self._spec.schema
        )
        return self._sealed(event_ids[0], utc, body)

    def _source(
        self, utc: datetime, size_px: tuple[int, int], frame_id: str | int, info: CameraInfo
    ) -> wire.SourceInfo:
        return wire.SourceInfo(
            id=self._source_id,
            timestamp=timestamp(utc),
            width=size_px[0],
            height=size_px[1],
            frame_id=frame_id,
            camera_calibration_info=info,
            image_path="",
        )

    def _tells_camera(self, group: Sequence[Happening]) -> bool:
        """RULE E2: count and distance tell it, the others only if asked to."""
        return self._spec.always_calibration_info or any(not one.tracked for one in group)

    def _utc(self, t_s: float, observed: Observed, now_utc: datetime) -> datetime:
        """RULE 21."""
        if self._spec.timestamp_mode == "emitted":
            return now_utc
        return observed.utc - timedelta(seconds=observed.t_s - t_s)

    def _sealed(self, key: str, utc: datetime, body: wire.EventMessage | wire.CalibrationMessage) -> Message:
        return Message(self._source_id, msgspec.json.encode(body), key, utc, PROPERTIES)


def _appearances(group: Sequence[Happening], fresh_ids: dict[tuple[str, int], str]) -> dict[str, Appearance]:
    """Everybody of a message once, by track; a person of several events is told as fully as any of them allows."""
    tracked = {person.track_id for one in group if one.tracked for person in one.people}
    masked = {person.track_id for one in group if one.masked for person in one.people}
    return {
        person.track_id: Appearance(
            person,
            wire_id(person.track_id) if person.track_id in tracked else fresh_ids[person.track_id, person.frame],
            person.track_id in tracked,
            person.track_id in masked,
        )
        for one in group
        for person in one.people
    }


def _require(name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} {value!r} does not exist: choose one of {', '.join(allowed)}")
