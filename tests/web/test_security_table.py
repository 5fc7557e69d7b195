from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from footfall.access.roles import Caller, Kind, Rights, Role
from footfall.web.security import UndeclaredRoute, Viewer, anyone, require, require_camera, visible
from footfall.web.security_needs import Need, Pixels, Where
from footfall.web.security_table import Needs, describe


def inner(caller: Viewer):
    return caller


def app_with(*dependencies, path="/x"):
    app = FastAPI(openapi_url=None)

    @app.get(path, dependencies=[Depends(one) for one in dependencies])
    def route():
        return 1

    return app


@pytest.mark.parametrize(
    "app",
    [
        pytest.param(app_with(), id="a route that says nothing"),
        pytest.param(app_with(require(Role.VIEWER), require(Role.ADMIN)), id="a route that says two things"),
        pytest.param(app_with(require(Role.VIEWER), anyone()), id="open and not"),
        pytest.param(FastAPI(), id="documentation that comes by itself"),
        pytest.param(FastAPI(openapi_url=None, routes=[Route("/y", PlainTextResponse("x"))]), id="a plain route"),
        pytest.param(FastAPI(openapi_url=None, routes=[Mount("/y", FastAPI())]), id="another app"),
    ],
)
def test_routes_that_do_not_say_what_they_need(app):
    with pytest.raises(UndeclaredRoute):
        Needs.of(app)


def test_what_is_declared_is_found_however_deep():
    app, router = FastAPI(openapi_url=None), APIRouter(prefix="/a")

    @router.get("/{camera}")
    def one(camera: str, caller: Annotated[object, Depends(inner)]):
        return 1

    @router.websocket("/{camera}/live")
    async def live(websocket: WebSocket, camera: str, caller: Annotated[object, Depends(Need(Role.ADMIN))]):
        return

    app.include_router(router, prefix="/b")
    needs = Needs.of(app)
    found = needs.find({"type": "http", "method": "GET", "path": "/b/a/front"})

    assert (found[0].need, found[1]) == (require(Role.VIEWER), {"camera": "front"})
    assert needs.find({"type": "websocket", "path": "/b/a/front/live"})[0].need == require(Role.ADMIN)
    assert needs.find({"type": "http", "method": "POST", "path": "/b/a/front"}) is None
    assert needs.find({"type": "http", "method": "GET", "path": "/b/a/front/x"}) is None


def test_once_is_enough_even_if_it_is_said_twice_alike():
    assert len(Needs.of(app_with(require(Role.VIEWER), require(Role.VIEWER))).entries) == 1


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (anyone(), {"x-footfall-role": "anyone", "security": []}),
        (require(Role.ADMIN), {"x-footfall-role": "admin"}),
        (
            require_camera(Role.OPERATOR, Where.QUERY, pixels=Pixels.ALWAYS),
            {"x-footfall-role": "operator", "x-footfall-camera": "query", "x-footfall-pixels": "always"},
        ),
        (
            require_camera(Role.VIEWER, pixels=Pixels.VIEW),
            {"x-footfall-role": "viewer", "x-footfall-camera": "path", "x-footfall-pixels": "view"},
        ),
    ],
)
def test_the_openapi_document_says_it(need, expected):
    app = app_with(need)
    describe(app, Needs.of(app))
    document = app.openapi()
    operation = document["paths"]["/x"]["get"]
    told = {name: value for name, value in operation.items() if name.startswith("x-") or name == "security"}

    assert told == {"security": [{"session": []}, {"token": []}], **expected}
    assert app.openapi() is document
    assert set(document["components"]["securitySchemes"]) == {"session", "token"}


def test_lists_show_what_one_sees():
    caller = Caller("anna", Rights(Role.VIEWER, frozenset({"front"})), Kind.SESSION, "1")

    assert visible(caller, ["back", "front"]) == ["front"]
