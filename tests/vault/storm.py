"""Kill children that work on one folder, again and again, and see after each whether everything is as it must be.

`python storm.py FOLDER KILLS SEED`: prints what happened as JSON. A child says what it begins and what is done; what
was done must hold, what was begun may have happened or not, and there is nothing in between.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from footfall.vault.faults import Altered, NoObject
from footfall.vault.objects import ObjectKind, ObjectName, SealedObjects
from footfall.vault.rotation import rotate
from vault.rings import House

CANARY = b"canary-9f1d77c05a"
PROJECTS = ("north", "south")
MOST_DEEDS = 12
"""A child is killed in one of its first deeds,"""
DEED_S = 0.01
"""which take so long."""


def content(seed: int) -> bytes:
    """What an object holds, by the number it was put with."""
    return CANARY + str(seed).encode() + bytes(seed % 7 * 3000)


def work(house: House, rng: random.Random, pipe: int) -> None:
    """Until somebody kills it."""
    while True:
        name = ObjectName(rng.choice(list(ObjectKind)), rng.choice(PROJECTS), f"id{rng.randrange(12)}")
        number = rng.randrange(1000)
        deed = rng.choices(("put", "delete", "project", "rewrap", "rotate"), (60, 20, 2, 5, 8))[0]
        line = f"{deed} {name} {number}\n".encode()
        os.write(pipe, b"begin " + line)
        if deed == "put":
            house.objects.put(name, content(number))
        elif deed == "delete":
            house.objects.delete([name])
        elif deed == "project":
            house.objects.delete_project(name.project_id)
        elif deed == "rewrap":
            house.objects.rewrap()
        else:
            rotate(house.ring, [house.objects], house.audit, house.keys / "service-key")
        os.write(pipe, b"done " + line)


def follow(known: dict[str, set[int | None]], lines: list[str]) -> None:
    """What may be there now: number -> it was put with that; None -> it is not there."""
    for line in lines:
        state, deed, name, number = line.split()
        project = name.split("/")[1]
        if deed == "put":
            touched, to = [name], int(number)
        elif deed == "delete":
            touched, to = [name], None
        elif deed == "project":
            touched, to = [each for each in known if each.split("/")[1] == project], None
        else:
            continue
        for each in touched:
            known[each] = {to} if state == "done" else known.get(each, {None}) | {to}


def check(folder: Path, known: dict[str, set[int | None]]) -> list[str]:
    """What is wrong; and from now on what is there is known."""
    faults = [f"in clear: {path}" for path in folder.rglob("*") if path.is_file() and CANARY in path.read_bytes()]
    objects: SealedObjects = House(folder).objects
    faults += [f"left behind: {path}" for path in folder.rglob(".*")]
    listed = {str(name) for name in objects.names()}
    for text, possible in known.items():
        kind, project, id_ = text.split("/")
        name = ObjectName(ObjectKind(kind), project, id_)
        try:
            data = objects.get(name)
            found = {int(data[len(CANARY) :].rstrip(b"\0"))} if data.startswith(CANARY) else set()
            found = {number for number in found if content(number) == data}
        except NoObject:
            found = {None}
        except Altered:
            found = set()
        if not found <= possible or not found or (found != {None}) != (text in listed):
            faults.append(f"{text} is {found}, not {possible}; listed: {text in listed}")
        known[text] = found
    faults += [f"from nowhere: {name}" for name in listed - set(known)]
    return faults


def kill_one(folder: Path, seed: int) -> list[str]:
    """What a child said before it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(House(folder), random.Random(seed), writing)
        finally:
            os._exit(1)
    os.close(writing)
    rng = random.Random(seed)
    with os.fdopen(reading, "rb") as pipe:
        said = b"".join(pipe.readline() for _ in range(2 * rng.randrange(MOST_DEEDS) + 1))
        time.sleep(rng.uniform(0.0, DEED_S))
        os.kill(child, signal.SIGKILL)
        said += pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WTERMSIG(status) != signal.SIGKILL:
        raise SystemExit(f"the child ended by itself: {status}")
    return said.decode().splitlines()


def main(folder: Path, kills: int, seed: int) -> None:
    known: dict[str, set[int | None]] = {}
    faults: list[str] = []
    done = torn = 0
    for kill in range(kills):
        lines = kill_one(folder, seed * 1_000_003 + kill)
        done += sum(line.startswith("done") for line in lines)
        torn += bool(lines) and lines[-1].startswith("begin")
        follow(known, lines)
        faults += check(folder, known)
    sys.stdout.write(json.dumps({"kills": kills, "done": done, "torn": torn, "faults": faults}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
