"""An event graph: the store, the documents and the index behind one object."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ekg import registry
from ekg.errors import DataError, KgError, NotFoundError
from ekg.graph.sentences import sentence_span
from ekg.graph.views import EntityView, EventList, EventView
from ekg.ids import IRI
from ekg.index import EventFilter, Index
from ekg.model import Answer, CharSpan, Document, Evidence, MediaSpan
from ekg.store import DocumentStore, Manifest, Store, from_python, to_python
from ekg.store.base import QueryResult
from ekg.store.oxigraph import OxigraphStore
from ekg.store.snapshots import Pin
from ekg.time import parse_iso
from ekg.vocab import node_iri

if TYPE_CHECKING:
    import networkx
    import pyarrow
    import rdflib
    from torch_geometric.data import HeteroData


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """A node as aligners see it; ``kind`` is ``event`` or ``entity``, times are ISO and half-open."""

    id: str
    kind: str
    type: str
    name: str
    aliases: tuple[str, ...]
    begin: str | None
    end: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A fact as aligners see it: event, role or ``place`` or relation, node; with the event's time."""

    subject: str
    predicate: str
    object: str
    begin: str | None
    end: str | None


def _instant(value: str | None, *, last: bool = False) -> int | None:
    """Seconds of an ISO date.

    Raises:
        DataError: it is not one.
    """
    if value is None:
        return None
    try:
        return parse_iso(value)[1 if last else 0]
    except ValueError as error:
        raise DataError(str(error), hint="use an ISO date such as 2016-11-08, 2016-11 or 2016") from error


class EventGraph:
    """A temporal event knowledge graph. Made by :func:`ekg.open`; use it as a context manager.

    Args:
        store: the quads.
        documents: the documents.
        index: the index over both, or what makes it when it is first asked.
        manifest: what the graph says of itself.
        path: its directory, None in memory.
        pin: holds the snapshot of the directory that this is, as long as it is open.
        address: of the engine that holds the quads, if they are in another one.
        texts: whether ``documents`` are those of the graph, and not just absent.
    """

    def __init__(
        self,
        store: Store,
        documents: DocumentStore,
        index: Index | Callable[[], Index],
        manifest: Manifest,
        path: Path | None = None,
        pin: Pin | None = None,
        *,
        address: str | None = None,
        texts: bool = True,
    ) -> None:
        self.store = store
        self.documents = documents
        self._index = index
        self.manifest = manifest
        self.path = path
        self._pin = pin
        self._address = address
        self._texts = texts
        self.document = lru_cache(maxsize=256)(self._document)
        self._entity_cache: dict[str, tuple[str, ...]] = {}

    def __enter__(self) -> EventGraph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release files; a second call does nothing."""
        self.store.close()
        self.documents.close()
        if isinstance(self._index, Index):
            self._index.close()
        if self._pin is not None:
            self._pin.close()

    @property
    def index(self) -> Index:
        """Times, types, participants, places and text, for quick answers."""
        if not isinstance(self._index, Index):
            self._index = self._index()
        return self._index

    @property
    def local_store(self) -> OxigraphStore:
        """The store, where it is on this machine.

        Raises:
            KgError: the quads are in another engine.
        """
        if not isinstance(self.store, OxigraphStore):
            raise KgError("the graph is in another engine", hint="ask it itself, or import an export of it here")
        return self.store

    @property
    def place(self) -> str:
        """Where it is: its directory, the address of its engine, or ``memory:``."""
        return self._address or (str(self.path) if self.path else "memory:")

    def require_texts(self) -> None:
        """Make sure that the texts of documents are at hand, which searching and asking quote.

        Raises:
            KgError: the graph is in another engine, which holds quads only, and nothing says where the texts are.
        """
        if not self._texts:
            raise KgError(
                f"{self.place}: the engine holds no texts of documents, which searching and asking quote",
                hint="add #documents=KG, the directory that the quads were exported from; events, timeline, query and "
                "align do without",
            )

    # -- events and entities -----------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return self.index.count_events(EventFilter())

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[EventView]:
        return iter(EventList(self, EventFilter()))

    def event(self, iri: str) -> EventView:
        """An event by IRI or short id.

        Raises:
            NotFoundError: there is none.
        """
        wanted = iri if ":" in iri else node_iri(iri)
        rows = self.index.events_by_iri([wanted]) or self.index.events_by_iri([self._redirected(wanted)])
        if not rows:
            raise NotFoundError(f"no event '{iri}' in the graph", hint="`ekg events KG` lists them")
        return EventView(self, rows[0])

    def entity(self, name: str) -> EntityView:
        """An entity by IRI, short id or name (the most mentioned one of that name).

        Raises:
            NotFoundError: there is none.
        """
        wanted = name if ":" in name else node_iri(name)
        row = self.index.entity(wanted) or self.index.entity(self._redirected(wanted))
        if row is None:
            found = self.index.find_entities(name, limit=1)
            row = found[0] if found else None
        if row is None:
            raise NotFoundError(f"no entity '{name}' in the graph", hint=self.suggestion(name))
        return EntityView(self, row)

    def _redirected(self, iri: str) -> str:
        """Where the IRI of a vanished node leads to: nodes are named after their first member, which may change."""
        history = self.path / "runs" / "redirects.tsv" if self.path else None
        if history is None or not history.exists():
            return iri
        lines = history.read_text(encoding="utf-8").splitlines()
        moved = dict(line.split("\t", 1) for line in lines if "\t" in line)
        for _ in moved:
            if iri not in moved:
                break
            iri = moved[iri]
        return iri

    def _named(self, name: str) -> tuple[str, ...]:
        """IRIs of the entities that a user means by a name: all of exactly that name, else all whose name holds it."""
        if name.startswith(("urn:", "http:", "https:")):
            return (name,)
        if name not in self._entity_cache:
            exact = self.index.find_entities(name, limit=50, exact=True)
            rows = exact or self.index.find_entities(name, limit=50)
            self._entity_cache[name] = tuple(row.iri for row in rows)
        return self._entity_cache[name]

    def suggestion(self, name: str) -> str | None:
        """A hint for a name that no entity has: the names that are near, None where none is."""
        near = self.index.near_names(name)
        return f"did you mean {' or '.join(near)}?" if near else None

    def check_type(self, name: str) -> None:
        """Whether a name is that of an event type, so that a misspelt one is not taken for one without events.

        Raises:
            DataError: no event of the graph has the type, and no ontology in use knows it; the message suggests others.
        """
        kept = str(self.manifest.config.get("ontology", ""))
        if self.index.has_type(name) or re.search(rf"\b{re.escape(name)}\b", kept):
            return
        known = {found for found, _ in self.index.type_counts()}
        known.update(registry.part("event-types")())
        if name not in known:
            by_lower = {found.lower(): found for found in sorted(known)}
            near = [by_lower[found] for found in get_close_matches(name.lower(), list(by_lower), n=3, cutoff=0.6)]
            hint = f"did you mean {' or '.join(near)}?" if near else "`ekg info KG` and `ekg ontology list` show types"
            raise DataError(f"no event type is called '{name}'", hint=hint)

    def unknown_name(self, name: str) -> str | None:
        """What to say of a name if nothing of the graph is what a user could mean by it, else None."""
        if self._places(name):
            return None
        hint = self.suggestion(name)
        return f"nothing in the graph is called '{name}'" + (f" ({hint})" if hint else "")

    def _places(self, name: str) -> tuple[str, ...]:
        """IRIs of the places that a user means by a name, and of what places of the graph lie in."""
        if name.startswith(("urn:", "http:", "https:")):
            return (name,)
        exact = tuple(row.iri for row in self.index.find_entities(name, limit=50, exact=True))
        return (*exact, *self.index.containers(name)) or self._named(name)

    def events(
        self,
        *,
        type: str | None = None,
        actor: str | None = None,
        place: str | None = None,
        begin: str | None = None,
        end: str | None = None,
        text: str | None = None,
        document: str | None = None,
        missing: Sequence[str] = (),
        polarity: str | None = None,
        modality: str | None = None,
    ) -> EventList:
        """Events that match all that is given, in time order, as a lazy list.

        Args:
            type: name of an event type.
            actor: name or IRI of a participant.
            place: name or IRI of the place, or of a region, country or continent that it lies in.
            begin: ISO date; events that ended before are left out.
            end: ISO date, excluded; events that began then or later are left out.
            text: words in label, participants or triggers.
            document: id of a document that tells of it.
            missing: ``time``, ``place``, or roles that an event's type has, of which nothing may be known.
            polarity: ``positive`` or ``negative``.
            modality: ``actual``, ``planned``, ``possible``, ``hypothetical`` or ``reported``.

        Raises:
            DataError: a bound is not an ISO date, or no event has or lacks such a role.
        """
        self._check_roles(missing)
        wanted = EventFilter(
            type=type,
            actors=None if actor is None else self._named(actor),
            place=None if place is None else self._places(place),
            begin=_instant(begin),
            end=_instant(end),
            text=text,
            document=document,
            missing=tuple(missing),
            polarity=polarity,
            modality=modality,
        )
        return EventList(self, wanted)

    def _check_roles(self, names: Sequence[str]) -> None:
        wanted = [name for name in names if name.lower() not in {"time", "place"}]
        roles = self.index.roles() if wanted else []
        known = {role.lower() for role in roles}
        for name in wanted:
            if name.lower() not in known:
                near = get_close_matches(name, roles, n=3, cutoff=0.6)
                hint = f"did you mean {' or '.join(near)}?" if near else "`ekg ontology show TYPE` lists a type's roles"
                raise DataError(f"no event of the graph has or lacks a role '{name}'", hint=hint)

    def __getitem__(self, window: slice) -> EventList:
        """``g["2015-06-01":"2015-06-08"]``: events that overlap the half-open window."""
        if not isinstance(window, slice) or window.step is not None:
            raise TypeError('use a slice of ISO dates, g["2015-06-01":"2015-06-08"], or g.event(iri)')
        return self.events(begin=window.start, end=window.stop)

    def between(self, begin: str, end: str) -> EventList:
        """Events that overlap the half-open window from ``begin`` to ``end``."""
        return self.events(begin=begin, end=end)

    def as_of(self, valid: str, *, recorded_at: str | None = None) -> EventList:
        """Events that were going on at a date, as far as they had been recorded by another.

        Args:
            valid: ISO date (a month or year stands for all of it).
            recorded_at: ISO date; leaves out what was recorded later. None takes all that is known now.
        """
        wanted = EventFilter(begin=_instant(valid), end=_instant(valid, last=True), recorded_by=recorded_at)
        return EventList(self, wanted)

    def timeline(self, entity: str, *, limit: int | None = None) -> list[EventView]:
        """Dated events of an entity in time order; with ``limit``, the most mentioned ones, still in time order.

        Raises:
            NotFoundError: no entity of that name.
        """
        actors = self._named(entity)
        if not actors:
            raise NotFoundError(
                f"nothing in the graph is called '{entity}'", hint=self.suggestion(entity) or "try `ekg search`"
            )
        events = EventList(self, EventFilter(actors=actors, begin=-(1 << 62)))
        if limit is None:
            return list(events)
        heaviest = {event.iri for event in events.by_weight()[:limit]}
        return [event for event in events if event.iri in heaviest]

    def counts_by_year(self) -> list[tuple[str, int | None, int]]:
        """How many events there are of each type in each year: (type, year of the begin or None, count), sorted."""
        return self.index.year_counts()

    # -- documents and evidence --------------------------------------------------------------------------------------

    def _document(self, doc: str) -> Document:
        """A document with its text, by id (the last 256 are kept).

        Raises:
            NotFoundError: there is none.
            KgError: texts are not at hand, see :meth:`require_texts`.
        """
        self.require_texts()
        return self.documents.document(doc)

    def evidence(
        self, doc: str, span: CharSpan, *, media: MediaSpan | None = None, statement: str | None = None
    ) -> Evidence:
        """The sentence of a document around a span, quoted exactly."""
        document = self.document(doc)
        low, high = sentence_span(document.text, *span)
        return Evidence(
            document=doc,
            title=document.title,
            published=document.published,
            span=(low, high),
            quote=document.text[low:high],
            media=media or document.media_at(low, high),
            statement=statement,
        )

    # -- questions ---------------------------------------------------------------------------------------------------

    def query(self, sparql: str, **values: object) -> QueryResult:
        """Run SPARQL; keyword arguments are bound to the variables of that name, never spliced into the text.

        Raises:
            QueryError: the text is not SPARQL 1.1.
        """
        return self.store.query(sparql, bindings={name: from_python(value) for name, value in values.items()})

    def rows(self, sparql: str, **values: object) -> list[dict[str, Any]]:
        """Rows of a SELECT as dictionaries of Python values.

        Raises:
            QueryError: the text is not SPARQL 1.1, or not a SELECT.
        """
        result = self.query(sparql, **values)
        if not isinstance(result, ox.QuerySolutions):
            raise DataError("rows() wants a SELECT", hint="use query() for ASK, CONSTRUCT and DESCRIBE")
        names = [variable.value for variable in result.variables]
        return [{name: to_python(solution[name]) for name in names} for solution in result]

    def ask(self, question: str, **options: Any) -> Answer:
        """Answer a question, or abstain with a reason (see :func:`queries.ask` for the options)."""
        answer: Answer = registry.part("asker")(self, question, **options)
        return answer

    def search(self, words: str, **options: Any) -> Any:
        """Passages, documents or events that match words (see :func:`queries.search` for the options)."""
        return registry.part("searcher")(self, words, **options)

    def info(self) -> dict[str, Any]:
        """Counts, time span, types and provenance of the graph."""
        first, last = self.index.span_of_time()
        return {
            "path": self.place,
            "schema": self.manifest.schema,
            "generation": self.manifest.generation,
            "state": self.manifest.state,
            "quads": self.manifest.counts.get("quads") or len(self.store),
            "counts": self.index.counts(),
            "time": {"begin": first, "end": last},
            "types": dict(self.index.type_counts()[:20]),
            "config": self.manifest.config,
        }

    # -- other shapes ------------------------------------------------------------------------------------------------

    def iter_nodes(self) -> Iterator[NodeRow]:
        """All event and entity nodes, events first, by index number."""
        from ekg.graph.convert import iter_nodes

        return iter_nodes(self)

    def iter_facts(self) -> Iterator[FactRow]:
        """All participations, places and event-event relations between nodes."""
        from ekg.graph.convert import iter_facts

        return iter_facts(self)

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """The node level as a directed multigraph: IRIs as nodes, roles and relations as edge keys."""
        from ekg.graph.convert import to_networkx

        return to_networkx(self)

    def to_pyg(self) -> HeteroData:
        """The node level as torch-geometric ``HeteroData`` with times and id maps."""
        from ekg.graph.pyg import to_pyg

        return to_pyg(self)

    def to_arrow(self, table: str = "events") -> pyarrow.Table:
        """The node level as an Arrow table, for data frames and Parquet.

        Args:
            table: ``events`` with ``begin_at`` and ``end_at`` as instants and a list of ``participants``; ``entities``
                with their ``aliases``; or ``facts``, one a row.

        Raises:
            MissingError: pyarrow is not installed.
            DataError: there is no such table.
        """
        from ekg.graph.arrow import to_arrow

        return to_arrow(self, table)

    def to_rdflib(self) -> rdflib.Dataset:
        """A live rdflib ``Dataset`` over the same store, of this machine or another one.

        It can be written to where the graph can: in memory, or in an engine whose update service is known.
        """
        from ekg.graph.convert import to_rdflib

        return to_rdflib(self)

    def __repr__(self) -> str:
        counts = self.index.counts()
        sizes = f"{counts['event']} events, {counts['entity']} entities, {counts['document']} documents"
        return f"<EventGraph {self.place.removesuffix(':')}: {sizes}>"

    def _repr_html_(self) -> str:
        from ekg.display import graph_html

        return graph_html(self)


def iri(text: str) -> IRI:
    """Mark a string as an IRI, for ``query(…, name=iri("…"))``."""
    return IRI(text)
