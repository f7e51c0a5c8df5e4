"""Text that is not a news story, or not only one."""

from __future__ import annotations

import pytest

from ekg.model import Document
from extractors import extract
from extractors.boilerplate import boilerplate_spans
from extractors.sentences import UNBROKEN, without_endless


def document(text: str) -> Document:
    return Document(id="doc", text=text, published="2016-11-10")


def test_another_language_gives_names_but_no_events() -> None:
    record = extract(document("Der Minister Hans Weber ist am 3.5.2016 in Berlin zurückgetreten und ging fort. " * 4))
    assert [note.code for note in record.diagnostics] == ["language"]
    assert "Berlin" in [entity.name for entity in record.entities]
    assert record.events == ()


@pytest.mark.parametrize("text", ["وصل الرئيس إلى باريس يوم الثلاثاء. " * 8, "ראש הממשלה הגיע לירושלים. " * 8])
def test_right_to_left_text_is_no_error(text: str) -> None:
    record = extract(document(text))
    assert record.events == ()
    assert record.document.length == len(text)


def test_right_to_left_words_and_emoji_within_english() -> None:
    text = "The group (حركة) attacked Baghdad 🔥 on 3 May 2016 😡, killing ten."
    record = extract(document(text))
    attack = next(event for event in record.events if event.trigger.text == "attacked")
    assert text[slice(*attack.trigger.span)] == "attacked"
    assert [time.begin for time in record.times] == ["2016-05-03"]


@pytest.mark.parametrize(("text", "triggers"), [("resigned", ["resigned"]), ("the", []), ("😀😀", [])])
def test_one_word(text: str, triggers: list[str]) -> None:
    assert [event.trigger.text for event in extract(document(text)).events] == triggers


BUTTONS = """\
Accept all cookies
Manage preferences
Select Theme
Read more
Share this
1 of 13
Replay
Show less
Load comments
Log in
Download our app
Reuse this content
Scroll down for video
def attack(x):
    return kill(x)
Year\tWinner\tScore
2014\tGermany\t1-0
"""


def test_no_event_in_buttons_code_and_tables() -> None:
    text = f"A fire destroyed a mill in Hull on Monday.\n{BUTTONS}The owner was arrested.\n"
    triggers = {event.trigger.text for event in extract(document(text)).events}
    assert triggers == {"fire", "destroyed", "arrested"}


@pytest.mark.parametrize(
    "line",
    [
        "Show trials were held in Leeds.",
        "Log cabins burned (two of them).",
        "He said: if it rains, the match ends;",
        "Police arrested a man (again)",
        "Return of the king",
        "Sign of the times: mills close",
    ],
)
def test_lines_that_look_like_buttons_or_code_are_read(line: str) -> None:
    assert boilerplate_spans(line) == []


def test_captions_are_cut_within_a_line() -> None:
    text = "JUST WATCHED Troops hold a drill Replay More Videos ... MUST WATCH Hide Caption 3 of 8"
    cut = "".join(text[start:end] for start, end in boilerplate_spans(text))
    assert "Troops hold a drill" in text
    assert "drill" not in cut
    assert "Hide Caption 3 of 8" in cut


def test_endless_text_is_blanked_and_keeps_its_length() -> None:
    text = "He fled. " + "word " * UNBROKEN + ". She died."
    short, blanked = without_endless(text)
    assert len(short) == len(text)
    assert short.endswith(". She died.")
    assert len(short.split()) < len(text.split())
    assert blanked > 3 * UNBROKEN
    assert without_endless("He fled.\n" * UNBROKEN) == ("He fled.\n" * UNBROKEN, 0)
    assert without_endless("x" * (UNBROKEN + 9))[1] == 9


@pytest.mark.slow
def test_a_megabyte_in_one_sentence_is_cut_with_a_diagnostic_and_the_rest_is_read() -> None:
    record = extract(document("The man fled.\n" + "of the green " * 77_000 + "\nThe woman died on Tuesday."))
    assert record.document.length > 990_000
    assert [note.code for note in record.diagnostics] == ["endless"]
    assert [event.trigger.text for event in record.events] == ["fled", "died"]
    assert record.events[1].time is not None


def test_names_before_the_lines_of_a_dialogue_are_no_part_of_it() -> None:
    turns = ["We met on Monday.", "The plan failed.", "It did.", "Who resigned?", "The mayor resigned.", "I see."]
    text = "\n".join(f"{name}: {turn}" for name, turn in zip(["Project Manager", "Marketing"] * 3, turns, strict=True))
    record = extract(document(text))
    names = ("Project", "Manager", "Marketing")
    told = [event.trigger.text for event in record.events]
    told += [argument.text for event in record.events for argument in event.arguments]
    assert "resigned" in told
    assert not any(name in words for name in names for words in told)
    assert boilerplate_spans(text) == []


def test_marks_of_transcribers_are_no_events() -> None:
    text = "I {disfmarker} I fell [laughter] and {vocalsound} broke an arm."
    triggers = {event.trigger.text for event in extract(document(text)).events}
    assert "fell" in triggers
    assert not triggers & {"disfmarker", "laughter", "vocalsound"}
