from __future__ import annotations

import base64
from pathlib import Path

import pytest

from footfall.customvision.wire.iterations import CustomBaseModelInfo
from footfall.customvision.wire.labels import ImageRegionCreateEntry, ImageTagCreateEntry
from footfall.customvision.workspace.intake import Box, Upload
from vision_door import OTHER, P31, PROJECT, T34, VisionDoor

JPEG = b"\xff\xd8\xff\xe0 picture"
PNG = b"\x89PNG\r\n\x1a\n picture"
IMAGE = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
P = f"{T34}/projects/{PROJECT}"
RUN = f"{P}/iterations/{OTHER}"
MODEL = f"{P31}/{PROJECT}/classify/iterations/my%20model"
BOX = {"tagId": OTHER.upper(), "left": 0.1, "top": "0.2", "width": 0.3, "height": 0.4}
BOXED = (Box(OTHER, 0.1, 0.2, 0.3, 0.4),)
B64 = base64.b64encode(JPEG).decode()


@pytest.fixture
def door(tmp_path: Path):
    door = VisionDoor(tmp_path)
    yield door
    door.close()


def page(**more) -> dict:
    return {"iteration_id": None, "tag_ids": None, "order_by": None, "take": 50, "skip": 0, **more}


REQUESTS = [
    pytest.param("GET", f"{T34}/domains", None, "get_domains", {}, id="get_domains"),
    pytest.param(
        "GET",
        f"{T34}/domains/{OTHER.upper()}",
        None,
        "get_domain",
        {"domain_id": OTHER},
        id="get_domain, id in upper case",
    ),
    pytest.param(
        "POST",
        f"{T34}/projects?name=a%20b%26c",
        None,
        "create_project",
        {
            "name": "a b&c",
            "description": None,
            "domain_id": None,
            "classification_type": None,
            "target_export_platforms": None,
            "export_model_container_uri": None,
            "notification_queue_uri": None,
        },
        id="create_project, nothing but a name",
    ),
    pytest.param(
        "POST",
        f"{T34}/projects?name=n&description=&domainId={OTHER}&classificationType=Multilabel&targetExportPlatforms=ONNX,CoreML",
        {"exportModelContainerUri": "https://c", "notificationQueueUri": "https://q", "later": 1},
        "create_project",
        {
            "name": "n",
            "description": "",
            "domain_id": OTHER,
            "classification_type": "Multilabel",
            "target_export_platforms": ("ONNX", "CoreML"),
            "export_model_container_uri": "https://c",
            "notification_queue_uri": "https://q",
        },
        id="create_project, everything",
    ),
    pytest.param(
        "PATCH",
        P,
        {
            "name": "n",
            "description": "",
            "status": "Succeeded",
            "settings": {
                "domainId": OTHER,
                "classificationType": None,
                "targetExportPlatforms": ["ONNX"],
                "imageProcessingSettings": {"augmentationMethods": {"flip": True}},
            },
        },
        "update_project",
        {
            "project_id": PROJECT,
            "name": "n",
            "description": "",
            "domain_id": OTHER,
            "classification_type": None,
            "target_export_platforms": ("ONNX",),
            "augmentation_methods": {"flip": True},
        },
        id="update_project",
    ),
    pytest.param("DELETE", P, None, "delete_project", {"project_id": PROJECT}, id="delete_project"),
    pytest.param(
        "POST",
        f"{P}/tags?name=Japanese%20Cherry&type=Negative",
        None,
        "create_tag",
        {"project_id": PROJECT, "name": "Japanese Cherry", "description": None, "type": "Negative"},
        id="create_tag",
    ),
    pytest.param(
        "PATCH",
        f"{P}/tags/{OTHER}",
        {"name": "n", "description": "d", "type": "Regular"},
        "update_tag",
        {"project_id": PROJECT, "tag_id": OTHER, "name": "n", "description": "d", "type": "Regular"},
        id="update_tag",
    ),
    pytest.param(
        "POST",
        f"{P}/images/files",
        {
            "images": [{"name": "a.jpg", "contents": B64, "tagIds": [OTHER]}, {"contents": "?!", "regions": [BOX]}],
            "tagIds": [OTHER],
            "metadata": {"k": "v"},
        },
        "create_images",
        {
            "project_id": PROJECT,
            "uploads": (Upload('"a.jpg"', JPEG, (OTHER,)), Upload("", b"", (), BOXED)),
            "tag_ids": (OTHER,),
            "metadata": {"k": "v"},
        },
        id="create_images_from_files",
    ),
    pytest.param(
        "POST",
        f"{P}/images/predictions",
        {"images": [{"id": IMAGE, "regions": [BOX]}]},
        "create_images_from_predictions",
        None,
        id="create_images_from_predictions",
    ),
    pytest.param(
        "GET",
        f"{P}/images?tagIds={OTHER},{IMAGE}&taggingStatus=Tagged&$filter=a%20eq%20%27b%27&orderBy=Newest&take=256&skip=3",
        None,
        "get_images",
        page(
            project_id=PROJECT,
            tag_ids=(OTHER, IMAGE),
            tagging_status="Tagged",
            filter="a eq 'b'",
            order_by="Newest",
            take=256,
            skip=3,
        ),
        id="get_images",
    ),
    pytest.param(
        "GET",
        f"{P}/images/tagged?tagIds={OTHER}&tagIds={IMAGE}",
        None,
        "get_tagged_images",
        page(project_id=PROJECT, tag_ids=(OTHER, IMAGE)),
        id="get_tagged_images, a parameter twice",
    ),
    pytest.param(
        "GET",
        f"{P}/images/id?imageIds={IMAGE}&iterationId=",
        None,
        "get_images_by_ids",
        {"project_id": PROJECT, "image_ids": (IMAGE,), "iteration_id": None},
        id="get_images_by_ids, an empty parameter",
    ),
    pytest.param(
        "DELETE",
        f"{P}/images?allImages=True&allIterations=false",
        None,
        "delete_images",
        {"project_id": PROJECT, "image_ids": None, "all_images": True, "all_iterations": False},
        id="delete_images",
    ),
    pytest.param(
        "POST",
        f"{P}/images/tags",
        {"tags": [{"imageId": IMAGE, "tagId": OTHER}]},
        "create_image_tags",
        {"project_id": PROJECT, "tags": (ImageTagCreateEntry(image_id=IMAGE, tag_id=OTHER),)},
        id="create_image_tags",
    ),
    pytest.param(
        "POST",
        f"{P}/images/regions",
        {"regions": [{"imageId": IMAGE, **BOX}]},
        "create_image_regions",
        {
            "project_id": PROJECT,
            "regions": (
                ImageRegionCreateEntry(image_id=IMAGE, tag_id=OTHER, left=0.1, top=0.2, width=0.3, height=0.4),
            ),
        },
        id="create_image_regions",
    ),
    pytest.param(
        "POST",
        f"{P}/images/metadata?imageIds={IMAGE}",
        {"k": "v"},
        "update_image_metadata",
        {"project_id": PROJECT, "image_ids": (IMAGE,), "metadata": {"k": "v"}},
        id="update_image_metadata, a bare map",
    ),
    pytest.param(
        "POST",
        f"{P}/train?trainingType=Advanced&reservedBudgetInHours=1&forceTrain=true&notificationEmailAddress=a%40b.c",
        {"selectedTags": [OTHER], "customBaseModelInfo": {"projectId": PROJECT, "iterationId": OTHER}},
        "train_project",
        {
            "project_id": PROJECT,
            "training_type": "Advanced",
            "reserved_budget_in_hours": 1,
            "force_train": True,
            "notification_email_address": "a@b.c",
            "selected_tags": (OTHER,),
            "custom_base_model_info": CustomBaseModelInfo(project_id=PROJECT, iteration_id=OTHER),
        },
        id="train_project, everything",
    ),
    pytest.param(
        "POST",
        f"{P}/train",
        None,
        "train_project",
        {
            "project_id": PROJECT,
            "training_type": None,
            "reserved_budget_in_hours": 0,
            "force_train": False,
            "notification_email_address": None,
            "selected_tags": None,
            "custom_base_model_info": None,
        },
        id="train_project, nothing",
    ),
    pytest.param(
        "PATCH",
        RUN,
        {"name": "better"},
        "update_iteration",
        {"project_id": PROJECT, "iteration_id": OTHER, "name": "better"},
        id="update_iteration",
    ),
    pytest.param(
        "GET",
        f"{RUN}/performance?threshold=0.5&overlapThreshold=.3",
        None,
        "get_iteration_performance",
        {"project_id": PROJECT, "iteration_id": OTHER, "threshold": 0.5, "overlap_threshold": 0.3},
        id="get_iteration_performance",
    ),
    pytest.param(
        "POST",
        f"{RUN}/publish?publishName=my%20model%2F1&predictionId=%2Fsub%2Fx&overwrite=true",
        None,
        "publish_iteration",
        {
            "project_id": PROJECT,
            "iteration_id": OTHER,
            "publish_name": "my model/1",
            "prediction_id": "/sub/x",
            "overwrite": True,
        },
        id="publish_iteration",
    ),
    pytest.param(
        "POST",
        f"{RUN}/export?platform=ONNX&flavor=ONNX12",
        None,
        "export_iteration",
        {"project_id": PROJECT, "iteration_id": OTHER, "platform": "ONNX", "flavor": "ONNX12"},
        id="export_iteration",
    ),
    pytest.param(
        "POST",
        f"{P}/predictions/query",
        {
            "maxCount": 10,
            "orderBy": "Newest",
            "iterationId": OTHER,
            "startTime": "2026-11-01T00:00:00",
            "tags": [{"id": OTHER, "minThreshold": 0.5}],
        },
        "query_predictions",
        None,
        id="query_predictions",
    ),
    pytest.param(
        "DELETE",
        f"{P}/predictions?ids={IMAGE}",
        None,
        "delete_prediction",
        {"project_id": PROJECT, "ids": (IMAGE,)},
        id="delete_prediction",
    ),
    pytest.param(
        "DELETE",
        f"{P}/predictions",
        None,
        "delete_prediction",
        {"project_id": PROJECT, "ids": ()},
        id="delete_prediction without ids",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "operation", "expected"), REQUESTS)
def test_requests_become_arguments(door: VisionDoor, method, path, body, operation, expected) -> None:
    answer = door.visitor().ask(method, path, **({} if body is None else {"json": body}))
    assert answer.status_code in (200, 202, 204), answer.text
    [(called, arguments)] = door.asked.calls
    assert called == operation
    if expected is not None:
        assert arguments == expected


def test_stored_predictions_are_promoted_with_their_boxes(door: VisionDoor) -> None:
    door.visitor().ask(
        "POST", f"{P}/images/predictions", json={"images": [{"id": IMAGE, "tagIds": [OTHER], "regions": [BOX]}]}
    )
    [promotion] = door.asked.calls[0][1]["promotions"]
    assert (promotion.id, promotion.tag_ids) == (IMAGE, (OTHER,))
    assert [(box.tag_id, box.top) for box in promotion.regions] == [(OTHER, 0.2)]


def test_times_without_a_zone_are_utc(door: VisionDoor) -> None:
    door.visitor().ask(
        "POST",
        f"{P}/predictions/query",
        json={"startTime": "2026-11-01T00:00:00", "endTime": "2026-11-02T01:00:00+01:00"},
    )
    query = door.asked.calls[0][1]["query"]
    assert query.start_time.isoformat() == "2026-11-01T00:00:00+00:00"
    assert query.end_time.tzinfo is not None


MULTIPART = b'--b\r\nContent-Disposition: form-data; name="imageData"\r\n\r\n' + JPEG + b"\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param("multipart/form-data; boundary=b", MULTIPART, id="the SDK's bytes"),
        pytest.param("multipart/form-data", JPEG, id="curl without a boundary"),
        pytest.param("application/octet-stream", JPEG, id="raw"),
        pytest.param("application/x-www-form-urlencoded", JPEG, id="curl's usual type"),
        pytest.param(None, JPEG, id="no type"),
    ],
)
@pytest.mark.parametrize(
    ("path", "operation", "more"),
    [
        pytest.param(
            f"{MODEL}/image?application=till",
            "classify_image",
            {"published_name": "my model", "application": "till", "store": True},
            id="stored",
        ),
        pytest.param(
            f"{MODEL}/image/nostore",
            "classify_image",
            {"published_name": "my model", "application": None, "store": False},
            id="not stored",
        ),
        pytest.param(
            f"{MODEL.replace('classify', 'detect')}/image",
            "detect_image",
            {"published_name": "my model", "application": None, "store": True},
            id="detect",
        ),
        pytest.param(
            f"{P}/quicktest/image?store=false&iterationId={OTHER}",
            "quick_test_image",
            {"store": False, "iteration_id": OTHER},
            id="quick test",
        ),
    ],
)
def test_pictures_come_in_every_form(door: VisionDoor, content_type, body, path, operation, more) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    assert door.visitor().ask("POST", path, headers, content=body).status_code == 200
    assert door.asked.calls == [(operation, {"project_id": PROJECT, "image_data": JPEG, **more})]


def test_pictures_for_training_come_as_multipart(door: VisionDoor) -> None:
    files = [("a", ("one.jpg", JPEG, "image/jpeg")), ("b", ("two.png", PNG, "image/png"))]
    door.visitor().ask("POST", f"{P}/images?tagIds={OTHER}", files=files)
    assert door.asked.calls[0][1] == {
        "project_id": PROJECT,
        "tag_ids": (OTHER,),
        "uploads": (Upload('"one.jpg"', JPEG), Upload('"two.png"', PNG)),
    }
