"""Direct methods of other modules, over HTTPS (spec/iot.md section 9.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import httpx

from footfall.core.errors import SinkRejected, SinkUnavailable
from footfall.core.ports import Clock
from footfall.edge.identity import API_VERSION, HTTPS_PORT, ModuleIdentity
from footfall.edge.messages import Json
from footfall.edge.topics import Identity

TOKEN_LIFE_S: Final = 300


@dataclass(frozen=True, slots=True)
class MethodRequest:
    """What to ask of whom."""

    target: Identity
    name: str
    payload: Json = None
    response_s: int = 30
    """Patience with the method, 5 to 300."""
    connect_s: int = 0
    """Patience with a module that is not connected."""


def invoke_method(
    identity: ModuleIdentity, request: MethodRequest, clock: Clock, port: int = HTTPS_PORT
) -> tuple[int, Json]:
    """Ask another module, through the gateway; status and payload of its answer.

    Raises:
        SinkUnavailable: the gateway or the module does not answer.
        SinkRejected: the gateway refuses.
    """
    url = f"https://{identity.host}:{port}/twins/{_path(request.target)}/methods"
    envelope = {
        "methodName": request.name,
        "payload": request.payload,
        "responseTimeoutInSeconds": request.response_s,
        "connectTimeoutInSeconds": request.connect_s,
    }
    headers = {
        "Authorization": identity.token(int(clock.now().timestamp()) + TOKEN_LIFE_S),
        "x-ms-edge-moduleId": identity.who.client_id,
    }
    patience_s = request.response_s + request.connect_s + 5.0
    try:
        with httpx.Client(verify=identity.tls(), timeout=patience_s, trust_env=False) as client:
            answer = client.post(url, params={"api-version": API_VERSION}, json=envelope, headers=headers)
        document = answer.json()
    except httpx.HTTPError as error:
        raise SinkUnavailable("broken", f"{url}: {error}") from error
    except ValueError as error:
        raise SinkUnavailable("broken", f"{url}: the answer ({answer.status_code}) is no JSON") from error
    if answer.is_success and isinstance(document, dict) and isinstance(document.get("status"), int):
        return document["status"], document.get("payload")
    what = f"{url}: {answer.status_code} {document.get('message', '') if isinstance(document, dict) else ''}"
    if answer.status_code in {404, 504} or answer.is_server_error:
        raise SinkUnavailable("not-found" if answer.status_code == 404 else "timeout", what)
    raise SinkRejected("refused", what)


def _path(target: Identity) -> str:
    modules = "" if target.module is None else f"/modules/{quote(target.module, safe='')}"
    return f"{quote(target.device, safe='')}{modules}"
