"""A real gate on a database of its own, the app behind it, and visitors who ask without a socket in between."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from json import dumps
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from sqlalchemy import event

from footfall.access.gate import Gate
from footfall.access.passwords import Passwords
from footfall.access.roles import Rights, Role
from footfall.access.users import SERVICE
from footfall.live.hub import LiveHub
from footfall.store.database import connect, open_database
from footfall.web import login, login_sign_on, people
from footfall.web.app import create_app
from footfall.web.failures import handle_failures
from footfall.web.page import Page
from footfall.web.parts import Parts
from footfall.web.security import Door, Pixels, anyone, install, require, require_camera
from small_desk import CONFIG, SmallDesk

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
WORD = "correct horse battery"
PAGE = Path(__file__).parent / "web" / "page"


def make_database(folder: Path) -> Path:
    """An empty one, to be copied: making its tables takes longer than most tests."""
    file = folder / "own.sqlite"
    open_database(file, "own").dispose()
    return file


def open_gate(empty: Path, folder: Path, clock) -> Gate:
    """A gate on a copy."""
    shutil.copy(empty, folder / "own.sqlite")
    engine = connect(folder / "own.sqlite", "own")
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
    return Gate(engine, folder, clock, CHEAP)


class Visitor:
    """A browser or a program."""

    def __init__(self, app, base: str = "https://localhost", address: str = "192.0.2.1") -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 40000))
        self._client = httpx.AsyncClient(transport=transport, base_url=base)
        self.cookies = self._client.cookies
        self.csrf = ""

    def ask(self, method: str, path: str, json=None, **more) -> httpx.Response:
        headers = {"X-Footfall-CSRF": self.csrf} if self.csrf else {}
        headers.update(more.pop("headers", {}))
        if json is not None:
            more["content"] = dumps(json)  # in ASCII, so that halves of characters can be sent
            headers["Content-Type"] = "application/json"
        return self._runner.run(self._client.request(method, path, headers=headers, **more))

    def log_in(self, name: str, password: str = WORD) -> httpx.Response:
        answer = self.ask("POST", "/api/v1/session", {"name": name, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf"]
        return answer

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


def add_user(gate: Gate, name: str, role: Role = Role.ADMIN, cameras=None, *, real_pixels: bool = False) -> None:
    gate.users.add(name, WORD, Rights(role, cameras, real_pixels), SERVICE)


def make_app(gate: Gate, clock, door: Door | None = None, **changed):
    """The real app; databases but the gate's are away."""
    away = connect("postgresql://nobody@127.0.0.1:1/none", "store")
    parts = Parts(SmallDesk(CONFIG), gate, clock, away, away, LiveHub(), Path("nowhere"))
    return create_app(replace(parts, **changed), door or Door(rate="1000000/second"), Page(PAGE))


def small_app(gate: Gate, door: Door | None = None):
    """Login, users and tokens as they are; the rest of the routes in the fewest words."""
    app, rest = FastAPI(openapi_url=None), APIRouter()
    rest.add_api_route("/health/live", lambda: "ok", dependencies=[Depends(anyone())])
    for path, need in (
        ("/api/v1/events/stream", require(Role.VIEWER)),
        ("/api/v1/cameras/{camera}/still", require_camera(Role.VIEWER, pixels=Pixels.VIEW)),
    ):
        rest.add_api_route(path, lambda: "ok", dependencies=[Depends(need)])
    for path, need in (
        ("/api/v1/events/live", require(Role.VIEWER)),
        ("/api/v1/cameras/{camera}/live", require_camera(Role.VIEWER, pixels=Pixels.VIEW)),
    ):
        rest.add_api_websocket_route(path, _hang_up, dependencies=[Depends(need)])
    for router in (login.router, login_sign_on.router, people.router, rest):
        app.include_router(router)
    handle_failures(app)
    app.mount("/", Page(PAGE), "page")
    install(app, gate, door or Door(rate="1000000/second"))
    return app


async def _hang_up(websocket: WebSocket) -> None:
    await websocket.close()


def open_socket(app, path: str, headers: dict[str, str]) -> int:
    """Open a WebSocket and leave: 101, or the status that refuses it."""
    told = []

    async def send(message):
        told.append(message)

    async def receive():
        return {"type": "websocket.connect" if not told else "websocket.disconnect", "code": 1000}

    path, _, query = path.partition("?")
    named = [(name.lower().encode(), value.encode()) for name, value in {"host": "localhost", **headers}.items()]
    scope = {
        "type": "websocket", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "headers": named,
        "scheme": "wss", "client": ("192.0.2.1", 40000), "server": ("localhost", 443), "subprotocols": [],
        "root_path": "", "extensions": {"websocket.http.response": {}}, "asgi": {"version": "3.0"}, "state": {},
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return told[0].get("status", 101)
