"""GUM with its coreference chains over running text, for training and measuring coreference."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ekg.model import CharSpan, Document, Segment
from extractors.training.readers.conllu import ConlluSentence, parse_conllu, starts_paragraph
from extractors.training.readers.gum import OPEN_GENRES

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from extractors.coreference.referents import Seen
    from extractors.sentences import Sentence

_NO_DERIVATIVES = ("linguistics.ucsb.edu", "talkbank.org")
_BRACKET = re.compile(
    r"\((?P<open>\d+)(?:\[\d+/\d+\])?-(?P<type>[a-z]+)[^()]*(?P<single>\)?)|(?P<close>\d+)(?:\[\d+/\d+\])?\)"
)


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A phrase that refers: its span, its chain, its type, and the span and Penn tag of its head."""

    span: CharSpan
    chain: int
    type: str
    head: CharSpan
    tag: str


@dataclass(slots=True)
class _Builder:
    id: str
    genre: str
    source: str
    text: str = ""
    gold: list[GoldMention] = field(default_factory=list)
    turns: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class GumDocument:
    """A document of GUM as running text with paragraphs set apart by a blank line.

    Args:
        document: text and, in dialogue, the turns with their speakers.
        genre: GUM's genre.
        gold: all phrases that refer.
    """

    document: Document
    genre: str
    gold: tuple[GoldMention, ...]

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text

    @cached_property
    def _heads(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for mention in self.gold:
            found[mention.head[0]].append((mention.span[1] - mention.span[0], mention.chain))
        return found

    @cached_property
    def named_chains(self) -> frozenset[int]:
        """Chains with a mention whose head is a proper noun."""
        return frozenset(mention.chain for mention in self.gold if mention.tag in {"NNP", "NNPS"})

    def chain_at(self, position: int) -> int | None:
        """Chain of the shortest phrase whose head begins at a character."""
        found = self._heads.get(position)
        return min(found)[1] if found else None

    def chain_in(self, span: CharSpan) -> int | None:
        """Chain of the phrase with exactly this span, else of the shortest one whose head lies in it."""
        exact = [mention.chain for mention in self.gold if mention.span == span]
        inside = [
            (mention.span[1] - mention.span[0], mention.chain)
            for mention in self.gold
            if span[0] <= mention.head[0] < span[1]
        ]
        return exact[0] if exact else min(inside)[1] if inside else None

    def chain_of(self, seen: Seen) -> int | None:
        """Chain of a mention of the system."""
        if seen.kind == "name" and seen.referent.group is not None:
            span = next((span for span in seen.referent.group.mentions if span[0] == seen.start), None)
            return None if span is None else self.chain_in(span)
        return self.chain_at(seen.head.idx)

    def majority(self, spans: Iterator[CharSpan]) -> int | None:
        """The chain that most of the spans are in; the lowest of equals."""
        votes = Counter(chain for span in spans if (chain := self.chain_in(span)) is not None)
        return min(votes, key=lambda chain: (-votes[chain], chain)) if votes else None

    def parsed(self) -> tuple[Doc, list[Sentence]]:
        """The text as the shipped pipeline parses it, and the sentences that are read."""
        from extractors.nlp import parse
        from extractors.sentences import told_sentences, unit_breaks

        doc = parse(self.text, unit_breaks(self.document))
        return doc, told_sentences(self.document, doc)


def read_gum_coreference(data: Path, part: str) -> Iterator[GumDocument]:
    """Documents of GUM's open genres, ``part`` train or dev; ``data`` the folder with ``gum/``.

    Raises:
        DataError: the file cannot be read or is not CoNLL-U.
    """
    here: _Builder | None = None
    for raw in parse_conllu(data / "gum" / f"{part}.conllu.gz"):
        if "newdoc id" in raw.comments:
            yield from _finished(here)
            comments = raw.comments
            here = _Builder(comments["newdoc id"], comments.get("meta::genre", ""), comments.get("meta::sourceURL", ""))
        elif here is not None and starts_paragraph(raw):
            here.text = here.text.rstrip(" ") + "\n\n"
        if here is not None:
            _add(here, raw)
    yield from _finished(here)


def _add(here: _Builder, raw: ConlluSentence) -> None:
    if "speaker" in raw.comments:
        here.turns.append((len(here.text), raw.comments["speaker"]))
    spans: list[CharSpan] = []
    for token in raw.tokens:
        spans.append((len(here.text), len(here.text) + len(token.form)))
        here.text += token.form + (" " if token.space_after else "")
    if not here.text.endswith((" ", "\n")):
        here.text += " "
    here.gold.extend(_mentions(raw, spans))


def _mentions(raw: ConlluSentence, spans: list[CharSpan]) -> Iterator[GoldMention]:
    stack: list[tuple[str, int, str]] = []
    for last, misc in enumerate(raw.misc):
        for match in _BRACKET.finditer(misc.get("Entity", "")):
            if match["open"]:
                stack.append((match["open"], last, match["type"]))
                if not match["single"]:
                    continue
            chain = match["open"] or match["close"]
            place = next((at for at in range(len(stack) - 1, -1, -1) if stack[at][0] == chain), None)
            if place is None:  # the second part of a phrase in two pieces
                continue
            _, first, kind = stack.pop(place)
            inside = range(first, last + 1)
            head = next((at for at in inside if raw.tokens[at].head not in inside or raw.tokens[at].head == at), first)
            yield GoldMention((spans[first][0], spans[last][1]), int(chain), kind, spans[head], raw.tokens[head].xpos)


def _finished(here: _Builder | None) -> Iterator[GumDocument]:
    if here is None or here.genre not in OPEN_GENRES or any(host in here.source for host in _NO_DERIVATIVES):
        return
    segments: list[Segment] = []
    ends = [start for start, _ in here.turns[1:]] + [len(here.text)]
    for (start, speaker), end in zip(here.turns, ends, strict=False):
        if segments and segments[-1].speaker == speaker:
            segments[-1] = replace(segments[-1], span=(segments[-1].span[0], end))
        else:
            segments.append(Segment(span=(start, end), speaker=speaker, kind="turn"))
    document = Document(id=here.id, text=here.text, segments=tuple(segments))
    yield GumDocument(document, here.genre, tuple(here.gold))
