"""Check configuration files, and whether their lines and zones can count well.

FILE is a deployment manifest, a module twin, a SPACEANALYTICS_CONFIG, a footfall.yaml, a topology or an instance of a
media graph, or an operations.json with the topologies that it names. With people of the same camera
(--tracks or --clip) each line and zone is tried on them, and where a place is bad, a better one is looked for.
One line per finding: file, JSON path, what is wrong, how to mend it. Exit code 0 when there are no errors, else 2; with
--strict warnings count too.

Examples:
  footfall validate deployment.json
  footfall validate *.json footfall.yaml
  footfall validate --lenient copied-from-a-web-page.json
  footfall validate operations.json
  footfall validate footfall.yaml --tracks door.tracks.jsonl --picture door.png
  footfall validate --line door=0.2,0.6,0.8,0.6 --clip door.mp4
  footfall validate deployment.json --graph door/door --clip door.mp4 --json
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from footfall.cli.files import check_writable, read_text
from footfall.cli.numbers import above_zero, whole
from footfall.cli.options import add_regions, regions
from footfall.cli.record import Watched, recorded, watched
from footfall.cli.sketch import sketch, write_sketch
from footfall.config.availability import not_yet
from footfall.config.environment import Settings, read_settings
from footfall.config.load import Kind, check, load_plan, load_spatial, recognise
from footfall.config.plan import GraphPlan, GroundSpec
from footfall.config.whereabouts import path_of, whereabouts
from footfall.core.errors import ConfigError, Problem
from footfall.mediagraph import lint as media
from footfall.spatial.lint.advice import lint
from footfall.spatial.lint.findings import Finding, Severity
from footfall.spatial.lint.floor import Floor
from footfall.spatial.lint.recording import Recording
from footfall.spatial.regions import SpatialSpec

COMMAND_LINE = "command line"
SAID_BY_DOCUMENT = {"name-taken", "zone-crosses-itself", "zone-without-inside", "threshold-too-large"}
"""What reading a document tells too, with the exact path."""
SAME_FILE = "is one of the files that are read", "name another file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="a configuration file, or - for standard input")
    parser.add_argument("--lenient", action="store_true", help="tolerate trailing commas and the like, as samples have")
    add_regions(parser)
    people = parser.add_argument_group("people of the same camera")
    source = people.add_mutually_exclusive_group()
    source.add_argument("--tracks", metavar="FILE", help="recorded by `footfall run --tracks`")
    source.add_argument("--clip", metavar="VIDEO", help="a video file: people are found and followed now")
    people.add_argument("--graph", metavar="ID", help="which camera of the file, if it has several")
    people.add_argument("--model", metavar="NAME|PATH", help="detector for --clip (default: as the file says)")
    people.add_argument("--fps", type=above_zero, metavar="N", help="analyse at most N frames a second of --clip")
    people.add_argument("--threads", type=whole(1, 256), default=2, metavar="N", help="CPU threads (default 2)")
    people.add_argument("--no-progress", action="store_true", help="no progress on standard error")
    out = parser.add_argument_group("output")
    out.add_argument("--json", action="store_true", help="one JSON array instead of lines")
    out.add_argument("--strict", action="store_true", help="warnings count as errors for the exit code")
    out.add_argument("--picture", metavar="OUT.png", help="draw lines, zones, foot paths and better places (green)")
    out.add_argument("--pixels", action="store_true", help="draw them on a picture of --clip: this stores a picture")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of output."""

    file: str
    path: str
    severity: Severity
    what: str
    cure: str
    finding: Finding | None = None

    def __str__(self) -> str:
        kind = "" if self.severity is Severity.ERROR else f"{self.severity.value}: "
        code = f"{self.finding.code}: " if self.finding else ""
        return f"{self.file}: {self.path}: {kind}{code}{self.what}; {self.cure}{self._better()}"

    def _better(self) -> str:
        if self.finding is None or self.finding.better_n is None:
            return ""
        between = "," if self.finding.kind == "line" else ";"
        return "; better on these people: " + between.join(f"{x:g},{y:g}" for x, y in self.finding.better_n)

    def as_json(self) -> dict[str, object]:
        """The same as an object."""
        told = {"file": self.file, "path": self.path, "severity": self.severity.value}
        about = {} if self.finding is None else {"code": self.finding.code, "kind": self.finding.kind}
        name = {"name": self.finding.name} if self.finding is not None and self.finding.name else {}
        better = {"better": self.finding.better_n} if self.finding is not None and self.finding.better_n else {}
        return {**told, **about, **name, "what": self.what, "cure": self.cure, **better}


@dataclass(frozen=True, slots=True)
class SetUp:
    """What one camera watches, and where that was said."""

    file: str
    camera: tuple[str, int]
    """Graph id and number of the graph in its file."""
    spatial: SpatialSpec
    floor: Floor
    text: str = ""
    graph: GraphPlan | None = None

    def told(self, finding: Finding, *, lenient: bool) -> Told:
        """A finding with its place in the file; what concerns the camera stands where its regions do."""
        if self.file == COMMAND_LINE:
            path = f"--{finding.kind} {finding.name}" if finding.name else "$"
        elif finding.name:
            path = self._path(finding.kind, finding.name, lenient=lenient)
        else:
            first = [("zone", zone.name) for zone in self.spatial.zones] + [
                ("line", ln.name) for ln in self.spatial.lines
            ]
            path = self._path(*first[0], lenient=lenient).rpartition(".")[0] if first else ""
        return Told(self.file, path or "$", finding.severity, finding.what, finding.cure, finding)

    def _path(self, kind: str, name: str, *, lenient: bool) -> str:
        return path_of(whereabouts(self.text, lenient=lenient), kind, name, self.camera)


def main(args: argparse.Namespace) -> int:
    """Check every file; the exit code."""
    settings = read_settings(os.environ)
    _check_options(args)
    told: list[Told] = []
    set_ups: list[SetUp] = []
    for file in args.files:
        try:
            text = read_text(file)
            problems = checked(text, file, settings, lenient=args.lenient)
        except ConfigError as error:
            text, problems = "", error.problems
        told += (_from_problem(problem) for problem in problems)
        if text and all(problem.is_warning for problem in problems):
            set_ups += _set_ups(text, file, settings, lenient=args.lenient)
    if args.line or args.zone:
        args.config = None
        set_ups.append(SetUp(COMMAND_LINE, ("", 0), regions(args, settings), Floor()))
    told += _advice(set_ups, args, settings, {each.path for each in told})
    _print(told, as_json=args.json)
    counts = {Severity.ERROR, Severity.WARNING} if args.strict else {Severity.ERROR}
    return 2 if any(each.severity in counts for each in told) else 0


def checked(text: str, file: str, settings: Settings, *, lenient: bool) -> tuple[Problem, ...]:
    """Everything there is to say about one document, also what it asks for that this version does not do."""
    kind = recognise(text, lenient=lenient)
    if kind in media.KINDS:
        return media.check_media(text, kind, file, read_text, lenient=lenient)
    problems = check(text, file=file, settings=settings, lenient=lenient)
    if kind is Kind.SPACEANALYTICS or any(not problem.is_warning for problem in problems):
        return problems
    return problems + not_yet(load_plan(text, file=file, settings=settings, lenient=lenient), file)


def _check_options(args: argparse.Namespace) -> None:
    people = args.tracks or args.clip
    checks = (
        ("FILE", args.files or args.line or args.zone, "nothing to check", "name a FILE, or give --line or --zone"),
        (
            "--line/--zone",
            not (args.files and (args.line or args.zone)),
            "stand beside a file",
            "put them into the file, or leave the file away",
        ),
        ("--pixels", args.clip or not args.pixels, "only a clip has pixels", "give --clip VIDEO, or leave it away"),
        ("--picture", args.picture not in {*args.files, args.tracks, args.clip} or not args.picture, *SAME_FILE),
        ("--picture", people or not args.picture, "nobody's ways to draw", "give --tracks FILE or --clip VIDEO"),
    )
    if problems := [Problem(COMMAND_LINE, option, what, cure) for option, fine, what, cure in checks if not fine]:
        raise ConfigError(problems)
    if args.picture:
        check_writable(args.picture, "--picture")


def _set_ups(text: str, file: str, settings: Settings, *, lenient: bool) -> Iterator[SetUp]:
    kind = recognise(text, lenient=lenient)
    if kind in media.KINDS:
        return
    if kind is Kind.SPACEANALYTICS:
        spatial = load_spatial(text, file=file, settings=settings, lenient=lenient)
        yield SetUp(file, ("", 0), spatial, Floor(), text)
        return
    plan = load_plan(text, file=file, settings=settings, lenient=lenient)
    for number, graph in enumerate(plan.graphs):
        ground = graph.spec(GroundSpec)
        floor = Floor(ground.camera, ground.calibrate)
        yield SetUp(file, (graph.id, number), graph.spec(SpatialSpec), floor, text, graph)


def _advice(set_ups: list[SetUp], args: argparse.Namespace, settings: Settings, said: Iterable[str]) -> Iterator[Told]:
    """What the finder of bad set-ups says; with people about one camera only."""
    people: Watched | None = None
    if set_ups and (args.tracks or args.clip or args.graph):
        set_ups = [_chosen(set_ups, args.graph)]
    if set_ups and (args.tracks or args.clip):
        graph = set_ups[0].graph
        people = recorded(args.tracks) if args.tracks else watched(args.clip, graph, args, settings)
    for set_up in set_ups:
        forget_s = set_up.spatial.forget_after_s
        recording = None if people is None else Recording.of(people.frames, forget_s)
        findings = lint(set_up.spatial, recording, set_up.floor)
        for finding in findings:
            told = set_up.told(finding, lenient=args.lenient)
            is_said = finding.code in SAID_BY_DOCUMENT and told.path != "$"
            if not (is_said and any(path.startswith(told.path) for path in said)):
                yield told
        if args.picture and people is not None and recording is not None:
            picture = sketch(set_up.spatial, findings, recording, recording.aspect, people.picture)
            write_sketch(picture, Path(args.picture))


def _chosen(set_ups: list[SetUp], graph: str | None) -> SetUp:
    """The camera that the recorded people belong to."""
    fitting = [set_up for set_up in set_ups if graph in {None, set_up.camera[0]}]
    if len(fitting) != 1:
        names = " | ".join(set_up.camera[0] or set_up.file for set_up in set_ups)
        what = f"{len(set_ups)} cameras, and --graph is {graph or 'missing'}"
        raise ConfigError([Problem(set_ups[0].file, "--graph", what, f"choose one: {names}")])
    return fitting[0]


def _from_problem(problem: Problem) -> Told:
    severity = Severity.WARNING if problem.is_warning else Severity.ERROR
    return Told(problem.file, problem.path, severity, problem.what, problem.cure)


def _print(told: list[Told], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([each.as_json() for each in told], indent=2, ensure_ascii=False))  # noqa: T201
        return
    for each in told:
        print(each)  # noqa: T201
