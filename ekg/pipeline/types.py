"""Event types and their roles as quads of the ontology graph: labels, definitions, parents and mappings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from ekg.store.oxigraph import OxigraphStore
from ekg.vocab import GRAPH_ONTOLOGY, GRAPH_RESOLVED, RDF, RDFS, SCHEMA, SEM, SKOS, event_type_iri, role_iri

if TYPE_CHECKING:
    from extractors.ontology.definition import TypeDefinition

_FRAME = "https://w3id.org/framester/framenet/abox/frame/"
"""FrameNet's frames as Framester names them (Gangemi et al. 2016)."""
_CODES = {"plover": "PLOVER", "cameo": "CAMEO"}


_TYPE = ox.NamedNode(RDF + "type")


def types_of(quads: Iterable[ox.Quad]) -> Callable[[str], bool]:
    """Whether something has a type, by quads of the resolved graph."""
    return {q.object.value for q in quads if q.predicate == _TYPE and isinstance(q.object, ox.NamedNode)}.__contains__


def types_in(store: OxigraphStore) -> Callable[[str], bool]:
    """Whether something has a type, by the resolved graph of a store."""
    graph = ox.NamedNode(GRAPH_RESOLVED)
    return lambda iri: next(store.quads(None, _TYPE, ox.NamedNode(iri), graph), None) is not None


def ontology_quads(text: str, given: Callable[[str], bool], source: str = "ontology") -> list[ox.Quad]:
    """Quads of a user's types, and of those types of news that ship which events have, with their parents.

    Args:
        text: the user's ontology file, empty where there is none.
        given: whether something in the resolved graph has a type, by the type's IRI.
        source: the file's name, for messages.

    Raises:
        DataError: the text has a mistake.
    """
    from extractors.ontology.load import built_in, built_in_types
    from extractors.ontology.read import parse_ontology

    own = parse_ontology(text, source, built_in_types()).types if text else ()
    shipped = {kind.name: kind for kind in built_in("news").types}
    used = [name for name in shipped if given(event_type_iri(name))]
    used += [parent for kind in own for parent in kind.parents if parent in shipped]
    for name in used:
        used += [parent for parent in shipped[name].parents if parent in shipped and parent not in used]
    types = [*own, *(kind for name, kind in shipped.items() if name in used)]
    graph = ox.NamedNode(GRAPH_ONTOLOGY)
    return [
        ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, graph)
        for subject, predicate, value in _statements(types)
    ]


def _statements(types: Iterable[TypeDefinition]) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
    roles: dict[str, set[str]] = {}
    for kind in types:
        iri = event_type_iri(kind.name)
        yield iri, RDF + "type", ox.NamedNode(RDFS + "Class")
        yield iri, RDFS + "label", ox.Literal(kind.name.replace("_", " "))
        yield iri, SKOS + "definition", ox.Literal(kind.definition)
        yield iri, RDFS + "subClassOf", ox.NamedNode(SEM + "Event")
        for parent in kind.parents:
            yield iri, RDFS + "subClassOf", ox.NamedNode(event_type_iri(parent))
        for word in dict.fromkeys((*kind.nouns, *kind.verbs, *kind.words, *kind.phrases)):
            yield iri, SKOS + "hiddenLabel", ox.Literal(word)
        for example in kind.examples:
            yield iri, SKOS + "example", ox.Literal(example.text)
        for vocabulary, terms in kind.mappings:
            for term in terms:
                yield iri, *_mapping(vocabulary, term)
        for role in kind.roles:
            roles.setdefault(role.name, set()).add(role.general)
    for name, generals in sorted(roles.items()):
        yield role_iri(name), RDF + "type", ox.NamedNode(SEM + "RoleType")
        yield role_iri(name), RDFS + "label", ox.Literal(name.replace("_", " "))
        for general in sorted(generals - {name}):
            yield role_iri(name), SKOS + "broadMatch", ox.NamedNode(role_iri(general))


def _mapping(vocabulary: str, term: str) -> tuple[str, ox.NamedNode | ox.Literal]:
    if vocabulary == "sem":
        return RDFS + "subClassOf", ox.NamedNode(SEM + quote(term))
    if vocabulary == "schema":
        return SKOS + "closeMatch", ox.NamedNode(SCHEMA + quote(term))
    if vocabulary == "framenet":
        return SKOS + "closeMatch", ox.NamedNode(_FRAME + quote(term))
    return SKOS + "notation", ox.Literal(f"{_CODES[vocabulary]}:{term}")
