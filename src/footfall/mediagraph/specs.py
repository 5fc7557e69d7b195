"""Nodes without parameters -> the specs of `config.media` that a graph runs by. What comes in is valid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from footfall.config.media import (
    AssetSink,
    Encoding,
    Endpoint,
    Extension,
    FileSink,
    FrameRateFilter,
    HubSink,
    HubSource,
    ImageForm,
    MediaInput,
    MediaSpec,
    MotionDetection,
    Protocol,
    RtspSource,
    ScaleMode,
    Selector,
    Sensitivity,
    SignalGate,
)
from footfall.mediagraph.couplings import MINIMUM_S, OFFSET_S, WINDOW_S
from footfall.mediagraph.nodes import PIXEL_BYTES, NodeKind
from footfall.mediagraph.scalars import duration_s
from footfall.mediagraph.shapes import PREFIX, Declared

MEBIBYTE: Final = 1024 * 1024
LEAST_SHARED_BYTES: Final = 20 * MEBIBYTE
FRAMES_UNDER_WAY: Final = 6
"""What the shared memory of a CognitiveServicesVisionExtension must at least hold."""
DEFAULT_AGGREGATION_S: Final = 1.0
DEFAULT_SEGMENT_S: Final = 30.0


def spec(kind: NodeKind, declared: Declared) -> MediaSpec:
    """What a node does."""
    return _BUILDERS[kind](declared)


def media_inputs(declared: Declared) -> tuple[MediaInput, ...]:
    """What a node takes."""
    return tuple(
        MediaInput(str(each["nodeName"]), tuple(map(_selector, _objects(each, "outputSelectors"))))
        for each in _objects(declared, "inputs")
    )


def _selector(declared: Declared) -> Selector:
    return Selector(str(declared["value"]), is_wanted=declared["operator"] == "is")


def _rtsp(node: Declared) -> RtspSource:
    return RtspSource(_endpoint(node), over_http=node.get("transport") == "Http")


def _hub_source(node: Declared) -> HubSource:
    return HubSource(str(node["hubInputName"]))


def _motion(node: Declared) -> MotionDetection:
    return MotionDetection(
        sensitivity=Sensitivity(node.get("sensitivity", Sensitivity.MEDIUM.value)),
        outputs_regions=node.get("outputMotionRegion", True) is True,
        aggregation_s=_seconds(node, "eventAggregationWindow", DEFAULT_AGGREGATION_S),
    )


def _rate(node: Declared) -> FrameRateFilter:
    return FrameRateFilter(float(str(node["maximumFps"])))


def _grpc(node: Declared) -> Extension:
    transfer = _object(node, "dataTransfer")
    size = _number(transfer, "sharedMemorySizeMiB")
    return _extension(Protocol.GRPC, node, None if size is None else int(size) * MEBIBYTE)


def _cognitive(node: Declared) -> Extension:
    image = _image(node)
    pixels = (image.width_px or 0) * (image.height_px or 0)
    frames = FRAMES_UNDER_WAY * pixels * PIXEL_BYTES.get(image.pixel_format, 0)
    return _extension(Protocol.COGNITIVE, node, max(LEAST_SHARED_BYTES, int(frames)))


def _http(node: Declared) -> Extension:
    return _extension(Protocol.HTTP, node, None)


def _extension(protocol: Protocol, node: Declared, shared_memory_bytes: int | None) -> Extension:
    sampling = _object(node, "samplingOptions")
    return Extension(
        protocol=protocol,
        endpoint=_endpoint(node),
        image=_image(node),
        only_annotated=_is(sampling, "skipSamplesWithoutAnnotation"),
        max_fps=_number(sampling, "maximumSamplesPerSecond"),
        shared_memory_bytes=shared_memory_bytes,
        configuration=str(node.get("extensionConfiguration", "")),
    )


def _gate(node: Declared) -> SignalGate:
    minimum_s = _seconds(node, "minimumActivationTime", MINIMUM_S)
    return SignalGate(
        window_s=_seconds(node, "activationEvaluationWindow", WINDOW_S),
        offset_s=_seconds(node, "activationSignalOffset", OFFSET_S),
        minimum_s=minimum_s,
        maximum_s=_seconds(node, "maximumActivationTime", minimum_s),
    )


def _hub_sink(node: Declared) -> HubSink:
    return HubSink(str(node["hubOutputName"]))


def _asset_sink(node: Declared) -> AssetSink:
    return AssetSink(
        name_pattern=str(node["assetNamePattern"]),
        segment_s=_seconds(node, "segmentLength", DEFAULT_SEGMENT_S),
        cache_folder=str(node.get("localMediaCachePath", "")),
        cache_bytes=_bytes(node, "localMediaCacheMaximumSizeMiB"),
    )


def _file_sink(node: Declared) -> FileSink:
    folder, name = str(node.get("baseDirectoryPath", "")), str(node.get("fileNamePattern", ""))
    if "filePathPattern" in node:
        folder, _, name = str(node["filePathPattern"]).rpartition("/")
    return FileSink(folder=folder or "/", name_pattern=name, most_bytes=_bytes(node, "maximumSizeMiB"))


_BUILDERS: Final[Mapping[NodeKind, Callable[[Declared], MediaSpec]]] = {
    NodeKind.RTSP_SOURCE: _rtsp,
    NodeKind.HUB_SOURCE: _hub_source,
    NodeKind.MOTION: _motion,
    NodeKind.RATE: _rate,
    NodeKind.GRPC: _grpc,
    NodeKind.HTTP: _http,
    NodeKind.COGNITIVE: _cognitive,
    NodeKind.GATE: _gate,
    NodeKind.HUB_SINK: _hub_sink,
    NodeKind.ASSET_SINK: _asset_sink,
    NodeKind.FILE_SINK: _file_sink,
}


def _endpoint(node: Declared) -> Endpoint:
    endpoint = _object(node, "endpoint")
    credentials, validation = _object(endpoint, "credentials"), _object(endpoint, "validationOptions")
    header = (str(credentials["headerName"]), str(credentials["headerValue"])) if "headerName" in credentials else None
    certificates = _object(endpoint, "trustedCertificates").get("certificates", [])
    return Endpoint(
        url=str(endpoint["url"]),
        user=str(credentials.get("username", "")),
        password=str(credentials.get("password", "")),
        header=header,
        is_tls=endpoint["@type"] == PREFIX + "TlsEndpoint",
        trusted_pem=tuple(map(str, cast("list[str]", certificates))),
        ignores_hostname=_is(validation, "ignoreHostname"),
        ignores_signature=_is(validation, "ignoreSignature"),
    )


def _image(node: Declared) -> ImageForm:
    image = _object(node, "image")
    scale, form = _object(image, "scale"), _object(image, "format")
    width, height, quality = _number(scale, "width"), _number(scale, "height"), _number(form, "quality")
    kind = str(form.get("@type", PREFIX + "ImageFormatJpeg")).removeprefix(f"{PREFIX}ImageFormat")
    return ImageForm(
        mode=ScaleMode(scale.get("mode", ScaleMode.PAD.value)) if scale else None,
        width_px=None if width is None else int(width),
        height_px=None if height is None else int(height),
        encoding=Encoding(form.get("encoding", Encoding.JPEG.value) if kind == "Encoded" else kind),
        pixel_format=str(form.get("pixelFormat", "")),
        quality=None if quality is None else int(quality),
    )


def _object(declared: Declared, key: str) -> Declared:
    return cast("Declared", declared.get(key, {}))


def _objects(declared: Declared, key: str) -> list[Declared]:
    return cast("list[Declared]", declared.get(key, []))


def _seconds(declared: Declared, key: str, default_s: float) -> float:
    span_s = duration_s(str(declared[key])) if key in declared else default_s
    assert span_s is not None, "a valid node has valid durations"
    return span_s


def _number(declared: Declared, key: str) -> float | None:
    return float(str(declared[key])) if key in declared else None


def _bytes(declared: Declared, key: str) -> int | None:
    size = _number(declared, key)
    return None if size is None else int(size) * MEBIBYTE


def _is(declared: Declared, key: str) -> bool:
    return declared.get(key) == "true"
