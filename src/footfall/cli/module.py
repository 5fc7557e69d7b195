"""Be a module of an edge hub.

A hub or its deployment starts modules and tells them in the environment who they are: IOTEDGE_* variables, or
EdgeHubConnectionString with EdgeModuleCACertificateFile. Its twin says what it does, at any moment.

Examples:
  footfall module spatial-analysis
  footfall module media-graph
  EdgeHubConnectionString="HostName=..." EdgeModuleCACertificateFile=ca.pem footfall module spatial-analysis
"""

from __future__ import annotations

import argparse
import os

from footfall.cli.watch import interrupted
from footfall.runtime import media_module, spatial_module

RUN = {"spatial-analysis": spatial_module.run, "media-graph": media_module.run}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("module", choices=list(RUN), help="which one to be")


def main(args: argparse.Namespace) -> int:
    """Run until somebody asks for the end."""
    with interrupted() as interruption:
        return RUN[args.module](os.environ, lambda: interruption.is_asked)
