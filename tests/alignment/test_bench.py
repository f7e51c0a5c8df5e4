from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ekg.bench.align import run
from ekg.bench.align_ecbplus import head_word, read_ecbplus
from ekg.bench.align_events import event_coreference
from ekg.bench.align_figures import calibration_error
from ekg.bench.coref_scores import b_cubed
from ekg.errors import DataError


def test_b_cubed_of_perfect_and_of_one_cluster() -> None:
    gold = {"a": "1", "b": "1", "c": "2"}
    assert b_cubed(gold, gold)["f1"] == 1.0
    assert b_cubed(dict.fromkeys(gold, "x"), gold) == {"precision": 0.5556, "recall": 1.0, "f1": 0.7143}


def test_calibration_error_of_nothing() -> None:
    assert calibration_error([]) == 0.0


def test_unknown_sets_and_absent_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no set 'x'"):
        run(tmp_path, sets=["x"])
    with pytest.raises(DataError, match="absent"):
        run(tmp_path, sets=["eventea-en-en"])
    with pytest.raises(DataError, match="coreference_sentences"):
        read_ecbplus(tmp_path, [1])


@pytest.mark.data
def test_events_of_ecbplus_beat_both_baselines(data: Callable[[str], Path]) -> None:
    found = event_coreference(data("ecbplus").parent)
    assert float(found["b3_f1"]) >= 0.77
    assert float(found["b3_precision"]) >= 0.87
    assert float(found["b3_f1"]) > max(float(found["b3_f1_singletons"]), float(found["b3_f1_same_stem"])) + 0.1


def test_heads_of_triggers() -> None:
    assert [head_word(t) for t in ("break", "scoring record", "gunned down", "taken into custody", "6.1", "!")] == [
        "break", "record", "gunned", "taken", "1", "!",
    ]  # fmt: skip
