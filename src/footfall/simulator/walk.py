"""Makes people walk: routes of steps, smooth speeds, side-stepping, queueing. Metres and seconds on the floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan2, exp, hypot, pi
from typing import TypeAlias

from footfall.core.geometry import Point
from footfall.simulator.body import Stance
from footfall.simulator.room import Room

ACCELERATION_M_S2 = 2.2
TURN_RAD_S = 4.5
ARRIVAL_M = 0.3
PATIENCE_S = 25.0
"""After this long a step is given up: nobody blocks a story for ever."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Go to a point; `stop` slows down to stand there, otherwise it is only passed."""

    to_m: Point
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """Stay for a while, looking at a point."""

    seconds: float
    face_m: Point


@dataclass(frozen=True, slots=True)
class Queue:
    """Join the story's queue, move up, and be served for a while when at its head."""

    service_s: float


Step: TypeAlias = Walk | Stand | Queue


@dataclass(frozen=True, slots=True)
class Journey:
    """One person's plan."""

    start_s: float
    """Story time at which the person appears; may be before the clip starts at 0."""
    from_m: Point
    steps: tuple[Step, ...]
    speed_m_s: float


@dataclass(slots=True)
class _Walker:
    index: int
    journey: Journey
    position: Point
    heading: float
    velocity: Point = (0.0, 0.0)
    walked_m: float = 0.0
    step: int = 0
    on_step_s: float = 0.0


@dataclass
class Crowd:
    """Everybody who is in the story now."""

    room: Room
    journeys: Sequence[Journey]
    slots_m: Sequence[Point] = ()
    """Places of the queue, its head first."""
    t_s: float = 0.0
    _walkers: dict[int, _Walker] = field(default_factory=dict)
    _started: set[int] = field(default_factory=set)
    _queue: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.t_s = min([0.0, *(journey.start_s for journey in self.journeys)])

    def stances(self) -> dict[int, Stance]:
        """Journey index -> what the body does now."""
        return {
            index: Stance(w.position, w.heading, hypot(*w.velocity), w.walked_m, self.t_s)
            for index, w in sorted(self._walkers.items())
        }

    def advance(self, until_s: float, longest_step_s: float = 1 / 30) -> None:
        """Move on to a story time in equal small steps."""
        span = until_s - self.t_s
        count = max(1, round(span / longest_step_s + 0.499))
        origin = self.t_s
        for number in range(1, count + 1):
            self._tick(span / count)
            self.t_s = origin + span * number / count

    def _tick(self, dt: float) -> None:
        for index, journey in enumerate(self.journeys):
            if index not in self._started and journey.start_s <= self.t_s + 1e-9:
                self._start(index, journey)
        moves = {index: self._velocity(walker, dt) for index, walker in self._walkers.items()}
        for index, velocity in moves.items():
            self._move(self._walkers[index], velocity, dt)
        for walker in list(self._walkers.values()):
            self._next_step(walker, dt)

    def _start(self, index: int, journey: Journey) -> None:
        self._started.add(index)
        first = journey.steps[0]
        toward = first.to_m if isinstance(first, Walk) else (journey.from_m[0], journey.from_m[1] + 1.0)
        heading = atan2(toward[1] - journey.from_m[1], toward[0] - journey.from_m[0])
        self._walkers[index] = _Walker(index, journey, journey.from_m, heading)
        if isinstance(first, Queue):
            self._queue.append(index)

    def _goal(self, walker: _Walker) -> tuple[Point, bool] | None:
        """Where the person wants to be, and whether to stop there."""
        step = walker.journey.steps[walker.step]
        if isinstance(step, Walk):
            return step.to_m, step.stop
        if isinstance(step, Queue):
            return self.slots_m[min(self._queue.index(walker.index), len(self.slots_m) - 1)], True
        return None

    def _velocity(self, walker: _Walker, dt: float) -> Point:
        goal = self._goal(walker)
        wish = (0.0, 0.0)
        if goal is not None:
            dx, dy = goal[0][0] - walker.position[0], goal[0][1] - walker.position[1]
            left = hypot(dx, dy)
            speed = walker.journey.speed_m_s
            if goal[1]:
                speed = min(speed, 1.4 * max(0.0, left - 0.04))
            if left > 1e-6 and speed > 0.05:
                push = self._push(walker)
                wish = (dx / left * speed + push[0], dy / left * speed + push[1])
                size = hypot(*wish)
                limit = speed * 1.15
                if size > limit:
                    wish = (wish[0] * limit / size, wish[1] * limit / size)
        change = (wish[0] - walker.velocity[0], wish[1] - walker.velocity[1])
        most = ACCELERATION_M_S2 * dt
        share = min(1.0, most / max(hypot(*change), 1e-9))
        return walker.velocity[0] + change[0] * share, walker.velocity[1] + change[1] * share

    def _push(self, walker: _Walker) -> Point:
        """Side-step: away from whoever and whatever is near, and a little to one's own right."""
        x, y = walker.position
        near = [(o.position, 0.3) for o in self._walkers.values() if o is not walker]
        near += [(pillar.centre_m, pillar.radius_m + 0.1) for pillar in self.room.pillars]
        for block in self.room.blocks:
            (cx, cy), (wide, long) = block.centre_m, block.size_m
            corner = min(max(x, cx - wide / 2), cx + wide / 2), min(max(y, cy - long / 2), cy + long / 2)
            near.append((corner, 0.1))
        push_x = push_y = 0.0
        for (ox, oy), radius in near:
            away_x, away_y = x - ox, y - oy
            distance = max(hypot(away_x, away_y), 1e-3)
            gap = distance - radius - 0.25
            if gap < 0.9:
                force = min(2.0, 0.9 * exp(-gap / 0.28))
                push_x += force * (away_x - 0.7 * away_y) / distance
                push_y += force * (away_y + 0.7 * away_x) / distance
        return push_x, push_y

    def _move(self, walker: _Walker, velocity: Point, dt: float) -> None:
        walker.velocity = velocity
        walker.position = walker.position[0] + velocity[0] * dt, walker.position[1] + velocity[1] * dt
        speed = hypot(*velocity)
        walker.walked_m += speed * dt
        step = walker.journey.steps[walker.step]
        wanted = walker.heading
        if speed > 0.2:
            wanted = atan2(velocity[1], velocity[0])
        elif isinstance(step, Stand):
            wanted = atan2(step.face_m[1] - walker.position[1], step.face_m[0] - walker.position[0])
        elif isinstance(step, Queue) and (place := self._queue.index(walker.index)) > 0:
            ahead = self.slots_m[min(place, len(self.slots_m) - 1) - 1]
            wanted = atan2(ahead[1] - walker.position[1], ahead[0] - walker.position[0])
        turn = (wanted - walker.heading + pi) % (2 * pi) - pi
        walker.heading += max(-TURN_RAD_S * dt, min(TURN_RAD_S * dt, turn))

    def _next_step(self, walker: _Walker, dt: float) -> None:
        step = walker.journey.steps[walker.step]
        goal = self._goal(walker)
        left = 0.0 if goal is None else hypot(goal[0][0] - walker.position[0], goal[0][1] - walker.position[1])
        if isinstance(step, Queue):
            at_head = self._queue[0] == walker.index and left < ARRIVAL_M
            walker.on_step_s += dt if at_head else 0.0
            done = walker.on_step_s >= step.service_s
        else:
            walker.on_step_s += dt
            waited = isinstance(step, Stand) and walker.on_step_s >= step.seconds
            arrived = isinstance(step, Walk) and (left < ARRIVAL_M or walker.on_step_s > PATIENCE_S)
            done = waited or arrived
        if not done:
            return
        if isinstance(step, Queue):
            self._queue.remove(walker.index)
        walker.step, walker.on_step_s = walker.step + 1, 0.0
        if walker.step == len(walker.journey.steps):
            del self._walkers[walker.index]
        elif isinstance(walker.journey.steps[walker.step], Queue):
            self._queue.append(walker.index)
