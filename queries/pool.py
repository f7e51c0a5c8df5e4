"""Candidate sentences for a question: found by words and by events of the graph, and scored against the frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ekg.graph import EventGraph
from ekg.graph.sentences import sentence_span
from ekg.ids import normal_name
from ekg.index import EntityRow, EventFilter, EventRow, MentionRow, ParticipantRow
from ekg.model import CharSpan, Document
from queries.frame import Frame, Unit
from queries.linking import strip_titles
from queries.moments import Moment, find_moments
from queries.words import Token, fold, group_members, is_past_form, stop_words, tokenize, words_in

_COMMON = 120
"""Passages that hold a word are counted up to here; a word in more of them says little."""
_PASSAGES = 40
_EVENTS = 60
_CONTEXT = 0.6
_OPENING = 300
_OTHERS = 0.9
_ABOUT = 0.5
_TOPIC = 0.4
_ELSEWHERE = 0.2
_KNOWN = 0.3
_OFTEN = 3


class Sentence:
    """A sentence of a document with what the graph knows about it, looked up when it is wanted."""

    def __init__(self, graph: EventGraph, document: Document, span: CharSpan) -> None:
        self.graph = graph
        self.document = document
        self.span = span
        self.text = document.text[span[0] : span[1]]
        self.tokens: list[Token] = tokenize(self.text, span[0])
        self.published = (document.published or "")[:10] or dateline(document)

    @cached_property
    def entities(self) -> list[tuple[EntityRow, CharSpan]]:
        """Entities that the sentence names, in text order, each of the type that its name mostly has in the graph."""
        found = []
        for row, span in self.graph.index.entities_in(self.document.id, *self.span):
            namesakes = self.graph.index.find_entities(row.name, limit=1, exact=True)
            found.append((replace(row, type=namesakes[0].type) if namesakes else row, span))
        return found

    @cached_property
    def headline(self) -> bool:
        """Whether most words are capitalised, as in a title."""
        words = [t for t in self.tokens if t.text[:1].isalpha() and t.lower not in stop_words()]
        return sum(t.capital for t in words) > 0.6 * len(words)

    @cached_property
    def events(self) -> list[EventRow]:
        """Events with a trigger in the sentence."""
        return self.graph.index.events_in(self.document.id, *self.span)

    @cached_property
    def triggers(self) -> list[tuple[EventRow, MentionRow]]:
        """Events with their trigger in this sentence."""
        found = []
        for row in self.events:
            for mention in self.graph.index.mentions(row.id):
                if mention.document == self.document.id and self.span[0] <= mention.span[0] < self.span[1]:
                    found.append((row, mention))
        return found

    @cached_property
    def moments(self) -> list[Moment]:
        """Time expressions, resolved against the document's date; places are characters of the document."""
        low = self.span[0]
        return [
            Moment(
                text=m.text,
                start=m.start + low,
                end=m.end + low,
                begin=m.begin,
                finish=m.finish,
                granularity=m.granularity,
                anchor=m.anchor,
                value=m.value,
            )
            for m in find_moments(self.text, self.published)
        ]

    @cached_property
    def context(self) -> list[Token]:
        """Tokens of the title and of the two sentences before it, within the paragraph's reach."""
        text = self.document.text
        low = self.span[0]
        pieces = tokenize(self.document.title or "")
        for _ in range(2):
            at = low - 1
            while at >= 0 and text[at].isspace():
                at -= 1
            if at < 0:
                break
            low = sentence_span(text, at, at + 1)[0]
        return pieces + tokenize(text[low : self.span[0]], low)

    def participants(self, event: EventRow) -> list[ParticipantRow]:
        """Fillers of an event's roles."""
        return self.graph.index.participants(event.id)

    def trigger_tokens(self, event: EventRow) -> list[Token]:
        """Tokens of an event's trigger in this sentence."""
        spans = [mention.span for row, mention in self.triggers if row.id == event.id]
        return [t for t in self.tokens if any(a < t.end and t.start < b for a, b in spans)]

    def key(self) -> tuple[str, int]:
        """What identifies it within a graph."""
        return self.document.id, self.span[0]


@dataclass(slots=True)
class Match:
    """How well a sentence speaks of what the frame is about.

    Args:
        sentence: the sentence.
        score: share of the question's weight that it covers, 0 to 1.
        anchor: index of the token that stands for the question's verb (or event), None if there is none.
        matched: for each unit its strength, 0 to 1.
        where: for each unit the index of its token in the sentence, -1 where it is not in it.
        event: the graph's event whose trigger is at the anchor.
        certain: whether the verb (or event word) is in the sentence itself and every name is known to it.
    """

    sentence: Sentence
    score: float
    anchor: int | None
    matched: list[float]
    where: list[int]
    event: EventRow | None = None
    certain: bool = False


class Pool:
    """Sentences of one graph for a frame.

    Args:
        graph: the graph.
        known_at: ISO date; documents published later are not read.
    """

    def __init__(self, graph: EventGraph, known_at: str | None = None) -> None:
        self.graph = graph
        self.known_at = known_at
        self._frequency: dict[str, int] = {}
        self._folded: dict[str, str] = {}
        self._sentences: dict[tuple[str, int], Sentence] = {}

    def weight(self, unit: Unit) -> float:
        """How much a unit tells: the rarer in the passages, the more; names and the verb tell more."""
        rarity = 1.0 - 0.55 * math.log1p(self.frequency(unit.text)) / math.log1p(_COMMON)
        factor = {"name": 1.5, "verb": 1.3, "noun": 1.0}[unit.kind]
        return round(factor * rarity, 4)

    def frequency(self, word: str) -> int:
        """In how many passages a word is found, counted up to a limit."""
        if word not in self._frequency:
            first = word.split()[-1] if word.split() else word
            self._frequency[word] = len(self.graph.index.search_passages(first, limit=_COMMON))
        return self._frequency[word]

    def matches(self, frame: Frame, units: Sequence[Unit] | None = None, limit: int = 40) -> list[Match]:
        """The sentences that cover the units best, best first."""
        wanted = tuple(units if units is not None else (*frame.units, *frame.focus))
        weights = [self.weight(u) for u in wanted]
        found = [self.match(sentence, wanted, weights) for sentence in self.sentences(wanted)]
        found = [m for m in found if m.score > 0.2]
        found.sort(key=lambda m: (-m.score, *m.sentence.key()))
        return found[:limit]

    def sentences(self, units: Sequence[Unit]) -> list[Sentence]:
        """Sentences of passages that hold the units' words, and those that tell of events of the named entities."""
        graph = self.graph
        names = [strip_titles(u.text) for u in units if u.kind == "name"]
        words = [u.text for u in units if u.kind != "name"]
        related = [w for u in units if u.kind != "name" for g in sorted(u.groups) for w in group_members(g)]
        keys: dict[tuple[str, int], Sentence] = {}

        def add(document: str, span: CharSpan) -> None:
            for sentence in self._split(document, span):
                keys.setdefault(sentence.key(), sentence)

        queries = [" ".join([*names, *words])]
        if related:
            queries.append(" ".join([*names, *words, *related]))
        if names and words:
            queries.append(" ".join(words))
        for query in queries:
            for row in graph.index.search_passages(query, limit=_PASSAGES):
                if self._readable(row.published):
                    add(row.document, row.span)
        actors = tuple(iri for u in units for iri in u.iris)
        events = [row for row, _ in graph.index.search_events(" ".join([*names, *words, *related]), limit=_EVENTS)]
        if actors:
            wanted = EventFilter(actors=actors, recorded_by=self.known_at)
            events += graph.index.events(wanted, order="weight", limit=_EVENTS)
        for event in {row.id: row for row in events}.values():
            for mention in graph.index.mentions(event.id)[:8]:
                if self._readable(mention.published):
                    add(mention.document, mention.span)
        return list(keys.values())

    def sentences_at(self, doc: str, span: CharSpan) -> list[Sentence]:
        """The sentences that a span of a document lies in; none where the document is not known yet."""
        if not self._readable(self.graph.document(doc).published):
            return []
        low, high = sentence_span(self.graph.document(doc).text, *span)
        return list(self._split(doc, (low, high)))

    def sentences_of(self, event: EventRow, limit: int = 6) -> list[Sentence]:
        """The sentences that tell of an event, as far as their documents are known yet."""
        mentions = self.graph.index.mentions(event.id)[:limit]
        return [sentence for m in mentions for sentence in self.sentences_at(m.document, m.span)]

    def name_strength(self, sentence: Sentence, unit: Unit) -> float:
        """How surely a sentence speaks of a name, 0 to 1."""
        return self._name(sentence, unit)[0]

    def strength(self, sentence: Sentence, unit: Unit) -> float:
        """How surely a sentence, or what stands around it, speaks of a unit, 0 to 1."""
        return (self._name(sentence, unit) if unit.kind == "name" else self._word(sentence, unit))[0]

    def _readable(self, published: str | None) -> bool:
        return self.known_at is None or (published is not None and published[: len(self.known_at)] <= self.known_at)

    def _split(self, doc: str, span: CharSpan) -> Iterable[Sentence]:
        document = self.graph.document(doc)
        at = span[0]
        while at < span[1]:
            while at < span[1] and document.text[at].isspace():
                at += 1
            if at >= span[1]:
                return
            low, high = sentence_span(document.text, at, at + 1)
            if high <= at:
                return
            key = (doc, low)
            if key not in self._sentences:
                self._sentences[key] = Sentence(self.graph, document, (low, high))
            yield self._sentences[key]
            at = high

    # -- scoring -----------------------------------------------------------------------------------------------------

    def match(self, sentence: Sentence, units: Sequence[Unit], weights: Sequence[float]) -> Match:
        """Score one sentence; see :class:`Match`."""
        strengths: list[float] = []
        places: list[int] = []
        for unit in units:
            strength, place = self._name(sentence, unit) if unit.kind == "name" else self._word(sentence, unit)
            strengths.append(strength)
            places.append(place)
        total = sum(weights) or 1.0
        score = sum(w * s for w, s in zip(weights, strengths, strict=True)) / total
        verb = next((i for i, u in enumerate(units) if u.kind == "verb"), None)
        anchor = places[verb] if verb is not None and places[verb] >= 0 else None
        if verb is None:
            nouns = [(w, i) for i, (u, w) in enumerate(zip(units, weights, strict=True)) if u.kind == "noun"]
            here = [(w, places[i]) for w, i in nouns if places[i] >= 0 and strengths[i] >= 0.8]
            anchor = max(here, key=lambda pair: (pair[0], -pair[1]))[1] if here else None
        event = self._event(sentence, anchor)
        missing = [u for u, s in zip(units, strengths, strict=True) if u.kind == "name" and s < _KNOWN]
        if missing:
            score *= 0.55 ** len(missing)
        if verb is not None and strengths[verb] < 0.8:
            score *= 0.6
        around = [u for u, s in zip(units, strengths, strict=True) if u.kind == "name" and 0 < s <= _CONTEXT]
        if around and self._names_others(sentence, units):
            score *= _OTHERS
        unsaid = sum(1 for u, s in zip(units, strengths, strict=True) if u.kind == "noun" and s == 0)
        score *= 0.75**unsaid
        certain = not missing and anchor is not None
        return Match(sentence, round(score, 4), anchor, strengths, places, event, certain)

    def _names_others(self, sentence: Sentence, units: Sequence[Unit]) -> bool:
        """Whether a sentence names somebody or some place that the question does not, dateline aside."""
        iris = {iri for u in units for iri in u.iris}
        words = {w for u in units for w in u.stem.split()}
        return any(
            row.iri not in iris and not words & set(normal_name(row.name).split()) and span[0] > sentence.span[0] + 25
            for row, span in sentence.entities
        )

    def _event(self, sentence: Sentence, anchor: int | None) -> EventRow | None:
        if anchor is None:
            return None
        token = sentence.tokens[anchor]
        for row, mention in sentence.triggers:
            if mention.span[0] < token.end and token.start < mention.span[1]:
                return row
        return None

    def _word(self, sentence: Sentence, unit: Unit) -> tuple[float, int]:
        best = (0.0, -1)
        for i, token in enumerate(sentence.tokens):
            strength = related(unit, token)
            if unit.kind == "verb" and strength and not sentence.headline and _named_after(sentence.tokens, i):
                strength = 0.4
            if strength > best[0]:
                best = (strength, i)
        if best[0] >= 0.8 or unit.kind == "verb":
            return best
        around = max((related(unit, t) for t in sentence.context), default=0.0)
        if around < 0.5 and self._in_document(sentence, [fold(unit.text)]):
            around = _ABOUT
        return max(best, (round(_CONTEXT * around, 4), -1), key=lambda pair: pair[0])

    def _name(self, sentence: Sentence, unit: Unit) -> tuple[float, int]:
        words = [w for w in normal_name(strip_titles(unit.text)).split() if w not in stop_words()] or [unit.stem]
        size = len(words)
        tokens = sentence.tokens
        lowers = [t.lower for t in tokens]
        plain = [w.lower for w in tokenize(" ".join(words))]
        for i in range(len(tokens) - len(plain) + 1):
            if all(_name_word(a, b) for a, b in zip(plain, lowers[i : i + len(plain)], strict=True)):
                return 1.0, i + len(plain) - 1
        iris = set(unit.iris)
        for row, span in sentence.entities:
            if row.iri in iris:
                at = next((i for i, t in enumerate(tokens) if t.end == span[1]), -1)
                return 0.95, at
        letters = "".join(w[0] for w in words) if size > 2 else ""
        for i, token in enumerate(tokens):
            acronym = letters and token.text.isupper() and fold(token.text) == letters
            surname = size > 1 and token.capital and token.lower == words[-1] and not _other_first(tokens, i, words)
            if acronym or (surname and self._in_document(sentence, words)):
                return 0.9, i
            if size == 1 and token.lower.rstrip("s") == words[0].rstrip("s"):
                return 0.95, i
        for event in sentence.events:
            if event.place in iris or any(p.entity in iris for p in sentence.participants(event)):
                return 0.8, -1
        context = {t.lower for t in sentence.context}
        if all(w in context for w in words) or (size > 1 and self._surname_around(sentence, words)):
            return _CONTEXT, -1
        if not self._in_document(sentence, words):
            return 0.0, -1
        # A document is about what it opens with or keeps naming; what comes up once says nothing of another sentence.
        text = fold(sentence.document.text)
        about = all(w in text[:_OPENING] or text.count(w) >= _OFTEN for w in words)
        return (_TOPIC if about else _ELSEWHERE), -1

    def _surname_around(self, sentence: Sentence, words: Sequence[str]) -> bool:
        """Whether what stands around a sentence has the last word of a name that the document has in full elsewhere."""
        around = sentence.context
        alone = any(t.lower == words[-1] and not _other_first(around, i, words) for i, t in enumerate(around))
        return alone and self._in_document(sentence, words)

    def _in_document(self, sentence: Sentence, words: Sequence[str]) -> bool:
        document = sentence.document
        if document.id not in self._folded:
            self._folded[document.id] = fold(f"{document.title or ''} {document.text}")
        return all(w in self._folded[document.id] for w in words)


def dateline(document: Document) -> str | None:
    """The first full date in the opening of a document without a date of publication ("PORT ELLERY, 8 April 2025")."""
    for moment in find_moments(document.text[:_OPENING], None):
        if moment.granularity == "day" and moment.begin is not None:
            return moment.begin[:10]
    return None


def related(unit: Unit, token: Token) -> float:
    """How closely a word of a sentence says what a unit of the question says: 1 the same, 0.85 a related word."""
    if not token.word:
        return 0.0
    if unit.stem != token.stem and not unit.groups & token.groups:
        return 0.0
    if unit.kind == "noun" and len(unit.groups) > 1 and is_past_form(token.text) and not is_past_form(unit.text):
        return 0.5  # "the dock strike" is not what an earthquake does when it "struck"
    if (
        unit.kind == "verb"
        and unit.stem != token.stem
        and token.lower.endswith(("er", "ers", "or", "ors", "man", "men"))
    ):
        return 0.85 if token.stem == "murder" else 0.5  # "attackers" are not an attack
    return 1.0 if unit.stem == token.stem else 0.85


def _named_after(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word is part of a name ("the Teachers' **Retirement** System"), not a happening."""
    beside = (*tokens[max(0, i - 1) : i], *tokens[i + 1 : i + 2])
    return i > 0 and tokens[i].capital and any(t.capital for t in beside)


def _other_first(tokens: Sequence[Token], i: int, words: Sequence[str]) -> bool:
    """Whether a surname follows somebody else's first name."""
    before = tokens[i - 1] if i > 1 else None
    return (
        before is not None and before.capital and before.lower not in words and before.lower not in words_in("titles")
    )


def _name_word(asked: str, said: str) -> bool:
    return asked == said or (len(asked) > 4 and (asked + "s" == said or asked == said + "s"))
