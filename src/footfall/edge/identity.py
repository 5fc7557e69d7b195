"""Who a module is and how it proves it: a connection string, or what IoT Edge says in the environment.

spec/iot.md sections 2 and 10. A connection string holds the key itself. In the environment of IoT Edge there is no key:
the runtime's workload service signs for the module, and hands out the certificates that the gateway is verified with.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

from footfall.core.errors import ConfigError, Problem
from footfall.edge import sas
from footfall.edge.topics import Identity
from footfall.edge.workload import WORKLOAD_VERSION, read_workload

MQTT_PORT: Final = 8883
HTTPS_PORT: Final = 443
API_VERSION: Final = "2019-10-01"
AGENT: Final = "footfall"
CONNECTION_STRING: Final = "EdgeHubConnectionString"
CA_FILE: Final = "EdgeModuleCACertificateFile"


class Proof(Protocol):
    """What a module shows, and what it wants to be shown."""

    def sign(self, text: str) -> str:
        """Base64 of the HMAC-SHA256 of a text under the module's key.

        Raises:
            SinkUnavailable: whoever signs does not answer.
        """
        ...

    def authorities(self) -> str:
        """PEM certificates that the gateway is verified with; empty: those of the system.

        Raises:
            SinkUnavailable: whoever knows them does not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class KeyProof:
    """A module that knows its key."""

    key: str = field(repr=False)
    pem: str = field(default="", repr=False)

    def sign(self, text: str) -> str:
        """Base64 of the HMAC-SHA256."""
        return sas.signature(self.key, text)

    def authorities(self) -> str:
        """As they were given."""
        return self.pem


@dataclass(frozen=True, slots=True)
class ModuleIdentity:
    """One module of one device of one hub, and where it connects."""

    hub: str
    """The hub's own name, which tokens are made for."""
    who: Identity
    host: str
    """Host to connect to: the gateway's, or the hub's."""
    proof: Proof
    port: int = MQTT_PORT

    @property
    def user_name(self) -> str:
        """As in CONNECT."""
        return f"{self.hub}/{self.who.client_id}/?api-version={API_VERSION}&DeviceClientType={quote(AGENT, safe='')}"

    def token(self, expiry_s: int) -> str:
        """A signature that ends at this Unix time.

        Raises:
            SinkUnavailable: whoever signs does not answer.
        """
        resource = sas.resource_of(self.hub, self.who.device, self.who.module)
        signature = self.proof.sign(sas.text_to_sign(resource, expiry_s))
        return sas.SharedAccess(resource, signature, expiry_s).token

    def tls(self) -> ssl.SSLContext:
        """How the gateway is verified: TLS 1.2 or newer, host name included.

        Raises:
            SinkUnavailable: whoever knows the certificates does not answer.
            ConfigError: they are no certificates.
        """
        pem = self.proof.authorities()
        try:
            context = ssl.create_default_context(cadata=pem or None)
        except (ssl.SSLError, ValueError) as error:
            what = f"the certificates to verify {self.host} with cannot be read"
            raise ConfigError([Problem("environment", CA_FILE, what, "give PEM certificates")]) from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def from_environment(environ: Mapping[str, str]) -> ModuleIdentity:
    """The module that this process is.

    IoT Edge sets `IOTEDGE_*`; for debugging, `EdgeHubConnectionString` and `EdgeModuleCACertificateFile` do.

    Raises:
        ConfigError: neither is there, or something of it is wrong.
    """
    if environ.get("IOTEDGE_WORKLOADURI"):
        return _of_edge(environ)
    text = environ.get(CONNECTION_STRING, "")
    if not text:
        what, cure = "this process is no module", f"let a hub start it, or set {CONNECTION_STRING} and {CA_FILE}"
        raise ConfigError([Problem("environment", "IOTEDGE_WORKLOADURI", what, cure)])
    file = environ.get(CA_FILE, "")
    try:
        pem = Path(file).read_text(encoding="ascii") if file else ""
    except (OSError, UnicodeError) as error:
        what = f"{file} cannot be read: {error}"
        raise ConfigError([Problem("environment", CA_FILE, what, "name a PEM file")]) from error
    return parse_connection_string(text, pem)


def parse_connection_string(text: str, pem: str = "") -> ModuleIdentity:
    """`HostName=..;DeviceId=..;ModuleId=..;SharedAccessKey=..;GatewayHostName=..`; `pem` as `Proof.authorities`.

    Raises:
        ConfigError: something is missing or wrong; the text names no secret.
    """
    fields = {name.strip().lower(): value.strip() for name, _, value in _pairs(text)}
    missing = [name for name in ("HostName", "DeviceId", "ModuleId", "SharedAccessKey") if not fields.get(name.lower())]
    if missing:
        what = f"the connection string has no {' and no '.join(missing)}"
        cure = "write HostName=..;DeviceId=..;ModuleId=..;SharedAccessKey=..;GatewayHostName=.."
        raise ConfigError([Problem("environment", CONNECTION_STRING, what, cure)])
    proof = KeyProof(fields["sharedaccesskey"], pem)
    try:
        proof.sign("")
    except ValueError as error:
        what, cure = f"SharedAccessKey: {error}", "copy the connection string again"
        raise ConfigError([Problem("environment", CONNECTION_STRING, what, cure)]) from error
    host, port = _place(fields.get("gatewayhostname") or fields["hostname"], CONNECTION_STRING)
    return ModuleIdentity(fields["hostname"], Identity(fields["deviceid"], fields["moduleid"]), host, proof, port)


def _of_edge(environ: Mapping[str, str]) -> ModuleIdentity:
    names = ("IOTEDGE_IOTHUBHOSTNAME", "IOTEDGE_DEVICEID", "IOTEDGE_MODULEID", "IOTEDGE_MODULEGENERATIONID")
    problems = [
        Problem("environment", name, "is not set", "let the hub start this module: it sets all of IOTEDGE_*")
        for name in names
        if not environ.get(name)
    ]
    if problems:
        raise ConfigError(problems)
    hub, device, module, generation = (environ[name] for name in names)
    host, port = _place(environ.get("IOTEDGE_GATEWAYHOSTNAME") or hub, "IOTEDGE_GATEWAYHOSTNAME")
    version = environ.get("IOTEDGE_APIVERSION") or WORKLOAD_VERSION
    workload = read_workload(environ["IOTEDGE_WORKLOADURI"], module, generation, version)
    return ModuleIdentity(hub, Identity(device, module), host, workload, port)


def _place(text: str, name: str) -> tuple[str, int]:
    """Host and port; a port is for hubs that are not where all others are."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port or MQTT_PORT
    except ValueError:
        host, port = "", 0
    if not host or parts.path:
        raise ConfigError([Problem("environment", name, f"{text!r} is no host", "write HOST or HOST:PORT")])
    return host, port


def _pairs(text: str) -> list[tuple[str, str, str]]:
    return [part.partition("=") for part in text.split(";") if part.strip()]
