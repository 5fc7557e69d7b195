"""The hub's core without doors: manifests, twins and modules are kept, or nothing is."""

from __future__ import annotations

import asyncio
import json

import pytest

from footfall.core.errors import ConfigError
from footfall.edge.topics import Identity
from footfall.engine.clock import SystemClock
from footfall.hub.connect import connection_string
from footfall.hub.hub import Hub, open_hub
from footfall.hub.messages import BadRequest, NotConnected, StaleTwin, StorageFailed, UnknownIdentity
from footfall.hub.twins import Update
from servers.edge_hub import event_lines

MOD1 = Identity("edge-device", "mod1")
HUB = Identity("edge-device", "$edgeHub")


MODULE = {
    "type": "docker",
    "status": "running",
    "restartPolicy": "always",
    "settings": {"image": "image", "createOptions": ""},
}


def manifest(*names: str, route: str = "FROM /messages/* INTO $upstream", **desired: object) -> dict[str, object]:
    agent = {"schemaVersion": "1.1", "modules": dict.fromkeys(names, MODULE)}
    hub = {"schemaVersion": "1.1", "routes": {"r": route}}
    parts = {"$edgeAgent": agent, "$edgeHub": hub, **desired}
    return {"modulesContent": {name: {"properties.desired": part} for name, part in parts.items()}}


@pytest.fixture
def run(tmp_path):
    """Tell a story to a hub; each call is another life of the same one."""

    def telling(story, **options):
        async def inside():
            async with open_hub(tmp_path / "hub", SystemClock(), **options) as hub:
                return await story(hub)

        return asyncio.run(inside())

    return telling


def names(hub: Hub) -> list[str | None]:
    return [each.identity.module for each in hub.modules()]


def test_the_first_start_makes_keys_that_the_next_one_knows(run):
    async def keys(hub):
        every = [hub.identities.get(Identity(hub.device, name)) for name in (None, "$edgeAgent", "$edgeHub")]
        return hub.name, hub.device, every, dict(hub.identities.policies())

    first = run(keys, name="myhub.local", device="dev1")
    assert first[:2] == ("myhub.local", "dev1")
    assert set(first[3]) == {"iothubowner", "service", "device", "registryRead", "registryReadWrite"}
    secrets = [*first[3].values()] + [key for each in first[2] for key in (each.primary_key, each.secondary_key)]
    assert len(set(secrets)) == 11, "no key serves twice"
    assert run(keys) == first
    assert run(keys, name="other.local")[0] == "other.local", "a hub may be called otherwise"


def test_a_folder_belongs_to_one_device_and_to_one_hub_at_a_time(run, tmp_path):
    async def nothing(hub):
        with pytest.raises(ConfigError, match="belongs to a hub that is running"):
            async with open_hub(tmp_path / "hub", SystemClock()):
                pytest.fail("two hubs")

    run(nothing, device="dev1")
    with pytest.raises(ConfigError, match="belongs to the device dev1"):
        run(nothing, device="dev2")


@pytest.mark.parametrize("name", ["a b", "a/b", "a#", "a;b", "ü", "a" * 129])
def test_a_name_that_topics_or_connection_strings_cannot_hold(run, tmp_path, name):
    async def never(hub):
        pytest.fail(hub.device)

    with pytest.raises(ConfigError, match=r"--device: .* cannot be a name"):
        run(never, device=name)
    with pytest.raises(ConfigError, match=r"--name: .* cannot be a name"):
        run(never, name=name * 2)
    with pytest.raises(ConfigError, match="never run"):
        connection_string(tmp_path / "hub", None, None, "service")


@pytest.mark.parametrize("name", ["hub.sqlite", "events"])
def test_a_folder_with_something_else_in_it(run, tmp_path, name):
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / name).write_text("something else" * 100)

    async def nothing(hub):
        pytest.fail("it began")

    with pytest.raises(ConfigError, match=str(tmp_path)):
        run(nothing)


def test_a_manifest_makes_modules_and_routes_and_the_next_one_removes_them(run):
    async def first(hub):
        await hub.add_module("byhand")
        await hub.apply(manifest("mod1", "mod2", mod1={"a": 1}))
        assert names(hub) == ["$edgeAgent", "$edgeHub", "byhand", "mod1", "mod2"]
        return hub.identities.get(MOD1)

    async def second(hub):
        assert hub.twin(MOD1).desired.values == {"a": 1}
        assert hub.identities.get(MOD1) == made
        assert len(hub.router.forwarding.routes) == 1
        await hub.apply(manifest("mod2"))
        assert names(hub) == ["$edgeAgent", "$edgeHub", "byhand", "mod2"]
        with pytest.raises(UnknownIdentity):
            hub.twin(MOD1)
        assert (await hub.add_module("mod1")).primary_key != made.primary_key, "made anew, with a key of its own"
        assert hub.twin(MOD1).desired.values == {}

    made = run(first)
    run(second)


def test_a_manifest_that_breaks_a_rule_changes_nothing(run):
    async def story(hub):
        await hub.apply(manifest("mod1", mod1={"a": 1}))
        before = hub.twin(MOD1), hub.twin(HUB), names(hub), hub.router.forwarding
        for wrong in (
            manifest("mod2", route="FROM nowhere INTO $upstream"),
            manifest("mod2", mod2={"text": "x" * 5000}),
            {"modulesContent": {"$edgeAgent": {"properties.desired": {}}}},
            {},
        ):
            with pytest.raises(BadRequest):
                await hub.apply(wrong)
        assert (hub.twin(MOD1), hub.twin(HUB), names(hub), hub.router.forwarding) == before

    run(story)


def test_routes_that_are_wrong_are_refused_in_the_twin_too(run):
    async def story(hub):
        with pytest.raises(BadRequest, match="route"):
            await hub.update_twin(HUB, Update(desired={"routes": {"r": "INTO"}}))
        assert hub.twin(HUB).desired.version == 1

    run(story)


def test_etags(run):
    async def story(hub):
        await hub.add_module("mod1")
        etag = hub.twin(MOD1).etag
        twin = await hub.update_twin(MOD1, Update(desired={"a": 1}), f'"{etag}"')
        assert (twin.desired.values, twin.desired.version) == ({"a": 1}, 2)
        with pytest.raises(StaleTwin):
            await hub.update_twin(MOD1, Update(desired={"a": 2}), etag)
        await hub.report(MOD1, {"seen": 1})
        await hub.update_twin(MOD1, Update(desired={"a": 3}), twin.etag)

    run(story)


def test_modules_are_added_and_removed(run):
    async def story(hub):
        made = await hub.add_module("mod1")
        assert await hub.add_module("mod1") == made
        assert made.primary_key not in repr(made)
        await hub.report(MOD1, {"x": 1})
        await hub.remove_module("mod1")
        for act in (
            lambda: hub.report(MOD1, {}),
            lambda: hub.remove_module("mod1"),
            lambda: hub.invoke(MOD1, "m", b"", 5, 0),
        ):
            with pytest.raises(UnknownIdentity):
                await act()
        with pytest.raises(BadRequest, match="every device"):
            await hub.remove_module("$edgeHub")
        with pytest.raises(BadRequest, match="name"):
            await hub.add_module("a/b")

    run(story)


def test_nobody_is_there_to_answer(run):
    async def story(hub):
        await hub.add_module("mod1")
        with pytest.raises(NotConnected):
            await hub.invoke(MOD1, "GraphList", b"{}", 5, 0)
        assert not hub.is_connected(MOD1)

    run(story)


def test_twin_changes_go_along_their_route_and_are_not_in_the_log_without(run, tmp_path):
    async def story(hub):
        await hub.add_module("mod1")
        await hub.report(MOD1, {"a": 1})
        await hub.apply(manifest("mod1", route="FROM /twinChangeNotifications INTO $upstream"))
        await hub.report(MOD1, {"a": 2})

    run(story)
    [line] = event_lines(tmp_path / "hub")
    event = json.loads(line)
    assert (event["module"], event["body"]) == ("mod1", {"properties": {"reported": {"a": 2, "$version": 3}}})


def test_the_feed_gives_events_with_the_place_behind_them(run):
    async def story(hub):
        await hub.add_module("mod1")
        seen = []
        feed = hub.events()
        waiting = asyncio.ensure_future(anext(feed))
        await asyncio.sleep(0)
        for body in (b"1", b"2", b"3"):
            hub.router.telemetry(MOD1, "", body, hub.clock.now())
        await hub.journal.sync()
        seen.append(await waiting)
        seen += [await anext(feed), await anext(feed)]
        await feed.aclose()
        assert [json.loads(line)["body"] for _, line in seen] == [1, 2, 3]
        again = hub.events(seen[0][0])
        assert await anext(again) == seen[1]
        await again.aclose()
        from_start = hub.events(hub.first_event())
        assert await anext(from_start) == seen[0]
        await from_start.aclose()

    run(story)


def test_a_feed_ends_with_the_hub(run):
    async def story(hub):
        async def read():
            return [line async for _, line in hub.events()]

        reading = asyncio.ensure_future(read())
        await asyncio.sleep(0.05)
        await hub.close()
        return await asyncio.wait_for(reading, 60)

    assert run(story) == []


def test_a_full_disk_confirms_nothing_and_the_twin_is_what_the_disk_says(run, full_disk, caplog):
    async def story(hub):
        await hub.add_module("mod1")
        with full_disk(4096):
            for act in (
                lambda: hub.report(MOD1, {f"k{number}": "x" * 4000 for number in range(6)}),
                lambda: hub.add_module("mod2"),
                lambda: hub.apply(manifest("mod1", mod1={f"k{number}": "x" * 4000 for number in range(6)})),
            ):
                with pytest.raises(StorageFailed, match="cannot write"):
                    await act()
        assert hub.twin(MOD1).reported.values == {}
        assert hub.twin(MOD1).desired.values == {}
        assert "mod2" not in names(hub)
        assert hub.router.forwarding.routes == ()
        assert (await hub.report(MOD1, {"a": 1})).reported.version == 2, "it goes on when there is room"
        assert caplog.text.count("cannot write") == 1

    run(story)


def test_a_full_disk_confirms_no_telemetry(run, full_disk, tmp_path):
    async def story(hub):
        with full_disk(100):
            hub.router.telemetry(MOD1, "", b"1" * 200, hub.clock.now())
            with pytest.raises(StorageFailed):
                await hub.journal.sync()
        hub.router.telemetry(MOD1, "", b"2", hub.clock.now())
        await hub.journal.sync()

    run(story)
    assert [json.loads(line)["body"] for line in event_lines(tmp_path / "hub")] == [2]


def test_a_property_bag_has_its_limits(run):
    async def story(hub):
        with pytest.raises(BadRequest, match="bag"):
            hub.router.telemetry(MOD1, "x" * 40_000, b"", hub.clock.now())

    run(story)
