"""Topologies and instances of one module, and the life of the instances (spec/media-graph.md section 6).

Every change is on the disk before it counts. One method at a time works on an instance, others wait for it; lookings-up
never wait. Lock order: an instance's turn, then the guard.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from logging import getLogger
from typing import Final

from footfall.core.errors import FootfallError
from footfall.core.ports import Clock
from footfall.mediagraph.documents import Instance, ParameterType, Topology
from footfall.mediagraph.flaws import earliest
from footfall.mediagraph.refusals import (
    in_use,
    incompatible,
    module_forbids,
    no_instance,
    no_topology,
    refusing,
    wrong_state,
)
from footfall.mediagraph.replies import stamp
from footfall.mediagraph.resolve import resolve
from footfall.mediagraph.slot import KeptInstance, KeptTopology, Running, Slot, Start, State
from footfall.mediagraph.store import Row, Store
from footfall.mediagraph.stored import stored_instances, stored_topologies
from footfall.mediagraph.validator import substituted

logger = getLogger(__name__)

MOST_TOPOLOGIES: Final = 50
MOST_INSTANCES: Final = 1000
PATIENCE_S: Final = 25.0
"""How long a deactivation waits for recordings before it goes on in the background."""
PAUSE_S: Final = 1.0
"""Between two looks whether it is done, should a graph not wait by itself."""
_SETTABLE: Final = (State.INACTIVE,)
_ACTIVATABLE: Final = (State.INACTIVE, State.ACTIVATING, State.ACTIVE)
_DEACTIVATABLE: Final = (State.INACTIVE, State.ACTIVE, State.DEACTIVATING)


class Registry:
    """All topologies and instances. Safe for many threads; every method raises `Refusal` where it is not allowed."""

    def __init__(self, store: Store, start: Start, clock: Clock, *, patience_s: float = PATIENCE_S) -> None:
        self.allows_unsecured = False
        """Whether endpoints without TLS may be used (the twin's allowUnsecuredEndpoints)."""
        self._store = store
        self._start = start
        self._clock = clock
        self._patience_s = patience_s
        self._guard = threading.RLock()
        self._topologies = stored_topologies(store)
        self._slots = stored_instances(store, self._topologies)

    def set_topology(self, topology: Topology) -> tuple[KeptTopology, bool]:
        """Keep a valid topology; also whether it is new."""
        with self._guard, refusing():
            old = self._topologies.get(topology.name)
            if old is not None and old.document == topology:
                return old, False
            if old is None and len(self._topologies) >= MOST_TOPOLOGIES:
                raise module_forbids(f"There are {MOST_TOPOLOGIES} graph topologies already, which is the most.")
            self._check_instances(topology)
            now = stamp(self._clock.now())
            kept = KeptTopology(topology, old.created if old else now, now)
            self._store.put_topology(Row(topology.name, topology.declared, kept.created, kept.modified))
            self._topologies[topology.name] = kept
            return kept, old is None

    def topology(self, name: str) -> KeptTopology:
        """One topology."""
        with self._guard:
            if name not in self._topologies:
                raise no_topology(name)
            return self._topologies[name]

    def topologies(self) -> list[KeptTopology]:
        """All, by name."""
        with self._guard:
            return [self._topologies[name] for name in sorted(self._topologies)]

    def delete_topology(self, name: str) -> bool:
        """Forget a topology; False: there is none of this name."""
        with self._guard, refusing():
            if instances := sorted(self._of(name)):
                raise in_use(instances)
            if name not in self._topologies:
                return False
            self._store.delete_topology(name)
            del self._topologies[name]
            return True

    def set_instance(self, instance: Instance) -> tuple[KeptInstance, bool]:
        """Keep an instance of sound form if it fits its topology; also whether it is new."""
        with self._guard:
            if instance.name not in self._slots:
                return self._new_instance(instance), True
        with self._turn(instance.name, _SETTABLE) as slot, self._guard, refusing():
            self._check(instance)
            now = stamp(self._clock.now())
            self._store.put_instance(Row(instance.name, instance.declared, slot.created, now, slot.is_wanted))
            slot.document, slot.modified = instance, now
            return self._view(slot), False

    def instance(self, name: str) -> KeptInstance:
        """One instance."""
        with self._guard:
            return self._view(self._slot(name))

    def instances(self) -> list[KeptInstance]:
        """All, by name."""
        with self._guard:
            return [self._view(self._slots[name]) for name in sorted(self._slots)]

    def delete_instance(self, name: str) -> bool:
        """Forget an inactive instance; False: there is none of this name."""
        with self._guard:
            if name not in self._slots:
                return False
        with self._turn(name, _SETTABLE), self._guard, refusing():
            self._store.delete_instance(name)
            del self._slots[name]
            return True

    def activate(self, name: str) -> None:
        """Start the nodes of an instance; it is active when this returns. An active one stays as it is."""
        with self._turn(name, _ACTIVATABLE) as slot:
            with self._guard:
                if slot.state is State.ACTIVE:
                    return
                kept = self._topologies[slot.document.topology]
                with refusing():
                    graph = resolve(kept.document, slot.document, allows_unsecured=self.allows_unsecured)
                slot.state = State.ACTIVATING
            running = None
            try:
                with refusing():
                    running = self._start(graph)
                    self._want(slot, running)
            finally:
                if slot.state is not State.ACTIVE:
                    self._give_up(slot, running)

    def deactivate(self, name: str) -> None:
        """Stop an instance. When its recordings take too long, it goes on being deactivated in the background."""
        with self._turn(name, _DEACTIVATABLE) as slot:
            with self._guard:
                running = slot.running
                is_new = slot.state is State.ACTIVE
                if running is not None:
                    slot.state = State.DEACTIVATING
                self._unwant(slot)
            if running is not None and is_new:
                slot.idle.clear()
                is_done = True
                try:
                    is_done = running.stop(self._patience_s)
                finally:
                    if is_done:
                        self._rest(slot)
                if not is_done:
                    self._finish_later(slot, running)
                return
        if running is not None:
            slot.idle.wait(self._patience_s)

    def resume(self) -> None:
        """Start again what was active when the module ended; what cannot start is logged and stays wanted."""
        with self._guard:
            wanted = [name for name, slot in sorted(self._slots.items()) if slot.is_wanted and slot.running is None]
        for name in wanted:
            try:
                self.activate(name)
            except FootfallError as error:
                logger.error("Graph instance %s cannot be started again: %s", name, error)  # noqa: TRY400

    def close(self, patience_s: float = PATIENCE_S) -> None:
        """The module ends: stop everything, and let go of the store. What is active is so again after a restart."""
        with self._guard:
            at_work = [slot.running for slot in self._slots.values() if slot.running is not None]
        threads = [threading.Thread(target=running.stop, args=(patience_s,), daemon=True) for running in at_work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(patience_s)
        with self._guard:
            self._store.close()

    def _new_instance(self, instance: Instance) -> KeptInstance:
        with refusing():
            if len(self._slots) >= MOST_INSTANCES:
                raise module_forbids(f"There are {MOST_INSTANCES} graph instances already, which is the most.")
            self._check(instance)
            now = stamp(self._clock.now())
            self._store.put_instance(Row(instance.name, instance.declared, now, now))
            self._slots[instance.name] = Slot(instance, now, now)
            return self._view(self._slots[instance.name])

    def _check(self, instance: Instance) -> None:
        if instance.topology not in self._topologies:
            raise no_topology(instance.topology)
        topology = self._topologies[instance.topology].document
        resolve(topology, instance, allows_unsecured=self.allows_unsecured)

    def _check_instances(self, topology: Topology) -> None:
        """Whether a topology may replace the one that these instances have."""
        slots = self._of(topology.name)
        if busy := sorted(name for name, slot in slots.items() if slot.state is not State.INACTIVE):
            raise in_use(busy)
        for name, slot in sorted(slots.items()):
            _, flaws = substituted(topology, slot.document)
            if errors := earliest(flaws):
                raise incompatible(name, errors)

    def _of(self, topology: str) -> dict[str, Slot]:
        return {name: slot for name, slot in self._slots.items() if slot.document.topology == topology}

    def _slot(self, name: str) -> Slot:
        if name not in self._slots:
            raise no_instance(name)
        return self._slots[name]

    def _view(self, slot: Slot) -> KeptInstance:
        parameters = self._topologies[slot.document.topology].document.parameters
        secrets = frozenset(each.name for each in parameters if each.type is ParameterType.SECRET)
        return KeptInstance(slot.document, slot.created, slot.modified, slot.state, secrets)

    @contextmanager
    def _turn(self, name: str, allowed: tuple[State, ...]) -> Iterator[Slot]:
        """Wait until nobody else works on an instance. What its state forbids is refused at once."""
        with self._guard:
            slot = self._allowed(name, allowed)
        with slot.turn:
            with self._guard:
                if self._allowed(name, allowed) is not slot:
                    raise no_instance(name)
            yield slot

    def _allowed(self, name: str, allowed: tuple[State, ...]) -> Slot:
        slot = self._slot(name)
        if slot.state not in allowed:
            raise wrong_state(slot.state.value, (state.value for state in allowed))
        return slot

    def _want(self, slot: Slot, running: Running) -> None:
        """The nodes have started."""
        with self._guard:
            self._store.set_active(slot.document.name, is_active=True)
            slot.is_wanted, slot.running, slot.state = True, running, State.ACTIVE

    def _unwant(self, slot: Slot) -> None:
        """An instance shall stop, whether or not the disk takes a note of it."""
        try:
            self._store.set_active(slot.document.name, is_active=False)
        except FootfallError as error:
            logger.error("Graph instance %s will be started again: %s", slot.document.name, error)  # noqa: TRY400
        slot.is_wanted = False

    def _give_up(self, slot: Slot, running: Running | None) -> None:
        """An activation has failed: as if it had never begun."""
        if running is not None:
            running.stop(self._patience_s)
        self._rest(slot)

    def _rest(self, slot: Slot) -> None:
        with self._guard:
            slot.running, slot.state = None, State.INACTIVE
        slot.idle.set()

    def _finish_later(self, slot: Slot, running: Running) -> None:
        def finish() -> None:
            while not running.stop(self._patience_s):
                logger.warning("Graph instance %s is still writing its recordings", slot.document.name)
                slot.idle.wait(PAUSE_S)
            self._rest(slot)

        threading.Thread(target=finish, name=f"deactivate {slot.document.name}", daemon=True).start()
