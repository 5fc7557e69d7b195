"""The table of totals at the end of a run."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from footfall.engine.supervisor import CameraRunner
from footfall.spatial.totals import Totals
