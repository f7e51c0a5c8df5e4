"""Ontology files: what is read, what is refused and how the mistake is named, and how types are added."""

from __future__ import annotations

from pathlib import Path

import pytest

from ekg.errors import DataError
from extractors.events.labels import GENERAL_ROLES
from extractors.ontology.definition import VOCABULARIES, parse_example
from extractors.ontology.load import built_in, built_in_types, load_keywords, load_ontology, own_signature
from extractors.ontology.read import parse_ontology, read_ontology
from extractors.ontology.write import add_type, make_type, parse_role

KNOWN = {"Disaster": "news.yaml:5", "Win": "news.yaml:9"}

GOOD = """\
# our types
ontology: own
types:
  Product_recall:
    definition: A maker takes a product back.
    parents: [Business_event]
    keywords: {noun: [recall], verb: [recall], phrase: [pull back]}
    roles:
      Maker: {general: Agent, definition: Who takes it back., required: true}
      Product: {general: Theme}
    examples: ["The firm [recalled] a million cars."]
    counterexamples: ["She [recalled] the day."]
    mappings: {schema: [Event], cameo: ["17"]}

  # a parent
  Business_event:
    definition: Something in business.
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_file_says(tmp_path: Path) -> None:
    ontology = read_ontology(written(tmp_path, GOOD), KNOWN)
    recall, business = ontology.types
    assert (ontology.name, recall.name, recall.line, business.line) == ("own", "Product_recall", 4, 16)
    assert (recall.nouns, recall.verbs, recall.phrases) == (("recall",), ("recall",), ("pull back",))
    assert recall.general_roles() == {"Maker": "Agent", "Product": "Theme"}
    assert [role.required for role in recall.roles] == [True, False]
    assert recall.examples[0].text == "The firm recalled a million cars."
    assert recall.examples[0].marked == "The firm [recalled] a million cars."
    assert recall.counterexamples[0].marked == "She [recalled] the day."
    assert recall.mappings == (("schema", ("Event",)), ("cameo", ("17",)))


BODY = "ontology: own\ntypes:\n  A:\n    definition: x\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "is empty"),
        ("ontology: [", 1, "not valid YAML"),
        ("- a\n", 1, "wants a table, not a list"),
        ("types: {}\n", 1, "'ontology' is missing"),
        ("ontology: own\ntype: {}\n", 2, "did you mean 'types'"),
        ("ontology: own\ntypes:\n  A:\n    definitin: x\n", 4, "did you mean 'definition'"),
        ("ontology: own\ntypes:\n  A:\n    keywords: [x]\n", 4, "'definition' is missing"),
        ("ontology: own\ntypes:\n  A:\n    definition: no\n", 4, "wants a text, not true or false"),
        ("ontology: own\ntypes:\n  A:\n    definition: 1999\n", 4, "put it in quotes"),
        ("ontology: own\ntypes:\n  A b:\n    definition: x\n", 3, "cannot name a type"),
        (BODY + "  A:\n    definition: y\n", 5, "first on line 3"),
        (BODY + "  Win:\n    definition: y\n", 5, "news.yaml:9"),
        (BODY + "    keywords: recall\n", 5, "wants a table, not text"),
        (BODY + "    keywords:\n      nuon: [recall]\n", 6, "did you mean 'noun'"),
        (BODY + "    keywords:\n      noun:\n        - recall\n        - 7\n", 8, "wants a text, not a number"),
        (BODY + "    keywords: ['-']\n", 5, "no letters"),
        (BODY + "    parents: [Disastr]\n", 5, "did you mean 'Disaster'"),
        (BODY + "    parents: [A]\n", 5, "A → A"),
        (BODY + "    parents: [B]\n  B:\n    definition: y\n    parents: [A]\n", 5, "A → B → A"),
        (BODY + "    roles: [Agent]\n", 5, "wants a table, not a list"),
        (BODY + "    roles:\n      Maker: {general: Agnt}\n", 6, "did you mean 'Agent'"),
        (BODY + "    roles:\n      Maker: {definition: x}\n", 6, "'general' is missing"),
        (BODY + "    roles:\n      Maker: {general: Agent, required: 1}\n", 6, "wants true or false, not a number"),
        (BODY + "    examples: [no mark here]\n", 5, "marks 0"),
        (BODY + "    mappings: {framnet: [X]}\n", 5, "did you mean 'framenet'"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int | None, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(DataError) as caught:
        read_ontology(path, KNOWN)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{path}:{line}" if line else str(path))
    assert said in str(caught.value)


def test_a_file_that_is_missing_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_ontology(tmp_path / "none.yaml")
    (tmp_path / "bin.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not UTF-8"):
        read_ontology(tmp_path / "bin.yaml")


def test_what_ships_is_sound() -> None:
    news = built_in("news")
    assert len(news.types) > 40
    names = {kind.name for kind in news.types}
    assert {"Earthquake", "Fire", "Trial", "Election", "Win", "Resignation", "Appointment"} <= names
    for kind in news.types:
        assert set(kind.general_roles().values()) <= set(GENERAL_ROLES)
        assert {name for name, _ in kind.mappings} <= set(VOCABULARIES)
        assert "sem" in dict(kind.mappings)
    assert built_in_types()["Attack"] == "GENEVA"
    assert load_keywords().type_of("quakes", "NOUN") == "Earthquake"


@pytest.mark.parametrize("marked", ["none", "[two] of [them]", "[ ]", "[all of it]"])
def test_an_example_marks_one_trigger_in_a_sentence(marked: str) -> None:
    with pytest.raises(DataError, match="example"):
        parse_example(marked)


def recall(name: str = "Product_recall", **more: object) -> object:
    given = {"keywords": "recall, withdraw/verb", "example": parse_example("It [recalled] cars."), **more}
    return make_type(name, **given)  # type: ignore[arg-type]  # a helper of tests


def test_a_type_is_added_and_the_rest_stays(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    line = add_type(path, recall("Call_back", roles=[parse_role("Maker=Agent")], parents=["Product_recall"]))  # type: ignore[arg-type]
    text = path.read_text(encoding="utf-8")
    assert text.startswith(GOOD)
    assert text.splitlines()[line - 1] == "  Call_back:"
    added = parse_ontology(text, path, built_in_types()).types[-1]
    assert (added.verbs, added.words) == (("withdraw",), ("recall",))
    assert added.general_roles() == {"Maker": "Agent"}
    assert added.parents == ("Product_recall",)
    with pytest.raises(DataError, match=rf"own.yaml:{line}: type 'Call_back' exists"):
        add_type(path, recall("Call_back"))  # type: ignore[arg-type]
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "before", ["ontology: own\n", "ontology: own\ntypes:\n", "types:\n  X:\n    definition: y\nontology: own\n"]
)
def test_types_are_added_wherever_they_stand(tmp_path: Path, before: str) -> None:
    path = written(tmp_path, before)
    add_type(path, recall())  # type: ignore[arg-type]
    add_type(path, recall("Second"))  # type: ignore[arg-type]
    names = [kind.name for kind in read_ontology(path).types]
    assert names[-2:] == ["Product_recall", "Second"]


def test_what_cannot_be_added_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    for wrong in (recall("Attack"), recall("Two words"), recall(parents=["Nowhere"])):
        with pytest.raises(DataError):
            add_type(path, wrong)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
    flow = written(tmp_path, '{"ontology": "own", "types": {}}')
    with pytest.raises(DataError, match="by hand"):
        add_type(flow, recall())  # type: ignore[arg-type]


def test_the_users_file_is_part_of_the_ontology(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EKG_ONTOLOGY", raising=False)
    assert own_signature() == ""
    path = written(tmp_path, GOOD)
    monkeypatch.setenv("EKG_ONTOLOGY", str(path))
    first = own_signature()
    assert load_ontology()["Product_recall"].source == "own"
    assert load_keywords().roles["Product_recall"] == {"Maker": "Agent", "Product": "Theme"}
    path.write_text(GOOD.replace("takes a product back", "takes it back"), encoding="utf-8")
    assert own_signature() != first
    assert load_ontology()["Product_recall"].definition == "A maker takes it back."
    path.write_text("ontology: own\ntypes: 7\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"own.yaml:2"):
        own_signature()
