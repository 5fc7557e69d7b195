"""Nothing that anybody sends is answered by 5xx: every route over the real operations, with sense and nonsense."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.customvision.door.routes_table import ROUTES, Route
from vision_door import OTHER, House

ODD_IDS = [OTHER, OTHER.upper(), "seven", "%00", "é", "../..", ""]
JPEG = b"\xff\xd8\xff\xe0 no more of it"
WORDS = st.sampled_from(
    ["", "Regular", "Negative", "ONNX", "ONNX12", "Newest", "Tagged", "k eq 'v'", "k eq", "null", "%", "\U0001f600"]
)
TEXT = st.one_of(st.text(max_size=30), WORDS)
NUMBERS = st.one_of(st.integers(-(2**70), 2**70).map(str), st.floats().map(str), st.just("true"), st.just("1e3"))
KEYS = """
name description type settings domainId classificationType targetExportPlatforms images tags regions imageId
tagId tagIds left top width height id url contents metadata selectedTags customBaseModelInfo projectId
iterationId maxCount orderBy continuation session startTime minThreshold application imageProcessingSettings
augmentationMethods
""".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("data"))
    yield house
    house.close()


def documents(ids) -> st.SearchStrategy:
    leaves = st.one_of(
        st.none(), st.booleans(), st.integers(-(2**65), 2**65), st.floats(), st.text(max_size=20), st.sampled_from(ids),
        st.sampled_from(["Multiclass", "http://127.0.0.1/", "2026-11-21T00:00:00", "0001-01-01T00:00:00Z", "a" * 5000]),
    )  # fmt: skip
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)),
        max_leaves=25,
    )


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_breaks_the_service(house: House, caplog, data) -> None:
    route: Route = data.draw(st.sampled_from([one for one in ROUTES if one.rank != "C"]))
    one_id = st.sampled_from([*house.ids, *ODD_IDS]) | st.just(house.project)
    path = re.sub(
        r"\{(\w+)\}",
        lambda found: "v3.4-preview" if found[1] == "version" else quote(data.draw(one_id, found[1]), safe=""),
        route.path,
    )
    query = "&".join(
        f"{field.name}={quote(data.draw(TEXT | NUMBERS | one_id, field.name).encode('utf-8', 'replace'))}"
        for field in route.query
        if data.draw(st.booleans())
    )
    more = {}
    if route.body is not None:
        kind = data.draw(st.sampled_from(["json", "bytes", "form", "none"]))
        if kind == "json":
            more = {"content": as_json(data.draw(documents([*house.ids, *ODD_IDS])))}
            more["headers"] = {"Content-Type": "application/json"}
        elif kind == "bytes":
            more = {"content": data.draw(st.binary(max_size=50) | st.just(JPEG))}
        elif kind == "form":
            more = {"files": {"imageData": ("x.jpg", data.draw(st.binary(max_size=50) | st.just(JPEG)), "image/jpeg")}}
    answer = house.visitor.ask(route.method, f"{path}?{query}", **more)
    assert answer.status_code < 500, (route.name, path, query, more, answer.text, caplog.text)
    if answer.status_code >= 400:
        assert {"code", "message"} <= set(answer.json())


def as_json(document) -> bytes:
    """With NaN and halves of characters, as sloppy clients write them."""
    return json.dumps(document).encode()
