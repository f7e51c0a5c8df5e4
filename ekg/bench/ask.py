"""Question answering: exact answers and abstentions on the demo, and the analysis of TimeQuestions.

TimeQuestions: Jia, Pramanik, Saha Roy and Weikum, "Complex temporal question answering on knowledge graphs", CIKM 2021.
Only its dev set is read, and only to see how questions are understood; its answers are not in any of our graphs.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from ekg.errors import DataError
from ekg.graph import EventGraph
from ekg.ids import normal_name
from ekg.model import Answer
from queries import ask
from queries.analysis import analyse
from queries.frame import Frame
from queries.linking import Linker
from queries.moments import find_moments

_TYPES = ("Explicit", "Implicit", "Ordinal", "Temp.Ans")
_SIGNALS = ("OVERLAP", "BEFORE", "AFTER", "START", "FINISH", "ORDINAL")
_OF_RELATION = {
    "in": "OVERLAP",
    "during": "OVERLAP",
    "before": "BEFORE",
    "after": "AFTER",
    "since": "START",
    "until": "FINISH",
}


def run(data: Path, *, seed: int = 13) -> dict[str, Any]:
    """Measure on the demo that lies beside the package, and on ``timequestions/dev.json`` of the data.

    Args:
        data: folder of the corpora; a missing one leaves that part out.
        seed: not used, since nothing here is random.

    Raises:
        DataError: neither the demo nor the corpus is there.
    """
    result: dict[str, Any] = {}
    demo = Path(__file__).resolve().parents[2] / "demo"
    if (demo / "questions.json").is_file():
        from ekg.pipeline.build import build_in_memory

        sources = [demo / "gazette", demo / "herald"]
        with build_in_memory(sources) as graph:
            result["demo"] = demo_scores(graph, demo / "questions.json")
    questions = data / "timequestions" / "dev.json"
    if questions.is_file():
        result["timequestions_dev"] = analysis_scores(questions)
    if not result:
        raise DataError("no demo and no timequestions/dev.json to measure on", path=data, hint="give --data DIR")
    return result


def demo_scores(graph: EventGraph, questions: Path) -> dict[str, Any]:
    """Share of right first answers, of right abstentions (with the right reason), and precision of what is answered."""
    counts: Counter[str] = Counter()
    times: list[float] = []
    wrong: list[str] = []
    for question in json.loads(questions.read_text(encoding="utf-8"))["questions"]:
        started = time.perf_counter()
        answer = ask(graph, question["question"])
        times.append(time.perf_counter() - started)
        kind = "answerable" if question["answerable"] else "unanswerable"
        counts[kind] += 1
        right = is_right(answer, question) if question["answerable"] else answer.abstained
        counts[f"{kind}_right"] += right
        counts["reason_right"] += not question["answerable"] and answer.reason == question["reason"]
        counts["answered"] += not answer.abstained
        counts["answered_right"] += right and not answer.abstained
        if not right:
            wrong.append(question["id"])
    return {
        "questions": counts["answerable"] + counts["unanswerable"],
        "exact": _share(counts["answerable_right"], counts["answerable"]),
        "abstained": _share(counts["unanswerable_right"], counts["unanswerable"]),
        "reason": _share(counts["reason_right"], counts["unanswerable"]),
        "precision": _share(counts["answered_right"], counts["answered"]),
        "wrong": wrong,
        "median_ms": round(sorted(times)[len(times) // 2] * 1000) if times else 0,
    }


def is_right(answer: Answer, question: dict[str, Any]) -> bool:
    """Whether the first answer is a gold value or alias; an event, whose label is free, goes by its evidence."""
    if answer.abstained or not answer.answers:
        return False
    first = answer.answers[0]
    if first.type == "event":
        told = {(e["document"], e["quote"]) for e in question["evidence"]}
        return any((e.document, e.quote) in told for e in first.evidence)
    gold = [name for value in question["answers"] for name in (value["value"], *value["aliases"])]
    return first.value in gold or normal_name(first.label) in {normal_name(str(name)) for name in gold}


def analysis_scores(path: Path) -> dict[str, Any]:
    """F1 by question type and temporal signal, and the share of questions with exactly the gold set of each."""
    linker = Linker(())
    types: list[tuple[set[str], set[str]]] = []
    signals: list[tuple[set[str], set[str]]] = []
    understood = 0
    for entry in json.loads(path.read_text(encoding="utf-8")):
        text = entry["Question"]
        frame = analyse(text, linker.spot, linker.unit, lambda words: find_moments(words, None, None))
        understood += frame is not None
        types.append((set(entry["Temporal question type"]), types_of(frame)))
        gold = {s for s in entry["Temporal signal"] if s != "No signal"}
        signals.append((gold, signals_of(frame)))
    return {
        "questions": len(types),
        "understood": _share(understood, len(types)),
        "type_exact": _share(sum(gold == found for gold, found in types), len(types)),
        "type_f1": {name: _f1(types, name) for name in _TYPES},
        "signal_exact": _share(sum(gold == found for gold, found in signals), len(signals)),
        "signal_f1": {name: _f1(signals, name) for name in _SIGNALS},
    }


def types_of(frame: Frame | None) -> set[str]:
    """TimeQuestions' types of a frame."""
    if frame is None:
        return set()
    found = {"Implicit" if constraint.units else "Explicit" for constraint in frame.times}
    if frame.order is not None:
        found.add("Ordinal")
    if frame.kind in {"when", "how_long"}:
        found.add("Temp.Ans")
    return found


def signals_of(frame: Frame | None) -> set[str]:
    """TimeQuestions' temporal signals of a frame."""
    if frame is None:
        return set()
    found = {_OF_RELATION[constraint.relation] for constraint in frame.times}
    groups = {group for unit in frame.words for group in unit.groups}
    if frame.order is not None:
        found.add("ORDINAL")
    if "begin" in groups:
        found.add("START")
    if "end" in groups:
        found.add("FINISH")
    return found


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _f1(pairs: list[tuple[set[str], set[str]]], name: str) -> float:
    hits = sum(name in gold and name in found for gold, found in pairs)
    wanted, given = sum(name in gold for gold, _ in pairs), sum(name in found for _, found in pairs)
    return round(2 * hits / (wanted + given), 4) if wanted + given else 0.0
