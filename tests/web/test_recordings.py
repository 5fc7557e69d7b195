import io
import os
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from footfall.vault.keys import Keys
from footfall.vault.sealed import CHUNK_BYTES, Sealer, opened_size
from footfall.web.ranges import Unsatisfiable, asked_range
from small_desk import as_

RECORDINGS = "/api/v1/recordings"
FRONT = "front/front-20260302T100000Z.mp4"
ODD = "T%C3%BCr 1%2F2 %E2%98%82"
VIDEO = os.urandom(2 * CHUNK_BYTES + 77)


@pytest.fixture
def kept(stored, app):
    root = stored.folder / "recordings"
    for name in ("front", ODD):
        (root / name).mkdir(parents=True)
    (root / FRONT).write_bytes(b"0123456789")
    (root / "front" / ".front-20260302T100500Z.mp4.part").write_bytes(b"growing")
    (root / "front" / "notes.txt").write_text("no clip")
    (root / "front" / "evil-20260302T100000Z.mp4").symlink_to("/etc/passwd")
    keys = Keys(b"k" * 32)
    plain = f"{ODD}-20260302T110000Z.mp4"
    sealed = io.BytesIO()
    sealer = Sealer(sealed, keys, plain)
    sealer.write(VIDEO)
    sealer.finish()
    (root / ODD / f"{plain}.enc").write_bytes(sealed.getvalue())
    for file in root.rglob("*.mp4*"):
        if not file.is_symlink():
            os.utime(file, (datetime(2026, 3, 2, 11, 30, tzinfo=UTC).timestamp(),) * 2)
    app.state.parts = replace(stored, recording_keys=keys)
    return app.state.parts


def test_finished_clips_are_listed_newest_first(client, kept):
    told = client.get(RECORDINGS, headers=as_("operator")).json()
    assert told["is_on"]
    assert [(one["camera"], one["begin"], one["size_bytes"]) for one in told["recordings"]] == [
        ("Tür 1/2 ☂", "2026-03-02T11:00:00.000Z", len(VIDEO)),
        ("front", "2026-03-02T10:00:00.000Z", 10),
    ]
    chosen = client.get(f"{RECORDINGS}?camera=front", headers=as_("operator")).json()["recordings"]
    assert [one["camera"] for one in chosen] == ["front"]
    assert client.get(f"{RECORDINGS}?from=2026-03-02T12:00:00Z", headers=as_("operator")).json()["recordings"] == []


def test_nothing_is_recorded_at_first(client, stored):
    assert client.get(RECORDINGS, headers=as_("operator")).json() == {"is_on": False, "recordings": []}


@pytest.mark.parametrize("who", ["viewer", "guest", "admin", "guard"])
def test_only_who_may_see_people_sees_recordings(client, kept, who):
    assert client.get(RECORDINGS, headers=as_(who)).status_code == 403
    assert client.get(f"{RECORDINGS}/{quote(FRONT, safe='')}", headers=as_(who)).status_code == 403


@pytest.mark.parametrize(
    ("header", "status", "content"),
    [
        (None, 200, b"0123456789"),
        ("bytes=0-3", 206, b"0123"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=5-1000", 206, b"56789"),
        ("bytes=0-", 200, b"0123456789"),
        ("bytes=3-1", 200, b"0123456789"),
        ("bytes=0-1,4-5", 200, b"0123456789"),
        ("apples=1-2", 200, b"0123456789"),
        ("bytes=10-", 416, b""),
        ("bytes=-0", 416, b""),
    ],
)
def test_parts_of_a_clip(client, kept, header, status, content):
    headers = as_("operator") if header is None else as_("operator", Range=header)
    answer = client.get(f"{RECORDINGS}/{quote(FRONT, safe='')}", headers=headers)
    assert (answer.status_code, answer.content) == (status, content)


@pytest.mark.parametrize(
    "wanted", [(0, 10), (CHUNK_BYTES - 5, CHUNK_BYTES + 5), (2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 77)]
)
def test_a_sealed_clip_is_decrypted_on_its_way(client, kept, wanted):
    url = f"{RECORDINGS}/{quote(f'{ODD}/{ODD}-20260302T110000Z.mp4.enc', safe='')}"
    first, last = wanted
    answer = client.get(url, headers=as_("operator", Range=f"bytes={first}-{last - 1}"))
    assert answer.content == VIDEO[first:last]
    assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/{len(VIDEO)}"
    assert client.get(url, headers=as_("operator")).content == VIDEO


def test_without_keys_a_sealed_clip_stays_sealed(client, kept, app):
    app.state.parts = replace(kept, recording_keys=None)
    url = f"{RECORDINGS}/{quote(f'{ODD}/{ODD}-20260302T110000Z.mp4.enc', safe='')}"
    assert client.get(url, headers=as_("operator")).json()["error"]["code"] == "no-keys"


@pytest.mark.parametrize(
    "name", ["../store.sqlite", "front/evil-20260302T100000Z.mp4", "/etc/passwd", "front/notes.txt", "x", "front"]
)
def test_nothing_else_is_given_out(client, kept, name):
    answer = client.get(f"{RECORDINGS}/{quote(name, safe='')}", headers=as_("operator"))
    assert answer.status_code == 404, answer.content


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_the_size_of_a_sealed_file_is_known_without_opening_it(size):
    file = io.BytesIO()
    sealer = Sealer(file, Keys(b"k" * 32), "ä.mp4")
    sealer.write(b"x" * size)
    sealer.finish()
    assert opened_size(len(file.getvalue())) == size


def test_of_nothing_there_is_no_part():
    with pytest.raises(Unsatisfiable):
        asked_range("bytes=0-", 0)
