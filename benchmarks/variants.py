"""What is compared: bare decoding, and the whole pipeline with one detector or another."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import av

import footfall.cli.run  # noqa: F401 - loading it costs every variant the same
from footfall.cli.main import main as command

LINE, ZONE = "--line=hall=0.1,0.6,0.9,0.6", "--zone=floor=0.1,0.4;0.9,0.4;0.9,0.95;0.1,0.95"


def main(arguments: Sequence[str]) -> None:
    """`decode CLIP` or `pipeline CLIP MODEL`."""
    variant, clip, *model = arguments
    if variant == "decode":
        decode(clip)
    elif command(["run", clip, LINE, ZONE, "--no-progress", "--sink=jsonl:/dev/null", f"--model={model[0]}"]):
        sys.exit("footfall run failed")


def decode(clip: str) -> None:
    """Decode every frame, convert none."""
    with av.open(clip) as container:
        container.streams.video[0].thread_type = "AUTO"
        for _frame in container.decode(video=0):
            pass
