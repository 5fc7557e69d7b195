"""The desk over real cameras: tiny clips that play for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from footage import make_clip
from footfall.access.outbound import CAMERA, CAMERAS, Reach
from footfall.config.plan import SourceSpec
from footfall.core.errors import ConfigError
from footfall.engine.clock import SystemClock
from footfall.serve.fence import Fence
from footfall.serve.folder import DataFolder
from footfall.serve.service import Service, Wishes
from footfall.spatial.regions import SpatialSpec
from footfall.store import tracks
from footfall.web.desk import Conflict, Document, Unknown
from servers.listener import listener
from servers.video_site import video_site

ZONE = {"name": "all", "points": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]], "events": ["count"]}
CANARY = "c4n4ry"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", count=30, fps=10)


def text_of(clip: Path, *names: str, more: str = "") -> str:
    return "cameras:\n" + "".join(f"  - {{name: {name}, url: {clip}}}\n" for name in names) + more


Open = Callable[..., Service]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    services: list[Service] = []

    def open_one(
        config: str | None = None, *, starts: bool = False, fence: Fence | None = None, **environ: str
    ) -> Service:
        path = None
        if config is not None:
            path = tmp_path / "shop.yaml"
            path.write_text(config)
        variables = {"FOOTFALL_MODEL": "motion", "FOOTFALL_DATA": str(tmp_path / "else"), **environ}
        service = Service(Wishes(DataFolder(tmp_path / "data"), path, "", 1, variables, fence), SystemClock())
        services.append(service)
        if starts:
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


def test_the_first_start_has_an_empty_configuration(opened: Open) -> None:
    desk = opened().desk
    version = desk.version()
    assert (version.number, version.author, version.document) == (1, "footfall", {"cameras": []})
    assert desk.cameras() == []
    assert desk.health().is_ready


def test_a_file_is_taken_over_when_it_says_something_new(opened: Open, clip: Path) -> None:
    first = opened(text_of(clip, "a"))
    assert (first.desk.version().author, [c.name for c in first.desk.cameras()]) == ("file", ["a"])
    first.desk.edit(text_of(clip, "a", "b"), base=1, author="anna")
    first.close()
    again = opened(text_of(clip, "a"))
    assert [c.name for c in again.desk.cameras()] == ["a", "b"], "the file is as it was: the edit stays"
    again.close()
    other = opened(text_of(clip, "c"))
    assert [(v.number, v.author) for v in other.desk.versions()] == [(3, "file"), (2, "anna"), (1, "file")]


def test_a_file_is_followed_while_it_runs(opened: Open, clip: Path, tmp_path: Path) -> None:
    service, path = opened(text_of(clip, "a"), starts=True), tmp_path / "shop.yaml"
    path.write_text("cameras: [{url: nowhere}]")
    until(lambda: "file-refused" in service.desk.health().reasons)
    assert service.desk.health().is_ready, "all goes on as before"
    assert [c.name for c in service.desk.cameras()] == ["a"]
    path.write_text(text_of(clip, "a", "b"))
    until(lambda: service.desk.version().number == 2)
    assert (service.desk.version().author, len(service.desk.cameras())) == ("file", 2)
    until(lambda: "file-refused" not in service.desk.health().reasons)


def test_a_file_that_is_taken_over_is_in_the_audit_log(opened: Open, clip: Path, tmp_path: Path) -> None:
    service = opened(text_of(clip, "a"), starts=True)
    (tmp_path / "shop.yaml").write_text(text_of(clip, "a", "b"))
    until(lambda: service.desk.version().number == 2)

    def told() -> list[object]:
        entries = service.gate.audit.entries()
        return sorted(entry.what["version"] for entry in entries if entry.event == "configuration-changed")

    until(lambda: told() == [1, 2])


def test_a_wrong_file_at_the_first_start_is_refused(opened: Open) -> None:
    with pytest.raises(ConfigError, match="has no url"):
        opened("cameras: [{name: a}]")


def test_two_people_edit_at_once(opened: Open, clip: Path) -> None:
    desk = opened(text_of(clip, "a")).desk
    mine = desk.edit(text_of(clip, "a", "b"), base=1, author="anna", comment="door b")
    with pytest.raises(Conflict) as caught:
        desk.edit(text_of(clip, "c"), base=1, author="bob")
    assert (caught.value.current, caught.value.base) == (mine, desk.version(1))
    assert desk.version().comment == "door b"


def test_what_is_wrong_changes_nothing(opened: Open, clip: Path) -> None:
    desk = opened(text_of(clip, "a")).desk
    with pytest.raises(ConfigError, match="taken"):
        desk.edit(text_of(clip, "b", "b"), base=1, author="anna")
    with pytest.raises(ConfigError, match="no-such-model"):
        desk.edit(text_of(clip, "b", more="model: no-such-model\n"), base=1, author="anna")
    assert (desk.version().number, [c.name for c in desk.cameras()]) == (1, ["a"])


def test_an_edit_changes_the_document(opened: Open, clip: Path) -> None:
    desk = opened(text_of(clip, "a") + "# a comment\n").desk

    def rename(document: Document) -> Document:
        document["cameras"][0]["name"] = "Straße 7/ü"
        return document

    version = desk.edit(rename, base=1, author="anna")
    assert version.document is not None
    assert [c.name for c in desk.cameras()] == ["Straße 7/ü"]
    assert desk.edit(version.text, base=2, author="anna") == version, "nothing new"

    def find_nothing(_: Document) -> Document:
        raise Unknown("there is no such camera")

    with pytest.raises(Unknown):
        desk.edit(find_nothing, base=2, author="anna")


def test_undoing_adds_a_version(opened: Open, clip: Path) -> None:
    desk = opened(text_of(clip, "a")).desk
    desk.edit(text_of(clip, "b"), base=1, author="anna")
    undone = desk.edit(desk.version(1).text, base=2, author="bob", comment="back to 1")
    assert (undone.number, undone.text) == (3, desk.version(1).text)
    assert [c.name for c in desk.cameras()] == ["a"]


def test_passwords_are_sealed_before_anything_is_kept(opened: Open, tmp_path: Path) -> None:
    text = f"cameras:\n  - {{name: a, enabled: false, url: 'rtsp://u:{CANARY}@127.0.0.1:9/s'}}\n"
    service = opened(text)
    desk = service.desk
    assert desk.cameras()[0].plan.spec(SourceSpec).url == f"rtsp://u:{CANARY}@127.0.0.1:9/s"
    assert CANARY not in desk.version().text + desk.cameras()[0].url + repr(desk.version())
    assert desk.check(text) == ()
    service.close()
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
    again = opened(text).desk
    assert again.version().number == 1, "the same secret has the same name"


def test_a_secret_is_kept_and_named(opened: Open) -> None:
    desk = opened().desk
    name = desk.keep_secret("front door password", CANARY)
    assert name == "${FRONT_DOOR_PASSWORD}"
    login = "{user: u, password: '" + name + "'}"
    text = f"cameras:\n  - {{name: a, enabled: false, url: rtsp://127.0.0.1:9/s, login: {login}}}\n"
    desk.edit(text, base=1, author="anna")
    assert desk.cameras()[0].plan.spec(SourceSpec).url == f"rtsp://u:{CANARY}@127.0.0.1:9/s"
    desk.keep_secret("front door password", "other")
    assert desk.cameras()[0].plan.spec(SourceSpec).url == "rtsp://u:other@127.0.0.1:9/s"
    with pytest.raises(ConfigError, match="FRONT_DOOR_PASSWORD"):
        desk.keep_secret("front door password", "")
    desk.edit("cameras: []\n", base=2, author="anna")
    assert desk.keep_secret("front door password", "") == ""


TWIN = """{"properties": {"desired": {"graphs": {"g": {"version": 1, "enabled": false,
 "parameters": {"VIDEO_URL": "rtsp://u:%s@127.0.0.1:9/s", "VIDEO_SOURCE_ID": "cam",
  "SPACEANALYTICS_CONFIG": {"zones": [{"name": "z", "polygon": [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]],
   "events": [{"type": "count", "config": {}}]}]}},
  "operationId": "cognitiveservices.vision.spatialanalysis-personcount"}}}}}
"""


def test_a_twin_is_a_configuration_too(opened: Open) -> None:
    desk = opened().desk
    version = desk.edit(TWIN % CANARY, base=1, author="twin")
    assert version.document is None
    assert CANARY not in version.text
    assert desk.cameras()[0].plan.spec(SourceSpec).url == f"rtsp://u:{CANARY}@127.0.0.1:9/s"
    with pytest.raises(ConfigError, match="change its text"):
        desk.edit(lambda document: document, base=2, author="anna")


def test_a_plan_is_tried_without_changing_anything(opened: Open, clip: Path) -> None:
    desk = opened(text_of(clip, "a")).desk
    plan = desk.replayed("a", {"cameras": [{"name": "a", "url": str(clip), "zones": [ZONE]}]})
    assert [zone.name for zone in plan.spec(SpatialSpec).zones] == ["all"]
    with pytest.raises(Unknown):
        desk.replayed("b", {"cameras": [{"name": "a", "url": str(clip)}]})
    assert desk.version().number == 1


def test_a_configuration_that_does_not_run_any_more_keeps_the_page_up(opened: Open) -> None:
    text = "cameras:\n  - {name: a, enabled: false, url: 'rtsp://u:${CAM}@127.0.0.1:9/s'}\n"
    opened(text, CAM="x").close()
    desk = opened().desk
    assert list(desk.health().reasons) == ["configuration-broken"]
    assert desk.cameras() == []
    desk.keep_secret("CAM", "y")
    desk.edit(text + "fps: 5\n", base=1, author="anna")
    assert desk.cameras()[0].state == "disabled"
    assert desk.health().is_ready


def test_cameras_run_and_tell_how(opened: Open, clip: Path) -> None:
    service = opened(text_of(clip, "a", "b"), starts=True)
    heard: list[str] = []
    end = service.desk.subscribe(lambda message: heard.append(message.topic))

    def watched(document: Document) -> Document:
        document["cameras"][0]["zones"] = [ZONE]
        return document

    until(lambda: all(c.state == "running" for c in service.desk.cameras()))
    frames = {c.name: c.counts["frames_analysed"] for c in service.desk.cameras()}
    service.desk.edit(watched, base=1, author="anna")
    until(lambda: heard and set(heard) == {"a"})
    end()
    until(lambda: service.desk.cameras()[0].fps_analysed > 1.0)
    one, other = service.desk.cameras()
    assert one.counts["frames_analysed"] >= frames["a"], "the camera was not started anew"
    assert other.counts["frames_analysed"] >= frames["b"]
    assert (one.size_px, one.reason_code, set(one.zones)) == ((640, 360), "", {"all"})
    assert one.detector_s > 0.0


def test_events_go_where_the_present_configuration_says(opened: Open, clip: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    rule = "{type: count, trigger: interval}"
    zone = f"zones: [{{name: all, points: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]], events: [{rule}]}}]"

    def text(*sinks: str) -> str:
        return f"sinks: {list(sinks)}\ncameras: [{{name: a, url: {clip}, {zone}}}]\n"

    service = opened(text(f"jsonl:{first}"), starts=True)
    until(lambda: first.exists() and first.stat().st_size)
    service.desk.edit(text(f"jsonl:{second}", "http://127.0.0.1:9/hook"), base=1, author="anna")
    size = first.stat().st_size
    until(lambda: second.exists() and second.stat().st_size and service.desk.health().waiting)
    assert first.stat().st_size == size
    with pytest.raises(ConfigError, match="nowhere"):
        service.desk.edit(text("jsonl:/nowhere/at/all.jsonl"), base=2, author="anna")
    seen = second.stat().st_size
    until(lambda: second.stat().st_size > seen)
    service.desk.edit(text("http://127.0.0.1:9/hook?again=1", "http://127.0.0.1:9/hook"), base=2, author="anna")
    assert service.desk.cameras()[0].counts["frames_analysed"] > 0


def test_an_anchor_is_kept(opened: Open, clip: Path) -> None:
    line = "{name: door, points: [[0.5, 0.0], [0.5, 1.0]]}"
    text = f"cameras:\n  - {{name: a, url: {clip}, lines: [{line}]}}\noccupancy: [{{name: shop, doors: [door+]}}]\n"
    service = opened(text)
    assert [place.occupancy.people for place in service.desk.places()] == [0]
    assert service.desk.anchor("shop", 7, "anna").occupancy.people == 7
    with pytest.raises(Unknown):
        service.desk.anchor("cellar", 7, "anna")
    service.close()
    again = opened(text)
    assert [place.occupancy.people for place in again.desk.places()] == [7]
    again.close()
    (again.folder.places / "shop.json").write_text("torn")
    assert [place.occupancy.people for place in opened(text).desk.places()] == [0]
    assert (again.folder.places / "shop.broken").read_text() == "torn"


def test_recording_people_is_written_down(opened: Open, clip: Path) -> None:
    service = opened(text_of(clip, "a"))
    service.desk.edit(text_of(clip, "a", more="service: {tracks_hours: 2}\n"), base=1, author="anna")
    service.desk.edit(text_of(clip, "a"), base=2, author="bob")
    entries = [(entry.event, entry.author) for entry in service.gate.audit.entries() if "tracks" in entry.event]
    assert sorted(entries) == [("tracks-off", "bob"), ("tracks-on", "anna")]


def test_tracks_are_recorded(opened: Open, clip: Path) -> None:
    service = opened(text_of(clip, "a", more="service: {tracks_hours: 2}\n"), starts=True)
    until(lambda: service.desk.cameras()[0].counts.get("frames_analysed", 0) > 3)
    service.desk.edit("cameras: []\n", base=1, author="anna")
    until(lambda: tracks.span(service.store, "a"))


def test_a_store_that_is_no_file(opened: Open, tmp_path: Path, clip: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    folder.store.write_bytes(b"no database" * 500)
    with pytest.raises(ConfigError, match="no database"):
        opened(text_of(clip, "a"))
    assert not list(folder.visits.iterdir())


def test_people_add_no_files_but_undo_what_the_file_has_named(opened: Open, clip: Path, tmp_path: Path) -> None:
    service = opened(text_of(clip, "a"), fence=Fence(CAMERAS))
    desk, target = service.desk, tmp_path / "cron"
    wish = text_of(clip, "a", more=f"sinks: ['jsonl:{target}']\n")
    with pytest.raises(ConfigError, match="files of the machine"):
        desk.edit(wish, base=1, author="anna")
    assert any("files of the machine" in problem.what for problem in desk.check(wish))
    assert (desk.version().number, target.exists()) == (1, False)
    desk.edit("cameras: []\n", base=1, author="anna")
    desk.edit(desk.version(1).text, base=2, author="anna")
    desk.take_over(wish, "shop.yaml")
    assert target.exists()


def test_a_secret_in_a_path_is_not_shown(opened: Open) -> None:
    service = opened("cameras:\n  - {name: a, url: 'rtsp://127.0.0.1:1/${CODE}/x', enabled: false}\n", CODE="c0de-x")
    service.desk.keep_secret("CODE", "c0de-x")
    assert service.desk.cameras()[0].url == "rtsp://127.0.0.1:1/***/x"


class Names:
    """A DNS that can be changed; numbers stand for themselves."""

    def __init__(self, **numbers: str) -> None:
        self.numbers = numbers

    def __call__(self, host: str, _port: int) -> list[str]:
        return [self.numbers[host.partition(".")[0]]]


def reason_of(service: Service, camera: str) -> str:
    return next(state.reason_code for state in service.desk.cameras() if state.name == camera)


def test_a_camera_that_comes_to_mean_this_machine_is_not_connected_to(opened: Open) -> None:
    """Added while its name is that of a camera in the house; at the next connection the name leads inside."""
    names = Names(door="127.0.0.2")
    with listener() as (port, came):
        service = opened("cameras: []\n", starts=True, fence=Fence(Reach(CAMERA, loopback=True), None, names))
        service.desk.edit(f"cameras: [{{name: a, url: 'rtsp://door.lan:{port}/1'}}]\n", base=1, author="anna")
        until(lambda: reason_of(service, "a") not in ("", "starting"))
        assert reason_of(service, "a") != "blocked"
        names.numbers["door"] = "169.254.169.254"
        until(lambda: reason_of(service, "a") == "blocked")
        health = service.desk.health()
        assert "metadata" in health.reasons["camera-blocked:a"]
        assert not health.is_ready
        assert came == []
        names.numbers["door"] = "127.0.0.1"
        until(lambda: came, 60.0)
        until(lambda: reason_of(service, "a") != "blocked")


def test_a_camera_whose_server_leads_inside_is_blocked_and_comes_back(opened: Open, clip: Path) -> None:
    names = Names(door="127.0.0.1", inside="169.254.169.254")
    with video_site(clip.parent) as site:
        site.moved = {"/1": "http://inside.lan/latest/"}
        service = opened("cameras: []\n", starts=True, fence=Fence(Reach(CAMERA, loopback=True), None, names))
        camera = f"cameras: [{{name: a, url: 'http://door.lan:{site.port}/1'}}]\n"
        service.desk.edit(camera, base=1, author="anna")
        until(lambda: reason_of(service, "a") == "blocked")
        assert "'inside.lan' is a metadata address" in service.desk.health().reasons["camera-blocked:a"]
        site.moved = {"/1": f"/{clip.name}"}
        until(lambda: service.desk.cameras()[0].counts["frames_in"] > 0, 60.0)


def test_what_the_file_names_is_connected_to_wherever_it_leads(opened: Open, tmp_path: Path) -> None:
    with listener() as (port, came):
        fence = Fence(CAMERAS, None, Names(door="192.168.1.9"))
        service = opened(f"cameras: [{{name: a, url: 'rtsp://127.0.0.1:{port}/1'}}]\n", starts=True, fence=fence)
        until(lambda: came)
        assert reason_of(service, "a") != "blocked"
        text = service.desk.version().text.replace("name: a", "name: b")
        service.desk.edit(text, base=1, author="anna")
        seen = len(came)
        until(lambda: len(came) > seen + 1)
        (tmp_path / "shop.yaml").write_text("cameras: []\n")
        until(lambda: service.desk.version().author == "file" and service.desk.cameras() == [])
        with pytest.raises(ConfigError, match="loopback"):
            service.desk.edit(text, base=service.desk.version().number, author="anna")


def test_what_was_allowed_once_is_refused_where_it_is_not_any_more(opened: Open) -> None:
    """A start without --local-cameras after one with it."""
    with listener() as (port, came):
        text = f"cameras: [{{name: a, url: 'rtsp://127.0.0.1:{port}/1'}}]\n"
        first = opened(fence=Fence(Reach(CAMERA, loopback=True)))
        first.desk.edit(text, base=1, author="anna")
        first.close()
        second = opened(starts=True, fence=Fence(CAMERAS))
        until(lambda: reason_of(second, "a") == "blocked")
        came.clear()
        tries = second.desk.cameras()[0].counts["source_errors"]
        until(lambda: second.desk.cameras()[0].counts["source_errors"] > tries + 1)
        assert came == []


def test_a_secret_may_not_move_an_address_to_where_nobody_may_go(opened: Open, clip: Path) -> None:
    fence = Fence(CAMERAS, None, Names(house="10.0.0.7"))
    text = text_of(clip, "a") + "  - {name: b, enabled: false, url: 'rtsp://u:${PW}@${HOST}/1'}\n"
    service = opened(text, fence=fence, HOST="127.0.0.1", PW="one")
    service.desk.keep_secret("PW", "two")
    with pytest.raises(ConfigError, match="metadata"):
        service.desk.keep_secret("HOST", "169.254.169.254")
    service.desk.keep_secret("HOST", "house.lan")
