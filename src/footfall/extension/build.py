"""The client for an extension node."""

from __future__ import annotations

from footfall.config.media import Extension, Protocol
from footfall.core.outside import HostMap
from footfall.extension.address import find
from footfall.extension.client import Asker, Ears, ExtensionClient
from footfall.extension.client_grpc import GrpcClient
from footfall.extension.client_http import HttpClient
from footfall.extension.render import Style
from footfall.extension.stream import Asking


def open_client(
    spec: Extension, asker: Asker, ears: Ears, hosts: HostMap | None = None, style: Style = Style.FIRST
) -> ExtensionClient:
    """Start asking; returns at once, whether or not the server is there.

    Args:
        spec: The node.
        asker: Who it is, told to gRPC servers.
        ears: Who is told of answers and troubles.
        hosts: Where the names of other modules are.
        style: How inferences that came over gRPC are rendered.

    Raises:
        ConfigError: An address that is none, or shared memory that cannot hold one frame or cannot be had.
    """
    if spec.protocol is Protocol.HTTP:
        return HttpClient(spec, asker, ears, hosts or HostMap())
    address = find(spec.endpoint, asker.node, hosts or HostMap())
    return GrpcClient(Asking(spec, asker, ears, address, style))
