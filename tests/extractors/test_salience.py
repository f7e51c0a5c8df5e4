"""The main event of a document and its answers to who, what, when and where."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ekg.bench.fivew import GoldArticle, read_gold, scores, token_f1
from ekg.errors import DataError
from ekg.model import (
    Argument,
    Document,
    DocumentInfo,
    Entity,
    Event,
    EventTime,
    Extraction,
    Place,
    TimeExpression,
    Trigger,
)
from extractors.answers import Answers, first_sentence_answers, main_event_answers
from extractors.salience import is_fresh, main_event, ranked

TEXT = "Ada Holm said the old mill burned in Norrby on Monday. He was born on 3 May 1990. The fire burned for hours."
TITLE = "Fire destroys mill"


def at(part: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(part), text.index(part) + len(part)


def event(trigger: str, kind: str = "Event", text: str = TEXT, **changes: Any) -> Event:
    return Event(
        id=f"ev_{trigger}", type=kind, trigger=Trigger(text=trigger, span=at(trigger, text)), lemma=trigger, **changes
    )


def record(*events: Event, title: str | None = None, text: str = TEXT, **changes: Any) -> Extraction:
    info = DocumentInfo(id="d", kind="article", title=title, published="2024-04-10", lang="en", length=len(text))
    return Extraction(document=info, events=events, **changes)


MONDAY = EventTime(begin="2024-04-08", end="2024-04-09", granularity="day", text="Monday", span=at("Monday"))
BIRTH = EventTime(begin="1990-05-03", end="1990-05-04", granularity="day", text="3 May 1990", span=at("3 May 1990"))
SAID = event("said", "Statement", arguments=(Argument(role="Speaker", text="Ada Holm", span=at("Ada Holm")),))
BURNED = event(
    "burned",
    arguments=(Argument(role="Theme", text="the old mill", span=at("the old mill")),),
    time=MONDAY,
    place=Place(entity="en_1", text="Norrby", span=at("Norrby")),
)
BORN = event("born", time=BIRTH, arguments=(Argument(role="Theme", text="He", span=(55, 57)),))


def test_a_report_is_not_the_news() -> None:
    assert main_event(record(SAID, BURNED, BORN)) == BURNED
    assert main_event(record()) is None
    assert ranked(record(SAID))[0] == SAID


def test_the_title_and_repetition_count() -> None:
    plain = event("born")
    again = event("hours")
    assert main_event(record(plain, again)) == plain
    assert main_event(record(plain, again, title="Hours in a mill")) == again


def test_news_is_fresh() -> None:
    assert is_fresh(MONDAY, "2024-04-10")
    assert not is_fresh(BIRTH, "2024-04-10")
    assert not is_fresh(MONDAY, None)
    assert not is_fresh(MONDAY, "soon")
    assert not is_fresh(None, "2024-04-10")


def test_answers_of_the_main_event() -> None:
    document = Document(id="d", text=TEXT, published="2024-04-10")
    answers = main_event_answers(document, record(SAID, BURNED, BORN))
    assert answers.phrases == {"who": "the old mill", "what": "burned", "when": "Monday", "where": "Norrby"}
    assert answers.day == "2024-04-08"
    assert main_event_answers(document, record()) == Answers(phrases={}, day=None)


def test_a_time_without_words_is_answered_by_the_day_of_publication() -> None:
    lead = EventTime(begin="2024-04-09", end="2024-04-11", granularity="range", approximate=True, status="inferred")
    document = Document(id="d", text=TEXT, published="2024-04-10T08:00:00Z")
    answers = main_event_answers(document, record(replace(BURNED, time=lead)))
    assert (answers.phrases["when"], answers.day) == ("2024-04-10", "2024-04-10")


def test_an_old_date_gives_way_to_news_in_the_text() -> None:
    document = Document(id="d", text=TEXT, published="2024-04-10")
    said = TimeExpression(text="Monday", span=at("Monday"), begin="2024-04-08", end="2024-04-09", granularity="day")
    assert main_event_answers(document, record(BORN, times=(said,))).day == "2024-04-08"
    assert main_event_answers(document, record(BORN)).day == "1990-05-03"


def test_a_headline_says_who_and_what_and_pronouns_are_named() -> None:
    document = Document(id="d", text=TEXT, title=TITLE, published="2024-04-10")
    destroys = event(
        "destroys",
        text=TITLE,
        arguments=(
            Argument(role="Agent", text="Fire", span=(0, 4)),
            Argument(role="Theme", text="mill", span=at("mill", TITLE)),
        ),
    )
    answers = main_event_answers(document, record(BURNED), record(destroys, text=TITLE))
    assert (answers.phrases["who"], answers.phrases["what"]) == ("Fire", "destroys mill")
    he = Argument(role="Agent", text="He", span=(0, 2), entity="en_2")
    named = record(event("born", arguments=(he,)), entities=(Entity(id="en_2", type="person", name="Tom Reyes"),))
    assert main_event_answers(document, named).phrases["who"] == "Tom Reyes"


def test_the_most_mentioned_place_stands_in() -> None:
    places = tuple(
        Entity(id=name, type="place", name=name, mentions=tuple((i, i + 1) for i in spans))
        for name, spans in (("Lund", (1,)), ("Norrby", (5, 9)))
    )
    document = Document(id="d", text=TEXT)
    assert main_event_answers(document, record(event("born"), entities=places)).phrases["where"] == "Norrby"


def test_the_first_sentence() -> None:
    answers = first_sentence_answers(Document(id="d", text=TEXT, published="2024-04-10"))
    assert answers.phrases["who"].startswith("Ada")
    assert answers.phrases["what"].startswith("said the old mill burned")
    assert answers.day == "2024-04-08"
    assert first_sentence_answers(Document(id="d", text="")) == Answers(phrases={}, day=None)


def gold(**phrases: tuple[str, ...]) -> GoldArticle:
    every = {"who": (), "what": (), "when": (), "where": (), **phrases}
    return GoldArticle(id="d", text=TEXT, title=None, published=None, phrases=every, days=("2024-04-08",))


def test_scores_take_the_best_accepted_phrase() -> None:
    articles = [gold(who=("Ada Holm", "the mill")), gold(what=("fire",))]
    answers = [Answers(phrases={"who": "mill"}, day="2024-04-08"), Answers(phrases={}, day=None)]
    found = scores(articles, answers)
    assert found["who"] == {"articles": 1, "token F1": 1.0, "head": 1.0, "answered": 1.0}
    assert found["what"] == {"articles": 1, "token F1": 0.0, "head": 0.0, "answered": 0.0}
    assert (found["when"]["date exact"], found["where"]["articles"]) == (0.5, 0)
    assert token_f1("a b b", "b c") == 0.5
    assert token_f1("", "b") == 0.0


def test_gold_articles_are_read_and_bad_ones_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no gold articles"):
        read_gold(tmp_path)
    article = {
        "dId": "a",
        "text": TEXT,
        "date_publish": "2024-04-10 12:00:00",
        "fiveWoneH": {
            "who": {"annotated": [{"text": "Ada Holm"}, {"coderPhraseCount": 2}], "label": "who"},
            "when": {"annotated": [{"parsed": "2024-04-08", "text": "Monday"}], "label": "when"},
        },
    }
    (tmp_path / "a.json").write_text(json.dumps(article))
    (found,) = read_gold(tmp_path)
    assert (found.published, found.days) == ("2024-04-10T12:00:00", ("2024-04-08",))
    assert found.phrases == {"who": ("Ada Holm",), "what": (), "when": ("Monday",), "where": ()}
    (tmp_path / "b.json").write_text('{"dId": 3}')
    with pytest.raises(DataError, match=r"b\.json: not a gold article: .*dId"):
        read_gold(tmp_path)
