"""Search by words: passages, articles, videos and events, ranked by BM25."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ekg.errors import DataError
from ekg.graph import EventGraph
from ekg.index import EventRow
from ekg.model import CharSpan, MediaSpan
from ekg.time import parse_iso
from ekg.vocab import node_id

SearchKind = Literal["passage", "article", "video", "image", "event"]
_KINDS = ("passage", "article", "video", "image", "event")
_PER_DOCUMENT = 3
_TITLE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One result; ``span`` and ``text`` are None or the exact text of the document there."""

    id: str
    kind: str
    document: str
    title: str | None
    published: str | None
    score: float
    span: CharSpan | None
    text: str | None
    media: MediaSpan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """Results, best first."""

    query: str
    results: tuple[SearchResult, ...]

    def to_dict(self) -> dict[str, Any]:
        """The results as ``ekg search --json`` prints them."""
        return {
            "query": self.query,
            "results": [
                {
                    "id": r.id,
                    "kind": r.kind,
                    "document": r.document,
                    "title": r.title,
                    "published": r.published,
                    "score": r.score,
                    "span": list(r.span) if r.span else None,
                    "text": r.text,
                    "media": list(r.media) if r.media else None,
                }
                for r in self.results
            ],
        }

    def __len__(self) -> int:
        return len(self.results)


def search(
    graph: EventGraph,
    words: str,
    *,
    kind: str | None = None,
    begin: str | None = None,
    end: str | None = None,
    k: int = 10,
) -> SearchResults:
    """Find what words are about.

    Args:
        graph: the graph.
        words: free text; nothing in it is syntax.
        kind: ``passage`` (of any document), ``article`` or ``video`` (one result a document, with its best passage),
            ``event``, or ``image``, of which there are none yet; None finds passages, and videos without any text by
            their description.
        begin: ISO date; only documents published, or events happening, then or later.
        end: ISO date, excluded.
        k: how many results at most.

    Raises:
        DataError: an unknown kind, or a bound that is not an ISO date.
        KgError: the graph is in another engine and its texts are not at hand.
    """
    graph.require_texts()
    if kind is not None and kind not in _KINDS:
        raise DataError(f"no kind of result is called '{kind}'", hint=f"one of {', '.join(_KINDS)}")
    low, high = _instant(begin), _instant(end)
    if kind == "event":
        found = _events(graph, words, low, high, k)
    elif kind == "image":
        found = []
    else:
        found = _texts(graph, words, kind, low, high, k)
    found.sort(key=lambda r: (-r.score, r.document, r.span or (0, 0), r.id))
    return SearchResults(query=words, results=tuple(found[:k]))


def _instant(value: str | None) -> int | None:
    if value is None:
        return None
    try:
        return parse_iso(value)[0]
    except ValueError as error:
        raise DataError(str(error), hint="use an ISO date such as 2016-11-08") from error


def _texts(
    graph: EventGraph, words: str, kind: str | None, low: int | None, high: int | None, k: int
) -> list[SearchResult]:
    """Passages, or documents with their best passage; documents also by title and description."""
    documents = kind in {"article", "video"}
    media_kind = kind if documents else None
    titles = {
        row.name: row
        for row in graph.index.search_documents(words, limit=max(50, 3 * k), begin=low, end=high, kind=media_kind)
    }
    found: list[SearchResult] = []
    seen: dict[str, int] = {}
    for row in graph.index.search_passages(words, limit=max(60, 6 * k), begin=low, end=high, kind=media_kind):
        count = seen.get(row.document, 0)
        if count >= (1 if documents else _PER_DOCUMENT):
            continue
        seen[row.document] = count + 1
        bonus = _TITLE_WEIGHT * titles[row.document].score if documents and row.document in titles else 0.0
        text = graph.document(row.document).text[row.span[0] : row.span[1]]
        found.append(
            SearchResult(
                id=row.document if documents else f"{row.document}#char={row.span[0]},{row.span[1]}",
                kind=row.kind if documents else "passage",
                document=row.document,
                title=row.title,
                published=row.published,
                score=round(row.score + bonus, 4),
                span=row.span,
                text=text,
                media=row.media,
            )
        )
    for name, info in titles.items():
        # A video without captions has no passage; its description is all there is to find it by.
        if name in seen or not (documents or not graph.document(name).text.strip()):
            continue
        found.append(
            SearchResult(
                id=name,
                kind=info.kind,
                document=name,
                title=info.title,
                published=info.published,
                score=round(_TITLE_WEIGHT * info.score, 4),
                span=None,
                text=info.lead,
                media=None,
            )
        )
    return found


def _events(graph: EventGraph, words: str, low: int | None, high: int | None, k: int) -> list[SearchResult]:
    found: list[SearchResult] = []
    for row, score in graph.index.search_events(words, limit=max(100, 10 * k)):
        if len(found) >= k:
            break
        mentions = graph.index.mentions(row.id)
        if not mentions or not _overlaps(row, low, high):
            continue
        mention = mentions[0]
        evidence = graph.evidence(mention.document, mention.span, media=mention.media)
        found.append(
            SearchResult(
                id=node_id(row.iri),
                kind="event",
                document=mention.document,
                title=row.label,
                published=mention.published,
                score=score,
                span=evidence.span,
                text=evidence.quote,
                media=evidence.media,
            )
        )
    return found


def _overlaps(row: EventRow, low: int | None, high: int | None) -> bool:
    if low is None and high is None:
        return True
    first = _instant(row.begin)
    last = _instant(row.end)
    if first is None and last is None:
        return False
    starts = first if first is not None else (last or 0) - 1
    ends = last if last is not None else starts + 1
    return (low is None or ends > low) and (high is None or starts < high)
