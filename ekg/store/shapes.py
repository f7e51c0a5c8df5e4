"""The SHACL shapes of the vocabulary as SPARQL, so that a graph of millions of quads is checked by its own store.

Only what ``shapes.ttl`` uses is compiled: targets by class, paths and inverse paths, sh:class, sh:datatype, sh:in,
sh:lessThan, sh:lessThanOrEquals, sh:minInclusive, sh:maxInclusive, sh:minCount, sh:maxCount, sh:nodeKind, sh:xone, and
sh:or of classes.
Each constraint becomes a pattern that matches what violates it (SHACL, W3C Recommendation 2017, section 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count

import pyoxigraph as ox

from ekg.errors import ConfigError
from ekg.store.base import Store
from ekg.vocab import RDF, SHACL, local_name, shapes_text

_OURS = "urn:ekg:"
_EXAMPLES = 20
_Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A node that a shape does not allow.

    Args:
        focus: the node.
        part: name of the property, or of the constraint where no single property is at fault.
        message: what is expected.
    """

    focus: str
    part: str
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """A constraint of a shape: a query that selects the nodes ``?focus`` that violate it."""

    part: str
    message: str
    sparql: str


def violations(store: Store, limit: int = _EXAMPLES) -> list[Violation]:
    """What the shapes find wrong with the nodes of ekg's own graphs, ``limit`` of each constraint at most, sorted.

    Nodes that only imported graphs speak of are not looked at: they follow their own rules.
    """
    found: set[Violation] = set()
    for check in checks():
        rows = store.query(f"{check.sparql} LIMIT {limit}")
        assert isinstance(rows, ox.QuerySolutions)
        for row in rows:
            focus = row["focus"]
            name = focus.value if isinstance(focus, ox.NamedNode) else str(focus)
            found.add(Violation(name, check.part, check.message))
    return sorted(found)


@cache
def checks() -> tuple[Check, ...]:
    """All constraints of the shapes."""
    return tuple(_Compiler(ox.parse(shapes_text(), ox.RdfFormat.TURTLE)).run())


class _Compiler:
    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._facts: dict[_Node, dict[str, list[_Node]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            self._facts[quad.subject][quad.predicate.value].append(quad.object)
        self._numbers = count(1)

    def run(self) -> Iterator[Check]:
        shapes = [node for node, facts in self._facts.items() if facts.get(SHACL + "targetClass")]
        for shape in sorted(shapes, key=str):
            classes = " ".join(str(node) for node in self._all(shape, "targetClass"))
            target = (
                f"VALUES ?target {{ {classes} }} ?class rdfs:subClassOf* ?target . "
                f'GRAPH ?graph {{ ?focus a ?class }} FILTER(STRSTARTS(STR(?graph), "{_OURS}"))'
            )
            for part, message, pattern in self._shape(shape):
                yield Check(part, message, f"SELECT DISTINCT ?focus {{ {target} {pattern} }}")

    def _shape(self, shape: _Node) -> Iterator[tuple[str, str, str]]:
        """Name, message and pattern of each constraint of a node shape."""
        name = local_name(str(getattr(shape, "value", shape)))
        for prop in self._all(shape, "property"):
            yield from self._property(prop, name)
        for choice in self._all(shape, "xone"):
            options = [self._violated(option) for option in self._list(choice)]
            kept = " + ".join(f"IF(EXISTS {{ {pattern} }}, 0, 1)" for pattern in options)
            yield (
                "XoneConstraintComponent",
                self._message(shape, f"{name}: exactly one of several"),
                (f"FILTER(({kept}) != 1)"),
            )

    def _violated(self, shape: _Node) -> str:
        """A pattern that matches if any constraint of a shape is violated."""
        return " UNION ".join(f"{{ {pattern} }}" for _, _, pattern in self._shape(shape))

    def _property(self, prop: _Node, owner: str) -> Iterator[tuple[str, str, str]]:
        path, part = self._path(prop)
        for key, values in sorted(self._facts[prop].items()):
            if key in {SHACL + "path", SHACL + "message", RDF + "type"}:
                continue
            component = key.removeprefix(SHACL)
            for value in values:
                expected = f"{component} {' '.join(map(_short, self._values(value)))}"
                label = part or f"{component[0].upper()}{component[1:]}ConstraintComponent"
                message = self._message(prop, f"{owner} {part}: {expected}".replace("  ", " "))
                yield label, message, self._constraint(component, path, value)

    def _constraint(self, component: str, path: str, value: _Node) -> str:
        v = self._variable()
        has = f"?focus {path} {v}"
        if component == "minCount":
            return f"FILTER NOT EXISTS {{ {self._distinct(path, int(_text(value)))} }}"
        if component == "maxCount":
            return self._distinct(path, int(_text(value)) + 1)
        if component == "class":
            return f"{has} {_of_no_class(v, value)}"
        if component == "or":
            return f"{has} {' '.join(_of_no_class(v, kind) for kind in self._values(value))}"
        if component == "datatype":
            # A value that its datatype does not have, such as 30 February, is no value of it.
            cast = f"COALESCE({value}(STR({v})) = {value}(STR({v})), false)"
            return f"{has} FILTER(!isLiteral({v}) || DATATYPE({v}) != {value} || !{cast})"
        if component == "in":
            same = " || ".join(f"sameTerm({v}, {item})" for item in self._list(value))
            return f"{has} FILTER(!({same}))"
        if component == "nodeKind":
            test = {"IRI": "isIRI", "Literal": "isLiteral"}[local_name(_text(value))]
            return f"{has} FILTER(!{test}({v}))"
        if component in {"minInclusive", "maxInclusive"}:
            return f"{has} FILTER(!COALESCE({v} {'>=' if component == 'minInclusive' else '<='} {value}, false))"
        if component in {"lessThan", "lessThanOrEquals"}:
            w = self._variable()
            order = "<" if component == "lessThan" else "<="
            return f"{has} . ?focus {value} {w} FILTER(!COALESCE({v} {order} {w}, false))"
        raise ConfigError(f"shapes.ttl: sh:{component} is not compiled to SPARQL")

    def _distinct(self, path: str, number: int) -> str:
        """A pattern that matches if there are so many values."""
        names = [self._variable() for _ in range(number)]
        triples = " . ".join(f"?focus {path} {name}" for name in names)
        pairs = [f"!sameTerm({a}, {b})" for n, a in enumerate(names) for b in names[n + 1 :]]
        return f"{triples} FILTER({' && '.join(pairs)})" if pairs else triples

    def _path(self, prop: _Node) -> tuple[str, str]:
        """A property path, and the name of its property if it is a plain one."""
        (path,) = self._all(prop, "path")
        if isinstance(path, ox.NamedNode):
            return str(path), local_name(path.value)
        (inverse,) = self._all(path, "inversePath")
        return f"^{inverse}", ""

    def _variable(self) -> str:
        return f"?v{next(self._numbers)}"

    def _all(self, node: _Node, name: str) -> list[_Node]:
        return sorted(self._facts[node].get(SHACL + name, []), key=str)

    def _message(self, node: _Node, otherwise: str) -> str:
        return next((_text(text) for text in self._all(node, "message")), otherwise)

    def _values(self, node: _Node) -> list[_Node]:
        """What a constraint allows: its value, the items of its list, or the classes of its alternatives."""
        return [kind for item in self._list(node) or [node] for kind in self._all(item, "class") or [item]]

    def _list(self, node: _Node) -> list[_Node]:
        """Items of an RDF list; none if it is none."""
        items: list[_Node] = []
        while first := self._facts[node].get(RDF + "first"):
            items.append(first[0])
            node = self._facts[node][RDF + "rest"][0]
        return items


def _of_no_class(variable: str, kind: _Node) -> str:
    """A filter that keeps what is not an instance of a class."""
    return f"FILTER NOT EXISTS {{ {variable} a/rdfs:subClassOf* {kind} }}"


def _text(node: _Node) -> str:
    assert isinstance(node, ox.NamedNode | ox.Literal)
    return node.value


def _short(node: _Node) -> str:
    return local_name(node.value) if isinstance(node, ox.NamedNode) else _text(node)
