"""Time expressions in running text: what is found, its value, what is left alone."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ekg.errors import DataError
from ekg.time import TimeMention, find_times
from ekg.time.phrases import CORE, STARTS

REFERENCE = "2016-11-10"  # a Thursday


def only(text: str, **options: object) -> TimeMention:
    options.setdefault("reference", REFERENCE)
    found = find_times(text, **options)  # type: ignore[arg-type]  # the options are those of find_times
    assert len(found) == 1, [m.text for m in found]
    return found[0]


ABSOLUTE = [
    ("It was signed on 2016-11-09.", "2016-11-09", "2016-11-09", "2016-11-10"),
    (
        "Logged at 2016-11-09T15:30:00Z today's log",
        "2016-11-09T15:30:00Z",
        "2016-11-09T15:30:00",
        "2016-11-09T15:30:01",
    ),
    ("The vote of 9 November 2016 stands.", "9 November 2016", "2016-11-09", "2016-11-10"),
    ("The vote of Nov. 9, 2016 stands.", "Nov. 9, 2016", "2016-11-09", "2016-11-10"),
    ("He died on Tuesday, November 8th, 2016.", "Tuesday, November 8th, 2016", "2016-11-08", "2016-11-09"),
    ("Born the 3rd of May 1975 in Rome", "the 3rd of May 1975", "1975-05-03", "1975-05-04"),
    ("Attacked on 9/11/2001.", "9/11/2001", "2001-09-11", "2001-09-12"),
    ("Opened on 25/12/2001.", "25/12/2001", "2001-12-25", "2001-12-26"),
    ("Opened on 25.12.2001.", "25.12.2001", "2001-12-25", "2001-12-26"),
    ("In May 2017 it rained.", "May 2017", "2017-05-01", "2017-06-01"),
    ("From 3–5 May 2019 it rained.", "3–5 May 2019", "2019-05-03", "2019-05-06"),
    ("It ran from May to July 2016.", "May to July 2016", "2016-05-01", "2016-08-01"),
    ("The 2014-2016 plan", "2014-2016", "2014-01-01", "2017-01-01"),
    ("In the 1998–99 season", "1998–99", "1998-01-01", "2000-01-01"),
    ("It lasted between 2014 and 2016.", "2014 and 2016", "2014-01-01", "2017-01-01"),
    ("It fell in early 2016.", "early 2016", "2016-01-01", "2016-05-01"),
    ("It fell in mid-May 2016.", "mid-May 2016", "2016-05-11", "2016-05-21"),
    ("It grew in the summer of 2015.", "summer of 2015", "2015-06-01", "2015-09-01"),
    ("It grew in the third quarter of 2016.", "the third quarter of 2016", "2016-07-01", "2016-10-01"),
    ("It grew in Q3 2016.", "Q3 2016", "2016-07-01", "2016-10-01"),
    ("It grew in the first half of 2016.", "the first half of 2016", "2016-01-01", "2016-07-01"),
    ("Popular in the 1990s.", "1990s", "1990-01-01", "2000-01-01"),
    ("Popular in the 90s.", "90s", "1990-01-01", "2000-01-01"),
    ("Popular in the mid-nineties.", "the mid-nineties", "1993-01-01", "1998-01-01"),
    ("Built in the 19th century.", "19th century", "1800-01-01", "1900-01-01"),
    ("Built in the late 18th century.", "the late 18th century", "1775-01-01", "1800-01-01"),
    ("Caesar died in 44 BC.", "44 BC", "-0043-01-01", "-0042-01-01"),
    ("Founded in AD 842 by monks.", "AD 842", "0842-01-01", "0843-01-01"),
    ("The budget of fiscal 2016 passed.", "fiscal 2016", "2015-10-01", "2016-10-01"),
    ("Easter 2016 was cold.", "Easter 2016", "2016-03-27", "2016-03-28"),
    ("Thanksgiving 2016 was cold.", "Thanksgiving 2016", "2016-11-24", "2016-11-25"),
    ("Written in nineteen eighty-four.", "nineteen eighty-four", "1984-01-01", "1985-01-01"),
    ("Written in twenty ten.", "twenty ten", "2010-01-01", "2011-01-01"),
    ("In the first week of June 2017 it rained.", "the first week of June 2017", "2017-06-01", "2017-06-08"),
    ("On the last Monday of May 2016 it rained.", "the last Monday of May 2016", "2016-05-30", "2016-05-31"),
    ("Three days after 5 May 2016 it rained.", "Three days after 5 May 2016", "2016-05-08", "2016-05-09"),
    ("After the 2016 election", "2016", "2016-01-01", "2017-01-01"),
    ("It reopened during World War II.", "World War II", "1939-09-01", "1945-09-03"),
    ("It began in the winter of 2015.", "winter of 2015", "2015-12-01", "2016-03-01"),
]


@pytest.mark.parametrize(("text", "expression", "begin", "end"), ABSOLUTE)
def test_dates_that_need_no_context(text: str, expression: str, begin: str, end: str) -> None:
    found = [m for m in find_times(text, reference=REFERENCE) if m.text == expression]
    assert [(m.begin, m.end) for m in found] == [(begin, end)]
    assert found[0].anchor == "text"
    assert [(m.begin, m.end) for m in find_times(text) if m.text == expression] == [(begin, end)]


RELATIVE = [
    ("He left on Tuesday.", "Tuesday", "2016-11-08", "2016-11-09"),
    ("He said on Thursday.", "Thursday", "2016-11-10", "2016-11-11"),
    ("He left last Tuesday.", "last Tuesday", "2016-11-08", "2016-11-09"),
    ("He leaves next Friday.", "next Friday", "2016-11-11", "2016-11-12"),
    ("They will meet on Tuesday.", "Tuesday", "2016-11-15", "2016-11-16"),
    ("The vote will be held on Monday.", "Monday", "2016-11-14", "2016-11-15"),
    ("The trial is due to start on Monday.", "Monday", "2016-11-14", "2016-11-15"),
    ("It will rain, he said on Tuesday.", "Tuesday", "2016-11-08", "2016-11-09"),
    ("He fell on Tuesday night.", "Tuesday night", "2016-11-08T18:00:00", "2016-11-09"),
    ("He left yesterday.", "yesterday", "2016-11-09", "2016-11-10"),
    ("He spoke this morning.", "this morning", "2016-11-10T06:00:00", "2016-11-10T12:00:00"),
    ("He fell in the early hours of Monday.", "the early hours of Monday", "2016-11-07", "2016-11-07T06:00:00"),
    ("He spoke last night.", "last night", "2016-11-09T18:00:00", "2016-11-10"),
    ("He left two weeks ago.", "two weeks ago", "2016-10-27", "2016-10-28"),
    ("He left two years ago.", "two years ago", "2014-01-01", "2015-01-01"),
    ("He left last month.", "last month", "2016-10-01", "2016-11-01"),
    ("He left last week.", "last week", "2016-10-31", "2016-11-07"),
    ("He left last summer.", "last summer", "2016-06-01", "2016-09-01"),
    ("He left earlier this year.", "earlier this year", "2016-01-01", "2016-11-11"),
    ("He left in November last year.", "November last year", "2015-11-01", "2015-12-01"),
    ("He left in March.", "March", "2016-03-01", "2016-04-01"),
    ("It will open in March.", "March", "2017-03-01", "2017-04-01"),
    ("He left on Dec. 22.", "Dec. 22", "2015-12-22", "2015-12-23"),
    ("Sales rose over the past three years.", "the past three years", "2013-11-11", "2016-11-11"),
    ("It will open in two weeks.", "in two weeks", "2016-11-24", "2016-11-25"),
    ("He fell at 3:30 p.m. on Monday.", "3:30 p.m. on Monday", "2016-11-07T15:30:00", "2016-11-07T15:31:00"),
    ("It closes at 09:00 GMT.", "09:00 GMT", "2016-11-10T09:00:00", "2016-11-10T09:01:00"),
    ("He left on New Year's Eve.", "New Year's Eve", "2015-12-31", "2016-01-01"),
    ("He left several years ago.", "several years ago", None, "2016-11-11"),
]


@pytest.mark.parametrize(("text", "expression", "begin", "end"), RELATIVE)
def test_dates_that_count_from_the_document(text: str, expression: str, begin: str | None, end: str) -> None:
    mention = only(text)
    assert (mention.text, mention.begin, mention.end, mention.anchor) == (expression, begin, end, "document")
    without = only(text, reference=None)
    assert without.text == expression
    assert without.interval() is None


def test_expressions_that_count_from_the_one_before() -> None:
    text = "She arrived on 5 May 1832. Three days later he fell. The following year she left. That year it rained."
    found = {m.text: (m.begin, m.end, m.anchor) for m in find_times(text, reference=REFERENCE)}
    assert found["Three days later"] == ("1832-05-08", "1832-05-09", "previous")
    assert found["The following year"] == ("1833-01-01", "1834-01-01", "previous")
    assert found["That year"] == ("1833-01-01", "1834-01-01", "previous")


def test_a_text_about_another_time_lends_its_year_to_the_next_date() -> None:
    text = "He was jailed in December 1831. On 30 May he fought. In June 1840 and in 1850 it was told."
    assert [m.begin for m in find_times(text, reference="2004-08-18")][:2] == ["1831-12-01", "1832-05-30"]
    news = "Founded in 2004, it grew. In September, two people left on Monday. On Tuesday they said so yesterday."
    assert find_times(news, reference="2017-12-31")[1].begin == "2017-09-01"


def test_dates_joined_by_and_share_the_year() -> None:
    assert [m.begin for m in find_times("in May and July of 2016", reference="2018-02-06")] == [
        "2016-05-01",
        "2016-07-01",
    ]


@pytest.mark.parametrize(
    ("text", "granularity", "value"),
    [
        ("He waited for three years.", "duration", "P3Y"),
        ("It took 90 minutes.", "duration", "PT90M"),
        ("a two-year study", "duration", "P2Y"),
        ("for several weeks", "duration", "PXW"),
        ("for two decades", "duration", "P20Y"),
        ("It took a year and a half.", "duration", "P1.5Y"),
        ("It was built in two weeks.", "duration", "P2W"),
        ("They meet every Monday.", "set", "P1W"),
        ("They meet on Sundays.", "set", "P1W"),
        ("They meet twice a week.", "set", "P1W"),
        ("They meet every two months.", "set", "P2M"),
        ("He recently left.", "unknown", None),
        ("He is free now.", "unknown", None),
    ],
)
def test_durations_sets_and_vague_times_have_no_bounds(text: str, granularity: str, value: str | None) -> None:
    mention = only(text)
    assert (mention.granularity, mention.value, mention.begin, mention.end) == (granularity, value, None, None)
    assert mention.interval() is None


@pytest.mark.parametrize(
    "text",
    [
        "2016 people came.",
        "It cost $2,000 and 1999 euros.",
        "It rose by 2016 points.",
        "It may march on.",
        "Mrs May said so to May.",
        "The second man fell in the sun.",
        "They fall in love and spring a leak.",
        "It was in the Sunday Times.",
        "Black Friday sales",
        "20th Century Fox made it.",
        "the Daily Mail",
        "USA Today wrote",
        "a 35-year-old man",
        "a man aged 40",
        "She is 62 years old.",
        "Rule 2016 applies.",
        "version 10.2016.4 and part 2016-A",
        "the Arab Spring",
        "call 555-2016-99 now-defunct",
        "John 3:16",
        "the fall of the wall",
        "a man in his 20s",
        "",
        "\n\n",
    ],
)
def test_what_only_looks_like_a_time_is_left_alone(text: str) -> None:
    assert find_times(text, reference=REFERENCE) == []


@pytest.mark.parametrize("text", ["on 30 February 2016", "on 2016-02-30", "on 31/31/2016", "on 29 February 2015"])
def test_dates_that_do_not_exist_are_not_moved(text: str) -> None:
    found = find_times(text, reference=REFERENCE)
    assert all(m.begin is None and m.end is None for m in found)
    assert text.startswith("on 31/31") or len(found) == 1


def test_numeric_dates_follow_the_order_the_rest_of_the_text_shows() -> None:
    assert find_times("On 3/4/2016")[0].begin == "2016-03-04"
    assert [m.begin for m in find_times("On 3/4/2016 and 25/12/2016")] == ["2016-04-03", "2016-12-25"]


def test_hedges_make_a_date_approximate() -> None:
    assert only("Built around 1900.").approximate
    assert only("Built circa 1900.").approximate
    assert not only("Built in 1900.").approximate


def test_the_callback_for_tense_decides() -> None:
    def tense(_: int) -> Literal["past", "present", "future"] | None:
        return "future"

    assert only("Meeting on Tuesday.", tense=tense).begin == "2016-11-15"
    assert only("Meeting on Tuesday.", tense=lambda _: None).begin == "2016-11-08"


def test_the_year_hint_dates_what_names_no_year() -> None:
    assert only("They met on 5 June.", reference=None, year_hint=1832).begin == "1832-06-05"


def test_a_blank_line_ends_an_expression() -> None:
    assert [m.text for m in find_times("on 9 November\n\n2016 was cold", reference=REFERENCE)] == ["9 November", "2016"]
    assert [m.text for m in find_times("on 9 November\n2016.", reference=REFERENCE)] == ["9 November\n2016"]


def test_a_reference_that_is_no_date_is_an_error() -> None:
    with pytest.raises(DataError, match="reference"):
        find_times("today", reference="yesterday")


@pytest.mark.parametrize(
    "unit", ["1 ", "7", "000,", "the end of ", "three days after ", "May 3 ", "2016-", "12:", "early "]
)
def test_long_repetitive_text_neither_fails_nor_nests(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    assert all(len(m.text) < 400 for m in find_times(text, reference=REFERENCE))


def test_the_work_grows_with_the_length_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from ekg.time import phrases

    calls = 0
    simple = phrases.simple

    def counted(*args: object) -> object:
        nonlocal calls
        calls += 1
        return simple(*args)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(phrases, "simple", counted)
    work = []
    for size in (200, 400, 800):
        calls = 0
        find_times("the end of the first week of three days after May " * size, reference=REFERENCE)
        work.append(calls)
    assert work[2] < 2.2 * work[1] < 2.2 * 2.2 * work[0]


WORDS = st.sampled_from(
    [*sorted(STARTS | CORE), "2016", "12", "3", "1990s", "9/11/2001", "ago", "of", "to", ",", "-", "B.C.", "p.m."]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=12).map(" ".join), st.sampled_from([None, REFERENCE, "-0300-05", "9999-12-31"]))
def test_any_text_gives_ordered_exact_spans_and_valid_intervals(text: str, reference: str | None) -> None:
    end = 0
    for mention in find_times(text, reference=reference):
        assert text[slice(*mention.span)] == mention.text
        assert end <= mention.span[0] < mention.span[1]
        end = mention.span[1]
        interval = mention.interval()
        if interval is not None:
            low, high = interval.bounds()
            assert low is None or high is None or low < high
