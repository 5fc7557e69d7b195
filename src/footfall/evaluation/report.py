"""Results as a table of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TypeAlias

Cell: TypeAlias = str | int | float | None
WIDTH = 132


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Lay out rows under columns; the first column is left-aligned, the others right, None is a dash."""
    # the command line must start fast, and most commands never print a table
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = Table(title=Text(title), title_justify="left", box=SIMPLE_HEAD)
    for index, column in enumerate(columns):
        grid.add_column(Text(column), justify="right" if index else "left")
    for row in rows:
        grid.add_row(*(Text(_spell(cell)) for cell in row))
    out = StringIO()
    Console(file=out, width=WIDTH, color_system=None).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n")


def share(part: int, whole: int) -> str:
    """In whole percent; never 100 % where something is missing."""
    return f"{min(99, round(100 * part / whole)) if part < whole else 100} %"


def _spell(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)
