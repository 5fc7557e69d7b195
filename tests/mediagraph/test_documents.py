"""What is forgiven in documents, and what is told in which order when it is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.mediagraph.documents import STRICT_VERSIONS, Topology, read_instance, read_topology
from footfall.mediagraph.flaws import Check, Flaw, earliest
from footfall.mediagraph.nodes import NodeKind
from footfall.mediagraph.shapes import PREFIX
from footfall.mediagraph.validator import Invalid, all_of_topology, valid_instance, valid_topology
from media_documents import (
    IMAGE,
    assets,
    camera,
    files,
    gate,
    grpc,
    http,
    hub,
    instance,
    login,
    motion,
    parameter,
    rate,
    simple,
    topology,
    typed,
    unsecured,
    vision,
)


def read(document: Any) -> Topology:
    found, flaws = read_topology(document)
    assert found is not None
    assert not earliest(flaws), [flaw.message for flaw in flaws]
    return found


def refused(document: Any) -> tuple[Flaw, ...]:
    with pytest.raises(Invalid) as caught:
        valid_topology(document)
    return caught.value.flaws


def with_sink(**keys: Any) -> dict[str, Any]:
    return topology(camera(), assets("camera") | keys)


def test_keys_enums_and_types_have_no_case() -> None:
    document = {
        "@APIVERSION": 2.0,
        "Name": "Door",
        "PROPERTIES": {
            "Parameters": [{"NAME": "rate", "Type": "dOUBLE", "Default": 2}],
            "Sources": [{**camera(), "Transport": "HTTP", "@type": (PREFIX + "RtspSource").upper()}],
            "Sinks": [
                {"@TYPE": PREFIX + "AssetSink", **{key.upper(): value for key, value in assets("camera").items()}}
            ],
        },
    }

    declared = read(document).declared["properties"]

    assert declared["parameters"] == [{"name": "rate", "type": "Double", "default": "2"}]
    assert declared["sources"][0]["@type"] == "#Microsoft.Media.MediaGraphRtspSource"
    assert declared["sources"][0]["transport"] == "Http"
    assert declared["sinks"][0]["localMediaCacheMaximumSizeMiB"] == "200"


@pytest.mark.parametrize("value", [10, "10", " 10 ", 10.0, 0.1, "0.1", "1.0"])
def test_numbers_may_be_strings(value: object) -> None:
    read(topology(camera(), rate("camera") | {"maximumFps": value}, http("rate"), hub("http")))


@pytest.mark.parametrize(("value", "told"), [(True, True), ("true", True), ("False", False), ("${moves}", "${moves}")])
def test_booleans_may_be_strings(value: object, told: object) -> None:
    node = motion("camera") | {"outputMotionRegion": value}

    assert read(topology(camera(), node, hub("motion"))).nodes[1].declared["outputMotionRegion"] == told


def test_blanks_around_values_mean_nothing_but_in_passwords() -> None:
    endpoint = unsecured(" rtsp://cam/door ", credentials=login(" keeper ", " ses ame "))

    node = read(topology(camera() | {"endpoint": endpoint}, assets("camera"))).nodes[0].declared["endpoint"]

    assert node["url"] == "rtsp://cam/door"
    assert node["credentials"]["username"] == "keeper"
    assert node["credentials"]["password"] == " ses ame "


def test_unknown_keys_are_told_and_left_out() -> None:
    _, flaws = valid_topology(with_sink(colour="red", segmentLengths="PT30S"))

    assert [(flaw.json_path, flaw.cure) for flaw in flaws] == [
        ("$.properties.sinks[0].colour", "remove it, or check the spelling"),
        ("$.properties.sinks[0].segmentLengths", "did you mean 'segmentLength'?"),
    ]


def test_what_replies_add_may_be_sent_back() -> None:
    document = {**simple(), "systemData": {"createdAt": "2026-01-05T10:00:00.000Z"}}
    there = instance()
    there["properties"]["state"] = "Active"

    assert valid_topology(document)[1] == ()
    assert valid_instance(there)[1] == ()


def test_the_old_name_of_the_vision_node_is_kept() -> None:
    old = vision("camera") | {"@type": PREFIX + "realTimeComputerVisionExtension"}

    node = read(topology(camera(), old, hub("vision"))).nodes[1]

    assert node.kind is NodeKind.COGNITIVE
    assert node.declared["@type"] == "#Microsoft.Media.MediaGraphRealTimeComputerVisionExtension"


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize(
    "nodes",
    [
        pytest.param([camera(), rate("camera"), http("rate"), hub("http")], id="1.0 forms"),
        pytest.param([camera(), grpc("camera"), hub("grpc")], id="gRPC"),
        pytest.param(
            [camera(), http("camera") | {"image": {"format": typed("ImageFormatJpeg", quality="80")}}, hub("http")],
            id="2.0 format",
        ),
        pytest.param(
            [
                camera(),
                motion("camera"),
                gate("camera", "motion"),
                typed(
                    "FileSink",
                    name="files",
                    filePathPattern="/var/media/door-${System.DateTime}",
                    inputs=[{"nodeName": "gate"}],
                ),
            ],
            id="1.0 file sink",
        ),
    ],
)
def test_both_versions_take_the_forms_of_both(version: str, nodes: list[dict[str, Any]]) -> None:
    valid_topology(topology(*nodes, version=version))


def test_api_1_does_without_what_2_requires() -> None:
    user = typed("UsernamePasswordCredentials", username="keeper")
    sink = {key: value for key, value in assets("camera").items() if "Cache" not in key}
    nodes = [camera() | {"endpoint": unsecured("rtsp://c", credentials=user)}, sink]

    assert valid_topology(topology(*nodes, version="1.0"))[1] == ()
    assert {flaw.target.rpartition(".")[2] for flaw in refused(topology(*nodes))} == {
        "Password",
        "LocalMediaCachePath",
        "LocalMediaCacheMaximumSizeMiB",
    }


def test_a_key_in_two_cases_is_told() -> None:
    _, flaws = valid_topology(with_sink(SEGMENTLENGTH="PT60S"))

    assert [(flaw.json_path, flaw.what) for flaw in flaws] == [
        ("$.properties.sinks[0].SEGMENTLENGTH", "given twice in different case")
    ]
    assert read(with_sink(SEGMENTLENGTH="PT60S")).nodes[1].declared["segmentLength"] == "PT60S"


@pytest.mark.parametrize(
    ("kind", "what", "cure"),
    [
        ("AssetSinks", "has an @type that is not known here", f"did you mean '{PREFIX}AssetSink'?"),
        (None, "has no @type", f"write one of {PREFIX}IoTHubMessageSink, {PREFIX}AssetSink, {PREFIX}FileSink"),
    ],
)
def test_unknown_types_are_told_with_those_that_are_known(kind: str | None, what: str, cure: str) -> None:
    document = with_sink()
    document["properties"]["sinks"][0]["@type"] = kind and PREFIX + kind
    (flaw,) = refused(document)

    assert (flaw.what, flaw.cure) == (what, cure)


def test_a_value_may_be_given_once() -> None:
    document = instance(url="rtsp://a")
    document["properties"]["parameters"] *= 2
    with pytest.raises(Invalid) as caught:
        valid_instance(document)

    assert [flaw.target for flaw in caught.value.flaws] == ["$.Properties.Parameters[1].Name"]


def test_only_replies_of_api_2_fill_in_defaults() -> None:
    new, old = (read(topology(camera(), assets("camera"), version=version)).declared for version in ("2.0", "1.0"))

    assert new["properties"]["sources"][0]["transport"] == "Tcp"
    assert new["properties"]["sinks"][0]["inputs"] == [{"nodeName": "camera", "outputSelectors": []}]
    assert "transport" not in old["properties"]["sources"][0]
    assert old["properties"]["sinks"][0]["inputs"] == [{"nodeName": "camera"}]


def test_a_declared_form_reads_as_itself() -> None:
    topology_ = read(with_sink(segmentLength="pt30s", localMediaCacheMaximumSizeMiB=20))

    assert read_topology(topology_.declared) == (topology_, ())


NOT_SOUND = [
    pytest.param([], Check.OBJECT, "$", id="a list"),
    pytest.param("text", Check.OBJECT, "$", id="text"),
    pytest.param({**simple(), "@apiVersion": "3.0"}, Check.VERSION, "$.@apiVersion", id="a version of the future"),
    pytest.param({"name": "Door"}, Check.VERSION, "$.@apiVersion", id="no version"),
    *(
        pytest.param(simple(name), Check.NAME, "$.Name", id=f"named {name!r}")
        for name in ["", "-door", "door-", "front door", "dörre", "x" * 33, "a/b", "${name}"]
    ),
    pytest.param(
        topology(camera(), assets("camera"), parameters=[parameter("a"), parameter("a")]),
        Check.PARAMETERS,
        "$.Properties.Parameters[1].Name",
        id="a parameter twice",
    ),
    pytest.param(
        topology(camera(), assets("camera"), parameters=[parameter("a", "Text")]),
        Check.PARAMETERS,
        "$.Properties.Parameters[0].Type",
        id="a parameter of no type",
    ),
    pytest.param(
        topology(camera(), assets("camera"), parameters=[{"name": "a"}]),
        Check.PARAMETERS,
        "$.Properties.Parameters[0].Type",
        id="a parameter without type",
    ),
    pytest.param(
        topology(camera(), assets("camera"), parameters=[parameter("x" * 65)]),
        Check.PARAMETERS,
        "$.Properties.Parameters[0].Name",
        id="a long parameter",
    ),
    pytest.param(
        topology(camera(), typed("VideoSink", name="video")),
        Check.TYPES,
        "$.Properties.Processors[0]",
        id="no such node",
    ),
    pytest.param(
        {**simple(), "properties": {"sources": [hub("camera")]}},
        Check.TYPES,
        "$.Properties.Sources[0]",
        id="a sink among sources",
    ),
    pytest.param(
        {**simple(), "properties": {"sources": [{"name": "camera"}]}},
        Check.TYPES,
        "$.Properties.Sources[0]",
        id="a node without type",
    ),
    pytest.param({"@apiVersion": "2.0", "name": "Door"}, Check.REQUIRED, "$.Properties", id="no properties"),
    pytest.param(
        {"@apiVersion": "2.0", "name": "Door", "properties": {"sources": {}}},
        Check.REQUIRED,
        "$.Properties.Sources",
        id="sources that are no list",
    ),
    pytest.param(
        {"@apiVersion": "2.0", "name": "Door", "properties": []},
        Check.REQUIRED,
        "$.Properties",
        id="a list of properties",
    ),
    pytest.param(
        topology(camera() | {"endpoint": "rtsp://cam"}, assets("camera")),
        Check.REQUIRED,
        "$.Properties.Sources[0].Endpoint",
        id="an endpoint that is text",
    ),
    pytest.param(with_sink(assetNamePattern=None), Check.REQUIRED, "$.Properties.Sinks[0].AssetNamePattern", id="null"),
    pytest.param(
        with_sink(assetNamePattern=["a"]), Check.REQUIRED, "$.Properties.Sinks[0].AssetNamePattern", id="a list as text"
    ),
    pytest.param(with_sink(inputs=[]), Check.REQUIRED, "$.Properties.Sinks[0].Inputs", id="no inputs"),
    pytest.param(
        with_sink(localMediaCachePath=None),
        Check.REQUIRED,
        "$.Properties.Sinks[0].LocalMediaCachePath",
        id="2.0 wants a cache",
    ),
    pytest.param(
        topology(camera() | {"endpoint": typed("UnsecuredEndpoint")}, assets("camera")),
        Check.REQUIRED,
        "$.Properties.Sources[0].Endpoint.Url",
        id="no URL",
    ),
    pytest.param(
        topology(
            camera()
            | {"endpoint": unsecured("rtsp://c", credentials=typed("UsernamePasswordCredentials", username="u"))},
            assets("camera"),
        ),
        Check.REQUIRED,
        "$.Properties.Sources[0].Endpoint.Credentials.Password",
        id="2.0 wants a password",
    ),
    pytest.param(
        topology(camera(), grpc("camera") | {"dataTransfer": {"mode": "SharedMemory"}}, hub("grpc")),
        Check.REQUIRED,
        "$.Properties.Processors[0].DataTransfer.SharedMemorySizeMiB",
        id="shared memory of no size",
    ),
    pytest.param(
        topology(
            camera(),
            grpc("camera") | {"image": {"scale": {"mode": "stretch", "width": "64"}, "format": IMAGE["format"]}},
            hub("grpc"),
        ),
        Check.REQUIRED,
        "$.Properties.Processors[0].Image.Scale",
        id="stretched to half a size",
    ),
    pytest.param(
        topology(
            camera(),
            motion("camera"),
            gate("camera", "motion"),
            typed("FileSink", name="f", inputs=[{"nodeName": "gate"}]),
        ),
        Check.REQUIRED,
        "$.Properties.Sinks[0].FileNamePattern",
        id="files without names",
    ),
    pytest.param(
        topology(camera(), assets("camera") | {"assetNamePattern": "${door}"}),
        Check.REFERENCES,
        "$.Properties.Sinks[0].AssetNamePattern",
        id="a parameter nobody declares",
    ),
    pytest.param(
        topology(camera(url="rtsp://${System.DateTime}"), assets("camera")),
        Check.REFERENCES,
        "$.Properties.Sources[0].Endpoint.Url",
        id="the time of a recording in an address",
    ),
    pytest.param(
        topology(camera(), assets("camera"), parameters=[parameter("a", "Int", default="2147483648")]),
        Check.DEFAULTS,
        "$.Properties.Parameters[0].Default",
        id="a default out of range",
    ),
    pytest.param(
        topology(camera(), assets("camera"), parameters=[parameter("a", "Double", default="two")]),
        Check.DEFAULTS,
        "$.Properties.Parameters[0].Default",
        id="a default that is no number",
    ),
    pytest.param(
        topology(camera(), assets("camera"), parameters=[parameter("a", "Bool", default="1")]),
        Check.DEFAULTS,
        "$.Properties.Parameters[0].Default",
        id="a default neither true nor false",
    ),
]


@pytest.mark.parametrize(("document", "check", "target"), NOT_SOUND)
def test_what_is_refused(document: Any, check: Check, target: str) -> None:
    flaws = refused(document)

    assert {flaw.check for flaw in flaws} == {check}
    assert target in {flaw.target for flaw in flaws}


VALUES = [
    pytest.param({"assetNamePattern": "a/b"}, "AssetNamePattern", id="a slash in an asset's name"),
    pytest.param({"assetNamePattern": "a.${System.DateTime}"}, "AssetNamePattern", id="a dot beside a variable"),
    pytest.param({"assetNamePattern": "x" * 261}, "AssetNamePattern", id="a long name"),
    pytest.param({"segmentLength": "PT45S"}, "SegmentLength", id="no multiple of 30 s"),
    pytest.param({"segmentLength": "PT0S"}, "SegmentLength", id="no time at all"),
    pytest.param({"segmentLength": "30"}, "SegmentLength", id="no duration"),
    pytest.param({"segmentLength": "PT"}, "SegmentLength", id="an empty duration"),
    pytest.param({"localMediaCachePath": "cache"}, "LocalMediaCachePath", id="no absolute folder"),
    pytest.param({"localMediaCachePath": "/a/../etc"}, "LocalMediaCachePath", id="a folder that escapes"),
    pytest.param({"localMediaCachePath": "/.."}, "LocalMediaCachePath", id="a folder above all"),
    pytest.param({"localMediaCacheMaximumSizeMiB": "0"}, "LocalMediaCacheMaximumSizeMiB", id="a cache of no size"),
    pytest.param({"localMediaCacheMaximumSizeMiB": "2.5"}, "LocalMediaCacheMaximumSizeMiB", id="half a mebibyte"),
]


@pytest.mark.parametrize(("keys", "target"), VALUES)
def test_values_of_an_asset_sink(keys: dict[str, str], target: str) -> None:
    (flaw,) = refused(with_sink(**keys))

    assert (flaw.check, flaw.target) == (Check.VALUES, f"$.Properties.Sinks[0].{target}")


def test_an_asset_name_is_refused_in_the_words_of_a_real_module() -> None:
    (flaw,) = refused(with_sink(assetNamePattern="a:b"))

    assert flaw.code == "PropertyValueInvalidPattern"
    assert flaw.message == r"The value must match the regular expression '^[^<>%&:\\\/?*+.']{1,260}$'"


GATES = [
    pytest.param({"activationEvaluationWindow": "PT11S"}, id="a long window"),
    pytest.param({"activationSignalOffset": "-PT61S"}, id="an early offset"),
    pytest.param(
        {"activationSignalOffset": "PT1M1S", "minimumActivationTime": "PT2M", "maximumActivationTime": "PT2M"},
        id="a late offset",
    ),
    pytest.param({"minimumActivationTime": "PT0.5S"}, id="a short minimum"),
    pytest.param({"maximumActivationTime": "PT1H1S"}, id="a long maximum"),
    pytest.param({"maximumActivationTime": "PT29S"}, id="a maximum below the minimum"),
    pytest.param({"activationSignalOffset": "PT30S"}, id="nothing left to record"),
]


@pytest.mark.parametrize("keys", GATES)
def test_values_of_a_gate(keys: dict[str, str]) -> None:
    (flaw,) = refused(topology(camera(), motion("camera"), gate("camera", "motion") | keys, assets("gate")))

    assert flaw.check is Check.VALUES
    assert flaw.target.startswith("$.Properties.Processors[1].")


NODES = [
    pytest.param(rate("camera", name="n") | {"maximumFps": "0"}, id="no frames at all"),
    pytest.param(rate("camera", name="n") | {"maximumFps": "many"}, id="frames that are no number"),
    pytest.param(
        http("camera", name="n") | {"samplingOptions": {"maximumSamplesPerSecond": 0}}, id="no samples at all"
    ),
    pytest.param(http("camera", name="n") | {"samplingOptions": {"skipSamplesWithoutAnnotation": "yes"}}, id="yes"),
    pytest.param(
        http("camera", name="n") | {"image": {"format": typed("ImageFormatJpeg", quality="101")}}, id="too good"
    ),
    pytest.param(
        http("camera", name="n") | {"image": {"format": typed("ImageFormatRaw", pixelFormat="bgr42")}}, id="pixels"
    ),
    pytest.param(
        grpc("camera", name="n") | {"dataTransfer": {"mode": "Embedded", "sharedMemorySizeMiB": "5"}}, id="both ways"
    ),
    pytest.param(
        http("camera", name="n")
        | {
            "inputs": [
                {
                    "nodeName": "camera",
                    "outputSelectors": [{"property": "mediaType", "operator": "like", "value": "video"}],
                }
            ]
        },
        id="a selector of its own",
    ),
]


@pytest.mark.parametrize("node", NODES)
def test_values_of_other_nodes(node: dict[str, Any]) -> None:
    (flaw,) = refused(topology(camera(), node))

    assert flaw.check is Check.VALUES


def test_file_names_need_a_variable_and_no_folder() -> None:
    def sink(pattern: str) -> dict[str, Any]:
        return topology(
            camera(),
            motion("camera"),
            gate("camera", "motion"),
            files("gate") | {"fileNamePattern": pattern},
            parameters=[parameter("door", default="north")],
        )

    for pattern in ("clip", "a/${System.DateTime}", "a\0${System.DateTime}"):
        # What still holds a variable is looked at once parameters are in.
        found = all_of_topology(sink(pattern))[1]
        assert bool(earliest(found)) is ("${" not in pattern)
    for pattern in ("${door}", "${door}-${System.PreciseDateTime}"):
        assert not earliest(all_of_topology(sink(pattern))[1])


def test_a_refusal_tells_all_of_the_earliest_check_and_nothing_later() -> None:
    document = topology(camera(), assets("nobody") | {"segmentLength": "soon"}, parameters=[parameter("a", "Text")])
    document["name"] = "-"

    assert [flaw.check for flaw in refused(document)] == [Check.NAME]
    assert {flaw.check for flaw in all_of_topology(document)[1]} == {
        Check.NAME,
        Check.PARAMETERS,
        Check.INPUTS,
        Check.VALUES,
    }


def test_a_strict_module_refuses_api_1_in_the_words_of_a_real_one() -> None:
    with pytest.raises(Invalid) as caught:
        valid_topology(topology(camera(), assets("camera"), version="1.0"), STRICT_VERSIONS)

    (flaw,) = caught.value.flaws
    assert flaw.code == "ApiVersionNotSupported"
    assert flaw.message == "The API version '1.0' is not supported. Supported version(s): 2.0."


def test_an_instance_needs_a_topology() -> None:
    with pytest.raises(Invalid) as caught:
        valid_instance({"@apiVersion": "2.0", "name": "i", "properties": {}})

    assert [flaw.target for flaw in caught.value.flaws] == ["$.Properties.TopologyName"]


def test_secrets_are_in_no_representation() -> None:
    endpoint = unsecured("rtsp://c", credentials=login(password="hush-hush"))
    secret = topology(
        camera() | {"endpoint": endpoint}, assets("camera"), parameters=[parameter("p", default="hush-hush")]
    )

    assert "hush-hush" not in repr(read_topology(secret))
    assert "hush-hush" not in repr(read_instance(instance(p="hush-hush")))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from([PREFIX + kind.value for kind in NodeKind] + ["2.0", "${a}", "PT30S", "camera"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@apiVersion",
                    "name",
                    "properties",
                    "sources",
                    "processors",
                    "sinks",
                    "parameters",
                    "inputs",
                    "nodeName",
                    "endpoint",
                    "url",
                    "credentials",
                    "image",
                    "scale",
                    "format",
                    "type",
                    "default",
                    "topologyName",
                    "value",
                    "dataTransfer",
                    "mode",
                ]
            )
            | st.text(max_size=4),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(json_values)
def test_any_json_is_read_or_refused(value: Any) -> None:
    for valid in (valid_topology, valid_instance):
        try:
            valid(value)
        except Invalid as error:
            flaws = error.flaws
        else:
            continue
        assert flaws
        assert all(flaw.message and flaw.target.startswith("$") for flaw in flaws)


@given(st.data())
def test_a_sound_topology_with_any_one_value_replaced_is_read_or_refused(data: st.DataObject) -> None:
    document = topology(
        camera(),
        motion("camera"),
        grpc("motion"),
        gate("camera", "grpc"),
        assets("gate"),
        files("gate"),
        hub("grpc"),
        parameters=[parameter("a", default="b")],
    )
    place: Any = document
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(json_values)
            break
        place = place[key]
    try:
        found, _ = valid_topology(document)
    except Invalid as error:
        refusal = error
    else:
        assert read_topology(found.declared)[0] == found
        return
    assert refusal.flaws
