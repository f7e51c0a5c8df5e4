"""ECB+ as extraction records with gold mentions, and the pair model of event resolution trained on it.

ECB+: Cybulska and Vossen, "Using a sledgehammer to crack a nut?", LREC 2014. Only the validated sentences count.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from lxml import etree

from alignment.event_weights import EventWeights
from alignment.resolution import ResolveConfig, ordered
from alignment.words import stem
from ekg.errors import DataError
from ekg.ids import entity_id, event_id
from ekg.model import Argument, DocumentInfo, Entity, Event, EventTime, Extraction, Place, Trigger

TRAIN_TOPICS = tuple(t for t in range(1, 31))
DEV_TOPICS = (31, 32, 33, 34, 35)

_ENTITY_TYPES = {"HUMAN_PART_PER": "person", "HUMAN_PART_ORG": "organization", "LOC_GEO": "place", "LOC_FAC": "place"}
# ECB+ gives no dates of publication, so that this one cannot be learned there.
HAND_SET = {"log_days_apart": -0.35}

_ACTION = re.compile(r"(NEG_)?ACTION_")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvents:
    """Records with gold mentions and, by event mention id, the gold cluster across all documents."""

    records: list[Extraction] = field(default_factory=list)
    clusters: dict[str, str] = field(default_factory=dict)


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
    listing = folder / "coreference_sentences.csv"
    if not listing.is_file():
        raise DataError("there is no coreference_sentences.csv", path=folder, hint="give the folder of ECB+")
    sentences: dict[tuple[int, str], set[int]] = defaultdict(set)
    with listing.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            sentences[int(row["Topic"]), row["File"]].add(int(row["Sentence Number"]))
    gold = GoldEvents()
    for topic in topics:
        for path in sorted((folder / str(topic)).glob("*.xml")):
            name = path.stem.split("_", 1)[1]
            _read_document(path, f"{topic}_{name}", sentences[topic, name], types or {}, gold)
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
    gold.records.append(_record(doc, " ".join(words), mentions, types, gold.clusters))


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
        lemma = m.text.split()[0].casefold()
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


def b_cubed(predicted: Mapping[str, str], gold: Mapping[str, str]) -> dict[str, float]:
    """B³ precision, recall and F1 (Bagga and Baldwin 1998) of clusters given as item → cluster.

    >>> b_cubed({"a": "x", "b": "x"}, {"a": "1", "b": "2"})
    {'precision': 0.5, 'recall': 1.0, 'f1': 0.6667}
    """
    sizes, gold_sizes = Counter(predicted[k] for k in gold), Counter(gold.values())
    both = Counter((predicted[k], gold[k]) for k in gold)
    precision = sum(n * n / sizes[p] for (p, _), n in both.items()) / max(len(gold), 1)
    recall = sum(n * n / gold_sizes[g] for (_, g), n in both.items()) / max(len(gold), 1)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def train_event_pairs(gold: GoldEvents, *, neighbours: int = 25, limit: int = 60, c: float = 1.0) -> EventWeights:
    """Fit the pair model on gold clusters: a logistic regression over the pairs that blocking proposes."""
    from sklearn.linear_model import LogisticRegression

    from alignment.entity_resolution import resolve_entities
    from alignment.event_mentions import collect
    from alignment.event_pairs import FEATURES, pair_features, propose

    records = ordered(gold.records)
    nodes, _ = resolve_entities(records, must_link=(), cannot_link=(), config=ResolveConfig())
    mentions = collect(records, nodes, neighbours=neighbours)
    i, j = propose(mentions, limit=limit)
    clusters = [gold.clusters[e.id] for e in mentions.events]
    labels = [clusters[a] == clusters[b] for a, b in zip(i.tolist(), j.tolist(), strict=True)]
    model = LogisticRegression(C=c, max_iter=2000).fit(pair_features(mentions, i, j), labels)
    learned = zip(FEATURES, model.coef_[0].tolist(), strict=True)
    return EventWeights(
        source="ECB+ topics 1-30, gold mentions (CC BY 3.0); days between publications set by hand",
        intercept=round(float(model.intercept_[0]), 4),
        coefficients={name: round(value, 4) for name, value in learned} | HAND_SET,
    )
