"""Windows of the browser, and what is said in their consoles."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from playwright.sync_api import Browser, ConsoleMessage, Page

from servers.footfall_serve import Api

SIZES = {"narrow": (390, 844), "wide": (1440, 900)}
"""Width and height in CSS pixels."""
PATIENCE_MS = 60_000.0
COUNTED_MS = 300_000.0
"""So long a simulated camera may take until somebody is counted, which usually takes a quarter of a minute."""
HEARD = "() => new Promise((done) => setTimeout(done))"
"""What was told of a new address has been heard: before that, the window still shows the page before."""
SETTLED = "() => document.querySelector('h1') && !document.querySelector('.spinner')"


class Window:
    """One window, logged in as somebody or as nobody.

    Args:
        browser: whose.
        url: what it shows first.
        size: of SIZES.
        api: somebody who is logged in.
        is_strict: the service's content security policy holds for what tests run in the page, too.
    """

    def __init__(
        self, browser: Browser, url: str, size: str = "wide", api: Api | None = None, *, is_strict: bool = False
    ) -> None:
        width, height = SIZES[size]
        self._context = browser.new_context(
            viewport={"width": width, "height": height},
            ignore_https_errors=True,
            bypass_csp=not is_strict,
            timezone_id="Europe/Berlin",
            locale="en-GB",
            reduced_motion="reduce",
        )
        if api is not None:
            self._context.add_cookies([{"name": n, "value": v, "url": url} for n, v in api.cookies.items()])
            self._context.add_init_script("localStorage.setItem('footfall-session', 'yes')")
        self.page: Page = self._context.new_page()
        self.said: list[str] = []
        """Errors and warnings in the console with where they are from, and mistakes of the page."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.goto(url)

    def visit(self, url: str) -> Page:
        """Go to a page of the service that is shown; returns when nothing of it is loaded any more."""
        self.page.goto(url)
        self.page.evaluate(HEARD)
        self.page.wait_for_function(SETTLED)
        return self.page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.said.append(f"{message.text} ({message.location['url']})")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._context.close()


class OpenWindow(Protocol):
    """Opens a window whose console must stay empty."""

    def __call__(self, url: str, size: str = "wide", api: Api | None = None) -> Page: ...
