"""Which models we know, where their files lie, and the card of a file somebody gives us."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import msgspec

from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.detect.card import ModelCard, ModelFile, parse_card, plain_name, sha256_of

MOTION = "motion"
"""The detector that is built in: no file, no download."""

WEIGHTS = Path(str(resources.files("footfall"))) / "models"
"""Our own weights: part of the package."""


class FileState(Enum):
    """What `verify` found."""

    OK = "ok"
    MISSING = "missing"
    PARTIAL = "partly downloaded"
    WRONG = "wrong checksum"
    UNCONFIRMED = "checksum not confirmed"


@dataclass(frozen=True, slots=True)
class Verified:
    """One file of one model, checked."""

    model: str
    path: Path
    state: FileState

    @property
    def is_shipped(self) -> bool:
        """Whether the file came with the package."""
        return self.path.parent == WEIGHTS


@cache
def list_models() -> tuple[ModelCard, ...]:
    """Cards of all models shipped with the package, by name."""
    texts = {
        entry.name: entry.read_text("utf-8")
        for entry in (resources.files("footfall.detect") / "cards").iterdir()
        if entry.name.endswith(".toml")
    }
    return tuple(parse_card(texts[name], name, "shipped") for name in sorted(texts))


def find_card(name: str) -> ModelCard:
    """The shipped card of that name.

    Raises:
        ConfigError: no such model.
    """
    for card in list_models():
        if card.name == name:
            return card
    known = ", ".join(card.name for card in list_models())
    raise ConfigError([Problem("--model", name, "no such model", f"take one of {known}, or the path of a model file")])


def file_path(card: ModelCard, file: ModelFile, folder: Path) -> Path:
    """Where a file of a model lies: in the package if it came with it, else `folder/<model>/<file>`."""
    ours = WEIGHTS / file.name
    return ours if not card.source and ours.is_file() else folder / card.name / file.name


def file_to_open(card: ModelCard) -> ModelFile:
    """The first of the card's files whose backend is installed.

    Raises:
        ConfigError: the model is built in, without files.
    """
    for file in card.files:
        if file.backend is None or find_spec(file.backend) is not None:
            return file
    raise ConfigError([Problem("--model", card.name, "is built in and has no file", "use it by its name")])


def path(name: str, folder: Path) -> Path:
    """The file to open for a model, whether or not it is there yet.

    Raises:
        ConfigError: no such model, or one without files.
    """
    card = find_card(name)
    return file_path(card, file_to_open(card), folder)


def require(card: ModelCard, folder: Path) -> Path:
    """The file to open for a model, after all of its files were checked.

    Raises:
        ConfigError: a model without files.
        DetectorError: a file is not there or has a wrong checksum.
    """
    opened = file_to_open(card)
    for file in card.files if opened.backend is None else (opened,):
        target = file_path(card, file, folder)
        state = _state(target, file)
        if state is not FileState.OK:
            cure = f"get it with `footfall models pull {card.name}`" if card.source else "install footfall again"
            raise DetectorError(f"{card.name}: {target}: {state.value}; {cure}")
    return file_path(card, opened, folder)


def verify(folder: Path) -> list[Verified]:
    """Check every file of every model we know against its checksum."""
    return [
        Verified(card.name, target, _state(target, file))
        for card in list_models()
        for file in card.files
        for target in [file_path(card, file, folder)]
    ]


def _state(target: Path, file: ModelFile) -> FileState:
    if not target.is_file():
        return FileState.PARTIAL if part_of(target).exists() else FileState.MISSING
    accepted = digests(target, file)
    if not accepted:
        return FileState.UNCONFIRMED
    return FileState.OK if sha256_of(target) in accepted else FileState.WRONG


def digests(target: Path, file: ModelFile) -> tuple[str, ...]:
    """The checksums a file may have: the card's, or the one that was confirmed when it was pulled."""
    if file.sha256 or not confirmed_of(target).is_file():
        return file.sha256
    return (confirmed_of(target).read_text("ascii", errors="replace").strip(),)


def confirmed_of(target: Path) -> Path:
    """Where the checksum is kept that the user confirmed, of a file whose card knows none."""
    return target.with_name(target.name + ".sha256")


def part_of(target: Path) -> Path:
    """Where a download is kept until it is complete and its checksum is right."""
    return target.with_name(target.name + ".part")


def card_by_checksum(model: Path) -> ModelCard | None:
    """The shipped card that lists this very file, whatever it is called here.

    The checksum of an OpenVINO model is that of its .xml; the .bin beside it goes with it.
    """
    digest = sha256_of(model)
    for card in list_models():
        if any(digest in file.sha256 for file in card.files):
            return card
    return None


def card_beside(model: Path) -> ModelCard | None:
    """The side-car `NAME.toml` of `NAME.onnx`, if there is one; it is called after the file unless it says otherwise.

    Raises:
        ConfigError: the side-car is wrong.
    """
    beside = model.with_suffix(".toml")
    try:
        text = beside.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        cure = "make it a readable UTF-8 text file, or remove it"
        raise ConfigError([Problem(str(beside), "$", f"cannot be read: {error}", cure)]) from error
    card = parse_card(text, str(beside))
    return card if card.name else msgspec.structs.replace(card, name=plain_name(model))
