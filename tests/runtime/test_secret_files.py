"""Passwords in files instead of the environment."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from footfall.runtime.secret_files import MOST_BYTES, with_secret_files


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text("p@ss word\n")
    file.chmod(0o600)
    return file


def test_a_file_stands_for_its_variable(secret: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert with_secret_files({"CAM_FILE": str(secret), "HOME": "/"})["CAM"] == "p@ss word"
    assert not caplog.records


def test_the_variable_itself_wins(secret: Path) -> None:
    assert with_secret_files({"CAM_FILE": str(secret), "CAM": "mine"})["CAM"] == "mine"


@pytest.mark.parametrize("text", ["", "/dev/zero", "/", "/no/such/file"])
def test_what_is_no_small_file_is_left_alone(text: str) -> None:
    assert "CAM" not in with_secret_files({"CAM_FILE": text, "_FILE": text})


def test_a_long_or_binary_file_is_no_password(tmp_path: Path) -> None:
    long, binary = tmp_path / "long", tmp_path / "binary"
    long.write_bytes(b"x" * (MOST_BYTES + 1))
    binary.write_bytes(b"\xff\xfe")
    assert set(with_secret_files({"A_FILE": str(long), "B_FILE": str(binary)})) == {"A_FILE", "B_FILE"}


def test_open_files_are_warned_about_and_nothing_is_told(secret: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret.chmod(0o644)
    with_secret_files({"CAM_PASSWORD_FILE": str(secret), "B_SECRET_FILE": "/no/such/file"})
    assert "everybody on this machine can read" in caplog.text
    assert "/no/such/file cannot be read" in caplog.text
    assert "p@ss" not in caplog.text


def test_other_programs_files_are_no_business_of_ours(secret: Path, caplog: pytest.LogCaptureFixture) -> None:
    secret.chmod(0o644)
    with_secret_files({"SSL_CERT_FILE": str(secret), "TF_CLI_CONFIG_FILE": "/no/such/file"})
    assert not caplog.records
