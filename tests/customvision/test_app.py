from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path

import pytest

from footfall.access.roles import Role
from footfall.customvision.door.admission import TurnedAway
from footfall.customvision.door.receiving import Gone, Incoming
from footfall.customvision.faults import Refused
from footfall.customvision.workspace.intake import Box
from footfall.customvision.workspace.limits import Limits
from footfall.store.faults import StoreUnavailable
from footfall.vault.faults import Altered, KeyRevoked, NoObject
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


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "code"),
    [
        pytest.param("GET", f"{T34}/projects/not-an-id", {}, 400, "BadRequestInvalidIds", id="no id in the path"),
        pytest.param("GET", f"{P}/tags?iterationId=7", {}, 400, "BadRequestInvalidIds", id="no id in the query"),
        pytest.param("GET", f"{P}/images?tagIds={OTHER},x", {}, 400, "BadRequestInvalidIds", id="no id in a list"),
        pytest.param(
            "POST",
            f"{P}/images/tags",
            {"json": {"tags": [{"imageId": "x", "tagId": OTHER}]}},
            400,
            "BadRequestInvalidIds",
            id="no id in a body",
        ),
        pytest.param("POST", f"{T34}/projects", {}, 400, "BadRequestRequiredParamIsNull", id="a parameter is missing"),
        pytest.param(
            "POST", f"{P}/quicktest/url", {"json": {}}, 400, "BadRequestRequiredParamIsNull", id="a key is missing"
        ),
        pytest.param(
            "POST",
            f"{P}/quicktest/url",
            {"json": {"url": None}},
            400,
            "BadRequestRequiredParamIsNull",
            id="a key is null",
        ),
        pytest.param("PATCH", P, {}, 400, "BadRequestRequiredParamIsNull", id="a body is missing"),
        pytest.param("PATCH", P, {"content": b"{"}, 400, "BadRequestInvalid", id="no JSON"),
        pytest.param("PATCH", P, {"content": b"[" * 100_000}, 400, "BadRequestInvalid", id="JSON deeper than the sea"),
        pytest.param(
            "PATCH", P, {"content": b'{"x":' * 100_000}, 400, "BadRequestInvalid", id="deep where nobody looks"
        ),
        pytest.param("PATCH", P, {"content": b'{"name": "\\ud800"}'}, 400, "BadRequestInvalid", id="half a character"),
        pytest.param("PATCH", P, {"content": b'{"name": "\xff"}'}, 400, "BadRequestInvalid", id="no UTF-8"),
        pytest.param("PATCH", P, {"json": []}, 400, "BadRequestInvalid", id="JSON of another shape"),
        pytest.param(
            "PATCH",
            P,
            {"content": b"<x/>", "headers": {"Content-Type": "application/xml"}},
            415,
            "UnsupportedMediaType",
            id="XML",
        ),
        pytest.param(
            "POST",
            f"{MODEL}/image",
            {"json": {"url": "x"}},
            415,
            "UnsupportedMediaType",
            id="JSON where a picture is meant",
        ),
        pytest.param("POST", f"{MODEL}/image", {}, 400, "BadRequestImageStream", id="no picture"),
        pytest.param(
            "POST",
            f"{MODEL}/image",
            {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
            400,
            "BadRequestImageStream",
            id="multipart that is none",
        ),
        pytest.param("GET", f"{P}/images?take=257", {}, 400, "BadRequestInvalid", id="a page too long"),
        pytest.param("GET", f"{P}/images?take=-1", {}, 400, "BadRequestInvalid", id="a page below nothing"),
        pytest.param(
            "GET", f"{P}/images?skip=99999999999999999999", {}, 400, "BadRequestInvalid", id="a number too large"
        ),
        pytest.param("GET", f"{P}/images?take=٣", {}, 400, "BadRequestInvalid", id="digits of another script"),
        pytest.param("GET", f"{RUN}/performance?threshold=nan", {}, 400, "BadRequestInvalid", id="no number"),
        pytest.param(
            "GET", f"{RUN}/performance?threshold=1.1", {}, 400, "BadRequestInvalid", id="a threshold above one"
        ),
        pytest.param("DELETE", f"{P}/images?allImages=yes", {}, 400, "BadRequestInvalid", id="neither true nor false"),
        pytest.param("POST", f"{T34}/projects?name=%ff", {}, 400, "BadRequestInvalid", id="a query that is no UTF-8"),
        pytest.param("POST", f"{T34}/projects?name=a%00b", {}, 400, "BadRequestInvalid", id="NUL in a name"),
        pytest.param(
            "POST", f"{T34}/projects?name=n&" + "x=1&" * 200, {}, 400, "BadRequestInvalid", id="a query too long"
        ),
        pytest.param(
            "DELETE",
            f"{P}/images/regions?regionIds=" + ",".join([OTHER] * 65),
            {},
            400,
            "BadRequestExceededBatchSize",
            id="65 regions",
        ),
        pytest.param(
            "DELETE",
            f"{P}/predictions?ids=" + ",".join([OTHER] * 65),
            {},
            400,
            "BadRequestPredictionIdsExceededCount",
            id="65 predictions",
        ),
        pytest.param(
            "POST",
            f"{MODEL}/url",
            {"json": {"url": "http://127.0.0.1/x.jpg"}},
            400,
            "BadRequestImageUrl",
            id="fetching is off",
        ),
    ],
)
def test_bad_requests_are_said_to_be(door: VisionDoor, method, path, more, status, code) -> None:
    answer = door.visitor().ask(method, path, **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message"}
    assert not door.asked.calls


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        pytest.param("GET", "/customvision/v3.4-preview/training/nothing", 404, "NotFound", id="no such route"),
        pytest.param("GET", "/", 404, "NotFound", id="the root"),
        pytest.param("PUT", P, 405, "BadRequestOperationNotSupported", id="no such method"),
    ],
)
def test_what_is_not_there_has_both_shapes(door: VisionDoor, method, path, status, code) -> None:
    answer = door.visitor().ask(method, path)
    body = answer.json()
    assert (answer.status_code, body["code"], body["error"]["code"]) == (status, code, str(status))
    assert body["message"] == body["error"]["message"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        pytest.param(Refused("NotFoundProject", "none"), 404, "NotFoundProject", id="refused"),
        pytest.param(Refused("Conflict", "lost"), 409, "Conflict", id="lost a race"),
        pytest.param(KeyRevoked("x"), 400, "BadRequestCustomerManagedKeyRevoked", id="the key is revoked"),
        pytest.param(NoObject("x"), 404, "NotFound", id="an object has gone"),
        pytest.param(Altered("x"), 400, "BadRequestInvalid", id="an object was changed"),
        pytest.param(StoreUnavailable("x"), 503, "ErrorUnknown", id="the database is away"),
        pytest.param(RuntimeError("sesame 4711"), 500, "ErrorUnknown", id="our own fault"),
    ],
)
def test_faults_are_answered_without_details(door: VisionDoor, caplog, error, status, code) -> None:
    door.asked.answers["get_project"] = error
    answer = door.visitor().ask("GET", P)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "sesame" not in answer.text + caplog.text
    assert (status < 500 and not isinstance(error, Altered)) or caplog.text


def test_changed_objects_are_audited(door: VisionDoor) -> None:
    door.asked.answers["get_project"] = Altered("x")
    door.visitor().ask("GET", P)
    assert door.audited == [("object-altered", {"asked": "get_project", "by": "training key 1"})]


@pytest.mark.parametrize(
    ("path", "limits", "code"),
    [
        pytest.param(
            f"{MODEL}/image", Limits(prediction_image_bytes=1000), "BadRequestImageSizeBytes", id="a picture to predict"
        ),
        pytest.param(
            f"{P}/quicktest/image", Limits(training_image_bytes=1000), "BadRequestImageSizeBytes", id="a quick test"
        ),
        pytest.param(f"{P}/images", Limits(body_bytes=1000), "BadRequestExceededBatchSize", id="a batch"),
        pytest.param(
            f"{P}/images/files", Limits(body_bytes=1000), "BadRequestExceededBatchSize", id="a batch of files"
        ),
    ],
)
@pytest.mark.parametrize("is_told", [True, False], ids=["length is told", "length is not told"])
def test_bodies_are_bounded_and_read_to_their_end(door: VisionDoor, path, limits, code, is_told) -> None:
    sent = []

    async def body():
        for _ in range(80):
            sent.append(1)
            yield bytes(1000)

    headers = {"Content-Length": "80000"} if is_told else {}
    answer = door.visitor(limits=limits).ask("POST", path, headers, content=body())
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert len(sent) == 80
    assert "connection" not in answer.headers


def test_who_stops_in_the_middle_is_not_waited_for_for_ever(door: VisionDoor) -> None:
    async def silent():
        await asyncio.sleep(60)

    async def ask() -> None:
        incoming = Incoming(silent, "", stall_s=0.02)
        with pytest.raises(Gone):
            await incoming.read(100)
        assert not await incoming.drain()

    asyncio.run(ask())


def test_a_larger_number_than_its_limit_of_small_json_is_refused(door: VisionDoor) -> None:
    answer = door.visitor().ask("PATCH", P, content=b" " * 2_000_000 + b"{}")
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


KEYS = ["Training-Key", "training-key", "TRAINING-KEY", "Ocp-Apim-Subscription-Key"]


@pytest.mark.parametrize("header", KEYS)
def test_keys_are_shown_in_any_of_the_headers(door: VisionDoor, header: str) -> None:
    headers = {"Training-Key": None, header: door.key("training", 2)}
    assert door.visitor().ask("GET", f"{T34}/domains", headers).status_code == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param(f"{T34}/domains", {"Training-Key": None}, id="no key"),
        pytest.param(f"{T34}/domains", {"Training-Key": ""}, id="an empty key"),
        pytest.param(f"{T34}/domains", {"Training-Key": "wrong"}, id="a wrong key"),
        pytest.param(f"{T34}/domains", {"Training-Key": "PREDICTION"}, id="a prediction key for training"),
        pytest.param(f"{MODEL}/image", {"Prediction-Key": "TRAINING"}, id="a training key for predictions"),
        pytest.param(f"{P}/export", {"Training-Key": None}, id="what is not offered needs a key, too"),
    ],
)
def test_without_the_right_key_nobody_comes_in(door: VisionDoor, path, headers) -> None:
    keys = {"PREDICTION": door.key("prediction"), "TRAINING": door.key("training")}
    shown = {name: keys.get(value, value) for name, value in headers.items()}
    answer = door.visitor().ask("POST" if path.endswith("image") else "GET", path, shown, content=JPEG)
    assert answer.status_code == 401
    assert answer.json()["error"] == {"code": "401", "message": answer.json()["message"]}
    assert not door.asked.calls
    assert not any(key in answer.text for key in (*keys.values(), "wrong"))


def test_guessing_is_slowed_down_and_right_keys_are_let_in_all_the_same(door: VisionDoor, caplog) -> None:
    visitor = door.visitor()
    answers = []
    for number in range(30):
        answers.append(visitor.ask("GET", f"{T34}/domains", {"Training-Key": f"guess {number}"}))
        door.clock.go(seconds=0.1)
    statuses = [answer.status_code for answer in answers]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert set(statuses) == {401, 429}
    assert caplog.text.count("a wrong key was shown from 192.0.2.1") == statuses.count(401) <= 5
    assert answers[-1].headers["Retry-After"].isdigit()
    assert answers[-1].json()["error"]["code"] == "429"
    assert visitor.ask("GET", f"{T34}/domains").status_code == 200
    stranger = door.visitor("198.51.100.7")
    assert stranger.ask("GET", f"{T34}/domains", {"Training-Key": "guess"}).status_code == 401, "counted by address"


def test_keys_of_the_other_area_are_no_guesses(door: VisionDoor) -> None:
    visitor = door.visitor()
    headers = {"Training-Key": door.key("prediction")}
    assert {visitor.ask("GET", f"{T34}/domains", headers).status_code for _ in range(30)} == {401}


def test_rotation_never_fails_a_call_with_the_other_key(door: VisionDoor) -> None:
    visitor = door.visitor()
    for _ in range(5):
        door.keys.rotate(next(name for name in door.secrets if str(name) == "training key 2"))
        assert visitor.ask("GET", f"{T34}/domains").status_code == 200
    headers = {"Training-Key": door.key("training", 2)}
    assert visitor.ask("GET", f"{T34}/domains", headers).status_code == 401


class People:
    def __init__(self, answer) -> None:
        self.answer = answer

    async def author(self, _connection):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_people_come_in_without_a_key(door: VisionDoor) -> None:
    no_key = {"Training-Key": None}
    assert door.visitor(sessions=People("anna")).ask("GET", f"{T34}/domains", no_key).status_code == 200
    assert door.visitor(sessions=People(None)).ask("GET", f"{T34}/domains", no_key).status_code == 401
    away = TurnedAway(403, "ForbiddenUser", f"{Role.VIEWER} may not")
    answer = door.visitor(sessions=People(away)).ask("GET", f"{T34}/domains", no_key)
    assert (answer.status_code, answer.json()["code"], answer.json()["error"]["code"]) == (403, "ForbiddenUser", "403")


def test_the_log_of_what_was_done_names_who_did_it(door: VisionDoor) -> None:
    visitor = door.visitor(sessions=People("anna"))
    visitor.ask("GET", f"{T34}/domains", {"Training-Key": door.key("training", 2)})
    visitor.ask("GET", f"{T34}/domains", {"Training-Key": None})
    for shop in door.asked.shops:
        shop.audit("project-deleted", {"project": PROJECT})
    assert [what["by"] for _, what in door.audited] == ["training key 2", "anna"]


@pytest.mark.parametrize(
    ("public_url", "host", "expected"),
    [
        pytest.param("", "vision.test:8973", "http://vision.test:8973", id="as the client calls it"),
        pytest.param("", "[::1]:8973", "http://[::1]:8973", id="by IPv6"),
        pytest.param(
            "https://proxy/some/prefix/", "vision.test", "https://proxy/some/prefix", id="as the operator says"
        ),
    ],
)
def test_addresses_are_such_that_the_client_reaches_them(door: VisionDoor, public_url, host, expected) -> None:
    door.visitor(public_url=public_url).ask("GET", f"{T34}/domains", {"Host": host})
    url = door.asked.shops[0].links.image(PROJECT, IMAGE, "original")
    assert url.startswith(f"{expected}/customvision/blob/")


def test_a_host_that_is_none_is_refused(door: VisionDoor) -> None:
    answer = door.visitor().ask("GET", f"{T34}/domains", {"Host": "a b<script>"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(True, b"true", id="publish"),
        pytest.param(7, b"7", id="a count"),
        pytest.param([], b"[]", id="a list"),
    ],
)
def test_answers_have_no_envelope(door: VisionDoor, answer, expected) -> None:
    door.asked.answers["publish_iteration"] = answer
    reply = door.visitor().ask("POST", f"{RUN}/publish?publishName=m&predictionId=x")
    assert (reply.content, reply.headers["Content-Type"]) == (expected, "application/json; charset=utf-8")


def test_deletions_answer_nothing(door: VisionDoor) -> None:
    answer = door.visitor().ask("DELETE", P)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers


def test_nothing_is_kept_by_browsers(door: VisionDoor) -> None:
    for path in (f"{T34}/domains", "/nothing"):
        headers = door.visitor().ask("GET", path).headers
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("private, no-store", "nosniff")


def test_websockets_are_hung_up_on(door: VisionDoor) -> None:
    told = []

    async def send(message):
        told.append(message["type"])

    asyncio.run(door.app()({"type": "websocket", "path": "/"}, None, send))
    asyncio.run(door.app()({"type": "lifespan"}, None, send))
    assert told == ["websocket.close"]


def test_json_is_read_whatever_its_type_is_called(door: VisionDoor) -> None:
    for name in ("application/json; charset=utf-8", "text/json", "text/plain", "application/merge-patch+json"):
        headers = {"Content-Type": name}
        assert door.visitor().ask("PATCH", P, headers, content=json.dumps({"name": "n"})).status_code == 200
