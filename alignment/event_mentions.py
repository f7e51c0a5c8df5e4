"""Event mentions of many documents as columns: the form in which pairs are proposed and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from alignment.event_context import read_contexts
from alignment.event_documents import Documents, compare_documents, share_among_alike
from alignment.event_words import Rows, word_vectors
from alignment.resolution import event_order
from alignment.sparse import Bools, Floats, Ints, Matrix, tf_idf
from alignment.words import content_words, stem
from ekg.errors import DataError
from ekg.model import Event, EventTime, Extraction
from ekg.time import parse_iso

_DAY = 86_400
OPEN = np.iinfo(np.int64).max
# Reports, thoughts and beginnings are told of everything: an equal verb says little about what it is about.
_LIGHT_WORDS = (
    "say tell report announce think believe know want expect begin start stop continue make do have be go "
    "get take come give use call ask add show see hear find need plan hope try keep help put occur happen maintain "
    "change effect affect problem allow let include remain provide seem become turn bring move follow work look live "
    "mean cause lead lack run set hold talk speak comment statement issue way thing case time event activity action "
    "tweet write post reveal quote note explain describe confirm claim argue warn insist admit deny respond reply "
    "step effort process situation experience result impact role matter choice select want pay"
)
_LIGHT = frozenset(stem(w) for w in _LIGHT_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMentions:
    """All event mentions, in the order on which node ids depend. Arrays have one row a mention unless stated.

    Args:
        events: the mentions.
        document: number of the mention's document.
        start: first character of the trigger.
        position: place in its document, 0 first to 1 last.
        stems: stem of the trigger's head.
        vectors: vector of the trigger's head, length 1 or 0.
        repeats: logarithm of how often the document has the stem.
        common: share of the documents like the mention's own that have the stem.
        confined: share of the documents with the stem that are like the mention's own.
        light: whether the verb is told of everything.
        grams: character 3-grams of the trigger, TF-IDF, rows of length 1.
        near: words about the trigger's phrase, TF-IDF, rows of length 1 or 0.
        wide: words about its sentence.
        names: names and numbers about its sentence.
        arguments: words of arguments and place.
        entities: nodes of arguments and place, one column a node, 0 or 1.
        places: the same for the place only.
        begin: first second of the days of the valid time, ``-OPEN`` where unknown.
        end: second after the last one of them, ``OPEN`` where unknown.
        negative: whether the text denies the event.
        documents: similarities of the documents.
        published: day of publication by document, ``OPEN`` where unknown.
    """

    events: list[Event]
    document: Ints
    start: Ints
    position: Floats
    stems: list[str]
    vectors: Rows
    repeats: Floats
    common: Floats
    confined: Floats
    light: Bools
    grams: Matrix
    near: Matrix
    wide: Matrix
    names: Matrix
    arguments: Matrix
    entities: Matrix
    places: Matrix
    begin: Ints
    end: Ints
    negative: Bools
    documents: Documents
    published: Ints

    def __len__(self) -> int:
        return len(self.events)


def collect(
    records: Sequence[Extraction], nodes: dict[str, str], *, neighbours: int, texts: Mapping[str, str] | None = None
) -> EventMentions:
    """Columns of all event mentions.

    Args:
        records: in the order on which node ids depend.
        nodes: node of every document-level entity.
        neighbours: documents to compare each with, itself included.
        texts: text by document id; a record stands in for a text that is absent.

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
    heads = [_head(e) for e in events]
    stems = [stem(head) for head in heads]
    times = [_bounds(e) for e in events]
    number = np.array(document, dtype=np.int64)
    in_document = Counter(zip(document, stems, strict=True))
    context = read_contexts(records, texts or {})
    documents = compare_documents(context.document, context.document_names, neighbours=neighbours)
    common, confined = share_among_alike(documents, number, stems)
    return EventMentions(
        events=events,
        document=number,
        start=np.array([e.trigger.span[0] for e in events], dtype=np.int64),
        position=np.array(position),
        stems=stems,
        vectors=word_vectors(heads),
        repeats=np.array([np.log(in_document[d, s]) for d, s in zip(document, stems, strict=True)]),
        common=common,
        confined=confined,
        light=np.array([s in _LIGHT for s in stems], dtype=bool),
        grams=tf_idf([_grams(e.lemma or e.trigger.text) for e in events])[0],
        near=tf_idf(context.near)[0],
        wide=tf_idf(context.wide)[0],
        names=tf_idf(context.names)[0],
        arguments=tf_idf([_argument_words(e) for e in events])[0],
        entities=_incidence([_event_nodes(e, nodes) for e in events]),
        places=_incidence([[nodes.get(e.place.entity or "", e.place.entity or "")] if e.place else [] for e in events]),
        begin=np.array([t[0] for t in times], dtype=np.int64),
        end=np.array([t[1] for t in times], dtype=np.int64),
        negative=np.array([e.polarity == "negative" for e in events], dtype=bool),
        documents=documents,
        published=np.array([_day(r) for r in records], dtype=np.int64),
    )


def _head(event: Event) -> str:
    words = (event.lemma or event.trigger.text).split()
    return words[-1] if words else ""


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


def _bounds(event: Event) -> tuple[int, int]:
    time: EventTime | None = event.time
    if time is None:
        return -OPEN, OPEN
    try:
        # Reports of one event differ by minutes and hours, and in their time zones.
        begin = -OPEN if time.begin is None else parse_iso(time.begin)[0] // _DAY * _DAY
        end = OPEN if time.end is None else -(-parse_iso(time.end)[0] // _DAY) * _DAY
    except ValueError as error:
        raise DataError(f"event '{event.id}': {error}", field="time", hint="times are ISO 8601") from error
    return begin, end


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
