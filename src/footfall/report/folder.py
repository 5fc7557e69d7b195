"""Writes a report: report.html, report.json, and for every camera CSV and PNG files."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Image
from footfall.report.document import CameraReport, report_document
from footfall.report.page import page
from footfall.report.pictures import pictures
from footfall.report.tables import tables


def write_report(
    cameras: Sequence[CameraReport],
    folder: Path,
    background: Image | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """All files of a report, the page first; with several cameras each has a folder of its own.

    Args:
        cameras: what to tell; their surveys are flushed.
        folder: made if it is not there.
        background: put under the maps of the picture.
        progress: hears what is being done.

    Raises:
        ConfigError: the folder or a file in it cannot be written.
    """
    html, document = folder / "report.html", folder / "report.json"
    written = [html, document]
    drawn = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for own, camera in zip(_folders(cameras, folder), cameras, strict=True):
            progress(f"drawing {camera.name}")
            files = {name: text.encode() for name, text in tables(camera).items()}
            pngs = {name: png(image) for name, image in pictures(camera, background).items()}
            drawn.append(pngs)
            own.mkdir(exist_ok=True)
            for name, data in {**files, **{f"{name}.png": data for name, data in pngs.items()}}.items():
                (own / name).write_bytes(data)
                written.append(own / name)
        document.write_text(json.dumps(report_document(cameras), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        html.write_text(page(cameras, drawn), encoding="utf-8")
    except OSError as error:
        what = f"cannot write: {error.strerror or error}"
        problem = Problem(error.filename or str(folder), "--out", what, "name a folder that you may write to")
        raise ConfigError([problem]) from error
    return written


def png(image: Image) -> bytes:
    """The picture as a PNG file; the same picture gives the same bytes."""
    return np.asarray(cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 9])[1]).tobytes()


def _folders(cameras: Sequence[CameraReport], folder: Path) -> list[Path]:
    """The folder itself for one camera, else one for each, called like the camera as far as files can be."""
    if len(cameras) == 1:
        return [folder]
    taken: list[str] = []
    for camera in cameras:
        name = "".join(c if c.isalnum() or c in "-_" else "_" for c in camera.name) or "camera"
        taken.append(name if name.lower() not in map(str.lower, taken) else f"{name}.{len(taken) + 1}")
    return [folder / name for name in taken]
