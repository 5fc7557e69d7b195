"""How much of everything there may be (spec/custom-vision.md 4)."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Defaults are those of the paid tier, where the spec has no reason for others."""

    projects: int = 100
    images_per_project: int = 100_000
    tags_per_project: int = 500
    iterations_per_project: int = 20
    tags_per_image: int = 100
    regions_per_image: int = 300
    regions_per_prediction: int = 200
    images_per_tag_classification: int = 5
    """Fewest that are enough to train."""
    images_per_tag_detection: int = 15
    training_image_bytes: int = 6 * _MIB
    prediction_image_bytes: int = 4 * _MIB
    longest_side_px: int = 10_240
    aspect: float = 25.0
    """Longer side over shorter side, at most."""
    batch_images: int = 64
    batch_tags: int = 20
    batch_regions: int = 64
    batch_prediction_ids: int = 64
    batch_image_ids: int = 256
    take: int = 256
    body_bytes: int = 128 * _MIB
    metadata_pairs: int = 10
    metadata_key: int = 128
    """Characters."""
    metadata_value: int = 256
    name: int = 256
    description: int = 4096
    prediction_days: int = 30
    """How long predictions are kept that nobody trains with; 0: never."""
