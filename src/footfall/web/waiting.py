"""Routes whose back end is not there yet."""

from __future__ import annotations

from footfall.web.security_refusals import Refused


def not_yet() -> Refused:
    """Nothing stands behind this route yet."""
    return Refused(503, "not-yet", "this is not there yet")
