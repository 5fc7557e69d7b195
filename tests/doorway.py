"""A real gate on a database of its own, the app behind it, and visitors who ask without a socket in between."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import httpx
from argon2 import PasswordHasher

from footfall.access.gate import Gate
from footfall.access.passwords import Passwords
from footfall.access.roles import Rights, Role
from footfall.access.users import SERVICE
from footfall.store.database import connect, open_database

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
WORD = "correct horse battery"


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
