"""The component that runs the model block by block and writes what it finds onto the whole document.

The model sees what it was trained on: blocks of words without white space tokens and without line breaks. So the
parser never joins a title to the first sentence, never meets a million words, and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, cast

from extractors.events.found import Reading, Thresholds
from extractors.nlp.blocks import block_starts, cut_long
from extractors.nlp.entities import Name, datelines, repaired
from extractors.nlp.lemmas import corrected_lemma
from extractors.nlp.sentences import sentence_starts

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.types import Ints2d

MAX_WORDS = 300
"""Words in a piece at most; longer blocks are cut, after a sentence where possible."""

PIECES_AT_ONCE = 32
"""Pieces in a batch of the model; the batches of a document hold no piece of another."""

BREAKS = "ekg_breaks"
"""Key of ``doc.user_data`` under which offsets of known unit beginnings are passed."""

THRESHOLDS = "ekg_thresholds"
"""Key under which the thresholds for events are passed."""

READINGS = "ekg_readings"
"""Key under which what the tagger read is left: by the index of a sentence's first word, its length and its reading."""

_COLUMNS = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD")


class Reader(Protocol):
    """The shared model of events and names."""

    def read(self, sentences: Sequence[Sequence[str]], thresholds: Thresholds | None = None) -> list[Reading]:
        """Events and names of sentences of words."""
        ...


@dataclass(slots=True)
class Annotator:
    """Writes tags, lemmas, trees, sentence starts and entities onto a tokenised document.

    Args:
        model: the trained components.
        lemmas: forms with a known lemma, by ``"pos form"``.
        reader: finds names, and on the way events, in the sentences.
    """

    model: Language
    lemmas: Mapping[str, str]
    reader: Reader

    def __call__(self, doc: Doc) -> Doc:
        """The same document, annotated."""
        from spacy.tokens import Span

        text = doc.text
        starts = block_starts(text, doc.user_data.get(BREAKS, ()))
        heads_of_news = datelines(text, starts)
        bodies = (line.body for line in heads_of_news if line.body < len(text))
        pieces = list(block_pieces(doc, sorted({*starts, *bodies})))
        parsed = list(self._parse(doc, pieces))
        _write(doc, pieces, parsed, {line.start for line in heads_of_news})
        names = self._read(doc)
        words = [token.text for token in doc]
        tags = [token.pos_ for token in doc]
        for token in doc:
            token.lemma_ = corrected_lemma(token.text, token.pos_, token.lemma_, self.lemmas)
        for place in (place for line in heads_of_news for place in line.places):
            span = doc.char_span(*place)
            if span is not None:
                names = [name for name in names if name.end <= span.start or name.start >= span.end]
                names.append(Name(span.start, span.end, "place"))
        final = repaired(words, tags, sorted(names))
        doc.set_ents([Span(doc, name.start, name.end, name.label) for name in final], default="outside")
        return doc

    def _read(self, doc: Doc) -> list[Name]:
        """The names in a document; what else is read is left in ``doc.user_data``."""
        sentences = [words for span in doc.sents if (words := [token.i for token in span if not token.is_space])]
        readings = self.reader.read(
            [[doc[index].text for index in words] for words in sentences], doc.user_data.get(THRESHOLDS)
        )
        doc.user_data[READINGS] = {
            words[0]: (len(words), reading) for words, reading in zip(sentences, readings, strict=True)
        }
        return [
            Name(words[name.start], words[name.end - 1] + 1, name.label)
            for words, reading in zip(sentences, readings, strict=True)
            for name in reading.names
        ]

    def _parse(self, doc: Doc, pieces: Sequence[Sequence[int]]) -> Iterator[Doc]:
        from spacy.tokens import Doc

        for begin in range(0, len(pieces), PIECES_AT_ONCE):
            batch = []
            for piece in pieces[begin : begin + PIECES_AT_ONCE]:
                words = [doc[index].text for index in piece]
                part = Doc(doc.vocab, words=words, sent_starts=sentence_starts(words))
                for index, token in zip(piece, part, strict=True):
                    # "n't" has the norm "not" from the tokenizer's exceptions, not from its form.
                    if doc[index].norm != token.norm:
                        token.norm_ = doc[index].norm_
                batch.append(part)
            yield from self.model.pipe(batch, batch_size=PIECES_AT_ONCE)


def block_pieces(doc: Doc, starts: Sequence[int]) -> Iterator[list[int]]:
    """Indices of the words of each piece of at most `MAX_WORDS`, white space left out; ``starts`` are of blocks."""
    bounds = [*starts[1:], len(doc.text) + 1]
    block: list[int] = []
    at = 0
    for token in doc:
        while at < len(bounds) and token.idx >= bounds[at]:
            yield from _cut(doc, block)
            block = []
            at += 1
        if not token.is_space:
            block.append(token.i)
    yield from _cut(doc, block)


def _cut(doc: Doc, block: list[int]) -> Iterator[list[int]]:
    if not block:
        return
    begins = cut_long([doc[index].text for index in block], MAX_WORDS)
    for begin, end in pairwise([*begins, len(block)]):
        yield block[begin:end]


def _write(doc: Doc, pieces: Sequence[Sequence[int]], parsed: Sequence[Doc], before_body: Collection[int]) -> None:
    """Copy token annotation onto the document.

    White space hangs on the word before it. A piece that starts at an offset in ``before_body`` is a dateline: it is
    parsed apart, so that it does not disturb the parse of the sentence, and then hangs on the sentence's root.
    """
    import numpy as np

    strings = doc.vocab.strings
    # White space takes these values, a word those of its piece.
    table = np.zeros((len(doc), len(_COLUMNS)), dtype="uint64")
    table[:, 0], table[:, 1], table[:, 4] = strings.add("_SP"), strings["SPACE"], strings.add("dep")
    table[:, 2] = doc.vocab.morphology.add("")
    heads = np.zeros(len(doc), dtype="int64")
    is_word = np.zeros(len(doc), dtype=bool)
    for number, (piece, result) in enumerate(zip(pieces, parsed, strict=True)):
        indices = np.asarray(piece)
        table[indices] = result.to_array(list(_COLUMNS))
        heads[indices] = indices[[token.head.i for token in result]]
        if doc[piece[0]].idx in before_body and number + 1 < len(pieces):
            root = next(token.i for token in parsed[number + 1] if token.head.i == token.i)
            roots = [piece[token.i] for token in result if token.head.i == token.i]
            heads[roots] = pieces[number + 1][root]
            table[roots, 4] = strings.add("parataxis")
        is_word[indices] = True
    last = -1
    first = int(is_word.argmax()) if is_word.any() else 0
    for index in range(len(doc)):
        if is_word[index]:
            last = index
        else:
            table[index, 3] = doc[index].orth
            heads[index] = last if last >= 0 else first
    table[:, 5] = (heads - np.arange(len(doc))).astype("uint64")
    doc.from_array(list(_COLUMNS), cast("Ints2d", table))
