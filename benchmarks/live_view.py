"""`python -m benchmarks live-view`: CPU of the process that runs a camera, for one and for ten viewers of it.

A simulated shop of 1280 x 720 plays in real time, the motion detector watches it, viewers fetch pictures over real
WebSockets from a process of their own. Rounds of none, one and ten viewers are interleaved; figures are medians of the
CPU seconds that the camera's process used per second, children not counted. Read them as ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from benchmarks.machine import fingerprint
from footfall.config.native import plan_for_target
from footfall.config.plan import GraphPlan, OnEnd, Pace, Plan, SourceSpec, pipeline
from footfall.live.hub import LiveHub
from footfall.live.view import View
from footfall.runtime.options import Options, Taps
from footfall.runtime.runtime import Runtime
from footfall.simulator.scene import SceneSpec, write_scene
from footfall.spatial.regions import CountRule, SpatialSpec, Zone

CROWDS = (0, 1, 10)
ALL = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks live-view", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0, help="length of one measurement")
    parser.add_argument("--clip", type=Path, help="default: a simulated shop")
    parser.add_argument("--watch", nargs=3, metavar=("URL", "VIEWERS", "SECONDS"), help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.watch:
        return asyncio.run(watch(args.watch[0], int(args.watch[1]), float(args.watch[2])))
    with TemporaryDirectory() as name:
        report = asyncio.run(measure(camera(args.clip or drawn(Path(name))), Path(name), args.rounds, args.seconds))
    print(json.dumps({"machine": fingerprint(), "views": report}, indent=2))
    return 0


def drawn(folder: Path) -> Path:
    write_scene(SceneSpec(duration_s=8.0, size_px=(1280, 720)), folder)
    return folder / "clip.mp4"


def camera(clip: Path) -> GraphPlan:
    spatial = SpatialSpec((Zone("all", ALL, (CountRule(),)),))
    (graph,) = plan_for_target(str(clip), spatial=spatial, source_id="shop", model="motion").graphs
    specs = [
        replace(spec, on_end=OnEnd.LOOP, pace=Pace.REALTIME) if isinstance(spec, SourceSpec) else spec
        for spec in (node.spec for node in graph.nodes)
    ]
    return replace(graph, nodes=pipeline(specs))


async def measure(plan: GraphPlan, folder: Path, rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    hub = LiveHub()
    tap = hub.open("shop", plan)
    taps = Taps(on_happened=tap, picture_width_px=tap.picture_width_px)
    options = Options(folder, folder / "outbox", taps=lambda _: taps)
    runtime = Runtime(Plan((plan,), (f"jsonl:{folder}/events.jsonl",)), options)
    runtime.start()

    async def show(viewer: ServerConnection) -> None:
        assert viewer.request is not None
        try:
            async with aclosing(hub.watch("shop", View(viewer.request.path[1:]))) as pictures:
                async for picture in pictures:
                    await viewer.send(picture.packed)
        except ConnectionClosed:
            pass

    report = {}
    async with serve(show, "127.0.0.1", 0, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        for view in View:
            cpu: dict[int, list[float]] = {crowd: [] for crowd in CROWDS}
            for _ in range(rounds):
                for crowd in CROWDS:
                    cpu[crowd].append(await cpu_with(f"ws://127.0.0.1:{port}/{view.value}", crowd, seconds))
            medians = {crowd: median(values) for crowd, values in cpu.items()}
            report[view.value] = {
                **{f"{crowd} viewers": round(value, 4) for crowd, value in medians.items()},
                "ten over one": round(medians[10] / medians[1], 3),
            }
    runtime.close()
    hub.shut()
    return report


async def cpu_with(url: str, viewers: int, seconds: float) -> float:
    """CPU seconds a second."""
    process = None
    if viewers:
        command = (sys.executable, "-m", "benchmarks.live_view", "--watch", url, str(viewers), str(seconds + 4))
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        await process.stdout.readline()
    await asyncio.sleep(1.0)
    begun_s, cpu_s = time.monotonic(), time.process_time()
    await asyncio.sleep(seconds)
    used = (time.process_time() - cpu_s) / (time.monotonic() - begun_s)
    if process is not None:
        process.terminate()
        await process.wait()
    return used


async def watch(url: str, viewers: int, seconds: float) -> int:
    async def look(told: asyncio.Event) -> int:
        count = 0
        async with connect(url, compression=None, max_size=None) as socket:
            async for _ in socket:
                count += 1
                told.set()
        return count

    begun = [asyncio.Event() for _ in range(viewers)]
    tasks = [asyncio.create_task(look(event)) for event in begun]
    await asyncio.gather(*(event.wait() for event in begun))
    print("all see", flush=True)
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
