"""Every node of a topology and its parts, as shapes (spec/media-graph.md sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from footfall.mediagraph.couplings import (
    LONGEST_S,
    SHORTEST_S,
    check_file_sink,
    check_gate,
    check_scale,
    check_shared_memory,
)
from footfall.mediagraph.scalars import Choice, Duration, Flag, Number, Text
from footfall.mediagraph.shapes import Field, Listed, Need, Record, Tagged


class NodeKind(Enum):
    """What a node is."""

    RTSP_SOURCE = "RtspSource"
    HUB_SOURCE = "IoTHubMessageSource"
    MOTION = "MotionDetectionProcessor"
    RATE = "FrameRateFilterProcessor"
    GRPC = "GrpcExtension"
    HTTP = "HttpExtension"
    COGNITIVE = "CognitiveServicesVisionExtension"
    GATE = "SignalGateProcessor"
    HUB_SINK = "IoTHubMessageSink"
    ASSET_SINK = "AssetSink"
    FILE_SINK = "FileSink"


OLD_NAMES: Final[Mapping[str, NodeKind]] = {"RealTimeComputerVisionExtension": NodeKind.COGNITIVE}
PIXEL_BYTES: Final[Mapping[str, float]] = {
    "Yuv420p": 1.5, "Rgb565be": 2, "Rgb565le": 2, "Rgb555be": 2, "Rgb555le": 2, "Rgb24": 3, "Bgr24": 3,
    "Argb": 4, "Rgba": 4, "Abgr": 4, "Bgra": 4,
}  # fmt: skip
"""Pixel formats, and how many bytes a pixel takes."""
ASSET_NAME: Final = r"^[^<>%&:\\\/?*+.']{1,260}$"
"""What a recording's name may look like around its variables."""
LARGEST_SIDE_PX: Final = 16384

SOME: Final = Text(r"(?s).+", "is empty", "write something")
SECRET: Final = Text(trims=False)
NODE_NAME: Final = Text(
    "[A-Za-z0-9_-]{1,64}", "is no name for a node", "use up to 64 letters, digits, _ and -", is_literal=True
)
FOLDER: Final = Text(
    r"(?s)(?!.*/\.\.(/|$))/[^\0]*", "is no absolute folder", "write one such as /var/media, without .."
)
FILE_NAME: Final = Text(r"[^/\0]{1,200}", "is no file name", "write up to 200 characters without /")
ASSET_NAME_TEXT: Final = Text(
    ASSET_NAME, "has characters that no asset may have in its name", "leave them out", is_around_references=True,
    wording=f"The value must match the regular expression '{ASSET_NAME}'",
)  # fmt: skip
MEBIBYTES: Final = Number(1, 2**40, is_whole=True)
SIDE: Final = Number(1, LARGEST_SIDE_PX, is_whole=True)
RATE: Final = Number(0, is_above=True)

USER = Record((Field("username", Text(), Need.YES), Field("password", SECRET, Need.SINCE_2)))
HEADER = Record((Field("headerName", SOME, Need.YES), Field("headerValue", SECRET, Need.YES)))
CREDENTIALS = Tagged({"UsernamePasswordCredentials": USER, "HttpHeaderCredentials": HEADER})
CERTIFICATES = Tagged({"PemCertificateList": Record((Field("certificates", Listed(SOME, 1), Need.YES),))})
VALIDATION = Record((Field("ignoreHostname", Flag()), Field("ignoreSignature", Flag())))
URL = Field("url", SOME, Need.YES)
ENDPOINT = Tagged({
    "UnsecuredEndpoint": Record((URL, Field("credentials", CREDENTIALS))),
    "TlsEndpoint": Record((
        URL, Field("credentials", CREDENTIALS), Field("trustedCertificates", CERTIFICATES),
        Field("validationOptions", VALIDATION),
    )),
})  # fmt: skip

QUALITY = Field("quality", Number(0, 100, is_whole=True))
FORMAT = Tagged({
    "ImageFormatRaw": Record((Field("pixelFormat", Choice(tuple(PIXEL_BYTES)), Need.YES),)),
    "ImageFormatEncoded": Record((Field("encoding", Choice(("Jpeg", "Bmp", "Png"))), QUALITY)),
    "ImageFormatJpeg": Record((QUALITY,)),
    "ImageFormatBmp": Record(()),
    "ImageFormatPng": Record(()),
})  # fmt: skip
SCALE_MODE = Choice(("PreserveAspectRatio", "Pad", "Stretch"))
SCALE = Record((Field("mode", SCALE_MODE), Field("width", SIDE), Field("height", SIDE)), also=check_scale)
IMAGE = Record((Field("scale", SCALE), Field("format", FORMAT)))

SELECTOR = Record((
    Field("property", Choice(("mediaType",)), Need.YES),
    Field("operator", Choice(("is", "isNot")), Need.YES),
    Field("value", Choice(("video", "audio", "application")), Need.YES),
))  # fmt: skip
INPUT = Record((
    Field("nodeName", NODE_NAME, Need.YES),
    Field("outputSelectors", Listed(SELECTOR), since_2=[]),
))  # fmt: skip
NAME = Field("name", NODE_NAME, Need.YES)
INPUTS = Field("inputs", Listed(INPUT, 1), Need.YES)
SAMPLING = Record((Field("skipSamplesWithoutAnnotation", Flag()), Field("maximumSamplesPerSecond", RATE)))
EXTENSION = (
    NAME, Field("endpoint", ENDPOINT, Need.YES), Field("image", IMAGE, Need.YES), Field("samplingOptions", SAMPLING),
)  # fmt: skip
TRANSFER = Record(
    (Field("mode", Choice(("Embedded", "SharedMemory")), Need.YES), Field("sharedMemorySizeMiB", MEBIBYTES)),
    also=check_shared_memory,
)
LENGTH = Duration(SHORTEST_S, LONGEST_S)

SHAPES: Final[Mapping[NodeKind, Record]] = {
    NodeKind.RTSP_SOURCE: Record((
        NAME, Field("transport", Choice(("Http", "Tcp")), since_2="Tcp"), Field("endpoint", ENDPOINT, Need.YES),
    )),
    NodeKind.HUB_SOURCE: Record((NAME, Field("hubInputName", SOME, Need.YES))),
    NodeKind.MOTION: Record((
        NAME, Field("sensitivity", Choice(("Low", "Medium", "High"))),
        Field("outputMotionRegion", Flag(is_boolean=True)), Field("eventAggregationWindow", Duration(0)), INPUTS,
    )),
    NodeKind.RATE: Record((NAME, Field("maximumFps", RATE, Need.YES), INPUTS)),
    NodeKind.GRPC: Record((
        *EXTENSION, Field("dataTransfer", TRANSFER, Need.YES), Field("extensionConfiguration", SECRET), INPUTS,
    )),
    NodeKind.HTTP: Record((*EXTENSION, INPUTS)),
    NodeKind.COGNITIVE: Record((*EXTENSION, INPUTS)),
    NodeKind.GATE: Record((
        NAME, Field("activationEvaluationWindow", Duration(0, 10)),
        Field("activationSignalOffset", Duration(-60, 60)), Field("minimumActivationTime", LENGTH),
        Field("maximumActivationTime", LENGTH), INPUTS,
    ), also=check_gate),
    NodeKind.HUB_SINK: Record((NAME, Field("hubOutputName", SOME, Need.YES), INPUTS)),
    NodeKind.ASSET_SINK: Record((
        NAME, Field("assetNamePattern", ASSET_NAME_TEXT, Need.YES), Field("segmentLength", Duration(30, step_s=30)),
        Field("localMediaCachePath", FOLDER, Need.SINCE_2),
        Field("localMediaCacheMaximumSizeMiB", MEBIBYTES, Need.SINCE_2), INPUTS,
    )),
    NodeKind.FILE_SINK: Record((
        NAME, Field("filePathPattern", FOLDER), Field("baseDirectoryPath", FOLDER),
        Field("fileNamePattern", FILE_NAME), Field("maximumSizeMiB", MEBIBYTES), INPUTS,
    ), also=check_file_sink),
}  # fmt: skip


def _section(*kinds: NodeKind) -> Tagged:
    """The nodes that may stand in one list of a topology, under all their names."""
    names = {kind.value: kind for kind in kinds}
    old = {name: kind for name, kind in OLD_NAMES.items() if kind in kinds}
    return Tagged({name: SHAPES[kind] for name, kind in (names | old).items()})


SOURCES: Final = _section(NodeKind.RTSP_SOURCE, NodeKind.HUB_SOURCE)
PROCESSORS: Final = _section(
    NodeKind.MOTION, NodeKind.RATE, NodeKind.GRPC, NodeKind.HTTP, NodeKind.COGNITIVE, NodeKind.GATE
)
SINKS: Final = _section(NodeKind.HUB_SINK, NodeKind.ASSET_SINK, NodeKind.FILE_SINK)
