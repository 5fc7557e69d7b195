"""The web of a service."""

from __future__ import annotations

from starlette.types import ASGIApp

from footfall.core.ports import Clock
from footfall.serve.service import Service
from footfall.web.app import create_app
from footfall.web.parts import Parts
from footfall.web.security import Door


def app_of(service: Service, door: Door, clock: Clock) -> ASGIApp:
    """Page and API over a running service."""
    return create_app(Parts(service.desk, service.gate, clock), door)
