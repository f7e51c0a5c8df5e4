"""Whether two mentions stand in the same words: news is copied, and a copied sentence tells of the same event.

A model of mention pairs sees two sentences that are alike. It does not see that they are one sentence, in which even
"said" and "take" are the same for certain.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np

from alignment.sparse import Bools, Ints
from ekg.model import Event

_WORD = re.compile(r"\w+")
# So many equal words in a row, the trigger among them, are a copy. Of pairs of ECB+'s gold events in 12 and more such
# words the annotators joined 66 of 69, in 8 to 11 words 38 of 41, in 5 to 7 words 51 of 73.
_COPY = 12


def copied(events: Sequence[Event], documents: Sequence[str], texts: Mapping[str, str], i: Ints, j: Ints) -> Bools:
    """Whether the words about two mentions are copied: twelve or more without a gap are equal, the trigger among them.

    Case, punctuation and quotation marks do not count. False where a text is not at hand.

    Args:
        events: all mentions.
        documents: id of the document of each.
        texts: text by document id.
        i: positions of mentions.
        j: positions of mentions to compare them with.
    """
    numbers: dict[str, int] = {}
    # Documents one after another, with as many signs between them that equal nothing as are looked at.
    words = [-1] * _COPY
    place = dict[str, tuple[int, list[int]]]()
    for document in dict.fromkeys(documents):
        found = list(_WORD.finditer(texts.get(document, "")))
        place[document] = len(words), [m.start() for m in found]
        words += [numbers.setdefault(m.group().casefold(), len(numbers)) for m in found] + [-1] * _COPY
    at = []
    for event, document in zip(events, documents, strict=True):
        first, starts = place[document]
        at.append(first + bisect_left(starts, event.trigger.span[0]))
    codes, position = np.array(words, dtype=np.int64), np.array(at, dtype=np.int64)
    length = np.zeros(len(i), dtype=np.int64)
    for steps in (range(_COPY), range(-1, -_COPY, -1)):
        going = np.ones(len(i), dtype=bool) if steps.step > 0 else length > 0
        for step in steps:
            a, b = codes[position[i] + step], codes[position[j] + step]
            going &= (a == b) & (a >= 0)
            length += going
    result: Bools = length >= _COPY
    return result
