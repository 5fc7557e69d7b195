"""An untouched Custom Vision client of the vendor, from outside: one story a run, its answers as JSON.

    custom_vision.py STORY < {"url", "training", "prediction", "pictures"}

Runs in the vendor's own environment; nothing of footfall is imported. Keys and pictures come on standard input:
`pictures` is a list of {"name", "file", "tag", "box"}; each tag has many. Another client is chosen by PYTHONPATH.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from azure.cognitiveservices.vision.customvision.prediction import CustomVisionPredictionClient
from azure.cognitiveservices.vision.customvision.training import CustomVisionTrainingClient
from azure.cognitiveservices.vision.customvision.training import models as m
from msrest.authentication import ApiKeyCredentials

RESOURCE = "/subscriptions/0/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a"
POLL_S = 0.3
PATIENCE_S = 1500


class Scene:
    """Clients, and the pictures to work with."""

    def __init__(self, told):
        self.url, self.told = told["url"], told
        self.trainer = CustomVisionTrainingClient(
            self.url, ApiKeyCredentials(in_headers={"Training-key": told["training"]})
        )
        self.predictor = CustomVisionPredictionClient(
            self.url, ApiKeyCredentials(in_headers={"Prediction-key": told["prediction"]})
        )
        self.pictures = [{**one, "bytes": Path(one["file"]).read_bytes()} for one in told["pictures"]]

    def names(self):
        return sorted({one["tag"] for one in self.pictures})

    def trained(self, project_id, iteration):
        """Wait as the quickstarts do."""
        ends = time.monotonic() + PATIENCE_S
        while iteration.status == "Training" and time.monotonic() < ends:
            time.sleep(POLL_S)
            iteration = self.trainer.get_iteration(project_id, iteration.id)
        return iteration


def region(tag_id, box):
    return m.Region(tag_id=tag_id, left=box[0], top=box[1], width=box[2], height=box[3])


def classification(scene):
    """The sequence of the classification quickstart."""
    trainer, pictures = scene.trainer, scene.pictures
    project = trainer.create_project("quick classification")
    tags = {name: trainer.create_tag(project.id, name) for name in scene.names()}
    entries = [
        m.ImageFileCreateEntry(name=one["name"], contents=one["bytes"], tag_ids=[tags[one["tag"]].id])
        for one in pictures
    ]
    upload = trainer.create_images_from_files(project.id, m.ImageFileCreateBatch(images=entries))
    iteration = scene.trained(project.id, trainer.train_project(project.id))
    trainer.publish_iteration(project.id, iteration.id, "classifyModel", RESOURCE)
    answers = [scene.predictor.classify_image(project.id, "classifyModel", one["bytes"]) for one in pictures[:2]]
    trainer.unpublish_iteration(project.id, iteration.id)
    trainer.delete_project(project.id)
    return {
        "uploaded": upload.is_batch_successful,
        "statuses": [one.status for one in upload.images],
        "iteration": iteration.as_dict(),
        "told": [[[one.tag_name, one.probability] for one in answer.predictions] for answer in answers],
        "truth": [one["tag"] for one in pictures[:2]],
    }


def detection(scene, meanwhile=lambda project: None):
    """The sequence of the detection quickstart; `meanwhile` is called while the model is published."""
    trainer, pictures = scene.trainer, scene.pictures
    domain = next(one for one in trainer.get_domains() if one.type == "ObjectDetection" and one.name == "General")
    project = trainer.create_project("quick detection", domain_id=domain.id)
    tags = {name: trainer.create_tag(project.id, name) for name in scene.names()}
    entries = [
        m.ImageFileCreateEntry(
            name=one["name"], contents=one["bytes"], regions=[region(tags[one["tag"]].id, one["box"])]
        )
        for one in pictures
    ]
    upload = trainer.create_images_from_files(project.id, m.ImageFileCreateBatch(images=entries))
    iteration = scene.trained(project.id, trainer.train_project(project.id))
    trainer.publish_iteration(project.id, iteration.id, "detectModel", RESOURCE)
    with Path(pictures[0]["file"]).open("rb") as file:
        answer = scene.predictor.detect_image(project.id, "detectModel", file)
    meanwhile(project)
    trainer.unpublish_iteration(project.id, iteration.id)
    trainer.delete_project(project.id)
    return {
        "uploaded": upload.is_batch_successful,
        "statuses": [one.status for one in upload.images],
        "iteration": iteration.as_dict(),
        "told": [
            [one.tag_name, one.probability, one.bounding_box.left, one.bounding_box.top, one.bounding_box.width,
             one.bounding_box.height]
            for one in answer.predictions
        ],
        "truth": [pictures[0]["tag"], *pictures[0]["box"]],
    }  # fmt: skip


STORIES = {"classification": classification, "detection": detection}


def main():
    print(json.dumps(STORIES[sys.argv[1]](Scene(json.load(sys.stdin))), default=str))


if __name__ == "__main__":
    main()
