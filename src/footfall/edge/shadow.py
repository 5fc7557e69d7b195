"""What a module knows of its twin, and whether that is still so (spec/iot.md section 4). Pure."""

from __future__ import annotations

import json

from footfall.edge.messages import Twin
from footfall.edge.patch import merged


class Shadow:
    """The twin as it was last seen, and changed since."""

    def __init__(self) -> None:
        self.twin = Twin({}, {})
        self._is_known = False

    def take(self, twin: Twin) -> bool:
        """Replace it by what the hub says; whether it is the first, or desires other things than before."""
        is_news = not self._is_known or self.twin.desired != twin.desired
        self.twin, self._is_known = twin, True
        return is_news

    def patch(self, version: int | None, payload: bytes) -> bool | None:
        """Take a patch of the desired properties; whether that changed anything.

        None: the patch does not follow on what is known, so the twin has to be asked for.
        """
        have = self.twin.desired.get("$version")
        if not isinstance(have, int) or version is None or version > have + 1:
            return None
        if version <= have:
            return False
        try:
            patch = json.loads(payload)
            desired = merged(self.twin.desired, patch) | {"$version": version}
        except (ValueError, AttributeError, RecursionError):
            return None
        self.twin = Twin(desired, self.twin.reported)
        return True


def read_twin(payload: bytes) -> Twin:
    """The twin as a hub sends it: `{"desired": {…}, "reported": {…}}`.

    Raises:
        ValueError: it is something else.
    """
    try:
        document = json.loads(payload)
    except RecursionError:
        raise ValueError("a twin is not nested so deeply") from None
    parts = [document.get(name) or {} for name in ("desired", "reported")] if isinstance(document, dict) else []
    if not parts or not all(isinstance(part, dict) for part in parts):
        raise ValueError("no twin")
    return Twin(*parts)
