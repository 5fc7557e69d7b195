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
from footfall.config.environment import read_settings
from footfall.config.load import check
from footfall.core.errors import ConfigError


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
            problems = check(read_text(file), file=file, settings=settings, lenient=args.lenient)
        except ConfigError as error:
            problems = error.problems
        for problem in problems:
            print(problem)  # noqa: T201
        is_bad |= any(not problem.is_warning for problem in problems)
    return 2 if is_bad else 0
