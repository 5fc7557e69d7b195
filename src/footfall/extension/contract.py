"""The messages of the media graph's gRPC extension, built from the table of fields (spec/grpc-extension.md 1-3, 14).

The classes live in a descriptor pool of their own: a program may load the vendor's files beside them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

PACKAGE = "microsoft.azure.media.live_video_analytics.extensibility.grpc.v1"
SERVICE, METHOD = f"{PACKAGE}.MediaGraphExtension", "ProcessMediaStream"

ProtoMessage: TypeAlias = Any
"""A message of classes that are made at run time."""

MESSAGES = """
MediaStreamMessage
  1 sequence_number uint64
  2 ack_sequence_number uint64
  5 media_stream_descriptor MediaStreamDescriptor payload
  6 media_sample MediaSample payload
MediaStreamDescriptor
  1 graph_identifier GraphIdentifier stream_identifier
  2 extension_identifier string stream_identifier
  3 extension_configuration string
  5 media_descriptor MediaDescriptor
  10 shared_memory_buffer_transfer_properties SharedMemoryBufferTransferProperties data_transfer_properties
GraphIdentifier
  1 media_services_arm_id string
  2 graph_instance_name string
  3 graph_node_name string
SharedMemoryBufferTransferProperties
  1 handle_name string
  2 length_bytes uint64
MediaDescriptor
  1 timescale uint32
  5 video_frame_sample_format VideoFrameSampleFormat media_sample_format
VideoFrameSampleFormat
  1 encoding VideoFrameSampleFormat.Encoding
  2 pixel_format VideoFrameSampleFormat.PixelFormat
  3 dimensions Dimensions
  4 stride_bytes uint32
Dimensions
  1 width uint32
  2 height uint32
MediaSample
  1 timestamp uint64
  5 content_bytes ContentBytes content
  6 content_reference ContentReference content
  10 inferences *Inference
ContentBytes
  1 bytes bytes
ContentReference
  1 address_offset uint64
  2 length_bytes uint64
Inference
  1 type Inference.InferenceType
  2 subtype string
  3 inference_id string
  4 related_inferences *string
  5 classification Classification value
  6 motion Motion value
  7 entity Entity value
  8 text Text value
  9 event Event value
  13 other InferenceOther value
  14 sequence_id string
  15 extensions map
Classification
  1 tag Tag
  2 attributes *Attribute
Motion
  1 box Rectangle
Entity
  1 tag Tag
  2 attributes *Attribute
  3 box Rectangle
  4 id string
Text
  1 value string
  2 language string
  5 start_timestamp uint64
  6 end_timestamp uint64
Event
  1 name string
  7 properties map
InferenceOther
  1 content_type string
  2 content_bytes bytes
Attribute
  1 name string
  2 value string
  3 confidence float
Tag
  2 value string
  3 confidence float
Rectangle
  1 l float
  2 t float
  3 w float
  4 h float
"""
"""Number, name, type (`*` repeated, `map` string to string) and the `oneof` it belongs to."""

ENUMS: dict[str, dict[str, int]] = {
    "VideoFrameSampleFormat.Encoding": {"BMP": 0, "JPG": 1, "PNG": 2, "RAW": 3},
    "VideoFrameSampleFormat.PixelFormat": {
        "NONE": 0, "YUV420P": 20, "RGB565BE": 40, "RGB565LE": 41, "RGB555BE": 42, "RGB555LE": 43,
        "RGB24": 60, "BGR24": 61, "ARGB": 80, "RGBA": 81, "ABGR": 82, "BGRA": 83,
    },
    "Inference.InferenceType": {
        "AUTO": 0, "CLASSIFICATION": 1, "MOTION": 2, "ENTITY": 3, "TEXT": 4, "EVENT": 5, "OTHER": 15,
    },
}  # fmt: skip

_SCALARS = {
    "uint64": FieldDescriptorProto.TYPE_UINT64,
    "uint32": FieldDescriptorProto.TYPE_UINT32,
    "float": FieldDescriptorProto.TYPE_FLOAT,
    "string": FieldDescriptorProto.TYPE_STRING,
    "bytes": FieldDescriptorProto.TYPE_BYTES,
}


def _file() -> FileDescriptorProto:
    file = FileDescriptorProto(name="media_graph_extension.proto", package=PACKAGE, syntax="proto3")
    for line in MESSAGES.strip().splitlines():
        if line.startswith(" "):
            number, name, kind, *oneof = line.split()
            _add_field(file.message_type[-1], int(number), name, kind, "".join(oneof))
        else:
            file.message_type.add(name=line)
    for path, values in ENUMS.items():
        owner, _, name = path.partition(".")
        enum = next(message for message in file.message_type if message.name == owner).enum_type.add(name=name)
        for word, value in values.items():
            enum.value.add(name=word, number=value)
    return file


def _add_field(message: DescriptorProto, number: int, name: str, kind: str, oneof: str) -> None:
    repeated = kind.startswith("*") or kind == "map"
    label = FieldDescriptorProto.LABEL_REPEATED if repeated else FieldDescriptorProto.LABEL_OPTIONAL
    field = message.field.add(name=name, number=number, label=label)
    kind = kind.removeprefix("*")
    if kind in _SCALARS:
        field.type = _SCALARS[kind]
    elif kind == "map":
        field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, _add_map(message, name)
    elif kind in ENUMS:
        field.type, field.type_name = FieldDescriptorProto.TYPE_ENUM, f".{PACKAGE}.{kind}"
    else:
        field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
    if oneof:
        known = [one.name for one in message.oneof_decl]
        if oneof not in known:
            message.oneof_decl.add(name=oneof)
        field.oneof_index = [one.name for one in message.oneof_decl].index(oneof)


def _add_map(message: DescriptorProto, name: str) -> str:
    """The nested message of a map's entries; its full name."""
    entry = message.nested_type.add(name=f"{name.title()}Entry")
    entry.options.map_entry = True
    for number, part in enumerate(("key", "value"), 1):
        entry.field.add(
            name=part,
            number=number,
            type=FieldDescriptorProto.TYPE_STRING,
            label=FieldDescriptorProto.LABEL_OPTIONAL,
        )
    return f".{PACKAGE}.{message.name}.{entry.name}"


_POOL = DescriptorPool()
_POOL.Add(_file())


def _message(name: str) -> ProtoMessage:
    return GetMessageClass(_POOL.FindMessageTypeByName(f"{PACKAGE}.{name}"))


MediaStreamMessage = _message("MediaStreamMessage")
Inference = _message("Inference")
