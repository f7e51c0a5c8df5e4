from __future__ import annotations

import pytest

from ekg.bench.coref import match_mentions
from ekg.bench.coref_scores import b_cubed, ceaf_e, coreference_scores, muc
from ekg.model import DocumentInfo, Event, Extraction, Trigger


def clusters(*groups: str) -> dict[str, int]:
    return {item: n for n, group in enumerate(groups) for item in group}


# Luo 2005's example: gold {1-5}, {6, 7}, {8-C}; the systems join two of the three, or all.
GOLD = clusters("12345", "67", "89ABC")
LAST_TWO = clusters("12345", "6789ABC")
OUTER = clusters("1234589ABC", "67")
ALL = clusters("123456789ABC")


def test_muc_of_luos_example() -> None:
    # 9 gold links; each response has 10 or 11 links and keeps all 9.
    assert muc(LAST_TWO, GOLD) == {"precision": 0.9, "recall": 1.0, "f1": 0.9474}
    assert muc(OUTER, GOLD) == {"precision": 0.9, "recall": 1.0, "f1": 0.9474}
    assert muc(ALL, GOLD) == {"precision": 0.8182, "recall": 1.0, "f1": 0.9}


def test_b_cubed_of_luos_example() -> None:
    # (5 + 2·2/7 + 5·5/7) / 12, (5·5/10 + 5·5/10 + 2) / 12, (5·5 + 2·2 + 5·5) / 12 / 12.
    assert b_cubed(LAST_TWO, GOLD)["precision"] == 0.7619
    assert b_cubed(OUTER, GOLD)["precision"] == 0.5833
    assert b_cubed(ALL, GOLD) == {"precision": 0.375, "recall": 1.0, "f1": 0.5455}


def test_ceaf_e_of_luos_example() -> None:
    # Best matches: 1 + 2·5/12 of two clusters and three; 2·5/15 + 1; 2·5/17.
    assert ceaf_e(LAST_TWO, GOLD) == {"precision": 0.9167, "recall": 0.6111, "f1": 0.7333}
    assert ceaf_e(OUTER, GOLD) == {"precision": 0.8333, "recall": 0.5556, "f1": 0.6667}
    assert ceaf_e(ALL, GOLD) == {"precision": 0.5882, "recall": 0.1961, "f1": 0.2941}


def test_the_best_match_is_not_the_greedy_one() -> None:
    # The largest worth, abcd with abcefg (6/10), would leave efg with d alone (0); crossing is 2/5 + 6/9.
    predicted, gold = clusters("abcd", "efg"), clusters("abcefg", "d")
    assert ceaf_e(predicted, gold)["f1"] == round((2 / 5 + 6 / 9) / 2, 4)


def test_extremes() -> None:
    perfect = coreference_scores(GOLD, GOLD)
    assert perfect["conll_f1"] == perfect["b3_recall"] == 1.0
    singletons = clusters(*"123456789ABC")
    assert muc(singletons, GOLD) == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    # Each gold cluster matches one of its items: 2/6 + 2/3 + 2/6 over 12 and 3.
    assert ceaf_e(singletons, GOLD) == {"precision": 0.1111, "recall": 0.4444, "f1": 0.1778}
    assert coreference_scores(singletons, GOLD)["conll_f1"] == pytest.approx((0 + 0.4 + 0.1778) / 3, abs=1e-4)
    assert coreference_scores({}, {})["conll_f1"] == 0.0


@pytest.mark.parametrize("score", [muc, b_cubed, ceaf_e])
def test_both_sides_need_the_same_items(score: object) -> None:
    with pytest.raises(ValueError, match="same items"):
        score({"a": 1}, {"a": 1, "b": 1})  # type: ignore[operator]  # one of three functions


def mention(doc: str, start: int, end: int, name: str) -> Event:
    trigger = Trigger(text="x" * (end - start), span=(start, end))
    return Event(id=f"{doc}:{name}", type="Event", trigger=trigger, lemma="x")


def record(doc: str, *events: Event) -> Extraction:
    info = DocumentInfo(id=doc, kind="article", title=None, published=None, lang="en", length=99)
    return Extraction(document=info, events=events)


def test_mentions_are_matched_one_to_one_by_overlap() -> None:
    gold = [record("a", mention("a", 0, 10, "g1"), mention("a", 12, 15, "g2")), record("b", mention("b", 0, 4, "g3"))]
    found = [record("a", mention("a", 8, 14, "f1"), mention("a", 0, 3, "f2"), mention("a", 50, 60, "f3"))]
    # f1 shares two characters with both; f2 shares three with g1, so that g2 gets f1.
    assert match_mentions(gold, found) == {"a:g1": "a:f2", "a:g2": "a:f1"}
