"""Every route, with every role, asked whatever its schema allows and does not allow."""

import os
from dataclasses import replace

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from footfall.store import tracks
from footfall.store.database import connect
from footfall.store.records import Batch
from footfall.store.write import append
from footfall.web.app import described, tail_of
from small_desk import CONFIG, NOON, SmallDesk, as_, event_of, serving, walks
from small_studio import SmallStudio

EXAMPLES = int(os.environ.get("FOOTFALL_SCHEMA_EXAMPLES", "1"))
ROLES = ("viewer", "operator", "admin", "guest")
PEOPLE = ("/api/v1/session", "/api/v1/setup", "/api/v1/users", "/api/v1/tokens", "/api/v1/audit")
"""Want accounts, and have tests of their own."""
LEFT_OUT = {"/api/v1/events/stream", "/api/v1/probe", "/api/v1/discovery"}
"""Never ends; goes out into the network."""
LONGEST = 8000
"""Signs of a query: what is longer than 64 KiB when it is encoded, the server does not even read."""
NAMES = ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
SCHEMA = schemathesis.openapi.from_dict(described())
OPERATIONS = [
    (f"{method.upper()} {path}", SCHEMA[path][method.upper()])
    for path, methods in described()["paths"].items()
    if path not in LEFT_OUT and not path.startswith(PEOPLE)
    for method in methods
]


@pytest.fixture(scope="module")
def address(served, empty, tmp_path_factory):
    """A real server with something in its store."""
    app, parts = served
    folder = tmp_path_factory.mktemp("schema")
    engines = []
    for kind in ("store", "own"):
        (folder / f"{kind}.sqlite").write_bytes((empty / f"{kind}.sqlite").read_bytes())
        engines.append(connect(folder / f"{kind}.sqlite", kind))
    store, own = engines
    append(store, Batch(tuple(event_of(number) for number in range(5))))
    tracks.append(store, walks(NOON, 20))
    app.state.parts = replace(parts, desk=SmallDesk(CONFIG), store=store, own=own, folder=folder, studio=SmallStudio())
    app.state.tail = tail_of(app.state.parts)
    with serving(app) as address:
        yield f"http://{address}"
    for engine in engines:
        engine.dispose()


CASES = [
    pytest.param(operation, mode, id=f"{name} {mode.value}")
    for name, operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or next(operation.iter_parameters(), None) or operation.body
]
"""What asks for nothing cannot be asked wrongly."""


@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_every_answer_is_one_that_was_promised(address, operation, mode):
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate], derandomize=EXAMPLES == 1,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case):
        assume(len(str(case.query)) < LONGEST)
        for role in ROLES:
            answer = case.call(base_url=address, headers=as_(role), timeout=60)
            assert answer.status_code != 500, answer.text
            checks = CHECKS.get_by_names(NAMES)
            case.validate_response(answer, checks=checks)

    ask()
