"""From a network's raw outputs to boxes: one function per family of heads, by the name that model cards use."""

from __future__ import annotations

from collections.abc import Mapping

from footfall.detect import grids, tables
from footfall.detect.candidates import Decoder

DECODERS: Mapping[str, Decoder] = {
    "yolox": grids.yolox,
    "nanodet": grids.nanodet,
    "nanodet-plus": grids.nanodet_plus,
    "fastestdet": grids.fastestdet,
    "yunet": grids.yunet,
    "ltrb": grids.ltrb,
    "ssd": tables.ssd,
    "rows": tables.rows,
    "dense": tables.dense,
    "detr": tables.detr,
    "queries": tables.queries,
    "rfb": tables.rfb,
    "exported": tables.exported,
}
