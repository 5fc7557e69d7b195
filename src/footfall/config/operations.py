"""Operation ids in every spelling -> Operation (spec/operations.md section 1, RULE 2)."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from footfall.config.section import shown
from footfall.core.options import InferenceForm

PREFIX = "cognitiveservices.vision.spatialanalysis"
NAMES = ("personcount", "personcrossingline", "personcrossingpolygon", "persondistance")
RECORDER = "videorecorder"
_OLD_PREFIX = "microsoft.computervision."
_GRPC_SUFFIXES = {
    ".livevideoanalytics": InferenceForm.LVA,
    ".azurevideoanalyzer": InferenceForm.AVA,
    ".azurevideoanalytics": InferenceForm.AVA,
}
_VEHICLE = ("vehiclecount", "vehicleinpolygon", "vehicleingpolygon", "personnexttomovingvehicle")
_INVENTED = {
    "personzonecount": "personcount",
    "zonecount": "personcount",
    "peoplecount": "personcount",
    "personzonedwelltime": "personcrossingpolygon",
    "persondwelltime": "personcrossingpolygon",
    "dwelltime": "personcrossingpolygon",
    "personzonecrossing": "personcrossingpolygon",
    "personcrossingzone": "personcrossingpolygon",
    "personzoneenterexit": "personcrossingpolygon",
    "personlinecrossing": "personcrossingline",
    "linecrossing": "personcrossingline",
    "socialdistancing": "persondistance",
    "peopledistance": "persondistance",
}
"""Names that never existed but are found in study notes and generated code, and what their authors want."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation id says."""

    name: str
    """One of `NAMES`, `RECORDER`, or empty for the generic operation."""
    debug: bool = False
    grpc: InferenceForm | None = None
    """Set where frames come in over gRPC: how the answers are worded."""


class UnknownOperation(ValueError):
    """No such operation; `cure` says which one to write."""

    def __init__(self, what: str, cure: str) -> None:
        self.what = what
        self.cure = cure
        super().__init__(f"{what}; {cure}")


class UnavailableOperation(UnknownOperation):
    """The operation existed, but this version does not have it."""


def parse_operation(operation_id: str) -> Operation:
    """Read an operation id, without case, with any suffixes.

    Raises:
        UnavailableOperation: vehicles.
        UnknownOperation: never existed.
    """
    word, debug, grpc = _without_suffixes("".join(operation_id.lower().split()))
    for prefix in (_OLD_PREFIX, f"{PREFIX}-", "cognitiveservices.vision.vehicleanalysis-"):
        name = word.removeprefix(prefix)
        if name != word:
            break
    else:
        name = "" if word == PREFIX else word.removeprefix("cognitiveservices.vision.")
    if word == PREFIX or (name in NAMES and (word != name or word in NAMES)):
        return Operation(name, debug, grpc)
    if name == RECORDER and word != name and not debug and grpc is None:
        return Operation(RECORDER)
    _refuse_unavailable(name, operation_id)
    raise UnknownOperation(f"there is no operation {shown(operation_id)}", _right_id(name))


def _without_suffixes(word: str) -> tuple[str, bool, InferenceForm | None]:
    debug, grpc = False, None
    while True:
        if word.endswith(".debug"):
            word, debug = word.removesuffix(".debug"), True
        elif word.endswith(tuple(_GRPC_SUFFIXES)):
            word, _, suffix = word.rpartition(".")
            grpc = _GRPC_SUFFIXES[f".{suffix}"]
        else:
            return word, debug, grpc


def _refuse_unavailable(name: str, operation_id: str) -> None:
    base = name.removesuffix("-preview").removesuffix(".cpu")
    if base in _VEHICLE:
        what = f"{shown(operation_id)} is a vehicle operation, which this version does not have"
        raise UnavailableOperation(what, "remove the graph, or set its enabled to false")


def _right_id(name: str) -> str:
    short = name.rpartition("-")[2]
    known = (*NAMES, RECORDER)
    near = [_INVENTED[short]] if short in _INVENTED else get_close_matches(short[:200], known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{PREFIX}-{near[0]}'?"
    return f"write '{PREFIX}' or '{PREFIX}-' followed by {', '.join(NAMES)}"
