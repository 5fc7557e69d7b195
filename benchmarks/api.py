"""`python -m benchmarks api`: how quickly the API answers fifty clients while four cameras run, and what it costs them.

`footfall serve` runs as a process of its own, with four simulated cameras that are analysed in real time and a store
with a month of figures. Fifty clients in another process ask what pages ask, each again two seconds after its answer.
Rounds without clients, with clients, and with the same clients at a bare server that tells the same answers out of
memory are interleaved: what that one takes is the machine's part. Frames analysed are read from the service. Goals:
p95 at most 50 ms, frames analysed unchanged.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.machine import fingerprint
from footfall.engine.clock import SystemClock
from footfall.simulator.scene import SceneSpec, write_scene
from footfall.spatial.interval import Estimate
from footfall.store.database import open_database
from footfall.store.records import Batch, FactRecord, Measure
from footfall.store.write import append

CAMERAS = 4
CLIENTS = 50
PAUSE_S = 2.0
TOKENS = 10
QUESTIONS = (
    "/api/v1/cameras",
    "/api/v1/numbers/now",
    "/api/v1/numbers/today?tz=Europe/Berlin",
    "/api/v1/numbers?by=hour",
    "/api/v1/events?limit=50",
    "/api/v1/places",
    "/health/ready",
)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks api", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of one measurement")
    parser.add_argument("--ask", nargs=3, metavar=("URL", "TOKENS", "SECONDS"), help=argparse.SUPPRESS)
    parser.add_argument("--bare", nargs=2, metavar=("ANSWERS", "PORT_FILE"), help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.bare:
        serve_bare(json.loads(Path(args.bare[0]).read_text()), Path(args.bare[1]))
        return 0
    if args.ask:
        print(json.dumps(asyncio.run(ask(args.ask[0], args.ask[1].split(","), float(args.ask[2])))))
        return 0
    with TemporaryDirectory() as name:
        report = measure(Path(name), args.rounds, args.seconds)
    print(json.dumps({"machine": fingerprint(), "api": report}, indent=2))
    return 0


def measure(folder: Path, rounds: int, seconds: float) -> dict[str, object]:
    """Rounds without clients, with clients, and with clients at the bare server."""
    process, url = served(folder)
    bare: subprocess.Popen[bytes] | None = None
    try:
        tokens = tokens_of(url, (folder / "log").read_text())
        bare, bare_url = served_bare(folder, url, tokens[0])
        time.sleep(5.0)
        alone, busy, times_s, bare_s = [], [], [], []
        for _ in range(rounds):
            alone.append(analysed(url, tokens[0], seconds))
            asking = clients(url, tokens, seconds + 2.0)
            time.sleep(2.0)
            busy.append(analysed(url, tokens[0], seconds))
            times_s += json.loads(asking.communicate()[0])
            bare_s += json.loads(clients(bare_url, tokens, seconds + 2.0).communicate()[0])
    finally:
        for one in filter(None, (bare, process)):
            one.terminate()
            one.wait(30)
    told, least = in_ms(times_s), in_ms(bare_s)
    return {
        "clients": CLIENTS,
        "service": told,
        "bare_server": least,
        "p95_ratio": round(told["p95_ms"] / least["p95_ms"], 1),
        "fps_alone": round(median(alone), 2),
        "fps_with_clients": round(median(busy), 2),
    }


def in_ms(times_s: Sequence[float]) -> dict[str, float]:
    """Answers and how long they took."""
    cuts = quantiles(times_s, n=100)
    ms = {"p50_ms": median(times_s), "p95_ms": cuts[94], "p99_ms": cuts[98]}
    return {"answers": len(times_s)} | {name: round(1000 * value, 1) for name, value in ms.items()}


def clients(url: str, tokens: Sequence[str], seconds: float) -> subprocess.Popen[str]:
    """Fifty of them, in a process of their own."""
    command = [sys.executable, "-m", "benchmarks", "api", "--ask", url, ",".join(tokens), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def served_bare(folder: Path, url: str, token: str) -> tuple[subprocess.Popen[bytes], str]:
    """A server that tells what the service told a moment ago, and where it answers."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as service:
        answers = {question: service.get(question).text for question in QUESTIONS}
    told, port = folder / "answers.json", folder / "bare-port"
    told.write_text(json.dumps(answers))
    process = subprocess.Popen([sys.executable, "-m", "benchmarks", "api", "--bare", str(told), str(port)])
    while not port.exists():
        assert process.poll() is None
        time.sleep(0.1)
    return process, f"http://127.0.0.1:{port.read_text()}"


def serve_bare(answers: Mapping[str, str], port: Path) -> None:
    """Answer each question with what is given; the port is written into a file."""
    told = {question.partition("?")[0]: text.encode() for question, text in answers.items()}

    async def answer(request: Request) -> Response:
        return Response(told[request.url.path], media_type="application/json")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port.with_suffix(".part").write_text(str(listening.getsockname()[1]))
        port.with_suffix(".part").rename(port)
        config = uvicorn.Config(Starlette(routes=[Route("/{path:path}", answer)]), log_level="critical")
        uvicorn.Server(config).run([listening])


def served(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A service with cameras and a month of figures, and where it answers."""
    write_scene(SceneSpec(duration_s=8.0, size_px=(640, 360)), folder)
    cameras = [camera_of(number, folder / "clip.mp4") for number in range(CAMERAS)]
    (folder / "footfall.yaml").write_text(json.dumps({"model": "motion", "fps": 10, "cameras": cameras}))
    data = folder / "data"
    data.mkdir()
    fill(data / "store.sqlite")
    command = [sys.executable, "-m", "footfall", "serve", str(folder / "footfall.yaml"), "--data", str(data)]
    log = (folder / "log").open("wb")
    process = subprocess.Popen([*command, "--insecure-http", "--port", "0"], stderr=log, stdout=log)
    while "token=" not in (folder / "log").read_text():
        assert process.poll() is None, (folder / "log").read_text()
        time.sleep(0.1)
    found = re.search(r"answers at (\S+)", (folder / "log").read_text())
    assert found is not None
    return process, found[1]


def camera_of(number: int, clip: Path) -> dict[str, object]:
    """One of them."""
    door = {"name": "door", "points": [[0.1, 0.6], [0.9, 0.6]]}
    hall = {"name": "hall", "points": [[0.1, 0.3], [0.9, 0.3], [0.9, 0.95], [0.1, 0.95]]}
    return {"name": f"camera {number}", "url": str(clip), "lines": [door], "zones": [hall]}


def fill(store: Path) -> None:
    """A month of figures."""
    engine, rng, now = open_database(store, "store"), Random(1), SystemClock().now()
    facts = [
        FactRecord(
            f"{number:032x}",
            f"camera {number % CAMERAS}",
            "door",
            rng.choice((Measure.RIGHT, Measure.LEFT)),
            now - timedelta(minutes=rng.uniform(0, 30 * 24 * 60)),
            Estimate.of(extra=0.01, missed=0.02),
        )
        for number in range(100_000)
    ]
    for begin in range(0, len(facts), 10_000):
        append(engine, Batch(facts=tuple(facts[begin : begin + 10_000])))
    engine.dispose()


def tokens_of(url: str, log: str) -> list[str]:
    """Set up, and make tokens: so many clients with one would ask more often than one may."""
    link = re.search(r"token=(\S+)", log)
    assert link is not None
    with httpx.Client(base_url=url, timeout=60) as service:
        person = {"token": link[1], "name": "anna", "password": "correct horse battery"}
        csrf = service.post("/api/v1/setup", json=person).json()["csrf"]
        wishes = [{"name": f"bench {number}"} for number in range(TOKENS)]
        made = [service.post("/api/v1/tokens", json=wish, headers={"X-Footfall-CSRF": csrf}) for wish in wishes]
        return [str(one.json()["secret"]) for one in made]


def analysed(url: str, token: str, seconds: float) -> float:
    """Frames a second that all cameras together analyse."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as service:

        def frames() -> tuple[float, int]:
            told = service.get("/api/v1/cameras").json()["cameras"]
            return time.monotonic(), sum(one["counts"].get("frames_analysed", 0) for one in told)

        begin_s, before = frames()
        time.sleep(seconds)
        end_s, after = frames()
    return (after - before) / (end_s - begin_s)


async def ask(url: str, tokens: Sequence[str], seconds: float) -> list[float]:
    """How long each answer took."""
    times_s: list[float] = []
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as service:
        end_s = time.monotonic() + seconds

        async def one(number: int) -> None:
            rng, headers = Random(number), {"Authorization": f"Bearer {tokens[number % len(tokens)]}"}
            await asyncio.sleep(rng.uniform(0, PAUSE_S))
            while time.monotonic() < end_s:
                begin_s = time.monotonic()
                answer = await service.get(rng.choice(QUESTIONS), headers=headers)
                times_s.append(time.monotonic() - begin_s)
                assert answer.status_code == 200, answer.text
                await asyncio.sleep(PAUSE_S)

        await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    return times_s
