"""Event mentions of many documents as columns: the form in which pairs are proposed and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from alignment.resolution import event_order
from alignment.sparse import Bools, Floats, Ints, Matrix, tf_idf, top_products
from alignment.words import content_words, stem
from ekg.errors import DataError
from ekg.model import Event, EventTime, Extraction
from ekg.time import parse_iso

_DAY = 86_400
_DAY_LEVEL = frozenset({"second", "minute", "hour", "part_of_day", "day"})
OPEN = np.iinfo(np.int64).max
# Reports, thoughts and beginnings are told of everything: an equal verb says little about what it is about.
_LIGHT_WORDS = (
    "say tell report announce think believe know want expect begin start stop continue make do have be go "
    "get take come give use call ask add show see hear find need plan hope try keep help"
)
_LIGHT = frozenset(stem(w) for w in _LIGHT_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMentions:
    """All event mentions, in the order on which node ids depend. Arrays have one row a mention unless stated.

    Args:
        events: the mentions.
        document: number of the mention's document.
        position: place in its document, 0 first to 1 last.
        stems: stem of the trigger's head.
        trigger: character 3-grams of the trigger, TF-IDF, rows of length 1.
        words: words of arguments and place, TF-IDF, rows of length 1 or 0.
        entities: nodes of arguments and place, one column a node, 0 or 1.
        places: the same for the place only.
        begin: first second of the valid time, ``-OPEN`` where unknown.
        end: second after the last, ``OPEN`` where unknown.
        precise: whether the time is known to the day or better.
        negative: whether the text denies the event.
        actual: whether the text presents it as a fact.
        similarity: documents × documents, cosine of their events and names, only each one's nearest.
        published: day of publication by document, ``OPEN`` where unknown.
    """

    events: list[Event]
    document: Ints
    position: Floats
    stems: list[str]
    rarity: Floats
    repeats: Floats
    light: Bools
    trigger: Matrix
    words: Matrix
    entities: Matrix
    places: Matrix
    begin: Ints
    end: Ints
    precise: Bools
    negative: Bools
    actual: Bools
    similarity: Matrix
    published: Ints

    def __len__(self) -> int:
        return len(self.events)


def collect(records: Sequence[Extraction], nodes: dict[str, str], *, neighbours: int) -> EventMentions:
    """Columns of all event mentions.

    Args:
        records: in the order on which node ids depend.
        nodes: node of every document-level entity.
        neighbours: documents to keep for each in ``similarity``, itself included.

    Raises:
        DataError: a time is not ISO 8601.
    """
    events: list[Event] = []
    document: list[int] = []
    position: list[float] = []
    for d, record in enumerate(records):
        length = max(record.document.length, 1)
        for event in sorted(record.events, key=event_order):
            events.append(event)
            document.append(d)
            position.append(min(event.trigger.span[0] / length, 1.0))
    stems = [
        stem((e.lemma or e.trigger.text).split()[-1] if (e.lemma or e.trigger.text).strip() else "") for e in events
    ]
    times = [_bounds(e) for e in events]
    in_document = Counter(zip(document, stems, strict=True))
    documents_of = Counter(s for _, s in in_document)
    arguments = [_argument_words(e) for e in events]
    return EventMentions(
        events=events,
        document=np.array(document, dtype=np.int64),
        position=np.array(position),
        stems=stems,
        rarity=np.array([np.log((len(records) + 1) / documents_of[s]) for s in stems]) / np.log(len(records) + 2),
        repeats=np.array([np.log(in_document[d, s]) for d, s in zip(document, stems, strict=True)]),
        light=np.array([s in _LIGHT for s in stems], dtype=bool),
        trigger=tf_idf([_grams(e.lemma or e.trigger.text) for e in events])[0],
        words=tf_idf(arguments)[0],
        entities=_incidence([_event_nodes(e, nodes) for e in events]),
        places=_incidence([[nodes.get(e.place.entity or "", e.place.entity or "")] if e.place else [] for e in events]),
        begin=np.array([t[0] for t in times], dtype=np.int64),
        end=np.array([t[1] for t in times], dtype=np.int64),
        precise=np.array([t[2] for t in times], dtype=bool),
        negative=np.array([e.polarity == "negative" for e in events], dtype=bool),
        actual=np.array([e.modality in {"actual", "reported"} for e in events], dtype=bool),
        similarity=_document_similarity(records, nodes, document, stems, arguments, neighbours),
        published=np.array([_day(r) for r in records], dtype=np.int64),
    )


def _grams(text: str) -> list[str]:
    padded = f"^{stem(text.casefold())}$"
    return [padded[i : i + 3] for i in range(max(len(padded) - 2, 1))]


def _argument_words(event: Event) -> list[str]:
    texts = [a.text for a in event.arguments if a.status != "missing"]
    if event.place:
        texts.append(event.place.text)
    return sorted({stem(w) for text in texts for w in content_words(text)})


def _event_nodes(event: Event, nodes: dict[str, str]) -> list[str]:
    found = {a.entity for a in event.arguments if a.entity}
    if event.place and event.place.entity:
        found.add(event.place.entity)
    return sorted({nodes.get(e, e) for e in found})


def _incidence(rows: Sequence[Sequence[str]]) -> Matrix:
    columns = {name: i for i, name in enumerate(sorted({n for row in rows for n in row if n}))}
    indices = [columns[n] for row in rows for n in row if n]
    indptr = np.cumsum([0, *(sum(bool(n) for n in row) for row in rows)])
    return sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(rows), max(len(columns), 1)))


def _document_similarity(
    records: Sequence[Extraction],
    nodes: dict[str, str],
    document: Sequence[int],
    stems: Sequence[str],
    arguments: Sequence[Sequence[str]],
    neighbours: int,
) -> Matrix:
    texts: list[list[str]] = [[] for _ in records]
    for d, trigger, words in zip(document, stems, arguments, strict=True):
        texts[d].append(trigger)
        texts[d] += words
    for d, record in enumerate(records):
        for entity in record.entities:
            count = 1 + min(len(entity.mentions), 4)
            texts[d] += [f"node:{nodes[entity.id]}"] * count
            texts[d] += [stem(w) for w in content_words(entity.name)]
        texts[d] += [stem(w) for w in content_words(record.document.title or "")]
    (rows,) = tf_idf(texts)
    i, j, values = top_products(rows, rows, neighbours)
    nearest = sparse.csr_matrix((values, (i, j)), shape=(len(records), len(records)))
    return sparse.csr_matrix(nearest.maximum(nearest.T))


def _bounds(event: Event) -> tuple[int, int, bool]:
    time: EventTime | None = event.time
    if time is None:
        return -OPEN, OPEN, False
    try:
        begin = -OPEN if time.begin is None else parse_iso(time.begin)[0]
        end = OPEN if time.end is None else parse_iso(time.end)[0]
    except ValueError as error:
        raise DataError(f"event '{event.id}': {error}", field="time", hint="times are ISO 8601") from error
    if begin == -OPEN or end == OPEN:
        return begin, end, False
    return begin, end, end - begin <= _DAY or time.granularity in _DAY_LEVEL


def _day(record: Extraction) -> int:
    published = record.document.published
    if not published:
        return int(OPEN)
    try:
        return parse_iso(published)[0] // _DAY
    except ValueError as error:
        raise DataError(
            f"document '{record.document.id}': {error}", field="published", hint="dates are ISO 8601"
        ) from error
