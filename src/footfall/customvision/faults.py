"""What the service refuses, in the words that its clients know (spec/custom-vision.md 5)."""

from __future__ import annotations

from footfall.core.errors import FootfallError

_STATUS_BY_PREFIX = {
    "UnsupportedMediaType": 415,
    "Forbidden": 403,
    "NotFound": 404,
    "Conflict": 409,
    "Error": 500,
}


class Refused(FootfallError):
    """A request that is answered with an error of the service.

    Args:
        code: one of Custom Vision's error codes.
        message: for people, without secrets.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """The HTTP status that belongs to the code."""
        return next((status for prefix, status in _STATUS_BY_PREFIX.items() if self.code.startswith(prefix)), 400)


def revoked() -> Refused:
    """Nothing is read or written while the key that wraps all others is withdrawn."""
    return Refused("BadRequestCustomerManagedKeyRevoked", "the key that protects this data is revoked or out of reach")
