"""A recipe: everything that decides what a trained network becomes, in one TOML file."""

from __future__ import annotations

import tomllib
from typing import Literal

import msgspec

from footfall.core.errors import ConfigError, Problem


class SetSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set of pictures: the data manifest, item by item."""

    folder: str
    """Below the data folder; holds `annotations.json` (COCO), or Pascal VOC .xml files beside the pictures."""
    licence: str
    """As its carrier states it."""
    source: str = ""
    """Where it came from."""
    weight: float = 1.0
    """How often its pictures are drawn, relative to their number."""
    hold_out: tuple[str, ...] = ()
    """Pictures whose `source` or file name contains one of these are never trained on; `*` holds out the whole set."""
    leave_out: tuple[str, ...] = ()
    """The same for pictures that are used for nothing: copies of held-out or test pictures."""
    made: bool = False
    """Pictures that are made, not given: they may be missing, and their truth is exact, so that no teacher is asked."""
    web: bool = False
    """Collected from the web."""


class NetworkSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Size of the network; see `network.Detector`."""

    widths: tuple[int, int, int, int, int] = (16, 32, 64, 128, 192)
    """Channels at strides 2, 4, 8, 16, 32."""
    depths: tuple[int, int, int, int] = (0, 1, 2, 2)
    """Residual blocks at strides 4, 8, 16, 32."""
    neck: int = 64
    """Channels of the pyramid and the head."""


class AugmentSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How pictures are changed; shares are probabilities from 0 to 1."""

    mosaic: float = 0.5
    """Share of inputs put together from four or nine pictures."""
    scale: tuple[float, float] = (0.6, 1.6)
    """Size of the picture, relative to filling its place."""
    rotate_deg: float = 6.0
    mirror: float = 0.5
    colour: float = 0.8
    grey: float = 0.12
    night: float = 0.12
    blur: float = 0.15
    coarse: float = 0.15
    """Scaled down and up again, as a far person is."""
    noise: float = 0.2
    compress: float = 0.2
    occlude: float = 0.2
    """Furniture before somebody's legs."""
    lens: float = 0.1
    """Barrel distortion."""
    paste: float = 0.0
    """A person cut out of another picture; only where label 0 is a whole person."""


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One training run."""

    name: str
    labels: tuple[str, ...]
    sets: tuple[SetSpec, ...]
    categories: dict[str, str] = {}
    """The truth's name of a category -> our label, or `ignore`: neither right nor wrong. Others are left out."""
    network: NetworkSpec = NetworkSpec()
    augment: AugmentSpec = AugmentSpec()
    teachers: tuple[str, ...] = ()
    """Model files below the models folder whose outputs label what is not labelled."""
    teachers_look_closer: bool = True
    """They look at tiles as well, for small people."""
    sure_score: float = 0.45
    """From here on a teacher's box is a label; down to `doubt_score` it is neither right nor wrong."""
    doubt_score: float = 0.15
    seed: int = 1
    steps: int = 10_000
    batch: int = 32
    sizes_px: tuple[int, ...] = (256, 320, 384, 416)
    """Input side, another one for every batch."""
    test_size_px: int = 416
    learning_rate: float = 2e-3
    warm_up_steps: int = 300
    decay_share: float = 0.3
    """Last share of the steps, in which the learning rate falls to nothing."""
    weight_decay: float = 0.03
    average: float = 0.999
    """Decay per step of the running mean of the weights, which is what is shipped."""
    precision: Literal["fp32", "bf16"] = "bf16"
    test_every: int = 500
    test_pictures: int = 400
    """At most so many held-out pictures are looked at between two tests, evenly spread."""


def parse_recipe(text: str, file: str) -> Recipe:
    """A recipe from TOML text; `file` names it in errors.

    Raises:
        ConfigError: not TOML, or a key is unknown, missing, or has a wrong value.
    """
    try:
        return msgspec.convert(tomllib.loads(text), Recipe)
    except tomllib.TOMLDecodeError as error:
        problem = Problem(
            file, "$", f"is not TOML: {error}", "mend that line; `footfall train --help` names an example"
        )
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at ")
        problem = Problem(file, path.strip("`") or "$", what, "correct it; docs/reference/recipes.md lists every key")
    raise ConfigError([problem])
