"""Which lines of the mutated packages each test runs, and what it costs; kept between runs."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from time import process_time

import coverage
import pytest

from benchmarks.mutation import surgery
from benchmarks.mutation.operators import Mutant, parse

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "footfall"


@dataclass(slots=True)
class Reach:
    """What one test costs and which lines it runs, by file below the package."""

    cpu_s: float
    """Below 0 for a test that fails by itself."""
    lines: dict[str, list[int]] = field(default_factory=dict)


def reach_of(
    items: Mapping[str, pytest.Item], packages: Sequence[str], cache: Path, passes: Callable[[pytest.Item], bool]
) -> dict[str, Reach]:
    """Reach by test. What is not known from before, or has changed since, is run once with coverage.

    Args:
        items: collected tests by name.
        packages: folders of the package whose lines are watched.
        cache: where the figures are kept.
        passes: runs a test.
    """
    known = json.loads(cache.read_text()) if cache.exists() else {}
    digest = _Digest()
    new = [
        item
        for name, item in items.items()
        if name not in known or known[name]["stamp"] != digest.of(item.path, known[name]["lines"])
    ]
    print(f"{len(items)} tests, of which {len(new)} are run first to see what they reach", flush=True)
    for name, reached in _watch(new, packages, passes).items():
        stamp = digest.of(items[name].path, reached.lines)
        known[name] = {"stamp": stamp, "cpu_s": reached.cpu_s, "lines": reached.lines}
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text(json.dumps(known))
    return {name: Reach(known[name]["cpu_s"], known[name]["lines"]) for name in items}


def places(mutant: Mutant, tree: ast.Module, packages: Sequence[str]) -> dict[str, set[int]]:
    """Lines that a test must run to notice: the mutated statement's; of a constant, those that name it."""
    if mutant.in_function:
        return {mutant.file: _span(mutant, tree)}
    names = surgery.bound_names(mutant, tree)
    return _uses({*names, mutant.unit}, mutant.file, packages) if names else {}


def _watch(
    items: Sequence[pytest.Item], packages: Sequence[str], passes: Callable[[pytest.Item], bool]
) -> dict[str, Reach]:
    watcher = coverage.Coverage(
        data_file=None, include=[str(PACKAGE / package / "*") for package in packages], config_file=False
    )
    watcher.set_option("run:disable_warnings", ["no-data-collected"])
    found: dict[str, Reach] = {}
    watcher.start()
    for item in items:
        watcher.switch_context(item.nodeid)
        began = process_time()
        found[item.nodeid] = Reach(process_time() - began if passes(item) else -1.0)
    watcher.stop()
    data = watcher.get_data()
    for path in data.measured_files():
        file = Path(path).relative_to(PACKAGE).as_posix()
        for line, contexts in data.contexts_by_lineno(path).items():
            for name in filter(None, contexts):
                found[name].lines.setdefault(file, []).append(line)
    return found


def _span(mutant: Mutant, tree: ast.Module) -> set[int]:
    """Lines of the innermost statement around the mutant, without its body; of a function's head, the body's."""
    around = [n for n in ast.walk(tree) if isinstance(n, ast.stmt) and n.lineno <= mutant.line <= (n.end_lineno or 0)]
    inner = max(around, key=lambda statement: statement.lineno)
    last = inner.end_lineno or inner.lineno
    body: list[ast.stmt] = getattr(inner, "body", [])
    if isinstance(inner, ast.FunctionDef):
        return set(range(body[0].lineno, last + 1))
    return set(range(inner.lineno, max(body[0].lineno - 1, inner.lineno) + 1 if body else last + 1))


def _uses(names: set[str], home: str, packages: Sequence[str]) -> dict[str, set[int]]:
    """Lines that read this constant, or field of this class, and those that read a field whose default it is."""
    trees = _trees(tuple(packages))
    for node in ast.walk(trees[home]):
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Name) and node.value.id in names:
            names = names | {ast.unparse(node.target)}
    found = {
        file: {
            node.lineno
            for node in ast.walk(tree)
            if (isinstance(node, ast.Attribute) and node.attr in names)
            or (isinstance(node, ast.Name) and node.id in names and (file == home or _imports(tree, node.id)))
        }
        for file, tree in trees.items()
    }
    return {file: lines for file, lines in found.items() if lines}


@lru_cache
def _trees(packages: tuple[str, ...]) -> dict[str, ast.Module]:
    return {path.relative_to(PACKAGE).as_posix(): parse(path) for package in packages for path in _files(package)}


def _imports(tree: ast.Module, name: str) -> bool:
    return any(isinstance(node, ast.ImportFrom) and name in {a.name for a in node.names} for node in tree.body)


def _files(package: str) -> list[Path]:
    return sorted((PACKAGE / package).rglob("*.py"))


class _Digest:
    """Stamps of tests: what they are and what they reach. Each file is read once."""

    def __init__(self) -> None:
        self._of: dict[Path, str] = {}

    def of(self, test: Path, reached: Iterable[str]) -> str:
        return " ".join(self._file(path) for path in (test, *(PACKAGE / file for file in sorted(reached))))

    def _file(self, path: Path) -> str:
        if path not in self._of:
            self._of[path] = hashlib.sha256(path.read_bytes() if path.exists() else b"").hexdigest()[:8]
        return self._of[path]
