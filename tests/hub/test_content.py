"""Deployment manifests: wrappers, modules, twins, routes, schema versions, dotted keys, options in pieces."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.hub.content import HUB, forwarding, read_content
from footfall.hub.messages import BadRequest
from footfall.hub.module_specs import AGENT, ContentRefused, ModuleSpec, agent_modules
from footfall.hub.routes import Upstream
from footfall.hub.twins import Twin

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
BINDS = {"HostConfig": {"Binds": ["/video:/live/mediaServer/media"]}}


def module(**changes: Any) -> dict[str, Any]:
    settings = {"image": "mcr.microsoft.com/lva-utilities/rtspsim-live555:1.2", "createOptions": json.dumps(BINDS)}
    return {"type": "docker", "status": "running", "restartPolicy": "always", "settings": settings, **changes}


def content(modules: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    agent = {"schemaVersion": "1.0", "modules": {"rtspsim": module()} if modules is None else modules}
    hub = {"schemaVersion": "1.0", "routes": {"LVAToHub": "FROM /messages/modules/lvaEdge/outputs/* INTO $upstream"}}
    return {AGENT: {"properties.desired": agent}, HUB: {"properties.desired": hub}, **sections}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"modulesContent": content()}, id="modulesContent"),
        pytest.param({"content": {"modulesContent": content()}}, id="content around it"),
        pytest.param({"moduleContent": content()}, id="the old spelling"),
        pytest.param({"content": {"moduleContent": content()}}, id="the old spelling, wrapped"),
        pytest.param({"$schema-template": "2.0.0", "modulesContent": content()}, id="a template"),
        pytest.param(content(), id="its inside alone"),
    ],
)
def test_every_wrapper_is_understood(document: dict[str, Any]) -> None:
    read = read_content(document)
    assert [one.name for one in read.modules or ()] == ["rtspsim"]
    assert read.desired.keys() == {AGENT, HUB}


def test_a_module_is_all_that_a_runner_needs() -> None:
    entry = module(
        env={"EULA": {"value": "accept"}, "N": {"value": 5}, "B": {"value": True}}, startupOrder=2, version="1.2"
    )
    (spec,) = read_content(content({"cam": entry})).modules or ()
    assert spec == ModuleSpec(
        name="cam",
        image="mcr.microsoft.com/lva-utilities/rtspsim-live555:1.2",
        env={"EULA": "accept", "N": "5", "B": "true"},
        create_options=BINDS,
        status="running",
        restart_policy="always",
        version="1.2",
        startup_order=2,
    )


def test_secrets_in_the_environment_are_not_shown() -> None:
    (spec,) = read_content(content({"cam": module(env={"APIKEY": {"value": "s3cret"}})})).modules or ()
    assert "s3cret" not in repr(spec)


def test_modules_start_in_their_order_and_the_rest_at_the_end() -> None:
    read = read_content(content({"c": module(), "b": module(startupOrder=1), "a": module(startupOrder=0)}))
    assert [one.name for one in read.modules or ()] == ["a", "b", "c"]


def test_what_a_module_leaves_out_has_defaults() -> None:
    (spec,) = read_content(content({"m": {"settings": {"image": "i"}}})).modules or ()
    assert (spec.status, spec.restart_policy, spec.create_options, dict(spec.env)) == ("running", "always", {}, {})


LONG = {"HostConfig": {"Binds": [f"/folder/{i}:/inside/{i}" for i in range(100)]}}


def test_options_in_pieces_are_joined() -> None:
    text = json.dumps(LONG)
    pieces = [text[at : at + 512] for at in range(0, len(text), 512)]
    names = ["createOptions", *(f"createOptions{i:02}" for i in range(1, len(pieces)))]
    assert len(pieces) > 3
    (spec,) = (
        read_content(content({"m": module(settings={"image": "i", **dict(zip(names, pieces, strict=True))})})).modules
        or ()
    )
    assert spec.create_options == LONG


@pytest.mark.parametrize(
    "options", [pytest.param(LONG, id="an object"), pytest.param(json.dumps(LONG), id="a long text")]
)
def test_the_twin_keeps_options_as_text_in_pieces(options: object) -> None:
    read = read_content(content({"m": module(settings={"image": "i", "createOptions": options})}))
    kept = read.applied({}, NOON).changes[AGENT].twin.desired.values
    settings = kept["modules"]["m"]["settings"]  # type: ignore[index]
    assert {len(settings[key]) for key in ("createOptions", "createOptions01")} == {512}
    assert agent_modules(kept)[0].create_options == LONG


def test_new_desired_properties_replace_the_old_ones() -> None:
    old = Twin().with_desired({"gone": 1, "kept": 2}, NOON).twin
    applied = read_content(content(lvaEdge={"properties.desired": {"kept": 2, "new": 3}})).applied(
        {"lvaEdge": old}, NOON
    )
    assert applied.changes["lvaEdge"].twin.desired.values == {"kept": 2, "new": 3}
    assert json.loads(applied.changes["lvaEdge"].told) == {"gone": None, "new": 3, "$version": 3}


def test_dotted_keys_alone_are_merged() -> None:
    old = Twin().with_desired({"schemaVersion": "1.0", "routes": {"a": "FROM /* INTO $upstream"}}, NOON).twin
    document = {HUB: {"properties.desired.routes.b": "FROM /messages/* INTO $upstream"}}
    applied = read_content(document).applied({HUB: old}, NOON)
    values = applied.changes[HUB].twin.desired.values
    assert [route.name for route in forwarding(values).routes] == ["a", "b"]
    assert read_content(document).modules is None


def test_dotted_keys_beside_the_whole_are_part_of_it() -> None:
    section = {"properties.desired": {"a": {"x": 1}}, "properties.desired.a.y": 2}
    read = read_content(content(m={**section}))
    assert read.desired["m"].values == {"a": {"x": 1, "y": 2}}
    assert read.desired["m"].is_whole


def test_nested_properties_are_understood_too() -> None:
    assert read_content(content(m={"properties": {"desired": {"a": 1}}})).desired["m"].values == {"a": 1}


def test_a_dotted_null_takes_away() -> None:
    old = Twin().with_desired({"routes": {"a": "FROM /* INTO $upstream"}}, NOON).twin
    document = {HUB: {"properties.desired.routes.a": None, "properties.desired.routes.b": "FROM /* INTO $upstream"}}
    applied = read_content(document).applied({HUB: old}, NOON)
    assert applied.changes[HUB].twin.desired.values["routes"] == {"b": "FROM /* INTO $upstream"}


def test_a_section_that_says_nothing_changes_nothing() -> None:
    applied = read_content(content(m={})).applied({"m": Twin().with_desired({"a": 1}, NOON).twin}, NOON)
    assert "m" not in applied.changes
    assert "m" in applied.modules


def test_a_module_by_a_dotted_key_joins_the_others() -> None:
    first = read_content(content()).applied({}, NOON)
    twins = {name: change.twin for name, change in first.changes.items()}
    document = {AGENT: {"properties.desired.modules.cam": module()}}
    applied = read_content(document).applied(twins, NOON)
    assert (applied.modules, applied.removed) == ({"rtspsim", "cam"}, set())


def test_what_is_odd_beside_the_modules_is_kept_as_it_is() -> None:
    system = {"edgeAgent": 5, "edgeHub": {"settings": 5}, "other": {"settings": {"image": "i"}}}
    pieces = module(settings={"image": "i", "createOptions": "{", "createOptions01": "}"})
    agent_ = {"schemaVersion": "1.0", "systemModules": system, "modules": {"m": pieces}}
    kept = read_content({AGENT: {"properties.desired": agent_}}).applied({}, NOON).changes[AGENT].twin.desired.values
    assert kept == agent_
    assert agent_modules(kept)[0].create_options == {}


def test_options_may_be_null() -> None:
    for options in (None, "null", "", " "):
        (spec,) = read_content(content({"m": module(settings={"image": "i", "createOptions": options})})).modules or ()
        assert spec.create_options == {}


def test_messages_may_be_kept_no_time_at_all() -> None:
    assert forwarding({"storeAndForwardConfiguration": {"timeToLiveSecs": 0}}).time_to_live_s == 0


def test_identities_come_and_go_with_the_modules() -> None:
    first = read_content(content({"a": module(), "b": module()}, c={"properties.desired": {}})).applied({}, NOON)
    assert (first.modules, first.removed) == ({"a", "b", "c"}, set())
    twins = {name: change.twin for name, change in first.changes.items()}
    second = read_content(content({"b": module()})).applied(twins, NOON)
    assert (second.modules, second.removed) == ({"b"}, {"a"})


def test_without_an_agent_no_module_goes() -> None:
    first = read_content(content()).applied({}, NOON)
    twins = {name: change.twin for name, change in first.changes.items()}
    applied = read_content({"modulesContent": {"m": {"properties.desired": {"a": 1}}}}).applied(twins, NOON)
    assert (applied.modules, applied.removed, applied.changes.keys()) == ({"m"}, set(), {"m"})


def test_what_the_hub_forwards() -> None:
    read = forwarding(
        {"routes": {"r": "FROM /* INTO $upstream"}, "storeAndForwardConfiguration": {"timeToLiveSecs": 60}}
    )
    assert [route.sink for route in read.routes] == [Upstream()]
    assert read.time_to_live_s == 60
    assert forwarding({}).time_to_live_s == 7200


def agent(**changes: Any) -> dict[str, Any]:
    return {AGENT: {"properties.desired": {"schemaVersion": "1.0", "modules": {}, **changes}}}


def hub(**changes: Any) -> dict[str, Any]:
    return {HUB: {"properties.desired": {"schemaVersion": "1.0", **changes}}}


@pytest.mark.parametrize(
    ("document", "code", "wrong"),
    [
        pytest.param({}, 400, "a manifest is needed", id="nothing"),
        pytest.param({"content": 5}, 400, "a manifest is needed", id="a number inside content"),
        pytest.param({"modulesContent": []}, 400, "modulesContent: an object is needed", id="an array"),
        pytest.param({"modulesContent": {"m": 5}}, 400, "m: an object is needed", id="a module that is a number"),
        pytest.param(agent(schemaVersion=None), 400, "schemaVersion is missing", id="no schema version"),
        pytest.param(agent(schemaVersion="one"), 400, "schemaVersion is missing", id="a schema version in words"),
        pytest.param(agent(schemaVersion="2.0"), 412, "schemaVersion 2.0 is not known", id="a major version to come"),
        pytest.param(hub(schemaVersion="1.9"), 412, "schemaVersion 1.9 is not known", id="a minor version to come"),
        pytest.param(agent(modules=[]), 400, "$edgeAgent: modules: an object", id="modules in an array"),
        pytest.param(agent(modules={"a/b": module()}), 400, "'a/b' cannot be a module's name", id="a slash in a name"),
        pytest.param({**agent(), "a+b": {}}, 400, "'a+b' cannot be a module's name", id="a plus in the name of a twin"),
        pytest.param(agent(modules={"m": {}}), 400, "module m: settings: an object", id="no settings"),
        pytest.param(agent(modules={"m": {"settings": {}}}), 400, "settings.image is missing", id="no image"),
        pytest.param(agent(modules={"m": module(status="on")}), 400, "status is 'on', it must be", id="an odd status"),
        pytest.param(
            agent(modules={"m": module(restartPolicy="maybe")}), 400, "restartPolicy is 'maybe'", id="odd policy"
        ),
        pytest.param(agent(modules={"m": module(startupOrder=-1)}), 400, "startupOrder is -1", id="an odd order"),
        pytest.param(agent(modules={"m": module(startupOrder="1")}), 400, "startupOrder is '1'", id="order in words"),
        pytest.param(
            agent(modules={"m": module(startupOrder=True)}), 400, "startupOrder is True", id="a bool for an order"
        ),
        pytest.param(
            agent(modules={"m": module(restartPolicy=["always"])}), 400, "restartPolicy is [", id="a list of policies"
        ),
        pytest.param(
            agent(modules={"m": module(settings={"image": " "})}), 400, "settings.image is missing", id="a blank image"
        ),
        pytest.param(
            agent(modules={"m": module(settings={"image": "i", "createOptions": "{}", "createOptions01": 5})}),
            400,
            "must be JSON text",
            id="a numeric piece",
        ),
        pytest.param(hub(storeAndForwardConfiguration={"timeToLiveSecs": -1}), 400, "timeToLiveSecs is -1", id="past"),
        pytest.param(
            hub(storeAndForwardConfiguration={"timeToLiveSecs": True}), 400, "Secs is True", id="a bool for time"
        ),
        pytest.param(agent(modules={"m": module(env=[])}), 400, "module m: env: an object", id="odd environment"),
        pytest.param(
            agent(modules={"m": module(env={"A": "1"})}), 400, "module m: env.A: an object", id="odd variable"
        ),
        pytest.param(
            agent(modules={"m": module(settings={"image": "i", "createOptions": "{"})}),
            400,
            "createOptions is not JSON",
            id="odd options",
        ),
        pytest.param(
            agent(modules={"m": module(settings={"image": "i", "createOptions": 5})}),
            400,
            "must be JSON text",
            id="numeric options",
        ),
        pytest.param(
            hub(routes={"r": "FROM nowhere"}), 400, "$edgeHub: route 'r': there is no such source", id="a bad route"
        ),
        pytest.param(
            hub(storeAndForwardConfiguration={"timeToLiveSecs": "x"}), 400, "timeToLiveSecs is 'x'", id="odd time"
        ),
    ],
)
def test_a_bad_manifest_is_refused(document: dict[str, Any], code: int, wrong: str) -> None:
    with pytest.raises(ContentRefused) as refusal:
        read_content(document)
    assert wrong in str(refusal.value)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        pytest.param(
            {"m": {"properties.desired": {"a": "x" * 5000}}, **hub()}, "m: a: a text of 5000 bytes", id="a long text"
        ),
        pytest.param({HUB: {"properties.desired.routes.r": "FROM"}}, "route 'r'", id="a bad route by a dotted key"),
    ],
)
def test_what_only_the_twin_shows_is_refused_too(document: dict[str, Any], wrong: str) -> None:
    with pytest.raises(BadRequest, match=wrong):
        read_content(document).applied({}, NOON)


def test_the_tutorials_template_is_understood() -> None:
    template = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "live-video" / "deployment.template.json"
    read = read_content(json.loads(template.read_text()))
    modules = {one.name: one for one in read.modules or ()}
    assert modules.keys() == {"lvaEdge", "rtspsim", "spatialAnalysis"}
    host = modules["rtspsim"].create_options["HostConfig"]
    assert host["PortBindings"] == {"554/tcp": [{"HostPort": "554"}]}  # type: ignore[index]
    applied = read.applied({}, NOON)
    assert applied.modules == modules.keys()
    agent = applied.changes[AGENT].twin.desired.values
    assert {one.name: one.create_options for one in agent_modules(agent)} == {
        name: one.create_options for name, one in modules.items()
    }


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
)
SECTIONS = st.dictionaries(
    st.sampled_from([AGENT, HUB, "m"]),
    st.dictionaries(
        st.sampled_from(["properties.desired", "properties.desired.routes.x", "properties"]),
        JSONS | st.dictionaries(st.sampled_from(["schemaVersion", "routes", "modules"]), st.just("1.0") | JSONS),
    ),
)


@given(SECTIONS)
def test_any_manifest_is_understood_or_refused(sections: dict[str, Any]) -> None:
    with suppress(BadRequest):
        read_content({"modulesContent": sections}).applied({}, NOON)
