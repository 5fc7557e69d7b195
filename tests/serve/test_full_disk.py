"""A service on a disk of its own that is full to the last byte: people come in, see why, and make room."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from disk import tiny_disk
from footage import make_clip
from footfall.access.audit import HEAD_FILE
from footfall.access.roles import Rights, Role
from footfall.access.users import SERVICE
from footfall.engine.clock import SystemClock
from footfall.serve import reserve
from footfall.serve.folder import DataFolder
from footfall.serve.reserve import FILE, LOW
from footfall.serve.service import Service, Wishes
from footfall.serve.web import app_of
from footfall.store.database import reading
from footfall.store.tables import tracks
from footfall.web.security import Door
from small_desk import Client

KIB = 96 * 1024
PASSWORD = "correct horse battery"


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(reserve, "EVERY_S", 1.0)
    monkeypatch.setattr(reserve, "SOON_S", 0.0)
    with tiny_disk(tmp_path / "disk", KIB) as folder:
        yield folder


@pytest.fixture
def opened(disk: Path, tmp_path: Path) -> Iterator[Callable[[], Service]]:
    clip = make_clip(tmp_path / "clip.mp4", count=30, fps=10)
    config = tmp_path / "shop.yaml"
    zone = "zones: [{name: all, points: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]], events: [count]}]"
    config.write_text(f"cameras: [{{name: a, url: {clip}, {zone}}}]\nservice: {{tracks_hours: 1}}\n")
    services: list[Service] = []

    def open_one() -> Service:
        service = Service(Wishes(DataFolder(disk / "data"), config, "", 1, {"FOOTFALL_MODEL": "motion"}), SystemClock())
        services.append(service)
        service.start()
        return service

    yield open_one
    for service in services:
        service.close()


def until(holds: Callable[[], object], within_s: float = 60.0) -> None:
    deadline_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


def fill(disk: Path) -> None:
    """To the last byte; what is freed meanwhile, too."""
    with suppress(OSError), (disk / "filler").open("ab", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def is_ready_for_it(service: Service, disk: Path) -> bool:
    return (disk / "data" / FILE).exists() and LOW not in service.desk.health().reasons


def come_in(service: Service) -> None:
    """As the page does it: log in, look up the session, leave."""
    entry = service.gate.log_in("anna", PASSWORD, "127.0.0.1")
    caller = service.gate.by_session(entry.session.secret)
    assert caller is not None
    service.gate.log_out(caller)


def recorded(service: Service) -> int:
    """Pieces of tracks in the store."""
    with reading(service.store) as connection:
        return int(connection.execute(select(func.count()).select_from(tracks)).scalar_one())


def act(service: Service) -> None:
    """What a login and a deed leave behind, without the slow hash of a password."""
    opened = service.gate.by_session(service.gate.sessions.open("anna", "127.0.0.1").secret)
    assert opened is not None
    service.gate.audit.record("recordings-deleted", "anna", {"camera": "a", "name": "x" * 200})
    service.gate.sessions.end("anna", opened.credential)


def test_people_come_in_and_what_they_do_is_written_down(disk: Path, opened: Callable[[], Service]) -> None:
    service = opened()
    service.gate.users.add("anna", PASSWORD, Rights(Role.ADMIN), SERVICE)
    until(lambda: is_ready_for_it(service, disk) and recorded(service))
    fill(disk)
    for _ in range(3):
        come_in(service)
        fill(disk)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: act(service), range(100)))
    assert "disk-full" in service.desk.health().reasons
    assert (disk / "data" / FILE).exists(), "kept for the next start"
    events = [entry.event for entry in service.gate.audit.entries(limit=2000)]
    assert (events.count("login"), events.count("recordings-deleted")) == (3, 100)
    assert service.gate.audit.verify() == []
    last = service.gate.audit.entries(limit=1)[0]
    head = disk / "data" / "keys" / HEAD_FILE
    assert head.read_text() == f"{last.number} {last.hash}\n", "what is cut off is missed, now as ever"
    assert head.stat().st_mode & 0o777 == 0o400
    shorter = service.desk.version().text.replace("tracks_hours: 1", "tracks_hours: 0")
    service.desk.edit(shorter, base=1, author="anna")
    assert service.gate.audit.entries(limit=1)[0].event == "tracks-off"
    until(lambda: not recorded(service))
    (disk / "filler").unlink()
    come_in(service)
    assert service.gate.audit.verify() == []


def test_recordings_are_deleted_there(disk: Path, opened: Callable[[], Service]) -> None:
    service = opened()
    service.gate.users.add("anna", PASSWORD, Rights(Role.ADMIN), SERVICE)
    entry = service.gate.log_in("anna", PASSWORD, "127.0.0.1")
    until(lambda: is_ready_for_it(service, disk))
    folder = disk / "data" / "recordings" / "a"
    folder.mkdir()
    (folder / "a-20260302T100000Z.mp4").write_bytes(bytes(8 << 20))
    (folder / "a-20260302T110000Z.mp4").write_bytes(bytes(8 << 20))
    app = app_of(service, Door(), SystemClock())
    caller = service.gate.by_session(entry.session.secret)
    assert caller is not None
    headers = {"Cookie": f"footfall_session={entry.session.secret}", "X-Footfall-CSRF": caller.csrf}
    client = Client(app)
    fill(disk)
    try:
        first = client.delete("/api/v1/recordings/a%2Fa-20260302T100000Z.mp4", headers=headers)
        assert first.status_code == 204, first.text
        fill(disk)
        rest = client.delete(
            "/api/v1/recordings?camera=a&from=2026-03-02T10:00:00Z&to=2999-01-01T00:00:00Z", headers=headers
        )
        assert rest.json() == {"recordings": 1, "size_bytes": 8 << 20, "growing": 0}
    finally:
        client.close()
    told = [entry.what["count"] for entry in service.gate.audit.entries() if entry.event == "recordings-deleted"]
    assert (told, list(folder.iterdir())) == ([1, 1], [])
    assert service.gate.audit.verify() == []


def test_the_service_starts_on_a_full_disk(disk: Path, opened: Callable[[], Service]) -> None:
    first = opened()
    first.gate.users.add("anna", PASSWORD, Rights(Role.ADMIN), SERVICE)
    until(lambda: is_ready_for_it(first, disk))
    fill(disk)
    first.close()
    fill(disk)
    second = opened()
    assert not (disk / "data" / FILE).exists()
    fill(disk)
    come_in(second)
    for _ in range(20):
        act(second)
    until(lambda: LOW in second.desk.health().reasons)
    assert "given up" in second.desk.health().reasons[LOW]
    assert second.gate.audit.verify() == []
    (disk / "filler").unlink()
    until(lambda: is_ready_for_it(second, disk))
