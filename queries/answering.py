"""Answering a question: understand it, find what speaks of it, read the answer, and say how sure it is or why not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ekg.errors import DataError
from ekg.graph import EventGraph
from ekg.graph.views import evidence_dict
from ekg.model import Abstention, Answer, AnswerValue, Evidence, Validity
from ekg.time import parse_iso
from queries.abstention import reason_for
from queries.analysis import analyse
from queries.candidates import Candidate
from queries.choice import choose_option
from queries.execution import Outcome, execute
from queries.frame import Frame
from queries.fusion import Group, fuse
from queries.implicit import resolve_times
from queries.linking import Linker
from queries.moments import find_moments
from queries.pool import Pool
from queries.sparql import query_of

ANSWERED = 0.55
"""Below this confidence a question is not answered."""
_ALTERNATIVE = 0.82
_RIVAL = 0.88
_CONFLICTS = 3
_SINGLE = frozenset({"date", "interval", "number", "duration", "boolean"})
_EVIDENCE = 4


def ask(
    graph: EventGraph,
    question: str,
    *,
    as_of: str | None = None,
    asked_at: str | None = None,
    k: int = 5,
    explain: bool = False,
    others: Sequence[EventGraph] = (),
    timing: bool = True,
) -> Answer:
    """Answer a question in English with evidence, or abstain with a reason.

    Relative times ("yesterday", "last year") are resolved against ``asked_at`` alone: neither the clock nor the latest
    document stands in for it, since either would answer a question that was not asked; without it such a question is
    ``not_understood``. A date without a year ("on 5 March") is taken to be the last one before the graph's latest
    document, and the frame says that this was assumed.

    Args:
        graph: the graph.
        question: the question.
        as_of: ISO date; nothing that was published or recorded later is used.
        asked_at: ISO date that relative times refer to.
        k: how many answers at most.
        explain: put the steps that led to the answer into ``frame["explain"]``.
        others: more graphs to ask at once; evidence may come from any of them.
        timing: False leaves ``elapsed_ms`` at 0.

    Raises:
        DataError: ``as_of`` or ``asked_at`` is not an ISO date.
        KgError: a graph is in another engine and its texts are not at hand.
    """
    started = time.perf_counter()
    for name, value in (("as_of", as_of), ("asked_at", asked_at)):
        _check_date(name, value)
    graphs = (graph, *others)
    for asked in graphs:
        asked.require_texts()
    answer = _answer(graphs, question, as_of, asked_at, k, explain)
    elapsed = round((time.perf_counter() - started) * 1000) if timing else 0
    return replace(answer, elapsed_ms=elapsed)


def _check_date(name: str, value: str | None) -> None:
    if value is None:
        return
    try:
        parse_iso(value)
    except ValueError as error:
        raise DataError(str(error), field=name, hint="use an ISO date such as 2016-11-08") from error


def _answer(
    graphs: Sequence[EventGraph], question: str, as_of: str | None, asked_at: str | None, k: int, explain: bool
) -> Answer:
    linker = Linker(graphs)
    latest = max((d for g in graphs if (d := _latest(g)) is not None), default=None)
    frame = analyse(question, linker.spot, linker.unit, lambda text: find_moments(text, asked_at, latest))
    if frame is None:
        return Answer(question=question, abstained=True, reason="not_understood")
    frame = replace(frame, known_at=as_of)
    if frame.unresolved:
        return _abstain(question, frame, "not_understood", None)
    unknown = [u.text for u in (*frame.units, *frame.options) if u.kind == "name" and not linker.known(u.text)]
    unknown += [u.text for t in frame.times for u in t.units if u.kind == "name" and not linker.known(u.text)]
    if unknown:
        return _abstain(question, frame, "no_entity", None, {"unknown": unknown} if explain else None)
    pools = [Pool(g, as_of) for g in graphs]
    frame = resolve_times(frame, pools)
    outcome = choose_option(frame, pools) if frame.options else execute(frame, pools)
    groups = fuse(outcome.candidates)
    notes = _notes(outcome, groups) if explain else None
    if not groups or groups[0].score < ANSWERED:
        return _abstain(question, frame, reason_for(frame, outcome, groups, pools), groups, notes)
    if frame.kind != "yes_no" and outcome.denied > max(groups[0].score, outcome.affirmed):
        return _abstain(question, frame, "false_premise", groups, notes)
    return _answered(question, frame, groups, k, notes)


def _latest(graph: EventGraph) -> str | None:
    """Date of the graph's latest document."""
    return max((row.recorded[:10] for row in graph.documents.rows() if row.recorded), default=None)


def _abstain(
    question: str,
    frame: Frame,
    reason: Abstention,
    groups: Sequence[Group] | None,
    notes: dict[str, Any] | None = None,
) -> Answer:
    confidence = groups[0].score if groups else 0.0
    shown = frame.to_dict() | ({"explain": notes} if notes else {})
    return Answer(
        question=question,
        abstained=True,
        reason=reason,
        confidence=round(min(confidence, ANSWERED), 4),
        sparql=query_of(frame, []),
        frame=shown,
    )


def _answered(question: str, frame: Frame, groups: Sequence[Group], k: int, notes: dict[str, Any] | None) -> Answer:
    top = groups[0]
    single = top.best.type in _SINGLE or frame.options or frame.order is not None
    shown = [g for g in groups if g.score >= _ALTERNATIVE * top.score and g.score >= ANSWERED]
    chosen = [top] if single else shown[:k]
    rivals = [g for g in shown if g is not top and g.score >= _RIVAL * top.score and _contradicts(top.best, g.best)]
    return Answer(
        question=question,
        abstained=False,
        confidence=top.score,
        answers=tuple(_value(g) for g in chosen),
        conflicts=tuple(_conflict(g) for g in rivals[:_CONFLICTS]) if single else (),
        sparql=query_of(frame, [c for g in chosen for c in g.members]),
        frame=frame.to_dict() | ({"explain": notes} if notes else {}),
    )


def _contradicts(left: Candidate, right: Candidate) -> bool:
    """Whether two values cannot both be right: different numbers, dates without a common day."""
    if left.type in {"date", "interval"} and left.begin and left.end and right.begin and right.end:
        low, high = parse_iso(left.begin)[0], parse_iso(left.end)[0]
        other_low, other_high = parse_iso(right.begin)[0], parse_iso(right.end)[0]
        return other_high <= low or other_low >= high
    return left.type == right.type and left.value != right.value


def _label(group: Group) -> str:
    """The label that most of the evidence uses, with the first name of a person where some of it has it."""
    best = group.best
    if best.type not in {"entity", "place"}:
        return best.label
    votes: dict[str, float] = {}
    for candidate in group.members:
        if candidate.type == best.type and candidate.score > 0.6 * best.score:
            votes[candidate.label] = round(votes.get(candidate.label, 0.0) + candidate.score, 4)
    return min(votes, key=lambda label: (-votes[label], len(label), label)) if votes else best.label


def _value(group: Group) -> AnswerValue:
    best = group.best
    valid = next(((c.begin, c.end) for c in group.members if c.begin or c.end), None)
    return AnswerValue(
        value=best.value,
        label=_label(group),
        type=best.type,
        confidence=group.score,
        valid=Validity(begin=valid[0], end=valid[1]) if valid else None,
        evidence=tuple(_evidence(group)),
    )


def _evidence(group: Group) -> list[Evidence]:
    """Sentences that say so, one a document first, best first."""
    found: list[Evidence] = []
    seen: set[tuple[str, tuple[int, int] | None]] = set()
    documents: set[str] = set()
    ordered = sorted(group.members, key=lambda c: -c.score)
    for candidate in [c for c in ordered if c.score >= 0.7 * group.best.score]:
        document = candidate.sentence.document.id
        if document in documents or len(found) >= _EVIDENCE:
            continue
        documents.add(document)
        evidence = candidate.sentence.graph.evidence(
            document,
            candidate.sentence.span,
            media=candidate.media or candidate.sentence.document.media_at(*candidate.sentence.span),
            statement=candidate.statement,
        )
        if (document, evidence.span) not in seen:
            seen.add((document, evidence.span))
            found.append(evidence)
    return found


def _conflict(group: Group) -> dict[str, Any]:
    return {
        "value": group.best.value,
        "label": group.best.label,
        "evidence": [evidence_dict(e) for e in _evidence(group)],
    }


def _notes(outcome: Outcome, groups: Sequence[Group]) -> dict[str, Any]:
    return {
        "sentences": [
            {"document": m.sentence.document.id, "score": m.score, "text": " ".join(m.sentence.text.split())[:200]}
            for m in outcome.matches[:8]
        ],
        "candidates": [
            {"label": g.best.label, "score": g.score, "arms": sorted({c.arm for c in g.members})} for g in groups[:8]
        ],
        "out_of_range": outcome.out_of_range,
        "denied": outcome.denied,
    }
