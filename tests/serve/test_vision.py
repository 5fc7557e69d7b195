from __future__ import annotations

from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse

from doorway import WORD, Visitor, add_user, make_app, make_database, open_gate
from footfall.access.roles import Role
from footfall.engine.clock import SystemClock
from footfall.serve.vision import PageSessions, WithVision, audited
from footfall.store.faults import StoreUnavailable
from footfall.web.security import Door
from vision_door import PROJECT, T34, VisionDoor

DOMAINS = f"{T34}/domains"
NEW = f"{T34}/projects?name=n"
DOOR = Door(names=frozenset({"shop.lan"}), rate="1000000/second")


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    return make_database(tmp_path_factory.mktemp("own"))


@pytest.fixture
def door(tmp_path: Path) -> VisionDoor:
    return VisionDoor(tmp_path / "customvision")


@pytest.fixture
def gate(empty: Path, tmp_path: Path):
    return open_gate(empty, tmp_path, SystemClock())


@pytest.fixture
def visitor(gate, door: VisionDoor):
    page = make_app(gate, SystemClock(), DOOR)
    visitor = Visitor(WithVision(page, door.app(sessions=PageSessions(gate)), DOOR))
    yield visitor
    visitor.close()


def test_both_answer_where_they_should(visitor, door: VisionDoor) -> None:
    assert visitor.ask("GET", "/").headers["content-type"].startswith("text/html")
    assert visitor.ask("GET", "/api/v1/session").status_code == 401
    assert visitor.ask("GET", DOMAINS, headers={"Training-Key": door.key()}).status_code == 200
    assert visitor.ask("GET", DOMAINS.replace("customvision", "CustomVision")).json()["error"]["code"] == "401"


@pytest.mark.parametrize(
    ("role", "cameras", "status"),
    [
        pytest.param(Role.ADMIN, None, 200, id="admins"),
        pytest.param(Role.OPERATOR, None, 200, id="operators"),
        pytest.param(Role.OPERATOR, frozenset({"front"}), 403, id="operators of some cameras"),
        pytest.param(Role.VIEWER, None, 403, id="viewers"),
    ],
)
def test_who_has_logged_in_needs_no_key(visitor, gate, role, cameras, status) -> None:
    add_user(gate, "anna", role, cameras)
    assert visitor.log_in("anna", WORD).status_code == 200
    answer = visitor.ask("GET", DOMAINS)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "ForbiddenUserInsufficientCapability"


def test_what_changes_something_needs_the_pages_header(visitor, gate) -> None:
    add_user(gate, "anna", Role.OPERATOR)
    visitor.log_in("anna", WORD)
    assert visitor.ask("POST", NEW).status_code == 200
    assert visitor.ask("POST", NEW, headers={"X-Footfall-CSRF": "wrong"}).json()["code"] == "ForbiddenUser"
    assert visitor.ask("POST", NEW, headers={"Origin": "https://evil.example"}).json()["code"] == "ForbiddenUser"
    visitor.csrf = ""
    assert visitor.ask("POST", NEW).status_code == 403
    assert visitor.ask("DELETE", f"{T34}/projects/{PROJECT}").status_code == 403


def test_a_session_that_has_ended_is_nobodys(visitor, gate) -> None:
    add_user(gate, "anna", Role.OPERATOR)
    visitor.log_in("anna", WORD)
    assert visitor.ask("DELETE", "/api/v1/session").status_code in (200, 204)
    assert visitor.ask("GET", DOMAINS).status_code == 401


def test_the_service_is_not_called_by_other_names(visitor, door: VisionDoor) -> None:
    answer = visitor.ask("GET", DOMAINS, headers={"Host": "evil.example", "Training-Key": door.key()})
    assert answer.status_code == 421
    assert visitor.ask("GET", DOMAINS, headers={"Host": "shop.lan", "Training-Key": door.key()}).status_code == 200


def test_answers_have_the_pages_headers(visitor) -> None:
    headers = visitor.ask("GET", DOMAINS).headers
    assert headers["x-frame-options"] == "DENY"
    assert "content-security-policy" in headers


def test_what_is_done_is_in_the_services_log(gate) -> None:
    audited(gate.audit)("project-deleted", {"project": PROJECT, "by": "training key 1"})
    entry = gate.audit.entries()[0]
    assert (entry.event, entry.author, entry.what) == ("project-deleted", "training key 1", {"project": PROJECT})


def test_what_is_done_is_done_though_the_log_is_away(caplog) -> None:
    class Away:
        def record(self, *_):
            raise StoreUnavailable("locked")

    audited(Away())("project-deleted", {"project": PROJECT, "by": "training key 1"})
    assert "project-deleted by training key 1 is not in the audit log" in caplog.text


def test_large_pictures_pass_the_pages_limit(gate, door: VisionDoor) -> None:
    with_vision = WithVision(PlainTextResponse("page"), door.app(), DOOR)
    visitor = Visitor(with_vision)
    path = f"/customvision/v3.1/prediction/{PROJECT}/classify/iterations/m/image"
    headers = {"Prediction-Key": door.key("prediction")}
    assert visitor.ask("POST", path, headers=headers, content=b"\xff\xd8\xff" + bytes(3_900_000)).status_code == 200
    visitor.close()
