"""Prints the description of the API: `python -m footfall.web.openapi > web/openapi.json`."""

from __future__ import annotations

import json
import sys

from footfall.web.app import described


def text() -> str:
    """OpenAPI 3.1 as JSON, the same bytes for the same API."""
    return json.dumps(described(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
