from __future__ import annotations

import threading
from pathlib import Path

import pytest

from footfall.core.errors import ConfigError
from footfall.customvision.door.keys import KEY_FILE, USE_FILE, AccessKeys, Area, KeyName
from vision_door import HandClock

NAMES = [KeyName(Area(area), number) for area in ("prediction", "training") for number in (1, 2)]


def test_the_first_start_makes_two_keys_an_area_and_tells_them_once(tmp_path: Path) -> None:
    keys = AccessKeys(tmp_path, HandClock())
    new = keys.make_missing()
    assert sorted(map(str, (key.name for key in new))) == list(map(str, NAMES))
    assert len({key.secret for key in new}) == 4
    assert all(len(key.secret) >= 43 for key in new), "256 bits in base64"
    assert all(keys.find(key.secret) == key.name for key in new)
    assert keys.make_missing() == []
    assert AccessKeys(tmp_path, HandClock()).make_missing() == []


def test_only_hashes_are_kept_and_only_for_this_user(tmp_path: Path) -> None:
    keys = AccessKeys(tmp_path, HandClock())
    secrets = [key.secret for key in keys.make_missing()]
    assert keys.find(secrets[0])
    for file in tmp_path.iterdir():
        text = file.read_text()
        assert not any(secret in text for secret in secrets)
        assert file.stat().st_mode & 0o077 == 0
    assert not any(secret in repr(keys.make_missing()) + repr(keys.listed()) for secret in secrets)


@pytest.mark.parametrize("wrong", ["", "x", "\udcff", "ä" * 50, "\x00"])
def test_wrong_keys_are_nobodys(tmp_path: Path, wrong: str) -> None:
    keys = AccessKeys(tmp_path, HandClock())
    keys.make_missing()
    assert keys.find(wrong) is None


def test_another_process_replaces_a_key_while_this_one_runs(tmp_path: Path) -> None:
    keys = AccessKeys(tmp_path, HandClock())
    old = {key.name: key.secret for key in keys.make_missing()}
    name = KeyName(Area.TRAINING, 2)
    new = AccessKeys(tmp_path, HandClock()).rotate(name)
    assert keys.find(old[name]) is None
    assert keys.find(new.secret) == name
    assert keys.find(old[KeyName(Area.TRAINING, 1)]) == KeyName(Area.TRAINING, 1)


def test_no_call_with_the_other_key_fails_while_one_is_replaced(tmp_path: Path) -> None:
    keys = AccessKeys(tmp_path, HandClock())
    first = {key.name: key.secret for key in keys.make_missing()}[KeyName(Area.TRAINING, 1)]
    stop, failed, found = threading.Event(), [], []

    def use() -> None:
        while not stop.is_set():
            (found if keys.find(first) else failed).append(1)

    users = [threading.Thread(target=use) for _ in range(3)]
    for user in users:
        user.start()
    other = AccessKeys(tmp_path, HandClock())
    rotations = 0
    while not failed and (rotations < 20 or len(found) <= 20):
        other.rotate(KeyName(Area.TRAINING, 2))
        rotations += 1
    stop.set()
    for user in users:
        user.join()
    assert not failed


def test_the_last_use_is_known_to_the_minute_and_after_a_restart(tmp_path: Path) -> None:
    clock = HandClock()
    keys = AccessKeys(tmp_path, clock)
    new = keys.make_missing()[0]
    assert [used for _, used in keys.listed()] == [None] * 4
    keys.find(new.secret)
    first = clock.now()
    clock.go(seconds=30)
    keys.find(new.secret)
    used = {key.name: used for key, used in AccessKeys(tmp_path, clock).listed()}
    assert used[new.name] == first
    clock.go(seconds=40)
    keys.find(new.secret)
    used = {key.name: used for key, used in AccessKeys(tmp_path, clock).listed()}
    assert used[new.name] == clock.now()


def test_keys_work_where_their_use_cannot_be_written_down(tmp_path: Path, caplog) -> None:
    keys = AccessKeys(tmp_path, HandClock())
    new = keys.make_missing()[0]
    (tmp_path / f".{USE_FILE}.part").mkdir()
    (tmp_path / f".{USE_FILE}.part" / "in the way").touch()
    assert keys.find(new.secret) == new.name
    assert "cannot be written down" in caplog.text


@pytest.mark.parametrize("text", ["nonsense\n", "training one 1 00\n", "training 1 1 xyz\n", "owner 1 1 00\n"])
def test_a_broken_file_is_said_to_be(tmp_path: Path, text: str) -> None:
    (tmp_path / KEY_FILE).write_text(text)
    with pytest.raises(ConfigError, match="holds no keys"):
        AccessKeys(tmp_path, HandClock())


@pytest.mark.parametrize("text", ["", "[]", '{"training key 1": "x"}', "{"])
def test_a_broken_file_of_uses_does_no_harm(tmp_path: Path, text: str) -> None:
    AccessKeys(tmp_path, HandClock()).make_missing()
    (tmp_path / USE_FILE).write_text(text)
    assert [used for _, used in AccessKeys(tmp_path, HandClock()).listed()] == [None] * 4
