"""`python -m benchmarks objects [--count N] [--rounds N]`: pictures at rest, stored and deleted; what sealing costs.

Stores N pictures that each hold a canary, scans every file below the folder for it, measures the entropy of every
stored object, deletes all, and scans again. Then pictures of 200 KiB are put as objects and written as plain files (to
the disk as well, with the same care: written beside, synced, renamed, folder synced), in turn in one process: read the
figures as ratios. Processor time is of the process, kernel included.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.machine import fingerprint
from footfall.vault.keys import Keys
from footfall.vault.objects import ObjectKind, ObjectName, SealedObjects
from footfall.vault.part import write_whole

CANARY = b"canary-5b1f"
PICTURE_BYTES = 200 * 1024
BATCH = 64
"""What one request of Custom Vision may delete."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks objects", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--bytes", type=int, default=32 * 1024, help="of each of them")
    parser.add_argument("--rounds", type=int, default=10, help="of the comparison, 20 pictures of 200 KiB each")
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    args = parser.parse_args(argv)
    with TemporaryDirectory(dir=args.folder) as name:
        kept = keep_and_delete(Path(name), args.count, args.bytes)
        cost = compare(Path(name), args.rounds)
    print(json.dumps({"machine": fingerprint(), "kept": kept, "cost": cost}, indent=2))
    return 0 if kept["found_while_stored"] == kept["found_after"] == 0 else 1


def keep_and_delete(folder: Path, count: int, size: int) -> dict[str, float]:
    """Store, look, delete, look again."""
    objects = SealedObjects(folder / "objects", Keys(os.urandom(32)))
    names = [ObjectName(ObjectKind.IMAGE, "benchmark", f"picture-{number}") for number in range(count)]
    before_s = time.process_time()
    for number, name in enumerate(names):
        objects.put(name, picture(number, size))
    put_s = time.process_time() - before_s
    entropies = [bits_a_byte(file.read_bytes()) for file in files_of(folder)]
    found = scan(folder)
    before_s = time.process_time()
    for start in range(0, count, BATCH):
        objects.delete(names[start : start + BATCH])
    return {
        "objects": count,
        "bytes_each": size,
        "found_while_stored": found,
        "least_bits_a_byte": min(entropies),
        "median_bits_a_byte": median(entropies),
        "found_after": scan(folder),
        "files_after": len(list(files_of(folder))),
        "put_cpu_us": put_s / count * 1e6,
        "delete_cpu_us": (time.process_time() - before_s) / count * 1e6,
    }


def compare(folder: Path, rounds: int, pictures: int = 20) -> dict[str, float]:
    """Sealed over plain."""
    objects = SealedObjects(folder / "sealed", Keys(os.urandom(32)))
    (folder / "plain").mkdir()
    data = [picture(number, PICTURE_BYTES) for number in range(pictures)]
    names = [ObjectName(ObjectKind.IMAGE, "benchmark", f"picture-{number}") for number in range(pictures)]
    spent: dict[str, list[tuple[float, float]]] = {"plain": [], "sealed": [], "read plain": [], "read sealed": []}
    for _ in range(rounds):
        with stopwatch(spent["plain"]):
            for name, each in zip(names, data, strict=True):
                write_whole(folder / "plain" / name.id, each)
        with stopwatch(spent["sealed"]):
            for name, each in zip(names, data, strict=True):
                objects.put(name, each)
        with stopwatch(spent["read plain"]):
            for name in names:
                (folder / "plain" / name.id).read_bytes()
        with stopwatch(spent["read sealed"]):
            for name in names:
                objects.get(name)
    cpu_s = {what: median(cpu_s for cpu_s, _ in times) for what, times in spent.items()}
    wall_s = {what: median(wall_s for _, wall_s in times) for what, times in spent.items()}
    return {
        "put_cpu_ratio": cpu_s["sealed"] / cpu_s["plain"],
        "put_wall_ratio": wall_s["sealed"] / wall_s["plain"],
        "put_cpu_ms_more": (cpu_s["sealed"] - cpu_s["plain"]) / pictures * 1e3,
        "get_cpu_ratio": cpu_s["read sealed"] / cpu_s["read plain"],
        "get_cpu_ms_more": (cpu_s["read sealed"] - cpu_s["read plain"]) / pictures * 1e3,
    }


@contextmanager
def stopwatch(times: list[tuple[float, float]]) -> Iterator[None]:
    """Note processor time and wall time of a block."""
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    yield
    times.append((time.process_time() - cpu_s, time.perf_counter() - wall_s))


def picture(number: int, size: int) -> bytes:
    """Bytes with the structure of a picture: the canary and 64 of its own in front, then a pattern that repeats."""
    head = CANARY + hashlib.sha512(str(number).encode()).digest()
    return (head + bytes(range(64)) * (size // 64 + 1))[:size]


def bits_a_byte(data: bytes) -> float:
    """Shannon's entropy of single bytes; of n random ones about 8 - 184 / n comes out, not 8."""
    counts = np.bincount(np.frombuffer(data, np.uint8), minlength=256)
    shares = counts[counts > 0] / len(data)
    return float(-(shares * np.log2(shares)).sum())


def scan(folder: Path) -> int:
    """How many files hold a canary, or the pattern."""
    return sum(CANARY in data or bytes(range(64)) in data for data in (file.read_bytes() for file in files_of(folder)))


def files_of(folder: Path) -> Iterator[Path]:
    """All files below a folder."""
    return (path for path in folder.rglob("*") if path.is_file())
