"""Our client against real servers: our own, and ones built from field numbers that behave as badly as public ones."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import grpc
import numpy as np
import pytest

from footfall.config.media import Encoding, Endpoint, Extension, ImageForm, Protocol, ScaleMode
from footfall.core.errors import ConfigError
from footfall.core.outside import HostMap
from footfall.core.types import Frame
from footfall.events.inferences import Inference, NamedEvent, PersonEntity
from footfall.extension.build import open_client
from footfall.extension.client import Answer, Asker, Diagnostic, Ears, ExtensionClient, Patience, Trouble
from footfall.extension.client_grpc import pause_s
from footfall.extension.render import Style
from footfall.extension.server import ExtensionServer
from footfall.extension.slots import PREFIX
from footfall.extension.wire import StreamDescriptor
from servers.certificates import make_certificates
from servers.extension_frames import WAIT_S, frame, until
from servers.extension_model import (
    SHM,
    Model,
    Visit,
    acknowledged,
    described,
    entity,
    polite,
    pure_acknowledgement,
)
from servers.extension_peer import fields

MIB = 1_048_576
RAW = ImageForm(ScaleMode.PAD, 100, 60, Encoding.RAW, "Bgr24")
FRAME_BYTES = 100 * 60 * 3
ASKER = Asker("/subscriptions/s", "Sample-Graph-1", "cvExtension")
QUICK = Patience(first_pause_s=0.05, longest_pause_s=0.2, unanswered_s=WAIT_S, between_drop_reports_s=0.1)
IMPATIENT = replace(QUICK, unanswered_s=1.0)


@dataclass
class Told:
    """What a client said."""

    patience: Patience = QUICK
    answers: list[Answer] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def ears(self) -> Ears:
        return Ears(self.answers.append, self.troubles.append, self.patience)

    @property
    def kinds(self) -> list[Diagnostic]:
        return [trouble.kind for trouble in self.troubles if trouble.kind is not Diagnostic.DATA_DROPPED]

    def until(self, count: int) -> None:
        """Wait for so many answers."""
        until(lambda: len(self.answers) >= count)


def extension(url: str, shared: int | None = None, image: ImageForm = RAW) -> Extension:
    return Extension(Protocol.GRPC, Endpoint(url), image, shared_memory_bytes=shared)


@contextmanager
def asking(spec: Extension, told: Told, asker: Asker = ASKER) -> Iterator[ExtensionClient]:
    client = open_client(spec, asker, told.ears)
    try:
        yield client
    finally:
        client.close()


def regions() -> set[str]:
    """Shared memory that this process owns, removed or not."""
    names = set()
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # closed by now
            names.add(link.readlink().name)
    return {name for name in names if name.startswith(PREFIX)}


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    assert regions() == set(), "shared memory was left over"


@pytest.mark.parametrize("shared", [None, MIB], ids=["embedded", "shared memory"])
def test_frames_are_answered(shared: int | None) -> None:
    told = Told()
    with Model() as model:
        spec = replace(
            extension(model.url, shared), configuration='{"a":1}', endpoint=Endpoint(model.url, "user", "pässword")
        )
        with asking(spec, told) as client:
            for index in range(3):
                client.offer(frame(index + 1), 9_000 * (index + 1))
                told.until(index + 1)
        [visit] = model.visits
        first, *samples = visit.asked
        assert first.graph == ["/subscriptions/s", "Sample-Graph-1", "cvExtension"]
        assert first.pictures == (3, 61, 100, 60, 300)
        assert first.descriptor is not None
        assert first.descriptor[3] == [b'{"a":1}']
        assert first.region[1] == (shared or 0)
        assert visit.metadata["x-ms-authentication"] == "Basic dXNlcjpww6Rzc3dvcmQ="
        assert not visit.region or not (SHM / visit.region).exists()
    assert [one.sequence for one in (first, *samples)] == [1, 2, 3, 4]
    assert [one.ticks for one in samples] == [9_000, 18_000, 27_000]
    assert [one.offset for one in samples] == ([None] * 3 if shared is None else [0, 0, 0])
    for index, one in enumerate(samples, 1):
        picture = np.frombuffer(one.content, np.uint8).reshape(60, 100, 3)
        assert (picture[2:58] == index).all()
        assert not picture[:2].any()
        assert not picture[58:].any()
    assert [answer.timestamp_90k for answer in told.answers] == [9_000, 18_000, 27_000]
    assert [answer.frame.index for answer in told.answers if answer.frame] == [1, 2, 3]
    box = told.answers[0].inferences[0]["entity"]["box"]  # type: ignore[index]
    assert box == pytest.approx({"l": 0.25, "t": 28 / 56, "w": 0.25, "h": 15 / 56})
    assert told.troubles == []


def test_without_a_login_none_is_sent() -> None:
    told = Told()
    with Model() as model, asking(extension(model.url), told) as client:
        client.offer(frame(1), 1)
        told.until(1)
        assert "x-ms-authentication" not in model.visits[0].metadata


class Mean:
    """Our own server's analysis: the mean colour of each picture."""

    def look(self, frame: Frame) -> list[Inference]:
        height, width = frame.image.shape[:2]
        person = PersonEntity("e1", 0.5, (0.25, 0.5, 0.5, 1.0), None, {"size": f"{width}x{height}"})
        colour = str(round(float(frame.image.mean())))
        return [person, NamedEvent("v1", "colour", {"mean": colour}, ("e1",))]

    def close(self) -> None:
        pass


@pytest.mark.parametrize("shared", [None, 3 * FRAME_BYTES], ids=["embedded", "shared memory"])
def test_every_answer_is_about_its_own_picture(shared: int | None) -> None:
    """As fast as it goes: no slot is written before the server is done with it."""
    told = Told(Patience())
    server = ExtensionServer("127.0.0.1:0", lambda _: Mean(), lambda *_: None)
    server.start()
    with asking(extension(f"tcp://{server.address}", shared, replace(RAW, mode=ScaleMode.STRETCH)), told) as client:
        client.offer(frame(0), 0)
        told.until(1)
        for index in range(1, 2000):
            client.offer(frame(index, (100, 60)), index)
            told.until(1 + index // 80)
        client.close(WAIT_S)
    server.close()
    assert len(told.answers) > 20
    for answer in told.answers:
        assert answer.inferences[1]["event"]["properties"] == {"mean": str(answer.timestamp_90k % 255)}  # type: ignore[index]
    times = [answer.timestamp_90k for answer in told.answers]
    assert times == sorted(set(times))
    assert client.dropped + len(times) == 2000, "each is answered or counted"


@pytest.mark.parametrize("shared", [None, 20 * MIB], ids=["embedded", "shared memory"])
@pytest.mark.parametrize(
    "image",
    [
        pytest.param(ImageForm(ScaleMode.STRETCH, 1408, 786, Encoding.RAW, "Bgr24"), id="raw"),
        pytest.param(ImageForm(ScaleMode.STRETCH, 1408, 786, Encoding.RAW, "Yuv420p"), id="planes"),
        pytest.param(ImageForm(encoding=Encoding.RAW, pixel_format="Rgb24"), id="as large as the camera's"),
        pytest.param(ImageForm(ScaleMode.KEEP, 640, None, Encoding.JPEG), id="JPEG"),
        pytest.param(ImageForm(ScaleMode.KEEP, None, 360, Encoding.PNG), id="PNG"),
    ],
)
def test_our_own_server(shared: int | None, image: ImageForm) -> None:
    told = Told(Patience())
    streams: list[StreamDescriptor] = []
    server = ExtensionServer("127.0.0.1:0", lambda stream: streams.append(stream) or Mean(), lambda *_: None)
    server.start()
    with asking(extension(f"tcp://{server.address}", shared, image), told) as client:
        for index in (100, 50):
            client.offer(frame(index, (1920, 1080)), 900_000 + index)
            told.until(1 if index == 100 else 2)
    server.close()
    assert [answer.inferences[1]["event"] for answer in told.answers] == [
        {"name": "colour", "properties": {"mean": "100"}},
        {"name": "colour", "properties": {"mean": "50"}},
    ]
    assert (streams[0].instance, streams[0].node) == ("Sample-Graph-1", "cvExtension")
    assert told.troubles == []


def test_the_second_rendering() -> None:
    told = Told()
    with Model() as model:
        client = open_client(extension(model.url), ASKER, told.ears, style=Style.SECOND)
        client.offer(frame(1), 1)
        told.until(1)
        client.close()
    assert list(told.answers[0].inferences[0]) == ["type", "entity"]


def in_reverse(visit: Visit) -> Iterator[bytes]:
    visit.next()
    yield described()
    asked = [one for one in (visit.next() for _ in range(4)) if one]
    for one in reversed(asked):
        yield acknowledged(2, one.sequence, entity("car"))
    visit.next()


def chatty(visit: Visit) -> Iterator[bytes]:
    """Acknowledges what never was and what is acknowledged already, answers twice; its numbers stand still."""
    visit.next()
    yield described(0, 0)
    while one := visit.next():
        for acknowledges in (77, one.sequence, one.sequence, 0):
            yield acknowledged(0, acknowledges, entity("car"))
            yield pure_acknowledgement(1, one.sequence)


def batching(visit: Visit) -> Iterator[bytes]:
    """As Azure's samples: only the last frame of a batch gets results; acknowledgements of both kinds."""
    visit.next()
    yield described()
    while (first := visit.next()) and (second := visit.next()):
        yield pure_acknowledgement(2, first.sequence)
        yield acknowledged(3, second.sequence, entity("car"))


def premature(visit: Visit) -> Iterator[bytes]:
    """Answers before it has been asked, then describes itself twice."""
    yield acknowledged(1, 0, entity("ghost"), ticks=5)
    yield described()
    yield described()
    visit.next()
    while one := visit.next():
        yield acknowledged(2, one.sequence, entity("car"))


@pytest.mark.parametrize(
    ("behave", "times"),
    [
        pytest.param(in_reverse, [1, 2, 3, 4], id="acknowledges later frames first"),
        pytest.param(chatty, [1] * 2 + [2] * 2 + [3] * 2 + [4] * 2, id="answers several times, and about nothing"),
        pytest.param(batching, [2, 4], id="answers batches"),
        pytest.param(premature, [1, 2, 3, 4, 5], id="answers before it is asked"),
    ],
)
@pytest.mark.parametrize("shared", [None, 4 * FRAME_BYTES], ids=["embedded", "shared memory"])
def test_servers_with_ways_of_their_own(
    behave: Callable[[Visit], Iterator[bytes]], times: list[int], shared: int | None
) -> None:
    told = Told(Patience())
    with Model(behave) as model, asking(extension(model.url, shared), told) as client:
        for index in range(1, 5):
            client.offer(frame(index), index)
            until(lambda: not client._waiting)  # type: ignore[attr-defined]
        until(lambda: len([one for one in told.answers if one.frame]) == 4)
        client.close(WAIT_S)
    seen = sorted(one.timestamp_90k for one in told.answers if one.inferences)
    for time_of_frame in times:
        seen.remove(time_of_frame)
    assert len(seen) == (8 if behave is chatty else 0), "answers about nothing are about the newest frame"
    assert sorted(one.frame.index for one in told.answers if one.frame) == [1, 2, 3, 4]
    assert told.kinds == []


def silent(visit: Visit) -> Iterator[bytes]:
    """Never says a word."""
    while visit.next():
        yield from ()
    visit.wait_for_its_end()


def deaf(visit: Visit) -> Iterator[bytes]:
    """Describes itself, and acknowledges nothing."""
    visit.next()
    yield described()
    while visit.next():
        pass


@pytest.mark.parametrize("shared", [None, 4 * FRAME_BYTES], ids=["embedded", "shared memory"])
@pytest.mark.parametrize("behave", [silent, deaf])
def test_a_server_that_does_not_answer_is_asked_anew(
    behave: Callable[[Visit], Iterator[bytes]], shared: int | None
) -> None:
    told = Told(IMPATIENT)
    with Model(behave) as model, asking(extension(model.url, shared), told) as client:

        def has_tried_thrice() -> bool:
            client.offer(frame(1), 1)
            return len(model.visits) >= 3

        until(has_tried_thrice)
        heard = [visit for visit in model.visits if visit.asked]
        assert len({visit.asked[0].region[0] for visit in heard}) == (1 if shared is None else len(heard))
        assert [visit.asked[0].sequence for visit in model.visits[:2]] == [1, 1]
    assert told.kinds == [Diagnostic.NETWORK], "once an outage"
    assert {"errorCode": "DEADLINE_EXCEEDED"} in [one.body for one in told.troubles]


def closing_in_mid_stream(visit: Visit) -> Iterator[bytes]:
    visit.next()
    yield described()
    one = visit.next()
    assert one is not None
    yield acknowledged(2, one.sequence, entity("car"))


def test_a_server_that_ends_its_streams_is_asked_anew() -> None:
    told = Told()
    with Model(closing_in_mid_stream) as model, asking(extension(model.url, MIB), told) as client:

        def has_answered() -> bool:
            client.offer(frame(1), 1)
            return len([one for one in told.answers if one.inferences]) >= 3

        until(has_answered)
        assert len(model.visits) >= 3
    assert set(told.kinds) == {Diagnostic.NETWORK}
    assert len(told.kinds) >= 2, "each is an outage of its own"


def garbled(visit: Visit) -> Iterator[bytes]:
    yield b"\xff\xff\xff"
    visit.wait_for_its_end()


def test_bytes_that_are_no_message() -> None:
    told = Told()
    with Model(garbled) as model, asking(extension(model.url), told):
        until(lambda: len(model.visits) >= 2)
    assert told.kinds == [Diagnostic.NETWORK]


@pytest.mark.parametrize(
    ("code", "kind", "body"),
    [
        pytest.param(
            grpc.StatusCode.UNAUTHENTICATED,
            Diagnostic.AUTHENTICATION,
            {"errorCode": "UNAUTHENTICATED"},
            id="wrong password",
        ),
        pytest.param(
            grpc.StatusCode.PERMISSION_DENIED,
            Diagnostic.AUTHORIZATION,
            {"errorCode": "PERMISSION_DENIED"},
            id="not allowed",
        ),
        pytest.param(
            grpc.StatusCode.INVALID_ARGUMENT,
            Diagnostic.MEDIA_FORMAT,
            {"code": "INVALID_ARGUMENT"},
            id="not this format",
        ),
        pytest.param(grpc.StatusCode.OUT_OF_RANGE, Diagnostic.MEDIA_FORMAT, {"code": "OUT_OF_RANGE"}, id="nor that"),
        pytest.param(grpc.StatusCode.INTERNAL, Diagnostic.NETWORK, {"errorCode": "INTERNAL"}, id="out of order"),
    ],
)
def test_refusals(code: grpc.StatusCode, kind: Diagnostic, body: dict[str, str]) -> None:
    def refusing(visit: Visit) -> Iterator[bytes]:
        visit.next()
        visit.context.abort(code, "no")
        yield b""

    told = Told()
    with Model(refusing) as model, asking(extension(model.url), told):
        until(lambda: len(model.visits) >= 3)
    assert [(one.kind, one.body) for one in told.troubles] == [(kind, body)], "once an outage"


def test_nobody_listens_until_somebody_does() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = Told()
    with asking(extension(f"tcp://127.0.0.1:{port}", MIB), told) as client:
        until(lambda: bool(told.troubles))
        assert told.troubles[0].kind is Diagnostic.NETWORK
        assert told.troubles[0].body == {"errorCode": "UNAVAILABLE"}
        for index in range(3):
            client.offer(frame(index), index)
        with Model(port=port):
            told.until(1)
            client.close()
        assert told.kinds == [Diagnostic.NETWORK]
    assert told.answers[0].timestamp_90k == 2, "the newest has waited"


def test_pauses_grow() -> None:
    assert [pause_s(failed, Patience()) for failed in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


SERVING = """
import sys, threading
sys.path[:0] = {paths!r}
from servers.extension_frames import WAIT_S, frame, until
from servers.extension_model import Model
with Model(port={port}) as model:
    print(model.port, flush=True)
    threading.Event().wait()
"""


@contextmanager
def serving(port: int = 0) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    code = SERVING.format(paths=sys.path, port=port)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield server, int(server.stdout.readline())
        finally:
            server.kill()


def test_a_killed_server_comes_back() -> None:
    told = Told()
    with serving() as (server, port):
        client = open_client(extension(f"tcp://127.0.0.1:{port}", MIB), ASKER, told.ears)
        client.offer(frame(1), 1)
        told.until(1)
        [before] = regions()
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        until(lambda: Diagnostic.NETWORK in told.kinds)
        with serving(port):

            def is_answered() -> bool:
                client.offer(frame(2), 2)
                return len(told.answers) >= 2

            until(is_answered)
            [after] = regions()
            client.close()
    assert before != after
    assert not [name for name in (before, after) if (SHM / name).exists()]
    assert told.kinds == [Diagnostic.NETWORK]


def test_a_full_window_keeps_the_newest() -> None:
    may_answer = threading.Event()

    def slow(visit: Visit) -> Iterator[bytes]:
        visit.next()
        yield described()
        window = [visit.next() for _ in range(3)]
        may_answer.wait(WAIT_S)
        yield from (acknowledged(2, one.sequence) for one in window if one)
        while one := visit.next():
            yield acknowledged(2, one.sequence)

    told = Told()
    with Model(slow) as model, asking(extension(model.url, 3 * FRAME_BYTES), told) as client:
        for index in range(3):
            client.offer(frame(index), 1 + index)
            until(lambda: len(model.samples) == index + 1)  # noqa: B023
        for index in range(3, 10):
            client.offer(frame(index), 1 + index)
        assert client.dropped == 6
        until(lambda: bool(told.troubles))
        may_answer.set()
        told.until(4)
    assert [one.frame.index for one in told.answers if one.frame] == [0, 1, 2, 9]
    assert len({one.offset for one in model.samples[:3]}) == 3
    assert {(one.kind, one.body["dataType"]) for one in told.troubles} == {(Diagnostic.DATA_DROPPED, "video")}
    assert len(told.troubles) <= 5, "not at every frame"


def test_bursts_fit_in_the_window() -> None:
    told = Told()
    with Model() as model, asking(extension(model.url), told) as client:
        client.offer(frame(0), 0)
        told.until(1)
        for index in range(1, 9):
            client.offer(frame(index), index)
        told.until(9)
        assert client.dropped == 0
    assert [one.frame.index for one in told.answers if one.frame] == list(range(9))


def test_encoded_pictures_of_any_length_share_the_memory() -> None:
    told = Told()
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    with Model() as model, asking(extension(model.url, 130_000, ImageForm(encoding=Encoding.PNG)), told) as client:
        for index in range(20):
            picture = noise if index % 3 == 0 else np.zeros_like(noise)
            client.offer(replace(frame(index), image=picture), index)
            told.until(index + 1)
        assert {len(one.content) > 100_000 for one in model.samples} == {True, False}
    assert told.troubles == []


def test_an_encoded_picture_that_never_fits_is_dropped_and_told() -> None:
    told = Told()
    noise = np.random.default_rng(1).integers(0, 255, (108, 192, 3), np.uint8)
    with Model() as model, asking(extension(model.url, 10_000, ImageForm(encoding=Encoding.PNG)), told) as client:
        client.offer(replace(frame(1), image=noise), 1)
        until(lambda: Diagnostic.MEDIA_FORMAT in told.kinds)
        for _ in range(3):
            dropped = client.dropped
            client.offer(replace(frame(1), image=noise), 1)
            until(lambda: client.dropped > dropped)  # noqa: B023
        client.offer(frame(2), 2)
        told.until(1)
        assert client.dropped == 4
    [trouble] = [one for one in told.troubles if one.kind is Diagnostic.MEDIA_FORMAT]
    assert trouble.body == {"code": "PictureTooLarge"}, "told once a stream"


def test_a_camera_that_changes_its_size_gets_a_stream_of_its_own() -> None:
    told = Told()
    with Model() as model, asking(extension(model.url, MIB, replace(RAW, mode=None)), told) as client:
        for index, size_px in enumerate([(64, 48), (64, 48), (32, 24), (64, 48)]):
            client.offer(frame(index, size_px), index)
            told.until(index + 1)
        sizes = [visit.asked[0].pictures[2:4] for visit in model.visits]
    assert sizes == [(64, 48), (32, 24), (64, 48)]
    assert told.troubles == []


def test_two_nodes_of_two_instances_have_four_regions() -> None:
    tolds = [Told() for _ in range(4)]
    with Model() as model:
        clients = [
            open_client(extension(model.url, MIB), Asker("/a", instance, node), told.ears)
            for (instance, node), told in zip([("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")], tolds, strict=True)
        ]
        for index, (client, told) in enumerate(zip(clients, tolds, strict=True)):
            client.offer(frame(index), 100 + index)
            told.until(1)
        assert len({visit.region for visit in model.visits}) == 4
        for client in clients:
            client.close()
    assert [told.answers[0].timestamp_90k for told in tolds] == [100, 101, 102, 103]


def test_full_hd_is_larger_than_grpcs_own_limit() -> None:
    told = Told()
    image = ImageForm(encoding=Encoding.RAW, pixel_format="Bgr24")
    with Model() as model, asking(extension(model.url, None, image), told) as client:
        client.offer(frame(7, (1920, 1080)), 1)
        told.until(1)
        assert len(model.samples[0].content) == 1920 * 1080 * 3


def test_inferences_of_one_server_reach_the_next() -> None:
    first, second = Told(), Told()
    with (
        Model() as model,
        asking(extension(model.url), first) as client,
        asking(extension(model.url), second, Asker("a", "i", "behind")) as behind,
    ):
        client.offer(frame(1), 1)
        first.until(1)
        answer = first.answers[0]
        assert answer.frame is not None
        behind.offer(answer.frame, answer.timestamp_90k, answer.inferences)
        second.until(1)
        assert second.answers[0].upstream == answer.inferences
        [passed] = next(visit.asked[1] for visit in model.visits if visit.asked[0].graph[2] == "behind").inferences
    tag = fields(fields(passed[7][0])[1][0])
    box = fields(fields(passed[7][0])[3][0])
    assert tag == {2: [b"car"], 3: [0.5]}
    assert [box[side][0] for side in (1, 2, 3, 4)] == pytest.approx([0.25, 0.5, 0.25, 0.25]), "as the server saw it"


def test_the_cognitive_extension_shares_memory_without_saying_so() -> None:
    told = Told()
    with Model() as model:
        spec = Extension(
            Protocol.COGNITIVE, Endpoint(model.url), ImageForm(ScaleMode.PAD, 1408, 786, Encoding.RAW, "Bgr24")
        )
        with asking(spec, told) as client:
            client.offer(frame(1, (1920, 1080)), 1)
            told.until(1)
            assert model.visits[0].asked[0].region[1] == 20 * MIB
        with asking(replace(spec, image=replace(spec.image, width_px=1920, height_px=1080)), told) as client:
            client.offer(frame(1, (1920, 1080)), 1)
            told.until(2)
            assert model.visits[1].asked[0].region[1] == 6 * 1920 * 1080 * 3


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        pytest.param(extension("http://127.0.0.1:1"), ["cvExtension.endpoint.url", "tcp://"], id="another scheme"),
        pytest.param(extension("tcp://127.0.0.1"), ["endpoint.url"], id="no port"),
        pytest.param(extension("tcp://127.0.0.1:x"), ["endpoint.url"], id="a port that is none"),
        pytest.param(
            extension("tcp://h:1", FRAME_BYTES - 1), ["sharedMemorySizeMiB", "18000"], id="not one frame fits"
        ),
        pytest.param(extension("tcp://h:1", 2**50), ["sharedMemorySizeMiB", "cannot be had"], id="no such memory"),
        pytest.param(extension("tcp://h:1", None, replace(RAW, pixel_format="Cmyk")), ["Cmyk"], id="no such format"),
        pytest.param(extension("tcp://h:1", None, replace(RAW, width_px=None)), ["needs width"], id="no width"),
    ],
)
def test_what_cannot_be_activated(spec: Extension, words: list[str]) -> None:
    with pytest.raises(ConfigError) as refused:
        open_client(spec, ASKER, Told().ears)
    assert all(word in str(refused.value) for word in words)


def test_a_small_memory_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    with Model() as model, asking(extension(model.url, 2 * FRAME_BYTES), told) as client:
        assert "only 2 pictures fit" in caplog.text
        client.offer(frame(1), 1)
        told.until(1)


def test_a_memory_too_small_for_a_size_that_only_the_camera_knows() -> None:
    told = Told()
    with Model() as model, asking(extension(model.url, 5_000, replace(RAW, mode=None)), told) as client:
        client.offer(frame(1, (192, 108)), 1)
        until(lambda: Diagnostic.MEDIA_FORMAT in told.kinds)
        client.offer(frame(2, (32, 24)), 2)
        told.until(1)


def test_names_of_other_modules() -> None:
    told = Told()
    with Model() as model:
        hosts = HostMap.parse(f"spatialAnalysis:50051=127.0.0.1:{model.port}")
        client = open_client(extension("tcp://spatialAnalysis:50051"), ASKER, told.ears, hosts)
        client.offer(frame(1), 1)
        told.until(1)
        client.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def tls_server(folder: Path) -> grpc.ServerCredentials:
    pair = ((folder / "server.key").read_bytes(), (folder / "server.pem").read_bytes())
    return grpc.ssl_server_credentials([pair])


def test_tls(certificates: Path) -> None:
    told = Told()
    trusted = ((certificates / "ca.pem").read_text(),)
    with Model(polite, credentials=tls_server(certificates)) as model:
        hosts = HostMap.parse(f"localhost:50051=127.0.0.1:{model.port}")
        endpoint = Endpoint("tcp://localhost:50051", is_tls=True, trusted_pem=trusted)
        client = open_client(Extension(Protocol.GRPC, endpoint, RAW), ASKER, told.ears, hosts)
        client.offer(frame(1), 1)
        told.until(1)
        client.close()
    assert told.troubles == []


@pytest.mark.parametrize(
    ("name", "is_trusted"),
    [pytest.param("elsewhere", True, id="another name"), pytest.param("localhost", False, id="an unknown authority")],
)
def test_certificates_that_do_not_fit(certificates: Path, name: str, is_trusted: bool) -> None:
    told = Told()
    trusted = ((certificates / "ca.pem").read_text(),) if is_trusted else ()
    with Model(polite, credentials=tls_server(certificates)) as model:
        hosts = HostMap.parse(f"{name}:1=127.0.0.1:{model.port}")
        lax = {"ignores_hostname": True, "ignores_signature": True}  # gRPC extensions do not honour them
        endpoint = Endpoint(f"tcp://{name}:1", is_tls=True, trusted_pem=trusted, **lax)
        client = open_client(Extension(Protocol.GRPC, endpoint, RAW), ASKER, told.ears, hosts)
        until(lambda: told.kinds == [Diagnostic.NETWORK])
        client.close()
        assert model.visits == []


def test_close_waits_for_the_last_answers_but_not_for_ever() -> None:
    def late(visit: Visit) -> Iterator[bytes]:
        visit.next()
        yield described()
        asked = []
        while one := visit.next():
            asked.append(one)
        for one in asked:
            yield acknowledged(2, one.sequence, entity("late"))

    told = Told()
    with Model(late) as model:
        client = open_client(extension(model.url, MIB), ASKER, told.ears)
        for index in range(3):
            client.offer(frame(index), index + 1)
            until(lambda: len(model.samples) == index + 1)  # noqa: B023
        client.close(patience_s=WAIT_S)
        client.close()
        assert [one.timestamp_90k for one in told.answers] == [1, 2, 3]
        client.offer(frame(9), 9)
        assert client.dropped == 0
    with Model(silent) as model:
        client = open_client(
            extension(model.url, MIB), ASKER, replace(told, patience=Patience(unanswered_s=3600.0)).ears
        )
        until(lambda: bool(model.visits))
        client.close(patience_s=0.3)


DYING = """
import sys
sys.path[:0] = {paths!r}
from footfall.config.media import *
from footfall.extension.build import open_client
from footfall.extension.client import Asker, Ears
image = ImageForm(ScaleMode.PAD, 100, 60, Encoding.RAW, "Bgr24")
spec = Extension(Protocol.GRPC, Endpoint({url!r}), image, shared_memory_bytes=100_000)
open_client(spec, Asker("a", "i", "n"), Ears(print, print))
sys.stdin.read()
"""


def test_a_killed_client_leaves_nothing_that_the_next_does_not_remove() -> None:
    with Model() as model:
        code = DYING.format(paths=sys.path, url=model.url)
        with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as client:
            until(lambda: bool(model.visits) and bool(model.visits[0].region))
            name = model.visits[0].region
            assert (SHM / name).exists(), "while it lives: afterwards any client on this machine removes it"
            os.kill(client.pid, signal.SIGKILL)
        told = Told()
        with asking(extension(model.url, MIB), told):
            assert not (SHM / name).exists()
