"""The benchmark of question answering: its scores on questions whose outcome is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ekg.bench.ask import analysis_scores, demo_scores, run, signals_of, types_of
from ekg.errors import DataError
from ekg.graph import EventGraph


def test_scores_count_wrong_answers_and_wrong_reasons(graph: EventGraph, tmp_path: Path) -> None:
    def entry(name: str, question: str, value: object | None, reason: str | None = None) -> dict[str, object]:
        answers = [] if value is None else [{"value": value, "aliases": []}]
        return {"id": name, "question": question, "answerable": value is not None, "reason": reason, "answers": answers}

    path = tmp_path / "questions.json"
    questions = [
        entry("right", "Who bought Kelby Mills?", "Rondo Group"),
        entry("wrong", "Who bought Kelby Mills?", "Ada Lumen"),
        entry("reason", "When did Zed Quill visit Varn?", None, "no_entity"),
        entry("other", "When did Zed Quill visit Varn?", None, "no_relation"),
    ]
    path.write_text(json.dumps({"questions": questions}), encoding="utf-8")
    scores = demo_scores(graph, path)
    assert (scores["exact"], scores["abstained"], scores["reason"], scores["precision"]) == (0.5, 1.0, 0.5, 0.5)
    assert scores["wrong"] == ["wrong"]


def test_nothing_understood_has_no_type() -> None:
    assert types_of(None) == signals_of(None) == set()


def test_analysis_scores_on_known_questions(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    rows = [
        ("who won in 2010", ["Explicit"], ["OVERLAP"]),
        ("when did the war begin", ["Temp.Ans"], ["START"]),
        ("who was the first king of spain", ["Ordinal"], ["ORDINAL"]),
        ("who ruled before the great war", ["Implicit"], ["AFTER"]),
    ]
    path.write_text(
        json.dumps([{"Question": q, "Temporal question type": t, "Temporal signal": s} for q, t, s in rows]),
        encoding="utf-8",
    )
    scores = analysis_scores(path)
    assert scores["type_exact"] == 1.0
    assert scores["signal_f1"]["BEFORE"] == 0.0
    assert scores["signal_exact"] == 0.75


def test_without_anything_to_measure_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekg.bench.ask.__file__", str(tmp_path / "a" / "b" / "ask.py"))
    with pytest.raises(DataError, match="no demo"):
        run(tmp_path)


@pytest.mark.data
def test_timequestions_are_mostly_understood(data: Callable[[str], Path]) -> None:
    scores = analysis_scores(data("timequestions/dev.json"))
    assert scores["understood"] > 0.95
    assert min(scores["type_f1"].values()) > 0.65
