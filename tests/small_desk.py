"""A desk without cameras behind it, and a gate whose tokens are names: real configurations, told states."""

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock, Thread
from time import sleep

import httpx
import uvicorn
import yaml

from footfall.access.gate import Gate
from footfall.access.roles import Caller, Rights, Role
from footfall.access.roles import Kind as Shown
from footfall.config.document import Document as Reader
from footfall.config.environment import Settings
from footfall.config.load import Kind, check, load_plan, parse, recognise
from footfall.config.plan import SourceSpec
from footfall.core.types import Message
from footfall.ingest.url import redact
from footfall.spatial.occupancy import Occupancy
from footfall.store.records import EventRecord, TracksRecord
from footfall.web.desk import CameraState, Conflict, Document, Edit, Health, PlaceState, Unknown, Version

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
COUNTS = ("frames_in", "frames_analysed", "frames_dropped", "events", "reconnects", "source_errors")


class SmallDesk:
    def __init__(self, text: str) -> None:
        self._lock = Lock()
        self.secrets: dict[str, str] = {}
        self._hearers: list[Callable[[Message], None]] = []
        self._occupancy: dict[str, Occupancy] = {}
        self.plan = self._compiled(text)
        self._versions = [self._version(1, text, "footfall", "")]
        self.health_reasons: dict[str, str] = {}

    def cameras(self) -> list[CameraState]:
        return [
            CameraState(
                name=graph.spec(SourceSpec).source_id,
                plan=graph,
                url=redact(graph.spec(SourceSpec).url),
                state="running" if graph.enabled else "disabled",
                reason="",
                reason_code="",
                since=NOON,
                size_px=(640, 360),
                counts=dict.fromkeys(COUNTS, 0),
                fps_in=25.0,
                fps_analysed=10.0,
                lag_s=0.05,
                people=2,
                zones={"till": 1},
                detector_s=0.03,
                clock_offset_s=None,
            )
            for graph in self.plan.graphs
        ]

    def places(self) -> list[PlaceState]:
        return [PlaceState(place, self._occupancy.get(place.name, Occupancy())) for place in self.plan.places]

    def anchor(self, place: str, people: int, author: str) -> PlaceState:
        if place not in {one.name for one in self.plan.places}:
            raise Unknown(f"there is no place {place!r}")
        self._occupancy[place] = Occupancy().anchored(people, NOON)
        return next(one for one in self.places() if one.place.name == place)

    def version(self, number: int | None = None) -> Version:
        if number is None:
            return self._versions[-1]
        if not 1 <= number <= len(self._versions):
            raise Unknown(f"version {number} is not kept")
        return self._versions[number - 1]

    def versions(self, before: int | None = None, limit: int = 50) -> list[Version]:
        found = [one for one in reversed(self._versions) if before is None or one.number < before]
        return found[:limit]

    def check(self, text: str):
        return check(text, file="configuration", settings=self._settings())

    def edit(self, change: Edit | str, *, base: int, author: str, comment: str = "") -> Version:
        with self._lock:
            present = self._versions[-1]
            if base != present.number:
                known = 1 <= base <= len(self._versions)
                raise Conflict(present, self.version(base) if known else None)
            text = change if isinstance(change, str) else _text(change(present.document or {}))
            self.plan = self._compiled(text)
            self._versions.append(self._version(present.number + 1, text, author, comment))
            return self._versions[-1]

    def keep_secret(self, name: str, value: str) -> str:
        self.secrets[name] = value
        return f"${{{name}}}"

    def replayed(self, camera: str, document: Document):
        plan = self._compiled(_text(document))
        found = [graph for graph in plan.graphs if graph.spec(SourceSpec).source_id == camera]
        if not found:
            raise Unknown(f"there is no camera {camera!r}")
        return found[0]

    def subscribe(self, hear: Callable[[Message], None]) -> Callable[[], None]:
        self._hearers.append(hear)
        return lambda: self._hearers.remove(hear)

    def tell(self, message: Message) -> None:
        for hear in list(self._hearers):
            hear(message)

    def health(self) -> Health:
        return Health(is_ready=not self.health_reasons, reasons=self.health_reasons, waiting=0)

    def _settings(self) -> Settings:
        return Settings(environ=self.secrets)

    def _compiled(self, text: str):
        return load_plan(text, file="configuration", settings=self._settings())

    def _version(self, number: int, text: str, author: str, comment: str) -> Version:
        document = parse(text, Reader("configuration")) if recognise(text) is Kind.FOOTFALL else None
        return Version(number, NOON, author, comment, text, document)


def _text(document: Document) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


CONFIG = """
model: motion
note: ours
cameras:
  - name: front
    url: rtsp://viewer:canary@10.0.0.7/stream1
    mood: sunny
    lines:
      - {name: door, points: [[0.2, 0.6], [0.8, 0.6]], names: {right: in}, colour: red}
    zones:
      - name: till
        points: [[0.3, 0.5], [0.7, 0.5], [0.7, 0.9]]
        events: [count, crossing, {type: dwell, threshold: 0.02}]
  - name: "Tür 1/2 ☂"
    url: rtsp://10.0.0.8/stream1
occupancy:
  - {name: shop, doors: [front/door+], anchors: [{at: "04:00", people: 0}]}
  - {name: yard, doors: [door-]}
"""


class NoAudit:
    def __init__(self):
        self.entries = []

    def record(self, event, author, what):
        self.entries.append((event, author, what))


class SmallGate(Gate):
    """Tokens are names of roles."""

    def __init__(self, clock):  # without a database
        self.clock = clock
        self.audit = NoAudit()
        self.callers = {
            "viewer": Rights(Role.VIEWER),
            "operator": Rights(Role.OPERATOR, real_pixels=True),
            "admin": Rights(Role.ADMIN),
            "guest": Rights(Role.VIEWER, frozenset({"front"})),
            "porter": Rights(Role.VIEWER, frozenset({"Tür 1/2 ☂"})),
            "guard": Rights(Role.OPERATOR, frozenset({"front"})),
        }

    def by_token(self, token, address):
        rights = self.callers.get(token)
        return None if rights is None else Caller(token, rights, Shown.TOKEN, token, label="test")

    def by_session(self, cookie):
        return None


class SetClock:
    def __init__(self):
        self.at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
        self.monotonic = 0.0

    def now(self):
        return self.at

    def monotonic_s(self):
        return self.monotonic


def as_(who: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}", **more}


class Client:
    """Asks an app without a socket in between."""

    def __init__(self, app):
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="https://127.0.0.1")

    def request(self, method, path, **more):
        return self._runner.run(self._client.request(method, path, **more))

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, **more):
        return self.request("POST", path, **more)

    def put(self, path, **more):
        return self.request("PUT", path, **more)

    def patch(self, path, **more):
        return self.request("PATCH", path, **more)

    def delete(self, path, **more):
        return self.request("DELETE", path, **more)

    def close(self):
        self._runner.run(self._client.aclose())
        self._runner.close()


@contextmanager
def serving(app):
    """A real server on a free port of the loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, ws="websockets-sansio", lifespan="off", log_config=None, timeout_graceful_shutdown=10)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started:
        sleep(0.005)
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(60)
    assert not thread.is_alive()


def event_of(number, camera="front", kind="personLineEvent", region="door"):
    """An event as it comes out of a camera, so many seconds after noon."""
    body = {
        "events": [{"id": f"{number:032x}", "type": kind, "zone": region, "properties": {"trackingId": f"t{number}"}}],
        "sourceInfo": {"id": camera},
        "schemaVersion": "2.0",
    }
    text = json.dumps(body).encode()
    return EventRecord(f"e{number}", camera, NOON + timedelta(seconds=number), kind, region, f"t{number}", text)


def message_of(event):
    return Message(event.camera, event.body, event.id, event.utc)


def walks(begin, seconds=120.0, every_s=10.0, camera="front", fps=5):
    """Recorded tracks: somebody walks down the picture, over the door, every ten seconds."""
    lines = []
    for number in range(round(seconds * fps)):
        t_s = number / fps
        walker, share = divmod(t_s / every_s, 1.0)
        y = 0.45 + 0.3 * share
        person = {"id": f"{int(walker):032x}", "box": [0.45, y - 0.3, 0.55, y], "footprint": [0.5, y], "score": 0.9}
        lines.append({"frame": number, "t": t_s, "people": [person] if 0.05 < share < 0.95 else []})
    lines[0]["size"] = [640, 360]
    text = b"\n".join(json.dumps(line).encode() for line in lines)
    return TracksRecord(camera, begin, begin + timedelta(seconds=seconds - 1 / fps), text)
