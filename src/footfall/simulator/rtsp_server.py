"""The RTSP server of the simulated camera: a script of its own, for a Python that has GStreamer's bindings.

Reads one JSON line from stdin (see `_Settings`), writes the port to stdout, serves until stdin closes. It imports
nothing of footfall, since the system's Python does not have it.
"""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

RECORD = struct.Struct("<qqqBI")
"""Before each access unit: pts, dts and duration in ns from the start of the recording, key frame, size in bytes."""
ROLE = "viewer"
PIPELINES = {
    "h264": "appsrc name=video ! video/x-h264,stream-format=byte-stream,alignment=au ! h264parse config-interval=-1 "
    "! rtph264pay name=pay0 pt=96 config-interval=-1",
    "hevc": "appsrc name=video ! video/x-h265,stream-format=byte-stream,alignment=au ! h265parse config-interval=-1 "
    "! rtph265pay name=pay0 pt=96 config-interval=-1",
}


@dataclass(frozen=True)
class _Settings:
    file: str
    codec: str
    duration_ns: int
    path: str
    user: str
    password: str
    digest: bool


class _Feeder:
    """Pushes a recording into one `appsrc` for ever; time stamps go on from loop to loop."""

    def __init__(self, recording: Path, duration_ns: int) -> None:
        self._file: BinaryIO = recording.open("rb")
        self._duration_ns = duration_ns
        self._offset_ns = 0

    def need_data(self, source: Any, _length: int) -> None:
        header = self._file.read(RECORD.size)
        if not header:
            self._file.seek(0)
            self._offset_ns += self._duration_ns
            header = self._file.read(RECORD.size)
        pts, dts, duration, is_key, size = RECORD.unpack(header)
        buffer = Gst.Buffer.new_wrapped(self._file.read(size))
        buffer.pts, buffer.dts, buffer.duration = pts + self._offset_ns, dts + self._offset_ns, duration
        if not is_key:
            buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
        source.emit("push-buffer", buffer)


def _factory(settings: _Settings) -> Any:
    def configure(_factory: Any, media: Any) -> None:
        source = media.get_element().get_by_name("video")
        source.set_property("format", Gst.Format.TIME)
        source.connect("need-data", _Feeder(Path(settings.file), settings.duration_ns).need_data)

    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {PIPELINES[settings.codec]} )")
    factory.set_shared(True)
    factory.connect("media-configure", configure)
    return factory


def _require_login(server: Any, factory: Any, settings: _Settings) -> None:
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_role(ROLE)
    for permission in ("media.factory.access", "media.factory.construct"):
        permissions.add_permission_for_role(ROLE, permission, True)
    factory.set_permissions(permissions)
    auth = GstRtspServer.RTSPAuth()
    if settings.digest:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(settings.user, settings.password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(settings.user, settings.password), token)
    server.set_auth(auth)


def main() -> int:
    """Serve until stdin closes."""
    settings = _Settings(**json.loads(sys.stdin.readline()))
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    factory = _factory(settings)
    if settings.user:
        _require_login(server, factory, settings)
    server.get_mount_points().add_factory(settings.path, factory)
    if server.attach(None) == 0:
        return 1
    sys.stdout.write(f"{server.get_bound_port()}\n")
    sys.stdout.flush()
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
