"""What the documents say about the API is true: endpoints are listed, examples run against a real service."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Timer

import httpx
import pytest

from footfall.engine.clock import SystemClock
from footfall.store.database import open_database
from footfall.store.records import Batch
from footfall.store.write import append
from footfall.web.openapi import table
from servers.serve import Serving, until
from small_desk import event_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("use-the-api.md", "live-events.md")
CONFIG = """
model: motion
cameras:
  - {name: front, url: "rtsp://127.0.0.1:9/none", enabled: false}
"""


def test_every_endpoint_stands_in_the_reference() -> None:
    told = (ROOT / "docs" / "reference" / "api.md").read_text()
    found = re.search(r"<!-- begin of endpoints.*?-->\n(.*?)<!-- end of endpoints -->", told, re.S)
    assert found is not None
    assert found[1] == table(), "run: python -m footfall.web.openapi --table"


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where a service is in which something has happened, and a token for it."""
    serving = Serving(tmp_path_factory.mktemp("api"), CONFIG)
    try:
        serving.start()
        until(lambda: "token=" in serving.log.read_text(), "it says how to get in")
        store = open_database(serving.data / "store.sqlite", "store")
        now = SystemClock().now()  # older ones would be swept away
        append(store, Batch(tuple(replace(event_of(number), utc=now) for number in range(3))))
        store.dispose()
        yield {**os.environ, "FOOTFALL": serving.url, "TOKEN": token_of(serving)}
        assert serving.stop() == 0
    finally:
        serving.stop()


def token_of(serving: Serving) -> str:
    """Set up as people do, and make a token."""
    link = re.search(r"token=(\S+)", serving.log.read_text())
    assert link is not None
    with httpx.Client(base_url=serving.url, timeout=120) as service:
        person = {"token": link[1], "name": "anna", "password": "correct horse battery"}
        csrf = service.post("/api/v1/setup", json=person).json()["csrf"]
        wish = {"name": "docs", "role": "operator"}
        secret = service.post("/api/v1/tokens", json=wish, headers={"X-Footfall-CSRF": csrf}).json()["secret"]
    return str(secret)


def examples() -> Iterator[tuple[str, str]]:
    """Language and code of each example."""
    for page in PAGES:
        text = (ROOT / "docs" / "how-to" / page).read_text()
        yield from re.findall(r"^```(sh|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def command_of(language: str, code: str) -> list[str]:
    return ["bash", "-euc", code] if language == "sh" else [sys.executable, "-uc", code]


@pytest.mark.parametrize(("language", "code"), [one for one in examples() if "while True" not in one[1]])
def test_examples_run(environ: dict[str, str], tmp_path: Path, language: str, code: str) -> None:
    done = subprocess.run(
        command_of(language, code), check=False, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("language", "code"), [one for one in examples() if "while True" in one[1]])
def test_examples_that_go_on_for_ever_begin(environ: dict[str, str], language: str, code: str) -> None:
    running = subprocess.Popen(
        command_of(language, code), env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stderr is not None
    too_long = Timer(60, running.kill)
    too_long.start()
    try:
        if "Last-Event-ID" in code:
            assert running.stdout.readline().split()[1:] == ["front", "personLineEvent", "door"]
        else:
            with pytest.raises(subprocess.TimeoutExpired):
                running.wait(4)
    finally:
        too_long.cancel()
        running.kill()
        assert running.stderr.read() == ""
        running.wait()
        running.stdout.close()
        running.stderr.close()
