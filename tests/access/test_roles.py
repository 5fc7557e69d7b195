from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.access.roles import Caller, Kind, Rights, Role, Verdict, may

VIEWER, OPERATOR, ADMIN = Role
ALLOWED, FORBIDDEN, HIDDEN = Verdict
FRONT = frozenset({"front"})

rights = st.builds(
    Rights, st.sampled_from(Role), st.none() | st.frozensets(st.sampled_from(["front", "back", "yard"])), st.booleans()
)


@pytest.mark.parametrize(
    ("has", "needs", "camera", "real", "expected"),
    [
        pytest.param(Rights(VIEWER), VIEWER, None, False, ALLOWED, id="a viewer looks at the numbers"),
        pytest.param(Rights(VIEWER), OPERATOR, None, False, FORBIDDEN, id="a viewer may not move a line"),
        pytest.param(Rights(OPERATOR), ADMIN, None, False, FORBIDDEN, id="an operator may not add users"),
        pytest.param(Rights(ADMIN), OPERATOR, "front", False, ALLOWED, id="an admin may all that an operator may"),
        pytest.param(Rights(VIEWER, FRONT), VIEWER, "front", False, ALLOWED, id="a camera that is theirs"),
        pytest.param(Rights(VIEWER, FRONT), VIEWER, "back", False, HIDDEN, id="another camera is not there for them"),
        pytest.param(Rights(VIEWER, frozenset()), VIEWER, "front", False, HIDDEN, id="no camera at all"),
        pytest.param(Rights(VIEWER, FRONT), VIEWER, "Front", False, HIDDEN, id="names of cameras are exact"),
        pytest.param(Rights(VIEWER, FRONT), OPERATOR, "back", False, FORBIDDEN, id="too low a role tells nothing more"),
        pytest.param(Rights(ADMIN), VIEWER, "front", True, FORBIDDEN, id="an admin too must be given real pictures"),
        pytest.param(Rights(VIEWER, FRONT, True), VIEWER, "front", True, ALLOWED, id="a viewer who was given them"),
        pytest.param(Rights(VIEWER, FRONT, True), VIEWER, "back", True, HIDDEN, id="given, but not of this camera"),
    ],
)
def test_verdicts(has, needs, camera, real, expected):
    assert may(has, needs, camera, real_pixels=real) is expected


@given(rights, rights)
def test_what_a_token_may_never_exceeds_either_side(a, b):
    both = a.within(b)

    assert a.covers(both)
    assert b.covers(both)
    assert both == b.within(a)


@given(rights, rights, st.sampled_from(Role), st.sampled_from(["front", "back", None]), st.booleans())
def test_who_covers_another_may_all_that_the_other_may(a, b, role, camera, real):
    if a.covers(b) and may(b, role, camera, real_pixels=real) is ALLOWED:
        assert may(a, role, camera, real_pixels=real) is ALLOWED


@given(rights)
def test_everybody_covers_themselves(one):
    assert one.covers(one)
    assert one.within(one) == one


def test_authors_have_names_that_tell_tokens_from_people():
    person = Caller("anna", Rights(ADMIN), Kind.SESSION, "1", csrf="secret-csrf")
    program = Caller("anna", Rights(VIEWER, FRONT, True), Kind.TOKEN, "2", label="till")

    assert (person.author, program.author) == ("anna", "anna (token till)")
    assert (program.role, program.cameras, program.real_pixels) == (VIEWER, FRONT, True)
    assert program.sees("front")
    assert not program.sees("back")
    assert "secret-csrf" not in repr(person)
