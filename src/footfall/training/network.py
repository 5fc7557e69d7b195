"""The network: a small convolutional pyramid that says at every cell of three grids whose box lies around it.

Full 3x3 convolutions with few channels: on CPUs with wide vectors they run at several times the arithmetic rate of
depthwise ones (Ding et al. 2021, "RepVGG"). Blocks share their input between branches (Wang et al. 2020, "CSPNet"); the
pyramid passes up and down once (Liu et al. 2018, "PANet"); no anchors, distances to the four sides (Tian et al. 2019,
"FCOS"). One head for all grids.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from footfall.training.recipe import NetworkSpec

STRIDES = (8, 16, 32)
GREY, CONTRAST = 114.0, 64.0
"""Pixels 0-255 are centred on the padding's grey, so that padding is nothing."""
RARE = 0.01
"""What every cell believes before it has seen anything."""


class Conv(nn.Sequential):
    """Convolution, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, size: int = 3, stride: int = 1, groups: int = 1) -> None:
        conv = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)
        super().__init__(conv, nn.BatchNorm2d(outputs, momentum=0.03), nn.ReLU(inplace=True))


class Separable(nn.Sequential):
    """A depthwise and a pointwise convolution."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(Conv(inputs, inputs, 3, stride, inputs), Conv(inputs, outputs, 1))


class Residual(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = Conv(channels, channels), Conv(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """(b, c, h, w) -> the same."""
        first: Tensor = self.first(x)
        second: Tensor = self.second(first)
        return x + second


class Stage(nn.Module):
    """Half of the channels pass through the blocks, and every step on the way is kept."""

    def __init__(self, channels: int, depth: int) -> None:
        super().__init__()
        half = channels // 2
        self.enter = Conv(channels, channels, 1)
        self.blocks = nn.ModuleList(Residual(half) for _ in range(depth))
        self.leave = Conv(channels + depth * half, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(b, c, h, w) -> the same."""
        parts = list(self.enter(x).chunk(2, dim=1))
        for block in self.blocks:
            parts.append(block(parts[-1]))
        out: Tensor = self.leave(torch.cat(parts, dim=1))
        return out


class Detector(nn.Module):
    """Pictures to three maps, one per stride."""

    def __init__(self, spec: NetworkSpec, labels: int) -> None:
        super().__init__()
        c2, c4, c8, c16, c32 = spec.widths
        d4, d8, d16, d32 = spec.depths
        neck = spec.neck
        self.stem = nn.Sequential(Conv(3, c2, 3, 2), Conv(c2, c4, 3, 2), Stage(c4, d4) if d4 else nn.Identity())
        self.stage8 = nn.Sequential(Conv(c4, c8, 3, 2), Stage(c8, d8))
        self.stage16 = nn.Sequential(Conv(c8, c16, 3, 2), Stage(c16, d16))
        self.stage32 = nn.Sequential(Conv(c16, c32, 3, 2), Stage(c32, d32))
        self.side8, self.side16, self.side32 = Conv(c8, neck, 1), Conv(c16, neck, 1), Conv(c32, neck, 1)
        self.down16, self.down8 = Separable(neck, neck), Separable(neck, neck)
        self.step16, self.step32 = Separable(neck, neck, 2), Separable(neck, neck, 2)
        self.up16, self.up32 = Separable(neck, neck), Separable(neck, neck)
        self.head = nn.Sequential(Separable(neck, neck), Separable(neck, neck))
        self.out = nn.Conv2d(neck, labels + 4, 1)
        nn.init.normal_(self.out.weight, std=0.01)
        believed = [-math.log((1 - RARE) / RARE)] * labels + [math.log(2.0)] * 4
        self.out.bias = nn.Parameter(torch.tensor(believed))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(b, 3, h, w) BGR 0-255, h and w multiples of 32 -> (b, labels + 4, h / stride, w / stride) per stride.

        Rows: class logits, then the logarithm of the distances left, top, right, bottom in strides.
        """
        x = self.stem((x - GREY) / CONTRAST)  # (b, c4, h/4, w/4)
        x8 = self.stage8(x)
        x16 = self.stage16(x8)
        x32 = self.stage32(x16)
        p32 = self.side32(x32)
        p16 = self.down16(self.side16(x16) + F.interpolate(p32, scale_factor=2.0))
        p8 = self.down8(self.side8(x8) + F.interpolate(p16, scale_factor=2.0))
        p16 = self.up16(p16 + self.step16(p8))
        p32 = self.up32(p32 + self.step32(p16))
        return self.out(self.head(p8)), self.out(self.head(p16)), self.out(self.head(p32))


def flatten(maps: tuple[Tensor, ...]) -> tuple[Tensor, Tensor, Tensor]:
    """Maps of all strides as one list of cells.

    Returns:
        (b, n, labels + 4) outputs, (n, 2) centres of the cells in pixels, (n, 1) strides in pixels.
    """
    rows, centres, strides = [], [], []
    for output, stride in zip(maps, STRIDES, strict=True):
        height, width = output.shape[2:]
        rows.append(output.flatten(2).transpose(1, 2))
        y, x = torch.meshgrid(
            torch.arange(height, device=output.device), torch.arange(width, device=output.device), indexing="ij"
        )
        centres.append((torch.stack([x, y], dim=-1).reshape(-1, 2) + 0.5) * stride)
        strides.append(torch.full((height * width, 1), float(stride), device=output.device))
    return torch.cat(rows, dim=1), torch.cat(centres), torch.cat(strides)


def to_xyxy(log_ltrb: Tensor, centre_px: Tensor, stride_px: Tensor) -> Tensor:
    """(b, n, 4) log distances in strides -> (b, n, 4) boxes in pixels."""
    distance = log_ltrb.clamp(-8.0, 8.0).exp() * stride_px
    return torch.cat([centre_px - distance[..., :2], centre_px + distance[..., 2:]], dim=-1)
