"""What follows the configuration beside the cameras: how long things are kept, Home Assistant, single sign-on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from footfall.access.gate import Gate
from footfall.access.outbound import WEB, Reach
from footfall.access.sign_on_spec import SignOnSpec
from footfall.config.home_assistant import HomeAssistant
from footfall.config.service import ServiceSettings
from footfall.core.errors import ConfigError
from footfall.core.ports import Clock, Lead
from footfall.serve.compiled import Compiled
from footfall.serve.filling import Filling
from footfall.serve.health import Watchman
from footfall.sinks.spec import RemoteAddress
from footfall.store.faults import StoreUnavailable
from footfall.store.retention import Retention, erase_people, sweep
from footfall.web.desk import Desk

if TYPE_CHECKING:
    from footfall.access.sign_on import SignOn
    from footfall.serve.home_assistant_link import HomeAssistantLink

log = logging.getLogger(__name__)

SWEEP_EVERY_S = 3600.0
SOON_S = 60.0
MINUTES_DAYS = 90.0
HOME_ASSISTANT = "home-assistant"


class Followers:
    """Does as every version of the configuration says.

    Args:
        store: for sweeps.
        filling: what fills the store.
        gate: gets single sign-on.
        watchman: hears what does not work.
        clock: of the service.
        lead: makes what is asked before each connection to a broker.
        give_up: gives room on a full disk, once; whether there was some.
    """

    def __init__(  # noqa: PLR0913 - one for each thing that follows
        self,
        store: Engine,
        filling: Filling,
        gate: Gate,
        watchman: Watchman,
        clock: Clock,
        *,
        lead: Callable[[RemoteAddress], Lead | None],
        give_up: Callable[[], bool],
    ) -> None:
        self._lead = lead
        self._give_up = give_up
        self._store = store
        self._filling = filling
        self._gate = gate
        self._watchman = watchman
        self._clock = clock
        self._settings = ServiceSettings()
        self._must_erase = False
        self._is_asked = False
        """Whether somebody wants less to be kept."""
        self._home: HomeAssistant | None = None
        self._link: HomeAssistantLink | None = None
        self._next_sweep_s = 0.0

    def follow(self, compiled: Compiled, desk: Desk) -> None:
        """Do as this version says."""
        settings, before = compiled.service, self._settings
        self._settings = settings
        self._filling.keep_events(wanted=not settings.aggregate_only)
        self._is_asked |= settings != before
        self._must_erase |= settings.aggregate_only and not before.aggregate_only
        self._next_sweep_s = 0.0
        self._follow_home(compiled.home_assistant, desk)
        self._gate.sign_on = None if compiled.sign_on is None else self._sign_on(compiled.sign_on)

    def tick(self) -> None:
        """Forget what is too old, when it is time; look whether Home Assistant may be told."""
        if self._link is not None:
            self._watchman.note(HOME_ASSISTANT, self._link.trouble)
        now_s = self._clock.monotonic_s()
        if now_s < self._next_sweep_s:
            return
        self._next_sweep_s = now_s + SWEEP_EVERY_S
        try:
            self._sweep()
        except StoreUnavailable as error:
            log.info("what is too old stays for now: %s", error)
            self._next_sweep_s = now_s + SOON_S
            if error.reason == "storage" and self._is_asked and self._give_up():
                self._next_sweep_s = 0.0

    def _sweep(self) -> None:
        if self._must_erase:
            erase_people(self._store)
            self._must_erase = False
        sweep(self._store, self._clock.now(), retention_of(self._settings))
        self._is_asked = False

    def close(self) -> None:
        """The service ends."""
        if self._link is not None:
            self._link.close()

    def _sign_on(self, spec: SignOnSpec) -> SignOn:
        from footfall.access.outbound_http import Outbound  # noqa: PLC0415 - an HTTP client, where somebody needs one
        from footfall.access.provider import Provider  # noqa: PLC0415
        from footfall.access.sign_on import SignOn  # noqa: PLC0415

        reach = Reach(WEB, private=spec.local_network, loopback=spec.local_network)
        provider = Provider(spec, Outbound(reach), self._clock)
        return SignOn(spec, provider, self._gate.users, self._gate.secrets, self._clock)

    def _follow_home(self, home: HomeAssistant | None, desk: Desk) -> None:
        if home == self._home:
            return
        if self._link is not None:
            self._link.close()
        self._home, self._link = home, None
        self._watchman.note(HOME_ASSISTANT, "")
        if home is not None:
            from footfall.serve.home_assistant_link import HomeAssistantLink  # noqa: PLC0415 - an MQTT client

            try:
                self._link = HomeAssistantLink(home, desk, self._lead).start()
            except ConfigError as error:
                self._watchman.note(HOME_ASSISTANT, str(error).splitlines()[0])


def retention_of(settings: ServiceSettings) -> Retention:
    """How long each kind of thing is kept."""
    numbers = _days(settings.numbers_days)
    minutes = min(timedelta(days=MINUTES_DAYS), numbers or timedelta.max)
    return Retention(
        events=_days(settings.events_days),
        facts=minutes,
        minutes=minutes,
        hours=numbers,
        tracks=timedelta(hours=settings.tracks_hours),
    )


def _days(days: float) -> timedelta | None:
    return timedelta(days=days) if days else None
