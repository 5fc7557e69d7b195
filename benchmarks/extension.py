"""`python -m benchmarks.extension`: pictures a second over gRPC, as ratios to what the transport itself allows.

1408x786 bgr24. The server answers every picture with an empty inference list; client and server are two processes.
In shared memory: ratio to copying the picture plus an empty gRPC round trip. Embedded: ratio to a server that takes the
same bytes, looks at nothing and answers nothing. A few pictures are on their way at any time, in each variant alike.
Rounds are interleaved; the median ratio and its quartiles are printed, by the clock and by the processor time of both
processes, which a busy machine disturbs less.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import queue
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from statistics import quantiles
from time import clock_gettime, perf_counter, process_time
from typing import Any

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
    rpc: Any = grpc.stream_stream_rpc_method_handler(lambda requests, _: (b"" for _ in requests))
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
        echo: Any = self._channel.stream_stream(path)
        self._answers: Iterator[bytes] = echo(iter(self._waiting.get, None))

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


@dataclass(frozen=True)
class Server:
    """One process that serves."""

    process: SpawnProcess
    pipe: Connection
    address: str

    @classmethod
    def start(cls, serve: Callable[[Connection], None]) -> Server:
        """Returns when it listens."""
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
        process.start()
        return cls(process, here, here.recv())

    def cpu_s(self) -> float:
        """Processor time so far (Linux: the clock of another process)."""
        assert self.process.pid is not None
        return clock_gettime((~self.process.pid << 3) | 2)

    def stop(self) -> None:
        """Returns when it has ended."""
        self.pipe.send("end")
        self.process.join()


@dataclass(frozen=True)
class Cost:
    """Of one picture, in seconds."""

    clock_s: float
    cpu_s: float
    """Of client and server."""


def cost(count: int, server: Server, work: Callable[[], None]) -> Cost:
    start_s, cpu_s = perf_counter(), process_time() + server.cpu_s()
    work()
    return Cost((perf_counter() - start_s) / count, (process_time() + server.cpu_s() - cpu_s) / count)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extension", description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--pictures", type=int, default=60)
    args = parser.parse_args()
    ours, bare = Server.start(serve_ours), Server.start(serve_bare)
    for variant in (over_shared_memory, memory_and_round_trip, embedded_pictures, echo):
        variant(bare if variant in (memory_and_round_trip, echo) else ours, 20)
    pairs: dict[str, list[tuple[Cost, Cost]]] = {"shared memory": [], "embedded": []}
    for _ in range(args.rounds):
        reference = memory_and_round_trip(bare, args.pictures)
        pairs["shared memory"].append((reference, over_shared_memory(ours, args.pictures)))
        reference = echo(bare, args.pictures)
        pairs["embedded"].append((reference, embedded_pictures(ours, args.pictures)))
    for name, costs in pairs.items():
        by_clock = spread([reference.clock_s / own.clock_s for reference, own in costs])
        by_cpu = spread([reference.cpu_s / own.cpu_s for reference, own in costs])
        print(f"{name}: {by_clock} by the clock, {by_cpu} by processor time")
    for server in (ours, bare):
        server.stop()
    return 0


def spread(ratios: list[float]) -> str:
    """Median and quartiles."""
    low, middle, high = quantiles(ratios, n=4)
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def over_shared_memory(server: Server, count: int) -> Cost:
    slots = WINDOW + 2
    with Region(slots * PICTURE.nbytes) as region:
        memory = np.memmap(region.path, np.uint8, "r+", shape=(slots, *PICTURE.shape))
        memory[:] = 0  # pages are there before the clock starts
        stream = Stream(server.address, PATH)
        stream.ask(descriptor(*SIZE_PX, region=(region.name, region.length)))

        sent = [
            by_reference(number + 2, number * 6_000, number % slots * PICTURE.nbytes, PICTURE.nbytes)
            for number in range(count)
        ]

        def messages() -> Iterator[bytes]:
            for number, message in enumerate(sent):
                memory[number % slots] = PICTURE
                yield message

        found = cost(count, server, lambda: stream.run(messages()))
        stream.close()
    return found


def memory_and_round_trip(server: Server, count: int) -> Cost:
    """Copy the picture once, and send nothing."""
    memory = np.zeros((WINDOW + 2, *PICTURE.shape), np.uint8)
    memory[:] = 0
    stream = Stream(server.address, BARE)
    stream.ask(b"")

    def messages() -> Iterator[bytes]:
        for number in range(count):
            memory[number % len(memory)] = PICTURE
            yield b""

    found = cost(count, server, lambda: stream.run(messages()))
    stream.close()
    return found


def embedded_pictures(server: Server, count: int) -> Cost:
    content = PICTURE.tobytes()
    stream = Stream(server.address, PATH)
    stream.ask(descriptor(*SIZE_PX))
    sent = [embedded(number + 2, number * 6_000, content) for number in range(8)]
    found = cost(count, server, lambda: stream.run(sent[number % 8] for number in range(count)))
    stream.close()
    return found


def echo(server: Server, count: int) -> Cost:
    """The same bytes to a server that answers nothing."""
    content = PICTURE.tobytes()
    stream = Stream(server.address, BARE)
    stream.ask(b"")
    sent = [embedded(number + 2, number * 6_000, content) for number in range(8)]
    found = cost(count, server, lambda: stream.run(sent[number % 8] for number in range(count)))
    stream.close()
    return found


if __name__ == "__main__":
    assert os.path.isdir("/dev/shm")  # noqa: S108, PTH112
    raise SystemExit(main())
