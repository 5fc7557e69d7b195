"""Check configuration files: deployment manifests, module twins, SPACEANALYTICS_CONFIG, footfall.yaml.

One line per problem: file, JSON path, what is wrong, how to mend it. Exit code 0 when all files are fine, else 2.

Examples:
  footfall validate deployment.json
  footfall validate *.json footfall.yaml
  footfall validate --lenient copied-from-a-web-page.json
"""

from __future__ import annotations

import argparse
import os

from footfall.cli.files import read_text
from footfall.config.availability import not_yet
from footfall.config.environment import Settings, read_settings
from footfall.config.load import Kind, check, load_plan, recognise
from footfall.core.errors import ConfigError, Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a configuration file, or - for standard input")
    parser.add_argument("--lenient", action="store_true", help="tolerate trailing commas and the like, as samples have")


def main(args: argparse.Namespace) -> int:
    """Check every file; the exit code."""
    settings = read_settings(os.environ)
    is_bad = False
    for file in args.files:
        try:
            problems = checked(read_text(file), file, settings, lenient=args.lenient)
        except ConfigError as error:
            problems = error.problems
        for problem in problems:
            print(problem)  # noqa: T201
        is_bad |= any(not problem.is_warning for problem in problems)
    return 2 if is_bad else 0


def checked(text: str, file: str, settings: Settings, *, lenient: bool) -> tuple[Problem, ...]:
    """Everything there is to say about one document, also what it asks for that this version does not do."""
    problems = check(text, file=file, settings=settings, lenient=lenient)
    if recognise(text, lenient=lenient) is Kind.SPACEANALYTICS or any(not problem.is_warning for problem in problems):
        return problems
    return problems + not_yet(load_plan(text, file=file, settings=settings, lenient=lenient), file)
