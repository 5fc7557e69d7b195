"""Models do not travel between services: a copied project is trained anew, and answers under the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from footfall.customvision.moving.copying import Found
from footfall.customvision.moving.far import Far, FarError

POLL_S: Final = 2.0
_NOT_NEEDED = "BadRequestTrainingNotNeeded"


@dataclass(frozen=True, slots=True)
class Retrained:
    """What a training over there gave."""

    iteration: str
    """Its name; empty where the project had never been trained."""
    published: str = ""
    """The name it answers under; empty where none of the project's iterations did."""


def retrain(
    source: Far, target: Far, project_id: str, target_id: str, prediction_id: str, pause: Callable[[float], None]
) -> Retrained:
    """Train the copy as the newest iteration of the original was, wait for it, and publish it as that was.

    Args:
        source: where the original is.
        target: where the copy is.
        project_id: of the original.
        target_id: of the copy.
        prediction_id: of the resource to publish to: Azure wants one of its own, footfall takes any word.
        pause: waits so many seconds between two questions whether it is done.

    Raises:
        FarError: an end refuses, or the training failed.
    """
    iterations = [one for one in source.get(f"projects/{project_id}/iterations") if one["status"] == "Completed"]
    if not iterations:
        return Retrained("")
    here = sorted(iterations, key=lambda one: str(one.get("trainedAt") or one["created"]), reverse=True)
    made = _trained(target, target_id, here[0], pause)
    if made["status"] != "Completed":
        why = made.get("trainingErrorDetails") or "no reason given"
        raise FarError(target.endpoint, f"{made['name']} was not trained: {why}")
    name = next((str(one["publishName"]) for one in here if one.get("publishName")), "")
    if name and made.get("publishName") != name:
        where = f"projects/{target_id}/iterations/{made['id']}/publish"
        target.post(where, publishName=name, predictionId=prediction_id, overwrite=True)
    return Retrained(str(made["name"]), name)


def _trained(target: Far, target_id: str, like: Found, pause: Callable[[float], None]) -> Found:
    """The iteration over there when it is done; where nothing has changed, the one that is there."""
    kind, budget = like.get("trainingType") or "Regular", like.get("reservedBudgetInHours") or 0
    try:
        made = target.post(f"projects/{target_id}/train", trainingType=kind, reservedBudgetInHours=budget)
    except FarError as error:
        if error.code != _NOT_NEEDED:
            raise
        done = [one for one in target.get(f"projects/{target_id}/iterations") if one["status"] == "Completed"]
        return max(done, key=lambda one: str(one.get("trainedAt") or one["created"]))
    while made["status"] == "Training":
        pause(POLL_S)
        made = target.get(f"projects/{target_id}/iterations/{made['id']}")
    return dict(made)
