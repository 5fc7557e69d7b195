"""The model card: all that must be known to run a model file, and to be allowed to."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from footfall.core.errors import ConfigError, Problem
from footfall.detect.imaging import InputSpec

Label: TypeAlias = Literal["person", "face", "face_mask", "face_nomask"]
DecoderName: TypeAlias = Literal[
    "motion",
    "ltrb",
    "yolox",
    "nanodet",
    "nanodet-plus",
    "fastestdet",
    "yunet",
    "ssd",
    "rows",
    "dense",
    "detr",
    "queries",
    "rfb",
    "exported",
]
Backend: TypeAlias = Literal["onnxruntime", "openvino"]
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class ModelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a model."""

    name: str
    sha256: tuple[str, ...]
    """Lower-case hex. The first is what `url` gives; further ones are other exports of the same weights.

    Empty where everybody exports the file anew: whoever pulls it must then confirm its checksum.
    """
    size_bytes: tuple[int, ...] = ()
    """One size per checksum; empty where unknown."""
    url: str = ""
    """Where the project publishes it; empty for our own, and where no lasting address is known."""
    backend: Backend | None = None
    """What runs it; None: what its suffix says. Files that name a backend are alternatives, the best first."""

    def __post_init__(self) -> None:
        if not _PLAIN_NAME.fullmatch(self.name):
            raise ValueError(f"a file name of letters, digits, dots, dashes is needed, not {self.name!r}")
        if any(not re.fullmatch("[0-9a-f]{64}", digest) for digest in self.sha256):
            raise ValueError(f"{self.name}: sha256 must be 64 lower-case hex digits")
        if self.size_bytes and len(self.size_bytes) != len(self.sha256):
            raise ValueError(f"{self.name}: give one size_bytes per sha256, or none")


class ModelCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name, origin, licence, input, decoder and thresholds of one model."""

    decoder: DecoderName
    input: InputSpec
    labels: tuple[Label, ...]
    """What the detections mean: `Detections.label` is a position in this tuple."""
    classes: tuple[int, ...]
    """The network's class number for each label."""
    name: str = ""
    title: str = ""
    licence: str = "unknown"
    source: str = ""
    """The project's home page; empty for our own."""
    files: tuple[ModelFile, ...] = ()
    """The first whose backend is installed is the one to open."""
    min_score: float = 0.1
    """Detections below are dropped; low on purpose: a tracker can use weak ones."""
    confident_score: float = 0.5
    """From here on a detection alone is worth believing: about 0.8 precision on everyday pictures."""
    nms_iou: float = 0.5
    notes: str = ""
    origin: Literal["shipped", "side-car", "guessed"] = "side-car"
    """How we know: from a card in the package, from a file beside the model, or from the shapes of its outputs."""

    def __post_init__(self) -> None:
        if self.name and not _PLAIN_NAME.fullmatch(self.name):
            raise ValueError(f"a name of letters, digits, dots, dashes is needed, not {self.name!r}")
        if not self.labels or len(self.labels) != len(self.classes) or min(self.classes) < 0:
            raise ValueError("give one class number >= 0 per label, and at least one label")
        if "person" in self.labels[1:]:
            raise ValueError("name person first among the labels: trackers follow the first")
        if not (0.0 <= self.min_score <= 1.0 and 0.0 <= self.confident_score <= 1.0 and 0.0 < self.nms_iou <= 1.0):
            raise ValueError("min_score, confident_score and nms_iou lie between 0 and 1")


def parse_card(text: str, file: str, origin: Literal["shipped", "side-car"] = "side-car") -> ModelCard:
    """A card from TOML text; `file` names it in errors.

    Raises:
        ConfigError: not TOML, a key is unknown, missing, or has a wrong value.
    """
    try:
        return msgspec.convert({**tomllib.loads(text), "origin": origin}, ModelCard)
    except tomllib.TOMLDecodeError as error:
        problem = Problem(file, "$", f"is not TOML: {error}", "mend that line; docs/reference/models.md shows a card")
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at ")
        cure = "correct the card; docs/reference/models.md lists every key"
        problem = Problem(file, path.strip("`") or "$", what, cure)
    raise ConfigError([problem])


def plain_name(path: Path) -> str:
    """A file's name as a model's name."""
    return re.sub(r"[^A-Za-z0-9._-]|^[^A-Za-z0-9]", "-", path.stem).lstrip("-._")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as lower-case hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
