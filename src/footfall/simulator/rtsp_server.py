"""The RTSP server of the simulated camera: a script of its own, for a Python that has GStreamer's bindings.

Reads the login as one JSON line from stdin and writes the port to stdout. For each viewer it writes the path that he
asks for and reads what plays there, until stdin closes. It imports nothing of footfall: the system's Python lacks it.
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
    "! rtph264pay name=pay0 pt=96 config-interval=0",
    "hevc": "appsrc name=video ! video/x-h265,stream-format=byte-stream,alignment=au ! h265parse config-interval=-1 "
    "! rtph265pay name=pay0 pt=96 config-interval=0",
}
"""Parameter sets go before every key frame, from the parser: the payloader would put them before every slice of it, and
a receiver takes each for a picture of its own."""


@dataclass(frozen=True)
class _Login:
    user: str
    password: str
    digest: bool


@dataclass(frozen=True)
class _Programme:
    file: str
    codec: str
    duration_ns: int
    shared: bool
    loops: bool


class _Feeder:
    """Pushes a recording into one `appsrc`; time stamps go on from loop to loop."""

    def __init__(self, programme: _Programme, recording: BinaryIO) -> None:
        self._programme = programme
        self._file = recording
        self._offset_ns = 0

    def need_data(self, source: Any, _length: int) -> None:
        header = self._file.read(RECORD.size)
        if not header and not self._programme.loops:
            source.emit("end-of-stream")
            return
        if not header:
            self._file.seek(0)
            self._offset_ns += self._programme.duration_ns
            header = self._file.read(RECORD.size)
        pts, dts, duration, is_key, size = RECORD.unpack(header)
        buffer = Gst.Buffer.new_wrapped(self._file.read(size))
        buffer.pts, buffer.dts, buffer.duration = pts + self._offset_ns, dts + self._offset_ns, duration
        if not is_key:
            buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
        source.emit("push-buffer", buffer)


class _Stage:
    """Puts on stage what a viewer asks for, before the server looks for it."""

    def __init__(self, server: Any, permissions: Any) -> None:
        self._mounts = server.get_mount_points()
        self._permissions = permissions
        self._playing: dict[str, _Programme] = {}

    def describe(self, _client: Any, context: Any) -> int:
        path = context.uri.abspath
        programme = ask(path)
        if programme != self._playing.get(path):
            self._mounts.remove_factory(path)
            self._playing.pop(path, None)
            if programme is not None:
                self._mounts.add_factory(path, self._factory(programme))
                self._playing[path] = programme
        return int(GstRtsp.RTSPStatusCode.OK)

    def _factory(self, programme: _Programme) -> Any:
        recording = Path(programme.file)

        def configure(_factory: Any, media: Any) -> None:
            source = media.get_element().get_by_name("video")
            source.set_property("format", Gst.Format.TIME)
            source.connect("need-data", _Feeder(programme, recording.open("rb")).need_data)

        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(f"( {PIPELINES[programme.codec]} )")
        factory.set_shared(programme.shared)
        factory.connect("media-configure", configure)
        if self._permissions is not None:
            factory.set_permissions(self._permissions)
        return factory


def ask(path: str) -> _Programme | None:
    """What plays at a path; footfall knows."""
    sys.stdout.write(json.dumps(path) + "\n")
    sys.stdout.flush()
    answer = json.loads(sys.stdin.readline() or "null")
    return None if answer is None else _Programme(**answer)


def _require_login(server: Any, login: _Login) -> Any:
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_role(ROLE)
    for permission in ("media.factory.access", "media.factory.construct"):
        permissions.add_permission_for_role(ROLE, permission, True)
    auth = GstRtspServer.RTSPAuth()
    if login.digest:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(login.user, login.password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(login.user, login.password), token)
    server.set_auth(auth)
    return permissions


def main() -> int:
    """Serve until stdin closes."""
    login = _Login(**json.loads(sys.stdin.readline()))
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    stage = _Stage(server, _require_login(server, login) if login.user else None)
    server.connect("client-connected", lambda _, client: client.connect("pre-describe-request", stage.describe))
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
