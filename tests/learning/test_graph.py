from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from footfall.learning.features import GROUPS
from footfall.learning.gallery import Gallery
from footfall.learning.graph import classifier_model
from footfall.learning.heads import directions, fit
from footfall.learning.lesson import INPUT_PX, Kind
from footfall.learning.metrics import told
from footfall.learning.model import open_model
from lessons import FORMS, drawn, lesson


@pytest.mark.parametrize(
    ("kind", "groups", "input_px"),
    [
        pytest.param(Kind.MULTICLASS, ("things",), 96, id="one group of features"),
        pytest.param(Kind.MULTICLASS, tuple(GROUPS), INPUT_PX["compact"], id="all of them, at the compact size"),
        pytest.param(Kind.MULTICLASS, tuple(GROUPS), INPUT_PX["compact-s1"], id="all of them, at the S1 size"),
        pytest.param(Kind.MULTILABEL, ("faces", "edges"), 96, id="each tag for itself"),
    ],
)
def test_the_model_tells_what_scikit_learn_tells(kind: Kind, groups: tuple[str, ...], input_px: int) -> None:
    given = lesson([(form,) for form in FORMS for _ in range(5)], kind=kind, input_px=input_px)
    looks = Gallery(given, groups).plain(range(15), lambda _: None)
    features, truth = looks.of(groups), told(given.examples, 3)
    seen = directions(features, looks.widths(groups), seed=1)
    head = fit(seen.of(features), truth, kind, 1.0).on_features(seen)
    model = open_model(classifier_model(groups, head, kind, input_px, {}).SerializeToString())

    inputs = seen.of(features)
    plain = LogisticRegression(C=1.0, max_iter=300, tol=1e-4)
    reference = plain if kind is Kind.MULTICLASS else OneVsRestClassifier(plain)
    wanted = reference.fit(inputs, truth.argmax(axis=1)).decision_function(inputs)
    wanted = (
        np.exp(wanted) / np.exp(wanted).sum(axis=1, keepdims=True)
        if kind is Kind.MULTICLASS
        else 1 / (1 + np.exp(-wanted))
    )
    got = np.stack([model.classify(given.read(str(i))) for i in range(15)])
    assert np.abs(got - wanted).max() < 1e-4


def test_two_tags_are_a_softmax_as_well() -> None:
    given = lesson([(form,) for form in FORMS[:2] for _ in range(8)], tags=FORMS[:2])
    looks = Gallery(given, ("edges",)).plain(range(16), lambda _: None)
    features, truth = looks.of(("edges",)), told(given.examples, 2)
    seen = directions(features, looks.widths(("edges",)), 1)
    head = fit(seen.of(features), truth, Kind.MULTICLASS, 1.0).on_features(seen)
    model = open_model(classifier_model(("edges",), head, Kind.MULTICLASS, 96, {}).SerializeToString())
    one = model.classify(drawn(["disc"], 99))
    assert one.sum() == pytest.approx(1.0, abs=1e-6)
    scores = head.scores(looks.of(("edges",)))
    assert scores.sum(axis=1) == pytest.approx(0.0, abs=1e-9)


def test_metadata_takes_further_entries() -> None:
    given = lesson([(form,) for form in FORMS[:2] for _ in range(5)], tags=FORMS[:2])
    looks = Gallery(given, ("colours",)).plain(range(10), lambda _: None)
    features = looks.of(("colours",))
    seen = directions(features, looks.widths(("colours",)), 1)
    head = fit(seen.of(features), told(given.examples, 2), given.kind, 1.0).on_features(seen)
    model = classifier_model(("colours",), head, given.kind, 96, {"a.key": "a value"})
    assert {entry.key: entry.value for entry in model.metadata_props}["a.key"] == "a value"
