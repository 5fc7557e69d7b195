"""Pictures for the documentation: of simulated people in the privacy view, written only where somebody asks."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images" / "service"


def picture(page: Page, name: str) -> None:
    """Keep what the window shows, if `FOOTFALL_SCREENSHOTS=write` is set."""
    if os.environ.get("FOOTFALL_SCREENSHOTS") != "write":
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=FOLDER / f"{name}-{width}.png")
