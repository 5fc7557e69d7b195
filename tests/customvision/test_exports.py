"""Archives of models: made once, kept sealed, gone with their iteration."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from customvision.studio import COMPACT, GENERAL, RED, Studio, boxes, colours, painted, trained, wait
from customvision.test_jobs import FullDisk
from footfall.customvision.faults import Refused
from footfall.customvision.prediction import predicting
from footfall.customvision.training import exports, iterations, orders
from footfall.customvision.wire.iterations import Export
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.intake import upright
from footfall.customvision.workspace.limits import Limits
from footfall.learning.model import open_model
from footfall.vault.objects import ObjectKind


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "vision", limits=Limits())


@pytest.fixture
def shop(studio: Studio) -> Iterator[Workshop]:
    with studio.opened() as shop:
        yield shop


def done(shop: Workshop, project_id: str, iteration_id: str) -> list[Export]:
    wait(lambda: all(one.status != "Exporting" for one in exports.get_exports(shop, project_id, iteration_id)))
    return exports.get_exports(shop, project_id, iteration_id)


def archive(shop: Workshop, export: Export) -> zipfile.ZipFile:
    project_id, iteration_id, export_id = export.download_uri.split("/")[-3:]
    return zipfile.ZipFile(io.BytesIO(exports.export_archive(shop, project_id, iteration_id, export_id)))


def test_the_archive_holds_the_very_model(shop: Workshop) -> None:
    project_id, _ = colours(shop)
    iteration = trained(shop, project_id)
    begun = exports.export_iteration(shop, project_id, iteration.id, "ONNX")
    assert (begun.platform, begun.status, begun.download_uri, begun.flavor) == ("ONNX", "Exporting", "", None)
    assert begun.newer_version_available is False
    (export,) = done(shop, project_id, iteration.id)
    assert export.status == "Done"
    files = archive(shop, export)
    assert files.read("labels.txt").decode().split("\n") == ["red", "green"]
    assert json.loads(files.read("cvexport.manifest"))["IterationId"] == iteration.id
    answer = predicting.quick_test_image(shop, project_id, painted(RED, 3), store=False)
    red, green = open_model(files.read("model.onnx")).classify(upright(painted(RED, 3), Limits(), 2**20))
    assert [told.probability for told in answer.predictions] == pytest.approx([red, green], abs=1e-6)


def test_asked_again_it_is_there_already(shop: Workshop) -> None:
    project_id, _ = boxes(shop)
    iteration = trained(shop, project_id)
    exports.export_iteration(shop, project_id, iteration.id, "ONNX")
    (export,) = done(shop, project_id, iteration.id)
    assert exports.export_iteration(shop, project_id, iteration.id, "ONNX") == export
    exports.export_iteration(shop, project_id, iteration.id, "DockerFile", "Linux")
    assert [(one.platform, one.flavor) for one in done(shop, project_id, iteration.id)] == [
        ("ONNX", None),
        ("DockerFile", "Linux"),
    ]


def test_it_is_being_made_and_goes_on_after_a_restart(studio: Studio) -> None:
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        iteration = trained(shop, project_id)
    with studio.opened(is_working=False) as shop:
        exports.export_iteration(shop, project_id, iteration.id, "ONNX")
        with pytest.raises(Refused) as refused:
            exports.export_iteration(shop, project_id, iteration.id, "ONNX")
        assert refused.value.code == "BadRequestExportAlreadyInProgress"
    with studio.opened() as shop:
        assert [one.status for one in done(shop, project_id, iteration.id)] == ["Done"]


def test_it_goes_with_its_iteration(studio: Studio, shop: Workshop) -> None:
    project_id, _ = colours(shop)
    before = set(shop.objects.names())
    iteration = trained(shop, project_id)
    exports.export_iteration(shop, project_id, iteration.id, "ONNX")
    (export,) = done(shop, project_id, iteration.id)
    iterations.delete_iteration(shop, project_id, iteration.id)
    with pytest.raises(Refused) as refused:
        archive(shop, export)
    assert refused.value.status == 404
    assert set(shop.objects.names()) == before
    assert iteration.id.encode() not in (studio.folder / "vision.sqlite").read_bytes()


def test_it_fails_on_a_full_disk_and_is_made_when_there_is_room(studio: Studio) -> None:
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        iteration = trained(shop, project_id)
    with studio.opened(is_working=False) as shop:
        full = replace(shop, objects=FullDisk(shop.objects, ObjectKind.EXPORT))
        exports.export_iteration(full, project_id, iteration.id, "ONNX")
        assert exports.make_next(full)
        assert not exports.make_next(full)
        (failed,) = exports.get_exports(shop, project_id, iteration.id)
        assert (failed.status, failed.download_uri) == ("Failed", "")
        assert exports.export_iteration(shop, project_id, iteration.id, "ONNX").status == "Exporting"
        assert exports.make_next(shop)
        (made,) = exports.get_exports(shop, project_id, iteration.id)
        assert made.status == "Done"


def not_trained(shop: Workshop) -> tuple[str, str]:
    project_id, _ = colours(shop)
    shop = replace(shop, jobs=None)
    return project_id, orders.train_project(shop, project_id).id


def compact(shop: Workshop) -> tuple[str, str]:
    project_id, _ = colours(shop, domain=COMPACT)
    return project_id, trained(shop, project_id).id


def general(shop: Workshop) -> tuple[str, str]:
    project_id, _ = colours(shop, domain=GENERAL)
    return project_id, trained(shop, project_id).id


@pytest.mark.parametrize(
    ("setting", "platform", "flavor", "code"),
    [
        pytest.param(not_trained, "ONNX", None, "BadRequestIterationIsNotTrained", id="not trained yet"),
        pytest.param(general, "ONNX", None, "BadRequestExportValidationFailed", id="a domain that stays"),
        pytest.param(compact, "CoreML", None, "BadRequestProjectUnsupportedExportPlatform", id="another platform"),
        pytest.param(compact, "ONNX", "Linux", "BadRequestProjectUnsupportedExportPlatform", id="another flavor"),
        pytest.param(compact, "", None, "BadRequestProjectUnsupportedExportPlatform", id="no platform"),
    ],
)
def test_what_is_refused(shop: Workshop, setting, platform: str, flavor: str | None, code: str) -> None:
    project_id, iteration_id = setting(shop)
    with pytest.raises(Refused) as refused:
        exports.export_iteration(shop, project_id, iteration_id, platform, flavor)
    assert refused.value.code == code


def test_an_export_that_is_not_there(shop: Workshop) -> None:
    project_id, iteration_id = compact(shop)
    assert exports.get_exports(shop, project_id, iteration_id) == []
    with pytest.raises(Refused) as refused:
        exports.export_archive(shop, project_id, iteration_id, "0" * 8)
    assert refused.value.code == "NotFound"
