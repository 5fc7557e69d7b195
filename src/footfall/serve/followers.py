"""What follows the configuration beside the cameras: how long things are kept, Home Assistant, single sign-on."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from footfall.access.gate import Gate
from footfall.access.outbound import WEB, Reach
from footfall.access.sign_on_spec import SignOnSpec
from footfall.config.home_assistant import HomeAssistant
from footfall.config.service import ServiceSettings
from footfall.core.errors import ConfigError
from footfall.core.ports import Clock
from footfall.serve.compiled import Compiled
from footfall.serve.filling import Filling
from footfall.serve.health import Watchman
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
    """

    def __init__(self, store: Engine, filling: Filling, gate: Gate, watchman: Watchman, clock: Clock) -> None:
        self._store = store
        self._filling = filling
        self._gate = gate
        self._watchman = watchman
        self._clock = clock
        self._settings = ServiceSettings()
        self._must_erase = False
        self._home: HomeAssistant | None = None
        self._link: HomeAssistantLink | None = None
        self._next_sweep_s = 0.0

    def follow(self, compiled: Compiled, desk: Desk) -> None:
        """Do as this version says."""
        settings, before = compiled.service, self._settings
        self._settings = settings
        self._filling.keep_events(wanted=not settings.aggregate_only)
        self._must_erase |= settings.aggregate_only and not before.aggregate_only
        self._next_sweep_s = 0.0
        self._follow_home(compiled.home_assistant, desk)
        self._gate.sign_on = None if compiled.sign_on is None else self._sign_on(compiled.sign_on)

    def tick(self) -> None:
        """Forget what is too old, when it is time."""
        now_s = self._clock.monotonic_s()
        if now_s < self._next_sweep_s:
            return
        self._next_sweep_s = now_s + SWEEP_EVERY_S
        try:
            if self._must_erase:
                erase_people(self._store)
                self._must_erase = False
            sweep(self._store, self._clock.now(), retention_of(self._settings))
        except StoreUnavailable as error:
            log.info("what is too old stays for now: %s", error)
            self._next_sweep_s = now_s + SOON_S

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
                self._link = HomeAssistantLink(home, desk).start()
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
