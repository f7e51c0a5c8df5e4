"""Times that events take over, and bounds that prepositions open, on sentences whose parse is given."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from ekg.model import Document, Event, EventTime, Trigger
from ekg.time import find_times
from extractors.event_time import attach_times, event_time
from extractors.sentences import Sentence
from extractors.temporal.bounds import side
from extractors.temporal.inherit import take_over

PUBLISHED = "2016-11-10"  # a Thursday
# A word, the number of its head in the sentence (its own for the root), its relation, its tag.
Word = tuple[str, int, str, str]
_POS = {"V": "VERB", "N": "NOUN", "I": "ADP", "D": "DET", "P": "PRON", ".": "PUNCT", "C": "CCONJ", "J": "ADJ"}


def text_of(*sentences: list[Word]) -> tuple[Doc, list[Sentence]]:
    words: list[str] = []
    heads: list[int] = []
    deps: list[str] = []
    tags: list[str] = []
    starts: list[bool] = []
    for sentence in sentences:
        offset = len(words)
        for number, (word, head, relation, tag) in enumerate(sentence):
            words.append(word)
            heads.append(offset + head)
            deps.append(relation)
            tags.append(tag)
            starts.append(number == 0)
    pos = ["PROPN" if tag == "NNP" else _POS[tag[0]] for tag in tags]
    doc = Doc(spacy.blank("en").vocab, words=words, heads=heads, deps=deps, tags=tags, pos=pos)
    spans, low = [], 0
    for sentence in sentences:
        spans.append(tuple(doc[low : low + len(sentence)]))
        low += len(sentence)
    return doc, [Sentence(number, span, doc.text) for number, span in enumerate(spans)]


def dated(doc: Doc, sentences: list[Sentence], *triggers: str, published: str | None = PUBLISHED) -> dict[str, Event]:
    """The events of trigger words, with the times of their clauses and those they take over."""
    times = find_times(doc.text, reference=published)
    events = []
    for sentence in sentences:
        heads = [word for word in sentence.words if word.text in triggers]
        here = [time for time in times if sentence.start <= time.span[0] < sentence.end]
        for head, time in zip(heads, attach_times(sentence, heads, ["Event"] * len(heads), here), strict=True):
            span = (head.idx, head.idx + len(head.text))
            events.append(
                Event(
                    id=head.text, type="Attack", trigger=Trigger(text=head.text, span=span), lemma=head.text.lower(),
                    polarity="positive", modality="actual", confidence=1.0,
                    time=event_time(time, sentence) if time else None,
                )
            )  # fmt: skip
    document = Document(id="d", kind="article", text=doc.text, published=published, segments=())
    return {event.trigger.text: event for event in take_over(events, sentences, times, document)}


LEFT_ON: list[Word] = [
    ("Rebels", 1, "nsubj", "NNS"), ("attacked", 1, "ROOT", "VBD"), ("it", 1, "obj", "PRP"), ("on", 4, "case", "IN"),
    ("Tuesday", 1, "obl", "NNP"), (".", 1, "punct", "."),
]  # fmt: skip
FLED: list[Word] = [("They", 1, "nsubj", "PRP"), ("fled", 1, "ROOT", "VBD"), (".", 1, "punct", ".")]
HAD_FLED: list[Word] = [
    ("They", 2, "nsubj", "PRP"), ("had", 2, "aux", "VBD"), ("fled", 2, "ROOT", "VBN"), (".", 2, "punct", "."),
]  # fmt: skip


def test_a_past_verb_goes_on_with_the_day_that_the_text_named() -> None:
    events = dated(*text_of(LEFT_ON, FLED), "attacked", "fled")
    own, taken = events["attacked"].time, events["fled"].time
    assert own is not None
    assert taken is not None
    assert (own.begin, own.approximate, own.anchor) == ("2016-11-08", False, "document")
    assert (taken.begin, taken.end, taken.text, taken.span) == (own.begin, own.end, own.text, own.span)
    assert (taken.approximate, taken.anchor, taken.status) == (True, "event", "inferred")


def test_what_had_happened_before_does_not() -> None:
    assert dated(*text_of(LEFT_ON, HAD_FLED), "attacked", "fled")["fled"].time is None


def test_another_time_between_ends_the_tale() -> None:
    between: list[Word] = [
        ("He", 1, "nsubj", "PRP"), ("ruled", 1, "ROOT", "VBD"), ("in", 3, "case", "IN"), ("1990", 1, "obl", "NN"),
        (".", 1, "punct", "."),
    ]  # fmt: skip
    events = dated(*text_of(LEFT_ON, between, FLED), "attacked", "ruled", "fled")
    assert events["fled"].time is None
    assert events["ruled"].time is not None
    assert events["ruled"].time.begin == "1990-01-01"


def test_the_subject_of_a_dated_verb_happens_with_it_and_a_cause_does_not() -> None:
    blast: list[Word] = [
        ("The", 1, "det", "DT"), ("blast", 2, "nsubj", "NN"), ("killed", 2, "ROOT", "VBD"), ("six", 2, "obj", "NNS"),
        ("on", 5, "case", "IN"), ("Tuesday", 2, "obl", "NNP"), ("after", 7, "case", "IN"), ("threats", 2, "obl", "NNS"),
        (".", 2, "punct", "."),
    ]  # fmt: skip
    events = dated(*text_of(blast), "blast", "killed")
    assert events["blast"].time is not None
    assert events["blast"].time.begin == events["killed"].time.begin == "2016-11-08"  # type: ignore[union-attr]  # above


def test_the_lead_of_a_news_item_is_of_today_or_yesterday_and_nothing_else_is_dated() -> None:
    events = dated(*text_of(FLED), "fled")
    assert events["fled"].time == EventTime(
        begin="2016-11-09", end="2016-11-11", granularity="range", anchor="document", approximate=True,
        status="inferred",
    )  # fmt: skip
    assert dated(*text_of(FLED), "fled", published=None)["fled"].time is None
    assert dated(*text_of(HAD_FLED), "fled")["fled"].time is None


def test_what_a_verb_plans_for_is_not_when_it_is_planned() -> None:
    trial: list[Word] = [
        ("A", 1, "det", "DT"), ("trial", 3, "nsubj:pass", "NN"), ("was", 3, "aux:pass", "VBD"), ("set", 3, "ROOT", "VBN"),
        ("for", 5, "case", "IN"), ("Tuesday", 3, "obl", "NNP"), (".", 3, "punct", "."),
    ]  # fmt: skip
    doc, (sentence,) = text_of(trial)
    times = find_times(doc.text, reference=PUBLISHED)
    verb, noun = sentence.words[3], sentence.words[1]
    assert attach_times(sentence, [verb, noun], ["Event", "Event"], times) == [None, times[0]]


@pytest.mark.parametrize(
    ("preposition", "begin", "end"),
    [
        ("since", "2005-01-01", None),
        ("until", None, "2006-01-01"),
        ("by", None, "2006-01-01"),
        ("before", None, "2005-01-01"),
        ("after", "2006-01-01", None),
        ("in", "2005-01-01", "2006-01-01"),
    ],
)
def test_a_preposition_opens_a_side(preposition: str, begin: str | None, end: str | None) -> None:
    doc, (sentence,) = text_of(
        [
            ("He", 1, "nsubj", "PRP"),
            ("lived", 1, "ROOT", "VBD"),
            (preposition, 3, "case", "IN"),
            ("2005", 1, "obl", "NN"),
        ]
    )
    (mention,) = find_times(doc.text, reference=PUBLISHED)
    time = event_time(mention, sentence)
    assert (time.begin, time.end) == (begin, end)
    assert time.granularity == ("year" if preposition == "in" else "range")


def test_an_expression_that_dates_a_noun_opens_nothing() -> None:
    doc, (sentence,) = text_of(
        [("He", 1, "nsubj", "PRP"), ("left", 1, "ROOT", "VBD"), ("after", 5, "case", "IN"), ("the", 5, "det", "DT"),
         ("2005", 5, "nummod", "NN"), ("attack", 1, "obl", "NN")]
    )  # fmt: skip
    (mention,) = find_times(doc.text, reference=PUBLISHED)
    assert side(sentence, mention) is None


@pytest.mark.parametrize(("verb", "dated"), [("expected", [False, True]), ("forced", [True, True])])
def test_what_is_planned_for_a_year_does_not_date_the_plan(verb: str, dated: list[bool]) -> None:
    doc, (sentence,) = text_of(
        [("It", 2, "nsubj", "PRP"), ("is", 2, "aux", "VBZ"), (verb, 2, "ROOT", "VBN"), ("to", 4, "mark", "IN"),
         ("launch", 2, "xcomp", "VB"), ("in", 6, "case", "IN"), ("2020", 4, "obl", "NN")]
    )  # fmt: skip
    doc[2].lemma_ = verb.removesuffix("ed") if verb == "expected" else "force"
    times = find_times(doc.text, reference=PUBLISHED)
    found = attach_times(sentence, [doc[2], doc[4]], ["Event", "Launch"], times)
    assert [time is not None for time in found] == dated


def test_what_follows_an_event_is_not_dated_by_its_day() -> None:
    doc, (sentence,) = text_of(
        [("Panic", 1, "nsubj", "NN"), ("followed", 1, "ROOT", "VBD"), ("a", 3, "det", "DT"), ("crash", 1, "obj", "NN"),
         ("on", 5, "case", "IN"), ("Tuesday", 1, "obl", "NN")]
    )  # fmt: skip
    doc[1].lemma_ = "follow"
    times = find_times(doc.text, reference=PUBLISHED)
    found = attach_times(sentence, [doc[0], doc[1], doc[3]], ["Event", "Event", "Crash"], times)
    assert [time is not None for time in found] == [False, False, True]
    assert attach_times(sentence, [doc[1]], ["Event"], times)[0] is not None, "a man who was followed is no event"
