"""A real server on 127.0.0.1 and a peer that knows nothing but field numbers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import cv2
import grpc
import numpy as np
import pytest

from footfall.core.errors import ConfigError
from footfall.core.types import Frame, MaskState
from footfall.events.inferences import Inference, NamedEvent, PersonEntity
from footfall.extension import server as module
from footfall.extension.contract import ProtoMessage
from footfall.extension.refusal import Refused
from footfall.extension.server import ExtensionServer
from footfall.extension.wire import StreamDescriptor
from servers.extension_frames import until
from servers.extension_peer import (
    EPOCH_TICKS,
    JPG,
    Answer,
    Peer,
    Region,
    by_reference,
    descriptor,
    embedded,
    part,
)

WIDTH, HEIGHT = 64, 48


@dataclass
class Mean:
    """Says the mean colour of each picture that is not black: an event and the entity it is about."""

    frames: list[Frame] = field(default_factory=list)
    closed: int = 0

    def look(self, frame: Frame) -> list[Inference]:
        self.frames.append(frame)
        if not frame.image.any():
            return []
        b, g, r = frame.image.reshape(-1, 3).mean(axis=0).round().astype(int).tolist()
        person = PersonEntity("e1", 0.5, (0.25, 0.5, 0.5, 1.0), MaskState("face_mask", 0.75), {"speed": "0.0"})
        return [person, NamedEvent("v1", "colour", {"bgr": f"{b} {g} {r}"}, ("e1",))]

    def close(self) -> None:
        self.closed += 1


@dataclass
class Place:
    """A server, what it looked with, and what it published."""

    address: str
    visits: list[Mean]
    published: list[tuple[StreamDescriptor, ProtoMessage]]


@pytest.fixture
def place() -> Iterator[Place]:
    visits: list[Mean] = []
    published: list[tuple[StreamDescriptor, ProtoMessage]] = []

    def start(stream: StreamDescriptor) -> Mean:
        if stream.configuration == "refuse":
            raise Refused("no such graph")
        visits.append(Mean())
        return visits[-1]

    server = ExtensionServer("127.0.0.1:0", start, lambda *one: published.append(one))
    server.start()
    yield Place(server.address, visits, published)
    server.close()
    server.close()


def picture(colour: tuple[int, int, int] = (10, 20, 30)) -> bytes:
    return np.full((HEIGHT, WIDTH, 3), colour, np.uint8).tobytes()


def test_a_stream_with_embedded_pictures(place: Place) -> None:
    with Peer(place.address) as peer:
        assert peer.ask(descriptor(WIDTH, HEIGHT)) == Answer(1, 1, 0, [], is_descriptor=True)
        first = peer.ask(embedded(2, EPOCH_TICKS, picture()))
        second = peer.ask(embedded(3, EPOCH_TICKS + 9_000, picture((0, 0, 0))))
        peer.end()
    assert (first.sequence, first.acknowledged, first.timestamp) == (2, 2, EPOCH_TICKS)
    assert first.events == [("colour", {"bgr": "10 20 30"})]
    assert second == Answer(3, 3, 0, [], is_descriptor=False)
    [visit] = place.visits
    assert [frame.t_s for frame in visit.frames] == pytest.approx([0.0, 0.1])
    assert visit.frames[0].utc.isoformat(timespec="milliseconds") == "2020-08-20T03:54:29.001+00:00"
    assert visit.closed == 1


def test_what_an_answer_holds(place: Place) -> None:
    with Peer(place.address) as peer:
        peer.ask(descriptor(WIDTH, HEIGHT))
        person, event = peer.ask(embedded(2, EPOCH_TICKS, picture())).inferences
    assert (person[1], person[3], event[1], event[3], event[4]) == ([3], [b"e1"], [5], [b"v1"], [b"e1"])
    [(stream, sample)] = place.published
    assert (stream.instance, stream.node) == ("Sample-Graph-1", "cvExtension")
    entity = sample.inferences[0].entity
    assert (entity.tag.value, entity.tag.confidence) == ("person", 0.5)
    assert [entity.box.l, entity.box.t, entity.box.w, entity.box.h] == [0.25, 0.5, 0.25, 0.5]
    assert [(a.name, a.confidence) for a in entity.attributes] == [("face_mask", 0.75)]


def test_pictures_in_shared_memory_at_both_ends_of_it(place: Place) -> None:
    size = len(picture())
    with Region(3 * size) as region, Peer(place.address) as peer:
        peer.ask(descriptor(WIDTH, HEIGHT, region=(region.name, region.length)))
        for sequence, slot in enumerate((0, 2, 1), 2):
            region.write(slot * size, picture((slot, 0, 1)))
            answer = peer.ask(by_reference(sequence, EPOCH_TICKS + sequence, slot * size, size))
            assert answer.acknowledged == sequence
            assert answer.events == [("colour", {"bgr": f"{slot} 0 1"})]
        peer.end()
        assert region.path.exists()


def test_jpeg_pictures(place: Place) -> None:
    _, data = cv2.imencode(".jpg", np.full((HEIGHT, WIDTH, 3), 200, np.uint8))
    with Peer(place.address) as peer:
        peer.ask(descriptor(WIDTH, HEIGHT, encoding=JPG, pixel_format=0))
        assert peer.ask(embedded(2, EPOCH_TICKS, data.tobytes())).events == [("colour", {"bgr": "200 200 200"})]


def test_pictures_of_full_hd_are_larger_than_grpcs_own_limit(place: Place) -> None:
    with Peer(place.address) as peer:
        peer.ask(descriptor(1920, 1080))
        content = np.full((1080, 1920, 3), 9, np.uint8).tobytes()
        assert peer.ask(embedded(2, EPOCH_TICKS, content)).events == [("colour", {"bgr": "9 9 9"})]


def test_several_pictures_may_be_on_their_way(place: Place) -> None:
    with Peer(place.address) as peer:
        peer.ask(descriptor(WIDTH, HEIGHT))
        for sequence in range(2, 12):
            peer.tell(embedded(sequence, EPOCH_TICKS + sequence, picture()))
        assert [peer.hear().acknowledged for _ in range(10)] == list(range(2, 12))


def test_four_streams_at_once(place: Place) -> None:
    with ExitStack() as opened:
        peers = [opened.enter_context(Peer(place.address)) for _ in range(4)]
        for number, peer in enumerate(peers):
            peer.ask(descriptor(WIDTH, HEIGHT))
            assert peer.ask(embedded(2, 1, picture((number, 0, 9)))).events == [("colour", {"bgr": f"{number} 0 9"})]
    assert len(place.visits) == 4


def test_time_never_goes_back_within_a_stream(place: Place) -> None:
    with Peer(place.address) as peer:
        peer.ask(descriptor(WIDTH, HEIGHT))
        for sequence, ticks in enumerate((900_000, 990_000, 900_000, 2**64 - 1), 2):
            peer.ask(embedded(sequence, ticks, picture()))
    assert [frame.t_s for frame in place.visits[0].frames[:3]] == [0.0, 1.0, 1.0]
    assert place.visits[0].frames[3].utc.year == 9999


def test_messages_without_a_picture_are_harmless(place: Place) -> None:
    with Peer(place.address) as peer:
        peer.ask(descriptor(WIDTH, HEIGHT))
        peer.tell(part(1, 2))
        answer = peer.ask(part(1, 3) + part(6, part(1, 5)))
    assert (answer.acknowledged, answer.inferences) == (3, [])


OPENED = descriptor(WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("messages", "word"),
    [
        pytest.param([embedded(1, 1, b"x")], "first message", id="a picture before the descriptor"),
        pytest.param([part(1, 1)], "first message", id="an empty message first"),
        pytest.param([OPENED, OPENED], "second", id="two descriptors"),
        pytest.param([OPENED, embedded(2, 1, b"short")], "5 bytes", id="a raw picture of another size"),
        pytest.param([OPENED, by_reference(2, 1, 0, 9)], "no shared memory", id="a reference without a region"),
        pytest.param([descriptor(WIDTH, HEIGHT, encoding=7)], "encoding 7", id="an unknown encoding"),
        pytest.param([descriptor(WIDTH, HEIGHT, pixel_format=1)], "pixel format 1", id="an unknown pixel format"),
        pytest.param([descriptor(0, 0)], "0x0", id="no size"),
        pytest.param([descriptor(WIDTH, HEIGHT, region=("../../etc/passwd", 9))], "no name", id="a name that escapes"),
        pytest.param([descriptor(WIDTH, HEIGHT, region=("nobody_made_this", 9))], "opened", id="no such region"),
        pytest.param([descriptor(WIDTH, HEIGHT, configuration="refuse")], "no such graph", id="a graph nobody has"),
    ],
)
def test_peers_that_misbehave_are_told_why(place: Place, messages: list[bytes], word: str) -> None:
    with Peer(place.address) as peer:
        for message in messages[:-1]:
            peer.ask(message)
        peer.tell(messages[-1])
        code, details = peer.refusal()
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert word in details
    assert all(visit.closed for visit in place.visits)


def test_a_reference_outside_of_the_region(place: Place) -> None:
    with Region(len(picture())) as region, Peer(place.address) as peer:
        peer.ask(descriptor(WIDTH, HEIGHT, region=(region.name, region.length)))
        peer.tell(by_reference(2, 1, 1, len(picture())))
        assert peer.refusal()[0] is grpc.StatusCode.INVALID_ARGUMENT


def test_a_region_shortened_under_our_hands(place: Place) -> None:
    with Region(len(picture())) as region, Peer(place.address) as peer:
        peer.ask(descriptor(WIDTH, HEIGHT, region=(region.name, region.length)))
        os.truncate(region.path, 10)
        peer.tell(by_reference(2, 1, 0, len(picture())))
        assert "shorter" in peer.refusal()[1]
    with Peer(place.address) as peer:
        assert peer.ask(OPENED).is_descriptor


def test_bytes_that_are_no_message(place: Place) -> None:
    with Peer(place.address) as peer:
        peer.tell(b"\xff\xff\xff")
        assert peer.refusal()[0] is not grpc.StatusCode.OK
    with Peer(place.address) as peer:
        assert peer.ask(OPENED).is_descriptor


DYING = """
import sys
sys.path[:0] = {paths!r}
from servers.extension_peer import Peer, descriptor
peer = Peer({address!r})
peer.ask(descriptor(64, 48))
print("open", flush=True)
peer.hear()
"""


def test_a_client_killed_in_mid_stream_leaves_nothing_behind(place: Place) -> None:
    code = DYING.format(paths=sys.path, address=place.address)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"open\n"
        client.send_signal(signal.SIGKILL)
    with Peer(place.address) as peer:
        peer.ask(OPENED)
        until(lambda: place.visits[0].closed == 1)
        assert peer.ask(embedded(2, 1, picture())).acknowledged == 2, "others are served"


def test_an_address_that_is_taken(place: Place) -> None:
    with pytest.raises(ConfigError, match="cannot be listened on"):
        ExtensionServer(place.address, lambda _: Mean(), lambda *_: None)


def test_more_streams_than_there_is_room_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_STREAMS", 1)
    small = ExtensionServer("127.0.0.1:0", lambda _: Mean(), lambda *_: None)
    small.start()
    with Peer(small.address) as first:
        first.ask(OPENED)
        with Peer(small.address) as second:
            second.tell(OPENED)
            assert second.refusal()[0] is grpc.StatusCode.RESOURCE_EXHAUSTED
    small.close()
