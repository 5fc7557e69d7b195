"""The real learners, run as a training's child, with little of everything: `python hasty.py`."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from footfall.customvision.training import job_child
from footfall.learning.lesson import Learned, Lesson, Report


def learn(lesson: Lesson, report: Report) -> Learned:
    """As in earnest: what brings threads along is imported after the child has confined itself."""
    from footfall.customvision.training import teaching  # noqa: PLC0415
    from footfall.learning import classifier, tuning  # noqa: PLC0415

    classifier.THOROUGH = classifier.Plan((("colours",), ("edges",)), (1.0,), views=1)
    tuning.VIEWS, tuning.MOST_ROUNDS = 1, 1
    if find_spec("torch"):
        from footfall.learning import fine_tuning  # noqa: PLC0415

        fine_tuning.STEPS, fine_tuning.BATCH = 2, 4
    return teaching.by_kind(lesson, report)


if __name__ == "__main__":
    sys.exit(job_child.main(learn))
