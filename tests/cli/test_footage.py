"""`footfall footage`: what there is, and as a file."""

from __future__ import annotations

import shutil
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from footage import make_clip
from footfall.cli.main import main
from footfall.config.media import AssetSink, MediaNode
from footfall.recording.media import Store, open_recording
from footfall.recording.names import GraphNames
from footfall.vault.keys import Keys, keys_of
from recording.camera import numbers, packets_of
from servers.clock import SetClock


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds twice, half a minute apart: in clear, sealed, and to be kept for three days."""
    folder = tmp_path_factory.mktemp("assets")
    packets = packets_of(make_clip(folder / "a.ts", count=100))
    for name, store in (
        ("plain", Store(folder / "assets")),
        ("sealed", Store(folder / "assets", ring=Keys(bytes(32)))),
        ("three-days", Store(folder / "assets", retention_days=3)),
    ):
        sink = MediaNode("sink", AssetSink(name, segment_s=3.0))
        recording = open_recording(GraphNames("shop", "cvr"), [sink], None, store, lambda _: None, SetClock())
        for by_s in (0.0, 30.0):
            recording.life(by_s)
            for packet in packets:
                recording.packet(replace(packet, utc=packet.utc + timedelta(seconds=by_s)))
        assert recording.close(60.0)
    (folder / "assets" / "others").mkdir()
    (folder / "keys").write_text(bytes(32).hex())
    (folder / "keys").chmod(0o600)
    return folder / "assets"


def test_the_list(assets: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["footage", "list", str(assets)]) == 0
    head, *rows = capfd.readouterr().out.splitlines()
    assert head.split() == ["asset", "from", "to", "shows", "MiB", "kept"]
    assert [row.split()[0] for row in rows] == ["plain", "sealed", "three-days"]
    assert rows[0].split()[1:5] == ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:40.000Z", "20.0", "s"]
    assert rows[2].split()[-2:] == ["3", "d"]


def test_a_stretch_as_a_file(assets: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.mp4"
    options = ["--start", "2026-01-01T00:00:31.5Z", "--end", "2026-01-01T01:00:33+01:00"]
    assert main(["footage", "export", str(assets / "plain"), str(target), *options]) == 0
    assert numbers(target) == pytest.approx(list(range(10, 30)), abs=1)
    assert "2.0 s" in capfd.readouterr().err


def test_what_a_killed_export_has_left_is_in_nobodys_way(assets: Path, tmp_path: Path) -> None:
    (tmp_path / ".out.mp4.part").touch()
    assert main(["footage", "export", str(assets / "plain"), str(tmp_path / "out.mp4")]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def test_what_is_sealed_needs_its_keys(assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_RECORDING_KEY_FILE", str(assets.parent / "keys"))
    assert main(["footage", "export", str(assets / "sealed"), str(tmp_path / "out.mp4")]) == 0
    assert len(numbers(tmp_path / "out.mp4")) == 200


@pytest.mark.parametrize(
    ("words", "what"),
    [
        pytest.param(["list", "{}/missing"], "No such file", id="no folder"),
        pytest.param(["export", "{}/missing", "out.mp4"], "No such file", id="no asset"),
        pytest.param(["export", "{}/others", "out.mp4"], "nothing of that time", id="no recording"),
        pytest.param(["export", "{}/plain", "out.mp4", "--start", "2030-01-01"], "nothing of that", id="not then"),
        pytest.param(["export", "{}/plain", "taken.mp4"], "exists already", id="no overwriting"),
        pytest.param(["export", "{}/plain", "none/out.mp4"], "No such file", id="no place"),
        pytest.param(["export", "{}/sealed", "out.mp4"], "there are no keys", id="no keys"),
        pytest.param(["export", "{}/sealed", "out.mp4", "--keys", "other.key"], "not among yours", id="other keys"),
        pytest.param(["export", "{}/sealed", "out.mp4", "--keys", "taken.mp4"], "no key in it", id="no key file"),
        pytest.param(["export", "taken.mp4", "out.mp4", "--end", "2030-01-01"], "for assets", id="times of a clip"),
        pytest.param(["export", "taken.mp4", "out.mp4"], "taken.mp4: $: ", id="no clip"),
        pytest.param(["key", "taken.mp4"], "exists already", id="no overwriting of keys"),
        pytest.param(["prune", "taken.mp4"], "Not a directory", id="no folder of assets"),
    ],
)
def test_what_cannot_be_done_is_told(
    assets: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    what: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken.mp4").touch(mode=0o600)
    Path("other.key").write_text("f" * 64)
    assert main(["footage", *(word.format(assets) for word in words)]) == 2
    assert what in capfd.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.key", "taken.mp4"]


def test_times_are_checked(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["footage", "export", "a", "b", "--start", "yesterday"])
    assert "'yesterday' is no time" in capfd.readouterr().err


def test_keys_are_new_and_for_their_owner_alone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert main(["footage", "key", str(tmp_path / name)]) == 0
        assert keys_of({}, str(tmp_path / name))
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


def test_prune_deletes_what_is_too_old(assets: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assets = shutil.copytree(assets, tmp_path / "assets")
    assert main(["footage", "prune", str(assets)]) == 0
    assert "8 segments deleted" in capfd.readouterr().err
    assert not (assets / "three-days").exists()
    assert (assets / "plain").exists()


def test_an_empty_folder(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["footage", "list", str(tmp_path)]) == 0
    assert "there are no assets" in capfd.readouterr().err
