"""What the shared model read in the sentences of a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from extractors.nlp.annotate import READINGS

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from extractors.events.found import FoundEvent, Reading, Thresholds
    from extractors.events.tagger import EventTagger
    from extractors.sentences import Sentence


def tagged_sentences(
    doc: Doc, sentences: Sequence[Sentence], tagger: EventTagger, thresholds: Thresholds
) -> list[list[FoundEvent]]:
    """The events of each sentence: read with the names where the sentence is the parser's, and else read now.

    A sentence is not the parser's where boilerplate or a speaker's name was cut from it, or where another pipeline
    than ours parsed the text.
    """
    known: Mapping[int, tuple[int, Reading]] = doc.user_data.get(READINGS, {})
    found: list[list[FoundEvent]] = []
    unread = []
    for place, sentence in enumerate(sentences):
        count, reading = known.get(sentence.words[0].i, (0, None))
        if reading is not None and count == len(sentence.words):
            found.append(list(reading.events))
        else:
            found.append([])
            unread.append(place)
    texts = [[word.text for word in sentences[place].words] for place in unread]
    for place, events in zip(unread, tagger.tag(texts, thresholds), strict=True):
        found[place] = events
    return found
