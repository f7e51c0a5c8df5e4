from __future__ import annotations

import pytest

from ekg.model import Document, Event, EventTime, Trigger
from ekg.pipeline.nodes import EventMember, event_phrase, pick_time
from tests.samples import event


def phrase(text: str, trigger: str, *arguments: str) -> str:
    roles = tuple(("Agent", argument, None) for argument in arguments)
    return event_phrase(Document(id="d", text=text), event("d", text, trigger, "Win", roles))


@pytest.mark.parametrize(
    ("text", "trigger", "arguments", "label"),
    [
        ("Ada Holm won the vote.", "won", ("Ada Holm", "the vote"), "Ada Holm won the vote"),
        ("NORRBY — Ada won.", "won", ("NORRBY — Ada",), "Ada won"),
        ("LONDON (Reuters) -- Ada won.", "won", ("LONDON (Reuters) -- Ada",), "Ada won"),
        ("Ada\n\nwon.", "won", ("Ada",), "Ada … won"),
        ("Ada " + "x" * 200 + " won it.", "won", ("Ada", "it"), "Ada … won … it"),
        ("won", "won", (), "won"),
        ("“Ada won,” he said.", "said", ("Ada won", "he"), "“Ada won,” he said"),
        ('He said "Ada won" then.', "said", ("He", "Ada won"), 'He said "Ada won"'),
    ],
)
def test_labels_are_readable(text: str, trigger: str, arguments: tuple[str, ...], label: str) -> None:
    assert phrase(text, trigger, *arguments) == label


def member(begin: str | None, end: str | None, confidence: float = 0.9, published: str = "2024-01-01") -> EventMember:
    time = EventTime(begin=begin, end=end, granularity="day") if begin or end else None
    found = Event(
        id=f"ev_{begin}{end}{published}",
        type="Fire",
        trigger=Trigger(text="fire", span=(0, 4)),
        lemma="fire",
        confidence=confidence,
        time=time,
    )
    return EventMember(event=found, doc="d", published=published, recorded=published, phrase="fire")


def test_time_with_the_most_support_wins_and_the_most_precise_of_it() -> None:
    year, day = member("2024-01-01", "2025-01-01"), member("2024-04-08", "2024-04-09")
    other = member("2023-04-08", "2023-04-09")
    picked = pick_time([year, other, day, member(None, None)])
    assert picked is not None
    assert picked.begin == "2024-04-08"


def test_the_latest_told_wins_a_tie() -> None:
    early = member("2024-04-08", "2024-04-09", published="2024-04-10")
    late = member("2024-04-07", "2024-04-08", published="2024-04-12")
    for order in ([early, late], [late, early]):
        picked = pick_time(order)
        assert picked is not None
        assert picked.begin == "2024-04-07"


def test_no_time_is_known() -> None:
    assert pick_time([member(None, None)]) is None
