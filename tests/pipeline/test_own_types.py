"""A user's ontology in a graph: its quads, what the graph remembers, and that `verify` knows them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from ekg.cli.main import app
from ekg.errors import DataError
from ekg.pipeline.own_types import types_in_use
from ekg.pipeline.types import ontology_quads, types_of
from ekg.store import Manifest, write_manifest
from ekg.vocab import GRAPH_ONTOLOGY, GRAPH_RESOLVED, RDF, RDFS, SEM, SKOS, event_type_iri, role_iri

OWN = """\
ontology: own
types:
  Product_recall:
    definition: A maker takes a product back.
    parents: [Business]
    keywords: [recall]
    roles:
      Maker: {general: Agent}
    examples: ["The carmaker [recalled] two million cars."]
    mappings: {schema: [Event], cameo: ["17"]}
"""


def facts(quads: list[ox.Quad]) -> set[tuple[str, str, str]]:
    return {(q.subject.value, q.predicate.value, q.object.value) for q in quads}  # type: ignore[union-attr]


def test_types_become_quads() -> None:
    iri = event_type_iri("Product_recall")
    quads = ontology_quads(OWN, types_of([]))
    found = facts(quads)
    assert {q.graph_name.value for q in quads} == {GRAPH_ONTOLOGY}  # type: ignore[union-attr]
    assert (iri, RDFS + "label", "Product recall") in found
    assert (iri, SKOS + "definition", "A maker takes a product back.") in found
    assert (iri, RDFS + "subClassOf", event_type_iri("Business")) in found
    assert (iri, SKOS + "notation", "CAMEO:17") in found
    assert (iri, SKOS + "closeMatch", "http://schema.org/Event") in found
    assert (role_iri("Maker"), SKOS + "broadMatch", role_iri("Agent")) in found
    assert (event_type_iri("Business"), RDFS + "subClassOf", SEM + "Event") in found
    assert not any(event_type_iri("Earthquake") == subject for subject, _, _ in found)


def test_types_of_news_appear_with_their_parents_when_they_occur() -> None:
    event = ox.Quad(
        ox.NamedNode("urn:e"),
        ox.NamedNode(RDF + "type"),
        ox.NamedNode(event_type_iri("Earthquake")),
        ox.NamedNode(GRAPH_RESOLVED),
    )
    found = facts(ontology_quads("", types_of([event])))
    assert (event_type_iri("Earthquake"), RDFS + "subClassOf", event_type_iri("Disaster")) in found
    assert (event_type_iri("Disaster"), RDFS + "label", "Disaster") in found
    assert ontology_quads("", types_of([])) == []


def test_a_graph_remembers_its_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.delenv("EKG_ONTOLOGY", raising=False)
    with types_in_use(tmp_path) as text:
        assert text == ""
    write_manifest(tmp_path, Manifest(config={"ontology": OWN}))
    with types_in_use(tmp_path) as text:
        assert text == OWN
        assert Path(os.environ["EKG_ONTOLOGY"]).read_text(encoding="utf-8") == OWN
    assert "EKG_ONTOLOGY" not in os.environ
    other = tmp_path / "other.yaml"
    other.write_text(OWN.replace("takes a product", "calls a product"), encoding="utf-8")
    monkeypatch.setenv("EKG_ONTOLOGY", str(other))
    with types_in_use(tmp_path) as text:
        assert "calls a product" in text
    other.write_text("ontology: own\ntypes: 3\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"other.yaml:2"), types_in_use(tmp_path):
        pass


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EKG_ONTOLOGY", raising=False)
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    made = ["ontology", "add", "Product_recall", "--keywords", "recall", "--example", "Firms [recall] cars."]
    assert run(app, made).exception is not None
    assert "own.yaml:4" in run(app, [*made, "-o", "own.yaml", "--role", "Maker=Agent"]).stdout
    assert "1 types, no mistakes" in run(app, ["ontology", "check", "own.yaml"]).stdout
    shown = run(app, ["ontology", "show", "Product_recall", "--ontology", "own.yaml", "--json"]).stdout
    assert '"Maker"' in shown
    listed = run(app, ["ontology", "list", "--source", "own", "--ontology", "own.yaml"]).stdout
    assert listed.startswith("Product_recall")
    assert run(app, ["ontology", "list", "--source", "own"]).stdout == ""
    assert "Earthquake" in run(app, ["ontology", "list"]).stdout
    missing = run(app, ["ontology", "show", "Earthquak"]).exception
    assert "did you mean 'Earthquake'" in str(missing)
