"""Which cell answers for which box, and how wrong it is.

Cells are chosen by how well they score and fit at the same time (Feng et al. 2021, "TOOD": task-aligned learning); the
score learns the overlap that its box reaches, by plain cross entropy: with a focal factor few pictures teach it too
little of the background (tried); boxes learn the generalised overlap (Rezatofighi et al. 2019, "GIoU").
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from footfall.training.network import flatten, to_xyxy

CELLS_PER_BOX = 10
SCORE_POWER, OVERLAP_POWER = 0.5, 4.0
LEAST_SIDE_PX = 12.0
"""Smaller boxes are answered for by cells around them: no cell's centre may lie inside."""
SCORE_WEIGHT, BOX_WEIGHT = 1.0, 5.0
TINY = 1e-9


class Truth(NamedTuple):
    """Boxes of a batch, padded to the longest picture's number, at least one."""

    xyxy_px: Tensor
    """(b, m, 4) float32."""
    label: Tensor
    """(b, m) int64; -1: padding, -2: neither right nor wrong."""


class Losses(NamedTuple):
    """Means over the batch."""

    total: Tensor
    score: Tensor
    box: Tensor


def detection_loss(maps: tuple[Tensor, ...], truth: Truth) -> Losses:
    """How far the network's maps are from the truth."""
    rows, centre, stride = flatten(maps)
    rows = rows.float()
    labels = rows.shape[2] - 4
    logits = rows[..., :labels]  # (b, n, labels)
    boxes = to_xyxy(rows[..., labels:], centre, stride)  # (b, n, 4)
    target, owner, weight = assign(logits.detach(), boxes.detach(), centre, truth)
    surprise = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    total_target = target.sum().clamp(min=1.0)
    score = (surprise * weight[..., None]).sum() / total_target
    picture, cell = (owner >= 0).nonzero(as_tuple=True)
    wanted = truth.xyxy_px[picture, owner[picture, cell]]
    share = target[picture, cell].sum(dim=-1)
    box = ((1.0 - generalised_iou(boxes[picture, cell], wanted)) * share).sum() / total_target
    return Losses(SCORE_WEIGHT * score + BOX_WEIGHT * box, score.detach(), box.detach())


@torch.no_grad()
def assign(logits: Tensor, boxes: Tensor, centre: Tensor, truth: Truth) -> tuple[Tensor, Tensor, Tensor]:
    """What every cell should say.

    Args:
        logits: (b, n, labels).
        boxes: (b, n, 4) in pixels.
        centre: (n, 2) in pixels.
        truth: m boxes a picture.

    Returns:
        (b, n, labels) wanted scores; (b, n) number of the cell's box or -1; (b, n) weight of the cell, 0 where the
        truth is silent.
    """
    size = truth.xyxy_px[..., 2:] - truth.xyxy_px[..., :2]
    grow = ((LEAST_SIDE_PX - size) / 2).clamp(min=0.0)
    low, high = truth.xyxy_px[..., :2] - grow, truth.xyxy_px[..., 2:] + grow
    point = centre[None, None]  # (1, 1, n, 2)
    inside = ((point > low[:, :, None]) & (point < high[:, :, None])).all(dim=-1)  # (b, m, n)
    real = truth.label >= 0
    candidate = inside & real[..., None]
    overlap = torch.zeros(inside.shape, device=boxes.device)
    picture, box, cell = candidate.nonzero(as_tuple=True)
    overlap[picture, box, cell] = iou(boxes[picture, cell], truth.xyxy_px[picture, box])
    score = torch.zeros_like(overlap)
    score[picture, box, cell] = logits[picture, cell, truth.label[picture, box]].sigmoid()
    fit = (score + TINY).pow(SCORE_POWER) * (overlap + 1e-3).pow(OVERLAP_POWER) * candidate
    best = fit.topk(min(CELLS_PER_BOX, fit.shape[2]), dim=2)
    chosen = torch.zeros_like(candidate).scatter_(2, best.indices, best.values > 0)
    claim = torch.where(chosen, overlap + TINY, torch.zeros_like(overlap))
    strongest, owner = claim.max(dim=1)
    owner = torch.where(strongest > 0, owner, torch.full_like(owner, -1))
    target = torch.zeros_like(logits)
    picture, cell = (owner >= 0).nonzero(as_tuple=True)
    box = owner[picture, cell]
    best_fit = (fit * chosen).amax(dim=2)[picture, box].clamp(min=TINY)
    best_overlap = (overlap * chosen).amax(dim=2)[picture, box].clamp(min=0.1)
    quality = (fit[picture, box, cell] / best_fit * best_overlap).clamp(0.05, 1.0)
    target[picture, cell, truth.label[picture, box]] = quality
    silent = (inside & (truth.label == -2)[..., None]).any(dim=1) & (owner < 0)
    return target, owner, (~silent).float()


def iou(a: Tensor, b: Tensor) -> Tensor:
    """Overlap of boxes row by row: (k, 4), (k, 4) -> (k,)."""
    inter = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0.0).prod(dim=1)
    both = (a[:, 2:] - a[:, :2]).prod(dim=1) + (b[:, 2:] - b[:, :2]).prod(dim=1) - inter
    return inter / both.clamp(min=TINY)


def generalised_iou(a: Tensor, b: Tensor) -> Tensor:
    """GIoU row by row, in (-1, 1]."""
    inter = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0.0).prod(dim=1)
    both = ((a[:, 2:] - a[:, :2]).prod(dim=1) + (b[:, 2:] - b[:, :2]).prod(dim=1) - inter).clamp(min=TINY)
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(dim=1).clamp(min=TINY)
    return inter / both - (hull - both) / hull
