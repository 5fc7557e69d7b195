"""Pictures for the documentation: of simulated people in the privacy view, written only where somebody asks."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Locator, Page

TALLEST_PX = 1300
KEPT = frozenset(
    {
        *("set-up", "add-camera", "live-one", "numbers", "visits", "heat-map", "compare"),
        *("places", "events", "event", "regions", "audit-moment", "configuration", "history"),
        *("vision-pictures", "vision-boxes", "vision-iteration", "vision-told"),
        *("snapshots", "snapshots-consent", "at-cameras-compared"),
    }
)
"""What the documentation shows."""
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images" / "service"


def picture(page: Page, name: str, part: Locator | None = None) -> None:
    """Keep what the page shows, or a part of it, if `FOOTFALL_SCREENSHOTS=write` is set."""
    if os.environ.get("FOOTFALL_SCREENSHOTS") != "write" or name not in KEPT:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    if part is not None:
        part.screenshot(path=FOLDER / f"{name}-{page.evaluate('innerWidth')}.png")
        return
    width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(min(height, TALLEST_PX))}
    page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True, clip=clip)
