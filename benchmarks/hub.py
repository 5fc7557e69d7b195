"""`python -m benchmarks.hub`: messages a second from a module into the event log; none lost when the hub is killed.

The hub is `footfall hub` in a process of its own, the module an independent MQTT client (paho) in this one, QoS 1: a
message counts when it is confirmed, and it is confirmed when it is on the disk. Then the hub is killed with SIGKILL at
random moments while the module goes on sending, and the log is compared with what was sent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.machine import fingerprint

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from servers.edge_hub import EdgeModule, HubProcess, event_lines, own_address

BODY = json.dumps(
    {
        "timestamp": 143810610210090,
        "inferences": [
            {"type": "entity", "inferenceId": f"{number:032x}", "entity": {"tag": {"value": "person"}}}
            for number in range(2)
        ],
    }
).encode()
BAG = (
    "%24.on=inferenceOutput&%24.mid={}&%24.ct=application%2Fjson&%24.ce=utf-8&dataVersion=1.0"
    "&eventTime=2020-08-20T03%3A54%3A29.001Z&eventType=Microsoft.Media.Graph.Analytics.Inference"
    "&subject=%2FgraphInstances%2Fg%2Fprocessors%2Fp&topic=%2Fx"
)
PORTS = ("--mqtt-port=18883", "--https-port=18443", "--log-level=error")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hub", description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000, help="in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kills", type=int, default=20)
    args = parser.parse_args()
    with TemporaryDirectory() as name:
        hub = HubProcess(Path(name) / "hub", own_address(), *PORTS).start()
        report = {
            "machine": fingerprint(),
            "throughput": throughput(hub, args.messages, args.rounds),
            "killed": killed(hub, args.kills),
        }
        hub.stop()
    print(json.dumps(report, indent=2))
    return 0


def throughput(hub: HubProcess, count: int, rounds: int) -> dict[str, float]:
    """Messages a second, and the hub's CPU time for each."""
    module = hub.module("camera", 18883)
    rates, costs = [], []
    for number in range(rounds):
        before_s, start = cpu_s(hub), time.perf_counter()
        send(module, (f"{number}-{index}" for index in range(count)))
        module.wait(lambda: module.is_settled, timeout_s=600)
        rates.append(count / (time.perf_counter() - start))
        costs.append((cpu_s(hub) - before_s) / count * 1e6)
    module.close()
    return {
        "messages_per_s": round(median(rates)),
        "least": round(min(rates)),
        "most": round(max(rates)),
        "hub_cpu_us_per_message": round(median(costs)),
    }


def killed(hub: HubProcess, kills: int) -> dict[str, int]:
    """How many messages were sent, and how many of them the log lacks or has more than once."""
    chance = random.Random(5)
    module = hub.module("witness", 18883)
    module.client.reconnect_delay_set(1, 1)
    sent = 0
    for _ in range(kills):
        until_s = time.monotonic() + chance.uniform(0.2, 1.0)
        while time.monotonic() < until_s:
            send(module, (f"k{index}" for index in range(sent, sent + 50)))
            sent += 50
            time.sleep(0.01)
        hub.kill()
        hub.start()
    module.wait(lambda: module.is_settled, timeout_s=120)
    module.close()
    seen = Counter(json.loads(line)["id"] for line in event_lines(hub.folder))
    missing = sum(seen[f"k{index}"] == 0 for index in range(sent))
    twice = sum(seen[f"k{index}"] > 1 for index in range(sent))
    return {"kills": kills, "sent": sent, "lost": missing, "more_than_once": twice}


def send(module: EdgeModule, ids: Iterable[str]) -> None:
    for each in ids:
        module.send(BODY, BAG.format(each))


def cpu_s(hub: HubProcess) -> float:
    """CPU time of the hub until now."""
    assert hub.process is not None
    fields = Path(f"/proc/{hub.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    raise SystemExit(main())
