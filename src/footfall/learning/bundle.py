"""A trained model to take away: a zip with the files that Custom Vision exports (spec/custom-vision.md 9).

The model inside is the one that is served, byte for byte, so both tell the same. Platform ONNX is the model, its tags
and a program that asks it; platform DockerFile is a container around them that answers over HTTP.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import resources
from io import BytesIO
from types import MappingProxyType
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from footfall.detect.session import open_session
from footfall.learning.lesson import Kind

ONNX: Final = "ONNX"
DOCKER: Final = "DockerFile"
FLAVORS: Mapping[str, tuple[str | None, ...]] = MappingProxyType(
    {ONNX: (None, "ONNX10", "ONNX12"), DOCKER: (None, "Linux", "ARM")}
)
"""Platforms that models are exported to, and the flavors of each; None: the platform's plain one."""

_METHODS: Final = {
    Kind.MULTICLASS: "ClassificationMultiClass",
    Kind.MULTILABEL: "ClassificationMultiLabel",
    Kind.DETECTION: "ObjectDetectionSSD",
}
_IMAGE_KEYS: Final = ("Image.BitmapPixelFormat", "Image.ColorSpaceGamma", "Image.NominalPixelRange")
_TAKEAWAY = resources.files("footfall.learning") / "takeaway"
_READABLE = 0o100644 << 16


def is_offered(platform: str, flavor: str | None) -> bool:
    """Whether models are exported to this platform in this flavor."""
    return flavor in FLAVORS.get(platform, ())


def flavor_of(platform: str, flavor: str | None) -> str | None:
    """The flavor to make for what was asked: DockerFile without one is Linux.

    Raises:
        ValueError: not offered.
    """
    if not is_offered(platform, flavor):
        raise ValueError(f"{platform} {flavor or ''}".strip() + " is not offered")
    return "Linux" if platform == DOCKER and flavor is None else flavor


def make_bundle(
    onnx: bytes, tags: Sequence[str], kind: Kind, iteration_id: str, exported_at: datetime, flavor: str | None
) -> bytes:
    """The zip. The same arguments make the same bytes.

    Args:
        onnx: the model, in the contract of its kind.
        tags: names in the order of its outputs.
        kind: what it tells.
        iteration_id: of the training it came from.
        exported_at: with a time zone.
        flavor: one of `FLAVORS`, by `flavor_of`: Linux and ARM make a container, all others the plain ONNX zip.

    Raises:
        ValueError: no such flavor, a tag with a line break in it, or bytes that are no model.
    """
    platform = next((name for name, flavors in FLAVORS.items() if flavor in flavors), None)
    if platform is None:
        raise ValueError(f"there is no flavor {flavor}")
    if any(len(tag.splitlines()) != 1 for tag in tags):
        raise ValueError("a tag with a line break cannot be a line of labels.txt")
    inside = "app/" if platform == DOCKER else ""
    files = {
        f"{inside}model.onnx": onnx,
        f"{inside}labels.txt": "\n".join(tags).encode(),
        f"{inside}metadata_properties.json": _as_json(_metadata(onnx, kind)),
        "cvexport.manifest": _as_json(_manifest(onnx, kind, iteration_id, exported_at, (platform, flavor, inside))),
        "LICENSE": _ours("LICENSE"),
        **_programs(platform),
    }
    return _zip(files, exported_at)


def _programs(platform: str) -> dict[str, bytes]:
    if platform == ONNX:
        return {"README.md": _ours("README.onnx.md"), "python/predict.py": _ours("predict.py")}
    app = {f"app/{name}": _ours(name) for name in ("app.py", "fetch.py", "predict.py")}
    around = {name: _ours(name) for name in ("Dockerfile", "requirements.txt")}
    return {"README.md": _ours("README.docker.md"), **around, **app}


def _ours(name: str) -> bytes:
    return (_TAKEAWAY / name).read_bytes()


def _as_json(value: Mapping[str, str | None]) -> bytes:
    return (json.dumps(value, indent=4) + "\n").encode()


def _manifest(
    onnx: bytes, kind: Kind, iteration_id: str, exported_at: datetime, place: tuple[str, str | None, str]
) -> dict[str, str | None]:
    platform, flavor, inside = place
    return {
        "DomainType": "ObjectDetection" if kind is Kind.DETECTION else "Classification",
        "Platform": platform,
        "Flavor": flavor,
        "ExporterVersion": "2.0",
        "ExportedDate": exported_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z",
        "IterationId": iteration_id,
        "ModelFileName": f"{inside}model.onnx",
        "LabelFileName": f"{inside}labels.txt",
        "MetadataPropsFileName": f"{inside}metadata_properties.json",
        "ModelFileSHA1": hashlib.sha1(onnx, usedforsecurity=False).hexdigest(),
        "SchemaVersion": "1.0",
    }


def _metadata(onnx: bytes, kind: Kind) -> dict[str, str]:
    """How pictures are put to the model: stretched to its square, colours as the model itself says."""
    (height, width), image = _fed(onnx)
    prefix = "CustomVision."
    return {
        f"{prefix}Metadata.AdditionalModelInfo": "",
        f"{prefix}Metadata.Version": "1.1",
        f"{prefix}Postprocess.Method": _METHODS[kind],
        f"{prefix}Postprocess.Yolo.Biases": "null",
        f"{prefix}Postprocess.Yolo.NmsThreshold": "null",
        **{f"{prefix}Preprocess.{name}": "0" for name in ("CropHeight", "CropWidth", "MaxDimension", "MaxScale")},
        **{f"{prefix}Preprocess.{name}": "0" for name in ("MinDimension", "MinScale")},
        f"{prefix}Preprocess.CropMethod": "NoCrop",
        f"{prefix}Preprocess.NormalizeMean": "[0.0, 0.0, 0.0]",
        f"{prefix}Preprocess.NormalizeStd": "[1.0, 1.0, 1.0]",
        f"{prefix}Preprocess.ResizeMethod": "Stretch",
        f"{prefix}Preprocess.TargetHeight": str(height),
        f"{prefix}Preprocess.TargetWidth": str(width),
        **image,
    }


def _fed(onnx: bytes) -> tuple[tuple[int, int], dict[str, str]]:
    try:
        session = open_session(onnx, threads=1)
        height, width = session.get_inputs()[0].shape[-2:]
        said = session.get_modelmeta().custom_metadata_map
        return (height, width), {key: said[key] for key in _IMAGE_KEYS}
    except (ValueError, IndexError, KeyError) as error:
        raise ValueError(f"this is no model to export: {error}") from error


def _zip(files: Mapping[str, bytes], at: datetime) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, at.astimezone(UTC).timetuple()[:6])
            entry.external_attr = _READABLE
            entry.create_system = 3
            archive.writestr(entry, files[name], ZIP_DEFLATED, 9)
    return buffer.getvalue()
