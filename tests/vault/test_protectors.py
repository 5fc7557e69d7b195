"""Keys in files and mounts: whoever takes them away has revoked them."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from footfall.vault.faults import KeyAway, KeyRevoked
from footfall.vault.protectors import LocalKeys, add_key, drop_keys, key_file, make_key_file, new_key

SECRET = bytes(range(40))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "service-key"
    make_key_file(path)
    return path


def test_what_was_sealed_comes_back(file: Path) -> None:
    key = key_file(file)
    assert key.open(key.seal(SECRET)) == SECRET
    assert key.name == str(file)


def test_a_file_of_keys_is_for_this_user_alone(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    add_key(file)
    drop_keys(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert list(file.parent.iterdir()) == [file]


def test_an_older_key_opens_until_it_is_dropped(file: Path) -> None:
    key = key_file(file)
    sealed = key.seal(SECRET)
    add_key(file)
    assert key.open(sealed) == SECRET
    again = key.seal(SECRET)
    drop_keys(file)
    assert key.open(again) == SECRET
    with pytest.raises(KeyRevoked, match="not among yours"):
        key.open(sealed)


def test_comments_go_with_older_keys(file: Path) -> None:
    text = file.read_text()
    file.chmod(0o600)
    file.write_text(f"# of today\n\n {text}\n{new_key()}")
    drop_keys(file)
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(Path.unlink, "No such file", id="gone"),
        pytest.param(lambda path: (path.unlink(), path.mkdir()), "directory", id="a folder"),
        pytest.param(lambda path: path.write_text(""), "there is no key", id="empty"),
        pytest.param(lambda path: path.write_text("short"), "line 1 is no key", id="no key"),
        pytest.param(lambda path: path.write_bytes(b"\xff"), "is no text", id="no text"),
        pytest.param(lambda path: path.write_text(new_key()), "not among yours", id="another key"),
    ],
)
def test_a_key_that_is_taken_away_is_revoked(change, says: str, file: Path) -> None:
    key = key_file(file)
    sealed = key.seal(SECRET)
    file.chmod(0o600)
    change(file)
    with pytest.raises(KeyRevoked, match=says) as caught:
        key.open(sealed)
    assert not isinstance(caught.value, KeyAway)


def test_a_mount_that_fails_is_away() -> None:
    def read() -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.raises(KeyAway, match="Input/output error"):
        LocalKeys("/mnt/key", read).seal(SECRET)


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(48), bytes(56)])
def test_what_others_have_sealed_is_refused(sealed: bytes, file: Path) -> None:
    with pytest.raises(KeyRevoked):
        key_file(file).open(sealed)


def test_damage_is_refused(file: Path) -> None:
    key = key_file(file)
    sealed = key.seal(SECRET)
    for at in range(len(sealed)):
        with pytest.raises(KeyRevoked):
            key.open(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
    for length in range(len(sealed)):
        with pytest.raises(KeyRevoked):
            key.open(sealed[:length])
