from __future__ import annotations

from pathlib import Path

from customvision.studio import Studio, colours, ended
from footfall.customvision.training import orders
from footfall.customvision.training.progress import TrainingProgress, get_training_progress
from footfall.customvision.workspace.limits import Limits
from vision_door import OTHER, PROJECT, T34, VisionDoor


def test_a_training_that_waits_and_one_that_is_done(tmp_path: Path) -> None:
    studio = Studio(tmp_path / "vision", limits=Limits())
    with studio.opened(is_working=False) as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        told = get_training_progress(shop, project_id, begun.id)
        assert told == TrainingProgress(share=0.0, words="waiting", started_at=None, seconds_left=None, notes={})
    with studio.opened() as shop:
        ended(shop, project_id, begun.id)
        told = get_training_progress(shop, project_id, begun.id)
        assert (told.share, told.seconds_left, told.started_at is None) == (1.0, 0.0, False)
        assert told.notes == {"base": "no", "advanced": "False", "threads": "1"}


def test_over_http_its_keys_are_those_that_the_page_knows(tmp_path: Path) -> None:
    door = VisionDoor(tmp_path)
    begun, notes = door.clock.now(), {"warning.few": "disc (5)"}
    told = TrainingProgress(share=0.4, words="embedding", started_at=begun, seconds_left=12.5, notes=notes)
    door.asked.answers["get_training_progress"] = told
    answer = door.visitor().ask("GET", f"{T34}/projects/{PROJECT}/iterations/{OTHER}/progress")
    door.close()
    assert answer.json() == {
        "share": 0.4,
        "words": "embedding",
        "startedAt": "2026-11-21T12:00:00Z",
        "secondsLeft": 12.5,
        "notes": {"warning.few": "disc (5)"},
    }
    assert door.asked.calls == [("get_training_progress", {"project_id": PROJECT, "iteration_id": OTHER})]
