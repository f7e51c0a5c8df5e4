"""From annotated paragraphs to spaCy examples, with the augmentations that transcripts and headlines need."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from extractors.training.readers import AnnotatedDoc, Mention, Sentence

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example

TRANSCRIPT_SHARE = 0.12
"""Share of paragraphs that lose case and punctuation, as automatic transcripts do."""
UNPUNCTUATED_SHARE = 0.05
"""Share of paragraphs whose sentences lose their final punctuation, as headlines and list items do."""
CAPITALS_SHARE = 0.03
"""Share of paragraphs in capitals, as some headlines are."""
_MARKS = frozenset(',.;:!?"()[]') | {"--", "...", "``", "''"}
LOWERCASE_SHARE = 0.05
"""Share of paragraphs that lose case only."""


def example(nlp: Language, doc: AnnotatedDoc) -> Example:
    """A spaCy example: the text tokenised by the pipeline, with the corpus's annotation as reference.

    What a corpus lacks (syntax, entities) is left missing, so that no component learns from it.
    """
    from spacy.tokens import Doc
    from spacy.training import Example

    tokens = [token for sentence in doc.sentences for token in sentence.tokens]
    syntax = all(sentence.has_syntax for sentence in doc.sentences)
    entities = all(sentence.mentions is not None for sentence in doc.sentences)
    heads: list[int] = []
    starts: list[bool | int | None] = []
    iob: list[str] = []
    for sentence in doc.sentences:
        offset = len(starts)
        starts.extend(index == 0 for index in range(len(sentence.tokens)))
        heads.extend(offset + token.head for token in sentence.tokens)
        tags = ["O"] * len(sentence.tokens)
        for mention in sentence.mentions or ():
            tags[mention.start : mention.end] = [f"I-{mention.label}"] * (mention.end - mention.start)
            tags[mention.start] = f"B-{mention.label}"
        for index in sentence.unknown:
            tags[index] = ""
        iob.extend(tags)
    words = [token.form for token in tokens]
    spaces = [token.space_after for token in tokens]
    spaces[-1] = False
    reference = Doc(
        nlp.vocab,
        words=words,
        spaces=spaces,
        tags=[token.xpos for token in tokens] if syntax else None,
        pos=[token.upos for token in tokens] if syntax else None,
        morphs=[token.feats for token in tokens] if syntax else None,
        lemmas=[token.lemma for token in tokens] if syntax else None,
        heads=heads if syntax else None,
        deps=[token.deprel for token in tokens] if syntax else None,
        sent_starts=starts if syntax else None,
        ents=iob if entities else None,
    )
    return Example(nlp.make_doc(reference.text), reference)


def without_punctuation(sentence: Sentence, *, final_only: bool = False) -> Sentence:
    """The sentence without its punctuation marks (or without the last ones), heads and entities renumbered.

    A mark that something depends on stays, as does a sentence of marks only. Hyphens inside words stay.
    """
    tokens = sentence.tokens
    heads = {token.head for token in tokens}
    drop = {
        index
        for index, token in enumerate(tokens)
        if (token.upos == "PUNCT" or token.form in _MARKS)
        and index not in heads
        and (token.space_after or index + 1 == len(tokens))
    }
    if final_only:
        last = len(tokens)
        while last - 1 in drop:
            last -= 1
        drop = set(range(last, len(tokens)))
    kept = [index for index in range(len(tokens)) if index not in drop]
    if not kept or not drop:
        return sentence
    renumber = {index: position for position, index in enumerate(kept)}
    shortened = tuple(
        replace(
            tokens[index],
            head=renumber[tokens[index].head] if tokens[index].head >= 0 else -1,
            space_after=tokens[index].space_after or index + 1 in drop,
        )
        for index in kept
    )
    mentions = sentence.mentions
    if mentions is not None:
        moved = (
            Mention(min(inside), max(inside) + 1, mention.label)
            for mention in mentions
            if (inside := [renumber[i] for i in range(mention.start, mention.end) if i in renumber])
        )
        mentions = tuple(moved)
    return Sentence(shortened, mentions, tuple(renumber[i] for i in sentence.unknown if i in renumber))


def recased(sentence: Sentence, *, upper: bool) -> Sentence:
    """The sentence in capitals or in small letters; a word whose length would change stays as it is."""
    tokens = []
    for token in sentence.tokens:
        form = token.form.upper() if upper else token.form.lower()
        tokens.append(replace(token, form=form if len(form) == len(token.form) else token.form))
    return replace(sentence, tokens=tuple(tokens))


def augmented(doc: AnnotatedDoc, rng: random.Random) -> AnnotatedDoc:
    """The paragraph, sometimes written as a transcript, a headline or a list would write it."""
    draw = rng.random()
    sentences: Sequence[Sentence] = doc.sentences
    if draw < TRANSCRIPT_SHARE:
        sentences = [recased(without_punctuation(sentence), upper=False) for sentence in sentences]
    elif (draw := draw - TRANSCRIPT_SHARE) < UNPUNCTUATED_SHARE:
        sentences = [without_punctuation(sentence, final_only=True) for sentence in sentences]
    elif (draw := draw - UNPUNCTUATED_SHARE) < CAPITALS_SHARE:
        sentences = [recased(sentence, upper=True) for sentence in sentences]
    elif draw - CAPITALS_SHARE < LOWERCASE_SHARE:
        sentences = [recased(sentence, upper=False) for sentence in sentences]
    return replace(doc, sentences=tuple(sentences))


def joined(
    docs: Sequence[AnnotatedDoc], rng: random.Random, share: float = 0.3, limit: int = 120
) -> list[AnnotatedDoc]:
    """Some neighbouring paragraphs of one genre run together, so that sentence ends inside a block are learnt."""
    result: list[AnnotatedDoc] = []
    for doc in docs:
        last = result[-1] if result else None
        same = last is not None and last.genre == doc.genre and last.id.rpartition("#")[0] == doc.id.rpartition("#")[0]
        if last is not None and same and rng.random() < share and last.words + doc.words <= limit:
            result[-1] = replace(last, sentences=(*last.sentences, *doc.sentences))
        else:
            result.append(doc)
    return result
