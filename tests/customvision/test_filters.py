from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.customvision.workspace.filters import LONGEST, Term, parse_filter


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        pytest.param("place eq 'door'", [[("place", True, "door")]], id="one comparison"),
        pytest.param("place NE ''", [[("place", False, "")]], id="not equal, empty"),
        pytest.param("a eq 'it''s'", [[("a", True, "it's")]], id="a quote in it"),
        pytest.param("a eq 'x' and b ne 'y'", [[("a", True, "x"), ("b", False, "y")]], id="both"),
        pytest.param("a eq ' and b eq ''y'", [[("a", True, " and b eq 'y")]], id="words inside of a value"),
        pytest.param(
            "  a eq 'x' or b eq 'y' AND c eq 'z'  ",
            [[("a", True, "x")], [("b", True, "y"), ("c", True, "z")]],
            id="and binds closer than or",
        ),
        pytest.param("eq eq 'and'", [[("eq", True, "and")]], id="a key that is a word of the language"),
    ],
)
def test_filters(text, groups) -> None:
    assert parse_filter(text) == tuple(tuple(Term(*term) for term in group) for group in groups)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a eq", "a eq b", "a eq 'b", "a gt 'b'", "a eq 'b' a eq 'c'", "a eq 'b' and", "a eq 'b'or c eq 'd'",
     "(a eq 'b')", "a eq 'b' or or c eq 'd'", "'a' eq 'b'", f"a eq '{'x' * LONGEST}'"],
)  # fmt: skip
def test_what_is_no_filter(text) -> None:
    with pytest.raises(ValueError, match=r"expected|at most"):
        parse_filter(text)


_keys = st.from_regex(r"[^\s']{1,8}", fullmatch=True)
_terms = st.builds(Term, _keys, st.booleans(), st.text(max_size=10))


@given(st.lists(st.lists(_terms, min_size=1, max_size=3), min_size=1, max_size=3))
def test_every_filter_is_read_as_it_was_meant(groups) -> None:
    written = " or ".join(" and ".join(map(_written, group)) for group in groups)
    assert parse_filter(written) == tuple(map(tuple, groups))


def _written(term: Term) -> str:
    value = term.value.replace("'", "''")
    return f"{term.key} {'eq' if term.is_equal else 'ne'} '{value}'"
