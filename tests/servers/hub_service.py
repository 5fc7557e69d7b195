"""The service side of a hub over HTTPS: direct methods and desired properties of modules."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import httpx

from footfall.edge.sas import signed
from servers.edge_hub import unix_s

VERSION = {"api-version": "2021-04-12"}


class HubService:
    """What tools do with a hub, given the connection string of a service."""

    def __init__(self, connection_string: str, ca: Path, address: str, device: str) -> None:
        parts = dict(part.split("=", 1) for part in connection_string.split(";"))
        token = signed(
            parts["SharedAccessKey"], parts["HostName"].partition(":")[0], unix_s() + 3600, parts["SharedAccessKeyName"]
        )
        self._device = device
        self._client = httpx.Client(
            base_url=f"https://{address}",
            verify=ssl.create_default_context(cafile=str(ca)),
            headers={"Authorization": token.token},
            params=VERSION,
            timeout=60.0,
            trust_env=False,
        )

    def desire(self, module: str, desired: dict[str, object]) -> None:
        """Merge into a module's desired properties."""
        answer = self._client.patch(self._twin(module), json={"properties": {"desired": desired}})
        assert answer.status_code == 200, answer.text

    def call(self, module: str, method: str, **payload: object) -> tuple[int, Any]:
        """A direct method; status and payload of its reply."""
        asked = {"methodName": method, "payload": {"@apiVersion": "2.0"} | payload, "responseTimeoutInSeconds": 30}
        answer = self._client.post(f"{self._twin(module)}/methods", json=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["status"], answer.json().get("payload")

    def close(self) -> None:
        """Let go."""
        self._client.close()

    def _twin(self, module: str) -> str:
        return f"/twins/{self._device}/modules/{module}"
