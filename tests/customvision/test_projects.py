from __future__ import annotations

import dataclasses

import msgspec
import pytest
from sqlalchemy import insert

from footfall.customvision.workspace import domains, projects, tags
from footfall.customvision.workspace.limits import Limits
from footfall.customvision.workspace.tables import publications
from footfall.store.database import writing
from vision_shop import DETECTION, NOBODY, Floor, add, golden, project, refusal

ADULT = "45badf75-3591-4f26-a705-45678d3e9f5f"
COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"


def test_domains_are_those_of_the_specification(vision_shop) -> None:
    golden("domains", *domains.get_domains(vision_shop))
    first = {domain.type: domain.name for domain in reversed(domains.get_domains(vision_shop))}
    assert set(first.values()) == {"General"}


def test_a_domain_is_found_by_its_id(vision_shop) -> None:
    assert domains.get_domain(vision_shop, DETECTION).name == "General"
    assert refusal(domains.get_domain, vision_shop, NOBODY) == "NotFoundDomain"


def test_a_project_from_its_making_to_its_end(vision_shop, floor) -> None:
    made = projects.create_project(vision_shop, "Forks & knives", "What lies on tables")
    project_id = made.id
    add(vision_shop, project_id, 2)
    negative = tags.create_tag(vision_shop, project_id, "none", None, "Negative")
    with_image = projects.get_project(vision_shop, project_id)
    changed = projects.update_project(
        vision_shop, project_id, "Cutlery", "", COMPACT, "Multiclass", ["ONNX"], {"flip": True, "blur": False}
    )
    golden("project", made, negative, with_image, changed, projects.get_projects(vision_shop))
    projects.delete_project(vision_shop, project_id)
    assert projects.get_projects(vision_shop) == []
    assert [event for event, _ in floor.told] == ["project-made", "project-changed", "project-erased"]


def test_what_is_not_given_stays(vision_shop) -> None:
    before = projects.create_project(vision_shop, "a", "b", COMPACT, "Multiclass", ["ONNX"])
    after = projects.update_project(vision_shop, before.id)
    assert after == msgspec.structs.replace(before, last_modified=after.last_modified)


def test_projects_are_listed_in_the_order_of_their_making(vision_shop) -> None:
    made = [projects.create_project(vision_shop, name).id for name in "zab"]
    assert [one.id for one in projects.get_projects(vision_shop)] == made


def test_a_detection_project_tolerates_a_type_of_classification(vision_shop) -> None:
    made = projects.create_project(vision_shop, "boxes", None, DETECTION, "Multiclass")
    assert made.settings.classification_type is None


def test_secrets_in_uris_are_not_kept(vision_shop, floor) -> None:
    made = projects.create_project(
        vision_shop,
        "a",
        export_model_container_uri="https://box.example/models?sig=SECRET-SECRET",
        notification_queue_uri="https://queue.example/q?sig=SECRET-SECRET#SECRET-SECRET",
    )
    assert made.settings.export_model_container_uri == "https://box.example/models"
    assert made.settings.notification_queue_uri == "https://queue.example/q"
    assert not any(b"SECRET-SECRET" in file.read_bytes() for file in floor.folder.rglob("*") if file.is_file())


CREATE = [
    pytest.param({"name": ""}, "BadRequestProjectName", id="no name"),
    pytest.param({"name": " \t"}, "BadRequestProjectName", id="a name of blanks"),
    pytest.param({"name": "a\nb"}, "BadRequestProjectName", id="a name of two lines"),
    pytest.param({"name": "x" * 257}, "BadRequestProjectName", id="a long name"),
    pytest.param({"name": "Taken"}, "BadRequestProjectNameNotUnique", id="a name that is taken"),
    pytest.param({"name": " tAKEN"}, "BadRequestProjectNameNotUnique", id="a name that is taken, in other letters"),
    pytest.param({"description": "x" * 4097}, "BadRequestProjectDescription", id="a long description"),
    pytest.param({"domain_id": NOBODY}, "BadRequestProjectUnknownDomain", id="no domain"),
    pytest.param({"domain_id": ADULT}, "BadRequestProjectUnknownDomain", id="a domain that was retired"),
    pytest.param({"classification_type": "Both"}, "BadRequestProjectUnknownClassification", id="no type"),
    pytest.param(
        {"target_export_platforms": ["ONNX", "CoreML"]}, "BadRequestProjectUnsupportedExportPlatform", id="a platform"
    ),
    pytest.param({"notification_queue_uri": "https://[no"}, "BadRequestInvalid", id="a URI that is none"),
]


@pytest.mark.parametrize(("asked", "code"), CREATE)
def test_projects_that_are_not_made(vision_shop, asked, code) -> None:
    projects.create_project(vision_shop, "Taken")
    assert refusal(projects.create_project, vision_shop, **{"name": "new", **asked}) == code
    assert len(projects.get_projects(vision_shop)) == 1
    assert len(list(vision_shop.objects.names())) == 1


UPDATE = [
    *(row for row in CREATE if "notification_queue_uri" not in row.values[0]),
    pytest.param({"domain_id": DETECTION}, "BadRequestProjectUnsupportedDomainTypeChange", id="the other task"),
]


@pytest.mark.parametrize(("asked", "code"), UPDATE)
def test_projects_that_are_not_changed(vision_shop, asked, code) -> None:
    projects.create_project(vision_shop, "Taken")
    made = projects.create_project(vision_shop, "mine")
    assert refusal(projects.update_project, vision_shop, made.id, **asked) == code
    assert projects.get_project(vision_shop, made.id) == made


def test_a_project_may_keep_its_own_name(vision_shop) -> None:
    made = projects.create_project(vision_shop, "Mine")
    assert projects.update_project(vision_shop, made.id, "MINE").name == "MINE"


def test_there_are_only_so_many_projects(tmp_path) -> None:
    with Floor(tmp_path, dataclasses.replace(Limits(), projects=2)).opened() as shop:
        first = project(shop, "a")[0]
        project(shop, "b")
        assert refusal(projects.create_project, shop, "c") == "BadRequestExceedProjectLimit"
        projects.delete_project(shop, first)
        project(shop, "c")


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(lambda shop: projects.get_project(shop, NOBODY), id="get"),
        pytest.param(lambda shop: projects.update_project(shop, NOBODY, "a"), id="update"),
        pytest.param(lambda shop: projects.delete_project(shop, NOBODY), id="delete"),
        pytest.param(lambda shop: tags.get_tags(shop, NOBODY), id="tags"),
        pytest.param(lambda shop: tags.create_tag(shop, NOBODY, "a"), id="create a tag"),
    ],
)
def test_projects_that_are_not_there(vision_shop, operation) -> None:
    assert refusal(operation, vision_shop) == "NotFoundProject"


def test_a_published_project_is_not_deleted(vision_shop) -> None:
    project_id, _ = project(vision_shop)
    row = {"project_id": project_id, "name": "m", "iteration_id": NOBODY, "resource_id": "/r", "published_us": 0}
    with writing(vision_shop.engine) as connection:
        connection.execute(insert(publications).values(row))
    assert refusal(projects.delete_project, vision_shop, project_id) == "BadRequestIterationIsPublished"
    assert projects.get_project(vision_shop, project_id).name == "forks"


def test_a_name_is_free_again_when_its_project_is_gone(vision_shop) -> None:
    projects.delete_project(vision_shop, project(vision_shop, "forks")[0])
    assert project(vision_shop, "forks")


def test_trainings_of_a_project_end_before_it_is_erased(vision_shop) -> None:
    ended: list[tuple[str, bool]] = []

    class Trainings:
        def submit(self, project_id: str, iteration_id: str) -> None:
            raise AssertionError

        def cancel(self, project_id: str, iteration_id: str | None = None) -> None:
            is_seen = any(one.id == project_id for one in projects.get_projects(vision_shop))
            ended.append((project_id, is_seen))

    shop = dataclasses.replace(vision_shop, jobs=Trainings())
    project_id, _ = project(shop)
    projects.delete_project(shop, project_id)
    assert ended == [(project_id, False)]
