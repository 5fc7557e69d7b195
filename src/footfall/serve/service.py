"""The service put together: data folder, accounts, configuration, cameras, store and web in one process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from footfall.access.gate import Gate
from footfall.config.plan import Plan
from footfall.core.errors import ConfigError
from footfall.core.ports import Clock, Lead
from footfall.engine.delivery import RemoteSink
from footfall.engine.worker import StopSignal, Worker
from footfall.live.hub import LiveHub
from footfall.runtime.delivery import behind_outbox
from footfall.runtime.folders import models_folder
from footfall.runtime.inside import Inside
from footfall.runtime.options import Options
from footfall.serve.cameras import Beside, Cameras
from footfall.serve.compiled import Compiled, Compiler
from footfall.serve.credentials import Credentials
from footfall.serve.desk import AUTHOR, Behind, ServiceDesk
from footfall.serve.escort import Escort, told_by
from footfall.serve.fence import Fence
from footfall.serve.file import CHANGED, FollowedFile, is_news, read_config
from footfall.serve.filling import Filling
from footfall.serve.folder import TRAINED_MODELS, DataFolder
from footfall.serve.followers import Followers
from footfall.serve.health import BROKEN, Watchman
from footfall.serve.health_events import HealthTeller
from footfall.serve.hearers import Hearers
from footfall.serve.history import History
from footfall.serve.patience import LoginPatience
from footfall.serve.reserve import Reserve, give_up_if_full
from footfall.serve.sealing import sealed
from footfall.serve.snapshots import Snapshots
from footfall.serve.tracks import TrackWriter
from footfall.sinks.spec import RemoteAddress
from footfall.store.database import connect, open_database
from footfall.store.faults import StoreUnavailable
from footfall.store.folder_lock import FolderLock
from footfall.store.prepare import prepare
from footfall.web.desk import Version

log = logging.getLogger(__name__)

EMPTY = "cameras: []\n"
TICK_S = 1.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a service is started with."""

    folder: DataFolder
    config: Path | None
    store: str
    """URL of the store; empty: a file in the data folder."""
    threads: int
    environ: Mapping[str, str]
    fence: Fence | None = None
    """Around what people may add to the configuration; None: they may add everything."""


class Service:
    """Everything behind the web. Opens in `__init__`, runs between `start` and `close`.

    Args:
        wishes: what was asked for.
        clock: the time.

    Raises:
        ConfigError: the folder is in use or cannot be used, or the configuration file is wrong and there is no other.
        StoreUnavailable: the file with accounts is locked or broken.
    """

    def __init__(self, wishes: Wishes, clock: Clock) -> None:
        folder = self.folder = wishes.folder
        folder.prepare()
        with ExitStack() as opened:
            self._lock = FolderLock(folder.root)
            opened.callback(self._lock.release)
            is_full = give_up_if_full(folder.root)
            self.own = open_database(folder.own, "own")
            opened.callback(self.own.dispose)
            self.gate = Gate(self.own, folder.root, clock)
            self.history, self._credentials = History(self.own), Credentials(self.gate.secrets)
            compiler = Compiler({**wishes.environ, TRAINED_MODELS: str(folder.trained)})
            self.store = connect(wishes.store or folder.store, "store")
            opened.callback(self.store.dispose)
            _make_tables(self.store)
            filling = self.filling = Filling(connect(wishes.store or folder.store, "store"))
            self.watchman = Watchman(folder.root, filling, clock)
            self._reserve = Reserve(folder.root, self.own, clock, self.watchman.note)
            if is_full:
                self._reserve.look()  # before others take what was given up
            version, compiled = self._present(wishes.config, compiler, clock)
            escort = self._escort(wishes.fence, compiler)
            lead = escort.lead if escort is not None else by_name
            self._followers = Followers(
                self.store, filling, self.gate, self.watchman, clock, lead=lead, give_up=self._reserve.give_up
            )
            self._tracks = TrackWriter(self.store)
            self.snapshots = Snapshots(folder.snapshots, clock, self.gate.audit.record, self.watchman.note)
            self.hub, self.hearers = LiveHub(), Hearers()
            opened.callback(self.hub.shut)
            outlet = behind_outbox(filling, "store", "store", folder.outbox, takes_private=True)
            beside = self._beside(wishes, outlet, self._inside(compiled), clock, lead)
            self.cameras, compiled = self._cameras(compiled, beside)
            opened.callback(self.cameras.close)
            self.teller = HealthTeller(lambda: self.cameras.runtime.supervisor.runners, clock)
            behind = Behind(
                history=self.history,
                credentials=self._credentials,
                compiler=compiler,
                inside=beside.inside,
                hearers=self.hearers,
                watchman=self.watchman,
                audit=self.gate.audit,
                followers=self._followers,
                clock=clock,
                fence=wishes.fence,
                escort=escort,
            )
            self.desk = ServiceDesk(behind, version, compiled, self.cameras)
            self._file = (
                FollowedFile(wishes.config, self.desk, self.watchman, self.gate.audit) if wishes.config else None
            )
            opened.pop_all()
        self._stop = StopSignal()
        self._keeper = Worker("housekeeper", self._keep_house)

    def start(self) -> None:
        """Start all cameras."""
        self._tracks.start()
        self.snapshots.start()
        self.cameras.start()
        self._keeper.start()

    def ask_to_stop(self) -> None:
        """The end is near: cameras end while answers that are on the way go on."""
        self._stop.set()
        self.cameras.ask_to_stop()

    def close(self) -> int:
        """Stop everything in good order; how many messages wait on disk. Safe to call twice."""
        self._stop.set()
        self._keeper.join(TICK_S * 2)
        self._followers.close()
        self.teller.close()
        waiting = self.cameras.close()
        self._tracks.close(TICK_S * 2)
        self.snapshots.close()
        self.hub.shut()
        self.store.dispose()
        self.own.dispose()
        self._lock.release()
        return waiting

    def _keep_house(self) -> None:
        duties: list[Callable[[], None]] = [
            self.cameras.sample,
            self.cameras.revive,
            self.watchman.tick,
            self._followers.tick,
            self.teller.tick,
            self.snapshots.tick,
            self._reserve.tick,
        ]
        if self._file is not None:
            duties.append(self._file.tick)
        while not self._stop.wait(TICK_S):
            for duty in duties:
                _attempt(duty)

    def _present(self, config: Path | None, compiler: Compiler, clock: Clock) -> tuple[Version, Compiled]:
        """The configuration to begin with: the file, if it says something new; else what was there; else nothing."""
        version = self.history.latest()
        if config is not None:
            text = read_config(config)
            if is_news(text, self.history, self._credentials):
                clean = sealed(text, self._credentials.known())
                compiled = compiler.compile(clean.text, {**self._credentials.known(), **clean.fresh})
                self._credentials.keep(clean.fresh)
                version = self.history.add(clean.text, author=AUTHOR, comment=str(config), at=clock.now())
                self.gate.audit.record(CHANGED, AUTHOR, {"version": version.number, "file": str(config)})
                return version, compiled
        if version is None:
            version = self.history.add(EMPTY, author="footfall", comment="first start", at=clock.now())
        try:
            return version, compiler.compile(version.text, self._credentials.known())
        except ConfigError as error:
            log.warning("configuration %d does not run:\n%s", version.number, error)
            self.watchman.note(BROKEN, str(error).splitlines()[0])
            return version, Compiled(Plan(()))

    def _inside(self, compiled: Compiled) -> Inside:
        """How many are inside; a state that cannot be read is put aside, and its place begins anew."""
        try:
            return Inside(compiled.plan.places, self.folder.places)
        except ConfigError as error:
            for problem in error.problems:
                log.warning("%s; put aside as .broken", problem)
                path = Path(problem.file)
                path.rename(path.with_suffix(".broken"))
            return self._inside(compiled)

    def _escort(self, fence: Fence | None, compiler: Compiler) -> Escort | None:
        if fence is None:
            return None
        escort = Escort(fence)
        escort.rely_on(told_by(AUTHOR, self.history, compiler, self._credentials.known()))
        return escort

    def _beside(
        self,
        wishes: Wishes,
        store: RemoteSink,
        inside: Inside,
        clock: Clock,
        lead: Callable[[str | RemoteAddress], Lead | None],
    ) -> Beside:
        options = Options(
            models_folder=models_folder(wishes.environ),
            outbox_folder=self.folder.outbox,
            threads=wishes.threads,
            calibration_folder=self.folder.calibrations,
            recordings_folder=self.folder.recordings,
            visits_folder=self.folder.visits,
            patience=LoginPatience,
            lead=lead,
        )
        shared = self.hub, self.hearers, self._tracks, clock, self.snapshots
        return Beside(options, wishes.environ, store, inside, *shared)

    def _cameras(self, compiled: Compiled, beside: Beside) -> tuple[Cameras, Compiled]:
        """What runs the configuration; nothing of it where that cannot be: the page must come up."""
        try:
            return Cameras(compiled.plan, beside), compiled
        except ConfigError as error:
            log.warning("the configuration does not run:\n%s", error)
            self.watchman.note(BROKEN, str(error).splitlines()[0])
            empty = Compiled(Plan(()), compiled.service)
            return Cameras(empty.plan, beside), empty


def by_name(_to: str | RemoteAddress) -> None:
    """Nobody judges."""


def _make_tables(store: Engine) -> None:
    """Tables are made when the store is there; where it is away, with the first message that it takes."""
    try:
        prepare(store, "store")
    except StoreUnavailable as error:
        log.warning("the store is away: %s", error)


def _attempt(duty: Callable[[], None]) -> None:
    """One thing that fails keeps nothing else from being done."""
    try:
        duty()
    except Exception:
        log.exception("housekeeping")
