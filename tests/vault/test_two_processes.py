"""Keys are rotated by one process while another puts, reads and deletes: neither notices the other."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from conftest import REPOSITORY
from footfall.vault.objects import ObjectKind, ObjectName, SealedObjects
from vault.rotator import ring_of

TIMES = 40


def test_a_rotation_beside_a_service(tmp_path: Path) -> None:
    ring = ring_of(tmp_path)
    objects, before = SealedObjects(tmp_path / "objects", ring), ring.newest
    environ = {**os.environ, "PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY / 'tests'}"}
    command = [sys.executable, str(REPOSITORY / "tests/vault/rotator.py"), str(tmp_path), str(TIMES)]
    rotator = subprocess.Popen(command, env=environ, stdin=subprocess.PIPE)
    rng, there, deeds = random.Random(3), {}, 0
    try:
        while rotator.poll() is None:
            name = ObjectName(ObjectKind.IMAGE, "shop", f"id{rng.randrange(30)}")
            if rng.random() < 0.7:
                there[name] = rng.randbytes(100)
                objects.put(name, there[name])
            else:
                there.pop(name, None)
                objects.delete([name])
            for other in rng.sample(sorted(there), min(3, len(there))):
                assert objects.get(other) == there[other]
            deeds += 1
            if deeds > TIMES and rotator.stdin is not None:
                rotator.stdin.close()
    finally:
        rotator.kill()
    assert rotator.wait() == 0
    assert deeds > TIMES
    again = ring_of(tmp_path)
    assert again.newest != before
    assert again.status().keys == 1
    objects = SealedObjects(tmp_path / "objects", again)
    assert set(objects.names()) == set(there)
    assert {name: objects.get(name) for name in there} == there
