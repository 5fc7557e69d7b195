"""How the agent and its modules come to the hub: keys and certificates lie in the hub's own folder."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from footfall.core.errors import ConfigError
from footfall.core.ports import Clock
from footfall.deploy.launch import HubPlace
from footfall.edge.client import ModuleClient
from footfall.edge.identity import ModuleIdentity, parse_connection_string
from footfall.edge.messages import Handlers
from footfall.edge.service import ServiceClient, ServiceError, ServiceIdentity
from footfall.edge.workload import WORKLOAD_VERSION
from footfall.hub.connect import connection_string
from footfall.hub.identities import Identities, Place
from footfall.hub.module_sockets import socket_path
from footfall.hub.module_specs import AGENT
from footfall.hub.store import Store

OWNER: Final = "iothubowner"


def service_of(hub: HubPlace, clock: Clock) -> ServiceClient:
    """The hub's service side.

    Raises:
        ConfigError: no hub has ever run there.
    """
    owner = ServiceIdentity.parse(connection_string(hub.folder, None, None, OWNER))
    return ServiceClient(ServiceIdentity(hub.service, owner.policy, owner.key), clock, _ca(hub))


def agent_client(hub: HubPlace, handlers: Handlers, clock: Clock) -> ModuleClient:
    """A client for the agent.

    Raises:
        ConfigError: no hub has ever run there.
    """
    return ModuleClient(_identity(hub, AGENT), handlers, clock)


def device_of(hub: HubPlace) -> str:
    """Id of the edge device.

    Raises:
        ConfigError: no hub has ever run there.
    """
    return _identity(hub, AGENT).who.device


def answers(hub: HubPlace, clock: Clock) -> bool:
    """Whether the hub is up."""
    try:
        with service_of(hub, clock) as service:
            service.twin(device_of(hub), AGENT)
    except (ConfigError, ServiceError, OSError):
        return False
    return True


def credentials_of(hub: HubPlace, module: str) -> Mapping[str, str]:
    """What a module's environment says of its hub (spec/iot.md section 10)."""
    identity = _identity(hub, module)
    return {
        "IOTEDGE_IOTHUBHOSTNAME": identity.hub,
        "IOTEDGE_GATEWAYHOSTNAME": hub.gateway,
        "IOTEDGE_DEVICEID": identity.who.device,
        "IOTEDGE_MODULEID": module,
        "IOTEDGE_MODULEGENERATIONID": _generation(hub, identity),
        "IOTEDGE_WORKLOADURI": f"unix://{socket_path(hub.folder, module)}",
        "IOTEDGE_APIVERSION": WORKLOAD_VERSION,
        "IOTEDGE_AUTHSCHEME": "sasToken",
    }


def _generation(hub: HubPlace, identity: ModuleIdentity) -> str:
    with closing(Store(hub.folder / "hub.sqlite")) as store:
        place = Place(identity.hub, identity.who.device)
        return Identities(store, place).get(identity.who).generation


def _identity(hub: HubPlace, module: str) -> ModuleIdentity:
    text = connection_string(hub.folder, module, hub.gateway, OWNER)
    return parse_connection_string(text, _ca(hub).read_text(encoding="ascii"))


def _ca(hub: HubPlace) -> Path:
    return hub.folder / "certificates" / "ca.pem"
