"""What several keys of one object must agree on. A value that is still a parameter is looked at once it is put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from footfall.mediagraph.flaws import Check, Path
from footfall.mediagraph.scalars import duration_s

if TYPE_CHECKING:
    from footfall.mediagraph.shapes import Declared, Reader

WINDOW_S: Final = 1.0
OFFSET_S: Final = 0.0
MINIMUM_S: Final = 30.0
"""What a gate does where it is not told (spec/recording.md section 2.1); the maximum is the minimum then."""
SHORTEST_S, LONGEST_S = 1.0, 3600.0


def check_gate(gate: Declared, path: Path, reader: Reader) -> None:
    """Something must be left to record (RULE R14)."""
    offset_s = _seconds(gate, "activationSignalOffset", OFFSET_S)
    minimum_s = _seconds(gate, "minimumActivationTime", MINIMUM_S)
    maximum_s = _seconds(gate, "maximumActivationTime", minimum_s)
    if minimum_s is not None and maximum_s is not None and maximum_s < minimum_s:
        where = (*path, "maximumActivationTime")
        reader.note(Check.VALUES, where, "is shorter than minimumActivationTime", "write at least as much")
    if minimum_s is not None and offset_s is not None and minimum_s <= offset_s:
        where = (*path, "activationSignalOffset")
        what = "lets a recording start when the gate closes: nothing would be recorded"
        reader.note(Check.VALUES, where, what, "write less than minimumActivationTime")


def check_scale(scale: Declared, path: Path, reader: Reader) -> None:
    """Padding and stretching need the whole size; keeping the aspect ratio needs one side of it."""
    mode = str(scale.get("mode", "Pad")).lower()
    sides = [side for side in ("width", "height") if side in scale]
    least = 1 if mode == "preserveaspectratio" or "${" in mode else 2
    if len(sides) < least:
        reader.note(Check.REQUIRED, path, "does not say how large pictures are", "add width and height")


def check_shared_memory(transfer: Declared, path: Path, reader: Reader) -> None:
    """The size of the shared memory is given where there is some."""
    mode = str(transfer.get("mode", "")).lower()
    where = (*path, "sharedMemorySizeMiB")
    if mode == "sharedmemory" and "sharedMemorySizeMiB" not in transfer:
        reader.note(Check.REQUIRED, where, "is missing", "say how much memory frames may take, such as 5")
    if mode == "embedded" and "sharedMemorySizeMiB" in transfer:
        reader.note(Check.VALUES, where, "is not for Embedded", "remove it, or write SharedMemory")


def check_file_sink(sink: Declared, path: Path, reader: Reader) -> None:
    """One of both ways to say where files go; the name of API 2.0 has a variable, so that every file gets a new one."""
    if "filePathPattern" in sink:
        return
    for key in ("baseDirectoryPath", "fileNamePattern", "maximumSizeMiB"):
        if key not in sink:
            reader.note(Check.REQUIRED, (*path, key), "is missing", "add it, or write filePathPattern in place of all")
    pattern = str(sink.get("fileNamePattern", "${System."))
    if "${System." not in pattern and (reader.is_substituted or "${" not in pattern):
        what = "would be the same for every recording"
        where = (*path, "fileNamePattern")
        reader.note(Check.VALUES, where, what, "add a system variable such as ${System.DateTime}")


def _seconds(gate: Declared, key: str, default_s: float | None) -> float | None:
    """A duration of a gate; None: not known yet, or wrong."""
    return duration_s(str(gate[key])) if key in gate else default_s
