"""Deleting recordings: gone from the disk first, then written into the audit log, on a full disk, too."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from footfall.access.audit import Audit
from footfall.core.errors import SinkUnavailable
from footfall.recording.sink import reason_of
from footfall.vault.part import sync_folder
from footfall.web.clips import Clip
from footfall.web.security_refusals import Refused

log = logging.getLogger(__name__)


def delete(found: Sequence[Clip], audit: Audit, author: str, address: str) -> list[Clip]:
    """Delete clips; those that have gone by this, not those that somebody else has deleted meanwhile.

    What is deleted with a key of its own goes with it: nothing is opened, so no keys are needed. Who plays a clip at
    the moment plays it to its end.

    Raises:
        Refused: some cannot be deleted; the rest has gone.
    """
    gone: list[Clip] = []
    kept: list[str] = []
    for clip in found:
        try:
            clip.file.unlink()
            gone.append(clip)
        except FileNotFoundError:
            continue
        except OSError as error:
            kept.append(reason_of(error))
            log.error("%s cannot be deleted: %s", clip.file, reason_of(error))  # noqa: TRY400 - the cause is in the line
    _bring_to_disk(gone)
    _note(gone, audit, author, address)
    if kept:
        raise Refused(503, "not-deleted", f"{len(kept)} of {len(found)} recordings cannot be deleted: {kept[0]}")
    return gone


def _bring_to_disk(gone: Sequence[Clip]) -> None:
    """What has gone does not come back when the power fails."""
    for folder in {clip.file.parent for clip in gone}:
        try:
            sync_folder(folder)
        except OSError as error:
            log.warning("%s: what was deleted may come back if the power fails: %s", folder, reason_of(error))


def _note(gone: Sequence[Clip], audit: Audit, author: str, address: str) -> None:
    """An entry for each camera; it is done, whether it can be written down or not."""
    for camera, some in groupby(sorted(gone, key=attrgetter("camera", "begin")), attrgetter("camera")):
        clips = list(some)
        what = {
            "camera": camera,
            "count": len(clips),
            "begin": clips[0].begin.isoformat(),
            "end": max(clip.end for clip in clips).isoformat(),
            "address": address,
        }
        try:
            audit.record("recordings-deleted", author, what | ({"id": clips[0].id} if len(clips) == 1 else {}))
        except SinkUnavailable:
            log.error("recordings-deleted by %s is not in the audit log: it cannot be written", author)  # noqa: TRY400
