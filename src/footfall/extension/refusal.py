"""What a server says when it ends a stream."""

from __future__ import annotations

from footfall.core.errors import FootfallError


class Refused(FootfallError):
    """The client's messages cannot be served (spec/grpc-extension.md section 11: INVALID_ARGUMENT)."""
