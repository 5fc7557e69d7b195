"""Prints the description of the API for the page, and with --table its endpoints for the reference.

python -m footfall.web.openapi > web/openapi.json
python -m footfall.web.openapi --table    # goes into docs/reference/api.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from footfall.web.app import described

METHODS: Final = ("get", "post", "put", "patch", "delete")
_PIXELS: Final = {
    "view": "right to real pictures for `view=real`",
    "always": "right to real pictures",
    "operator": "right to real pictures, unless admin",
}


def text() -> str:
    """OpenAPI 3.1 as JSON, the same bytes for the same API."""
    return json.dumps(described(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def table() -> str:
    """Every endpoint with who may ask it, in Markdown."""
    rows = ["| method | path | role | what |", "|---|---|---|---|"]
    for path, operations in sorted(described()["paths"].items()):
        rows += [_row(path, method, operations[method]) for method in METHODS if method in operations]
    return "\n".join(rows) + "\n"


def _row(path: str, method: str, operation: dict[str, Any]) -> str:
    what = operation["description"].strip().split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
    return f"| `{method.upper()}` | `{path}` | {', '.join(_needs(operation))} | {what} |"


def _needs(operation: dict[str, Any]) -> Iterator[str]:
    yield operation["x-footfall-role"]
    if operation.get("x-footfall-camera"):
        yield "own cameras"
    if pixels := operation.get("x-footfall-pixels"):
        yield _PIXELS[pixels]


if __name__ == "__main__":
    sys.stdout.write(table() if sys.argv[1:] == ["--table"] else text())
