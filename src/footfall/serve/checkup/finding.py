"""What a check-up says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Grade(Enum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    """It works, but not as well as it could."""
    FAIL = "fail"
    """It does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check-up."""

    check: str
    """What was looked at: `python`, `clock`, `camera front` ..."""
    grade: Grade
    what: str
    cure: str = ""
    """How to mend it; empty where nothing is to be mended."""

    @classmethod
    def ok(cls, check: str, what: str) -> Finding:
        """All is well."""
        return cls(check, Grade.OK, what)

    @classmethod
    def warn(cls, check: str, what: str, cure: str) -> Finding:
        """It could be better."""
        return cls(check, Grade.WARN, what, cure)

    @classmethod
    def fail(cls, check: str, what: str, cure: str) -> Finding:
        """It does not work."""
        return cls(check, Grade.FAIL, what, cure)

    def as_json(self) -> dict[str, str]:
        """The same as an object."""
        return {"check": self.check, "grade": self.grade.value, "what": self.what, "cure": self.cure}
