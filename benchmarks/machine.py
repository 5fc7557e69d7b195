"""What the figures were measured on, and how a child process is measured."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("av", "numpy", "onnxruntime", "opencv-python-headless", "footfall")


def fingerprint() -> dict[str, str]:
    """Processor, cores, Python and package versions."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    return {
        "processor": model,
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def peak_rss_mib() -> float:
    """Highest resident memory of this process since it was started; `getrusage` would count its parent's too."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a child process took."""

    cpu_s: float
    wall_s: float
    peak_rss_mib: float


def run_child(module: str, *arguments: str) -> Cost:
    """Run `python -m module arguments` to its end.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.child", module, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    cpu_s, wall_s, rss_mib = map(float, result.stdout.strip().splitlines()[-1].split())
    return Cost(cpu_s, wall_s, rss_mib)
