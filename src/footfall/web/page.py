"""The files of the page. Their names change with their content but for the first one, so browsers may keep them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER: Final = Path(__file__).parent / "static"
HASHED: Final = "assets/"
"""Below this every name holds a hash of the content."""


class Page(StaticFiles):
    """Serves `index.html` at `/`, and the files that it names."""

    def __init__(self, folder: Path = FOLDER) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As StaticFiles, and how long it may be kept."""
        answer = await super().get_response(path, scope)
        is_hashed = path.startswith(HASHED) and answer.status_code in (200, 304)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        return answer
