"""How questions are understood, without any graph."""

from __future__ import annotations

import pytest

from queries.analysis import analyse
from queries.frame import Frame
from queries.linking import Linker, strip_titles
from queries.moments import duration_label, find_moments, label_of, value_of
from queries.roles import side_of
from queries.words import groups_of, stem, tokenize


def understood(question: str, asked_at: str | None = None) -> Frame:
    linker = Linker(())
    frame = analyse(question, linker.spot, linker.unit, lambda text: find_moments(text, asked_at, "2031-07-01"))
    assert frame is not None
    return frame


@pytest.mark.parametrize(
    ("question", "kind", "wants"),
    [
        ("Who won?", "who", "entity"),
        ("When did it start?", "when", "date"),
        ("In which year did the war end?", "when", "date"),
        ("What was the date of the election?", "when", "date"),
        ("Where did the plane land?", "where", "place"),
        ("Which city did the storm hit?", "where", "place"),
        ("How many people died?", "how_many", "number"),
        ("How much did the bridge cost?", "how_much", "number"),
        ("How long did the strike last?", "how_long", "duration"),
        ("How long is the bridge?", "measure", "text"),
        ("What happened in Paris in May 2016?", "happened", "event"),
        ("Did Ada Lumen resign?", "yes_no", "boolean"),
        ("Which company bought Acme?", "which", "entity"),
        ("Who is the mayor of Varn?", "holder", "entity"),
        ("Who is Ada Lumen?", "definition", "entity"),
        ("After the fire, who resigned?", "who", "entity"),
    ],
)
def test_kind(question: str, kind: str, wants: str) -> None:
    frame = understood(question)
    assert (frame.kind, frame.wants) == (kind, wants)


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("Who attacked Varn?", "agent"),
        ("Who was attacked in Varn?", "patient"),
        ("Who did the army attack?", "patient"),
        ("Who was Ada Lumen attacked by?", "agent"),
        ("What will Ada Lumen send to Mars?", "patient"),
        ("What was the last treaty that Ada Lumen signed?", "patient"),
    ],
)
def test_role(question: str, role: str) -> None:
    assert understood(question).role == role


@pytest.mark.parametrize(
    ("question", "relation", "begin", "end"),
    [
        ("Who won in 2016?", "in", "2016-01-01", "2017-01-01"),
        ("Who won before May 2016?", "before", "2016-05-01", "2016-06-01"),
        ("Who won after 3 May 2016?", "after", "2016-05-03", "2016-05-04"),
        ("Who has won since 2016?", "since", "2016-01-01", "2017-01-01"),
    ],
)
def test_time_constraint(question: str, relation: str, begin: str, end: str) -> None:
    (constraint,) = understood(question).times
    assert constraint.interval is not None
    assert (constraint.relation, constraint.interval.begin, constraint.interval.end) == (relation, begin, end)
    assert not constraint.assumed


def test_implicit_time_is_a_frame_of_its_own() -> None:
    frame = understood("Who resigned after the great flood?")
    (constraint,) = frame.times
    assert (constraint.relation, constraint.interval) == ("after", None)
    assert [u.text for u in constraint.units] == ["great", "flood"]
    assert [u.text for u in frame.units] == ["resigned"]


def test_a_date_without_a_year_is_the_last_one_and_says_so() -> None:
    (constraint,) = understood("Who resigned on 5 March?").times
    assert constraint.assumed
    assert constraint.interval is not None
    assert constraint.interval.begin == "2031-03-05"


def test_relative_time_without_a_date_is_unresolved() -> None:
    assert understood("Who resigned yesterday?").unresolved == ("yesterday",)
    (constraint,) = understood("Who resigned yesterday?", asked_at="2031-07-02").times
    assert constraint.interval is not None
    assert constraint.interval.begin == "2031-07-01"


def test_order_and_options() -> None:
    frame = understood("Who was arrested first, Ada Lumen or Teo Marsk?")
    assert frame.order == "first"
    assert [u.text for u in frame.options] == ["Ada Lumen", "Teo Marsk"]
    assert understood("How long did the strike last?").order is None


@pytest.mark.parametrize("question", ["", "?", "strike", "a b", "the dock strike in Varn"])
def test_no_question(question: str) -> None:
    linker = Linker(())
    assert analyse(question, linker.spot, linker.unit, lambda text: find_moments(text, None)) is None


def test_stems_and_groups_bring_forms_together() -> None:
    assert stem("evacuated") == stem("evacuation") == stem("evacuate")
    assert stem("Bought") == stem("buys") == "buy"
    assert "kill" in groups_of(stem("fatalities"))
    assert not groups_of(stem("fire")) & groups_of(stem("flood"))
    assert [t.stem for t in tokenize("She stepped down")][1] == stem("resign")


def test_roles_have_sides() -> None:
    assert (side_of("Assailant"), side_of("Victim"), side_of("Manner")) == ("agent", "patient", None)


def test_labels_of_times() -> None:
    assert value_of("2031-03-03", "2031-03-04") == "2031-03-03"
    assert value_of("2031-03-01", "2031-04-01") == "2031-03"
    assert label_of("2031-03-01", "2031-04-01") == "March 2031"
    assert label_of("2031-12-01", "2032-01-01") == "December 2031"
    assert label_of("2030-12-30", "2031-01-02") == "30 December 2030 – 1 January 2031"
    assert label_of("2031-03-03", None) == "since 3 March 2031"
    assert duration_label("P2Y6M") == "2 years 6 months"


def test_titles_are_no_part_of_a_name() -> None:
    assert strip_titles("Prime Minister Ada Lumen") == "Ada Lumen"
    assert strip_titles("President") == "President"
