"""What every reader yields: annotated sentences grouped into the paragraphs they came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """One syntactic word.

    Args:
        form: the word as written.
        lemma: dictionary form, empty where the corpus has none.
        upos: universal part of speech, empty where the corpus has none.
        xpos: Penn Treebank tag, empty where the corpus has none.
        feats: morphological features as ``A=b|C=d``, empty for none.
        head: index of the head in the sentence; its own index for the root; -1 where the corpus has no tree.
        deprel: dependency label, empty where the corpus has no tree.
        space_after: whether white space follows.
    """

    form: str
    lemma: str = ""
    upos: str = ""
    xpos: str = ""
    feats: str = ""
    head: int = -1
    deprel: str = ""
    space_after: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A named entity: tokens ``start`` to ``end`` (excluded); its label is one of `events.labels.NAME_LABELS`."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence.

    Args:
        tokens: its words.
        mentions: its named entities, ``None`` where the corpus does not annotate any.
        unknown: indices of words of which the corpus does not say whether they belong to a name.
    """

    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...] | None = None
    unknown: tuple[int, ...] = ()

    @property
    def has_syntax(self) -> bool:
        """Whether the sentence carries a dependency tree.

        >>> Sentence((Token("Hi"),)).has_syntax
        False
        """
        return all(token.head >= 0 for token in self.tokens)


@dataclass(frozen=True, slots=True)
class AnnotatedDoc:
    """A paragraph or document: what a model sees at once.

    Args:
        id: the corpus's id of the document, with the number of the paragraph.
        sentences: in order of the text.
        genre: the corpus's genre or its name.
    """

    id: str
    sentences: tuple[Sentence, ...]
    genre: str = ""

    @property
    def words(self) -> int:
        """How many tokens there are.

        >>> AnnotatedDoc("a", (Sentence((Token("Hi"), Token("there"))),)).words
        2
        """
        return sum(len(sentence.tokens) for sentence in self.sentences)
