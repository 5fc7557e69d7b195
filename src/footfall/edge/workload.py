"""The workload service of IoT Edge: signs for a module and knows whom to trust (spec/iot.md section 10)."""

from __future__ import annotations

import base64
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

import httpx

from footfall.core.errors import ConfigError, Problem, SinkUnavailable

TIMEOUT_S: Final = 10.0
UNIX: Final = "unix"
WORKLOAD_VERSION: Final = "2019-01-30"


@dataclass(frozen=True, slots=True)
class Workload:
    """One module's door to the service."""

    url: str
    """`unix:///path/of/socket` or `http://host:port`."""
    module: str
    generation: str
    version: str

    def sign(self, text: str) -> str:
        """Base64 of the HMAC-SHA256 of a text under the module's key.

        Raises:
            SinkUnavailable: the service does not answer, or refuses.
        """
        path = f"/modules/{quote(self.module, safe='')}/genid/{quote(self.generation, safe='')}/sign"
        data = base64.b64encode(text.encode()).decode()
        return self._ask("POST", path, "digest", {"keyId": "primary", "algo": "HMACSHA256", "data": data})

    def authorities(self) -> str:
        """The trust bundle: PEM certificates.

        Raises:
            SinkUnavailable: the service does not answer, or refuses.
        """
        return self._ask("GET", "/trust-bundle", "certificate")

    def _ask(self, method: str, path: str, wanted: str, body: object = None) -> str:
        parts = urlsplit(self.url)
        transport = httpx.HTTPTransport(uds=parts.path) if parts.scheme == UNIX else httpx.HTTPTransport()
        base = "http://workload" if parts.scheme == UNIX else self.url.rstrip("/")
        try:
            if parts.scheme == UNIX:
                _knock(parts.path)
            with httpx.Client(transport=transport, base_url=base, timeout=TIMEOUT_S, trust_env=False) as client:
                answer = client.request(method, path, params={"api-version": self.version}, json=body)
            answer.raise_for_status()
            value = answer.json()[wanted]
        except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise SinkUnavailable("workload", f"{self.url}: {error}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise SinkUnavailable("workload", f"{self.url}{path}: no {wanted} in the answer") from error
        return str(value)


def _knock(path: str) -> None:
    """Whether somebody listens: httpx leaves its socket open where nobody does, and it is asked again and again."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(TIMEOUT_S)
        line.connect(path)


def read_workload(url: str, module: str, generation: str, version: str) -> Workload:
    """The service at a URL; nothing is asked yet.

    Raises:
        ConfigError: the URL has another form.
    """
    parts = urlsplit(url)
    if (parts.scheme == UNIX and parts.path) or (parts.scheme == "http" and parts.hostname):
        return Workload(url, module, generation, version)
    what, cure = f"{url!r} is no address of a workload service", "use unix:///PATH or http://HOST:PORT"
    raise ConfigError([Problem("environment", "IOTEDGE_WORKLOADURI", what, cure)])
