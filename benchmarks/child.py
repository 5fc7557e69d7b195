"""Runs one variant in its own process and prints its CPU seconds, wall seconds and peak RSS in MiB as the last line.

Imports are done before the clock starts.
"""

from __future__ import annotations

import importlib
import sys
import time

from benchmarks.machine import peak_rss_mib

variant = importlib.import_module(sys.argv[1])
start_s = time.perf_counter()
cpu_start_s = time.process_time()
variant.main(sys.argv[2:])
cpu_s, wall_s = time.process_time() - cpu_start_s, time.perf_counter() - start_s
print(f"\n{cpu_s} {wall_s} {peak_rss_mib()}")
