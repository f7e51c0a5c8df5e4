"""Allen's relations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekg.time import ALLEN_INVERSE, OWL_TIME, TimeInterval, allen, inverse

DAYS = st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda pair: pair[0] < pair[1])


def days(first: int, last: int) -> TimeInterval:
    return TimeInterval(begin=f"2016-01-{first:02}", end=f"2016-01-{last:02}")


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ((1, 2), (3, 4), "before"),
        ((1, 3), (3, 4), "meets"),
        ((1, 3), (2, 4), "overlaps"),
        ((1, 2), (1, 4), "starts"),
        ((2, 3), (1, 4), "during"),
        ((2, 4), (1, 4), "finishes"),
        ((1, 4), (1, 4), "equals"),
    ],
)
def test_each_relation_and_its_inverse(left: tuple[int, int], right: tuple[int, int], relation: str) -> None:
    assert allen(days(*left), days(*right)) == relation
    assert allen(days(*right), days(*left)) == inverse(relation)  # type: ignore[arg-type]  # one of the literals above


@given(DAYS, DAYS)
def test_the_inverse_holds_the_other_way_round(left: tuple[int, int], right: tuple[int, int]) -> None:
    forward, backward = allen(days(*left), days(*right)), allen(days(*right), days(*left))
    assert forward is not None
    assert backward == inverse(forward)


def test_open_bounds_decide_nothing() -> None:
    assert allen(TimeInterval(begin="2016-01-01", end=None), days(1, 2)) is None
    assert allen(days(1, 2), TimeInterval(begin=None, end=None)) is None


def test_the_thirteen_have_names_in_owl_time() -> None:
    assert len(OWL_TIME) == len(set(OWL_TIME.values())) == 13
    assert OWL_TIME["met_by"] == "intervalMetBy"
    assert all(ALLEN_INVERSE[ALLEN_INVERSE[name]] == name for name in OWL_TIME)
