"""New types from keywords and one example: the evidence, the weights, and extraction with a user's own types."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from ekg.bench.newtypes import made_type
from ekg.errors import MissingError
from ekg.model import Document
from extractors.events.example import EventSentence, GoldEvent
from extractors.events.stems import stem
from extractors.extractor import Extractor
from extractors.ontology.evidence import COLUMNS, Evidence, Profile, Space, Words, likeness, name_words
from extractors.ontology.fewshot import Weights, best_types, make_profile, words_of
from extractors.training.newtypes import (
    Corpus,
    Simulated,
    choose_types,
    fit_form,
    forgetful,
    keyword_floor,
    top_keywords,
    with_threshold,
    withheld_types,
)


@dataclass
class Token:
    text: str
    lemma_: str
    pos_: str


def words(*tokens: tuple[str, str, str], vectors: list[list[float]] | None = None) -> Words:
    count = len(tokens)
    return Words(
        stems=tuple(stem(form) for form, _, _ in tokens),
        lemmas=tuple(lemma for _, lemma, _ in tokens),
        lemma_stems=tuple(stem(lemma) for _, lemma, _ in tokens),
        pos=tuple(pos for _, _, pos in tokens),
        vectors=np.array(vectors or [[0.0, 1.0]] * count),
        news=np.full(count, 0.8),
        rate=np.zeros(count),
        seen=np.ones(count),
    )


def profile(
    name: str = "Recall",
    keyword: str = "recall",
    phrases: tuple[tuple[str, ...], ...] = (),
    against: list[list[float]] | None = None,
) -> Profile:
    return Profile(
        name=name,
        stems=(keyword,),
        keywords=(keyword,),
        phrases=phrases,
        name_words=name_words(name),
        example_stem=keyword,
        example_pos="VERB",
        example_news=0.9,
        vectors=np.array([[1.0, 0.0], [1.0, 0.0]]),
        alike=np.array([[1.0, 0.0]]),
        against=np.array(against) if against else np.zeros((0, 2)),
    )


def weights(threshold: float = 0.5, **given: float) -> Weights:
    space = Space(np.zeros(2), np.zeros((0, 2)))
    vector = np.array([given.get(column.replace("*", "_"), 0.0) for column in COLUMNS])
    return Weights(space, vector, -2.0, threshold)


SENTENCE = (("The", "the", "DET"), ("firm", "firm", "NOUN"), ("recalled", "recall", "VERB"), ("cars", "car", "NOUN"))


def test_candidates_are_keywords_relatives_and_words_used_alike() -> None:
    alike = [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    places, columns = Evidence(0.35).candidates(profile(), words(*SENTENCE, vectors=alike))
    assert places.tolist() == [1, 2]
    assert columns.shape == (2, len(COLUMNS))
    row = dict(zip(COLUMNS, columns[1].tolist(), strict=True))
    assert (row["keyword"], row["example_stem"], row["verb"], row["same_pos"]) == (1.0, 1.0, 1.0, 1.0)
    assert row["keyword*news"] == pytest.approx(0.8)
    assert columns[0][COLUMNS.index("mean")] == pytest.approx(1.0)


def test_a_word_used_as_in_a_counterexample_is_no_candidate() -> None:
    sentence = words(*SENTENCE, vectors=[[0.0, 1.0], [0.0, 1.0], [0.6, 0.8], [1.0, 0.0]])
    assert Evidence(2.0).candidates(profile(), sentence)[0].tolist() == [2]
    assert Evidence(2.0).candidates(profile(against=[[0.0, 1.0]]), sentence)[0].tolist() == []
    assert Evidence(2.0).candidates(profile(against=[[0.0, -1.0]]), sentence)[0].tolist() == [2]


def test_a_closed_class_word_is_no_candidate_and_no_word_gives_none() -> None:
    places, columns = Evidence(0.0).candidates(profile(), words(("of", "of", "ADP")))
    assert places.tolist() == []
    assert columns.shape == (0, len(COLUMNS))


def test_a_phrase_counts_at_its_head() -> None:
    found, _ = Evidence(0.9).candidates(
        profile(keyword="xx", phrases=(("pull", "back"),)), words(("pulled", "pull", "VERB"), ("back", "back", "ADV"))
    )
    assert found.tolist() == [0]
    found, _ = Evidence(0.9).candidates(
        profile(keyword="xx", phrases=(("data", "breach"),), against=[[0.0, 1.0]]),
        words(("data", "data", "NOUN"), ("breaches", "breach", "NOUN")),
    )
    assert found.tolist() == [1]


def test_the_best_type_wins_and_ties_go_by_name() -> None:
    both = [profile("Second"), profile("First"), profile("Other", "car")]
    evidence = Evidence(0.9)
    found = best_types(both, words(*SENTENCE), evidence, weights(keyword=4.0))
    assert found == {2: ("First", 0.8808), 3: ("Other", 0.8808)}
    assert best_types(both, words(*SENTENCE), evidence, weights(0.9, keyword=4.0)) == {}


def test_likeness_and_names() -> None:
    assert likeness("collaborate", "collaboration") > 0.7
    assert likeness("car", "cars") == 0.0
    assert name_words("StrikeAction") == ("strike",)
    assert name_words("Cyber_attack") == ("cyber", "attack")


def test_the_space_drops_what_all_vectors_share() -> None:
    vectors = np.array([[5.0, x, y] for x in (-9.0, 9.0, -8.0, 8.0) for y in (-1.0, 1.0)])
    space = Space.fit(vectors, directions=1)
    unit = space(vectors)
    assert np.allclose(np.abs(unit @ np.array([0.0, 0.0, 1.0])), 1.0, atol=1e-3)
    assert np.allclose(space(space.mean[None, :]), 0.0)


def test_weights_survive_the_file_and_others_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "fewshot.json"
    before = weights(keyword=3.0)
    path.write_text(json.dumps(before.to_json()), encoding="utf-8")
    after = Weights.read(path)
    row = np.ones((1, len(COLUMNS)))
    assert after.probability(row).tolist() == before.probability(row).tolist()
    path.write_text(json.dumps({**before.to_json(), "columns": ["keyword"]}), encoding="utf-8")
    with pytest.raises(MissingError, match="do not fit"):
        Weights.read(path)
    with pytest.raises(MissingError, match="ekg train newtypes"):
        Weights.read(tmp_path / "none.json")


def test_a_profile_puts_each_keyword_in_the_examples_place() -> None:
    seen: list[list[str]] = []

    def describe(sentences: object) -> list[tuple[np.ndarray, np.ndarray]]:
        assert isinstance(sentences, list)
        seen.extend(sentences)
        return [(np.eye(3), np.array([0.1, 0.7, 0.1])) for _ in sentences]

    example = [Token("Firms", "firm", "NOUN"), Token("recalled", "recall", "VERB"), Token("cars", "car", "NOUN")]
    space = Space(np.zeros(3), np.zeros((0, 3)))
    made = make_profile("Recall", ["recall", "withdraw", "pull back"], example, 1, describe, space)
    assert [tokens[1] for tokens in seen] == ["recalled", "recall", "withdraw"]
    assert made.phrases == (("pull", "back"),)
    assert made.vectors.tolist() == [[0.0, 1.0, 0.0]] * 3
    assert made.example_news == pytest.approx(0.7)


def corpus() -> Corpus:
    forms = [("Sold", "sell"), ("Sale", "sale"), ("is", "be"), ("Selling", "sell")]
    sentences = [
        EventSentence(str(n), (form,), (GoldEvent(0, 1, "Selling" if lemma != "be" else "Being"),), "geneva")
        for n, (form, lemma) in enumerate(forms)
    ]
    parsed = [[Token(form, lemma, "AUX" if lemma == "be" else "VERB")] for form, lemma in forms]
    return Corpus(sentences, parsed, [np.zeros((1, 2))] * 4, [np.zeros(1)] * 4)


def test_the_protocol_of_keywords_and_the_floor() -> None:
    found = corpus()
    assert top_keywords(found, found.mentions()["Selling"], 1) == ["sell"]
    keywords = {"Selling": ["sell"], "Being": ["be"]}
    floor = keyword_floor(found, keywords)
    assert floor == [{0: "Selling"}, {}, {0: "Being"}, {0: "Selling"}]
    assert keyword_floor(found, keywords, pos={"VERB"})[2] == {}


def test_hidden_types_are_forgotten_but_their_words_are_not() -> None:
    lexicon = forgetful(corpus().sentences, {"Selling"})
    assert lexicon.evidence("Sold")[0][2] == 0.0
    assert lexicon.evidence("Sold")[0][3] == 1.0


def test_the_types_of_the_benchmark_have_enough_mentions_and_follow_the_seed() -> None:
    def split(count: int) -> list[EventSentence]:
        return [
            EventSentence(f"{kind}{n}", ("x",), (GoldEvent(0, 1, f"T{kind:02}"),), "geneva")
            for kind in range(40)
            for n in range(count if kind < 30 else 2)
        ]

    train, val = split(10), split(5)
    assert choose_types(train, val) == [f"T{kind:02}" for kind in range(30)]
    assert len(withheld_types(train, val)) == 25
    assert withheld_types(train, val, 13) == withheld_types(train, val, 13) != withheld_types(train, val, 14)


OWN = """\
ontology: own
types:
  Product_recall:
    definition: A maker takes a product back.
    keywords: [recall]
    roles:
      Maker: {general: Agent}
      Product: {general: Theme}
    examples: ["The carmaker [recalled] two million cars over faulty airbags."]
"""


@pytest.mark.slow
def test_extraction_with_a_type_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    text = "Sunbeam Foods recalled 40,000 jars of baby food on Monday. Two men were killed in Leeds."
    document = Document(id="d", text=text, published="2024-05-14")
    monkeypatch.delenv("EKG_ONTOLOGY", raising=False)
    before = Extractor().extract(document).events
    monkeypatch.setenv("EKG_ONTOLOGY", str(path))
    after = Extractor().extract(document).events
    (recall,) = [event for event in after if event.type == "Product_recall"]
    assert recall.trigger.text == "recalled"
    assert {(a.role, a.text) for a in recall.arguments} >= {("Maker", "Sunbeam Foods")}
    kept = [event for event in before if event.trigger.text != "recalled"]
    assert [event for event in after if event.trigger.text != "recalled"] == kept


def test_words_carry_what_the_dictionary_says() -> None:
    lexicon = forgetful(corpus().sentences, ())
    found = words_of([Token("selling", "sell", "VERB")], np.zeros((1, 2)), np.array([0.5]), lexicon)
    assert found.lemmas == ("sell",)
    assert found.rate[0] > 0.5


def simulated(kind: str, scores: list[float], right: list[bool]) -> Simulated:
    columns = np.zeros((len(scores), len(COLUMNS)))
    columns[:, COLUMNS.index("keyword")] = scores
    return Simulated(kind, tuple((0, place) for place in range(len(scores))), columns, np.array(right))


def test_the_threshold_is_the_best_one_over_all_numbers_of_keywords() -> None:
    space = Space(np.zeros(2), np.zeros((0, 2)))
    plain = Weights(space, np.array([float(column == "keyword") for column in COLUMNS]), 0.0, 0.5)
    first = simulated("A", [2.0, -0.8, -0.9], [True, True, False])
    second = simulated("A", [2.0, -0.8, -1.0], [True, True, False])
    chosen, score = with_threshold(plain, [[first], [second]], 2)
    assert score == 1.0
    assert chosen.probability(first.columns).tolist()[1] >= chosen.threshold > chosen.probability(first.columns)[2]


def test_what_the_tagger_knows_gets_no_weight() -> None:
    space = Space(np.zeros(2), np.zeros((0, 2)))
    sample = simulated("A", [1.0, 1.0, 0.0, 0.0], [True, True, False, False])
    sample.columns[:, COLUMNS.index("mean")] = [1.0, 1.0, 0.0, 0.0]
    fitted = fit_form([sample], space)
    assert fitted.weights[COLUMNS.index("keyword")] > 0
    assert fitted.weights[COLUMNS.index("mean")] == 0


def test_the_benchmark_makes_types_as_a_user_does() -> None:
    kind = made_type(corpus(), "Selling", ["sell", "sale"], (0, 0))
    (example,) = kind.examples
    assert (kind.name, kind.words) == ("Selling", ("sell", "sale"))
    assert example.text[example.start : example.end] == "Sold"
