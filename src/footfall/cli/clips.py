"""`--clips`: the camera's own video around every event."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from footfall.cli.numbers import above_zero
from footfall.config.plan import GraphPlan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Packet
from footfall.engine.clock import SystemClock
from footfall.engine.items import Happened
from footfall.ingest.masks import check_recordable
from footfall.recording.event_clips import ClipRecorder, Tally
from footfall.recording.folder import ClipFolder
from footfall.recording.gate import GateSettings
from footfall.recording.sink import Keeping
from footfall.recording.thread import RecordingThread
from footfall.runtime.options import Taps
from footfall.spatial.insights import Counted, DistanceMeasured, Insight
from footfall.spatial.regions import Trigger
from footfall.vault.keys import KeyRing, keys_of
from footfall.vault.sealed import SUFFIX

log = logging.getLogger(__name__)

BEFORE_S: Final = 5.0
AFTER_S: Final = 10.0
LONGEST_S: Final = 60.0
PATIENCE_S: Final = 60.0
"""For the last clips to reach a slow disk."""
LONGEST_DAYS: Final = 3650
SHAPING: Final = (
    "--clip-before",
    "--clip-after",
    "--clip-longest",
    "--clips-most-mib",
    "--clips-days",
    "--clips-keys",
)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ClipsWish:
    """What the command line asks for."""

    folder: Path
    gate: GateSettings
    most_bytes: int | None = None
    most_days: int | None = None
    keys: KeyRing | None = None
    media_time: bool = False
    """Name clips by the epoch plus the time in the video."""


def add_clips(parser: argparse.ArgumentParser) -> None:
    """--clips and what shapes them."""
    group = parser.add_argument_group("clips of events (they store pictures)")
    group.add_argument("--clips", metavar="FOLDER", help="write the camera's own video around every event, as MP4")
    group.add_argument("--clip-before", type=seconds, metavar="S", help="begin S seconds before (0 to 60, default 5)")
    group.add_argument("--clip-after", type=seconds, metavar="S", help="go on S seconds after the last (default 10)")
    group.add_argument(
        "--clip-longest", type=seconds, metavar="S", help="end at most S seconds after the first event (default 60)"
    )
    group.add_argument(
        "--clips-most-mib", type=above_zero, metavar="N", help="delete a camera's oldest clips beyond N MiB"
    )
    group.add_argument("--clips-days", type=whole_days, metavar="N", help="delete clips that are older than N days")
    group.add_argument(
        "--clips-keys", metavar="FILE", help="seal clips with the first key in FILE (footfall footage key)"
    )


def whole_days(text: str) -> int:
    """A number of days from 1 on."""
    try:
        days = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days") from error
    if not 1 <= days <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"{days} is out of range: give 1 to {LONGEST_DAYS}")
    return days


def seconds(text: str) -> float:
    """A number of seconds from 0 on."""
    return 0.0 if text.strip() in {"0", "0.0"} else above_zero(text)


def clips_wish(args: argparse.Namespace) -> ClipsWish | None:
    """What the options ask for; None without --clips.

    Raises:
        ConfigError: durations that do not go together, or options without --clips.
    """
    if args.clips is None:
        for option in SHAPING:
            if getattr(args, option[2:].replace("-", "_")) is not None:
                raise ConfigError([Problem("command line", option, "has no --clips to shape", "give --clips FOLDER")])
        return None
    before_s = BEFORE_S if args.clip_before is None else args.clip_before
    after_s = AFTER_S if args.clip_after is None else args.clip_after
    longest_s = max(LONGEST_S, after_s) if args.clip_longest is None else args.clip_longest
    if before_s > 60.0:
        raise out_of_range("--clip-before", before_s, "0 to 60")
    if not 1.0 <= after_s <= 3600.0:
        raise out_of_range("--clip-after", after_s, "1 to 3600")
    if not after_s <= longest_s <= 3600.0:
        raise out_of_range("--clip-longest", longest_s, f"{after_s:g} (--clip-after) to 3600")
    most_bytes = None if args.clips_most_mib is None else int(args.clips_most_mib * 2**20)
    keys = keys_of(os.environ, args.clips_keys)
    gate = GateSettings(-before_s, after_s, longest_s)
    return ClipsWish(Path(args.clips), gate, most_bytes, args.clips_days, keys, args.media_time)


def out_of_range(option: str, value_s: float, allowed: str) -> ConfigError:
    """What is wrong with a duration."""
    return ConfigError([Problem("command line", option, f"{value_s:g} seconds are out of range", f"give {allowed}")])


class EventClips:
    """The recorders of all cameras.

    Args:
        wish: What is asked for.
        names: The cameras that run, and what their clips are called.

    Raises:
        ConfigError: the folder cannot be made or written; a camera has no video of its own, or privacy masks.
    """

    def __init__(self, wish: ClipsWish, names: Sequence[tuple[GraphPlan, str]]) -> None:
        self._media_time = wish.media_time
        self._recorders: dict[str, ClipRecorder] = {}
        self._threads: dict[str, RecordingThread] = {}
        self.is_whole = True
        """Whether every clip was written."""
        for graph, name in names:
            if graph.extension is not None:
                what, cure = "its frames come over gRPC, already decoded", "record where the camera is read"
                raise ConfigError([Problem(graph.id, "--clips", what, cure)])
            check_recordable(graph.spec(SourceSpec), "--clips")
            try:
                folder = ClipFolder(wish.folder, name, wish.most_bytes, SUFFIX if wish.keys else "")
            except OSError as error:
                what, cure = f"cannot write: {error.strerror or error}", "name a folder that is yours, or can be made"
                raise ConfigError([Problem(str(wish.folder), "--clips", what, cure)]) from error
            source_id = graph.spec(SourceSpec).source_id
            keeping = Keeping(wish.keys, wish.most_days)
            recorder = self._recorders[graph.id] = ClipRecorder(source_id, folder, wish.gate, keeping)
            self._threads[graph.id] = RecordingThread(source_id, recorder, SystemClock()).start()

    def taps(self, graph: GraphPlan, taps: Taps) -> Taps:
        """The same observers, and those of the clips."""
        thread, recorder = self._threads[graph.id], self._recorders[graph.id]
        return replace(
            taps,
            on_happened=beside(taps.on_happened, lambda item: follow(thread, recorder, item)),
            on_packet=(lambda packet: thread.packet(media_dated(packet))) if self._media_time else thread.packet,
            on_life=thread.life,
        )

    def close(self) -> Tally:
        """Finish all clips; how many there are."""
        total = Tally()
        for graph_id, thread in self._threads.items():
            if not thread.close(PATIENCE_S):
                log.warning("%s: the last clip could not be finished", graph_id)
                self.is_whole = False
            tally = self._recorders[graph_id].tally
            total.clips += tally.clips
            total.size_bytes += tally.size_bytes
            total.failures += tally.failures
            self.is_whole = self.is_whole and not thread.left_out
        self.is_whole = self.is_whole and not total.failures
        return total


def beside(first: Callable[[object], None] | None, second: Callable[[object], None]) -> Callable[[object], None]:
    """Both look at every item, one after the other."""

    def look(item: object) -> None:
        if first is not None:
            first(item)
        second(item)

    return look


def follow(thread: RecordingThread, recorder: ClipRecorder, item: object) -> None:
    """Tell the recorder how far the analysis is, and what happened."""
    assert isinstance(item, Happened)
    events_s = [insight.t_s for insight in item.insights if is_occasion(insight)]
    thread.do(partial(recorder.reach, item.observed.t_s, events_s), can_wait=not events_s)


def is_occasion(insight: Insight) -> bool:
    """Whether something happened, as opposed to a figure that is sent again and again."""
    return not (isinstance(insight, Counted | DistanceMeasured) and insight.trigger is Trigger.INTERVAL)


def media_dated(packet: Packet) -> Packet:
    """The packet, dated by the time in the video."""
    return replace(packet, utc=EPOCH + timedelta(seconds=packet.t_s))


def in_words(tally: Tally) -> str:
    """`3 clips, 12.4 MiB`."""
    words = f"{tally.clips} clip{'' if tally.clips == 1 else 's'}, {tally.size_bytes / 2**20:.1f} MiB"
    return f"{words}; {tally.failures} could not be written" if tally.failures else words
