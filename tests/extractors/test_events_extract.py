"""The whole extraction with the shipped weights, on sentences written for it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from ekg.ids import event_id
from ekg.model import Document, Event, Extraction, Segment, decode_extraction, encode_extraction
from extractors import ExtractConfig, Extractor, extract, signature

STORY = (
    "Gunmen attacked a police station in Leeds on Tuesday, killing three officers.\n"
    "John Marsh, the mayor, said the attackers fled. He did not resign.\n"
    "The council will vote on the plan next week. Marsh's office may appeal.\n"
    "Share on Facebook\n"
)


def document(text: str, **fields: Any) -> Document:
    return Document(id="doc", text=text, **{"published": "2016-11-10", **fields})


@pytest.fixture(scope="module")
def story() -> Extraction:
    return extract(document(STORY))


def one(record: Extraction, trigger: str) -> Event:
    (event,) = [event for event in record.events if event.trigger.text == trigger]
    return event


def test_typed_events_with_arguments_and_time(story: Extraction) -> None:
    attack = one(story, "attacked")
    assert attack.type in {"Attack", "Hostile_encounter"}
    assert attack.time is not None
    assert (attack.time.begin, attack.time.end, attack.time.anchor) == ("2016-11-08", "2016-11-09", "document")
    assert attack.place is not None
    assert attack.place.text == "Leeds"
    assert any("Gunmen" in argument.text for argument in attack.arguments)
    assert one(story, "killing").type == "Killing"
    assert one(story, "said").type == "Statement"


def test_factuality(story: Extraction) -> None:
    assert one(story, "attacked").modality == "actual"
    assert one(story, "resign").polarity == "negative"
    assert one(story, "vote").modality == "planned"
    assert one(story, "appeal").modality == "possible"
    assert one(story, "fled").modality == "reported"


def test_no_event_in_boilerplate(story: Extraction) -> None:
    assert all(event.trigger.span[1] <= STORY.index("Share") for event in story.events)


def test_entities_are_joined_by_name_and_pronoun(story: Extraction) -> None:
    (marsh,) = [entity for entity in story.entities if "Marsh" in entity.name]
    assert marsh.name == "John Marsh"
    assert [STORY[a:b] for a, b in marsh.mentions] == ["John Marsh", "Marsh"]
    assert [STORY[a:b] for a, b in marsh.references] == ["He"]
    assert any(argument.entity == marsh.id for event in story.events for argument in event.arguments)
    assert not {"he", "it", "they"} & {entity.name.lower() for entity in story.entities}


def test_spans_ids_and_confidences_hold(story: Extraction) -> None:
    assert len({event.id for event in story.events}) == len(story.events)
    known = {entity.id for entity in story.entities}
    for event in story.events:
        start, end = event.trigger.span
        assert STORY[start:end] == event.trigger.text
        assert event.id == event_id("doc", start, end)
        assert event.confidence == round(event.confidence, 4)
        for argument in event.arguments:
            assert argument.span is not None
            assert STORY[argument.span[0] : argument.span[1]] == argument.text
            assert argument.entity is None or argument.entity in known
    assert decode_extraction(encode_extraction(story)) == story


def test_the_same_bytes_alone_and_among_others(story: Extraction) -> None:
    other = document("A fire destroyed the old mill in Hull. Firefighters arrived at once.", published=None)
    extractor = Extractor()
    results = list(extractor.extract_many([other, document(STORY), other]))
    assert encode_extraction(results[1]) == encode_extraction(story)
    assert results[0] == results[2]


def test_without_a_date_relative_times_have_no_value() -> None:
    record = extract(document("A bomb killed two men in Leeds on Tuesday.", published=None))
    assert "no_date" in [note.code for note in record.diagnostics]
    assert all(event.time is None or event.time.begin is None for event in record.events)
    record = extract(document("A bomb killed two men in Leeds on Tuesday.", published="soon"))
    assert "date" in [note.code for note in record.diagnostics]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("Der Minister ist am Montag in Berlin zurückgetreten und hat das Land verlassen. " * 4, "language"),
        ("总统抵达巴黎 " * 60, "language"),
        ("7 8 9", "no_events"),
    ],
)
def test_odd_documents_give_diagnostics(text: str, code: str) -> None:
    record = extract(document(text))
    assert code in [note.code for note in record.diagnostics]
    assert record.events == ()


@pytest.mark.parametrize(
    "text", ["Attack", "\x00 died", "\ud800 He died.", "😀 fire 😀", "x" * 30_000, "." * 5000, "a\u200bb"]
)
def test_odd_text_is_no_error(text: str) -> None:
    record = extract(document(text))
    assert record.document.length == len(text)


def test_transcripts_have_media_time_and_no_speaker_names() -> None:
    turns = ["so the police arrested my brother in leeds", "Roger: the mayor resigned"]
    text = "\n".join(turns)
    segments = (
        Segment(span=(0, len(turns[0])), media=(3.0, 5.5), speaker="Ann", kind="turn"),
        Segment(span=(len(turns[0]) + 1, len(text)), media=(5.5, 8.0), speaker="Roger", kind="turn"),
    )
    record = extract(document(text, kind="video", segments=segments))
    assert one(record, "arrested").media == (3.0, 5.5)
    assert one(record, "resigned").media == (5.5, 8.0)
    spoken = [argument.text for event in record.events for argument in event.arguments]
    assert not any("Roger" in text for text in [*spoken, *(event.trigger.text for event in record.events)])


def test_signature_follows_the_configuration() -> None:
    assert signature() == signature(ExtractConfig())
    assert signature() != signature(ExtractConfig(news=0.9))


def test_importing_loads_no_model_library() -> None:
    code = "import sys, extractors; print([m for m in ('torch', 'spacy', 'transformers') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
