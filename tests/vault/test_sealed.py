"""Sealed files: genuine and whole, or refused."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.vault.faults import NotSealed, UnknownKey
from footfall.vault.keys import KEY_FILE_VARIABLE, KEY_VARIABLE, Keys, keys_of, parse_keys
from footfall.vault.sealed import CHUNK_BYTES, HEADER_BYTES, MAGIC, Header, Sealer, opened

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


class Memory(BytesIO):
    """Takes bytes."""


def seal(*parts: bytes, name: str = "clip.mp4", keys: Keys | None = None) -> bytes:
    memory = Memory()
    sealer = Sealer(memory, keys or Keys(OLD), name)
    for part in parts:
        sealer.write(part)
    sealer.finish()
    return memory.getvalue()


def unseal(sealed: bytes, name: str = "clip.mp4", keys: Keys | None = None) -> bytes:
    return b"".join(opened(BytesIO(sealed), keys or Keys(OLD), name))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1]), max_size=4))
def test_what_was_sealed_comes_back(sizes: list[int]) -> None:
    parts = [bytes([number + 1]) * size for number, size in enumerate(sizes)]
    sealed = seal(*parts)
    assert unseal(sealed) == b"".join(parts)
    assert not any(part[:64] in sealed for part in parts if len(part) > 64)


def test_the_same_twice_looks_different() -> None:
    assert seal(b"secret")[40:] != seal(b"secret")[40:]


def test_keys_are_changed_and_old_files_still_open() -> None:
    sealed = seal(b"secret", keys=Keys(OLD))
    assert unseal(sealed, keys=Keys(NEW, OLD)) == b"secret"
    assert unseal(seal(b"secret", keys=Keys(NEW, OLD)), keys=Keys(NEW)) == b"secret"
    with pytest.raises(UnknownKey, match="not among yours"):
        unseal(sealed, keys=Keys(NEW))


WHOLE = seal(b"a" * CHUNK_BYTES, b"b" * CHUNK_BYTES, b"end")
CHUNK = CHUNK_BYTES + 16
HEAD = len(WHOLE) - 2 * CHUNK - 19


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(WHOLE[:-1], id="one byte short"),
        pytest.param(WHOLE[:-19], id="last chunk gone"),
        pytest.param(WHOLE[: HEAD + CHUNK], id="cut between chunks"),
        pytest.param(WHOLE[:HEAD], id="only the head"),
        pytest.param(WHOLE + b"x", id="one byte more"),
        pytest.param(WHOLE[:HEAD] + WHOLE[HEAD + CHUNK : HEAD + 2 * CHUNK] + WHOLE[HEAD:], id="chunks exchanged"),
        pytest.param(WHOLE[:-5] + bytes([WHOLE[-5] ^ 1]) + WHOLE[-4:], id="a bit of the content"),
        pytest.param(WHOLE[: HEAD - 12] + bytes([WHOLE[HEAD - 12] ^ 1]) + WHOLE[HEAD - 11 :], id="a bit of the head"),
        pytest.param(WHOLE[:20] + bytes([WHOLE[20] ^ 1]) + WHOLE[21:], id="a bit of its key"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\0\0\0\x1cftypisom" * 20, id="an MP4"),
    ],
)
def test_what_was_altered_is_refused(broken: bytes) -> None:
    with pytest.raises((NotSealed, UnknownKey)):
        unseal(broken)


def test_a_file_under_another_name_is_refused() -> None:
    with pytest.raises(NotSealed, match=r"is not 'other\.mp4'"):
        unseal(WHOLE, name="other.mp4")


@settings(max_examples=200)
@given(st.integers(0, 120), st.binary(min_size=1, max_size=4))
def test_any_change_is_noticed(at: int, change: bytes) -> None:
    sealed = seal(b"x" * 40)
    broken = sealed[:at] + change + sealed[at + len(change) :]
    if broken != sealed:
        with pytest.raises((NotSealed, UnknownKey)):
            unseal(broken)


@given(st.binary(max_size=300))
def test_what_is_no_sealed_file_is_refused(data: bytes) -> None:
    for content in (data, MAGIC + data):
        with pytest.raises((NotSealed, UnknownKey)):
            unseal(content)


def test_another_wrapping_key_changes_nothing_but_the_header() -> None:
    sealed = seal(b"secret" * 1000)
    header = Header.decode(sealed)
    key = Keys(OLD).unwrap(header.key_id, header.wrapped)
    again = Header(*Keys(NEW).wrap(key), header.prefix).encode()
    assert len(again) == HEADER_BYTES
    assert unseal(again + sealed[HEADER_BYTES:], keys=Keys(NEW)) == b"secret" * 1000


def test_keys_are_read_in_both_forms_with_comments() -> None:
    keys = parse_keys(f"# of today\n\n{NEW.hex()}\n  {base64.b64encode(OLD).decode()}  \n")
    assert unseal(seal(b"secret"), keys=keys) == b"secret"
    assert unseal(seal(b"secret", keys=keys), keys=Keys(NEW)) == b"secret"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("", "there is no key", id="empty"),
        pytest.param("# nothing", "there is no key", id="comments alone"),
        pytest.param(f"{OLD.hex()}\n{'z' * 64}", "line 2 is no key", id="not hexadecimal"),
        pytest.param("c2hvcnQ=", "line 1 is no key", id="short"),
    ],
)
def test_bad_keys_are_not_repeated(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=what) as caught:
        parse_keys(text)
    assert text == "" or text.splitlines()[-1] not in str(caught.value)


def test_keys_come_from_a_file_or_the_environment(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "keys"
    file.write_text(OLD.hex())
    file.chmod(0o600)
    for keys in (
        keys_of({}, str(file)),
        keys_of({KEY_FILE_VARIABLE: str(file)}),
        keys_of({KEY_VARIABLE: base64.b64encode(OLD).decode()}),
    ):
        assert unseal(seal(b"secret"), keys=keys) == b"secret"
    assert keys_of({}) is None
    assert caplog.text == ""
    file.chmod(0o644)
    keys_of({}, str(file))
    assert "everybody on this machine" in caplog.text
    assert OLD.hex() not in caplog.text


def test_files_without_keys_are_told(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(bytes(range(128, 256)))
    for name, what in (("missing", "cannot be read"), ("binary", "is no text")):
        with pytest.raises(ConfigError, match=what):
            keys_of({KEY_FILE_VARIABLE: str(tmp_path / name)})


def test_keys_are_not_shown() -> None:
    assert OLD.hex() not in repr(Keys(OLD))
    assert repr(OLD) not in repr(Keys(OLD))
