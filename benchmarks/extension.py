"""`python -m benchmarks.extension`: pictures a second over gRPC, as ratios to what the transport itself allows.

1408x786 bgr24. The server answers every picture with an empty inference list; client and server are two processes.
In shared memory: ratio to copying the picture plus an empty gRPC round trip. Embedded: ratio to a server that takes the
same bytes, looks at nothing and answers nothing. A few pictures are on their way at any time, in each variant alike.
Rounds are interleaved; the median ratio and its range are printed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import queue
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter

import grpc
import numpy as np

from footfall.core.types import Frame
from footfall.events.inferences import Inference
from footfall.extension.server import OPTIONS, ExtensionServer

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from servers.extension_peer import PATH, Region, by_reference, descriptor, embedded

SIZE_PX = (1408, 786)
PICTURE = np.random.default_rng(1).integers(0, 255, (SIZE_PX[1], SIZE_PX[0], 3), np.uint8)
WINDOW = 3
BARE = "/bare/Echo"


class Nothing:
    """Finds nobody."""

    def look(self, frame: Frame) -> list[Inference]:
        """Touch the picture, say nothing."""
        assert frame.image.size
        return []

    def close(self) -> None:
        """Nothing to close."""


def serve_ours(pipe: Connection) -> None:
    server = ExtensionServer("127.0.0.1:0", lambda _: Nothing(), lambda *_: None)
    server.start()
    pipe.send(server.address)
    pipe.recv()
    server.close()


def serve_bare(pipe: Connection) -> None:
    """A stream that takes any bytes and answers nothing to each."""
    server = grpc.server(ThreadPoolExecutor(4), options=OPTIONS)
    rpc = grpc.stream_stream_rpc_method_handler(lambda requests, _: (b"" for _ in requests))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bare", {"Echo": rpc}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    pipe.send(f"127.0.0.1:{port}")
    pipe.recv()
    server.stop(None).wait()


class Stream:
    """Sends with a window of pictures that are not yet answered."""

    def __init__(self, address: str, path: str) -> None:
        self._channel = grpc.insecure_channel(address, options=OPTIONS[:2])
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._answers = self._channel.stream_stream(path)(iter(self._waiting.get, None))

    def ask(self, message: bytes) -> None:
        """Send one message and wait for its answer."""
        self._waiting.put(message)
        next(self._answers)

    def run(self, messages: Iterator[bytes]) -> None:
        """Send all of them."""
        open_count = 0
        for message in messages:
            self._waiting.put(message)
            open_count += 1
            if open_count > WINDOW:
                next(self._answers)
                open_count -= 1
        for _ in range(open_count):
            next(self._answers)

    def close(self) -> None:
        """End the stream."""
        self._waiting.put(None)
        for _ in self._answers:
            pass
        self._channel.close()


def per_second(count: int, work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return count / (perf_counter() - start)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extension", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pictures", type=int, default=150)
    args = parser.parse_args()
    started = [start(serve_ours), start(serve_bare)]
    ours, bare = (address for _, _, address in started)
    shared, embedding = [], []
    for _ in range(args.rounds):
        shared.append(over_shared_memory(ours, args.pictures) / memory_and_round_trip(bare, args.pictures))
        embedding.append(embedded_pictures(ours, args.pictures) / echo(bare, args.pictures))
    for name, ratios in (("shared memory", shared), ("embedded", embedding)):
        print(f"{name}: {median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})")
    for process, pipe, _ in started:
        pipe.send("end")
        process.join()
    return 0


def start(serve: Callable[[Connection], None]) -> tuple[multiprocessing.Process, Connection, str]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    process.start()
    return process, here, here.recv()


def over_shared_memory(address: str, count: int) -> float:
    slots = WINDOW + 2
    with Region(slots * PICTURE.nbytes) as region:
        memory = np.memmap(region.path, np.uint8, "r+", shape=(slots, *PICTURE.shape))
        stream = Stream(address, PATH)
        stream.ask(descriptor(*SIZE_PX, region=(region.name, region.length)))

        def messages() -> Iterator[bytes]:
            for number in range(count):
                memory[number % slots] = PICTURE
                yield by_reference(number + 2, number * 6_000, number % slots * PICTURE.nbytes, PICTURE.nbytes)

        rate = per_second(count, lambda: stream.run(messages()))
        stream.close()
    return rate


def memory_and_round_trip(address: str, count: int) -> float:
    """Copy the picture once, and send nothing."""
    memory = np.empty((WINDOW + 2, *PICTURE.shape), np.uint8)
    stream = Stream(address, BARE)
    stream.ask(b"")

    def messages() -> Iterator[bytes]:
        for number in range(count):
            memory[number % len(memory)] = PICTURE
            yield b""

    rate = per_second(count, lambda: stream.run(messages()))
    stream.close()
    return rate


def embedded_pictures(address: str, count: int) -> float:
    content = PICTURE.tobytes()
    stream = Stream(address, PATH)
    stream.ask(descriptor(*SIZE_PX))
    sent = [embedded(number + 2, number * 6_000, content) for number in range(8)]
    rate = per_second(count, lambda: stream.run(sent[number % 8] for number in range(count)))
    stream.close()
    return rate


def echo(address: str, count: int) -> float:
    """The same bytes to a server that answers nothing."""
    content = PICTURE.tobytes()
    stream = Stream(address, BARE)
    stream.ask(b"")
    sent = [embedded(number + 2, number * 6_000, content) for number in range(8)]
    rate = per_second(count, lambda: stream.run(sent[number % 8] for number in range(count)))
    stream.close()
    return rate


if __name__ == "__main__":
    assert os.path.isdir("/dev/shm")  # noqa: S108, PTH112
    raise SystemExit(main())
