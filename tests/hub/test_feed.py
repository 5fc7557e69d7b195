"""The event log as it grows, over HTTPS and as the monitor shows it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path

import httpx
import pytest

from footfall.core.errors import ConfigError
from footfall.edge.service import ServiceIdentity
from footfall.edge.topics import Identity
from footfall.engine.clock import SystemClock
from footfall.hub.feed import BEAT, feed
from footfall.hub.messages import HubMessage
from footfall.hub.monitor import Feed, FeedRefused, from_folder, shown, trusting
from footfall.hub.record import line_of
from servers.edge_doors import Https, https
from servers.edge_hub import EdgeModule, ThreadedHub

MORNING = datetime(2026, 1, 5, 9, 42, 18, tzinfo=UTC)


def line(body: bytes, *, unrouted: bool = False, module: str | None = "mod1", at: datetime = MORNING) -> bytes:
    sender = Identity("dev1", module)
    message = HubMessage(sender, "out", body, {"$.ct": "application/json"}, {"topic": "/x", "a": None}, at, "m-1")
    return line_of(message, unrouted=unrouted).rstrip(b"\n")


INFERENCE = """[IoTHubMonitor] [9:42:18 AM] Message received from [dev1/mod1]:
{
  "body": {
    "timestamp": 145860472980260,
    "inferences": [
      {
        "type": "entity",
        "x": 0.5
      }
    ]
  }
}"""


def test_a_message_looks_as_in_the_monitor_of_vs_code() -> None:
    body = b'{"timestamp":145860472980260,"inferences":[{"type":"entity","x":0.5}]}'
    assert shown(line(body), UTC, is_verbose=False) == INFERENCE


def test_application_properties_are_shown_to_who_wants_them() -> None:
    text = shown(line(b'"x"'), UTC, is_verbose=True)
    assert json.loads(text.partition("\n")[2]) == {"body": "x", "applicationProperties": {"topic": "/x", "a": None}}


@pytest.mark.parametrize(
    ("at", "zone", "o_clock"),
    [
        pytest.param(MORNING.replace(hour=0), UTC, "12:42:18 AM", id="after midnight"),
        pytest.param(MORNING.replace(hour=12), UTC, "12:42:18 PM", id="after noon"),
        pytest.param(MORNING.replace(hour=23, minute=5), UTC, "11:05:18 PM", id="late"),
        pytest.param(MORNING, timezone(timedelta(hours=5, minutes=30)), "3:12:18 PM", id="elsewhere"),
    ],
)
def test_the_time_is_the_viewers(at: datetime, zone: timezone, o_clock: str) -> None:
    head = shown(line(b"1", at=at), zone, is_verbose=False).splitlines()[0]
    assert head == f"[IoTHubMonitor] [{o_clock}] Message received from [dev1/mod1]:"


def test_what_no_route_took_is_marked_and_a_device_has_no_module() -> None:
    head = shown(line(b"1", unrouted=True, module=None), UTC, is_verbose=False).splitlines()[0]
    assert head == "[IoTHubMonitor] [9:42:18 AM] Message received from [dev1] (unrouted):"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        pytest.param(b"no json", "no json", id="text"),
        pytest.param(b"\xff\x00", "\ufffd\x00", id="bytes"),
        pytest.param("ä人".encode(), "ä人", id="letters of the world"),
        pytest.param(b"", "", id="nothing"),
    ],
)
def test_a_body_that_is_no_json_is_text(body: bytes, seen: str) -> None:
    assert json.loads(shown(line(body), UTC, is_verbose=False).partition("\n")[2])["body"] == seen


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreadedHub]:
    with ThreadedHub(tmp_path_factory.mktemp("hub"), device="dev1") as hub:
        hub.route(up="FROM /messages/modules/mod1/outputs/up INTO $upstream")
        yield hub


@pytest.fixture(scope="module")
def mod1(hub: ThreadedHub) -> Iterator[EdgeModule]:
    module = hub.module("mod1")
    yield module
    module.close()


@pytest.fixture(scope="module")
def door(hub: ThreadedHub) -> Iterator[Https]:
    with https(hub) as door:
        yield door


def send(module: EdgeModule, *numbers: int, output: str = "up") -> None:
    """Send numbers; they are in the log when this returns."""
    goal = module.confirmed + len(numbers)
    for number in numbers:
        module.send(b"%d" % number, f"%24.on={output}")
    module.wait(lambda: module.confirmed == goal)


class Reader:
    """Reads a feed until it has seen enough."""

    def __init__(self, door: Https, headers: dict[str, str] | None = None, **params: str) -> None:
        self.ids: list[str] = []
        self.bodies: list[object] = []
        self.unrouted: list[bool] = []
        self.began = threading.Event()
        self._enough = 10**9
        token = {"Authorization": door.policy_token("service")}
        self._stream = httpx.stream(
            "GET", f"https://{door.host}/events", headers={**token, **(headers or {})}, params=params,
            verify=door.trusted, timeout=60,
        )  # fmt: skip

    def until(self, count: int, then: Callable[[], None] | None = None) -> list[object]:
        """Bodies of the first events; `then` happens when the feed is open."""
        with self._stream as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            worker: threading.Thread | None = None
            for text in answer.iter_lines():
                if worker is None and then is not None:
                    worker = threading.Thread(target=then)
                    worker.start()
                    then = None
                name, _, value = text.partition(": ")
                if name == "id":
                    self.ids.append(value)
                if name == "data":
                    self.bodies.append(json.loads(value)["body"])
                    self.unrouted.append(json.loads(value).get("unrouted", False))
                if len(self.bodies) == count:
                    break
            if worker is not None:
                worker.join(60)
        return self.bodies


def test_a_feed_tells_what_comes(door: Https, mod1: EdgeModule) -> None:
    send(mod1, 1)
    assert Reader(door).until(3, lambda: send(mod1, 2, 3, 4)) == [2, 3, 4]


def test_a_feed_begins_at_the_start_or_goes_on_where_it_was(door: Https, mod1: EdgeModule) -> None:
    send(mod1, 10, 11, 12)
    everything = Reader(door, **{"from": "start"})
    bodies = everything.until(1)
    whole = Reader(door, **{"from": "start"})
    count = 50
    later = threading.Timer(1.0, lambda: send(mod1, *range(100, 150)))
    later.start()
    all_bodies = whole.until(count)
    later.join(60)
    assert all_bodies[: len(bodies)] == bodies
    for at in (0, count // 2, count - 2):
        rest = Reader(door, {"Last-Event-ID": whole.ids[at]}).until(count - 1 - at)
        assert rest == all_bodies[at + 1 :]
    assert len(set(whole.ids)) == count


def test_a_feed_misses_nothing_that_comes_while_its_first_word_is_on_the_way(
    hub: ThreadedHub, mod1: EdgeModule
) -> None:
    events = feed(hub.hub, None, asyncio.Event(), unrouted=False)

    async def heard() -> bytes:
        return await anext(events)

    async def left() -> None:
        await events.aclose()

    assert hub.call(heard()) == BEAT
    send(mod1, 5)
    assert b'"body":5' in hub.call(heard())
    hub.call(left())


def test_a_feed_leaves_out_what_no_route_took_unless_asked(door: Https, mod1: EdgeModule) -> None:
    def both() -> None:
        send(mod1, 20, output="nowhere")
        send(mod1, 21)

    assert Reader(door).until(1, both) == [21]
    everything = Reader(door, all="true")
    assert everything.until(2, both) == [20, 21]
    assert everything.unrouted == [True, False]


def test_a_feed_ends_with_the_hub_and_without_a_complaint(
    hub: ThreadedHub, mod1: EdgeModule, caplog: pytest.LogCaptureFixture
) -> None:
    with https(hub) as door:
        is_open = threading.Event()
        reader = threading.Thread(target=Reader(door).until, args=(10**6, is_open.set))
        reader.start()
        assert is_open.wait(60)
    reader.join(60)
    assert not reader.is_alive()
    assert caplog.text == ""


def test_a_feed_without_events_says_that_it_is_there(door: Https, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.hub.feed.BEAT_S", 0.05)
    url, token = f"https://{door.host}/events", {"Authorization": door.policy_token()}
    with httpx.stream("GET", url, headers=token, verify=door.trusted, timeout=60) as answer:
        assert list(islice(answer.iter_lines(), 4)) == [":", "", ":", ""]


def test_a_feed_is_for_who_may_see_events(door: Https) -> None:
    assert door.ask("GET", "/events", door.policy_token("registryRead")).status_code == 401


def connection_string(door: Https, policy: str = "service") -> str:
    key = door.hub.hub.identities.policies()[policy]
    return f"HostName={door.host};SharedAccessKeyName={policy};SharedAccessKey={key}"


def test_the_monitor_goes_on_when_the_hub_comes_back(hub: ThreadedHub, mod1: EdgeModule) -> None:
    seen: list[object] = []
    with https(hub) as door:
        feed = Feed(
            ServiceIdentity.parse(connection_string(door)), trusting(hub.ca), SystemClock(), lambda _: time.sleep(0.1)
        )
        send(mod1, 30)
        lines = feed.lines(from_start=True, unrouted=False)
        for text in lines:
            seen.append(json.loads(text)["body"])
            if seen[-1] == 30:
                break
        port = door.port
    send(mod1, 31)
    opened = threading.Event()

    def come_back() -> None:
        time.sleep(0.5)
        with https(hub, port):
            opened.wait(60)

    back = threading.Thread(target=come_back)
    back.start()
    seen += [json.loads(text)["body"] for text in islice(lines, 1)]
    opened.set()
    back.join(60)
    lines.close()
    assert seen[-2:] == [30, 31]


def test_the_monitor_is_told_no(hub: ThreadedHub, door: Https) -> None:
    feed = Feed(ServiceIdentity.parse(connection_string(door, "registryRead")), trusting(hub.ca), SystemClock())
    with pytest.raises(FeedRefused, match="answers 401"):
        next(feed.lines(from_start=True, unrouted=False))


def test_a_file_that_holds_no_certificates_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    for name in ("ca.pem", "missing.pem"):
        with pytest.raises(ConfigError, match=r"is no file of certificates"):
            trusting(tmp_path / name)


def test_the_log_of_a_folder_is_followed(hub: ThreadedHub, mod1: EdgeModule) -> None:
    send(mod1, 40)
    from_now = from_folder(hub.folder, from_start=False, sleep=lambda _: send(mod1, 41))
    assert json.loads(next(from_now))["body"] == 41
    from_start = from_folder(hub.folder, from_start=True)
    assert len([next(from_start) for _ in hub.lines()]) == len(hub.lines())


def test_a_folder_without_a_hub_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no hub in"):
        next(from_folder(tmp_path, from_start=True))


@pytest.mark.parametrize("way", [pytest.param("folder", id="from the disk"), pytest.param("https", id="over HTTPS")])
def test_the_command_shows_events(hub: ThreadedHub, door: Https, mod1: EdgeModule, tmp_path: Path, way: str) -> None:
    send(mod1, 50)
    send(mod1, 51, output="nowhere")
    (tmp_path / "service.txt").write_text(connection_string(door) + "\n")
    where = (
        [f"--data={hub.folder}"]
        if way == "folder"
        else [f"--connection-string-file={tmp_path}/service.txt", f"--ca={hub.ca}"]
    )
    command = [sys.executable, "-m", "footfall", "hub", "monitor", "--from-start", "--all", "--verbose", *where]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "TZ": "UTC"}) as process:
        assert process.stdout is not None
        seen = ""
        for text in process.stdout:
            seen += text
            if "(unrouted):" in seen and '"body": 51' in seen and seen.endswith("}\n}\n"):
                break
        process.terminate()
    assert 'Message received from [dev1/mod1]:\n{\n  "body": 50' in seen
    assert '  "applicationProperties": {}' in seen
