"""Pages of stored predictions: every one once, in order, whatever comes and goes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from customvision.studio import START, HandClock, Studio, colours
from footfall.customvision.faults import Refused
from footfall.customvision.prediction import predictions, querying
from footfall.customvision.training.iteration_tables import predictions as table
from footfall.customvision.wire.predictions import (
    ImagePrediction,
    Prediction,
    PredictionQueryTag,
    StoredImagePrediction,
)
from footfall.customvision.wire.predictions import PredictionQueryToken as Token
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import intake
from footfall.customvision.workspace.limits import Limits
from footfall.store.database import writing

TAGS = ("11111111", "22222222")


class Row:
    """As much of an iteration as a prediction remembers."""

    domain_id = "d"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("vision"), limits=Limits(projects=1000))


@pytest.fixture(scope="module")
def shop(studio: Studio) -> Iterator[Workshop]:
    with studio.opened(is_working=False) as shop:
        yield shop


@pytest.fixture(scope="module")
def project(shop: Workshop) -> str:
    return colours(shop, many=1)[0]


def keep(
    shop: Workshop,
    project_id: str,
    number: int,
    probability: float = 0.5,
    minutes: float = 0.0,
    application: str | None = None,
) -> str:
    told = [
        Prediction(probability=share, tag_id=tag_id, tag_name=tag_id, bounding_box=None, tag_type=None)
        for tag_id, share in zip(TAGS, (probability, 1.0 - probability), strict=True)
    ]
    answer = ImagePrediction(
        id=f"{number:08d}",
        project=project_id,
        iteration=f"{number % 2:08d}",
        created=START + timedelta(minutes=minutes),
        predictions=told,
    )
    predictions.keep(shop, Row(), answer, intake.Picture(1, 1, b"o", b"r", b"t"), application)
    return answer.id


def clear(shop: Workshop) -> None:
    with writing(shop.engine) as connection:
        connection.execute(table.delete())


def pages(shop: Workshop, project_id: str, token: Token) -> Iterator[list[StoredImagePrediction]]:
    while True:
        page = querying.query_predictions(shop, project_id, token)
        yield page.results
        token = page.token
        if token.continuation is None:
            return


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.5, 0.7, 0.9])), max_size=12),
    st.integers(1, 5),
    st.sampled_from(["Newest", "Oldest", "Suggested"]),
)
def test_every_prediction_comes_once_and_in_order(
    shop: Workshop, project: str, made: list[tuple[int, float]], size: int, order: str
) -> None:
    clear(shop)
    for number, (minutes, probability) in enumerate(made):
        keep(shop, project, number, probability, minutes)
    listed = list(pages(shop, project, Token(max_count=size, order_by=order)))
    ids = [result.id for page in listed for result in page]
    key = {
        "Newest": lambda n: (-made[n][0], -n),
        "Oldest": lambda n: (made[n][0], n),
        "Suggested": lambda n: (made[n][1], -n),
    }[order]
    assert ids == [f"{n:08d}" for n in sorted(range(len(made)), key=key)]
    assert all(len(page) == size for page in listed[:-1])


@settings(max_examples=15)
@given(st.integers(1, 4), st.sampled_from(["Newest", "Oldest", "Suggested"]), st.sets(st.integers(0, 7), max_size=4))
def test_what_comes_and_goes_meanwhile_disturbs_nothing(
    shop: Workshop, project: str, size: int, order: str, gone: set[int]
) -> None:
    clear(shop)
    for number in range(8):
        keep(shop, project, number, 0.5 + number / 20, number)
    seen: list[str] = []
    for turn, page in enumerate(pages(shop, project, Token(max_count=size, order_by=order))):
        seen += [result.id for result in page]
        keep(shop, project, 100 + turn, 0.55, turn)
        if turn == 0:
            predictions.remove(shop, project, {f"{number:08d}" for number in gone} - set(seen))
    assert len(seen) == len(set(seen))
    assert {f"{number:08d}" for number in range(8) if number not in gone} <= set(seen)
    assert not [one for one in seen if int(one) >= 100]


@pytest.fixture(scope="module")
def known(shop: Workshop) -> str:
    project_id = colours(shop, many=1, name="known")[0]
    for number in range(6):
        keep(shop, project_id, 500 + number, 0.1 + 0.15 * number, 10 * number, ("door", "yard", None)[number % 3])
    return project_id


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, [5, 4, 3, 2, 1, 0], id="everything"),
        pytest.param({"application": "door"}, [3, 0], id="of one application"),
        pytest.param({"application": "roof"}, [], id="of an application that never asked"),
        pytest.param({"iteration_id": "00000001"}, [5, 3, 1], id="of one iteration"),
        pytest.param({"start_time": START + timedelta(minutes=40)}, [5, 4], id="from then on"),
        pytest.param({"end_time": START + timedelta(minutes=10)}, [1, 0], id="until then"),
        pytest.param({"end_time": (START + timedelta(minutes=10)).replace(tzinfo=None)}, [1, 0], id="no zone is UTC"),
        pytest.param({"tags": [PredictionQueryTag(id=TAGS[0], min_threshold=0.7)]}, [5, 4], id="surely the first"),
        pytest.param({"tags": [PredictionQueryTag(id=TAGS[0], max_threshold=0.3)]}, [1, 0], id="hardly the first"),
        pytest.param({"tags": [PredictionQueryTag(id="33333333")]}, [], id="a tag that is not told"),
        pytest.param(
            {
                "tags": [
                    PredictionQueryTag(id=TAGS[0], min_threshold=0.3),
                    PredictionQueryTag(id=TAGS[1], min_threshold=0.5),
                ]
            },
            [2],
            id="both tags",
        ),
        pytest.param({"max_count": 2, "order_by": "Oldest"}, [0, 1], id="the first two"),
        pytest.param({"order_by": "Suggested", "max_count": 2}, [3, 2], id="those it was least sure of"),
    ],
)
def test_what_is_asked_for(shop: Workshop, known: str, asked: dict, found: list[int]) -> None:
    results = querying.query_predictions(shop, known, Token(**asked)).results
    assert [int(result.id) - 500 for result in results] == found


def test_the_token_comes_back(shop: Workshop, known: str) -> None:
    asked = Token(max_count=4, application=None, start_time=START)
    token = querying.query_predictions(shop, known, asked).token
    assert token.session
    assert token.continuation
    assert (token.max_count, token.order_by, token.start_time) == (4, "Newest", START)
    last = querying.query_predictions(shop, known, token)
    assert last.token.continuation is None
    assert len(last.results) == 2


def test_a_project_without_predictions(shop: Workshop) -> None:
    page = querying.query_predictions(shop, colours(shop, many=1, name="none")[0], Token())
    assert page.results == []
    assert page.token.continuation is None


TAG = PredictionQueryTag(id=TAGS[0])
WRONG = "BadRequestPredictionInvalidQueryParameters"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        pytest.param({"max_count": 0}, WRONG, id="none"),
        pytest.param({"max_count": 257}, "BadRequestPredictionResultsExceededCount", id="too many"),
        pytest.param({"order_by": "Best"}, WRONG, id="an order that nobody knows"),
        pytest.param({"tags": [TAG, TAG, TAG]}, "BadRequestPredictionTagsExceededCount", id="three tags"),
        pytest.param(
            {"tags": [PredictionQueryTag(id="a", min_threshold=0.9, max_threshold=0.1)]}, WRONG, id="upside down"
        ),
        pytest.param({"tags": [PredictionQueryTag(id="a", min_threshold=-1.0)]}, WRONG, id="below zero"),
        pytest.param({"tags": [PredictionQueryTag(id="a", max_threshold=float("nan"))]}, WRONG, id="no number"),
        pytest.param({"session": "mine"}, WRONG, id="a session of its own"),
        pytest.param({"session": "9" * 30}, WRONG, id="a session beyond all numbers"),
        pytest.param({"continuation": "???"}, WRONG, id="a continuation of its own"),
        pytest.param({"continuation": "é"}, WRONG, id="no letters of ours"),
        pytest.param({"continuation": "WyJPbGRlc3QiLDEsMV0="}, WRONG, id="a continuation of another order"),
    ],
)
def test_what_is_refused(shop: Workshop, known: str, asked: dict, code: str) -> None:
    with pytest.raises(Refused) as refused:
        querying.query_predictions(shop, known, Token(**asked))
    assert refused.value.code == code


@given(st.text(max_size=40))
def test_no_continuation_of_anybody_breaks_it(shop: Workshop, known: str, text: str) -> None:
    try:
        page = querying.query_predictions(shop, known, Token(continuation=text, session="1"))
    except Refused as refused:
        assert refused.code == WRONG  # noqa: PT017
    else:
        assert isinstance(page.results, list)


def test_the_clock_of_these_tests_stands_still() -> None:
    assert HandClock().now() == START
