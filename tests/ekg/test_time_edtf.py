"""EDTF in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekg.errors import DataError
from ekg.time import TimeInterval, from_edtf, to_edtf

BOUND = st.integers(-200_000_000_000, 200_000_000_000)


@pytest.mark.parametrize(
    ("text", "begin", "end", "granularity"),
    [
        ("1984", "1984-01-01", "1985-01-01", "year"),
        ("1984-02", "1984-02-01", "1984-03-01", "month"),
        ("1984-02-29", "1984-02-29", "1984-03-01", "day"),
        ("-0043", "-0043-01-01", "-0042-01-01", "year"),
        ("2016-11-09T15:30:00", "2016-11-09T15:30:00", "2016-11-09T15:30:01", "second"),
        ("198X", "1980-01-01", "1990-01-01", "decade"),
        ("19XX", "1900-01-01", "2000-01-01", "century"),
        ("1XXX", "1000-01-01", "2000-01-01", "millennium"),
        ("2004-XX", "2004-01-01", "2005-01-01", "year"),
        ("2004-06-XX", "2004-06-01", "2004-07-01", "month"),
        ("2001-21", "2001-03-01", "2001-06-01", "season"),
        ("2001-24", "2001-12-01", "2002-03-01", "season"),
        ("2001-33", "2001-01-01", "2001-04-01", "quarter"),
        ("2001-41", "2001-07-01", "2002-01-01", "half"),
        ("1984/1986-06", "1984-01-01", "1986-07-01", "range"),
        ("../1985", None, "1986-01-01", "range"),
        ("/1985", None, "1986-01-01", "range"),
        ("1985/..", "1985-01-01", None, "range"),
        ("../..", None, None, "range"),
        ("Y17E4", "+170000-01-01", "+170001-01-01", "year"),
    ],
)
def test_reads(text: str, begin: str | None, end: str | None, granularity: str) -> None:
    interval = from_edtf(text)
    assert (interval.begin, interval.end, interval.granularity) == (begin, end, granularity)
    assert not interval.approximate


@pytest.mark.parametrize("text", ["1984?", "1984~", "1984-06%", "1984~/1986", "?2004"])
def test_reads_what_is_uncertain_as_approximate(text: str) -> None:
    assert from_edtf(text).approximate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "banana",
        "1984-13",
        "1984-02-30",
        "1985/1984",
        "1/2/3",
        "198",
        "2001-20",
        "2001-21-21",
        "[1667,1668]",
        "Y9E9",
    ],
)
def test_rejects_what_is_no_edtf(text: str) -> None:
    with pytest.raises(DataError):
        from_edtf(text)


@pytest.mark.parametrize(
    "text", ["1984", "1984-02", "1984-02-29", "198X", "19XX", "1XXX", "2001-22", "2001-24", "2001-40", "../1985", "1985/..", "1984-02-03/1984-05-06", "1984~", "../.."]
)  # fmt: skip
def test_writes_what_it_reads(text: str) -> None:
    assert to_edtf(from_edtf(text)) == text


def test_an_empty_interval_has_no_form() -> None:
    with pytest.raises(DataError, match="empty"):
        to_edtf(TimeInterval(begin="2016-01-01", end="2016-01-01"))


@given(st.none() | BOUND, st.none() | st.integers(1, 10_000_000_000), st.booleans(), st.sampled_from([1, 60, 86_400]))
def test_bounds_survive_the_round_trip(low: int | None, length: int | None, approximate: bool, step: int) -> None:
    low = None if low is None else low // step * step
    high = None if length is None else (low or 0) + length * (step if length < 100_000 else 1)
    interval = TimeInterval.from_bounds(low, high, approximate=approximate)
    back = from_edtf(to_edtf(interval))
    assert back.bounds() == interval.bounds()
    assert back.approximate == (approximate and (low is not None or high is not None))


@given(st.integers(1000, 9999), st.integers(1, 12), st.integers(1, 28))
def test_calendar_units_are_written_as_such(year: int, month: int, day: int) -> None:
    for text in (f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"):
        assert to_edtf(TimeInterval.of(text)) == text
