"""The vendor's own SDKs as peers: scripts of `tests/vendor` that run in the vendor's environment."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SCRIPTS = Path(__file__).resolve().parent.parent / "vendor"
PATIENCE_S = 60.0


class PeerError(Exception):
    """The SDK raised; `error` tells what."""

    def __init__(self, error: dict[str, Any]) -> None:
        self.error = error
        super().__init__(f"{error['type']}: {error['text']}")


class Peer:
    """A script that takes commands and tells what happens; ends with `with`.

    Args:
        python: of the vendor's environment.
        script: name of the file in `tests/vendor`, without `.py`.
        settings: its first line.
        environment: beside the usual one.
    """

    def __init__(
        self, python: Path, script: str, settings: dict[str, Any], environment: dict[str, str] | None = None
    ) -> None:
        inherited = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        self.process = subprocess.Popen(
            [python, SCRIPTS / f"{script}.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**inherited, **(environment or {})},
        )
        self._changed = threading.Condition()
        self._answers: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self._is_over = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._write(settings)

    def do(self, name: str, /, **arguments: Any) -> Any:
        """Run a command; its answer.

        Raises:
            PeerError: the SDK raised.
        """
        self.begin(name, **arguments)
        return self.finish()

    def begin(self, name: str, /, **arguments: Any) -> None:
        """Start a command."""
        self._write({"do": name, **arguments})

    def finish(self, patience_s: float = PATIENCE_S) -> Any:
        """The answer to the oldest command that is not finished."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._answers or self._is_over, patience_s), "no answer"
            assert self._answers, "the script has ended"
            answer = self._answers.pop(0)
        if "error" in answer:
            raise PeerError(answer["error"])
        return answer["answer"]

    def event(self, kind: str, patience_s: float = PATIENCE_S, **like: Any) -> dict[str, Any]:
        """Wait for an event of a kind, and take it."""

        def fits(event: dict[str, Any]) -> bool:
            return event["event"] == kind and all(event.get(key) == value for key, value in like.items())

        with self._changed:
            arrived = self._changed.wait_for(lambda: any(map(fits, self.events)) or self._is_over, patience_s)
            assert arrived, f"no event {kind} {like}; there are {self.events}"
            found = next(filter(fits, self.events), None)
            assert found is not None, f"the script has ended without {kind} {like}"
            self.events.remove(found)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        self._reader.join(60)
        self.process.stdin.close()
        self.process.stdout.close()

    def _write(self, document: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(document) + "\n")
        self.process.stdin.flush()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            document = json.loads(line)
            with self._changed:
                (self.events if "event" in document else self._answers).append(document)
                self._changed.notify_all()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
