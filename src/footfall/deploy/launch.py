"""Which local process stands for which container image, and what it must be told. Pure.

Containers find each other by their modules' names and see folders of the host under other paths: processes are told
both (`core.outside`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from footfall.core.outside import HostMap, PathMap
from footfall.deploy.desired import Assignment

MEDIA: Final = "/live/mediaServer/media"
"""Where the RTSP simulator's container has its files."""
RTSP_PORT: Final = 554
MQTT_PORT: Final = 8883
LOOPBACK: Final = "127.0.0.1"
EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - what the user may ask for


class Part(Enum):
    """What of footfall takes the place of an image."""

    MEDIA_GRAPH = "media graph"
    RTSP_SIMULATOR = "RTSP simulator"
    SPATIAL_ANALYSIS = "spatial analysis"
    HUB = "edge hub"


IMAGES: Final = (
    (re.compile(r"media/(live-video-analytics|video-analyzer)$"), Part.MEDIA_GRAPH),
    (re.compile(r"(^|/)rtspsim[a-z0-9-]*$"), Part.RTSP_SIMULATOR),
    (re.compile(r"vision/spatial-analysis$"), Part.SPATIAL_ANALYSIS),
    (re.compile(r"(^|/)azureiotedge-hub$"), Part.HUB),
)


@dataclass(frozen=True, slots=True)
class HubPlace:
    """Where the hub is, or will be."""

    folder: Path
    host: str = "127.0.0.1"
    mqtt_port: int = MQTT_PORT
    https_port: int = 443

    @property
    def gateway(self) -> str:
        """Where modules connect."""
        host = reached(self.host)
        return host if self.mqtt_port == MQTT_PORT else f"{host}:{self.mqtt_port}"

    @property
    def service(self) -> str:
        """Where services connect."""
        return f"{reached(self.host)}:{self.https_port}"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a deployment lives on this machine."""

    data: Path
    """Volumes, logs, what modules keep."""
    hub: HubPlace
    python: tuple[str, ...]
    """How footfall is called."""
    host: str = "127.0.0.1"
    """Where the simulator listens."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A process to start."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    folders: tuple[Path, ...] = ()
    """To be made if they are missing."""


def part_of(image: str) -> Part | None:
    """What takes the place of an image, whatever its registry and tag; None: nothing does."""
    name = image.partition("@")[0]
    if ":" in name.rpartition("/")[2]:
        name = name.rpartition(":")[0]
    return next((part for pattern, part in IMAGES if pattern.search(name.lower())), None)


def launch(spec: Assignment, part: Part, site: Site, hosts: HostMap, credentials: Mapping[str, str]) -> Launch:
    """The process of a module.

    Args:
        spec: the module.
        part: what it is.
        site: where it runs.
        hosts: where all modules are reached.
        credentials: IOTEDGE_* variables of this module.

    Raises:
        ValueError: the simulator has no folder with media.
    """
    paths = path_map(spec, site)
    environment = {
        **dict(spec.options.environment),
        **dict(spec.environment),
        **credentials,
        "FOOTFALL_HOSTS": str(hosts),
        "FOOTFALL_PATHS": str(paths),
        "FOOTFALL_DATA": str(site.data / "modules" / spec.name),
    }
    folders = tuple(here for _, here in paths.binds)
    return Launch((*site.python, *arguments(spec, part, site, hosts, paths)), environment, folders)


def arguments(spec: Assignment, part: Part, site: Site, hosts: HostMap, paths: PathMap) -> Sequence[str]:
    """What footfall is called with."""
    match part:
        case Part.MEDIA_GRAPH:
            return ("module", "media-graph")
        case Part.SPATIAL_ANALYSIS:
            return ("module", "spatial-analysis")
        case Part.HUB:
            hub = site.hub
            ports = ("--mqtt-port", str(hub.mqtt_port), "--https-port", str(hub.https_port))
            name = () if reached(hub.host) == LOOPBACK else ("--name", hub.host)
            return ("hub", "--data", str(hub.folder), "--host", hub.host, *ports, *name)
    media = paths.find(MEDIA)
    if media == Path(MEDIA):
        raise ValueError(f"the simulator has no folder: bind one to {MEDIA}")
    _, port = hosts.find(spec.name, RTSP_PORT)
    return ("simulate", "rtsp", "--media", str(media), "--host", site.host, "--port", str(port))


def path_map(spec: Assignment, site: Site) -> PathMap:
    """Folders of a module; a volume is a folder of the deployment's own."""
    return PathMap(tuple((inside.rstrip("/"), _here(source, site)) for source, inside in spec.options.binds))


def host_map(specs: Sequence[Assignment], ports: Mapping[str, int], host: str = LOOPBACK) -> HostMap:
    """Where modules reach each other: all on this machine, the simulators at `ports` (module -> port) of `host`."""
    places: dict[tuple[str, int | None], tuple[str, int | None]] = {}
    for spec in specs:
        name = spec.name.lower()
        places[name, None] = (LOOPBACK, None)
        if spec.name in ports:
            places[name, RTSP_PORT] = (reached(host), ports[spec.name])
    return HostMap(places)


def reached(host: str) -> str:
    """How somebody on this machine reaches whoever listens on an address."""
    return LOOPBACK if host in EVERYWHERE else host


def wanted_port(spec: Assignment) -> int:
    """The port of the host at which the simulator is to be reached."""
    return dict(spec.options.ports).get(RTSP_PORT, RTSP_PORT)


def _here(source: str, site: Site) -> Path:
    return Path(source) if source.startswith("/") else site.data / "volumes" / source
