import json
from dataclasses import replace
from threading import Event, Thread

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from footfall.live.hub import LiveHub
from live.scene import happened, noise, plan, somebody
from small_desk import as_

STILL = "/api/v1/cameras/front/still"
LIVE = "/api/v1/cameras/front/live"
PATIENCE_S = 60.0


@pytest.fixture
def hub(app, monkeypatch):
    monkeypatch.setattr("footfall.live.hub.STILL_S", PATIENCE_S)
    hub = LiveHub(fps=100.0)
    app.state.parts = replace(app.state.parts, hub=hub)
    yield hub
    hub.shut()


@pytest.fixture
def seen(hub):
    """The camera sees somebody, again and again."""
    tap, is_over = hub.open("front", plan()), Event()
    tap(happened(1.0, somebody(), picture=noise()))

    def go_on():
        step = 10
        while not is_over.wait(0.05):
            step += 1
            tap(happened(step / 10, somebody(), picture=noise()))

    camera = Thread(target=go_on)
    camera.start()
    yield tap
    is_over.set()
    camera.join()


def looking(address, who, path=LIVE):
    return connect(f"ws://{address}{path}", additional_headers=as_(who), open_timeout=PATIENCE_S)


def test_a_still_is_a_jpeg_that_nobody_keeps(app, seen, address):
    answer = httpx.get(f"http://{address}{STILL}", headers=as_("viewer"), timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xff\xd8")
    assert answer.headers["cache-control"] == "no-store"


def test_real_pictures_are_for_who_may_see_them(client, seen, app):
    assert client.get(f"{STILL}?view=real", headers=as_("admin")).status_code == 403
    assert client.get(f"{STILL}?view=nude", headers=as_("operator")).status_code == 400
    app.state.gate.audit.entries.clear()
    assert client.get(f"{STILL}?view=real", headers=as_("operator")).status_code == 200
    assert [entry[0] for entry in app.state.gate.audit.entries] == ["real-pixels-opened"]


def test_a_camera_without_a_picture_is_told_as_such(client, hub):
    assert client.get(STILL, headers=as_("viewer")).json()["error"]["code"] == "no-picture"
    assert client.get("/api/v1/cameras/none/still", headers=as_("viewer")).status_code == 404


def test_pictures_come_with_what_is_drawn_over_them(app, seen, address):
    with looking(address, "viewer") as socket:
        packed = socket.recv(PATIENCE_S)
        length = int.from_bytes(packed[:4], "big")
        head = json.loads(packed[4 : 4 + length])
        assert packed[4 + length :].startswith(b"\xff\xd8")
        assert (head["view"], len(head["people"])) == ("privacy", 1)
        assert head["regions"]["lines"][0]["name"] == "door"


def test_a_camera_that_goes_ends_its_view(app, hub, seen, address):
    with looking(address, "viewer") as socket:
        socket.recv(PATIENCE_S)
        hub.close("front")
        assert all(isinstance(packed, bytes) for packed in socket), "a last one may have been on its way"
        assert socket.close_code == 1001


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("stranger", LIVE, 401),
        ("porter", LIVE, 404),
        ("viewer", f"{LIVE}?view=real", 403),
        ("viewer", "/api/v1/cameras/none/live", 404),
        ("viewer", f"{LIVE}?view=nude", 403),
    ],
)
def test_who_may_not_look_is_not_let_in(app, hub, address, who, path, status):
    with pytest.raises(InvalidStatus) as refused, looking(address, who, path):
        pass
    assert refused.value.response.status_code == status
