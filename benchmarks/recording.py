"""`python -m benchmarks recording [--clip FILE] [--seconds S] [--rounds N]`: CPU of a recorded camera.

A simulated RTSP camera sends H.264. One child only demuxes it, as FFmpeg gives it out; another is an instance of a
media graph that records it without a break into an asset; a third one holds it for a gate that never opens. Each runs
for the same time in its own process, in turn; CPU time is of the whole process, once it has started. The camera is a
process of its own and is not counted. Read the figures as ratios to bare demuxing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import av
import numpy as np

from benchmarks.machine import fingerprint
from footfall.config.media import (
    AssetSink,
    Endpoint,
    HubSource,
    MediaGraph,
    MediaInput,
    MediaNode,
    RtspSource,
    SignalGate,
)
from footfall.ingest.container import Address, open_video
from footfall.recording.media import Store
from footfall.runtime.media import MediaInstance, MediaServices
from footfall.runtime.media_reports import Outputs
from footfall.simulator.rtsp import RtspCamera

VARIANTS = ("bare", "asset", "ring")
SETTLE_S = 3.0
"""Until the camera has answered and everything is imported."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks recording", description=__doc__)
    parser.add_argument("--clip", type=Path, help="H.264; default: 20 s of made-up 1920x1080 at 25 fps and 5 Mbit/s")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--variant", choices=VARIANTS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.variant:
        print(measure(args.variant, args.url, args.seconds))
        return 0
    shares: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
    with TemporaryDirectory() as name, RtspCamera(args.clip or draw(Path(name) / "hd.mp4")) as camera:
        for _ in range(args.rounds):
            for variant in VARIANTS:
                shares[variant].append(child(variant, camera.url, args.seconds))
    bare = median(shares["bare"])
    report = {variant: {"cpu_share": median(each), "ratio": median(each) / bare} for variant, each in shares.items()}
    print(json.dumps({"machine": fingerprint(), "rounds": shares, "median": report}, indent=2))
    return 0


def child(variant: str, url: str, seconds: float) -> float:
    command = [sys.executable, "-m", "benchmarks", "recording", "--variant", variant, "--url", url]
    done = subprocess.run([*command, "--seconds", str(seconds)], check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.strip().splitlines()[-1])


def measure(variant: str, url: str, seconds: float) -> float:
    """CPU seconds of a second of video."""
    with bare(url) if variant == "bare" else recorded(url, gated=variant == "ring") as step:
        step(SETTLE_S)
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        step(seconds)
        return (time.process_time() - cpu_s) / (time.perf_counter() - wall_s)


@contextmanager
def bare(url: str) -> Iterator[Callable[[float], None]]:
    with open_video(Address(url)) as video:

        def step(seconds: float) -> None:
            end_s = time.perf_counter() + seconds
            while time.perf_counter() < end_s:
                next(video.packets)

        yield step


@contextmanager
def recorded(url: str, *, gated: bool) -> Iterator[Callable[[float], None]]:
    camera = MediaNode("camera", RtspSource(Endpoint(url)))
    gate = MediaNode("gate", SignalGate(), (MediaInput("camera"), MediaInput("hub")))
    sink = MediaNode("asset", AssetSink("asset"), (MediaInput("gate" if gated else "camera"),))
    nodes = (camera, MediaNode("hub", HubSource("input")), gate, sink) if gated else (camera, sink)
    with TemporaryDirectory() as folder:
        services = MediaServices(lambda _: None, lambda: Outputs("account"), Store(Path(folder)))
        instance = MediaInstance(MediaGraph("benchmark", "benchmark", nodes), services)
        yield time.sleep
        instance.stop(10.0)


def draw(file: Path) -> Path:
    """Noise that moves: as hard to compress as a busy street."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (135, 240, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 1920, 1080, "yuv420p", 5_000_000
        stream.codec_context.gop_size = 50
        stream.options = {"preset": "ultrafast", "bf": "0", "x264-params": "scenecut=0"}
        for number in range(500):
            picture = np.roll(coarse, number * 3, 1)
            picture[400:600, number * 3 : number * 3 + 200] = rng.integers(0, 255, (200, 200, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return file
