from __future__ import annotations

import pytest

from ekg.errors import DataError
from ekg.ids import digest, entity_id, event_id, normal_name
from ekg.model import Document, Segment, decode_extraction, encode_extraction
from tests.samples import sample_pairs

TALK = Document(
    id="talk",
    kind="video",
    text="Title. one two three",
    segments=(
        Segment(span=(0, 6), kind="title"),
        Segment(span=(7, 10), media=(1.0, 2.0), speaker="Ada"),
        Segment(span=(11, 14), media=(2.0, 5.0), speaker="Ben"),
        Segment(span=(15, 20), media=(4.0, 4.5), speaker="Ada"),
    ),
)


@pytest.mark.parametrize(
    ("start", "end", "media"),
    [
        (0, 5, None),
        (0, 8, (1.0, 2.0)),
        (7, 10, (1.0, 2.0)),
        (9, 12, (1.0, 5.0)),
        (12, 20, (2.0, 5.0)),
        (10, 11, None),
        (19, 20, (4.0, 4.5)),
        (20, 25, None),
    ],
)
def test_media_time_of_a_span(start: int, end: int, media: tuple[float, float] | None) -> None:
    assert TALK.media_at(start, end) == media


def test_no_segments() -> None:
    assert Document(id="d", text="x").media_at(0, 1) is None
    assert Document(id="d", text="x").speaker_at(0) is None


@pytest.mark.parametrize(
    ("position", "speaker"), [(0, None), (7, "Ada"), (10, None), (13, "Ben"), (19, "Ada"), (20, None)]
)
def test_speaker_of_a_character(position: int, speaker: str | None) -> None:
    assert TALK.speaker_at(position) == speaker


def test_records_survive_encoding() -> None:
    for _, record in sample_pairs():
        assert decode_extraction(encode_extraction(record)) == record


def test_a_broken_record_names_the_field() -> None:
    with pytest.raises(DataError, match=r"document\.length"):
        decode_extraction(
            '{"document": {"id": "a", "kind": "article", "title": null, "published": null, "lang": null, "length": "x"}}'
        )


def test_ids_depend_on_what_they_are_anchored_in_only() -> None:
    assert entity_id("d", "The O’Brien Group") == entity_id("d", "o'brien group")
    assert entity_id("d", "A") != entity_id("e", "A")
    assert event_id("d", 1, 2) != event_id("d", 12, 2)
    assert digest("a", "b") == digest("a", "b")


def test_names_of_no_letters_stay_apart() -> None:
    assert normal_name("!!!") != normal_name("???")
