"""Questions that name a place, a person or a date which the evidence contradicts or does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ekg.graph import EventGraph
from ekg.model import Container, Geo
from ekg.pipeline.build import graph_of
from queries import ask
from queries.moments import find_moments
from tests.queries.conftest import record, told


@pytest.fixture(scope="module")
def towns() -> Iterator[EventGraph]:
    """Two towns, two countries, and what happened in one of each."""
    vote = (
        "MARLOW — Dora Quist was sworn in on Monday and said that her first visit would be to Fennick.\n\n"
        "Quist, who won last month's election, took the oath at noon. The talks with Fennick's ferry crews go on."
    )
    raid = (
        "FENNICK — Police arrested two brothers in Fennick on 28 January 2031 over an attack on a bank in Marlow. "
        "A clerk was hurt."
    )
    strike = "MARLOW — Bus drivers in Marlow went on strike on 5 May 2031. The strike cost the town a fortune."
    rocket = (
        "Norland fired a rocket over the Gull Strait on 7 June 2031. Sudland protested. Sudland called it a threat."
    )
    snow = "Twelve trees fell in Marlow on Christmas Day. Mayor Dora Quist was not hurt."
    records = [
        record(
            "vote",
            vote,
            "2031-01-08",
            {"Quist": "person", "Fennick": "place"},
            [told("Win", "won", {"Winner": "Quist"}, ("2030-12-08", "2030-12-09"))],
            title="New mayor of Marlow takes office",
        ),
        record(
            "raid",
            raid,
            "2031-01-29",
            {"Fennick": "place", "Marlow": "place"},
            [
                told("Arrest", "arrested", {"Authorities": "Police"}, ("2031-01-28", "2031-01-29"), "Fennick"),
                told("Attack", "attack", {"Target": "a bank"}, None, "Marlow"),
            ],
        ),
        record(
            "strike",
            strike,
            "2031-05-06",
            {"Marlow": "place"},
            [told("Strike", "went on strike", {"Agent": "Bus drivers"}, ("2031-05-05", "2031-05-06"), "Marlow")],
        ),
        record(
            "rocket",
            rocket,
            "2031-06-08",
            {"Norland": "place", "Sudland": "place", "Gull Strait": "place"},
            [told("Attack", "fired", {"Assailant": "Norland"}, ("2031-06-07", "2031-06-08"), "Gull Strait")],
        ),
        record("snow", snow, "2031-12-27", {"Marlow": "place", "Dora Quist": "person"}, []),
    ]
    with graph_of(records) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Who won the election in Marlow?", "Dora Quist"),
        ("When did bus drivers go on strike in Marlow?", "5 May 2031"),
        ("When did Norland fire a rocket over the Gull Strait?", "7 June 2031"),
        ("How many trees fell in Marlow on Christmas Day?", "Twelve"),
    ],
)
def test_what_the_evidence_says_of_the_place_is_answered(towns: EventGraph, question: str, label: str) -> None:
    answer = ask(towns, question)
    assert not answer.abstained, answer.reason
    assert answer.answers[0].label == label


@pytest.mark.parametrize(
    "question",
    [
        "Who won the election in Fennick?",  # named near by, but the document is about Marlow
        "When was the bank in Fennick attacked?",  # in the sentence, but as the place of the arrest
        "When did bus drivers go on strike in Fennick?",
        "When did Norland fire a rocket over Fennick?",
        "When did Sudland fire a rocket over the Gull Strait?",  # another country did
        "How many trees fell in Fennick on Christmas Day?",
        "How many trees fell in Marlow on Christmas Day in 2025?",
    ],
)
def test_another_place_or_actor_than_the_evidence_has_is_not_answered(towns: EventGraph, question: str) -> None:
    answer = ask(towns, question)
    assert answer.abstained, (answer.answers[0].label, answer.answers[0].evidence[0].quote)


def test_a_holiday_without_a_year_is_taken_from_the_latest_document() -> None:
    (moment,) = find_moments("Who was born on Christmas Day?", None, "2031-12-27")
    assert (moment.begin, moment.finish, moment.assumed) == ("2031-12-25", "2031-12-26", True)
    (unknown,) = find_moments("Who was born last week?", None, "2031-12-27")
    assert unknown.begin is None


@pytest.mark.parametrize("inside", [True, False])
def test_a_place_in_the_one_asked_for_is_no_other_place(inside: bool) -> None:
    text = "Ruritania mourned on Monday. A flood killed nine people in Zenda on 3 May 2031."
    told_of = [told("Killing", "killed", {}, ("2031-05-03", "2031-05-04"), "Zenda")]
    document, extraction = record("flood", text, "2031-05-05", {"Ruritania": "place", "Zenda": "place"}, told_of)
    within = (Container(iri="urn:g:ruritania", name="Ruritania"),) if inside else ()
    geo = Geo(
        iri="urn:g:zenda", geonames=None, name="Zenda", kind="town", country="RU", latitude=1.0, longitude=2.0,
        confidence=0.9, within=within,
    )  # fmt: skip
    entities = tuple(replace(e, geo=geo) if e.name == "Zenda" else e for e in extraction.entities)
    with graph_of([(document, replace(extraction, entities=entities))]) as graph:
        assert ask(graph, "How many people were killed in Zenda?").answers[0].value == 9
        assert ask(graph, "How many people were killed in Ruritania?").abstained != inside
