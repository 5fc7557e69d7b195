"""Whose certificates FFmpeg believes: it wants a file."""

from __future__ import annotations

import ssl
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from footfall.config.media import Endpoint


class Trust:
    """The authorities of one camera's endpoint, in a file as long as it is not closed.

    FFmpeg cannot check a signature without the name: where names are not to be checked it checks nothing, and
    `ingest.describe` alone does.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._opened = ExitStack()
        self.file = ""
        """PEM file; empty: everybody is believed."""
        if not endpoint.is_tls or endpoint.ignores_signature or endpoint.ignores_hostname:
            return
        if not endpoint.trusted_pem:
            self.file = ssl.get_default_verify_paths().cafile or ""
            return
        folder = Path(self._opened.enter_context(TemporaryDirectory(prefix="footfall-")))
        file = folder / "trusted.pem"
        file.write_text("\n".join(endpoint.trusted_pem))
        self.file = str(file)

    def close(self) -> None:
        """Remove the file; safe to call twice."""
        self._opened.close()
