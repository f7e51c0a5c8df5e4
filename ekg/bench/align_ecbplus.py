"""ECB+ as extraction records with gold mentions, and its documents as text.

ECB+: Cybulska and Vossen, "Using a sledgehammer to crack a nut?", LREC 2014. Only the validated sentences count.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from lxml import etree

from alignment.words import stem
from ekg.ids import entity_id, event_id
from ekg.model import Argument, DocumentInfo, Entity, Event, EventTime, Extraction, Place, Trigger
from extractors.training.readers.ecbplus import validated_sentences

TRAIN_TOPICS = tuple(t for t in range(1, 31))
DEV_TOPICS = (31, 32, 33, 34, 35)

_ENTITY_TYPES = {"HUMAN_PART_PER": "person", "HUMAN_PART_ORG": "organization", "LOC_GEO": "place", "LOC_FAC": "place"}

_ACTION = re.compile(r"(NEG_)?ACTION_")
_WORDS = re.compile(r"[^\W\d_][\w'’-]*|\d+")
_PARTICLES = "of to in on at by for with from into up down out off away over after against about as through back"
_AFTER_HEAD = frozenset(_PARTICLES.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvents:
    """Records with gold mentions.

    Args:
        records: one a document.
        clusters: by event mention id, the gold cluster across all documents.
        texts: by document id, all tokens of the document joined by blanks; spans of the records are its characters.
        validated: by document id, spans of the sentences whose events are all marked.
    """

    records: list[Extraction] = field(default_factory=list)
    clusters: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    validated: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Mention:
    tag: str
    start: int
    end: int
    text: str
    sentence: int
    cluster: str


def read_ecbplus(folder: Path, topics: Iterable[int], types: dict[str, str] | None = None) -> GoldEvents:
    """Read gold event mentions with the participants, places and dates of their sentences as arguments.

    Clusters and the coreference of participants are not used for the records: entities of a document are its
    participants by name. A mention without a gold chain is a cluster of its own.

    Args:
        folder: ``ecbplus`` of the data.
        topics: topic numbers.
        types: event type by trigger stem, as an extractor would give it; all others are ``Event``.

    Raises:
        DataError: the folder is not ECB+.
    """
    sentences = validated_sentences(folder)
    gold = GoldEvents()
    for topic in topics:
        for path in sorted((folder / str(topic)).glob("*.xml")):
            name = path.stem.split("_", 1)[1]
            _read_document(path, f"{topic}_{name}", sentences.get((topic, name), set()), types or {}, gold)
    return gold


def _read_document(path: Path, doc: str, valid: set[int], types: dict[str, str], gold: GoldEvents) -> None:
    root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True, recover=True)).getroot()
    tokens: dict[str, tuple[int, int, str, int]] = {}
    words: list[str] = []
    offset = 0
    for token in root.iter("token"):
        text = token.text or ""
        tokens[token.get("t_id", "")] = (offset, offset + len(text), text, int(token.get("sentence", "0")))
        words.append(text)
        offset += len(text) + 1
    mentions, instance = [], {}
    markables = root.find("Markables")
    for item in markables if markables is not None else ():
        if item.get("instance_id"):
            instance[item.get("m_id", "")] = item.get("instance_id", "")
    chain = {}
    for relation in root.iter("CROSS_DOC_COREF", "INTRA_DOC_COREF"):
        target = relation.find("target")
        local = target.get("m_id", "") if target is not None else ""
        if relation.tag == "CROSS_DOC_COREF":
            cluster = relation.get("note") or instance.get(local, "")
        else:
            cluster = f"{doc}/{local}"
        for source in relation.iter("source"):
            chain[source.get("m_id", "")] = cluster
    for item in markables if markables is not None else ():
        anchors = [tokens[a.get("t_id", "")] for a in item.iter("token_anchor")]
        if not anchors or anchors[0][3] not in valid:
            continue
        anchors.sort()
        number = item.get("m_id", "")
        mentions.append(
            _Mention(
                str(item.tag),
                anchors[0][0],
                anchors[-1][1],
                " ".join(a[2] for a in anchors),
                anchors[0][3],
                chain.get(number, f"{doc}/{number}"),
            )
        )
    gold.texts[doc] = " ".join(words)
    sentences: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end, _, sentence in tokens.values():
        if sentence in valid:
            sentences[sentence].append((start, end))
    gold.validated[doc] = [(spans[0][0], spans[-1][1]) for _, spans in sorted(sentences.items())]
    gold.records.append(_record(doc, gold.texts[doc], mentions, types, gold.clusters))


def _record(
    doc: str, text: str, mentions: Sequence[_Mention], types: dict[str, str], clusters: dict[str, str]
) -> Extraction:
    entities: dict[str, Entity] = {}
    by_sentence: dict[int, list[_Mention]] = defaultdict(list)
    for m in sorted(mentions, key=lambda m: (m.start, m.end, m.tag)):
        if not _ACTION.match(m.tag) and not m.tag.startswith(("TIME", "UNKNOWN")):
            by_sentence[m.sentence].append(m)
            if _named(m):
                key = entity_id(doc, m.text)
                old = entities.get(key)
                spans = (*(old.mentions if old else ()), (m.start, m.end))
                entities[key] = Entity(
                    id=key, type=_ENTITY_TYPES.get(m.tag, "other"), name=old.name if old else m.text, mentions=spans
                )
    events: dict[str, Event] = {}
    for m in sorted(mentions, key=lambda m: (m.start, m.end, m.tag)):
        if not _ACTION.match(m.tag):
            continue
        key = event_id(doc, m.start, m.end)
        near = by_sentence[m.sentence]
        place = next((p for p in near if p.tag.startswith("LOC")), None)
        lemma = head_word(m.text)
        events[key] = Event(
            id=key,
            type=types.get(stem(lemma), "Event"),
            trigger=Trigger(text=m.text, span=(m.start, m.end)),
            lemma=lemma,
            polarity="negative" if m.tag.startswith("NEG") else "positive",
            arguments=tuple(
                Argument(
                    role="Participant",
                    text=p.text,
                    span=(p.start, p.end),
                    entity=entity_id(doc, p.text) if _named(p) else None,
                )
                for p in near
                if p is not place
            ),
            time=_time([t for t in mentions if t.tag == "TIME_DATE" and t.sentence == m.sentence]),
            place=Place(
                entity=entity_id(doc, place.text) if _named(place) else None,
                text=place.text,
                span=(place.start, place.end),
            )
            if place
            else None,
        )
        clusters[key] = m.cluster
    info = DocumentInfo(id=doc, kind="article", title=None, published=None, lang="en", length=len(text))
    return Extraction(document=info, events=tuple(events.values()), entities=tuple(entities.values()))


def head_word(trigger: str) -> str:
    """Head of a trigger of several words, without a parse: the last word before a particle or preposition.

    >>> head_word("scoring record"), head_word("gunned down"), head_word("death of the king")
    ('record', 'gunned', 'death')
    """
    words: list[str] = _WORDS.findall(trigger.casefold()) or [trigger.casefold()]
    for place, word in enumerate(words):
        if place and word in _AFTER_HEAD:
            return words[place - 1]
    return words[-1]


def _named(mention: _Mention) -> bool:
    return any(w[:1].isupper() for w in mention.text.split())


def _time(dates: Sequence[_Mention]) -> EventTime | None:
    """The sentence's date where it has exactly one and that one is absolute."""
    from ekg.time import parse_time

    if len(dates) != 1:
        return None
    value = parse_time(dates[0].text)
    if value is None or value.begin is None or value.end is None or value.anchor != "text":
        return None
    return EventTime(
        begin=value.begin,
        end=value.end,
        granularity=value.granularity,
        text=dates[0].text,
        span=(dates[0].start, dates[0].end),
        anchor="text",
        approximate=True,
    )


def geneva_types(train: Path) -> dict[str, str]:
    """Most frequent event type by trigger stem in GENEVA's ``train.json``."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in msgspec.json.decode(train.read_bytes()):
        for event in row["event_mentions"]:
            counts[stem(event["trigger"]["text"].split()[0])][event["event_type"]] += 1
    return {s: min(c, key=lambda t: (-c[t], t)) for s, c in counts.items()}
