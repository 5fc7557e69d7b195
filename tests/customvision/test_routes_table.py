from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest

from footfall.customvision.door.keys import Area
from footfall.customvision.door.operations import OPERATIONS
from footfall.customvision.door.routes_match import Match, Table, segments_of
from footfall.customvision.door.routes_table import ROUTES, Answer, Route, status_for
from footfall.customvision.wire.images import ImageCreateSummary
from footfall.customvision.wire.labels import ImageRegionCreateEntry, ImageRegionCreateSummary
from vision_door import OTHER, P31, PROJECT, T34, VisionDoor


def nameless(path: str) -> str:
    """Parameters have other names here than in the specification."""
    return re.sub(r"\{\w+\}", "{}", path)


def test_the_table_is_that_of_the_specification(shared: Path) -> None:
    told = json.loads((shared / "spec" / "custom-vision-endpoints.json").read_text())
    expected = {(one["rank"], one["method"], nameless(one["path"]), one["sdk"]) for one in told}
    assert {(one.rank, one.method, nameless(one.path), one.name) for one in ROUTES} == expected
    assert len(ROUTES) == len(told) == 60


def test_ranks_and_areas_count_as_promised() -> None:
    assert [sum(route.rank == rank for route in ROUTES) for rank in "MSC"] == [40, 11, 9]
    assert sum(route.area is Area.PREDICTION for route in ROUTES) == 8


@pytest.mark.parametrize("route", [route for route in ROUTES if route.rank != "C"], ids=lambda route: route.name)
def test_operations_take_what_routes_give(route: Route) -> None:
    parameters = inspect.signature(OPERATIONS[route.operation]).parameters
    given = {field.argument for field in route.query} | set(route.beside)
    given |= set(re.findall(r"\{(\w+)\}", route.path)) - {"version"}
    assert given <= set(parameters)
    if route.body is None:
        needed = {name for name, one in parameters.items() if one.default is one.empty} - {"shop"}
        assert needed <= given


@pytest.mark.parametrize("route", [route for route in ROUTES if route.rank == "C"], ids=lambda route: route.name)
def test_what_is_not_offered_says_so(tmp_path: Path, route: Route) -> None:
    path = route.path.format(version="v3.3", project_id=PROJECT, image_id=OTHER, iteration_id=OTHER)
    door = VisionDoor(tmp_path)
    answer = door.visitor().ask(route.method, path)
    door.close()
    assert answer.status_code == 501
    assert answer.json()["code"] == "BadRequestOperationNotSupported"
    assert answer.json()["error"]["message"] == answer.json()["message"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("version", ["v3.4-preview", "v3.3", "v3.0", "V2.2"])
def test_every_route_is_found_by_any_version_and_case(route: Route, version: str) -> None:
    ids = {"project_id": PROJECT, "domain_id": OTHER, "tag_id": OTHER, "iteration_id": OTHER, "image_id": OTHER}
    path = route.path.format(version=version, published_name="One Two", **ids)
    path = path.replace("/training/", "/Training/").replace("/prediction/", "/PREDICTION/")
    found = Table().find(route.method, tuple(path.strip("/").split("/")))
    assert isinstance(found, Match)
    assert found.route is route
    assert found.version == tuple(int(number) for number in re.findall(r"\d", version))


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        pytest.param("GET", f"{T34}/nothing", set(), id="no such thing"),
        pytest.param("GET", "/customvision/latest/training/domains", set(), id="no version"),
        pytest.param("GET", f"{T34}/projects//tags", set(), id="an empty id"),
        pytest.param("PUT", f"{T34}/projects/{PROJECT}", {"GET", "PATCH", "DELETE"}, id="another method"),
        pytest.param("GET", f"{P31}/{PROJECT}/classify/iterations/m/image", {"POST"}, id="GET where POST is meant"),
        pytest.param("GET", "/", set(), id="the root"),
    ],
)
def test_what_is_not_there_tells_what_is(method: str, path: str, expected: set[str]) -> None:
    found = Table().find(method, tuple(path.strip("/").split("/")))
    assert found == frozenset(expected)


@pytest.mark.parametrize(
    ("raw", "prefix", "expected"),
    [
        pytest.param(
            b"/customvision/v3.1/a%2Fb/", "", ("customvision", "v3.1", "a/b"), id="an encoded slash parts nothing"
        ),
        pytest.param(b"/some/prefix/customvision/x", "/some/prefix", ("customvision", "x"), id="a proxy's prefix"),
        pytest.param(b"/customvision/x?a=/b", "/some/prefix", ("customvision", "x"), id="a prefix that the proxy took"),
        pytest.param(b"/%ff%C3%A4", "", ("\ufffdä",), id="no UTF-8"),
    ],
)
def test_paths_come_apart(raw: bytes, prefix: str, expected: tuple[str, ...]) -> None:
    assert segments_of({"raw_path": raw, "path": "elsewhere"}, prefix) == expected


def summary(is_whole: bool) -> ImageCreateSummary:
    return ImageCreateSummary(is_batch_successful=is_whole, images=[])


def regions(*exceeded) -> ImageRegionCreateSummary:
    return ImageRegionCreateSummary(created=[], duplicated=[], exceeded=list(exceeded))


ENTRY = ImageRegionCreateEntry(image_id=OTHER, tag_id=OTHER, left=0, top=0, width=1, height=1)


@pytest.mark.parametrize(
    ("name", "version", "asked", "answer", "expected"),
    [
        pytest.param("create_images_from_files", (3, 4), {}, summary(True), 200, id="all of a batch"),
        pytest.param("create_images_from_files", (3, 4), {}, summary(False), 207, id="a part of a batch"),
        pytest.param("create_images_from_files", (3, 3), {}, summary(False), 207, id="a part of a batch, v3.3"),
        pytest.param("create_images_from_files", (3, 2), {}, summary(False), 200, id="older clients know no 207"),
        pytest.param("create_image_regions", (3, 4), {}, regions(), 200, id="all boxes"),
        pytest.param("create_image_regions", (3, 4), {}, regions(ENTRY), 207, id="boxes too many"),
        pytest.param("create_image_regions", (3, 0), {}, regions(ENTRY), 200, id="boxes too many, older client"),
        pytest.param("delete_images", (3, 4), {"image_ids": (OTHER,)}, None, 204, id="some images"),
        pytest.param("delete_images", (3, 4), {"all_images": True}, None, 202, id="all images"),
        pytest.param("delete_images", (3, 4), {"all_iterations": True}, None, 202, id="from iterations, too"),
        pytest.param("delete_images", (3, 1), {"all_images": True}, None, 204, id="older clients know no 202"),
        pytest.param("create_image_tags", (3, 4), {}, regions(ENTRY), 200, id="tags are never 207"),
        pytest.param("create_project", (3, 4), {}, None, 200, id="what is made is 200, not 201"),
    ],
)
def test_statuses_are_those_that_the_clients_version_knows(name, version, asked, answer, expected) -> None:
    route = next(route for route in ROUTES if route.name == name)
    assert status_for(route, version, asked, answer) == expected


def test_bytes_are_answered_by_artifacts_alone() -> None:
    assert [route.name for route in ROUTES if route.answer is Answer.BYTES] == ["get_artifact"]
