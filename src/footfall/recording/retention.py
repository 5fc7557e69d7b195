"""Recordings that are too old are deleted, whether or not anybody records at the moment."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from footfall.core.media_time import ticks_of
from footfall.recording.asset import About, Asset, remove, segments_of
from footfall.recording.sink import reason_of

log = logging.getLogger(__name__)


def prune(assets: Path, now: datetime) -> int:
    """Delete segments older than their asset says, and assets of which nothing is left; how many segments there were.

    Assets that are being written are left to who writes them. What cannot be deleted is told in the log.

    Raises:
        OSError: the folder cannot be read.
    """
    count = 0
    for folder in sorted(assets.iterdir()):
        about = About.read(folder)
        if about is not None and about.retention_days is not None:
            limit = ticks_of(now - timedelta(days=about.retention_days))
            try:
                count += _prune(folder, about, limit)
            except OSError as error:
                log.info("%s: old segments stay: %s", folder, reason_of(error))
    return count


def _prune(folder: Path, about: About, limit_ticks: int) -> int:
    if not any(one.end_ticks < limit_ticks for one in segments_of(folder)):
        return 0
    asset = Asset(folder, about)
    count = asset.forget_before(limit_ticks)
    asset.close()
    if count:
        log.info("%s: deleted %d segments older than %d days", folder, count, about.retention_days)
    if count and not asset.segments:
        remove(folder)
    return count
