"""The pipeline with its shipped weights."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ekg.errors import MissingError
from extractors.nlp import ENTITY_LABELS, load, parse

ARTICLE = (
    "Ruritania's minister quits\n\n"
    'STRELSAU -- Rudolf Hentzau, the finance minister of France, resigned on Monday. "It is time," Hentzau said.\n'
    "He  had   been in office since 2011.\n"
)


def annotation(text: str) -> list[tuple[object, ...]]:
    doc = load()(text)
    return [
        (
            t.idx,
            t.text,
            t.tag_,
            t.pos_,
            t.lemma_,
            str(t.morph),
            t.dep_,
            t.head.i,
            t.is_sent_start,
            t.ent_iob_,
            t.ent_type_,
        )
        for t in doc
    ]


def test_everything_is_annotated() -> None:
    doc = load()(ARTICLE)
    assert doc.has_annotation("DEP")
    assert doc.has_annotation("TAG")
    assert doc.has_annotation("ENT_IOB")
    assert {ent.label_ for ent in doc.ents} <= set(ENTITY_LABELS)
    resigned = next(token for token in doc if token.text == "resigned")
    assert (resigned.pos_, resigned.lemma_, resigned.tag_) == ("VERB", "resign", "VBD")
    assert [child.text for child in resigned.children if child.dep_ == "nsubj"] == ["Rudolf"]
    assert next(token for token in doc if token.text == "been").lemma_ == "be"


def test_sentences_end_at_titles_paragraphs_and_marks() -> None:
    sentences = [sentence.text.strip() for sentence in load()(ARTICLE).sents]
    assert sentences[0] == "Ruritania's minister quits"
    assert sentences[-1] == "He  had   been in office since 2011."
    assert all("\n" not in sentence for sentence in sentences)


def test_every_sentence_is_one_tree() -> None:
    for sentence in load()(ARTICLE).sents:
        roots = [token for token in sentence if token.head == token]
        assert len(roots) == 1
        assert {token.i for token in roots[0].subtree} == {token.i for token in sentence}


def test_a_dateline_hangs_on_its_sentence() -> None:
    doc = load()(ARTICLE)
    place = next(token for token in doc if token.text == "STRELSAU")
    assert (place.dep_, place.head.text) == ("parataxis", "resigned")


def test_names_of_the_dateline_and_the_gazetteer() -> None:
    found = {(ent.text, ent.label_) for ent in load()(ARTICLE).ents}
    assert {("STRELSAU", "place"), ("France", "place")} <= found
    assert all(not name.endswith("'s") and "\n" not in name for name, _ in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "\n  \tA",
        "a\x00b",
        "lone \ud800 surrogate",
        "e\u0301t\u00e9 👩‍👩‍👧 中国。",
        "A.\r\nB\u2028C\xa0d\u200b.",
        "(" * 700,
        "x" * 3000,
        "no end and " * 200,
    ],
)
def test_offsets_are_exact_on_any_text(text: str) -> None:
    doc = load()(text)
    shown = doc.text
    assert len(shown) == len(text)
    assert shown == text.replace("\ud800", "\ufffd")
    assert all(shown[token.idx : token.idx + len(token)] == token.text for token in doc)
    assert sum(len(sentence) for sentence in doc.sents) == len(doc)


def test_alone_or_in_a_batch_the_result_is_the_same() -> None:
    texts = [ARTICLE, "Short one.", "", "The war ended in Vienna in 1815 . " * 30]
    for size in (1, 2, 64):
        docs = list(load().pipe(texts, batch_size=size))
        assert [[(t.tag_, t.dep_, t.head.i, t.ent_type_) for t in doc] for doc in docs] == [
            [(t.tag_, t.dep_, t.head.i, t.ent_type_) for t in load()(text)] for text in texts
        ]


def test_the_same_text_twice_is_the_same() -> None:
    assert annotation(ARTICLE) == annotation(ARTICLE)


def test_parse_begins_a_sentence_where_it_is_told() -> None:
    text = "so we went up there and then he said no"
    first = next(iter(parse(text, breaks=[20]).sents))
    assert first.text.strip() == "so we went up there"


def test_one_word_without_end_is_cut() -> None:
    doc = load()("y" * 2000)
    assert max(len(token) for token in doc) <= 500


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="ekg train base"):
        load(tmp_path)


def test_importing_does_not_import_spacy() -> None:
    code = "import sys, extractors.nlp; sys.exit('spacy' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
