"""Home Assistant by MQTT discovery, on a real broker."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from footfall.config.document import Document
from footfall.config.environment import read_settings
from footfall.config.home_assistant import HomeAssistant, read_home_assistant
from footfall.config.section import Section
from footfall.core.errors import Blocked, ConfigError
from footfall.core.types import Message
from footfall.serve import home_assistant_link
from footfall.serve.home_assistant import CrossingCounter, entities, messages
from footfall.serve.home_assistant_link import HomeAssistantLink
from footfall.spatial.occupancy import Occupancy
from footfall.spatial.regions import CountRule, Line, LineCrossingRule, SpatialSpec, Zone
from servers.mqtt_subscriber import Subscriber
from servers.told_desk import START, ToldDesk, camera_state, graph_of

SETTINGS = HomeAssistant("mqtt://127.0.0.1")
SHOP = SpatialSpec(
    (Zone("shop", ((0, 0), (1, 0), (1, 1)), (CountRule(),)),), (Line("door", (0, 0), (1, 1), (LineCrossingRule(),)),)
)
FRONT = camera_state("front", graph_of("front", SHOP))


def told(*cameras, places=None, crossings=None):
    desk = ToldDesk(cameras, places or {})
    found = list(entities(SETTINGS, desk.cameras(), desk.places(), crossings or {}))
    return {entity.config["name"]: entity for entity in found}


def crossing(way: str, line: str = "door", camera: str = "front") -> Message:
    event = {"type": "personLineEvent", "zone": line, "properties": {"status": way}}
    return Message(camera, json.dumps({"events": [event], "sourceInfo": {"id": camera}}).encode(), "key", START)


def test_a_camera_is_a_device_with_a_sensor_for_each_figure() -> None:
    found = told(FRONT, crossings={("front", "door", "right"): 4})
    assert {name: entity.state for name, entity in found.items()} == {
        "State": "running",
        "People in view": "3",
        "People in shop": "2",
        "door to the right": "4",
        "door to the left": "0",
    }
    assert len({entity.config["device"]["identifiers"][0] for entity in found.values()}) == 1
    assert found["door to the right"].config["state_class"] == "total_increasing"


def test_a_camera_that_is_away_sees_nobody_knows() -> None:
    found = told(camera_state("front", graph_of("front", SHOP), state="reconnecting"))
    states = [found[name].state for name in ("State", "People in view", "People in shop")]
    assert states == ["reconnecting", "None", "None"]


def test_a_place_is_a_device_of_its_own() -> None:
    found = told(places={"café": Occupancy(base=9)})
    assert found["People inside"].state == "9"
    assert found["People inside"].config["device"]["name"] == "café"


@pytest.mark.parametrize("names", [("a b", "a_b"), ("入口", "出口"), ("Door", "door"), ("x" * 99, "x" * 100)])
def test_different_names_never_meet(names: tuple[str, str]) -> None:
    desk = ToldDesk([camera_state(name) for name in names])
    topics = messages(SETTINGS, entities(SETTINGS, desk.cameras(), [], {}))
    assert len(topics) == 2 * 2 * 2
    assert all(topic.isascii() and not set(topic) & set("+# ") for topic in topics)


def test_crossings_are_counted_from_events() -> None:
    counter = CrossingCounter()
    for message in (crossing("CrossRight"), crossing("CrossRight"), crossing("CrossLeft"), crossing("Near")):
        counter.hear(message)
    counter.hear(Message("front", b'{"events": []}', "key", START))
    assert counter.counts == {("front", "door", "right"): 2, ("front", "door", "left"): 1}


@contextmanager
def linked(desk: ToldDesk, settings: HomeAssistant) -> Iterator[None]:
    link = HomeAssistantLink(settings, desk).start()
    try:
        yield
    finally:
        link.close()


def until(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 60.0
    while not condition():
        assert time.monotonic() < deadline_s, "it never came"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_assistant_link, "EVERY_S", 0.05)


class Seen(Subscriber):
    def now(self) -> dict[str, str]:
        return {topic: payload.decode() for topic, payload, _ in self.received}

    def names(self) -> set[str]:
        texts = {topic: text for topic, text in self.now().items() if topic.startswith("homeassistant/") and text}
        return {json.loads(text)["name"] for text in texts.values()}

    def value(self, name: str) -> str | None:
        for text in self.now().values():
            if text.startswith("{") and json.loads(text)["name"] == name:
                return self.now().get(json.loads(text)["state_topic"])
        return None


def test_discovery_states_and_farewell_on_a_real_broker(broker) -> None:
    settings = HomeAssistant(f"mqtt://127.0.0.1:{broker.port}")
    desk, seen = ToldDesk([FRONT], {"café": Occupancy(base=9)}), Seen(broker.port)
    with linked(desk, settings):
        until(lambda: seen.value("door to the left") == "0" and seen.value("People inside") == "9")
        assert seen.now()["footfall/status"] == "online"
        desk.hearers[0](crossing("CrossLeft"))
        desk.states = [camera_state("front", graph_of("front", SHOP), zones={"shop": 5})]
        until(lambda: seen.value("door to the left") == "1" and seen.value("People in shop") == "5")
    until(lambda: seen.now()["footfall/status"] == "offline")
    assert desk.hearers == []
    seen.close()


def test_what_was_removed_while_nobody_looked_is_taken_back(broker) -> None:
    settings = HomeAssistant(f"mqtt://127.0.0.1:{broker.port}")
    seen = Seen(broker.port)
    with linked(ToldDesk([FRONT, camera_state("back")]), settings):
        until(lambda: len(seen.names()) == 5)
    with linked(ToldDesk([camera_state("back")]), settings):
        until(lambda: seen.names() == {"State", "People in view"})
    until(lambda: sum(text != "" for topic, text in seen.now().items() if topic != "footfall/status") == 2 * 2)
    seen.close()


def test_other_services_on_the_broker_are_left_alone(broker) -> None:
    here, there = (HomeAssistant(f"mqtt://127.0.0.1:{broker.port}", name) for name in ("here", "there"))
    seen = Seen(broker.port)
    with linked(ToldDesk([FRONT]), there):
        until(lambda: len(seen.names()) == 5)
    with linked(ToldDesk([camera_state("back")]), here):
        until(lambda: sum(text != "" for topic, text in seen.now().items() if topic.endswith("/config")) == 7)
    seen.close()


def test_it_comes_back_when_the_broker_does(broker) -> None:
    settings = HomeAssistant(f"mqtt://127.0.0.1:{broker.port}")
    desk = ToldDesk([FRONT])
    with linked(desk, settings):
        seen = Seen(broker.port)
        until(lambda: seen.value("People in view") == "3")
        broker.kill()
        broker.start()
        desk.states = [camera_state("front", graph_of("front", SHOP), people=8)]
        until(lambda: seen.value("People in view") == "8")
        seen.close()


def test_a_broker_that_is_away_stops_nobody() -> None:
    with linked(ToldDesk([FRONT]), HomeAssistant("mqtt://user:secret-word@127.0.0.1:9")):
        time.sleep(0.2)


def read(section: object) -> tuple[HomeAssistant | None, Document]:
    document = Document("footfall.yaml")
    service = Section.of({"home_assistant": section}, "$.service", document)
    assert service is not None
    return read_home_assistant(service, read_settings({"PW": "p@ss"})), document


def test_settings() -> None:
    settings, document = read({"broker": "mqtts://ha:${PW}@broker", "name": "shop"})
    assert settings == HomeAssistant("mqtts://ha:p@ss@broker", "shop")
    assert "p@ss" not in repr(settings)
    assert not document.error_count


@pytest.mark.parametrize(
    "section",
    [
        pytest.param({}, id="no broker"),
        pytest.param({"broker": "http://broker"}, id="no MQTT"),
        pytest.param({"broker": "mqtt://broker", "name": "a/b"}, id="a name that is no name"),
        pytest.param({"broker": "mqtt://broker", "prefix": "#"}, id="a wildcard"),
        pytest.param({"broker": "mqtt://${NONE}@broker"}, id="a secret that is not there"),
    ],
)
def test_bad_settings(section: object) -> None:
    _, document = read(section)
    assert document.error_count


def test_a_broken_address_says_so() -> None:
    with pytest.raises(ConfigError):
        HomeAssistantLink(HomeAssistant("mqtt://:0"), ToldDesk())


def test_a_broker_that_comes_to_mean_something_else_is_not_connected_to(broker) -> None:
    """And its return is: the client's own new tries are judged, too."""
    answers: list[list[str] | Blocked] = [Blocked("metadata", "'home.lan' is a metadata address")]

    def lead(_host: str, _port: int) -> list[str]:
        if isinstance(answers[0], Blocked):
            raise answers[0]
        return answers[0]

    settings = HomeAssistant(f"mqtt://home.lan:{broker.port}")
    link = HomeAssistantLink(settings, ToldDesk(), lambda _to: lead)
    assert link.trouble == ""
    link.start()
    try:
        until(lambda: link.trouble == "blocked: 'home.lan' is a metadata address")
        answers[0] = ["127.0.0.1"]
        until(lambda: link.trouble == "" and link._client.is_connected())
    finally:
        link.close()
