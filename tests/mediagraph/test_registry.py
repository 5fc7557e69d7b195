"""The life of instances: who waits for whom, what goes on in the background, what comes back after a restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.core.errors import ConfigError, FootfallError
from footfall.mediagraph.methods import Reply
from footfall.mediagraph.slot import State
from footfall.mediagraph.store import FILE, Row, Store
from media_documents import ask, assets, camera, instance, parameter, simple, topology
from media_module import Module

WAIT_S = 60.0


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Module]:
    module = Module(tmp_path, patience_s=0.2)
    module.call("GraphTopologySet", simple())
    module.call("GraphInstanceSet", instance())
    yield module
    for graph in module.bench.started:
        graph.done.set()
    module.close()


class Calling(threading.Thread):
    """A method in a thread of its own."""

    def __init__(self, module: Module, name: str, request: bytes) -> None:
        super().__init__(daemon=True)
        self.module, self.method, self.request = module, name, request
        self.reply: Reply | None = None
        self.start()

    def run(self) -> None:
        self.reply = self.module.call(self.method, self.request)

    def status(self) -> int:
        self.join(WAIT_S)
        assert self.reply is not None, "still at work"
        return self.reply.status


def waits(go: threading.Event) -> None:
    assert go.wait(WAIT_S), "nobody lets the nodes start"


def state(module: Module) -> State:
    return module.registry.instance("door-1").state


def until(module: Module, wanted: State) -> None:
    deadline = time.monotonic() + WAIT_S
    while state(module) is not wanted:
        assert time.monotonic() < deadline, f"never {wanted}"
        time.sleep(0.002)


def test_while_nodes_start_the_instance_is_activating(module: Module) -> None:
    go = threading.Event()
    module.bench.before = lambda graph: waits(go)
    activation = Calling(module, "GraphInstanceActivate", ask("door-1"))
    until(module, State.ACTIVATING)

    refused = [
        module.call(name, request)
        for name, request in [
            ("GraphInstanceDeactivate", ask("door-1")),
            ("GraphInstanceDelete", ask("door-1")),
            ("GraphInstanceSet", instance()),
            ("GraphTopologySet", topology(camera(), assets("camera"))),
            ("GraphTopologyDelete", ask("Door")),
        ]
    ]
    assert [reply.status for reply in refused] == [409] * 5
    assert "not allowed in the Activating state. Allowed states are: Inactive, Active, Deactivating." in str(refused[0])
    assert module.call("GraphInstanceList", ask()).status == 200
    again = Calling(module, "GraphInstanceActivate", ask("door-1"))
    go.set()

    assert (activation.status(), again.status()) == (200, 200)
    assert len(module.bench.started) == 1, "the second activation waited for the first"
    assert state(module) is State.ACTIVE


def test_while_one_instance_starts_others_are_served(module: Module) -> None:
    go = threading.Event()
    module.call("GraphInstanceSet", instance(name="door-2"))
    module.bench.before = lambda graph: waits(go) if graph.instance == "door-1" else None
    activation = Calling(module, "GraphInstanceActivate", ask("door-1"))
    until(module, State.ACTIVATING)

    assert module.call("GraphInstanceActivate", ask("door-2")).status == 200
    go.set()
    assert activation.status() == 200


def test_recordings_that_take_long_are_finished_in_the_background(module: Module) -> None:
    module.bench.are_quick = False
    module.call("GraphInstanceActivate", ask("door-1"))

    assert module.call("GraphInstanceDeactivate", ask("door-1")).status == 200
    assert state(module) is State.DEACTIVATING
    assert module.call("GraphInstanceActivate", ask("door-1")).status == 409
    assert module.call("GraphInstanceSet", instance()).status == 409
    assert module.call("GraphInstanceDelete", ask("door-1")).status == 409
    again = Calling(module, "GraphInstanceDeactivate", ask("door-1"))

    module.bench.started[0].done.set()
    assert again.status() == 200
    until(module, State.INACTIVE)
    module.bench.are_quick = True
    assert module.call("GraphInstanceActivate", ask("door-1")).status == 200
    assert len(module.bench.started) == 2


def test_deactivation_returns_when_all_is_written(module: Module) -> None:
    module.call("GraphInstanceActivate", ask("door-1"))

    assert module.call("GraphInstanceDeactivate", ask("door-1")).status == 200
    assert module.bench.started[0].asked.is_set()
    assert state(module) is State.INACTIVE


def test_many_at_once_leave_everything_in_order(module: Module) -> None:
    methods = ["GraphInstanceActivate", "GraphInstanceDeactivate", "GraphInstanceDelete", "GraphInstanceSet"] * 10
    calls = [Calling(module, name, ask("door-1", properties={"topologyName": "Door"})) for name in methods]

    assert {call.status() for call in calls} <= {200, 201, 204, 404, 409}
    module.call("GraphInstanceSet", instance())
    assert module.call("GraphInstanceDeactivate", ask("door-1")).status == 200
    assert all(graph.asked.is_set() for graph in module.bench.started), "whatever was started was stopped"
    assert module.call("GraphInstanceDelete", ask("door-1")).status == 200


def test_an_activation_that_breaks_leaves_an_inactive_instance(module: Module) -> None:
    def breaks(graph: object) -> None:
        raise ZeroDivisionError

    module.bench.before = breaks
    with pytest.raises(ZeroDivisionError):
        module.call("GraphInstanceActivate", ask("door-1"))

    assert state(module) is State.INACTIVE
    module.bench.before = lambda graph: None
    assert module.call("GraphInstanceActivate", ask("door-1")).status == 200


def restarted(module: Module, folder: Path) -> Module:
    """The same module as after its process was killed: nothing was stopped."""
    module.registry._store.close()
    return Module(folder, patience_s=0.2)


def test_everything_comes_back_after_a_restart(tmp_path: Path) -> None:
    module = Module(tmp_path)
    word = parameter("word", "SecretString")
    module.call("GraphTopologySet", topology(camera(), assets("camera"), parameters=[word]))
    for name in ("on", "off", "was-on"):
        module.call("GraphInstanceSet", instance(name=name, word="x"))
    for name in ("on", "was-on"):
        module.call("GraphInstanceActivate", ask(name))
    module.call("GraphInstanceDeactivate", ask("was-on"))
    before = [module.call(name, ask()) for name in ("GraphTopologyList", "GraphInstanceList")]

    again = restarted(module, tmp_path)
    assert [each.state for each in again.registry.instances()] == [State.INACTIVE] * 3
    again.registry.resume()
    again.registry.resume()

    assert [again.call(name, ask()) for name in ("GraphTopologyList", "GraphInstanceList")] == before
    assert [graph.graph.instance for graph in again.bench.started] == ["on"]
    again.close()


def test_a_module_that_ends_in_order_starts_what_was_active(module: Module, tmp_path: Path) -> None:
    module.call("GraphInstanceActivate", ask("door-1"))
    module.close()
    assert module.bench.started[0].asked.is_set()

    again = Module(tmp_path)
    again.registry.resume()
    assert state(again) is State.ACTIVE
    again.close()


def test_what_cannot_start_again_waits_for_better_days(
    module: Module, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(graph: object) -> None:
        raise FootfallError("no disk")

    module.call("GraphInstanceActivate", ask("door-1"))
    again = restarted(module, tmp_path)
    again.bench.before = fails
    again.registry.resume()
    assert state(again) is State.INACTIVE
    assert "Graph instance door-1 cannot be started again: no disk" in caplog.text

    later = restarted(again, tmp_path)
    later.registry.resume()
    assert state(later) is State.ACTIVE
    assert later.call("GraphInstanceDeactivate", ask("door-1")).status == 200

    last = restarted(later, tmp_path)
    last.registry.resume()
    assert last.bench.started == []
    last.close()


def test_an_instance_that_waits_for_better_days_can_be_told_not_to(module: Module, tmp_path: Path) -> None:
    module.call("GraphInstanceActivate", ask("door-1"))
    again = restarted(module, tmp_path)
    assert again.call("GraphInstanceDeactivate", ask("door-1")).status == 200

    later = restarted(again, tmp_path)
    later.registry.resume()
    assert later.bench.started == []
    later.close()


def test_a_second_module_on_the_same_folder_refuses_to_start(module: Module, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="in use by another module; stop that module"):
        Store(tmp_path)


def test_the_file_with_passwords_is_the_owners_only(module: Module, tmp_path: Path) -> None:
    assert {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == dict.fromkeys(
        (path.name for path in tmp_path.iterdir()), 0
    )


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + bytes(200)])
def test_a_damaged_store_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)

    with pytest.raises(ConfigError, match="move the file away"):
        Store(tmp_path)
    (tmp_path / FILE).unlink()
    Store(tmp_path).close()


def test_what_is_not_understood_is_left_out_and_kept(
    module: Module, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = module.registry._store
    now = "2026-01-05T10:00:00.000Z"
    store.put_topology(Row("Old", {"@apiVersion": "0.9"}, now, now))
    store.put_instance(Row("odd", [], now, now))
    store.put_instance(Row("orphan", instance("Old", "orphan"), now, now, is_active=True))

    again = restarted(module, tmp_path)
    again.registry.resume()
    assert [each.document.name for each in again.registry.topologies()] == ["Door"]
    assert [each.document.name for each in again.registry.instances()] == ["door-1"]
    assert [name in caplog.text for name in ("topology Old", "instance odd", "instance orphan")] == [True] * 3
    assert [row.name for row in again.registry._store.instances()] == ["door-1", "odd", "orphan"]
    again.close()


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(ConfigError, match="applicationDataDirectory cannot be written"):
        Store(tmp_path / "data")


def test_what_the_disk_does_not_take_has_not_happened(module: Module) -> None:
    store = module.registry._store
    store._connection.execute("PRAGMA query_only = ON")

    changes = [
        ("GraphTopologySet", simple("Other")),
        ("GraphTopologySet", topology(camera(), assets("camera"))),
        ("GraphInstanceSet", instance(name="door-2")),
        ("GraphInstanceActivate", ask("door-1")),
        ("GraphInstanceDelete", ask("door-1")),
    ]
    assert [module.call(name, request).status for name, request in changes] == [500] * 5
    assert module.bench.started[0].asked.is_set(), "what was started is stopped again"
    store._connection.execute("PRAGMA query_only = OFF")

    assert [each.document.name for each in module.registry.topologies()] == ["Door"]
    assert [(each.document.name, each.state) for each in module.registry.instances()] == [("door-1", State.INACTIVE)]
    module.call("GraphInstanceActivate", ask("door-1"))
    store._connection.execute("PRAGMA query_only = ON")
    assert module.call("GraphInstanceDeactivate", ask("door-1")).status == 200, "one can always stop"
    store._connection.execute("PRAGMA query_only = OFF")
