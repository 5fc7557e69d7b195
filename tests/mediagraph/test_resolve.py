"""Parameters put in, and the graph that comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from footfall.config.media import (
    AssetSink,
    Encoding,
    Endpoint,
    Extension,
    FileSink,
    FrameRateFilter,
    HubSink,
    HubSource,
    ImageForm,
    MediaGraph,
    MediaInput,
    MediaSpec,
    MotionDetection,
    Protocol,
    RtspSource,
    ScaleMode,
    Selector,
    Sensitivity,
    SignalGate,
)
from footfall.mediagraph.flaws import Check
from footfall.mediagraph.resolve import resolve
from footfall.mediagraph.validator import Invalid, valid_instance, valid_topology
from media_documents import (
    IMAGE,
    assets,
    button,
    camera,
    files,
    gate,
    grpc,
    http,
    hub,
    inputs,
    instance,
    login,
    motion,
    parameter,
    rate,
    topology,
    typed,
    unsecured,
    vision,
)

MIB = 1024 * 1024


def resolved(document: dict[str, Any], *, allows_unsecured: bool = True, **values: str) -> MediaGraph:
    found, _ = valid_topology(document)
    there, _ = valid_instance(instance(document["name"], **values))
    return resolve(found, there, allows_unsecured=allows_unsecured)


def spec(document: dict[str, Any], name: str, **values: str) -> MediaSpec:
    return next(node.spec for node in resolved(document, **values).nodes if node.name == name)


def refused(document: dict[str, Any], *, allows_unsecured: bool = True, **values: str) -> Invalid:
    with pytest.raises(Invalid) as caught:
        resolved(document, allows_unsecured=allows_unsecured, **values)
    return caught.value


SECRET_CAMERA = camera() | {"endpoint": unsecured("${url}", credentials=login("${user}", "${word}"))}


def test_parameters_of_the_tutorial() -> None:
    document = topology(
        SECRET_CAMERA,
        assets("camera"),
        parameters=[parameter("url"), parameter("user", default="nobody"), parameter("word", "SecretString")],
    )

    source = spec(document, "camera", url=" rtsp://cam:554/media/lorry.mkv ", word=" pass ${word} ")

    assert source == RtspSource(Endpoint("rtsp://cam:554/media/lorry.mkv", user="nobody", password=" pass ${word} "))


def test_references_may_be_parts_and_come_often() -> None:
    pattern = (
        "${door}-${door}-${System.GraphInstanceName}-${System.PipelineName}-${System.TopologyName}-${System.DateTime}"
    )
    sink = assets("camera") | {"assetNamePattern": pattern}

    found = spec(topology(camera(), sink, parameters=[parameter("door")]), "assets", door="north")

    assert isinstance(found, AssetSink)
    assert found.name_pattern == "north-north-door-1-door-1-Door-${System.DateTime}"


@pytest.mark.parametrize(
    ("variable", "left"),
    [
        ("System.DateTime", "${System.DateTime}"),
        ("System.Runtime.DateTime", "${System.DateTime}"),
        ("System.PreciseDateTime", "${System.PreciseDateTime}"),
        ("System.Runtime.PreciseDateTime", "${System.PreciseDateTime}"),
        ("System.GraphTopologyName", "Door"),
        ("System.TopologyName", "Door"),
        ("System.GraphInstanceName", "door-1"),
        ("System.PipelineName", "door-1"),
    ],
)
def test_variables_of_the_system(variable: str, left: str) -> None:
    sink = assets("camera") | {"assetNamePattern": f"a-${{{variable}}}"}

    found = spec(topology(camera(), sink), "assets")

    assert isinstance(found, AssetSink)
    assert found.name_pattern == f"a-{left}"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("Int", ["0", "-2147483648", "2147483647", " 7 "], ["2147483648", "1.0", "", "٣", "1e3", "--1"]),
        ("Double", ["0.1", "-3", "1e-3", ".5"], ["", "inf", "nan", "1,5", "0x1", "9" * 400]),
        ("Bool", ["true", "FALSE", " True "], ["1", "yes", ""]),
        ("String", ["", "anything ${at} all"], []),
        ("SecretString", ["", "anything ${at} all"], []),
    ],
)
def test_values_have_the_type_declared(kind: str, good: list[str], bad: list[str]) -> None:
    document = topology(camera(), assets("camera"), parameters=[parameter("p", kind)])

    for value in good:
        resolved(document, p=value)
    for value in bad:
        (flaw,) = refused(document, p=value).flaws
        assert (flaw.check, flaw.target) == (Check.SUBSTITUTED, "$.Properties.Parameters[0].Value")


def test_an_unknown_parameter_is_refused() -> None:
    (flaw,) = refused(topology(camera(), assets("camera")), colour="red").flaws

    assert (flaw.check, flaw.target) == (Check.KNOWN, "$.Properties.Parameters[0].Name")
    assert "'colour'" in flaw.message


def test_a_missing_parameter_is_refused() -> None:
    document = topology(camera(url="${url}"), assets("camera"), parameters=[parameter("url")])

    assert [flaw.check for flaw in refused(document).flaws] == [Check.SUPPLIED]
    found, _ = valid_topology(document)
    there, _ = valid_instance({**instance(), "properties": {"topologyName": "Door", "parameters": [{"name": "url"}]}})
    with pytest.raises(Invalid, match="no value and no default"):
        resolve(found, there, allows_unsecured=True)


def test_a_value_left_out_is_the_default() -> None:
    document = topology(camera(url="${url}"), assets("camera"), parameters=[parameter("url", default="rtsp://c/d")])
    found, _ = valid_topology(document)
    there, _ = valid_instance({**instance(), "properties": {"topologyName": "Door", "parameters": [{"name": "url"}]}})

    source = resolve(found, there, allows_unsecured=True).nodes[0].spec

    assert source == RtspSource(Endpoint("rtsp://c/d"))


def test_values_are_looked_at_again_once_parameters_are_in() -> None:
    image = {"scale": {"mode": "${mode}", "width": "64", "height": "${height}"}, "format": IMAGE["format"]}
    document = topology(
        camera(),
        http("camera") | {"image": image},
        hub("http"),
        parameters=[parameter("mode", default="stretch"), parameter("height", default="48")],
    )

    found = spec(document, "http")
    assert isinstance(found, Extension)
    assert (found.image.mode, found.image.height_px) == (ScaleMode.STRETCH, 48)
    (flaw,) = refused(document, mode="squeeze").flaws
    assert (flaw.check, flaw.target) == (Check.SUBSTITUTED, "$.Properties.Processors[0].Image.Scale.Mode")
    (flaw,) = refused(document, height="high").flaws
    assert flaw.target == "$.Properties.Processors[0].Image.Scale.Height"


def test_what_several_keys_agree_on_is_looked_at_again_too() -> None:
    late = gate("camera", "motion") | {"activationSignalOffset": "${offset}"}
    document = topology(
        camera(), motion("camera"), late, assets("gate"), parameters=[parameter("offset", default="PT0S")]
    )

    resolved(document)
    (flaw,) = refused(document, offset="PT40S").flaws
    assert "nothing would be recorded" in flaw.message


@pytest.mark.parametrize("open_key", ["activationSignalOffset", "minimumActivationTime", "maximumActivationTime"])
def test_a_gate_waits_for_each_of_its_parameters(open_key: str) -> None:
    times = {"activationSignalOffset": "PT5S", "minimumActivationTime": "PT10S", "maximumActivationTime": "PT20S"}
    node = gate("camera", "motion") | times | {open_key: "${time}"}
    document = topology(
        camera(), motion("camera"), node, assets("gate"), parameters=[parameter("time", default=times[open_key])]
    )

    assert spec(document, "gate") == SignalGate(1.0, 5.0, 10.0, 20.0)


def test_a_mode_that_is_not_known_yet_may_need_one_side_only() -> None:
    image = {"scale": {"mode": "${mode}", "width": "64"}, "format": IMAGE["format"]}
    document = topology(
        camera(), http("camera") | {"image": image}, hub("http"), parameters=[parameter("mode", default="Pad")]
    )

    (flaw,) = refused(document).flaws
    assert flaw.what == "does not say how large pictures are"
    resolved(document, mode="preserveAspectRatio")


def test_certificates_may_be_parameters() -> None:
    certificates = typed("PemCertificateList", certificates=["${pem}", "two"])
    endpoint = typed("TlsEndpoint", url="rtsps://cam", trustedCertificates=certificates)
    document = topology(camera() | {"endpoint": endpoint}, assets("camera"), parameters=[parameter("pem")])

    found = spec(document, "camera", pem="one")
    assert isinstance(found, RtspSource)
    assert found.endpoint.trusted_pem == ("one", "two")
    undeclared = topology(camera() | {"endpoint": endpoint}, assets("camera"))
    assert [flaw.target for flaw in refused(undeclared).flaws] == [
        "$.Properties.Sources[0].Endpoint.TrustedCertificates.Certificates[0]"
    ]


def test_a_file_name_must_have_a_variable_once_parameters_are_in() -> None:
    sink = files("gate") | {"fileNamePattern": "${clip}"}
    document = topology(
        camera(), motion("camera"), gate("camera", "motion"), sink, parameters=[parameter("clip", default="clip")]
    )

    (flaw,) = refused(document).flaws
    assert "the same for every recording" in flaw.message
    assert isinstance(spec(document, "files", clip="clip-${System.DateTime}"), FileSink)


SCHEMES = [
    pytest.param(
        camera(url="${url}"),
        ["rtsp://c/d", "RTSP://c"],
        ["rtsps://c", "http://c", "c", "rtsp:c", "rtsp://"],
        id="camera",
    ),
    pytest.param(
        camera() | {"endpoint": typed("TlsEndpoint", url="${url}")}, ["rtsps://c/d"], ["rtsp://c"], id="secured camera"
    ),
    pytest.param(
        grpc("camera") | {"endpoint": unsecured("${url}")},
        ["tcp://m:1"],
        ["http://m:1", "tcp://m", "tcp://m:x"],
        id="gRPC",
    ),
    pytest.param(vision("camera") | {"endpoint": unsecured("${url}")}, ["tcp://m:1"], ["grpc://m:1"], id="vision"),
    *(
        pytest.param(
            node | {"endpoint": typed("TlsEndpoint", url="${url}")}, ["tcp://m:1"], ["tls://m:1"], id=f"secured {name}"
        )
        for name, node in [("gRPC", grpc("camera")), ("vision", vision("camera"))]
    ),
    pytest.param(
        http("camera") | {"endpoint": unsecured("${url}")}, ["http://m", "https://m:1/x"], ["tcp://m:1"], id="HTTP"
    ),
    pytest.param(
        http("camera") | {"endpoint": typed("TlsEndpoint", url="${url}")}, ["https://m"], ["http://m"], id="HTTPS"
    ),
]


@pytest.mark.parametrize(("node", "good", "bad"), SCHEMES)
def test_addresses_have_the_scheme_of_their_node(node: dict[str, Any], good: list[str], bad: list[str]) -> None:
    nodes = [node] if node["name"] == "camera" else [camera(), node]
    document = topology(*nodes, parameters=[parameter("url")])

    for url in good:
        resolved(document, url=url)
    for url in bad:
        assert {flaw.check for flaw in refused(document, url=url).flaws} == {Check.SCHEMES}


def test_a_camera_of_another_scheme_is_refused_in_the_words_of_a_real_module() -> None:
    (flaw,) = refused(topology(camera(url="http://cam/x"), assets("camera"))).flaws

    assert flaw.code == "RtspEndpointUrlInvalidScheme"
    assert flaw.target == "$.Properties.Sources[0]"
    assert flaw.message == "Uri scheme 'http' is not valid for an RTSP source endpoint. Valid values are: rtsp"


def test_another_address_is_refused_in_our_words() -> None:
    document = topology(camera(), http("camera") | {"endpoint": unsecured("ftp://model")}, hub("http"))
    (flaw,) = refused(document).flaws

    assert flaw.code == "GraphValidationError"
    assert flaw.message == "Has an address with the scheme 'ftp'; use http or https."


def test_blanks_around_a_value_are_gone_inside_a_text_too() -> None:
    sink = assets("camera") | {"assetNamePattern": "a-${door}-${System.DateTime}"}
    found = spec(topology(camera(), sink, parameters=[parameter("door")]), "assets", door=" north ")

    assert isinstance(found, AssetSink)
    assert found.name_pattern == "a-north-${System.DateTime}"


def test_a_value_that_looks_like_a_parameter_is_a_value() -> None:
    node = rate("camera") | {"maximumFps": "${fps}"}
    document = topology(camera(), node, http("rate"), hub("http"), parameters=[parameter("fps")])

    (flaw,) = refused(document, fps="${fps}").flaws
    assert flaw.what == "is not a number"


def test_no_refusal_tells_a_value() -> None:
    document = topology(
        SECRET_CAMERA,
        rate("camera") | {"maximumFps": "${word}"},
        http("rate"),
        hub("http"),
        parameters=[parameter("url"), parameter("user", "Int"), parameter("word", "SecretString")],
    )

    assert "hush-hush" not in str(refused(document, url="rtsp://c", user="1", word="hush-hush"))
    assert "hush-hush" not in str(refused(document, url="hush-hush", user="1", word="2"))
    assert "hush-hush" not in str(refused(document, url="rtsp://c", user="hush-hush", word="2"))


def test_unsecured_endpoints_are_refused_unless_the_twin_allows_them() -> None:
    (flaw,) = refused(topology(camera(), assets("camera")), allows_unsecured=False).flaws

    assert (flaw.check, flaw.code) == (Check.SECURITY, "ModuleValidationError")
    assert flaw.target == "$.Properties.Sources[0].Endpoint"
    secured = camera() | {"endpoint": typed("TlsEndpoint", url="rtsps://cam")}
    resolved(topology(secured, assets("camera")), allows_unsecured=False)


IMAGE_FORM = ImageForm(ScaleMode.PAD, 1408, 786, Encoding.RAW, "Bgr24")
SPECS = [
    pytest.param(camera(), "camera", RtspSource(Endpoint("rtsp://cam.example:554/door")), id="camera"),
    pytest.param(
        camera()
        | {
            "transport": "http",
            "endpoint": typed(
                "TlsEndpoint",
                url="rtsps://cam",
                credentials=typed("HttpHeaderCredentials", headerName="X-Key", headerValue="k"),
                trustedCertificates=typed("PemCertificateList", certificates=["PEM"]),
                validationOptions={"ignoreHostname": "true", "ignoreSignature": False},
            ),
        },
        "camera",
        RtspSource(
            Endpoint("rtsps://cam", header=("X-Key", "k"), is_tls=True, trusted_pem=("PEM",), ignores_hostname=True),
            over_http=True,
        ),
        id="secured camera in a tunnel",
    ),
    pytest.param(button(), "button", HubSource("pressed"), id="hub source"),
    pytest.param(
        motion("camera") | {"sensitivity": "HIGH", "outputMotionRegion": "false", "eventAggregationWindow": "PT0S"},
        "motion",
        MotionDetection(Sensitivity.HIGH, outputs_regions=False, aggregation_s=0.0),
        id="motion",
    ),
    pytest.param(
        typed("MotionDetectionProcessor", name="motion", inputs=inputs("camera")),
        "motion",
        MotionDetection(),
        id="motion that says nothing",
    ),
    pytest.param(rate("camera") | {"maximumFps": 0.1}, "rate", FrameRateFilter(0.1), id="a picture in ten seconds"),
    pytest.param(
        grpc("camera")
        | {
            "extensionConfiguration": ' {"a": 1} ',
            "samplingOptions": {"skipSamplesWithoutAnnotation": "True", "maximumSamplesPerSecond": "0.5"},
        },
        "grpc",
        Extension(
            Protocol.GRPC,
            Endpoint("tcp://model:44000"),
            IMAGE_FORM,
            only_annotated=True,
            max_fps=0.5,
            shared_memory_bytes=5 * MIB,
            configuration=' {"a": 1} ',
        ),
        id="gRPC in shared memory",
    ),
    pytest.param(
        grpc("camera") | {"dataTransfer": {"mode": "embedded"}, "image": {}},
        "grpc",
        Extension(Protocol.GRPC, Endpoint("tcp://model:44000"), ImageForm()),
        id="gRPC in messages, pictures as they are",
    ),
    pytest.param(
        vision("camera"),
        "vision",
        Extension(
            Protocol.COGNITIVE,
            Endpoint("tcp://spatial:50051", user="keeper", password="sesame"),
            IMAGE_FORM,
            shared_memory_bytes=20 * MIB,
        ),
        id="vision",
    ),
    pytest.param(
        vision("camera")
        | {
            "image": {
                "scale": {"mode": "Stretch", "width": "3840", "height": "2160"},
                "format": typed("ImageFormatRaw", pixelFormat="RGBA"),
            }
        },
        "vision",
        Extension(
            Protocol.COGNITIVE,
            Endpoint("tcp://spatial:50051", user="keeper", password="sesame"),
            ImageForm(ScaleMode.STRETCH, 3840, 2160, Encoding.RAW, "Rgba"),
            shared_memory_bytes=6 * 3840 * 2160 * 4,
        ),
        id="vision of large pictures holds six of them",
    ),
    pytest.param(
        http("camera"),
        "http",
        Extension(Protocol.HTTP, Endpoint("http://model/score"), ImageForm(quality=90)),
        id="HTTP",
    ),
    pytest.param(
        http("camera")
        | {"image": {"scale": {"mode": "preserveAspectRatio", "width": 416}, "format": typed("ImageFormatPng")}},
        "http",
        Extension(Protocol.HTTP, Endpoint("http://model/score"), ImageForm(ScaleMode.KEEP, 416, None, Encoding.PNG)),
        id="HTTP, at most so wide",
    ),
    pytest.param(hub("camera"), "hub", HubSink("inferenceOutput"), id="hub sink"),
    pytest.param(
        assets("camera"),
        "assets",
        AssetSink("door-${System.DateTime}", 30.0, "/var/lib/cache/", 200 * MIB),
        id="assets",
    ),
]


@pytest.mark.parametrize(
    "image",
    [
        pytest.param({"format": typed("ImageFormatRaw", pixelFormat="Rgba")}, id="as large as the camera's"),
        pytest.param(
            {"scale": {"mode": "PreserveAspectRatio", "width": "16384"}, "format": IMAGE["format"]}, id="of one side"
        ),
        pytest.param(
            {"scale": {"mode": "PreserveAspectRatio", "height": "16384"}, "format": IMAGE["format"]}, id="of the other"
        ),
        pytest.param({"scale": {"width": "9999", "height": "9999"}, "format": typed("ImageFormatJpeg")}, id="encoded"),
    ],
)
def test_pictures_of_no_certain_size_share_20_mebibytes(image: dict[str, Any]) -> None:
    found = spec(topology(camera(), vision("camera") | {"image": image}, hub("vision")), "vision")

    assert isinstance(found, Extension)
    assert found.shared_memory_bytes == 20 * MIB


def test_an_asset_sink_that_says_little_cuts_at_30_s() -> None:
    sink = typed("AssetSink", name="assets", assetNamePattern="a", inputs=inputs("camera"))

    assert spec(topology(camera(), sink, version="1.0"), "assets") == AssetSink("a", 30.0, "", None)


@pytest.mark.parametrize(("node", "name", "expected"), SPECS)
def test_what_nodes_become(node: dict[str, Any], name: str, expected: MediaSpec) -> None:
    nodes = [node] if name == "camera" else [camera(), node]

    assert spec(topology(*nodes), name) == expected


BEHIND_A_GATE = [
    pytest.param(
        gate("camera", "motion"),
        files("gate"),
        SignalGate(1.0, -5.0, 30.0, 30.0),
        FileSink("/var/media", "door-${System.DateTime}", 512 * MIB),
        id="2.0",
    ),
    pytest.param(
        typed("SignalGateProcessor", name="gate", minimumActivationTime="PT1M", inputs=inputs("camera", "motion")),
        typed("FileSink", name="files", filePathPattern="/var/media/a/b-${System.DateTime}", inputs=inputs("gate")),
        SignalGate(1.0, 0.0, 60.0, 60.0),
        FileSink("/var/media/a", "b-${System.DateTime}"),
        id="1.0, with defaults",
    ),
    pytest.param(
        typed("SignalGateProcessor", name="gate", inputs=inputs("camera", "motion")),
        typed("FileSink", name="files", filePathPattern="/b-${System.DateTime}", inputs=inputs("gate")),
        SignalGate(),
        FileSink("/", "b-${System.DateTime}"),
        id="all defaults, at the root",
    ),
]


@pytest.mark.parametrize(("gate_node", "sink", "gate_spec", "sink_spec"), BEHIND_A_GATE)
def test_what_recordings_become(
    gate_node: dict[str, Any], sink: dict[str, Any], gate_spec: SignalGate, sink_spec: FileSink
) -> None:
    document = topology(camera(), motion("camera"), gate_node, sink)

    assert spec(document, "gate") == gate_spec
    assert spec(document, "files") == sink_spec


def test_nodes_stand_behind_their_inputs_with_their_selectors() -> None:
    selectors = [{"property": "mediatype", "operator": "IsNot", "value": "Application"}]
    sink = assets() | {"inputs": [{"nodeName": "gate", "outputSelectors": selectors}]}
    graph = resolved(topology(camera(), gate("camera", "vision"), vision("rate"), rate("camera"), sink))

    order = [node.name for node in graph.nodes]
    assert [order.index(name) for name in ("camera", "rate", "vision", "gate", "assets")] == [0, 1, 2, 3, 4]
    assert graph.nodes[3].inputs == (MediaInput("camera"), MediaInput("vision"))
    assert graph.nodes[4].inputs == (MediaInput("gate", (Selector("application", is_wanted=False),)),)
    assert (graph.instance, graph.topology) == ("door-1", "Door")
