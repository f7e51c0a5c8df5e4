"""Whole strings as times, and the constraints of questions."""

from __future__ import annotations

import pytest

from ekg.errors import DataError
from ekg.time import parse_constraint, parse_time


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2015", "2015-01-01", "2016-01-01"),
        (" 2015-03 ", "2015-03-01", "2015-04-01"),
        ("3–5 May 2019", "2019-05-03", "2019-05-06"),
        ("the 1990s", "1990-01-01", "2000-01-01"),
        ("1990s", "1990-01-01", "2000-01-01"),
        ("19th century", "1800-01-01", "1900-01-01"),
        ("1998-99", "1998-01-01", "2000-01-01"),
        ("1975/1976", "1975-01-01", "1977-01-01"),
        ("in 1975", "1975-01-01", "1976-01-01"),
        ("from May to July 2016", "2016-05-01", "2016-08-01"),
        ("Nov. 9, 2016", "2016-11-09", "2016-11-10"),
        ("2016-11-09T10:00:00Z", "2016-11-09T10:00:00", "2016-11-09T10:00:01"),
        ("1985/..", "1985-01-01", None),
        ("44 BC", "-0043-01-01", "-0042-01-01"),
    ],
)
def test_whole_strings(text: str, begin: str, end: str | None) -> None:
    interval = parse_time(text)
    assert interval is not None
    assert (interval.begin, interval.end) == (begin, end)


@pytest.mark.parametrize(
    "text", ["", "banana", "2015 bananas", "99", "yesterday", "three years", "30 February 2016", ".."]
)
def test_what_has_no_place_on_the_time_line(text: str) -> None:
    assert parse_time(text) is None


def test_relative_strings_need_a_reference() -> None:
    interval = parse_time("last month", reference="2016-11-10")
    assert interval is not None
    assert interval.begin == "2016-10-01"
    with pytest.raises(DataError):
        parse_time("last month", reference="soon")


@pytest.mark.parametrize(
    ("question", "operator", "begin", "end", "words"),
    [
        ("Who led it before 2015?", "before", "2015-01-01", "2016-01-01", "before 2015"),
        ("Who led it prior to 2015?", "before", "2015-01-01", "2016-01-01", "prior to 2015"),
        ("Who led it after the summer of 2016?", "after", "2016-06-01", "2016-09-01", "after the summer of 2016"),
        ("Who has led it since March?", "since", "2017-03-01", "2017-04-01", "since March"),
        ("Who led it until 2017-05-01?", "until", "2017-05-01", "2017-05-02", "until 2017-05-01"),
        (
            "Who left between 3 May and 7 June 2017?",
            "between",
            "2017-05-03",
            "2017-06-08",
            "between 3 May and 7 June 2017",
        ),
        (
            "Who left in the first week of June 2017?",
            "during",
            "2017-06-01",
            "2017-06-08",
            "in the first week of June 2017",
        ),
        ("Who led it from 2010 to 2012?", "between", "2010-01-01", "2013-01-01", "from 2010 to 2012"),
        ("Who led it from 2015 onwards?", "since", "2015-01-01", "2016-01-01", "from 2015"),
        ("Who won the 2016 election?", "during", "2016-01-01", "2017-01-01", "2016"),
        ("Who left no later than 2016?", "until", "2016-01-01", "2017-01-01", "no later than 2016"),
        ("Who left last month?", "during", "2017-10-01", "2017-11-01", "last month"),
    ],
)
def test_constraints(question: str, operator: str, begin: str, end: str, words: str) -> None:
    ((found, interval, span),) = parse_constraint(question, reference="2017-11-10")
    assert (found, interval.begin, interval.end, question[slice(*span)]) == (operator, begin, end, words)


def test_a_question_with_two_constraints_or_none() -> None:
    found = parse_constraint("Who led it after 2010 but before 2015?")
    assert [(operator, interval.begin) for operator, interval, _ in found] == [
        ("after", "2010-01-01"),
        ("before", "2015-01-01"),
    ]
    assert parse_constraint("Who led it for three years?") == []
