"""Names, nouns and pronouns of a document, on sentences written for it."""

from __future__ import annotations

import pytest

from ekg.model import Document, Entity, Segment
from extractors.coreference import EntityIndex, find_entities
from extractors.coreference.antecedents import read_weights
from extractors.coreference.quotes import quoted_spans
from extractors.nlp import parse
from extractors.nlp.cues import cue_votes
from extractors.nlp.entities import Name, consistent, repaired
from extractors.sentences import told_sentences, unit_breaks


def entities_of(text: str, **fields: object) -> EntityIndex:
    document = Document(id="doc", text=text, **fields)  # type: ignore[arg-type]  # what a test gives is well typed
    doc = parse(text, unit_breaks(document))
    return find_entities("doc", doc, told_sentences(document, doc), document)


def one(found: EntityIndex, name: str) -> Entity:
    (entity,) = [entity for entity in found.entities if entity.name == name]
    return entity


def said_of(text: str, entity: Entity) -> list[str]:
    return [text[start:end] for start, end in entity.references]


def test_pronouns_go_to_the_person_of_their_gender() -> None:
    text = "John Marsh met Mary Cole in Leeds. She thanked him, and he left."
    found = entities_of(text)
    assert said_of(text, one(found, "John Marsh")) == ["him", "he"]
    assert said_of(text, one(found, "Mary Cole")) == ["She"]
    assert found.kind_of((35, 38)) == "pronoun"
    assert found.at(35) == (one(found, "Mary Cole").id, (35, 38))


def test_no_pronoun_is_an_entity() -> None:
    found = entities_of("He said it. They left with her. I know who you are.")
    assert found.entities == ()


def test_i_is_the_speaker_of_the_quotation() -> None:
    text = 'Mary Cole denied it. "I was in Leeds," said John Marsh.'
    found = entities_of(text)
    assert said_of(text, one(found, "John Marsh")) == ["I"]


def test_nobody_calls_himself_he() -> None:
    text = 'John Marsh said: "I do not know what he wants."'
    assert said_of(text, one(entities_of(text), "John Marsh")) == ["I"]


def test_i_is_the_speaker_of_the_turn() -> None:
    text = "Ann Bell: I saw the fire.\nSPEAKER_02: I did not."
    found = entities_of(
        text,
        segments=(
            Segment(span=(0, 25), speaker="Ann Bell", kind="turn"),
            Segment(span=(26, len(text)), speaker="SPEAKER_02", kind="turn"),
        ),
    )
    assert [(entity.name, entity.type) for entity in found.entities] == [("Ann Bell", "person")]
    assert said_of(text, one(found, "Ann Bell")) == ["I"]


def test_a_noun_that_described_a_name_takes_it_up() -> None:
    text = "Mary Cole, the singer, arrived in Leeds. The singer smiled. A singer from Hull did not."
    assert said_of(text, one(entities_of(text), "Mary Cole")) == ["The singer"]


def test_it_rains_means_nothing() -> None:
    text = "Boeing is large. It is clear that it rains."
    assert all(not entity.references for entity in entities_of(text).entities)


def test_places_get_their_position() -> None:
    text = "Police searched flats in Paris. France is in shock."
    paris = one(entities_of(text), "Paris")
    assert paris.geo is not None
    assert (paris.geo.geonames, paris.geo.country) == (2988507, "FR")
    assert [outer.name for outer in paris.geo.within] == ["Île-de-France", "France", "Europe"]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("no quote", []),
        ("“a” and “b”", [(1, 2), (9, 10)]),
        ('one "left open\nand on', []),
        ('"a quotation that goes on over the line\n"and ends here." x', [(1, 39), (41, 55)]),
    ],
)
def test_quotations(text: str, spans: list[tuple[int, int]]) -> None:
    assert quoted_spans(text, 0, len(text)) == spans


def test_weights_have_four_decimals_and_know_their_features() -> None:
    weights = read_weights()
    assert all(round(value, 4) == value for value in weights.values())
    assert {name.partition(":")[0] for name in weights} == {"person", "they", "it"}


@pytest.mark.parametrize(
    ("text", "span", "kind"),
    [
        ("shares of Equifax Inc. fell", (2, 4), "organization"),
        ("the Equifax spokesman said", (1, 2), "organization"),
        ("Missile Defense Agency ( MDA ) said", (0, 3), "organization"),
        ("Tyler Joseph , 28 , sings", (0, 2), "person"),
        ("said Mr. Marsh", (2, 3), "person"),
        ("a fire near Zenda today", (3, 4), "place"),
    ],
)
def test_cues(text: str, span: tuple[int, int], kind: str) -> None:
    votes = cue_votes(text.split(), *span)
    assert votes.most_common(1)[0][0] == kind


def test_a_headline_in_capitals_follows_the_text() -> None:
    words = ["EQUIFAX", "HACKED", ".", "Equifax", "spokesman", "said", "Equifax", "lost"]
    names = [Name(0, 1, "person"), Name(3, 4, "person"), Name(6, 7, "organization")]
    assert {name.label for name in consistent(words, names)} == {"organization"}


def test_office_and_people_are_no_part_of_a_person() -> None:
    words = ["the", "South", "Korean", "President", "Park", "Geun-hye", "left"]
    tags = ["DET", "ADJ", "ADJ", "PROPN", "PROPN", "PROPN", "VERB"]
    assert repaired(words, tags, [Name(1, 5, "place")]) == [Name(4, 6, "person")]
    assert repaired(["plan", "B"], ["NOUN", "PROPN"], [Name(1, 2, "organization")]) == []
