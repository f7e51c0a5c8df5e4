"""What is explained is what is extracted; reasons are right on sentences whose answer is known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from ekg.cli.main import app
from ekg.errors import DataError
from ekg.model import Document
from extractors import Extractor
from extractors.explain import explain, in_words
from extractors.explain.cues import deciding_words
from extractors.explain.trace import TracingExtractor

TEXT = (
    "Police in Norrby arrested two brothers on Tuesday after a bomb attack. The attack did not kill anyone.\n\n"
    "The government may dissolve parliament, officials said. The mill will reopen on Friday."
)
NEWS = Document(id="news", text=TEXT, published="2024-04-10")


@pytest.fixture(scope="module")
def extractor() -> TracingExtractor:
    return TracingExtractor()


@pytest.fixture(scope="module")
def explained(extractor: TracingExtractor) -> dict[str, Any]:
    return explain(NEWS, extractor)


def events(explained: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {event["trigger"]["text"]: event for s in explained["sentences"] for event in s["events"]}


def test_what_is_explained_is_what_is_extracted(explained: dict[str, Any], extractor: TracingExtractor) -> None:
    record = Extractor().extract(NEWS)
    assert extractor.extract(NEWS) == record
    told = [event for sentence in explained["sentences"] for event in sentence["events"]]
    assert len(told) == len(record.events) > 3
    for reason, event in zip(told, record.events, strict=True):
        assert (reason["id"], reason["type"]["name"]) == (event.id, event.type)
        assert (reason["trigger"]["text"], tuple(reason["trigger"]["span"])) == (event.trigger.text, event.trigger.span)
        assert reason["trigger"]["probability"] == event.confidence >= reason["trigger"]["threshold"]
        assert (reason["polarity"]["value"], reason["modality"]["value"]) == (event.polarity, event.modality)
        assert [(a["role"], a["text"], a["probability"], a["status"]) for a in reason["arguments"]] == [
            (a.role, a.text, a.confidence, a.status) for a in event.arguments
        ]
        time = event.time
        assert (reason["time"]["begin"], reason["time"]["end"]) == ((time.begin, time.end) if time else (None, None))
        assert reason["place"]["text"] == (event.place.text if event.place else None)
        assert reason["missing"] == list(event.missing)


def test_a_date_names_its_anchor_and_its_tense(explained: dict[str, Any]) -> None:
    arrest = events(explained)["arrested"]["time"]
    assert (arrest["begin"], arrest["anchor"], arrest["reference"]) == ("2024-04-09", "document", "2024-04-10")
    assert (arrest["tense"], arrest["tense decides"]) == ("past", True)
    assert arrest["in the other tense"] == ("2024-04-16", "2024-04-17")
    reopened = events(explained)["reopen"]["time"]
    assert (reopened["tense"], reopened["begin"]) == ("future", "2024-04-12")


def test_cues_are_the_words_that_decide(explained: dict[str, Any]) -> None:
    found = events(explained)
    assert found["kill"]["polarity"] == {"value": "negative", "cues": ["not"]}
    assert found["reopen"]["modality"] == {"value": "planned", "cues": ["will"]}
    assert found["arrested"]["polarity"]["cues"] == found["arrested"]["modality"]["cues"] == []


def test_a_trigger_shows_its_dictionary_and_its_rivals(explained: dict[str, Any]) -> None:
    arrest = events(explained)["arrested"]
    counts = arrest["trigger"]["dictionary"]
    assert counts["stem"] == "arrest"
    assert 0 < sum(counts["triggered"].values()) <= counts["seen"]
    assert arrest["type"]["by"] == "the type head"
    rivals = [other["probability"] for other in arrest["type"]["runner up"]]
    assert rivals == sorted(rivals, reverse=True)
    assert max(rivals) <= arrest["type"]["probability"]


def test_rejected_words_are_not_events_and_have_a_rule(extractor: TracingExtractor) -> None:
    for text in (TEXT, "He wants peace on Independence Day. May Day is a thing he likes. Nobody is able to say why."):
        found = explain(Document(id="d", text=text), extractor)
        triggers = set(events(found))
        for sentence in found["sentences"]:
            for other in sentence["rejected"]:
                assert other["text"] not in triggers
                assert other["rule"]
                assert 0.0 <= other["probability"] <= 1.0


@pytest.mark.parametrize("text", ["", "Hi", "🙂🙂", "مرحبا بالعالم", "x " * 300])
def test_odd_texts(extractor: TracingExtractor, text: str) -> None:
    found = explain(Document(id="d", text=text), extractor)
    assert in_words(found)
    assert json.loads(json.dumps(found)) is not None


def test_a_long_text_is_refused(extractor: TracingExtractor) -> None:
    with pytest.raises(DataError, match="too many to explain"):
        explain(Document(id="d", text="word " * 5_000), extractor)


def test_in_words(explained: dict[str, Any]) -> None:
    shown = in_words(explained)
    assert "Arrest: “arrested”" in shown
    assert "because of “not”" in shown
    assert "the past tense decides" in shown
    assert "None" not in shown
    # Parts of the program have no names that an analyst would know.
    for inner in ("type head", "typed events", "news events", "tagger", "dictionary"):
        assert inner not in shown


def test_a_word_without_a_cue_decides_nothing() -> None:
    from extractors.nlp import parse

    doc = parse("The mill burned.")
    assert deciding_words(doc[2], list(doc)) == []


def test_the_command(monkeypatch: pytest.MonkeyPatch, extractor: TracingExtractor, tmp_path: Any) -> None:
    monkeypatch.setattr("extractors.explain.trace.TracingExtractor", lambda: extractor)
    source = tmp_path / "one.jsonl"
    source.write_text(json.dumps({"id": "news", "text": TEXT, "published": "2024-04-10"}) + "\n")
    result = CliRunner().invoke(app, ["extract", str(source), "--explain", "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["document"] == {"id": "news", "published": "2024-04-10"}
    plain = CliRunner().invoke(app, ["extract", str(source), "--explain"])
    assert plain.stdout.startswith("news, published 2024-04-10\n")


@pytest.mark.parametrize(
    ("text", "trigger", "reason"),
    [
        ("The men fought for three days.", "fought", "'three days' says how long and not when"),
        ("The mill burned recently.", "burned", "'recently' names no bounds"),
        ("The mill burned.", "burned", "no expression stands in its sentence"),
        ("The mill burned on Tuesday.", "burned", "'Tuesday' has no date to count from"),
    ],
)
def test_an_event_without_a_date_says_why(extractor: TracingExtractor, text: str, trigger: str, reason: str) -> None:
    found = events(explain(Document(id="d", text=text), extractor))[trigger]["time"]
    assert reason in found["attached"]
