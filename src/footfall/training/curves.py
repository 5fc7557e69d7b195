"""How a run went, as a picture."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt


def draw_curves(log: Path, out: Path, title: str) -> None:
    """Loss and held-out AP50 over the steps, from `progress.jsonl` to a PNG file."""
    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    steps = [row["step"] for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for name in ("score_loss", "box_loss"):
        left.plot(steps, [row[name] for row in rows], marker=".", label=name.replace("_", " "))
    left.set(xlabel="step", ylabel="loss", title=title)
    left.legend()
    right.plot(steps, [row["ap50"] for row in rows], marker=".", color="tab:green")
    right.set(xlabel="step", ylabel="AP50", title="held-out pictures", ylim=(0, 1))
    for axes in (left, right):
        axes.grid(visible=True, alpha=0.3)
    figure.savefig(out, dpi=100)
    plt.close(figure)
