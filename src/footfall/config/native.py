"""Our own dialects: footfall.yaml and the command line -> Plan.

footfall.yaml (docs/reference/footfall-yaml.md has every key):

    model: yolox-nano            # for all cameras; a camera may say otherwise
    fps: 15                      # at most this many frames a second are analysed
    sinks: ["-", "mqtt://user:${MQTT_PASSWORD}@broker/footfall"]
    schema: {compat: "2.0"}
    cameras:
      - name: front-door
        url: rtsp://10.0.0.7/stream1
        login: {user: viewer, password: "${CAM_PASSWORD}"}
        lines:
          - {name: door, points: [[0.2, 0.6], [0.8, 0.6]]}
        zones:
          - name: till
            points: [[0.3, 0.5], [0.7, 0.5], [0.7, 0.9], [0.3, 0.9]]
            events: [count, crossing, {type: dwell, threshold: 0.02}]
        masks:
          - {name: neighbour, points: [[0, 0], [0.2, 0], [0.2, 0.4]]}

`${NAME}` stands for an environment variable, in `url`, `login` and `sinks`. Coordinates are shares of the picture,
origin top left. Without `events` a line reports crossings, a zone count, crossing and dwell.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from footfall.config.attributes import own_attributes
from footfall.config.document import Document, Value
from footfall.config.environment import Settings
from footfall.config.floor import read_floor
from footfall.config.masks import read_masks
from footfall.config.parameters import asks_for_masks, region_style
from footfall.config.places import note_misfits, read_places
from footfall.config.plan import (
    FACE_WIDTH_PX,
    AttributesSpec,
    DetectSpec,
    EventSpec,
    FaceMaskSpec,
    GraphPlan,
    GroundSpec,
    LookAt,
    NodeSpec,
    OnEnd,
    Pace,
    Plan,
    RtspTransport,
    SourceSpec,
    TrackSpec,
    pipeline,
)
from footfall.config.references import expand, with_login
from footfall.config.section import Entry, Section, shown
from footfall.config.service import read_service
from footfall.config.snapshots import own_snapshots
from footfall.config.spaceanalytics import read_regions
from footfall.config.urls import check_url, is_local, scheme_of
from footfall.spatial.occupancy import Place
from footfall.spatial.regions import Line, SpatialSpec, Zone

_FILE_SUFFIXES = (".mp4", ".mkv", ".avi", ".mov", ".m4v", ".webm", ".flv", ".ts", ".mpg", ".mpeg")
_DEFAULT = Settings()
_FOR_ALL = ("model", "look", "face_model", "attributes", "fps", "width", "transport")
"""Keys at the top that hold for all cameras."""


def plan_from_yaml(value: Value, document: Document, settings: Settings = _DEFAULT) -> Plan:
    """Compile a footfall.yaml that was parsed already.

    Raises:
        ConfigError: with every problem of the document.
    """
    root = Section.of(value, "$", document)
    graphs: list[GraphPlan] = []
    places: tuple[Place, ...] = ()
    sinks = settings.sinks
    if root is not None:
        sinks = tuple(_sink(item, root, settings) for item in root.items("sinks")) or sinks
        events = _events(root, settings)
        graphs = [g for item in root.items("cameras") if (g := _camera(item, root, settings, events))]
        places = read_places(root)
        read_service(root)
        root.finish(*_FOR_ALL)
        _check_names(graphs, document)
    if not graphs and not settings.may_be_empty:
        document.error("$", "holds no camera", "add cameras: with a name and a url")
    document.raise_errors()
    note_misfits(places, graphs, document)
    document.raise_errors()
    return Plan(tuple(graphs), sinks, document.warnings, places)


def _sink(item: Entry, root: Section, settings: Settings) -> str:
    if not isinstance(item.value, str) or not item.value.strip():
        root.document.error(item.path, "is not a sink", 'write "-", jsonl:PATH, mqtt://...')
        return ""
    return expand(item.value, item.path, settings, root.document)


def _events(root: Section, settings: Settings) -> EventSpec:
    """`schema`: how events are worded."""
    section = root.section("schema")
    default = settings.events
    if section is None:
        return default
    modes, axes, versions = ("captured", "emitted"), ("data", "prose"), ("2.0", "1.0")
    spec = EventSpec(
        schema=section.choice("compat", options={v: v for v in versions}, default=default.schema),
        trim_metadata=section.boolean("trim_metadata", default=default.trim_metadata),
        always_calibration_info=section.boolean("always_calibration_info", default=default.always_calibration_info),
        timestamp_mode=section.choice("timestamp", options={m: m for m in modes}, default=default.timestamp_mode),
        ground_axes=section.choice("ground_axes", options={a: a for a in axes}, default=default.ground_axes),
        mask_map_in_metadata=section.boolean("mask_map_in_metadata", default=default.mask_map_in_metadata),
        batch_events_per_frame=section.boolean("batch_events_per_frame", default=default.batch_events_per_frame),
        intervals=section.boolean("intervals", default=default.intervals),
    )
    section.finish()
    return spec


def _camera(item: Entry, root: Section, settings: Settings, events: EventSpec) -> GraphPlan | None:
    own = Section.of(item.value, item.path, root.document)
    if own is None:
        return None
    inherited = [entry for entry in root.entries.values() if entry.key in _FOR_ALL]
    camera = Section(own.path, inherited, root.document).overlaid(own)
    source = _source(camera, settings)
    track = TrackSpec(
        memory_s=camera.number("memory", default=settings.track_memory_s, low=0.5, high=60),
        speed=camera.boolean("speed", default=True),
        stationary=TrackSpec().stationary if camera.boolean("ignore_stationary", default=True) else None,
    )
    specs: list[NodeSpec] = [
        source,
        DetectSpec(
            model=camera.text("model", default=settings.model or DetectSpec().model),
            min_score=camera.number("min_score", default=0.5, low=0, high=1) if "min_score" in camera else None,
            look=camera.choice("look", options={look.value: look for look in LookAt}, default=settings.look),
        ),
        track,
        *_face_mask(camera, source.width_px, settings),
        *own_attributes(camera, settings),
        *own_snapshots(camera),
        read_floor(camera, source.width_px),
        read_regions(camera, replace(region_style("", settings, own=True), forget_after_s=track.memory_s)),
        events,
    ]
    enabled = camera.boolean("enabled", default=True)
    debug = camera.boolean("debug", default=False)
    camera.finish()
    return GraphPlan(f"{source.source_id}/{source.source_id}", "", pipeline(specs), enabled=enabled, debug=debug)


def _source(camera: Section, settings: Settings) -> SourceSpec:
    name = camera.text("name").strip()
    if not name:
        camera.document.error(camera.path, "the camera has no name", "add name: ...; events carry it")
    entry = camera.get("url")
    url = expand(camera.text("url").strip(), entry.path, settings, camera.document) if entry else ""
    if entry is None:
        camera.document.error(camera.path, "the camera has no url", "add url: rtsp://host/path, or a video file")
    else:
        check_url(url, entry.path, camera.document)
    live = camera.boolean("live", default=is_live(url))
    return SourceSpec(
        source_id=name,
        url=with_login(url, camera, settings),
        on_end=OnEnd.RECONNECT if live else OnEnd.LOOP if camera.boolean("loop", default=True) else OnEnd.STOP,
        transport=camera.choice("transport", options={t.value: t for t in RtspTransport}, default=settings.transport),
        width_px=camera.integer("width", default=settings.width_px, low=64, high=7680),
        max_fps=camera.number("fps", default=settings.max_fps, low=0.1, high=240),
        timeout_s=camera.number("timeout", default=SourceSpec("", "").timeout_s, low=0.5, high=600),
        masks=read_masks(camera, region_style("", settings, own=True)),
    )


def _face_mask(camera: Section, width_px: int, settings: Settings) -> list[FaceMaskSpec]:
    """The mask classifier, or nothing."""
    spec = FaceMaskSpec(camera.text("face_model", default=settings.face_mask.model))
    return [spec] if asks_for_masks(camera, "face_mask", width_px, f"add width: {FACE_WIDTH_PX}") else []


def _check_names(graphs: list[GraphPlan], document: Document) -> None:
    names = [graph.id for graph in graphs]
    for index, name in enumerate(names):
        if name in names[:index]:
            document.error(f"$.cameras[{index}].name", f"the name {shown(name.split('/')[0])} is taken", "rename one")


def is_live(url: str) -> bool:
    """Whether a URL is a stream without an end: RTSP, or HTTP that does not name a video file."""
    scheme = scheme_of(url)
    if scheme in {"http", "https"}:
        return not url.partition("?")[0].lower().endswith(_FILE_SUFFIXES)
    return bool(scheme) and not is_local(url)


def plan_for_target(
    target: str,
    *,
    spatial: SpatialSpec,
    source_id: str | None = None,
    model: str | None = None,
    live: bool | None = None,
    settings: Settings = _DEFAULT,
) -> Plan:
    """One camera or file of the command line: a file runs once as fast as it can, a live URL until interrupted.

    Raises:
        ConfigError: the target can be no video.
    """
    document = Document("command line")
    check_url(target.strip(), "TARGET", document)
    document.raise_errors()
    is_stream = is_live(target) if live is None else live
    name = source_id or _name_of(target)
    specs: list[NodeSpec] = [
        SourceSpec(
            source_id=name,
            url=target,
            on_end=OnEnd.RECONNECT if is_stream else OnEnd.STOP,
            pace=Pace.REALTIME if is_stream else Pace.FAST,
            transport=settings.transport,
            width_px=settings.width_px,
            max_fps=settings.max_fps,
        ),
        DetectSpec(model=model or settings.model or DetectSpec().model, look=settings.look),
        TrackSpec(memory_s=settings.track_memory_s),
        GroundSpec(),
        spatial,
        settings.events,
    ]
    return Plan((GraphPlan(f"{name}/{name}", "", pipeline(specs)),), settings.sinks, document.warnings)


def with_face_mask(graph: GraphPlan, settings: Settings = _DEFAULT) -> GraphPlan:
    """The graph of the command line, on frames as wide as the mask classifier needs, and with it."""
    specs: list[NodeSpec] = []
    for node in graph.nodes:
        specs.append(replace(node.spec, width_px=FACE_WIDTH_PX) if isinstance(node.spec, SourceSpec) else node.spec)
        if isinstance(node.spec, TrackSpec):
            specs.append(settings.face_mask)
    return replace(graph, nodes=pipeline(specs))


def with_attributes(graph: GraphPlan, model: str) -> GraphPlan:
    """The graph of the command line, with a customer's classifier of people."""
    specs: list[NodeSpec] = []
    for node in graph.nodes:
        if isinstance(node.spec, GroundSpec):
            specs.append(AttributesSpec(model))
        specs.append(node.spec)
    return replace(graph, nodes=pipeline(specs))


def _name_of(target: str) -> str:
    if is_local(target):
        path = unquote(urlsplit(target).path) if scheme_of(target) else target
        return PurePath(path).stem.encode("utf-8", "replace").decode() or "video"
    return urlsplit(target).hostname or "camera"


def parse_line(text: str, settings: Settings = _DEFAULT) -> Line:
    """`NAME=x1,y1,x2,y2` -> a line with a crossing rule.

    Raises:
        ConfigError: at `--line NAME`.
    """
    name, _, rest = text.partition("=")
    numbers = rest.replace(";", ",").split(",")
    points = [numbers[:2], numbers[2:]] if len(numbers) == 4 else [[""]]
    spec = _from_option("line", name, points, settings)
    return spec.lines[0]


def parse_zone(text: str, settings: Settings = _DEFAULT) -> Zone:
    """`NAME=x,y;x,y;x,y...` -> a zone with count, zonecrossing and zonedwelltime rules.

    Raises:
        ConfigError: at `--zone NAME`.
    """
    name, _, rest = text.partition("=")
    points = [pair.split(",") for pair in rest.strip().strip(";").split(";")]
    spec = _from_option("zone", name, points, settings)
    return spec.zones[0]


def _from_option(kind: str, name: str, points: list[list[str]], settings: Settings) -> SpatialSpec:
    document = Document("command line")
    path = f"--{kind} {name.strip()[:60]}".rstrip()
    if not name.strip() or points == [[""]]:
        form = "NAME=x1,y1,x2,y2" if kind == "line" else "NAME=x,y;x,y;x,y"
        document.error(path, f"is not of the form {form}", f"write for example --{kind} {_EXAMPLES[kind]}")
        document.raise_errors()
    region: dict[str, Value] = {"name": name.strip(), "points": points}
    section = Section(path, [Entry(f"{kind}s", [region], path)], document)
    spec = read_regions(section, region_style("", settings, own=True))
    if document.problems:
        bare = [replace(problem, path=path) for problem in document.problems]
        document.problems = list(dict.fromkeys(bare))
    document.raise_errors()
    return spec


_EXAMPLES = {"line": "door=0.2,0.6,0.8,0.6", "zone": "'till=0.3,0.5;0.7,0.5;0.7,0.9;0.3,0.9'"}
