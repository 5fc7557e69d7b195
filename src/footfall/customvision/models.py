"""Models at work: opened once from their sealed files, in memory as long as they are asked and may be."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from footfall.learning.model import Model, open_model
from footfall.vault.faults import KeyRevoked
from footfall.vault.objects import ObjectKind, ObjectName

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop

MOST: Final = 4
"""Models in memory at the same time."""


class Models:
    """The models that were asked last; safe to use from many threads.

    Args:
        most: how many.
        opener: makes a model of the bytes of one; a picture uses one core.
    """

    def __init__(self, most: int = MOST, opener: Callable[[bytes], Model] = open_model) -> None:
        self._most = most
        self._opener = opener
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[str, str], Model] = OrderedDict()
        self._drops = 0

    def of(self, shop: Workshop, project_id: str, iteration_id: str) -> Model:
        """The model of an iteration.

        Raises:
            KeyRevoked: nothing may be used at present.
            NoObject: it was deleted meanwhile.
            Altered: it is not as it was written.
        """
        try:
            shop.check_key()
        except KeyRevoked:
            self.clear()
            raise
        key = (project_id, iteration_id)
        with self._lock:
            drops = self._drops
            model = self._open.get(key)
            if model is not None:
                self._open.move_to_end(key)
                return model
        model = self._opener(shop.objects.get(ObjectName(ObjectKind.MODEL, project_id, iteration_id)))
        with self._lock:
            if drops == self._drops:  # else it may have been deleted while it was opened
                self._open[key] = model
                while len(self._open) > self._most:
                    self._open.popitem(last=False)
        return model

    def drop(self, project_id: str, iteration_id: str | None = None) -> None:
        """Forget one, or all of a project: it was unpublished or deleted."""
        with self._lock:
            self._drops += 1
            for key in [key for key in self._open if key[0] == project_id and iteration_id in {None, key[1]}]:
                del self._open[key]

    def clear(self) -> None:
        """Forget all: the key was revoked."""
        with self._lock:
            self._drops += 1
            self._open.clear()

    def __len__(self) -> int:
        return len(self._open)
