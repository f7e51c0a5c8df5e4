"""The corpus readers, on small files written here."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from ekg.errors import DataError
from extractors.training.readers import (
    Mention,
    read_conllu,
    read_ecbplus_names,
    read_ewt,
    read_gum,
    read_wikigold,
    read_wnut17,
)
from extractors.training.readers.conll_ner import read_columns

GUM_SAMPLE = """\
# newdoc id = GUM_news_x
# meta::genre = news
# meta::sourceURL = https://en.wikinews.org/wiki/X
# newpar
# sent_id = GUM_news_x-1
1	The	the	DET	DT	_	3	det	_	Entity=(1-person-new-cf1-3-coref(2-place-new-cf2-2-sgl
2	Ruritanian	Ruritanian	ADJ	JJ	_	3	amod	_	Entity=2)
3	captain	captain	NOUN	NN	_	6	nsubj	_	_
4	Rudolf	Rudolf	PROPN	NNP	_	3	flat	_	_
5	Rassendyll	Rassendyll	PROPN	NNP	_	4	flat	_	Entity=1)
6	visited	visit	VERB	VBD	_	0	root	_	_
7	the	the	DET	DT	_	8	det	_	Entity=(3-organization-new-cf3-2-coref-University_of_Strelsau_%28Zenda%29
8	University	University	PROPN	NNP	_	6	obj	_	_
9	of	of	ADP	IN	_	10	case	_	_
10	Strelsau	Strelsau	PROPN	NNP	_	8	nmod	_	Entity=(4-place-new-cf4-1-sgl)3)|SpaceAfter=No
11	,	,	PUNCT	,	_	6	punct	_	_
12	his	his	PRON	PRP$	_	13	nmod:poss	_	Entity=(5-place-new-cf5-2-sgl(1-person-giv-cf1-1-ana)
13	home	home	NOUN	NN	_	6	obl	_	Entity=5)|SpaceAfter=No
14	.	.	PUNCT	.	_	6	punct	_	_

# newpar
# sent_id = GUM_news_x-2
1-2	Don't	_	_	_	_	_	_	_	SpaceAfter=No
1	Do	do	AUX	VB	_	3	aux	_	_
2	n't	not	PART	RB	_	3	advmod	_	_
3	go	go	VERB	VB	_	0	root	_	_
"""


def gum(folder: Path, text: str) -> Path:
    (folder / "gum").mkdir()
    (folder / "gum" / "train.conllu.gz").write_bytes(gzip.compress(text.encode()))
    return folder


def test_gum_keeps_names_and_cuts_titles(tmp_path: Path) -> None:
    first, second = read_gum(gum(tmp_path, GUM_SAMPLE), "train")
    assert first.sentences[0].mentions == (Mention(3, 5, "person"), Mention(7, 10, "organization"))
    assert first.genre == "news"
    assert second.sentences[0].mentions == ()


def test_conllu_multiword_tokens_are_glued(tmp_path: Path) -> None:
    _, second = read_gum(gum(tmp_path, GUM_SAMPLE), "train")
    tokens = second.sentences[0].tokens
    assert [(token.form, token.space_after) for token in tokens] == [("Do", False), ("n't", False), ("go", True)]
    assert [token.head for token in tokens] == [2, 2, 2]
    assert tokens[2].deprel == "root"


@pytest.mark.parametrize(
    ("genre", "source"), [("fiction", "x.org"), ("whow", "x.org"), ("court", "https://www.linguistics.ucsb.edu/a")]
)
def test_gum_leaves_out_closed_texts(tmp_path: Path, genre: str, source: str) -> None:
    text = GUM_SAMPLE.replace("genre = news", f"genre = {genre}").replace("https://en.wikinews.org/wiki/X", source)
    assert read_gum(gum(tmp_path, text), "train") == []


def test_gum_unopened_bracket_names_the_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="GUM_news_x-1"):
        read_gum(gum(tmp_path, GUM_SAMPLE.replace("Entity=2)", "Entity=77)")), "train")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\tA\ta\n", r":1: 2|:1: 3"),
        ("x\tA\ta\tDET\tDT\t_\t0\troot\t_\t_\n", ":1: ID and HEAD"),
        ("1\tA\ta\tDET\tDT\t_\t9\tdet\t_\t_\n\n", "head outside"),
    ],
)
def test_conllu_errors_say_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.conllu"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        list(read_conllu(path))


def test_missing_and_damaged_files_are_data_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train\.conllu\.gz"):
        read_ewt(tmp_path, "train")
    (tmp_path / "ud-ewt").mkdir()
    (tmp_path / "ud-ewt" / "train.conllu.gz").write_bytes(b"not gzip")
    with pytest.raises(DataError, match=r"train\.conllu\.gz"):
        read_ewt(tmp_path, "train")


def test_columns_map_labels_and_glue_punctuation(tmp_path: Path) -> None:
    path = tmp_path / "x.conll"
    path.write_text(
        "The I-ORG\nMad I-ORG\nHatters I-ORG\n, O\na O\nBritish I-MISC\nband O\n, O\nwon O\n\n"
        "World I-MISC\nCup I-MISC\n\t\nAnn\tB-person\nBob\tB-person\n"
    )
    first, second, third = read_columns(path, "x")
    assert first.sentences[0].mentions == (Mention(1, 3, "organization"),)
    assert [token.space_after for token in first.sentences[0].tokens][:4] == [True, True, False, True]
    assert second.sentences[0].mentions == (Mention(0, 2, "event"),)
    assert third.sentences[0].mentions == (Mention(0, 1, "person"), Mention(1, 2, "person"))


@pytest.mark.parametrize(("row", "message"), [("word\n", ":1: a word without"), ("word X-ORG\n\n", "not IOB")])
def test_columns_errors(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "x.conll"
    path.write_text(row)
    with pytest.raises(DataError, match=message):
        list(read_columns(path, "x"))


def ecb_document(words: list[str], markables: str) -> str:
    tokens = "".join(f'<token t_id="{i}" sentence="1" number="{i}">{w}</token>' for i, w in enumerate(words))
    return f"<Document>{tokens}<Markables>{markables}</Markables></Document>"


def test_ecbplus_names_are_partial(tmp_path: Path) -> None:
    folder = tmp_path / "ecbplus" / "1"
    folder.mkdir(parents=True)
    sentence = "actress Ann Bell met the police in Oldtown , Dan said in a long statement"
    words = sentence.split()
    marks = (
        '<HUMAN_PART_PER m_id="1"><token_anchor t_id="0"/><token_anchor t_id="1"/><token_anchor t_id="2"/>'
        '</HUMAN_PART_PER><HUMAN_PART_ORG m_id="2"><token_anchor t_id="5"/></HUMAN_PART_ORG>'
        '<LOC_GEO m_id="3"><token_anchor t_id="7"/></LOC_GEO>'
    )
    (folder / "1_1ecb.xml").write_text(ecb_document(words, marks))
    (tmp_path / "ecbplus" / "coreference_sentences.csv").write_text(
        "Topic,File,Sentence Number\n1,1ecb,1\n2,9ecb,1\n"  # topic 2 is development: its file is not even opened
    )
    (doc,) = read_ecbplus_names(tmp_path)
    assert doc.sentences[0].mentions == (Mention(1, 3, "person"), Mention(7, 8, "place"))
    assert doc.sentences[0].unknown == (9,)


@pytest.mark.data
def test_real_corpora_are_read_whole(data: Callable[[str], Path]) -> None:
    folder = data("gum").parent
    train, held_out = read_wikigold(folder)
    assert len(train) + len(held_out) == 1841
    assert not {doc.id for doc in train} & {doc.id for doc in held_out}
    gum_dev = read_gum(folder, "dev")
    assert sum(len(doc.sentences) for doc in gum_dev) == 693
    assert {doc.genre for doc in gum_dev} <= {"academic", "bio", "court", "interview", "news", "speech"} | {
        "textbook",
        "vlog",
        "voyage",
    }
    assert sum(doc.words for doc in read_ewt(folder, "dev")) == 25147
    assert len(read_wnut17(folder, "dev")) > 900
