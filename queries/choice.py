"""Questions with a choice, "A or B": each option is asked for by itself, then times or scores decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ekg.model.answer import AnswerType
from ekg.time import TimeInterval, compare
from queries.candidates import Candidate
from queries.execution import Outcome, execute
from queries.frame import Frame, Kind, Side, Unit
from queries.fusion import fuse
from queries.pool import Match, Pool
from queries.timecheck import time_of

_DATED = 0.55
_TOLD = 0.6


def choose_option(frame: Frame, pools: Sequence[Pool]) -> Outcome:
    """The option whose event came first or last, or the one that the evidence names.

    With ``first`` or ``last``, each option's event is dated by itself; unless both have a date and one surely lies
    before the other, there is no answer.
    """
    side: Side = frame.role or "agent"
    outcome = Outcome()
    dated: list[tuple[TimeInterval, list[Candidate]]] = []
    for option in frame.options:
        kind: Kind = "when" if frame.order else "yes_no"
        wants: AnswerType = "date" if frame.order else "boolean"
        units = (replace(option, side=side), *frame.units)
        asked = replace(frame, kind=kind, wants=wants, options=(), order=None, units=units, focus=())
        part = execute(asked, pools)
        outcome.matches += part.matches
        outcome.related = max(outcome.related, part.related)
        outcome.out_of_range = max(outcome.out_of_range, part.out_of_range)
        if frame.order:
            when = _when(option, part)
            if when is not None:
                dated.append(when)
        else:
            yes = [c for g in fuse(part.candidates) if g.best.value is True for c in g.members]
            outcome.candidates += [_as_entity(option, c) for c in yes]
    if frame.order and len(dated) == len(frame.options):
        outcome.candidates = _pick(dated, frame.order == "first")
    return outcome


def _when(option: Unit, part: Outcome) -> tuple[TimeInterval, list[Candidate]] | None:
    """When an option's event happened: a date that was read, else the time that its best sentence can be put into."""
    groups = fuse(part.candidates)
    if groups and groups[0].score >= _DATED and groups[0].best.begin:
        best = groups[0].best
        interval = TimeInterval(begin=best.begin, end=best.end)
        return interval, [_as_entity(option, c) for c in groups[0].members]
    told = [m for m in part.matches if m.certain and m.score >= _TOLD]
    placed = time_of(told[0])[0] if told else None
    return None if placed is None else (placed, [_as_entity(option, _of_match(told[0]))])


def _pick(dated: Sequence[tuple[TimeInterval, list[Candidate]]], first: bool) -> list[Candidate]:
    wanted = {"before", "meets"} if first else {"after"}
    for interval, candidates in dated:
        others = [other for other, _ in dated if other is not interval]
        if all(compare(interval, o) in wanted or (not first and compare(o, interval) == "meets") for o in others):
            sure = min(max(c.score for c in members) for _, members in dated)
            return [replace(c, score=max(min(c.score, sure), _TOLD)) for c in candidates]
    return []


def _of_match(match: Match) -> Candidate:
    return Candidate(key="", value="", label="", type="entity", score=match.score, sentence=match.sentence)


def _as_entity(option: Unit, candidate: Candidate) -> Candidate:
    iri = option.iris[0] if option.iris else option.text
    return replace(
        candidate,
        key=iri,
        value=iri,
        label=option.text,
        type="entity",
        entity=option.iris[0] if option.iris else None,
        arm="text",
    )
