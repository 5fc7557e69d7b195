"""The service side of a hub: direct methods, twins, deployments over HTTPS (spec/iot.md section 9.1)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx

from footfall.core.errors import ConfigError, FootfallError, Problem
from footfall.core.ports import Clock
from footfall.edge.sas import signed

API_VERSION: Final = "2021-04-12"
TOKEN_LIFE_S: Final = 3600
PATIENCE_S: Final = 30.0


class ServiceError(FootfallError):
    """The hub cannot be reached, or refuses."""

    def __init__(self, status: int, detail: str) -> None:
        self.status = status
        """HTTP status; 0: nobody answered."""
        self.detail = detail
        super().__init__(f"the hub answers {status}: {detail}" if status else f"the hub cannot be reached: {detail}")


@dataclass(frozen=True, slots=True)
class ServiceIdentity:
    """A policy of a hub, and where that is."""

    host: str
    """May hold a port: tokens are made for it as it stands."""
    policy: str
    key: str = field(repr=False)

    @property
    def resource(self) -> str:
        """What tokens are made for."""
        return quote(self.host, safe="")

    @classmethod
    def parse(cls, text: str, file: str = "command line") -> Self:
        """Read `HostName=..;SharedAccessKeyName=..;SharedAccessKey=..`.

        Raises:
            ConfigError: something is missing or wrong; the text names no secret.
        """
        pairs = [part.partition("=") for part in text.strip().split(";") if part.strip()]
        fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
        names = ("HostName", "SharedAccessKeyName", "SharedAccessKey")
        missing = [name for name in names if not fields.get(name.lower())]
        cure = "copy it again; footfall hub connection-string prints one"
        if missing:
            what = f"the connection string has no {' and no '.join(missing)}"
            raise ConfigError([Problem(file, "connection string", what, cure)])
        identity = cls(*(fields[name.lower()] for name in names))
        try:
            signed(identity.key, identity.resource, 0)
        except ValueError as error:
            raise ConfigError([Problem(file, "connection string", f"SharedAccessKey: {error}", cure)]) from None
        return identity


class ServiceClient:
    """Calls a hub. Use as a context manager.

    Args:
        identity: who calls.
        clock: time of day, for the ends of tokens.
        authority: PEM file to verify the hub with; None: the system's.

    Raises:
        ConfigError: the file holds no certificates, or the hub's name is none.
    """

    def __init__(self, identity: ServiceIdentity, clock: Clock, authority: Path | None = None) -> None:
        self._identity = identity
        self._clock = clock
        try:
            trusted = ssl.create_default_context(cafile=authority)
        except OSError as error:
            what, cure = f"is no file of certificates: {error}", "name the hub's ca.pem"
            raise ConfigError([Problem(str(authority), "$", what, cure)]) from error
        try:
            self._http = httpx.Client(base_url=f"https://{identity.host}", verify=trusted, timeout=PATIENCE_S)
        except httpx.InvalidURL as error:
            what, cure = f"{identity.host!r} is no host", "write a host name or an address"
            raise ConfigError([Problem("connection string", "HostName", what, cure)]) from error

    def invoke(
        self,
        device: str,
        module: str,
        name: str,
        payload: Any,
        *,
        response_timeout_s: int = 30,
        connect_timeout_s: int = 0,
    ) -> tuple[int, Any]:
        """Run a direct method of a module: its status and payload.

        Raises:
            ServiceError: the module is not connected (404), does not answer in time (504), or the hub refuses.
        """
        call = {
            "methodName": name,
            "payload": payload,
            "responseTimeoutInSeconds": response_timeout_s,
            "connectTimeoutInSeconds": connect_timeout_s,
        }
        path = f"{_twin_path(device, module)}/methods"
        answer = self._ask("POST", path, call, response_timeout_s + connect_timeout_s + PATIENCE_S)
        return int(answer["status"]), answer.get("payload")

    def twin(self, device: str, module: str) -> Mapping[str, Any]:
        """A module's twin.

        Raises:
            ServiceError: there is none, or the hub refuses.
        """
        twin: Mapping[str, Any] = self._ask("GET", _twin_path(device, module))
        return twin

    def apply(self, device: str, content: Mapping[str, Any]) -> None:
        """Apply a deployment manifest.

        Raises:
            ServiceError: the hub refuses it; nothing was changed.
        """
        self._ask("POST", f"/devices/{quote(device, safe='')}/applyConfigurationContent", content)

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, verb: str, path: str, body: Any = None, timeout_s: float = PATIENCE_S) -> Any:
        expiry_s = int(self._clock.now().timestamp()) + TOKEN_LIFE_S
        token = signed(self._identity.key, self._identity.resource, expiry_s, self._identity.policy).token
        try:
            answer = self._http.request(
                verb,
                path,
                params={"api-version": API_VERSION},
                json=body,
                headers={"Authorization": token},
                timeout=timeout_s,
            )
        except httpx.HTTPError as error:
            raise ServiceError(0, f"{self._identity.host}: {error or type(error).__name__}") from error
        if answer.is_error:
            raise ServiceError(answer.status_code, _message(answer))
        return answer.json() if answer.content else None


def _twin_path(device: str, module: str) -> str:
    return f"/twins/{quote(device, safe='')}/modules/{quote(module, safe='')}"


def _message(answer: httpx.Response) -> str:
    """What the hub says of an error, in its own words."""
    try:
        body = answer.json()
    except ValueError:
        return answer.text.strip() or answer.reason_phrase
    if not isinstance(body, dict):
        return str(body)
    return str(body.get("Message") or body.get("message") or body)
