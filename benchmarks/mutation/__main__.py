"""`./dev mutate [PATH]...`: does a test notice when the rules and the tracker are slightly wrong?

Every operator, number, condition and statement of src/footfall/spatial and src/footfall/track is changed in turn and
the tests that run it are run again. A mutant that no test notices survives: a test is missing, the code is
superfluous, or the change means the same, which `equivalent.toml` then says with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tomllib
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from benchmarks.mutation.operators import Mutant
from benchmarks.mutation.reach import PACKAGE, REPOSITORY
from benchmarks.mutation.trial import KILLED, Order, Trial, Verdict

PACKAGES = ("spatial", "track")
ARGUED = Path(__file__).with_name("equivalent.toml")
RESULTS = REPOSITORY / "benchmarks" / "results" / "mutation"
PYTEST = ["-o", "addopts=", "--import-mode=importlib", "-p", "no:terminal", "-p", "no:cacheprovider"]
PYTEST += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
EXAMPLES = """examples:
  ./dev mutate                                   everything (long)
  ./dev mutate src/footfall/spatial/area.py      one file
  ./dev mutate --survivors src/footfall/track    again, only what survived last time
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev mutate", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or folders below src/footfall")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="mutants whose name matches, as in 'Area.*'")
    parser.add_argument("--survivors", action="store_true", help="only what survived last time")
    parser.add_argument("--slowest", type=float, default=15.0, metavar="S", help="leave out tests over S CPU seconds")
    parser.add_argument("--tests", action="append", metavar="PATH", help="default: tests/spatial and tests/track")
    args = parser.parse_args()
    try:
        files = _files(args.paths or [str(PACKAGE / name) for name in PACKAGES])
    except ValueError as error:
        print(f"footfall: {error}", file=sys.stderr)
        return 2
    reports = {file: Report(file) for file in files}

    def is_wanted(mutant: Mutant) -> bool:
        before = reports[mutant.file].before
        return fnmatchcase(mutant.key, args.only) and (not args.survivors or before.get(mutant.key) != KILLED)

    order = Order(files, PACKAGES, is_wanted, RESULTS / "reach.json", args.slowest)
    tests = args.tests or [f"tests/{name}" for name in PACKAGES]
    os.chdir(REPOSITORY)
    is_partial = args.survivors or args.only != "*"
    trial = Trial(
        order, lambda verdict: reports[verdict.mutant.file].add(verdict), lambda file: reports[file].close(is_partial)
    )
    if pytest.main([*PYTEST, *tests], plugins=[trial]) != pytest.ExitCode.OK:
        return 2
    return 1 if any(report.alive for report in reports.values()) else 0


def _files(paths: list[str]) -> list[str]:
    """Files below the package, of those packages whose tests are run.

    Raises:
        ValueError: a path is none of them.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    for path in found:
        if not path.is_file() or not any(path.resolve().is_relative_to(PACKAGE / name) for name in PACKAGES):
            raise ValueError(f"{path}: give a file or folder of src/footfall/{' or src/footfall/'.join(PACKAGES)}")
    return [path.resolve().relative_to(PACKAGE).as_posix() for path in found if path.name != "__init__.py"]


class Report:
    """Verdicts on one file, kept in `benchmarks/results/mutation`."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._path = RESULTS / (file.removesuffix(".py").replace("/", "-") + ".json")
        self.before: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        self._now: dict[str, str] = {}
        self._argued = tomllib.loads(ARGUED.read_text("utf-8")).get(file, {})
        self.alive = 0
        """How many live without an argument."""

    def add(self, verdict: Verdict) -> None:
        """Note a verdict, and say so if the mutant lives."""
        key = verdict.mutant.key
        self._now[key] = verdict.outcome
        if verdict.outcome != KILLED and not any(_is_match(key, pattern) for pattern in self._argued):
            self.alive += 1
            print(f"{verdict.outcome}: src/footfall/{self._file}:{verdict.mutant.line}  {key}", flush=True)

    def close(self, is_partial: bool) -> None:
        """Write the verdicts and the sum."""
        counts = Counter(self._now.values())
        print(
            f"{self._file}: {', '.join(f'{n} {name}' for name, n in counts.most_common())}; unargued {self.alive}",
            flush=True,
        )
        if not is_partial:
            for pattern in self._argued:
                if not any(_is_match(key, pattern) and self._now[key] != KILLED for key in self._now):
                    print(f"{ARGUED.name}: [{self._file}] argues away nothing that lives: {pattern}")
        merged = {**self.before, **self._now} if is_partial else self._now
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(merged, indent=1) + "\n")


def _is_match(key: str, pattern: str) -> bool:
    """Exactly, or up to a `*` at the pattern's end."""
    return key == pattern or (pattern.endswith("*") and key.startswith(pattern[:-1]))


if __name__ == "__main__":
    sys.exit(main())
