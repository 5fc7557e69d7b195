"""SIGKILL at random moments: what was answered is kept, what was not is whole or absent."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from media_documents import ask, instance, simple
from media_module import Module

REPOSITORY = Path(__file__).resolve().parents[2]
CHILD = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[2], sys.argv[2] + "/../src"]
from media_documents import ask, instance, simple
from media_module import Module
module = Module(Path(sys.argv[1]))
module.registry.resume()
print("resumed", *sorted(graph.graph.instance for graph in module.bench.started), flush=True)
number = int(sys.argv[3])
while True:
    for name, request in [
        ("GraphTopologySet", simple(f"T{number % 40}")),
        ("GraphInstanceSet", instance(f"T{number % 40}", f"i{number}")),
        ("GraphInstanceActivate", ask(f"i{number}")),
    ] + [
        (name, ask(f"i{number - 3}")) for name in ("GraphInstanceDeactivate", "GraphInstanceDelete") if number > 3
    ]:
        status = module.call(name, request).status
        print(name, number, status, flush=True)
    number += 1
"""


def test_nothing_answered_is_lost_over_kills(tmp_path: Path) -> None:
    chance = random.Random(7)
    active: set[str] = set()
    doubtful: set[str] = set()
    number = 1
    for _ in range(10):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path), str(REPOSITORY / "tests"), str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        resumed = set(child.stdout.readline().split()[1:])
        assert active - doubtful <= resumed <= active | doubtful, "what was active runs again, and nothing else"
        time.sleep(chance.uniform(0.02, 0.3))
        child.send_signal(signal.SIGKILL)
        told = child.stdout.read().splitlines()
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
        active, doubtful, number = after(told, resumed, number)

    module = Module(tmp_path)
    kept = {each.document.name for each in module.registry.instances()}
    assert active - doubtful <= kept
    assert json.dumps(module.call("GraphInstanceList", ask()).payload)
    assert module.call("GraphTopologySet", simple("T0")).status in {200, 201}
    assert module.call("GraphInstanceSet", instance("T0", "last")).status == 201
    module.close()


def after(told: list[str], active: set[str], number: int) -> tuple[set[str], set[str], int]:
    """What is active after these answers, what may or may not be, and the next number."""
    active = set(active)
    for line in told:
        words = line.split()
        if len(words) < 3 or not words[2]:
            continue
        method, which = words[0], int(words[1])
        number = max(number, which)
        if method == "GraphInstanceActivate":
            active.add(f"i{which}")
        if method == "GraphInstanceDeactivate":
            active.discard(f"i{which - 3}")
    return active, {f"i{number}", f"i{number + 1}", f"i{number - 3}", f"i{number - 2}"}, number + 1
