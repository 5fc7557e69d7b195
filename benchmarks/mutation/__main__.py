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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from benchmarks.mutation.operators import Mutant, mutants, parse
from benchmarks.mutation.reach import PACKAGE, REPOSITORY
from benchmarks.mutation.trial import KILLED, Order, Trial, Verdict

PACKAGES = ("spatial", "track")
ARGUED = Path(__file__).with_name("equivalent.toml")
ARGUMENTS: dict[str, dict[str, str]] = tomllib.loads(ARGUED.read_text("utf-8"))
"""File -> mutant, or how its name begins and a `*` -> why it need not be killed."""
RESULTS = REPOSITORY / "benchmarks" / "results" / "mutation"
PYTEST = ["-o", "addopts=", "--import-mode=importlib", "-p", "no:terminal", "-p", "no:cacheprovider"]
PYTEST += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
EXAMPLES = """examples:
  ./dev mutate                                   everything (long)
  ./dev mutate src/footfall/spatial/area.py      one file
  ./dev mutate --survivors src/footfall/track    again, only what survived last time
  ./dev mutate --argued src/footfall/track       again, only what equivalent.toml argues away
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev mutate", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or folders below src/footfall")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="mutants whose name matches, as in 'Area.*'")
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--survivors", action="store_true", help="only what survived last time, unargued")
    again.add_argument("--argued", action="store_true", help="only what is argued away: does it live still?")
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
        report = reports[mutant.file]
        if not fnmatchcase(mutant.key, args.only) or (args.survivors and not report.is_open(mutant.key)):
            return False
        return not args.argued or report.is_argued(mutant.key)

    order = Order(files, PACKAGES, is_wanted, RESULTS / "reach.json", args.slowest)
    tests = args.tests or [f"tests/{name}" for name in PACKAGES]
    os.chdir(REPOSITORY)
    trial = Trial(order, lambda verdict: reports[verdict.mutant.file].add(verdict), lambda file: reports[file].close())
    if pytest.main([*PYTEST, *tests], plugins=[trial]) != pytest.ExitCode.OK:
        return 2
    for file in ARGUMENTS:
        if not (PACKAGE / file).is_file():
            print(f"{ARGUED.name}: no such file: [{file}]")
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
        self._before: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        self._now: dict[str, str] = {}
        self._argued = ARGUMENTS.get(file, {})
        self.alive = 0
        """How many live without an argument."""

    def is_open(self, key: str) -> bool:
        """Whether a mutant was not killed last time and is not argued away."""
        return self._before.get(key) != KILLED and not self.is_argued(key)

    def is_argued(self, key: str) -> bool:
        """Whether `equivalent.toml` names it."""
        return any(_is_match(key, pattern) for pattern in self._argued)

    def add(self, verdict: Verdict) -> None:
        """Note a verdict, and say so if the mutant lives."""
        key = verdict.mutant.key
        self._now[key] = verdict.outcome
        if verdict.outcome != KILLED and not self.is_argued(key):
            self.alive += 1
            print(f"{verdict.outcome}: src/footfall/{self._file}:{verdict.mutant.line}  {key}", flush=True)

    def close(self) -> None:
        """Tell the sums and what is stale; write the verdicts, with those of other runs on code that is still there."""
        keys = [mutant.key for mutant in mutants(parse(PACKAGE / self._file), self._file)]
        known = {**self._before, **self._now}
        verdicts = {key: known[key] for key in keys if key in known}
        print(f"{self._file}: {_sum(self._now.values())}; unargued {self.alive}", flush=True)
        states = _sum(self._state(key, verdicts.get(key)) for key in keys)
        print(f"{self._file}: of all {len(keys)} so far {states}", flush=True)
        for pattern, trouble in stale(self._argued, keys, verdicts):
            print(f"{ARGUED.name}: [{self._file}] {trouble}: {pattern}", flush=True)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(verdicts, indent=1) + "\n")

    def _state(self, key: str, outcome: str | None) -> str:
        if outcome == KILLED:
            return KILLED
        return "argued away" if self.is_argued(key) else outcome or "without verdict"


def _sum(outcomes: Iterable[str]) -> str:
    return ", ".join(f"{n} {name}" for name, n in Counter(outcomes).most_common()) or "none tried"


def stale(patterns: Iterable[str], keys: Sequence[str], verdicts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Arguments that nobody needs any more, and why.

    Args:
        patterns: what is argued away.
        keys: the mutants of the code as it is.
        verdicts: what became of them, as far as it is known.
    """
    for pattern in patterns:
        meant = [key for key in keys if _is_match(key, pattern)]
        if not meant:
            yield pattern, "matches no mutant"
        elif all(verdicts.get(key) == KILLED for key in meant):
            yield pattern, "argues away what a test kills"


def _is_match(key: str, pattern: str) -> bool:
    """Exactly, or up to a `*` at the pattern's end."""
    return key == pattern or (pattern.endswith("*") and key.startswith(pattern[:-1]))


if __name__ == "__main__":
    sys.exit(main())
