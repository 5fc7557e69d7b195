import asyncio
import io
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from footfall.access.audit import Audit
from footfall.store.faults import StoreUnavailable
from footfall.vault.keys import Keys
from footfall.vault.part import PartFile
from footfall.vault.sealed import CHUNK_BYTES, Sealer, opened_size
from footfall.web import recordings
from footfall.web.clips import clips
from footfall.web.deleting import delete
from footfall.web.desk import Unknown
from footfall.web.ranges import Unsatisfiable, asked_range
from footfall.web.security import Refused
from small_desk import Client, SetClock, as_

RECORDINGS = "/api/v1/recordings"
FRONT = "front/front-20260302T100000Z.mp4"
ODD = "T%C3%BCr 1%2F2 %E2%98%82"
SEALED = f"{ODD}/{ODD}-20260302T110000Z.mp4.enc"
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


def test_clips_that_begin_in_the_same_second_are_listed_newest_first(client, kept):
    for number in ("-1", "-2", "-10"):
        (kept.folder / "recordings" / FRONT.replace(".mp4", f"{number}.mp4")).write_bytes(b"")
    told = client.get(f"{RECORDINGS}?camera=front", headers=as_("operator")).json()["recordings"]
    assert [one["id"].partition("Z")[2] for one in told] == ["-10.mp4", "-2.mp4", "-1.mp4", ".mp4"]


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
    url = f"{RECORDINGS}/{quote(SEALED, safe='')}"
    first, last = wanted
    answer = client.get(url, headers=as_("operator", Range=f"bytes={first}-{last - 1}"))
    assert answer.content == VIDEO[first:last]
    assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/{len(VIDEO)}"
    assert client.get(url, headers=as_("operator")).content == VIDEO


def test_without_keys_a_sealed_clip_stays_sealed(client, kept, app):
    app.state.parts = replace(kept, recording_keys=None)
    url = f"{RECORDINGS}/{quote(SEALED, safe='')}"
    assert client.get(url, headers=as_("operator")).json()["error"]["code"] == "no-keys"


def test_a_damaged_recording_is_told_and_can_be_deleted(client, kept):
    file, url = kept.folder / "recordings" / SEALED, f"{RECORDINGS}/{quote(SEALED, safe='')}"
    whole = bytearray(file.read_bytes())
    whole[100] ^= 1
    file.write_bytes(whole)
    answer = client.get(url, headers=as_("operator"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not-opened")
    assert client.delete(url, headers=as_("operator")).status_code == 204


OTHERS = [
    "../store.sqlite", "front/evil-20260302T100000Z.mp4", "/etc/passwd", "front/notes.txt", "x", "front",
    "front/.front-20260302T100500Z.mp4.part", f"../recordings/{FRONT}", f"front/../{FRONT}", f"./{FRONT}",
]  # fmt: skip


def files_of(parts):
    return sorted(str(file.relative_to(parts.folder)) for file in parts.folder.rglob("*") if not file.is_dir())


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_nothing_else_is_given_out_or_deleted(client, kept, method, name):
    before = files_of(kept)
    answer = client.request(method, f"{RECORDINGS}/{quote(name, safe='')}", headers=as_("operator"))
    assert answer.status_code == 404, answer.content
    assert files_of(kept) == before


def told_by(parts, since):
    return [entry for entry in parts.gate.audit.entries[since:] if entry[0] == "recordings-deleted"]


@pytest.mark.parametrize("who", ["operator", "admin"])
def test_a_recording_is_deleted_and_written_down(client, kept, who):
    since = len(kept.gate.audit.entries)
    assert client.delete(f"{RECORDINGS}/{quote(FRONT, safe='')}", headers=as_(who)).status_code == 204

    assert [one.id for one in clips(kept.folder)] == [SEALED]
    what = {
        "camera": "front", "count": 1, "id": FRONT, "address": "127.0.0.1",
        "begin": "2026-03-02T10:00:00+00:00", "end": "2026-03-02T11:30:00+00:00",
    }  # fmt: skip
    assert told_by(kept, since) == [("recordings-deleted", f"{who} (token test)", what)]
    assert client.delete(f"{RECORDINGS}/{quote(FRONT, safe='')}", headers=as_(who)).status_code == 404
    assert len(told_by(kept, since)) == 1


def test_nobody_opens_people_by_deleting_them(client, kept):
    since = len(kept.gate.audit.entries)
    client.delete(f"{RECORDINGS}/{quote(FRONT, safe='')}", headers=as_("operator"))
    assert [entry[0] for entry in kept.gate.audit.entries[since:]] == ["recordings-deleted"]


def test_a_sealed_recording_goes_without_its_keys(client, kept, app):
    app.state.parts = replace(kept, recording_keys=None)
    assert client.delete(f"{RECORDINGS}/{quote(SEALED, safe='')}", headers=as_("admin")).status_code == 204
    assert not (kept.folder / "recordings" / SEALED).exists()


TEN = "from=2026-03-02T10:00:00Z&to=2026-03-02T10:30:00Z"


@pytest.mark.parametrize(
    ("asked", "told", "left"),
    [
        pytest.param(f"camera=front&{TEN}", (1, 10, 1), [SEALED], id="a visit"),
        pytest.param(TEN, (1, 10, 1), [SEALED], id="of all cameras"),
        pytest.param(f"camera={quote('Tür 1/2 ☂')}&{TEN}", (0, 0, 0), [SEALED, FRONT], id="another camera"),
        pytest.param(f"camera=nowhere&{TEN}", (0, 0, 0), [SEALED, FRONT], id="no camera"),
        pytest.param(f"camera=front&{TEN}&dry_run=true", (1, 10, 1), [SEALED, FRONT], id="only counted"),
        pytest.param(
            "from=2026-03-02T11:30:00Z&to=2026-03-02T13:00:00Z", (2, 10 + len(VIDEO), 1), [], id="up to the last moment"
        ),
        pytest.param(
            "from=2026-03-02T09:00:00Z&to=2026-03-02T10:00:00Z", (0, 0, 0), [SEALED, FRONT], id="before it began"
        ),
        pytest.param(
            "from=2026-03-02T11:30:01Z&to=2026-03-02T13:00:00Z", (0, 0, 0), [SEALED, FRONT], id="after it was complete"
        ),
        pytest.param(
            "from=1970-01-02T00:00:00Z&to=2999-01-01T00:00:00Z", (2, 10 + len(VIDEO), 1), [], id="all that there is"
        ),
    ],
)
def test_a_time_is_deleted(client, kept, asked, told, left):
    since = len(kept.gate.audit.entries)
    answer = client.delete(f"{RECORDINGS}?{asked}", headers=as_("operator"))
    assert answer.json() == dict(zip(("recordings", "size_bytes", "growing"), told, strict=True))
    assert [one.id for one in clips(kept.folder)] == left
    assert (kept.folder / "recordings" / "front" / ".front-20260302T100500Z.mp4.part").exists()
    assert [entry[2]["camera"] for entry in told_by(kept, since)] == [
        camera for camera, name in (("Tür 1/2 ☂", SEALED), ("front", FRONT)) if name not in left
    ]


@pytest.mark.parametrize("suffix", ["", ".enc"])
def test_what_is_being_written_is_told_and_stays(client, kept, suffix):
    shutil.rmtree(kept.folder / "recordings" / "front")
    (kept.folder / "recordings" / "front").mkdir()
    part = PartFile(kept.folder / "recordings" / "front" / f"front-20260302T100000Z.mp4{suffix}")
    part.write(VIDEO)
    url = f"{RECORDINGS}?camera=front&{TEN.replace('10:30', '11:00')}"
    told = {"recordings": 0, "size_bytes": 0, "growing": 1}
    assert client.delete(url, headers=as_("operator")).json() == told
    part.finish()
    told = client.delete(url, headers=as_("operator")).json()
    assert (told["recordings"], told["growing"], list(part.file.parent.iterdir())) == (1, 0, [])


def test_several_of_a_camera_are_one_entry(client, kept):
    (kept.folder / "recordings" / "front" / "front-20260302T104500Z-1.mp4").write_bytes(b"123")
    since = len(kept.gate.audit.entries)
    client.delete(f"{RECORDINGS}?camera=front&{TEN.replace('10:30', '11:00')}", headers=as_("admin"))
    assert [(what["count"], what["begin"], "id" in what) for _, _, what in told_by(kept, since)] == [
        (2, "2026-03-02T10:00:00+00:00", False)
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "", "camera=front", "camera=front&from=2026-03-02T10:00:00Z", "to=2026-03-02T10:00:00Z",
        "from=2026-03-02T10:00:00Z&to=2026-03-02T10:00:00Z", "from=2026-03-02T10:00:00&to=2026-03-02T11:00:00",
        f"{TEN}&dry_run=perhaps",
    ],
)  # fmt: skip
def test_without_a_whole_time_nothing_goes(client, kept, asked):
    assert client.delete(f"{RECORDINGS}?{asked}", headers=as_("operator")).status_code == 400
    assert len(clips(kept.folder)) == 2


def test_of_cameras_that_one_does_not_see_nothing_is_told_or_deleted(client, kept, monkeypatch):
    rights = {**kept.gate.callers, "doorman": replace(kept.gate.callers["guard"], real_pixels=True)}
    monkeypatch.setattr(kept.gate, "callers", rights)
    there = client.delete(f"{RECORDINGS}/{quote(SEALED, safe='')}", headers=as_("doorman"))
    nowhere = client.delete(f"{RECORDINGS}/{quote('x/x-20260302T110000Z.mp4', safe='')}", headers=as_("doorman"))
    assert (there.status_code, there.content) == (404, nowhere.content)
    whole = "from=1970-01-02T00:00:00Z&to=2999-01-01T00:00:00Z"
    assert client.delete(f"{RECORDINGS}?camera={quote('Tür 1/2 ☂')}&{whole}", headers=as_("doorman")).status_code == 404
    told = client.delete(f"{RECORDINGS}?{whole}", headers=as_("doorman")).json()
    assert (told["recordings"], [one.id for one in clips(kept.folder)]) == (1, [SEALED])


@pytest.mark.parametrize("who", ["viewer", "guest", "guard"])
def test_who_may_not_see_people_deletes_nothing_unless_they_are_an_admin(client, kept, who):
    assert client.delete(f"{RECORDINGS}/{quote(FRONT, safe='')}", headers=as_(who)).status_code == 403
    assert client.delete(f"{RECORDINGS}?camera=front&{TEN}", headers=as_(who)).status_code == 403
    assert len(clips(kept.folder)) == 2


def test_two_people_delete_at_once(app, kept):
    since = len(kept.gate.audit.entries)

    def ask(_):
        client = Client(app)
        answer = client.delete(f"{RECORDINGS}/{quote(FRONT, safe='')}", headers=as_("operator"))
        client.close()
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(ask, range(4)))
    assert statuses == [204, 404, 404, 404]
    assert len(told_by(kept, since)) == 1


def test_one_was_faster(kept):
    found = clips(kept.folder)
    assert delete(found, kept.gate.audit, "anna", "") == found
    since = len(kept.gate.audit.entries)
    assert delete(found, kept.gate.audit, "bert", "") == []
    assert kept.gate.audit.entries[since:] == []


def test_what_cannot_be_deleted_is_told_and_the_rest_goes(kept, caplog):
    stuck, other = clips(kept.folder)
    stuck.file.unlink()
    stuck.file.mkdir()
    since = len(kept.gate.audit.entries)
    with pytest.raises(Refused, match="1 of 2 recordings cannot be deleted: Is a directory") as refused:
        delete([stuck, other], kept.gate.audit, "anna", "")
    assert (refused.value.status, refused.value.code) == (503, "not-deleted")
    assert not other.file.exists()
    assert [entry[2]["camera"] for entry in kept.gate.audit.entries[since:]] == ["front"]
    assert f"{stuck.file} cannot be deleted" in caplog.text


def test_a_log_that_cannot_be_written_is_told(kept, caplog):
    class Full(Audit):
        def record(self, *_):
            raise StoreUnavailable("storage", "the disk is full")

    found = clips(kept.folder)
    assert delete(found, Full(kept.own, kept.folder, SetClock()), "anna", "") == found
    assert "recordings-deleted by anna is not in the audit log" in caplog.text


def test_what_was_deleted_just_before_it_was_opened_is_not_there(kept):
    clip = clips(kept.folder)[1]
    clip.file.unlink()
    with pytest.raises(Unknown, match="no such recording"):
        recordings._begun(clip, range(10), None)


def test_who_plays_it_plays_it_to_its_end(kept, app):
    body = bytearray()

    async def play():
        """Asks, has it deleted after the first part, and reads on."""
        path = f"{RECORDINGS}/{quote(SEALED, safe='')}"
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"127.0.0.1"), (b"authorization", b"Bearer operator")], "http_version": "1.1",
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 443), "scheme": "https", "root_path": "",
        }  # fmt: skip

        asked = iter([{"type": "http.request"}])

        async def receive():
            return next(asked, None) or await asyncio.Event().wait()

        async def send(message):
            if message["type"] == "http.response.start":
                assert message["status"] == 200
                delete(clips(kept.folder), kept.gate.audit, "bert", "")
            body.extend(message.get("body", b""))

        await app(scope, receive, send)

    asyncio.run(play())
    assert (bytes(body) == VIDEO, clips(kept.folder)) == (True, [])


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
