"""What goes into the training of the base pipeline, and what is written beside its weights."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from ekg.errors import DataError
from extractors.nlp.lemmas import corrected_lemma
from extractors.nlp.vectors import PieceVectors
from extractors.training.base_card import digest
from extractors.training.base_examples import augmented, example, joined, recased, without_punctuation
from extractors.training.base_lemmas import known_lemmas
from extractors.training.base_vectors import minilm_pieces
from extractors.training.readers import AnnotatedDoc, Mention, Sentence, Token


def sentence() -> Sentence:
    """ "Ben Hall, they say, left." with one name and a tree."""
    rows = [
        ("Ben", "PROPN", 6, "nsubj", True),
        ("Hall", "PROPN", 0, "flat", False),
        (",", "PUNCT", 4, "punct", True),
        ("they", "PRON", 4, "nsubj", True),
        ("say", "VERB", 6, "parataxis", False),
        (",", "PUNCT", 4, "punct", True),
        ("left", "VERB", 6, "root", False),
        (".", "PUNCT", 6, "punct", True),
    ]
    tokens = (Token(f, f.lower(), upos, "X", "", head, dep, space) for f, upos, head, dep, space in rows)
    return Sentence(tuple(tokens), (Mention(0, 2, "person"),), unknown=(6,))


def test_without_punctuation_renumbers_heads_names_and_unknowns() -> None:
    bare = without_punctuation(sentence())
    assert [token.form for token in bare.tokens] == ["Ben", "Hall", "they", "say", "left"]
    assert [token.head for token in bare.tokens] == [4, 0, 3, 4, 4]
    assert all(token.space_after for token in bare.tokens[:-1])
    assert bare.mentions == (Mention(0, 2, "person"),)
    assert bare.unknown == (4,)


def test_without_final_punctuation_keeps_the_rest() -> None:
    forms = [token.form for token in without_punctuation(sentence(), final_only=True).tokens]
    assert forms == ["Ben", "Hall", ",", "they", "say", ",", "left"]


def test_a_sentence_of_marks_stays() -> None:
    marks = Sentence((Token("!", upos="PUNCT", head=0, deprel="root"),), ())
    assert without_punctuation(marks) == marks


def test_recasing_never_changes_lengths() -> None:
    tokens = (Token("Straße"), Token("Ann"))
    assert [token.form for token in recased(Sentence(tokens), upper=True).tokens] == ["Straße", "ANN"]


def test_augmentation_is_decided_by_the_seed_alone() -> None:
    doc = AnnotatedDoc("a#0", (sentence(),))
    first = [augmented(doc, random.Random(seed)) for seed in range(60)]
    assert first == [augmented(doc, random.Random(seed)) for seed in range(60)]
    assert len({item.sentences for item in first}) > 3
    assert sum(item == doc for item in first) > 30


def test_only_paragraphs_of_one_document_are_joined() -> None:
    docs = [AnnotatedDoc(name, (sentence(),), "g") for name in ("a#0", "a#1", "b#2")]
    result = joined(docs, random.Random(0), share=1.0)
    assert [(doc.id, len(doc.sentences)) for doc in result] == [("a#0", 2), ("b#2", 1)]


def test_examples_leave_what_is_unknown_missing() -> None:
    import spacy

    nlp = spacy.blank("en")
    reference = example(nlp, AnnotatedDoc("a#0", (sentence(), sentence()))).reference
    assert [token.ent_iob_ for token in reference][:8] == ["B", "I", "O", "O", "O", "O", "", "O"]
    assert [token.i for token in reference if token.is_sent_start] == [0, 8]
    assert reference[8].head.i == 14
    unlabelled = example(nlp, AnnotatedDoc("b#0", (Sentence((Token("Go"),)),))).reference
    assert not unlabelled.has_annotation("DEP")
    assert not unlabelled.has_annotation("ENT_IOB")


def test_known_lemmas_need_two_that_agree() -> None:
    def verbs(*pairs: tuple[str, str]) -> AnnotatedDoc:
        return AnnotatedDoc("a", (Sentence(tuple(Token(f, lemma, "VERB") for f, lemma in pairs)),))

    docs = [verbs(("Broke", "break"), ("broke", "break"), ("saw", "see"), ("saw", "saw"), ("ran", "run"))]
    assert known_lemmas(docs) == {"VERB broke": "break"}


@pytest.mark.parametrize(
    ("form", "pos", "predicted", "expected"),
    [
        ("BROKE", "VERB", "BROKE", "break"),
        ("Attacks", "NOUN", "attack", "attack"),
        ("ATTACKS", "NOUN", "ATTACK", "attack"),
        ("NATO", "PROPN", "NATO", "NATO"),
        ("I", "PRON", "I", "I"),
        ("went", "VERB", "", "went"),
    ],
)
def test_lemmas(form: str, pos: str, predicted: str, expected: str) -> None:
    assert corrected_lemma(form, pos, predicted, {"VERB broke": "break"}) == expected


def vectors() -> PieceVectors:
    from spacy.strings import StringStore

    pieces = ["zen", "##da", "cafe", "z"]
    rows = np.array([[2, 0], [0, 4], [1, 1], [9, 9]], dtype=np.int8)
    return PieceVectors(strings=StringStore(["zenda", "café", "qq", "zen"]), pieces=pieces, rows=rows, scale=0.5)


@pytest.mark.parametrize(
    ("form", "expected"), [("zen", [1.0, 0.0]), ("zenda", [0.5, 1.0]), ("café", [0.5, 0.5]), ("qq", [0.0, 0.0])]
)
def test_forms_are_spelt_in_pieces(form: str, expected: list[float]) -> None:
    table = vectors()
    assert table.get_batch([table.strings[form]])[0].tolist() == expected


def test_vectors_survive_the_disk(tmp_path: Path) -> None:
    table = vectors()
    table.write(tmp_path)
    again = PieceVectors.read(tmp_path, table.strings)
    assert (again.pieces, again.scale, again.rows.tolist()) == (table.pieces, table.scale, table.rows.tolist())


def test_another_minilm_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(DataError, match="SHA-256"):
        minilm_pieces(tmp_path, width=8)


def test_digest_sees_content_and_names_but_not_the_card(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = digest(tmp_path)
    (tmp_path / "MODEL_CARD.md").write_text("x")
    assert digest(tmp_path) == first
    (tmp_path / "a").rename(tmp_path / "b")
    assert digest(tmp_path) != first


def test_shipped_weights_are_those_of_their_card() -> None:
    from extractors.nlp import WEIGHTS

    assert digest(WEIGHTS) in (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "CC BY-SA 4.0" in (WEIGHTS / "LICENSE").read_text(encoding="utf-8")
