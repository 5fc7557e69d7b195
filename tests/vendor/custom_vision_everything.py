"""Every operation that the service offers, through the vendor's own client; as `custom_vision.py`, with other stories.

The output names every method of the client that was called, and what came of the telling ones.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from functools import partial
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
from azure.cognitiveservices.vision.customvision.prediction import CustomVisionPredictionClient
from azure.cognitiveservices.vision.customvision.training import CustomVisionTrainingClient
from azure.cognitiveservices.vision.customvision.training import models as m
from custom_vision import PATIENCE_S, POLL_S, RESOURCE, Scene, detection
from msrest.authentication import ApiKeyCredentials

COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"
COMPACT_BOXES = "7ec2ac80-887b-48a6-8df9-8b1357765430"


class Watched:
    """A client that remembers which of its methods were called."""

    def __init__(self, client, called):
        self._client = client
        self.called = called

    def __getattr__(self, name):
        self.called.add(name)
        return getattr(self._client, name)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve_pictures(folder):
    """The folder over HTTP, for what is fetched by address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def projects(scene, said):
    """A project of its own, and all that one does with projects and tags."""
    trainer = scene.trainer
    said["domains"] = [[one.id, one.name, one.type] for one in trainer.get_domains()]
    said["domain"] = trainer.get_domain(COMPACT).name
    project = trainer.create_project(
        "all of it",
        description="d",
        domain_id=COMPACT,
        classification_type="Multiclass",
        target_export_platforms=["ONNX"],
    )
    project.name = "all of it, renamed"
    trainer.update_project(project.id, project)
    said["project"] = trainer.get_project(project.id).as_dict()
    said["projects"] = [one.name for one in trainer.get_projects()]
    tags = {name: trainer.create_tag(project.id, name) for name in scene.names()}
    extra = trainer.create_tag(project.id, "extra")
    extra.name = "extra, renamed"
    said["tag"] = trainer.update_tag(project.id, extra.id, extra).name
    said["tag again"] = trainer.get_tag(project.id, extra.id).name
    trainer.delete_tag(project.id, extra.id)
    said["tags"] = sorted(one.name for one in trainer.get_tags(project.id))
    return project, tags


def images(scene, project, tags, said):
    """Pictures in by every way, listed, labelled and taken out; the last one is kept for later."""
    trainer, pictures, base = scene.trainer, scene.pictures[:-1], scene.told["base"]
    first, second, third, *rest = pictures
    summary = trainer.create_images_from_data(project.id, first["bytes"], tag_ids=[tags[first["tag"]].id])
    image = summary.images[0].image
    said["from data"] = [summary.is_batch_successful, summary.images[0].status]
    with Path(second["file"]).open("rb") as file:
        said["from a file"] = trainer.create_images_from_data(
            project.id, file, tag_ids=[tags[second["tag"]].id]
        ).is_batch_successful
    entry = m.ImageUrlCreateEntry(url=f"{base}/{Path(third['file']).name}", tag_ids=[tags[third["tag"]].id])
    missing = m.ImageUrlCreateEntry(url=f"{base}/missing.jpg")
    batch = trainer.create_images_from_urls(project.id, m.ImageUrlCreateBatch(images=[entry, missing]))
    said["from addresses"] = [batch.is_batch_successful, [one.status for one in batch.images]]
    files = [
        m.ImageFileCreateEntry(name=one["name"], contents=one["bytes"], tag_ids=[tags[one["tag"]].id]) for one in rest
    ]
    said["from files"] = trainer.create_images_from_files(
        project.id, m.ImageFileCreateBatch(images=files)
    ).is_batch_successful
    again = trainer.create_images_from_files(project.id, m.ImageFileCreateBatch(images=files[:1]))
    said["twice"] = [again.is_batch_successful, again.images[0].status]
    update = trainer.update_image_metadata(project.id, [image.id], {"shelf": "left"})
    said["metadata"] = [update.is_batch_successful, update.images[0].metadata]
    said["by metadata"] = [one.id == image.id for one in trainer.get_images(project.id, filter="shelf eq 'left'")]
    said["count"] = trainer.get_image_count(project.id)
    said["page"] = len(trainer.get_images(project.id, tag_ids=[tags[first["tag"]].id], order_by="Oldest", take=2))
    said["tagged"] = len(trainer.get_tagged_images(project.id, take=256))
    said["by ids"] = [one.id == image.id for one in trainer.get_images_by_ids(project.id, [image.id])]
    trainer.delete_image_tags(project.id, [image.id], [tags[first["tag"]].id])
    said["untagged"] = [one.id == image.id for one in trainer.get_untagged_images(project.id)]
    put = trainer.create_image_tags(
        project.id, [m.ImageTagCreateEntry(image_id=image.id, tag_id=tags[first["tag"]].id)]
    )
    said["tags put"] = len(put.created)
    return image


def trained(scene, project, said):
    """An iteration, and how good it is."""
    trainer = scene.trainer
    iteration = scene.trained(project.id, trainer.train_project(project.id))
    said["iteration"] = iteration.as_dict()
    iteration.name = "the first"
    said["renamed"] = trainer.update_iteration(project.id, iteration.id, "the first").name
    said["iterations"] = [one.name for one in trainer.get_iterations(project.id)]
    performance = trainer.get_iteration_performance(project.id, iteration.id, threshold=0.5, overlap_threshold=0.3)
    said["performance"] = performance.as_dict()
    said["held out"] = len(trainer.get_image_performances(project.id, iteration.id, take=256))
    trainer.publish_iteration(project.id, iteration.id, "model", RESOURCE)
    return iteration


def predictions(scene, project, iteration, said):
    """Asked in all ways; what is kept, promoted and deleted."""
    trainer, predictor, one = scene.trainer, scene.predictor, scene.pictures[-1]
    url = f"{scene.told['base']}/{Path(one['file']).name}"
    answers = [
        predictor.classify_image(project.id, "model", one["bytes"], application="till"),
        predictor.classify_image_url(project.id, "model", url),
        predictor.classify_image_with_no_store(project.id, "model", one["bytes"]),
        predictor.classify_image_url_with_no_store(project.id, "model", url),
        trainer.quick_test_image(project.id, one["bytes"], iteration_id=iteration.id, store=False),
        trainer.quick_test_image_url(project.id, url, store=False),
    ]
    said["answers"] = [[[p.tag_name, round(p.probability, 5)] for p in answer.predictions] for answer in answers]
    token = m.PredictionQueryToken(order_by="Newest", max_count=1)
    kept = trainer.query_predictions(project.id, token)
    more = trainer.query_predictions(project.id, kept.token)
    ids = [result.id for result in (*kept.results, *more.results)]
    said["kept"] = sorted(ids) == sorted(answer.id for answer in answers[:2])
    picture = requests.get(kept.results[0].original_image_uri, timeout=60)
    said["kept picture"] = [picture.status_code, picture.headers["Content-Type"]]
    promoted = trainer.create_images_from_predictions(
        project.id, m.ImageIdCreateBatch(images=[m.ImageIdCreateEntry(id=ids[0])])
    )
    said["promoted"] = [one.status for one in promoted.images]
    trainer.delete_prediction(project.id, ids[1:])
    said["left"] = len(trainer.query_predictions(project.id, m.PredictionQueryToken()).results)


def export(scene, project, iteration, said):
    """A model to take away, without a key."""
    trainer = scene.trainer
    trainer.export_iteration(project.id, iteration.id, "ONNX")
    ends = time.monotonic() + PATIENCE_S
    while (made := trainer.get_exports(project.id, iteration.id)[0]).status == "Exporting" and time.monotonic() < ends:
        time.sleep(POLL_S)
    said["export"] = [made.platform, made.status]
    archive = requests.get(made.download_uri, timeout=60)
    said["archive"] = [archive.status_code, archive.content[:2].decode(), archive.headers["Content-Disposition"][:10]]
    same = b"".join(trainer.get_artifact(project.id, made.download_uri))
    said["artifact"] = same == archive.content


def pixels(scene, project, image, said):
    """Addresses of pictures open without a key, for as long as the picture is there."""
    [seen] = scene.trainer.get_images_by_ids(project.id, [image.id])
    found = requests.get(seen.original_image_uri, timeout=60)
    said["picture"] = [found.status_code, found.headers["Content-Type"], found.headers["Cache-Control"]]
    said["changed address"] = requests.get(seen.original_image_uri[:-3] + "AAA", timeout=60).status_code
    scene.trainer.delete_images(project.id, [image.id])
    said["deleted picture"] = requests.get(seen.original_image_uri, timeout=60).status_code


def everything(scene, said):
    """All that is done with pictures as a whole."""
    project, tags = projects(scene, said)
    image = images(scene, project, tags, said)
    iteration = trained(scene, project, said)
    predictions(scene, project, iteration, said)
    export(scene, project, iteration, said)
    pixels(scene, project, image, said)
    scene.trainer.unpublish_iteration(project.id, iteration.id)
    scene.trainer.delete_iteration(project.id, iteration.id)
    scene.trainer.delete_images(project.id, all_images=True, all_iterations=True)
    said["count at the end"] = scene.trainer.get_image_count(project.id)
    scene.trainer.delete_project(project.id)


def boxes(scene, said):
    """What is done with boxes alone, and the detection quickstart with all ways to ask."""
    trainer = scene.trainer
    project = trainer.create_project("all of it, boxes", domain_id=COMPACT_BOXES)
    tags = {name: trainer.create_tag(project.id, name) for name in scene.names()}
    files = [m.ImageFileCreateEntry(name=one["name"], contents=one["bytes"]) for one in scene.pictures]
    summary = trainer.create_images_from_files(project.id, m.ImageFileCreateBatch(images=files))
    entries = [
        m.ImageRegionCreateEntry(
            image_id=result.image.id,
            tag_id=tags[one["tag"]].id,
            **dict(zip(("left", "top", "width", "height"), one["box"], strict=True)),
        )
        for one, result in zip(scene.pictures, summary.images, strict=True)
    ]
    made = trainer.create_image_regions(project.id, entries)
    said["regions"] = [len(made.created), len(made.duplicated or []), len(made.exceeded or [])]
    trainer.delete_image_regions(project.id, [made.created[0].region_id])
    trainer.create_image_regions(project.id, entries[:1])
    said["regions again"] = len(trainer.create_image_regions(project.id, entries[1:2]).duplicated or [])
    trainer.delete_project(project.id)
    scene.pictures = [one for one in scene.pictures if one["tag"] == "disc"]
    said["quickstart"] = detection(scene, lambda project: asked_in_all_ways(scene, project, said))


def asked_in_all_ways(scene, project, said):
    one, predictor = scene.pictures[0], scene.predictor
    url = f"{scene.told['base']}/{Path(one['file']).name}"
    answers = [
        predictor.detect_image(project.id, "detectModel", one["bytes"]),
        predictor.detect_image_url(project.id, "detectModel", url),
        predictor.detect_image_with_no_store(project.id, "detectModel", one["bytes"]),
        predictor.detect_image_url_with_no_store(project.id, "detectModel", url),
    ]
    said["boxes"] = [[[p.tag_name, p.probability] for p in answer.predictions[:1]] for answer in answers]


def errors(scene, said):
    """What the client makes of refusals."""
    trainer, told = scene.trainer, scene.told
    stranger = CustomVisionTrainingClient(
        told["url"], ApiKeyCredentials(in_headers={"Training-key": told["prediction"]})
    )
    other = CustomVisionPredictionClient(
        told["url"], ApiKeyCredentials(in_headers={"Prediction-key": told["training"]})
    )
    project = trainer.create_project("errors")
    tag = trainer.create_tag(project.id, "twice")
    for name, ask in {
        "wrong key": stranger.get_projects,
        "wrong prediction key": lambda: other.classify_image(project.id, "model", b"\xff\xd8\xff"),
        "no project": lambda: trainer.get_project("3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        "no id": lambda: trainer.get_project("seven"),
        "name taken": lambda: trainer.create_project("errors"),
        "tag taken": lambda: trainer.create_tag(project.id, "twice"),
        "nothing to learn from": lambda: trainer.train_project(project.id),
        "no model": lambda: scene.predictor.classify_image(project.id, "model", scene.pictures[0]["bytes"]),
        "no picture": lambda: trainer.create_images_from_data(project.id, b"no picture", tag_ids=[tag.id]),
        "not offered": lambda: trainer.export_project(project.id),
        "inside": lambda: scene.predictor.classify_image_url(project.id, "model", "http://169.254.169.254/latest"),
    }.items():
        said[name] = failure(ask)
    trainer.delete_project(project.id)


def counted(send):
    """The same, noting each request that goes out."""

    def sent(connection, method, url, *more, **named):
        SENT.append((method, url))
        return send(connection, method, url, *more, **named)

    return sent


SENT = []
HTTPConnection.putrequest = counted(HTTPConnection.putrequest)


def failure(ask):
    SENT.clear()
    try:
        ask()
    except Exception as error:
        code = getattr(getattr(error, "error", None), "code", None)
        status = error.response.status_code if getattr(error, "response", None) is not None else None
        return [type(error).__name__, status, code, str(error), len(SENT)]
    return None


STORIES = {"everything": everything, "boxes": boxes, "errors": errors}


def main():
    told = json.load(sys.stdin)
    told["base"] = serve_pictures(str(Path(told["pictures"][0]["file"]).parent))
    scene, said = Scene(told), {}
    called = set()
    scene.trainer, scene.predictor = Watched(scene.trainer, called), Watched(scene.predictor, called)
    STORIES[sys.argv[1]](scene, said)
    print(json.dumps({**said, "called": sorted(called)}, default=str))


if __name__ == "__main__":
    main()
