"""The web of a service: page, API, and figures for Prometheus."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial

from starlette.types import ASGIApp

from footfall.access.outbound import CAMERAS, Reach
from footfall.core.ports import Clock
from footfall.runtime.folders import models_folder
from footfall.runtime.keeping import read_keeping
from footfall.serve.service import Service
from footfall.web.app import create_app
from footfall.web.parts import Parts
from footfall.web.security import Door
from footfall.web.studio import Studio


def app_of(
    service: Service,
    door: Door,
    clock: Clock,
    reach: Reach = CAMERAS,
    environ: Mapping[str, str] = os.environ,
    studio: Studio | None = None,
) -> ASGIApp:
    """Page and API over a running service.

    Args:
        service: it.
        door: how it is reached.
        clock: the time.
        reach: where cameras may be that people add.
        environ: where weights and the keys of recordings are.
        studio: Custom Vision; None: the service runs without.
    """
    parts = Parts(
        service.desk,
        service.gate,
        clock,
        service.store,
        service.own,
        service.hub,
        service.folder.root,
        reach,
        models=models_folder(environ),
        recording_keys=read_keeping(environ).ring,
        metrics=partial(figures, service, clock),
        studio=studio,
    )
    return create_app(parts, door)


def figures(service: Service, clock: Clock) -> bytes:
    """What `/metrics` answers."""
    from footfall.serve.figures import Beside, render  # noqa: PLC0415 - not every service is asked

    oldest = service.filling.oldest
    lag_s = 0.0 if oldest is None else (clock.now() - oldest).total_seconds()
    return render(service.desk, Beside(service.teller.figures, lag_s))
