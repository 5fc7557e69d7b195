"""A simulated IP camera: plays clips over RTSP, asks for a login, and breaks down on demand."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from footfall.core.errors import ConfigError, Problem
from footfall.simulator.rtsp_faults import Fault, parse_faults
from footfall.simulator.rtsp_line import FaultyLine
from footfall.simulator.rtsp_programme import LiveClips, MediaFolder, Programmes

LIVE555_PORTS: Final = (554, 8554)
"""Where a media server listens: the second one if the first is taken or not allowed."""
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

    clips: tuple[Path, ...] = ()
    media: Path | None = None
    """Instead of clips: a folder whose files play at `/media/<file>`."""
    loops: bool = True
    """Whether everything starts again at its end, with time stamps that go on."""
    host: str = "127.0.0.1"
    ports: tuple[int, ...] = (8554,)
    """The first that is free is taken."""
    login: Login | None = None
    faults: str = ""
    """As `parse_faults` reads it."""
    duration_s: float | None = None
    """None: until interrupted."""
    clock_offset_s: float = 0.0
    """How far its clock is ahead."""


class RtspCamera:
    """A camera that plays H.264 or H.265 clips one after the other, for ever, to any number of viewers.

    All viewers share one stream, which starts with the first of them. Listens on 127.0.0.1; port 0 chooses a free
    one. Use as a context manager, or `start` and `stop`.

    Args:
        clips: What plays at `/live`.
        port: Where to listen.
        login: What viewers must say.
        programmes: What plays instead of the clips, for example the `MediaFolder` of a media server.
        host: The address to listen on.
    """

    def __init__(
        self,
        *clips: Path,
        port: int = 0,
        login: Login | None = None,
        programmes: Programmes | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.port = port
        """Where it listens, once started."""
        self._host = host
        self._programmes: Programmes = programmes or LiveClips(clips)
        self._login = login
        self._folder: TemporaryDirectory[str] | None = None
        self._line: FaultyLine | None = None
        self._child: subprocess.Popen[str] | None = None
        self._answers: threading.Thread | None = None
        self._command: tuple[str, ...] = ()

    def start(self) -> None:
        """Serve.

        Raises:
            ConfigError: a clip cannot be sent, the RTSP server is missing, or the port is taken.
        """
        self._command = (system_python(), str(_SCRIPT))
        self._folder = TemporaryDirectory(prefix="footfall-rtsp-")
        self._line = FaultyLine(self._host)
        try:
            self._programmes.open(Path(self._folder.name))
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
        return f"rtsp://{self._host}:{self.port}{self._programmes.path}"

    @property
    def login_url(self) -> str:
        """Address with the login, if it has one, percent-encoded."""
        if self._login is None:
            return self.url
        login = f"{quote(self._login.user, safe='')}:{quote(self._login.password, safe='')}"
        return self.url.replace("rtsp://", f"rtsp://{login}@", 1)

    def fault(self, fault: Fault) -> None:
        """Bring the line to the camera into this state."""
        if self._line is not None:
            self._line.set(fault)

    def set_clock(self, offset_s: float) -> None:
        """Set the camera's clock so far ahead of the right time, as RTCP tells it over TCP."""
        if self._line is not None:
            self._line.set_clock(offset_s)

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
            tell(self._child, asdict(self._login or Login("", "")))
            answer = self._child.stdout.readline().strip()
        if not answer.isdigit():
            raise _problem("the RTSP server does not start", f"reinstall it: apt-get install --reinstall {_PACKAGES}")
        line.connect(int(answer))
        self._answers = threading.Thread(target=self._answer, args=(self._child,), name="programmes", daemon=True)
        self._answers.start()

    def _answer(self, child: subprocess.Popen[str]) -> None:
        """Tell the server what plays at the paths that viewers ask for, until it ends."""
        assert child.stdout is not None
        for question in child.stdout:
            programme = self._programmes.find(json.loads(question))
            answer = programme and {
                **asdict(programme.recording),
                "file": str(programme.recording.file),
                "shared": programme.is_shared,
                "loops": programme.loops,
            }
            with suppress(OSError):
                tell(child, answer)

    def _end_server(self) -> None:
        child, self._child = self._child, None
        answers, self._answers = self._answers, None
        if child is not None:
            with suppress(BrokenPipeError), child:  # an answer that it has not read goes with it
                child.kill()
                if answers is not None:
                    answers.join()


def tell(child: subprocess.Popen[str], what: object) -> None:
    """One line of JSON to the server."""
    assert child.stdin is not None
    child.stdin.write(json.dumps(what) + "\n")
    child.stdin.flush()


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
    with started(options) as camera:
        announce(f"camera at {camera.url}" if options.media is None else f"media server at {camera.url}<file>")
        camera.set_clock(options.clock_offset_s)
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


@contextmanager
def started(options: RtspOptions) -> Iterator[RtspCamera]:
    """A camera on the first port that is free.

    Raises:
        ConfigError: none is, or as `RtspCamera.start`.
    """
    if options.media is None:
        programmes: Programmes = LiveClips(options.clips, loops=options.loops)
    else:
        programmes = MediaFolder(options.media, loops=options.loops)
    for number, port in enumerate(options.ports, 1):
        camera = RtspCamera(port=port, login=options.login, programmes=programmes, host=options.host)
        try:
            camera.start()
        except ConfigError as error:
            if number == len(options.ports) or not isinstance(error.__cause__, OSError):
                raise
            continue
        try:
            yield camera
        finally:
            camera.stop()
        return


def _problem(what: str, cure: str) -> ConfigError:
    return ConfigError([Problem("simulate rtsp", "$", what, cure)])
