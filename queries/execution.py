"""Running a frame over graphs: sentences and events are matched, timed, ordered and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ekg.time import TimeInterval, parse_iso
from queries.candidates import Candidate
from queries.corrections import is_retracted
from queries.frame import Frame, TimeConstraint
from queries.fusion import fuse
from queries.happenings import read_happenings
from queries.holders import is_former
from queries.pool import Match, Pool
from queries.quantities import counts_events
from queries.readers import read
from queries.setting import setting_fits
from queries.timecheck import fit, time_of
from queries.truth import called_off, denies, realis, roles_fit

_READ = 30
_WORTH = 0.42
_HOLDS = 0.55
_SAID = 0.6
_DENIED = 0.8
_TAKEN_BACK = 0.15
_YEAR = 366 * 86_400


@dataclass(slots=True)
class Outcome:
    """What running a frame gave.

    Args:
        candidates: possible answers.
        matches: sentences, best first, with the time constraints applied.
        out_of_range: best score of a sentence that fits but for its time.
        affirmed: best score of a sentence that says that it did.
        retracted: keys of answers that a source has taken back.
        denied: best score of a sentence that says that the event did not happen.
        related: best score of any sentence before times were looked at.
    """

    candidates: list[Candidate] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    out_of_range: float = 0.0
    denied: float = 0.0
    affirmed: float = 0.0
    retracted: set[str] = field(default_factory=set)
    related: float = 0.0


def execute(frame: Frame, pools: Sequence[Pool]) -> Outcome:
    """Find and read all that speaks of the frame."""
    outcome = Outcome()
    for pool in pools:
        if frame.kind == "happened":
            outcome.candidates += read_happenings(frame, pool)
            continue
        if frame.kind == "yes_no" and frame.verb is None and frame.names:
            outcome.candidates += _holds(frame, pool)
            continue
        _read_sentences(frame, pool, outcome)
        if frame.kind == "how_many" and not any(c.score > 0.6 for c in outcome.candidates):
            outcome.candidates += _counted(frame, pool)
    outcome.candidates = [
        replace(c, score=round(c.score - _TAKEN_BACK, 4)) if c.key in outcome.retracted else c
        for c in outcome.candidates
    ]
    outcome.matches.sort(key=lambda m: (-m.score, *m.sentence.key()))
    if frame.kind == "holder":
        outcome.candidates = _in_office(frame, outcome.candidates)
    if frame.order is not None and frame.kind != "happened":
        outcome.candidates = _ordered(frame, outcome)
    if frame.order is not None and frame.kind == "happened":
        outcome.candidates = _first_or_last(frame, outcome.candidates)
    return outcome


def _read_sentences(frame: Frame, pool: Pool, outcome: Outcome) -> None:
    units = (*frame.units, *frame.focus)
    for match in pool.matches(frame, limit=_READ):
        where = [(u.side, match.where[i], u.iris) for i, u in enumerate(units) if u.kind == "name"]
        sides = roles_fit(where, match)
        if frame.kind == "yes_no" and sides < 0.9:
            continue
        match.score = round(match.score * sides * setting_fits(frame, match), 4)
        outcome.related = max(outcome.related, match.score)
        verdict = realis(match)
        outcome.denied = max(outcome.denied, called_off(frame, match))
        factor = _timed(frame, match)
        if factor == 0.0:
            outcome.out_of_range = max(outcome.out_of_range, match.score)
            continue
        match.score = round(match.score * factor, 4)
        if match.score < _WORTH:
            continue
        outcome.matches.append(match)
        if verdict == "no" and frame.kind != "yes_no" and match.certain and min(match.matched) >= _DENIED:
            outcome.denied = max(outcome.denied, match.score if denies(frame, match) else 0.0)
            continue
        if verdict == "yes" and match.certain and min(match.matched) >= _SAID:
            outcome.affirmed = max(outcome.affirmed, match.score)
        found = read(frame, match)
        if is_retracted(match.sentence):
            outcome.retracted |= {c.key for c in found}
            continue
        if verdict == "open" and frame.kind in {"when", "who", "where"} and frame.tense == "past":
            found = [replace(c, score=round(0.85 * c.score, 4)) for c in found]
        outcome.candidates += [c for c in found if frame.kind != "when" or _date_fits(frame, c)]


def _timed(frame: Frame, match: Match) -> float:
    """Factor for how well the sentence's event fits the time constraints; 0 where it surely does not."""
    if frame.kind == "holder":
        return 1.0
    factor = 1.0
    interval, trust = time_of(match)
    for constraint in (t for t in frame.times if not t.told):
        spoken = _spoken(constraint, match)
        share = fit(constraint, interval, trust)
        if share == 0.0 and constraint.relation == "in" and _said(constraint, match):
            share = 0.9
        if share == 0.0:
            return 0.0
        factor *= max(share, 0.9 if spoken else 0.0) if share < 1.0 else 1.0
    return round(factor, 4)


def _said(constraint: TimeConstraint, match: Match) -> bool:
    """Whether the sentence names the constraint's own time ("the Lantern Festival of 2024")."""
    return any(m.text.lower() == constraint.text.lower() for m in match.sentence.moments)


def _spoken(constraint: TimeConstraint, match: Match) -> bool:
    """Whether the sentence itself ties its event to the constraint's event in words ("after the strike")."""
    words = [u for u in constraint.units if u.kind != "name"]
    lowers = {t.lower for t in match.sentence.tokens}
    said = all(any(u.stem == t.stem or u.groups & t.groups for t in match.sentence.tokens) for u in words)
    cues = {
        "after": {"after", "following", "later"},
        "before": {"before", "ahead"},
        "during": {"during", "while", "when"},
    }
    return bool(words) and said and bool(cues.get(constraint.relation, set()) & lowers)


def _date_fits(frame: Frame, candidate: Candidate) -> bool:
    """Whether a date that would be the answer lies where the question itself puts it."""
    if not (candidate.begin and candidate.end):
        return True
    interval = TimeInterval(begin=candidate.begin, end=candidate.end)
    return all(fit(t, interval, 1.0) > 0 for t in frame.times)


def _in_office(frame: Frame, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Holders of an office, weighed by how the dates of what is said lie to the time that is asked for."""
    found: list[Candidate] = []
    predecessors = [t for t in frame.times if t.units and all(u.kind == "name" for u in t.units)]
    rivals = {iri for t in predecessors for u in t.units for iri in u.iris}
    since = min((c.sentence.published or "9999" for c in candidates if c.entity in rivals), default=None)
    newest = max((c.sentence.published or "" for c in candidates if not is_former(c)), default="")
    for candidate in candidates:
        said = candidate.sentence.published or ""
        score = candidate.score
        if predecessors:
            if candidate.entity in rivals:
                continue
            if not frame.names:
                score *= 0.5  # an office of which nobody said where it is
            if since is None and rivals:
                score *= 0.5  # nobody says that the predecessor ever held it
            earlier = since is None or said <= since or is_former(candidate)
            if (predecessors[0].relation == "before") != earlier:
                score *= 0.75
        elif frame.times:
            for constraint in frame.times:
                score *= 1.0 - 0.35 * _years_off(constraint, said)
        elif frame.tense == "present":
            if is_former(candidate):
                score *= 0.5
            elif said and newest:
                score *= 1.0 - 0.1 * min(1.0, (parse_iso(newest)[0] - parse_iso(said)[0]) / _YEAR)
        found.append(replace(candidate, score=round(score, 4)))
    return found


def _holds(frame: Frame, pool: Pool) -> list[Candidate]:
    """Whether the first name holds the office that the nouns name; "no" only where somebody else does."""
    subject = frame.names[0]
    asked = replace(frame, kind="holder", wants="entity", units=tuple(u for u in frame.units if u is not subject))
    if not asked.words and not asked.focus:
        return []
    groups = fuse(execute(asked, [pool]).candidates)
    own = [g for g in groups if g.best.entity in subject.iris and g.score >= _HOLDS]
    if not own and not (groups and groups[0].score >= 0.8 and frame.tense == "present"):
        return []
    value = bool(own)
    members = (own or groups)[0].members
    return [
        replace(c, key=str(value), value=value, label="yes" if value else "no", type="boolean", entity=None)
        for c in members
    ]


def _years_off(constraint: TimeConstraint, published: str) -> float:
    """Distance in years, at most 1, from a document's date to the interval that is asked for."""
    if constraint.interval is None or not published:
        return 0.3
    low, high = constraint.interval.bounds()
    at = parse_iso(published)[0]
    if low is not None and at < low:
        return min(1.0, (low - at) / _YEAR)
    if high is not None and at > high:
        return min(1.0, (at - high) / _YEAR)
    return 0.0


def _ordered(frame: Frame, outcome: Outcome) -> list[Candidate]:
    """Candidates of the first or last event among those that fit about equally well."""
    timed: list[tuple[int, Candidate]] = []
    by_sentence = {m.sentence.key(): m for m in outcome.matches}
    for candidate in outcome.candidates:
        match = by_sentence.get(candidate.sentence.key())
        interval = time_of(match)[0] if match is not None else None
        low = interval.bounds()[0] if interval is not None else None
        if low is not None:
            timed.append((low, candidate))
    best = max((c.score for _, c in timed), default=0.0)
    good = [(low, c) for low, c in timed if c.score >= 0.75 * best]
    if not good:
        return list(outcome.candidates)
    if frame.kind == "when" or all("first" in {t.lower for t in c.sentence.tokens} for _, c in good):
        return [c for _, c in good]
    pick = min(low for low, _ in good) if frame.order == "first" else max(low for low, _ in good)
    return [c for low, c in good if abs(low - pick) <= 2 * 86_400]


def _first_or_last(frame: Frame, candidates: Sequence[Candidate]) -> list[Candidate]:
    good = [c for c in candidates if c.begin is not None and c.score > 0.55]
    if not good:
        return list(candidates)
    keys = [parse_iso(c.begin)[0] for c in good if c.begin]
    pick = min(keys) if frame.order == "first" else max(keys)
    return [c for c in good if c.begin and parse_iso(c.begin)[0] == pick]


def _counted(frame: Frame, pool: Pool) -> list[Candidate]:
    """The number of distinct events, where events of a kind are what is counted."""
    focus = frame.focus[-1] if frame.focus else None
    if focus is None:
        return []
    rows = [row for row, _ in pool.graph.index.search_events(focus.text, limit=60)]
    words = frozenset(t.stem for row in rows for s in pool.sentences_of(row, 1) for t in s.trigger_tokens(row))
    if not counts_events(frame, words):
        return []
    wanted = replace(frame, kind="happened", units=(*frame.units, *frame.focus), focus=())
    happened = [
        c
        for c in read_happenings(wanted, pool)
        if c.event is not None
        and c.score >= 0.7
        and any(t.stem == focus.stem for t in c.sentence.trigger_tokens(c.event))
    ]
    if not happened:
        return []
    count = len({c.key for c in happened})
    return [
        replace(
            c,
            key=str(count),
            value=count,
            label=str(count),
            type="number",
            score=round(0.8 * c.score, 4),
            begin=None,
            end=None,
        )
        for c in happened
    ]
