"""A real gate on a database of its own, the app behind it, and visitors who ask without a socket in between."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import httpx
from argon2 import PasswordHasher

from footfall.access.gate import Gate
from footfall.access.passwords import Passwords
from footfall.access.roles import Rights, Role
from footfall.access.users import SERVICE
from footfall.live.hub import LiveHub
from footfall.store.database import connect, open_database
from footfall.web.app import create_app
from footfall.web.page import Page
from footfall.web.parts import Parts
from footfall.web.security import Door
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
    return Gate(connect(folder / "own.sqlite", "own"), folder, clock, CHEAP)


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
        body = {} if json is None else {"json": json}
        return self._runner.run(self._client.request(method, path, headers=headers, **body, **more))

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
