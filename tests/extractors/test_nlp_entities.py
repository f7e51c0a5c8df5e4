"""Repairs of entity spans."""

from __future__ import annotations

import pytest

from extractors.nlp.entities import Name, consistent, datelines, propagated, repaired


def fixed(text: str, *names: Name) -> list[tuple[str, str]]:
    words = text.split()
    tags = ["PROPN" if word[0].isupper() else "NOUN" for word in words]
    return [(" ".join(words[n.start : n.end]), n.label) for n in repaired(words, tags, names)]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("today Ben Hall 's house burnt", Name(1, 4, "person"), [("Ben Hall", "person")]),
        ("in the Old Mill yard", Name(1, 4, "place"), [("Old Mill", "place")]),
        ("said Senator Ann Bell again", Name(1, 4, "person"), [("Ann Bell", "person")]),
        ("( the Zenda ( town", Name(0, 5, "place"), [("Zenda", "place")]),
        ("the Harper Mills --", Name(1, 4, "organization"), [("Harper Mills", "organization")]),
        ("The end was near", Name(0, 2, "other"), []),
        ("it was on Monday June 5", Name(3, 6, "event"), []),
        ("see http://x.org/A now Ann", Name(1, 2, "organization"), []),
        ("He was the President there", Name(3, 4, "person"), []),
    ],
)
def test_spans_are_trimmed_and_non_names_dropped(text: str, name: Name, expected: list[tuple[str, str]]) -> None:
    assert fixed(text, name) == expected


def test_without_capitals_names_in_small_letters_stay() -> None:
    words = ["then", "we", "flew", "to", "zenda", "and", "back"]
    tags = ["ADV", "PRON", "VERB", "ADP", "PROPN", "CCONJ", "ADV"]
    assert repaired(words, tags, [Name(4, 5, "place")]) == [Name(4, 5, "place")]


def test_last_name_follows_the_full_name() -> None:
    words = ["Ben", "Hall", "left", ".", "Hall", "and", "Hall", "were", "late"]
    names = [Name(0, 2, "person"), Name(4, 5, "place"), Name(6, 7, "place")]
    assert [name.label for name in consistent(words, names)] == ["person", "person", "person"]


def test_country_keeps_its_kind_but_not_against_a_full_name() -> None:
    assert fixed("then France won", Name(1, 2, "organization")) == [("France", "place")]
    assert ("France", "person") in fixed(
        "Anatole France wrote and France slept", Name(0, 2, "person"), Name(4, 5, "person")
    )


def test_missed_names_are_added() -> None:
    words = ["Ben", "Hall", "spoke", ".", "Later", "Hall", "sang", "in", "France", "with", "hall"]
    tags = ["PROPN", "PROPN", "VERB", "PUNCT", "ADV", "PROPN", "VERB", "ADP", "PROPN", "ADP", "NOUN"]
    assert propagated(words, tags, [Name(0, 2, "person")]) == [
        Name(0, 2, "person"),
        Name(5, 6, "person"),
        Name(8, 9, "place"),
    ]


def test_part_of_a_longer_known_name_is_completed() -> None:
    assert fixed("a New York Times report", Name(1, 3, "place")) == [("New York Times", "organization")]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("BEIJING -- China said", ["BEIJING"]),
        ("NEW YORK (AP) — Actress", ["NEW YORK"]),
        ("EASTON, Ruritania - Police", ["EASTON", "Ruritania"]),
        ("London (CNN) Police", ["London"]),
        ("FILE - In this photo", []),
        ("He said -- no", []),
    ],
)
def test_datelines(text: str, places: list[str]) -> None:
    assert [text[start:end] for line in datelines(text, [0]) for start, end in line.places] == places


def test_dateline_ends_where_the_sentence_begins() -> None:
    text = "London (CNN) -- Police said"
    assert [text[line.body :] for line in datelines(text, [0])] == ["Police said"]


def test_no_names_in_nothing() -> None:
    assert repaired([], [], []) == []


def test_town_after_a_locating_word_is_a_place() -> None:
    assert fixed("He left Duisburg , the city of Duisburg", Name(2, 3, "organization"), Name(7, 8, "person")) == [
        ("Duisburg", "place"),
        ("Duisburg", "place"),
    ]
    assert fixed("then Duisburg won", Name(1, 2, "organization")) == [("Duisburg", "organization")]


def test_first_name_joins_a_last_name_found_elsewhere() -> None:
    assert fixed("Ann Bell left ; Bell slept", Name(4, 5, "person")) == [("Ann Bell", "person"), ("Bell", "person")]
    assert fixed("Senator Bell left ; Bell slept", Name(4, 5, "person"))[-1] == ("Bell", "person")


def test_nationalities_and_radio_words_are_no_names() -> None:
    words = ["North", "Korean", "and", "Roger", ",", "out"]
    tags = ["ADJ", "ADJ", "CCONJ", "PROPN", "PUNCT", "ADV"]
    assert repaired(words, tags, [Name(0, 2, "organization"), Name(3, 4, "person")]) == []


def test_the_halves_of_a_hyphenated_place_are_one_name() -> None:
    assert fixed("in Mazar - i - Sharif today", Name(1, 2, "place"), Name(3, 6, "place")) == [
        ("Mazar - i - Sharif", "place")
    ]
    assert fixed("the Leeds - Derby train", Name(1, 2, "place"), Name(3, 4, "place")) == [
        ("Leeds", "place"),
        ("Derby", "place"),
    ]


def test_a_racing_series_is_no_place_and_a_contest_is_an_event() -> None:
    assert fixed("drove in Formula One and in Leeds", Name(2, 4, "place"), Name(6, 7, "place")) == [
        ("Formula One", "other"),
        ("Leeds", "place"),
    ]
    assert fixed("won in the Brazilian Grand Prix", Name(3, 6, "place")) == [("Brazilian Grand Prix", "event")]
