from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alignment import ResolveConfig, resolve
from alignment.event_context import read_contexts
from alignment.event_documents import compare_documents, share_among_alike
from alignment.event_mentions import collect
from alignment.event_pairs import FEATURES, pair_features, propose
from alignment.event_weights import load_event_weights
from alignment.event_words import word_vectors
from alignment.words import content_words
from ekg.bench.coref_train import HAND_SET, LESS, fit
from ekg.model import DocumentInfo, Event, EventTime, Extraction, Trigger

QUAKE = (
    "A strong earthquake struck Marova on Monday . The quake killed 12 people in Marova and Tolen , officials said ."
)
FIRE = "A fire destroyed a warehouse in Brint . The blaze killed 3 workers of Zelco , officials said on Friday ."
OTHER = "Parliament elected Anna Berg . Her party said the vote was fair . Critics said that the vote was rigged ."


def make(doc: str, text: str, *triggers: str, day: str | None = None, kind: str = "Event") -> Extraction:
    events, start = [], 0
    for trigger in triggers:
        start = text.index(trigger, start)
        span = (start, start + len(trigger))
        events.append(
            Event(id=f"{doc}:{trigger}:{start}", type=kind, trigger=Trigger(text=trigger, span=span), lemma=trigger)
        )
        start += len(trigger)
    info = DocumentInfo(id=doc, kind="article", title=None, published=day, lang="en", length=len(text))
    return Extraction(document=info, events=tuple(events))


def stories() -> tuple[list[Extraction], dict[str, str]]:
    texts = {"q1": QUAKE, "q2": QUAKE.replace("strong", "major"), "f1": FIRE, "f2": FIRE.replace("workers", "men")}
    triggers = {"q": ("struck", "killed", "said"), "f": ("destroyed", "killed", "said")}
    return [make(doc, text, *triggers[doc[0]]) for doc, text in texts.items()], texts


def test_the_same_word_of_two_stories_stays_apart_and_of_one_story_joins() -> None:
    records, texts = stories()
    node = {k.split(":")[0] + k.split(":")[1]: v for k, v in resolve(records, texts=texts).events.items()}
    assert node["q1killed"] == node["q2killed"]
    assert node["f1killed"] == node["f2killed"]
    assert node["q1killed"] != node["f1killed"]


def test_repeated_reports_in_one_document_stay_apart() -> None:
    found = resolve([make("d", OTHER, "elected", "said", "said")], texts={"d": OTHER})
    assert len(set(found.events.values())) == 3


def test_times_of_one_day_may_differ_by_hours_but_days_may_not() -> None:
    def at(begin: str, end: str) -> EventTime:
        return EventTime(begin=begin, end=end, granularity="minute")

    records, texts = stories()
    pair = [
        replace(r, events=tuple(replace(e, time=t) for e in r.events))
        for r, t in zip(
            records[:2],
            (at("2016-11-09T06:10", "2016-11-09T06:11"), at("2016-11-09T07:00", "2016-11-09T07:01")),
            strict=True,
        )
    ]
    assert len(set(resolve(pair, texts=texts).events.values())) < 6
    later = replace(pair[1], events=tuple(replace(e, time=at("2016-11-10", "2016-11-11")) for e in pair[1].events))
    assert len(set(resolve([pair[0], later], texts=texts).events.values())) == 6


def test_synonyms_are_near_and_other_words_are_not() -> None:
    kill, murder, election, none = word_vectors(["kill", "murder", "election", "xqzt"])
    assert kill @ murder > 0.5 > kill @ election
    assert not none.any()
    assert word_vectors([]).shape[0] == 0
    assert np.allclose(word_vectors(["Kill"])[0], kill)


def test_contexts_come_from_the_text_or_else_from_the_record() -> None:
    record = make("a", QUAKE, "killed", "said")
    with_text, without = read_contexts([record], {"a": QUAKE}), read_contexts([record], {})
    assert "peopl" in " ".join(with_text.wide[0])
    assert with_text.names[0].count("marova") == 2
    assert "12" in with_text.near[0]
    assert len(without.wide[0]) == 1
    assert len(without.document[0]) == 2


def test_documents_are_grouped_by_story() -> None:
    texts = [list(content_words(t)) for t in (QUAKE, QUAKE.replace("strong", "major"), FIRE)]
    found = compare_documents(texts, texts, neighbours=3)
    assert found.group.tolist() == [0, 0, 2]
    names, rank = found.of_pairs(np.array([0, 0]), np.array([0, 1]))
    assert names[0] == rank[0] == 1.0
    assert 0 < names[1] < 1
    share, confined = share_among_alike(found, np.array([0, 1, 2]), ["kill", "kill", "kill"])
    assert share.tolist() == [1.0, 1.0, 0.0]
    assert confined.tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3])


def test_pairs_are_limited_and_never_forbidden() -> None:
    records, texts = stories()
    denied = replace(records[1], events=tuple(replace(e, polarity="negative") for e in records[1].events))
    mentions = collect([records[0], denied], {}, neighbours=5, texts=texts)
    i, j = propose(mentions, limit=40)
    assert all(mentions.document[i] == mentions.document[j])
    mentions = collect(records, {}, neighbours=5, texts=texts)
    i, j = propose(mentions, limit=1)
    assert 0 < len(i) <= 2 * len(mentions)
    assert (i < j).all()
    features = pair_features(mentions, i, j)
    assert features.shape == (len(i), len(FEATURES))
    assert np.isfinite(features).all()


def test_reasons_are_given_with_each_link() -> None:
    records, texts = stories()
    links = [link for link in resolve(records, texts=texts).links if ":killed:" in link.right]
    assert links
    for link in links:
        assert 0.5 <= link.score <= 1.0
        assert link.evidence["time"] == "unknown"
        assert float(link.evidence["word"]) > 1.0


def test_a_higher_threshold_joins_no_more() -> None:
    records, texts = stories()
    sizes = [
        len(set(resolve(records, texts=texts, config=ResolveConfig(event_threshold=t)).events.values()))
        for t in (0.05, 0.5, 0.95, 1.0)
    ]
    assert sizes == sorted(sizes)
    assert sizes[-1] == 12


def test_a_fit_keeps_the_signs_that_features_mean() -> None:
    generator = np.random.default_rng(3)
    x = np.round(generator.random((400, len(FEATURES))), 3)
    word, light = FEATURES.index("word"), FEATURES.index("same_stem_light")
    # Labels that contradict the meaning of one feature and agree with that of another.
    weights = fit([(x, (x[:, word] + x[:, light]) > 1.0)])
    assert weights.coefficients["word"] > 1.0
    assert weights.coefficients["same_stem_light"] == 0.0
    assert all(weights.coefficients[name] <= 0 for name in LESS)
    assert {name: weights.coefficients[name] for name in HAND_SET} == HAND_SET


def test_shipped_weights_know_the_features() -> None:
    assert set(load_event_weights().coefficients) == set(FEATURES)
