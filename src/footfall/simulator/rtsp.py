"""A simulated IP camera: loops clips over RTSP, asks for a login, and breaks down on demand."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from footfall.core.errors import ConfigError, Problem
from footfall.simulator.rtsp_faults import Fault, parse_faults
from footfall.simulator.rtsp_line import FaultyLine
from footfall.simulator.rtsp_recording import pack

PATH: Final = "/live"
_SCRIPT: Final = Path(__file__).with_name("rtsp_server.py")
_PYTHONS: Final = ("/usr/bin/python3", "/usr/local/bin/python3")
_PACKAGES: Final = (
    "python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad"
)
_CHECK: Final = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer; Gst.init();"
    "assert all(map(Gst.ElementFactory.find, ('appsrc', 'h264parse', 'h265parse', 'rtph264pay')))"
)


@dataclass(frozen=True, slots=True)
class Login:
    """What the camera asks for."""

    user: str
    password: str
    digest: bool = False


@dataclass(frozen=True, slots=True)
class RtspOptions:
    """`footfall simulate rtsp`."""

    clips: tuple[Path, ...]
    port: int = 8554
    login: Login | None = None
    faults: str = ""
    """As `parse_faults` reads it."""
    duration_s: float | None = None
    """None: until interrupted."""


class RtspCamera:
    """A camera that plays H.264 or H.265 clips one after the other, for ever, to any number of viewers.

    All viewers share one stream, which starts with the first of them. Listens on 127.0.0.1; port 0 chooses a free
    one. Use as a context manager, or `start` and `stop`.
    """

    def __init__(self, *clips: Path, port: int = 0, login: Login | None = None) -> None:
        self.port = port
        """Where it listens, once started."""
        self._clips = clips
        self._login = login
        self._folder: TemporaryDirectory[str] | None = None
        self._line: FaultyLine | None = None
        self._child: subprocess.Popen[str] | None = None
        self._command: tuple[str, ...] = ()
        self._settings = ""

    def start(self) -> None:
        """Serve.

        Raises:
            ConfigError: a clip cannot be sent, the RTSP server is missing, or the port is taken.
        """
        self._command = (system_python(), str(_SCRIPT))
        self._folder = TemporaryDirectory(prefix="footfall-rtsp-")
        self._line = FaultyLine()
        try:
            recording = pack(self._clips, Path(self._folder.name) / "recording")
            settings = {**asdict(recording), "file": str(recording.file), "path": PATH}
            self._settings = json.dumps(settings | asdict(self._login or Login("", "")))
            self._start_server(self._line)
            self._line.listen(self.port)
            self.port = self._line.port
        except ConfigError:
            self.stop()
            raise
        except OSError as error:
            self.stop()
            raise _problem(f"cannot listen on port {self.port}: {error.strerror}", "choose another --port") from error

    def stop(self) -> None:
        """End everything; safe to call twice."""
        line, self._line = self._line, None
        if line is not None:
            line.close()
        self._end_server()
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    @property
    def url(self) -> str:
        """Address without the login."""
        return f"rtsp://127.0.0.1:{self.port}{PATH}"

    @property
    def login_url(self) -> str:
        """Address with the login, if it has one, percent-encoded."""
        if self._login is None:
            return self.url
        login = f"{quote(self._login.user, safe='')}:{quote(self._login.password, safe='')}"
        return f"rtsp://{login}@127.0.0.1:{self.port}{PATH}"

    def fault(self, fault: Fault) -> None:
        """Bring the line to the camera into this state."""
        if self._line is not None:
            self._line.set(fault)

    def kill(self) -> None:
        """The camera loses power: all connections end, nobody listens."""
        self.fault(Fault.REFUSE)
        self._end_server()

    def restart(self) -> None:
        """The camera is back on the same port, its stream from the start."""
        if self._line is not None:
            self._end_server()
            self._start_server(self._line)
            self._line.set(Fault.OK)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_server(self, line: FaultyLine) -> None:
        self._child = subprocess.Popen(  # noqa: S603 - our own script, no user text on the command line
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        answer = ""
        if self._child.stdin and self._child.stdout:
            self._child.stdin.write(self._settings + "\n")
            self._child.stdin.flush()
            answer = self._child.stdout.readline().strip()
        if not answer.isdigit():
            raise _problem("the RTSP server does not start", f"reinstall it: apt-get install --reinstall {_PACKAGES}")
        line.connect(int(answer))

    def _end_server(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            with child:
                child.kill()


def system_python() -> str:
    """A Python with the bindings of GStreamer's RTSP server, which a virtual environment usually has not.

    `FOOTFALL_GST_PYTHON` names one in another place.

    Raises:
        ConfigError: none is there; the message names what to install.
    """
    for python in filter(None, (os.environ.get("FOOTFALL_GST_PYTHON"), *_PYTHONS)):
        if not Path(python).exists():
            continue
        if subprocess.run((python, "-c", _CHECK), capture_output=True, check=False).returncode == 0:  # noqa: S603
            return python
    what = "the simulated camera needs GStreamer's RTSP server, and no Python here has it"
    raise _problem(what, f"apt-get install {_PACKAGES}")


def run_rtsp(
    options: RtspOptions, announce: Callable[[str], None], wait: Callable[[float], object] = time.sleep
) -> None:
    """Serve until the duration is over or the user interrupts; announces the address, then every fault.

    Raises:
        ConfigError: as `RtspCamera.start`; a wrong fault plan too.
    """
    try:
        steps = parse_faults(options.faults)
    except ValueError as error:
        raise _problem(str(error), "mend the fault plan") from error
    end_s = options.duration_s
    with RtspCamera(*options.clips, port=options.port, login=options.login) as camera:
        announce(f"camera at {camera.url}")
        started_s = time.monotonic()
        try:
            for step in (step for step in steps if end_s is None or step.at_s < end_s):
                wait(max(0.0, started_s + step.at_s - time.monotonic()))
                camera.fault(step.fault)
                announce(f"after {step.at_s:g} s: {step.fault.value}")
            while end_s is None:
                wait(3600.0)
            wait(max(0.0, started_s + end_s - time.monotonic()))
        except KeyboardInterrupt:
            announce("camera off")


def _problem(what: str, cure: str) -> ConfigError:
    return ConfigError([Problem("simulate rtsp", "$", what, cure)])
