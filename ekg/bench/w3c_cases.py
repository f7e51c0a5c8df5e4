"""The W3C's SPARQL test suites: manifests into cases.

Entailment regimes are left out (no engine of ours has them), and so are federated queries, which need other endpoints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from ekg.vocab import RDF, RDFS

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
BASE = "http://w3c.example/"
_LEFT_OUT = frozenset({"entailment", "service", "http-rdf-update"})  # the last is deprecated by graph-store-protocol
_LABEL = ox.NamedNode(RDFS + "label")

Node = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Files of a dataset.

    Args:
        default: of the default graph.
        named: IRI of a graph and its file.
    """

    default: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test.

    Args:
        suite: folder of its manifest, such as ``sparql11/bind``.
        id: the last part of its IRI.
        kind: type in the manifest, such as ``QueryEvaluationTest``.
        request: file of the query or update; None where ``node`` says what to send.
        data: what is there before.
        result: file of the expected result of a query.
        after: what an update must leave.
        manifest: the manifest it stands in.
        node: its name in the manifest.
    """

    suite: str
    id: str
    kind: str
    request: Path | None = None
    data: Dataset = field(default_factory=Dataset)
    result: Path | None = None
    after: Dataset | None = None
    manifest: Manifest
    node: Node

    @property
    def name(self) -> str:
        """Suite and id."""
        return f"{self.suite}/{self.id}"


class Manifest:
    """A manifest's triples.

    Args:
        path: its file.
        root: of the suites.
    """

    def __init__(self, path: Path, root: Path) -> None:
        self._folder = path.parent
        self._root = root
        self.suite = path.parent.relative_to(root).as_posix()
        self._store = ox.Store()
        self._store.load(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=iri_of(path, root))

    def all(self, subject: Node, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """Objects of a subject, in canonical order."""
        found = [quad.object for quad in self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]
        return sorted((term for term in found if not isinstance(term, ox.Triple)), key=str)

    def one(self, subject: Node, predicate: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        """The object of a subject, if it has one."""
        return next(iter(self.all(subject, predicate)), None)

    def node(self, subject: Node, predicate: str) -> Node | None:
        """The object of a subject, if it is a node."""
        found = self.one(subject, predicate)
        return None if isinstance(found, ox.Literal) else found

    def text(self, subject: Node, predicate: str) -> str | None:
        """The object's text or IRI."""
        found = self.one(subject, predicate)
        return None if found is None else found.value

    def items(self, head: Node | None) -> list[Node]:
        """Members of an RDF list."""
        found = []
        while head is not None and head != ox.NamedNode(RDF + "nil"):
            item = self.node(head, RDF + "first")
            if item is not None:
                found.append(item)
            head = self.node(head, RDF + "rest")
        return found

    def cases(self) -> list[Case]:
        """The tests in the manifest's order."""
        heads = [
            quad.object
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(MF + "entries"), None)
            if isinstance(quad.object, ox.NamedNode | ox.BlankNode)
        ]
        return [self._case(node) for head in heads for node in self.items(head)]

    def _case(self, node: Node) -> Case:
        kind = (self.text(node, RDF + "type") or "").rpartition("#")[2]
        action, result = self.node(node, MF + "action"), self.node(node, MF + "result")
        request, data, expected, after = None, Dataset(), None, None
        if kind.endswith("EvaluationTest") or kind == "CSVResultFormatTest":
            assert action is not None
            vocabulary, word = (UT, "request") if kind.startswith("Update") else (QT, "query")
            request = self._path(self.node(action, vocabulary + word))
            data = self._dataset(action, vocabulary)
            if vocabulary == QT:
                expected = self._path(result)
            else:
                after = Dataset() if result is None else self._dataset(result, UT)
        elif isinstance(action, ox.NamedNode):
            request = self._path(action)
        elif kind == "ProtocolTest":
            data = self._dataset(node, UT)
        return Case(
            suite=self.suite,
            id=node.value.rpartition("#")[2],
            kind=kind,
            request=request,
            data=data,
            result=expected,
            after=after,
            manifest=self,
            node=node,
        )

    def _dataset(self, node: Node, vocabulary: str) -> Dataset:
        named = []
        for graph in self.all(node, vocabulary + "graphData"):
            if isinstance(graph, ox.BlankNode):
                file = self.node(graph, UT + "graph")
                label = self._store.quads_for_pattern(graph, _LABEL, None)
                named.append((next(label).object.value, self._path(file)))  # type: ignore[union-attr]
            elif isinstance(graph, ox.NamedNode):
                named.append((graph.value, self._path(graph)))
        default = tuple(self._path(file) for file in self.all(node, vocabulary + "data") if isinstance(file, Node))
        return Dataset(default=default, named=tuple(named))

    def _path(self, node: Node | None) -> Path:
        assert isinstance(node, ox.NamedNode)
        return self._root / node.value.removeprefix(BASE)


def iri_of(path: Path, root: Path) -> str:
    """The IRI that relative ones in a file of the suites are resolved against."""
    return BASE + path.relative_to(root).as_posix()


def read_cases(root: Path) -> list[Case]:
    """All cases below a folder, in the order of their manifests."""
    return [
        case
        for path in sorted(root.glob("*/*/manifest*.ttl"))
        if path.parent.name not in _LEFT_OUT
        for case in Manifest(path, root).cases()
    ]
