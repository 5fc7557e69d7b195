"""What proves an iteration, kept beside its model: the truth that was learned, and what was told when held out."""

from __future__ import annotations

import msgspec
import numpy as np
from msgspec import Struct

from footfall.customvision.training.job_words import Sample, unpacked
from footfall.learning.lesson import Example, HeldOut


class Evidence(Struct, frozen=True):
    """All plain data."""

    samples: tuple[Sample, ...]
    held_out: bytes
    """As `job_words.packed`."""
    notes: dict[str, str]

    def examples(self) -> tuple[Example, ...]:
        """The truth."""
        return tuple(
            Example(sample.id, sample.labels, np.array(sample.boxes_xyxy_n, np.float32).reshape(-1, 4))
            for sample in self.samples
        )

    def told(self) -> HeldOut:
        """What models said that had not seen the picture."""
        return unpacked(self.held_out)


def packed_evidence(evidence: Evidence) -> bytes:
    """To be sealed."""
    return msgspec.msgpack.encode(evidence)


def unpacked_evidence(data: bytes) -> Evidence:
    """Back.

    Raises:
        msgspec.DecodeError: it is something else.
    """
    return msgspec.msgpack.decode(data, type=Evidence)
