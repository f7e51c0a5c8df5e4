"""EventStoryLine (Caselli and Vossen 2017, CC BY 3.0): causal and temporal links between the events of ECB+ news.

The archive holds the corpus's full-text annotation of version 0.9 (the 20 topics up to 35 of its 22): tokens, mentions,
``PLOT_LINK`` and ``TLINK``. A plot link is a ``PRECONDITION`` (the source makes the target possible or causes it) or a
``FALLING_ACTION`` (the source happens because of the target or in its wake). Links are between mentions as annotated;
they are not expanded over coreference in the archive (see `expanded`).
"""

from __future__ import annotations

import re
import tarfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ekg.errors import DataError

ARCHIVE = "eventstoryline.tar.gz"
_MEMBER = re.compile(r"(?:^|/)(\d+)/(\d+_\d+(?:ecb|ecbplus))\.xml\.xml$")
_TEMPORAL = {
    "BEFORE": "before",
    "AFTER": "after",
    "OVERLAP": "overlaps",
    "CONTAINS": "contains",
    "SIMULTANEOUS": "equals",
}
_PLOT = {"PRECONDITION": "precondition", "FALLING_ACTION": "falling_action"}


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """An event mention.

    Args:
        id: the corpus's ``m_id``, unique in the document.
        span: characters of the document's text.
        sentence: number of its sentence.
        kind: class without prefix, e.g. ``OCCURRENCE``, ``REPORTING``, ``CAUSATIVE``.
    """

    id: str
    span: tuple[int, int]
    sentence: int
    kind: str


@dataclass(frozen=True, slots=True)
class StoryLink:
    """A link between two events; ``kind`` is ``precondition``, ``falling_action`` or a temporal relation."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class StoryDocument:
    """A document: tokens joined by blanks, one sentence a line.

    Args:
        topic: number of the topic.
        name: file name without endings, e.g. ``1_10ecbplus``.
        text: the text that spans refer to.
        breaks: first character of each sentence.
        events: in text order.
        plot: plot links.
        temporal: temporal links between events (those to times and to the document's date are left out).
    """

    topic: int
    name: str
    text: str
    breaks: tuple[int, ...]
    events: tuple[StoryEvent, ...]
    plot: tuple[StoryLink, ...]
    temporal: tuple[StoryLink, ...]

    def causal_pairs(self) -> set[tuple[str, str]]:
        """Linked pairs without direction, each in text order."""
        order = {event.id: place for place, event in enumerate(self.events)}
        pairs = {(link.source, link.target) for link in self.plot}
        return {(a, b) if order[a] < order[b] else (b, a) for a, b in pairs}


def read_storylines(data: Path, topics: Collection[int] | None = None) -> list[StoryDocument]:
    """Documents by topic and name, read from the archive where it lies.

    Args:
        data: folder with ``eventstoryline.tar.gz``.
        topics: numbers of topics, all if None.

    Raises:
        DataError: the archive is missing, damaged or has a file that is not as expected.
    """
    path = data / ARCHIVE
    found: list[tuple[int, str, StoryDocument]] = []
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                match = _MEMBER.search(member.name)
                if match is None or (topics is not None and int(match[1]) not in topics):
                    continue
                stream = archive.extractfile(member)
                if stream is not None:
                    document = parse_storyline(stream.read(), int(match[1]), match[2], path)
                    found.append((int(match[1]), match[2], document))
    except (OSError, EOFError, tarfile.TarError) as error:
        raise DataError(f"cannot be read: {error}", path=path, hint="set EKG_DATA or --data") from error
    if not found:
        raise DataError("holds no document of these topics", path=path)
    return [document for _, _, document in sorted(found, key=lambda item: item[:2])]


def parse_storyline(content: bytes, topic: int, name: str, path: Path | None = None) -> StoryDocument:
    """One file of the corpus.

    Raises:
        DataError: it is not XML, or a link or mention points at nothing.
    """
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise DataError(f"{name}: not XML: {error}", path=path) from error
    text, breaks, where = _lay_out(root)
    events = _events(root, where, name, path)
    known = {event.id for event in events}
    plot = [link for link in _links(root, "PLOT_LINK", _PLOT) if link.source in known and link.target in known]
    temporal = [link for link in _links(root, "TLINK", _TEMPORAL) if link.source in known and link.target in known]
    return StoryDocument(
        topic,
        name,
        text,
        tuple(breaks),
        tuple(events),
        tuple(link for link in plot if link.source != link.target),
        tuple(link for link in temporal if link.source != link.target),
    )


Places = Mapping[str, tuple[int, int, int]]
"""Sentence, first character and character after the last of each token."""


def _lay_out(root: etree._Element) -> tuple[str, list[int], Places]:
    parts: list[str] = []
    breaks: list[int] = []
    where: dict[str, tuple[int, int, int]] = {}
    at = 0
    before: int | None = None
    for token in root.iter("token"):
        sentence = int(token.get("sentence", "0"))
        if before is not None:
            parts.append(" " if sentence == before else "\n")
            at += 1
        if sentence != before:
            breaks.append(at)
        word = token.text or ""
        where[token.get("t_id", "")] = (sentence, at, at + len(word))
        parts.append(word)
        at += len(word)
        before = sentence
    return "".join(parts), breaks, where


def _events(root: etree._Element, where: Places, name: str, path: Path | None) -> list[StoryEvent]:
    """Mentions of actions; the entries without tokens stand for instances across documents."""
    events = []
    for markable in root.iterfind("Markables/*"):
        kind = re.fullmatch(r"(?:NEG_)?ACTION_(\w+)", str(markable.tag))
        anchors = [anchor.get("t_id", "") for anchor in markable.iter("token_anchor")]
        if kind is None or not anchors:
            continue
        missing = next((anchor for anchor in anchors if anchor not in where), None)
        if missing is not None:
            raise DataError(
                f"{name}: mention {markable.get('m_id')} has token {missing}, which is not there", path=path
            )
        places = [where[anchor] for anchor in anchors]
        span = (min(low for _, low, _ in places), max(high for _, _, high in places))
        events.append(StoryEvent(markable.get("m_id", ""), span, min(s for s, _, _ in places), kind[1]))
    return sorted(events, key=lambda event: (event.span, event.id))


def _links(root: etree._Element, tag: str, kinds: Mapping[str, str]) -> Iterable[StoryLink]:
    for link in root.iterfind(f"Relations/{tag}"):
        source, target = link.find("source"), link.find("target")
        kind = kinds.get(link.get("relType") or "")
        if source is not None and target is not None and kind is not None:
            yield StoryLink(source.get("m_id", ""), target.get("m_id", ""), kind)


def chains(folder: Path, document: StoryDocument) -> dict[str, str]:
    """Coreference of a document's events in ECB+: a name of its chain by event id, for events that are in one.

    Args:
        folder: ``ecbplus/``, with ``TOPIC/NAME.xml``.
        document: as read from EventStoryLine, which numbers mentions as ECB+ does not: tokens match them.

    Raises:
        DataError: the file is missing or not XML.
    """
    path = folder / str(document.topic) / f"{document.name}.xml"
    try:
        root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise DataError(f"cannot be read: {error}", path=path, hint="set EKG_DATA or --data") from error
    _, _, where = _lay_out(root)
    at: dict[tuple[int, int], str] = {event.span: event.id for event in document.events}
    event_of: dict[str, str] = {}
    for markable in root.iterfind("Markables/*"):
        places = [where[a.get("t_id", "")] for a in markable.iter("token_anchor") if a.get("t_id", "") in where]
        if places:
            span = (min(low for _, low, _ in places), max(high for _, _, high in places))
            if span in at:
                event_of[markable.get("m_id", "")] = at[span]
    members: dict[str, str] = {}
    for number, link in enumerate(root.iterfind("Relations/*")):
        for source in link.iterfind("source"):
            event = event_of.get(source.get("m_id", ""))
            if event is not None:
                members[event] = f"{link.get('note') or number}"
    return members


def expanded(document: StoryDocument, chain: Mapping[str, str]) -> set[tuple[str, str]]:
    """Linked pairs after every mention of a chain took over the links of the others, as published scores count them."""
    order = {event.id: place for place, event in enumerate(document.events)}
    mentions: dict[str, list[str]] = defaultdict(list)
    for event in document.events:
        mentions[chain.get(event.id, event.id)].append(event.id)
    pairs = set()
    for link in document.plot:
        left, right = chain.get(link.source, link.source), chain.get(link.target, link.target)
        if left != right:
            pairs |= {(a, b) if order[a] < order[b] else (b, a) for a in mentions[left] for b in mentions[right]}
    return pairs | document.causal_pairs()
