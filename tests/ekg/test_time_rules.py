"""Rules of the time grammar for anchors, named periods, movable feasts, open ends and stamps in universal time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekg.time import TimeMention, find_times, from_edtf, parse_time, to_edtf
from ekg.time.civil import civil
from ekg.time.holidays import HOLIDAY_STARTS
from ekg.time.lunar import hebrew_new_year, islamic, orthodox_easter
from ekg.time.moon import diwali, lunar_new_year

REFERENCE = "2016-11-10"  # a Thursday


def found(text: str, reference: str | None = REFERENCE) -> dict[str, tuple[str | None, str | None]]:
    return {m.text: (m.begin, m.end) for m in find_times(text, reference=reference)}


def only(text: str, reference: str | None = REFERENCE) -> TimeMention:
    (mention,) = find_times(text, reference=reference)
    return mention


@pytest.mark.parametrize(
    "stamp",
    [
        "2016-11-07T21:31:00Z",  # in Asia it is Tuesday
        "2016-11-07T21:31:00-05:00",
        "2016-11-07T09:00:00Z",  # nowhere is it Tuesday: the article was updated after its stamp
        "2016-11-07T00:00:00",
        "2016-11-07",
    ],
)
def test_the_next_weekday_told_as_past_is_tomorrows_and_not_six_days_old(stamp: str) -> None:
    assert only("Police arrested two men early on Tuesday.", stamp).begin == "2016-11-08"
    assert only("Police arrested two men on Wednesday.", stamp).begin == "2016-11-02"
    assert only("They will meet on Wednesday.", stamp).begin == "2016-11-09"
    assert only("He left last Tuesday.", stamp).begin == "2016-11-01"


def test_the_day_of_a_stamp_is_that_of_its_own_zone() -> None:
    assert only("He spoke today, I think.", "2016-11-07T23:30:00-05:00").begin == "2016-11-07"
    assert only("He spoke today, I think.", "2016-11-08T01:30:00+09:00").begin == "2016-11-08"


def test_a_date_of_tomorrow_told_as_past_is_not_put_a_year_back() -> None:
    assert only("He was shot on November 11.").begin == "2016-11-11"
    assert only("He was shot on November 12.").begin == "2015-11-12"


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("He spoke over the weekend.", "2016-11-05", "2016-11-07"),
        ("It will be held at the weekend.", "2016-11-12", "2016-11-14"),
        ("I look forward to our talk on Tuesday.", "2016-11-15", "2016-11-16"),
        ("We did it this winter, she said.", "2015-12-01", "2016-03-01"),
        ("Three years ago tomorrow he left.", "2013-11-11", "2013-11-12"),
        ("Two years ago today he left.", "2014-11-10", "2014-11-11"),
        ("It was due on the 15th of this month.", "2016-11-15", "2016-11-16"),
        ("It rose earlier in the year.", "2016-01-01", "2016-11-11"),
        ("They want it by the end of the year.", "2016-12-31", "2017-01-01"),
        ("On this day we remember them.", "2016-11-10", "2016-11-11"),
        ("in march third nineteen sixty nine it flew", "1969-03-03", "1969-03-04"),
        ("on november ninth twenty sixteen it happened", "2016-11-09", "2016-11-10"),
        ("It ran between 3 and 5 May 2016.", "2016-05-03", "2016-05-06"),
        ("It grew in mid-2015.", "2015-05-01", "2015-09-01"),
        ("songs of the late 19th and early 20th centuries", "1875-01-01", "1925-01-01"),
        ("The city grew from about 1200 to about 400 BCE.", "-1199-01-01", "-0398-01-01"),
        ("It was founded in the year 71.", "0071-01-01", "0072-01-01"),
        ("A poet (837–908) wrote it.", "0837-01-01", "0909-01-01"),
        ("a photograph, c. 1871 – 72", "1871-01-01", "1873-01-01"),
    ],
)
def test_value(text: str, begin: str, end: str) -> None:
    assert (only(text).begin, only(text).end) == (begin, end)


def test_months_of_a_plan_go_on_from_one_another() -> None:
    plan = found("Next are Rome in December, Paris in January and Berlin in March.")
    assert [begin for begin, _ in plan.values()] == ["2016-12-01", "2017-01-01", "2017-03-01"]


def test_last_and_next_after_a_date_count_from_the_tale() -> None:
    old = "He wrote it on 17 September 1859 to call a meeting for the 1st of February next. It met in 1860 and 1861."
    assert found(old)["the 1st of February next"] == ("1860-02-01", "1860-02-02")
    assert only("It fell on the 12th of October last.").begin == "2016-10-12"


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("It shut during the Cold War.", "1947-01-01", "1992-01-01"),
        ("It shut at the end of the Cold War.", "1991-01-01", "1992-01-01"),
        ("It shut at the outbreak of World War II.", "1939-09-01", "1945-09-03"),
        ("In the Victorian era women worked.", "1837-06-20", "1901-01-23"),
        ("Trade grew in the Middle Ages.", "0400-01-01", "1500-01-01"),
        ("It was built under the Ming dynasty.", "1368-01-01", "1645-01-01"),
    ],
)
def test_named_periods(text: str, begin: str, end: str) -> None:
    mention = only(text)
    assert (mention.begin, mention.end, mention.granularity) == (begin, end, "period")


@pytest.mark.parametrize(
    "text", ["a Cold War museum", "He saw World War II films.", "the war was cold", "in an iron age"]
)
def test_a_war_that_is_told_of_is_no_time(text: str) -> None:
    assert find_times(text, reference=REFERENCE) == []


@pytest.mark.parametrize(
    ("text", "begin", "end", "approximate"),
    [
        ("during Ramadan 2016", "2016-06-07", "2016-07-07", False),
        ("They left after Eid al-Fitr.", "2016-07-07", "2016-07-10", True),
        ("Passover 2016 was late.", "2016-04-23", "2016-05-01", False),
        ("Yom Kippur 2016 was quiet.", "2016-10-12", "2016-10-13", False),
        ("Hanukkah 2016 was late.", "2016-12-25", "2017-01-02", False),
        ("Orthodox Easter 2016 was late.", "2016-05-01", "2016-05-02", False),
    ],
)
def test_feasts_of_other_calendars_are_computed(text: str, begin: str, end: str, approximate: bool) -> None:
    mention = only(text)
    assert (mention.begin, mention.end, mention.approximate) == (begin, end, approximate)
    assert {"ramadan", "passover"} <= HOLIDAY_STARTS


def test_calendars_advance_by_the_length_of_their_year() -> None:
    assert {islamic(year + 1, 1) - islamic(year, 1) for year in range(1400, 1460)} == {354, 355}
    lengths = {hebrew_new_year(year + 1) - hebrew_new_year(year) for year in range(5700, 5800)}
    assert lengths <= {353, 354, 355, 383, 384, 385}
    assert all((hebrew_new_year(year) + 3) % 7 not in (2, 4, 6) for year in range(5700, 5800))  # not Wed, Fri, Sun
    assert all((orthodox_easter(year)[0] // 86_400 + 3) % 7 == 6 for year in range(1900, 2100))


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("He has played there (2013 – present).", "2013/.."),
        ("It ran from 2013 to the present.", "2013/.."),
        ("the post-2015 agenda", "2016/.."),
        ("pre-2008 prices", "../2007"),
        ("It ran from 1914 to 1918.", "1914/1918"),
        ("in the 1980s", "198X"),
        ("in the summer of 2015", "2015-22"),
        ("in the third quarter of 2016", "2016-35"),
        ("on 3–5 May 2016", "2016-05-03/2016-05-05"),
        ("around 1900", "1900~"),
        ("in the 19th century", "18XX"),
    ],
)
def test_edtf_of_expressions(text: str, edtf: str) -> None:
    interval = only(text).interval()
    assert interval is not None
    assert to_edtf(interval) == edtf
    assert from_edtf(edtf).bounds() == interval.bounds()


def test_today_in_a_text_about_another_time_is_nowadays() -> None:
    chronicle = "The mill was founded in 1650 and burned in 1720. Today, weavers live there."
    assert found(chronicle)["Today"] == (None, None)
    spoken = "It was founded in 1650 and burned in 1720. I am glad to be here today."
    assert found(spoken)["today"] == ("2016-11-10", "2016-11-11")
    reported = "It was founded in 1650 and burned in 1720. Today the mayor opened it."
    assert found(reported)["Today"] == ("2016-11-10", "2016-11-11")
    assert found("The method is still used today.")["today"] == (None, None)


@pytest.mark.parametrize("text", ["It opened early on a Sunday.", "They come on a Sunday morning to read."])
def test_some_weekday_is_no_day_of_the_calendar(text: str) -> None:
    assert only(text).interval() is None


@pytest.mark.parametrize(
    "text",
    ["He is known to this day.", "in this day and age", "post-mortem and pre-2x4", "1200 to 400 people", "a year 7"],
)
def test_what_is_no_date_stays_unread(text: str) -> None:
    assert [m for m in find_times(text, reference=REFERENCE) if m.interval() is not None] == []


MONTHS = ("January", "March", "July", "October", "December")


@given(st.integers(1, 28), st.sampled_from(MONTHS), st.integers(1500, 2080), st.integers(1, 10))
def test_what_is_written_reads_back_as_itself(day: int, month: str, year: int, more: int) -> None:
    texts = [
        f"{day} {month} {year}", f"{month} {year}", f"{year}", f"{year}–{year + more}", f"{year // 10 * 10}s",
        f"early {year}", f"summer of {year}", f"Easter {year}", f"Ramadan {year}", f"the first half of {year}",
    ]  # fmt: skip
    for text in texts:
        interval = parse_time(text)
        assert interval is not None, text
        again = from_edtf(to_edtf(interval))
        assert again.bounds() == interval.bounds(), text
        assert to_edtf(again) == to_edtf(interval)
        if interval.granularity not in ("season", "half"):  # "1500-22" is a span of years for who writes it by hand
            by_hand = parse_time(to_edtf(interval))
            assert by_hand is not None
            assert by_hand.bounds() == interval.bounds()


@given(st.integers(0, 20_000), st.integers(0, 23))
def test_a_weekday_lies_within_a_week_of_the_stamp(day: int, hour: int) -> None:
    from ekg.time import format_instant, parse_iso

    stamp = f"{format_instant(day * 86_400)}T{hour:02}:30:00Z"
    (mention,) = find_times("He left on Friday.", reference=stamp)
    distance = parse_iso(mention.begin or "")[0] - day * 86_400
    assert -5 * 86_400 <= distance <= 86_400


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("It is Saturday and I came today.", {"today": ("2016-11-12", "2016-11-13")}),
        ("It's currently 2 a.m. on Monday. I leave tomorrow.", {"tomorrow": ("2016-11-08", "2016-11-09")}),
        ("It is Friday. It is Tuesday. I saw him yesterday.", {"yesterday": ("2016-11-14", "2016-11-15")}),
        ("It is 3 May 2012. We start this week.", {"this week": ("2012-04-30", "2012-05-07")}),
        ("It is Friday's match that I saw today, I think.", {"today": ("2016-11-10", "2016-11-11")}),
    ],
)
def test_a_text_that_says_which_day_it_is_counts_from_that_day(text: str, bounds: dict[str, tuple[str, str]]) -> None:
    assert bounds.items() <= found(text).items()


@pytest.mark.parametrize(
    ("text", "word", "day"),
    [
        ('He said on Tuesday: "Today we mourn."', "Today", "2016-11-08"),
        ("On Tuesday she told reporters: “It will end tomorrow.”", "tomorrow", "2016-11-09"),
        ('"We will not leave tomorrow," Smith said on Monday.', "tomorrow", "2016-11-08"),
        ('He said on Tuesday he would go. "Today we mourn," he says.', "Today", "2016-11-10"),  # another sentence
        ('Obama, who won on Tuesday, is "the man of today, I think".', "today", "2016-11-10"),  # nobody speaks then
        ('He said on Tuesday he would go today, "maybe".', "today", "2016-11-10"),  # outside the quotation
        ('He said on Tuesday: "Today', "Today", "2016-11-08"),  # never closed
    ],
)
def test_today_in_a_dated_quotation_is_the_day_it_was_said(text: str, word: str, day: str) -> None:
    assert found(text)[word][0] == day


@pytest.mark.parametrize(
    ("text", "expression", "begin", "end"),
    [
        ("It stood from 1939 to 1945. During this period, it fell.", "this period", "1939-01-01", "1946-01-01"),
        ("It fell on 3 May. During this period, he slept.", "this period", None, None),
        ("He died on the 15th.", "the 15th", "2016-10-15", "2016-10-16"),
        ("It will open on the 15th.", "the 15th", "2016-11-15", "2016-11-16"),
        ("It was 5 January. I knew on the fifth, he said.", "the fifth", "2016-01-05", "2016-01-06"),
        ("It was 5 January. It will open on the 15th.", "the 15th", "2016-11-15", "2016-11-16"),
        ("He came in the past 2 1/2 years.", "the past 2 1/2 years", "2014-05-11", "2016-11-11"),
        ("The next 3½ years will be hard.", "The next 3½ years", "2016-11-10", "2020-05-10"),
        ("I fell asleep at 4 am last night.", "4 am last night", "2016-11-10T04:00:00", "2016-11-10T04:01:00"),
        ("I came at 10 pm last night.", "10 pm last night", "2016-11-09T22:00:00", "2016-11-09T22:01:00"),
        ("They said so a couple of years back.", "a couple of years back", "2014-01-01", "2015-01-01"),
        ("On Wednesday, they are to travel to Rome.", "Wednesday", "2016-11-16", "2016-11-17"),
        ("I told you, I'm going away this weekend.", "this weekend", "2016-11-12", "2016-11-14"),
        ("In the 7th century BC they chose Solon (594).", "594", "-0593-01-01", "-0592-01-01"),
        ("He died in AD 211. Later (594) it fell.", "594", "0594-01-01", "0595-01-01"),
        ("He opened 2012 with a goal.", "2012", "2012-01-01", "2013-01-01"),
        ("It exceeded 10% of 2000 levels.", "2000", "2000-01-01", "2001-01-01"),
        ("the 2020 Review Conference of them", "2020", "2020-01-01", "2021-01-01"),
        ("It is a bridge. 1596, built by a king.", "1596", "1596-01-01", "1597-01-01"),
        ("as he wrote (Let’s go, 2006, p. 3)", "2006", "2006-01-01", "2007-01-01"),
    ],
)
def test_times_that_take_up_another_and_years_that_name_themselves(
    text: str, expression: str, begin: str | None, end: str | None
) -> None:
    assert found(text)[expression] == (begin, end)


@pytest.mark.parametrize(
    "text",
    [
        "He lives on the 15th floor.",
        "I agree on the second.",
        "The New Year's celebration was loud.",
        "He scored 1500, 20 more than I.",
        "Two days back in Rome were enough.",
        "At the end of the day, it was a good race.",
    ],
)
def test_what_only_looks_like_a_date(text: str) -> None:
    assert not [m for m in find_times(text, reference=REFERENCE) if m.begin is not None]


def test_that_day_has_no_bounds_where_no_day_was_named() -> None:
    assert only("She remembers that day.").begin is None
    assert only("They love today's technology.").begin is None


@pytest.mark.parametrize(
    ("year", "day"),
    [  # 1985 and 2034 have a new moon on 21 January or the day before, and the year begins a month later
        (1966, (1, 21)), (1985, (2, 20)), (2000, (2, 5)), (2017, (1, 28)), (2020, (1, 25)), (2024, (2, 10)),
        (2033, (1, 31)), (2034, (2, 19)),
    ],
)  # fmt: skip
def test_lunar_new_year(year: int, day: tuple[int, int]) -> None:
    low, high = lunar_new_year(year)
    assert civil(low) == (year, *day)
    assert high - low == 86_400


@pytest.mark.parametrize(
    ("year", "day"),
    [(2001, (11, 14)), (2009, (10, 17)), (2016, (10, 30)), (2019, (10, 27)), (2020, (11, 14)), (2023, (11, 12))],
)
def test_diwali(year: int, day: tuple[int, int]) -> None:
    assert civil(diwali(year)[0]) == (year, *day)


def test_feasts_of_the_new_moon_are_found_and_approximate() -> None:
    assert found("They met on Chinese New Year.") == {"Chinese New Year": ("2016-02-08", "2016-02-09")}
    assert only("It was lit for Diwali.").approximate


def test_a_quarter_without_a_year_is_one_of_a_business_and_not_of_a_game() -> None:
    assert found("Profit rose 5 percent in the third quarter.") == {"third quarter": ("2016-07-01", "2016-10-01")}
    assert found("He scored 7 points in the third quarter, 40 percent of them from afar.") == {}
    assert found("He lives in the third quarter of the town.") == {}


@pytest.mark.parametrize(
    ("text", "expression", "begin", "end"),
    [
        ("It peaked in the week before Christmas 2015.", "the week before Christmas 2015", "2015-12-18", "2015-12-25"),
        ("He came the day after 5 May 2016.", "the day after 5 May 2016", "2016-05-06", "2016-05-07"),
        ("It was the night before Halloween.", "the night before Halloween", "2016-10-30T18:00:00", "2016-10-31"),
        ("The year before 2015 was bad.", "The year before 2015", "2014-01-01", "2015-01-01"),
        ("He came the day before.", "the day before", None, None),
        ("He wants to go there in the coming decade.", "the coming decade", "2016-11-10", "2026-11-10"),
        ("Japan prepares to vote in Sunday's election.", "Sunday", "2016-11-13", "2016-11-14"),
    ],
)
def test_units_beside_a_time_and_what_is_ahead(text: str, expression: str, begin: str | None, end: str | None) -> None:
    assert found(text)[expression] == (begin, end)


def test_what_a_comparison_looks_back_to_anchors_nothing() -> None:
    text = "It fell to the lowest since Nov. 1. It stood there at 10:30 GMT."
    assert found(text)["10:30 GMT"][0] == "2016-11-10T10:30:00"
