"""The computer: Python, libraries, processor, memory, clock. Everything is read, nothing is changed."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from footfall.serve.checkup.finding import Finding

OLDEST: Final = (3, 11)
LIBRARIES: Final = {
    "av": "av", "cv2": "opencv-python-headless", "numpy": "numpy", "scipy": "scipy", "onnxruntime": "onnxruntime",
    "msgspec": "msgspec", "sqlalchemy": "SQLAlchemy", "fastapi": "fastapi", "cryptography": "cryptography",
}  # fmt: skip
"""Module -> package."""
LEAST_MEMORY: Final = 1 << 30
CAMERA_MEMORY: Final = 200 << 20
GIB: Final = 1 << 30
STA_UNSYNC: Final = 0x40
STATUS_AT: Final = 40
"""Of `status` in Linux's `struct timex`, on 64-bit machines."""
TIMEX_BYTES: Final = 512
TIME_ERROR: Final = 5


def check_machine(cameras: int) -> Iterator[Finding]:
    """Everything about the computer.

    Args:
        cameras: how many are to run.
    """
    yield _python()
    yield from _libraries()
    yield _processor(cameras)
    yield _memory(cameras)
    yield _swap()
    yield _core_files()
    yield _clock()


def _python() -> Finding:
    text = f"Python {platform.python_version()}, footfall {version('footfall')}"
    number = tuple(int(part) for part in platform.python_version_tuple()[:2])
    if number < OLDEST:
        return Finding.fail("python", text, "install Python 3.11 or later")
    return Finding.ok("python", text)


def _libraries() -> Iterator[Finding]:
    found = []
    for module, package in LIBRARIES.items():
        try:
            import_module(module)
            found.append(f"{package} {version(package)}")
        except (ImportError, PackageNotFoundError) as error:
            yield Finding.fail("libraries", f"{package}: {error}", f"pip install --force-reinstall {package}")
    if len(found) == len(LIBRARIES):
        yield Finding.ok("libraries", ", ".join(found))


def _processor(cameras: int) -> Finding:
    cores = usable_cores()
    flags = _cpu_flags()
    text = f"{cores:g} cores, {platform.machine()}" + (f", {' '.join(sorted(flags))}" if flags else "")
    if platform.machine() == "x86_64" and "avx2" not in flags:
        return Finding.warn("processor", f"{text}: without AVX2", "networks are slow here: take --model motion")
    if cores < 1 or cameras > 4 * cores:
        return Finding.warn("processor", text, "may be little for so many cameras: try footfall capacity")
    return Finding.ok("processor", text)


def usable_cores() -> float:
    """Cores that this process may use: affinity and the limit of its control group."""
    cores = float(len(os.sched_getaffinity(0)))
    text = _text(Path("/sys/fs/cgroup/cpu.max")).split()
    if len(text) == 2 and text[0].isdigit() and text[1].isdigit():
        cores = min(cores, int(text[0]) / int(text[1]))
    return cores


def _cpu_flags() -> set[str]:
    wanted = {"avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8"}
    line = next((line for line in _text(Path("/proc/cpuinfo")).splitlines() if line.startswith("flags")), "")
    return wanted & set(line.split())


def _memory(cameras: int) -> Finding:
    available = free_memory()
    wanted = LEAST_MEMORY + cameras * CAMERA_MEMORY
    text = f"{available / GIB:.1f} GiB free"
    if available < wanted:
        return Finding.warn("memory", text, f"{wanted / GIB:.1f} GiB are good for {cameras} cameras")
    return Finding.ok("memory", text)


def free_memory() -> int:
    """Bytes that may still be taken: of the machine, and of the control group."""
    facts = dict(line.split(":", 1) for line in _text(Path("/proc/meminfo")).splitlines() if ":" in line)
    free = int(facts.get("MemAvailable", "0 kB").split()[0]) * 1024
    limit, used = (_text(Path(f"/sys/fs/cgroup/memory.{name}")).strip() for name in ("max", "current"))
    return min(free, int(limit) - int(used)) if limit.isdigit() and used.isdigit() else free


def _swap() -> Finding:
    rows = [line.split() for line in _text(Path("/proc/swaps")).splitlines()[1:]]
    devices = [row[0] for row in rows if row and "zram" not in row[0] and "/dm-" not in row[0]]
    if devices:
        text = f"memory may be written to {', '.join(devices)}, pictures of people included"
        return Finding.warn("swap", text, "switch it off (swapoff -a) or encrypt it")
    return Finding.ok("swap", "no unencrypted swap")


def _core_files() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    if soft != 0:
        text = "a crash may write memory to the disk, pictures of people included"
        return Finding.warn("core files", text, "start with `ulimit -c 0`, as unit and container do")
    return Finding.ok("core files", "none are written")


def _clock() -> Finding:
    is_synchronised = clock_is_synchronised()
    if is_synchronised is None:
        return Finding.warn("clock", "this system does not tell whether its clock is right", "set it by NTP")
    if not is_synchronised:
        cure = "switch NTP on: timedatectl set-ntp true, or install chrony; events are dated by this clock"
        return Finding.warn("clock", "the computer's clock is not synchronised", cure)
    return Finding.ok("clock", "synchronised by NTP")


def clock_is_synchronised() -> bool | None:
    """What the kernel knows of its clock (adjtimex(2), asked without a change); None: it does not tell."""
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None
    answer = (ctypes.c_ubyte * TIMEX_BYTES)()
    state = adjtimex(ctypes.byref(answer))
    if state < 0 or ctypes.sizeof(ctypes.c_long) != 8:
        return None
    status = int.from_bytes(bytes(answer[STATUS_AT : STATUS_AT + 4]), "little")
    return state != TIME_ERROR and not status & STA_UNSYNC


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
