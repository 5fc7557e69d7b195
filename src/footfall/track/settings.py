"""Every number of the tracker. Times in seconds, lengths in body heights, scores relative to the camera's level."""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_MEMORY_S = 60.0
"""RULE 23: whoever was away for longer is somebody new."""


@dataclass(frozen=True, slots=True)
class MotionSettings:
    """How people move, in body heights and seconds; standard deviations."""

    noise: float = 0.05
    """Of a measurement with full score."""
    noise_of_doubt: float = 3.0
    """A measurement with score 0 is this many times noisier, plus one."""
    start_speed: float = 1.0
    start_growth: float = 0.3
    acceleration: float = 1.0
    """White noise, per square root of a second."""
    size_acceleration: float = 0.3
    wander: float = 0.1
    """Random walk of the position, per square root of a second."""
    fade_s: float = 3.0
    """Time constant with which a speed nobody confirms is forgotten."""
    size_fade_s: float = 0.5


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """Who is one and the same person.

    Raises:
        ValueError: `memory_s` is not above 0 and at most 60 (RULE 23).
    """

    memory_s: float = 3.0
    """A lost person may come back for this long ..."""
    memory_of_leaving_s: float = 3.0
    """... but no longer than this at an edge of the picture: there people leave, and others enter."""

    high: float = 0.75
    """Relative score from which a detection is trusted."""
    low: float = 0.18
    """Relative score under which a detection is ignored; between `low` and `high` it only prolongs a track."""
    start: float = 0.85
    """Relative score from which an unclaimed detection may be a new person."""
    level: float = 0.65
    """What a camera's good scores are taken for before it has shown any."""
    level_s: float = 10.0
    """Time constant of learning the camera's score level."""

    min_overlap_high: float = 0.2
    min_overlap_low: float = 0.4
    """Least height-modulated overlap for a match with a trusted, and with a doubtful detection."""
    min_overlap_tentative: float = 0.25
    min_overlap_head: float = 0.4
    """The same for the upper parts, where somebody else hides the rest ..."""
    hidden_share: float = 0.3
    """... at least by this share ..."""
    half_hidden_s: float = 0.3
    """... of a person seen no longer ago than this."""
    expand: float = 0.03
    """Boxes are expanded by this share of their size on each side before they are compared ..."""
    expand_uncertainty: float = 0.2
    """... and by this many standard deviations of the predicted position."""
    score_cost: float = 0.4
    """Overlap lost per difference between a track's and a detection's relative score."""
    lost_cost: float = 0.05
    """Overlap lost by a track that was not seen in the frame before."""
    doubtful_revival_s: float = 0.5
    """A doubtful detection revives tracks lost for no longer than this."""

    revival_gate: float = 12.0
    """Greatest squared Mahalanobis distance at which a lost track comes back without overlap ..."""
    revival_fade_s: float = 0.3
    """... of which this long an absence, beyond one frame, leaves a half: the longer away, the nearer must it be."""
    revival_reach: float = 1.0
    """Nor ever from farther than this, in body heights."""
    revival_growth: float = 0.35
    """Nor with a body height that differs by more than this, as a logarithm."""
    revival_walk: float = 3.0
    """Nor if, at the speed last seen, the person would be farther than this by now: walkers do not wait to be found."""
    contested_s: float = 0.7
    """Lost for longer than this, only if nobody else comes into question."""
    shortest_gap_s: float = 0.1
    """A track unseen for longer than this, and than one frame, was lost."""
    catch_up: float = 0.3
    """After a gap the speed moves this far towards the straight line between the two sightings."""

    hold_s: float = 0.1
    """Somebody lost from sight is still held for this long ..."""
    hold_score: float = 0.65
    """... if the track's relative score was no lower than this ..."""
    hold_inside: float = 0.8
    """... and no more than the rest of the body is expected outside of the picture."""

    confirm: float = 2.0
    """Evidence from which a track is a person: one per full-score sighting ..."""
    evidence_per_s: float = 4.0
    """... plus this per second since the frame before, of which at most `evidence_gap_s` count."""
    evidence_gap_s: float = 0.4
    doubt: float = 0.1
    """What a frame without sighting leaves of a tentative track's evidence."""
    tentative_s: float = 0.15
    """A tentative track is dropped when unseen for longer than this and than one frame."""
    duplicate: float = 0.7
    """A detection that overlaps a claimed one by more starts no track."""
    fragment_s: float = 0.5
    """For this long after a person was lost, parts of the person start no track."""
    merge: float = 0.85
    """Of two tracks whose boxes overlap by more ..."""
    merge_s: float = 0.5
    """... for longer than this, the younger ends. People who meet pass sooner."""

    motion: MotionSettings = field(default_factory=MotionSettings)

    def __post_init__(self) -> None:
        if not 0.0 < self.memory_s <= LONGEST_MEMORY_S:
            raise ValueError(f"memory_s is {self.memory_s}: must be above 0 and at most {LONGEST_MEMORY_S:g} seconds")
