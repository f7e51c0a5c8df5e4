"""Whether something happened: polarity and modality of the event that the question describes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Literal

from queries.candidates import Candidate
from queries.frame import Frame, Side
from queries.participants import place_quality
from queries.pool import Match
from queries.roles import side_of
from queries.syntax import is_nominal
from queries.words import Token, is_past_form, stop_words, words_in

_NEGATIONS = words_in("negations")
_PLANS = words_in("plans")

_OCCURS = frozenset({"hold", "happen", "begin", "open"})
_SAID = 0.6
_NAMED = 0.8
_UNSAID = 0.8
_ANOTHER = 0.5
_STANDS = 0.75
_PHRASE = 8
Realis = Literal["yes", "no", "open"]


def realis(match: Match) -> Realis:
    """Whether a sentence presents its event as having happened, as not having happened, or leaves it open."""
    event, anchor = match.event, match.anchor
    if anchor is None:
        return "open"
    cue = _cue(match.sentence.tokens, anchor)
    if event is not None:
        if (event.polarity == "negative" and event.mentions <= 1) or cue == "no":
            return "no"
        if event.modality in {"planned", "possible", "hypothetical"} and cue != "yes":
            return "open"
        return "yes" if cue != "open" else "open"
    return cue


def denies(frame: Frame, match: Match) -> bool:
    """Whether a negated sentence denies what is asked about, and not the same of others ("**no** fighters were freed").

    Args:
        frame: the question.
        match: a sentence whose event did not happen, see `realis`.
    """
    if match.anchor is None:
        return False
    tokens = match.sentence.tokens
    asked = {u.stem for u in (*frame.units, *frame.focus) if u.kind == "noun"}
    for i in range(max(0, match.anchor - _PHRASE), match.anchor):
        if tokens[i].lower != "no":
            continue
        phrase = list(takewhile(lambda t: t.word and t.lower not in stop_words(), tokens[i + 1 : match.anchor]))
        return not phrase or not asked or phrase[-1].stem in asked
    return True


def called_off(frame: Frame, match: Match) -> float:
    """How surely a sentence says that the event that the question's nouns name was called off or did not happen.

    The share of the question's units that it covers, verb aside: "when was the parade **held**" is answered by "the
    parade was cancelled" as well as by any other denial.
    """
    units = (*frame.units, *frame.focus)
    rest = [s for s, u in zip(match.matched, units, strict=True) if u.kind != "verb"]
    verb = next((s for s, u in zip(match.matched, units, strict=True) if u.kind == "verb"), 0.0)
    if verb >= 0.8 or not rest or min(rest) < _SAID:
        return 0.0
    tokens = match.sentence.tokens
    happens = next((u.groups for u in units if u.kind == "verb"), _OCCURS) & _OCCURS
    for unit, where in zip(units, match.where, strict=True):
        if unit.kind != "noun" or where < 0 or not happens:
            continue
        spans = [mention.span for row, mention in match.sentence.triggers if row.polarity == "negative"]
        negative = any(a < tokens[where].end and tokens[where].start < b for a, b in spans)
        behind = tokens[where + 1 : where + 7]
        passive = any({"cancel"} & t.groups and not {"postpone"} & t.groups and is_past_form(t.text) for t in behind)
        if negative or passive:
            return round(sum(rest) / len(rest), 4)
    return 0.0


def _cue(tokens: Sequence[Token], anchor: int) -> Realis:
    """What the words before the event word say: a negation, a plan, or neither."""
    verdict: Realis = "yes"
    for token in tokens[max(0, anchor - 5) : anchor]:
        if not token.word:
            verdict = "yes"
        elif token.lower in _NEGATIONS or token.lower.endswith("n't"):
            verdict = "no"
        elif token.lower in _PLANS and verdict != "no":
            verdict = "open"
    if verdict == "yes" and is_nominal(tokens, anchor):
        behind = tokens[anchor + 1 : anchor + 6]
        if any(t.lower in _PLANS for t in behind):
            return "open"
        if any({"cancel", "postpone"} & t.groups for t in behind):
            return "no"
    return verdict


def roles_fit(units_where: Sequence[tuple[str | None, int, tuple[str, ...]]], match: Match) -> float:
    """How well the question's names stand on the sides that the question gives them: 1, less if turned round.

    Args:
        units_where: side, token index in the sentence, and entity IRIs of each name of the question.
        match: the sentence.
    """
    if match.anchor is None:
        return 1.0
    tokens = match.sentence.tokens
    worst = 1.0
    for side, where, iris in units_where:
        if side is None:
            continue
        fillers = match.sentence.participants(match.event) if match.event is not None else []
        if where < 0:
            worst = min(worst, 1.0 if any(f.entity in iris for f in fillers) else _instead(match, side, iris))
            continue
        span = (tokens[where].start, tokens[where].end)
        if _pronoun_there(match, side):
            continue
        own = place_quality(tokens, span, match.anchor, "agent" if side == "agent" else "patient")
        other = place_quality(tokens, span, match.anchor, "patient" if side == "agent" else "agent")
        if other - own > 0.3:
            worst = min(worst, 0.5)
        elif own < 0.3 and not any(f.entity in iris and side_of(f.role) == side for f in fillers):
            worst = min(worst, 0.75, _instead(match, side, iris))
    return worst


def _instead(match: Match, side: str, iris: tuple[str, ...]) -> float:
    """How well a name that is not on a side can still be meant there: less where another of its kind is."""
    sentence = match.sentence
    index = sentence.graph.index
    kind = next((row.type for iri in iris if (row := index.entity(iri)) is not None), None)
    if match.anchor is None or kind is None or _pronoun_there(match, side):
        return _UNSAID
    role: Side = "agent" if side == "agent" else "patient"
    other: Side = "patient" if side == "agent" else "agent"
    for row, span in sentence.entities:
        if row.type != kind or row.iri in iris:
            continue
        own = place_quality(sentence.tokens, span, match.anchor, role)
        if own >= _STANDS and own > place_quality(sentence.tokens, span, match.anchor, other):
            return _ANOTHER
    return _UNSAID


def _pronoun_there(match: Match, side: str) -> bool:
    """Whether a pronoun stands where the filler of a side would, so that a name elsewhere may be what it stands for."""
    if match.anchor is None:
        return False
    tokens, at = match.sentence.tokens, match.anchor
    if side == "patient":
        return any(t.lower in {"him", "her", "it", "them"} for t in tokens[at + 1 : at + 2])
    return any(t.lower in {"he", "she", "it", "they"} for t in tokens[max(0, at - 3) : at])


def read_truth(frame: Frame, match: Match) -> list[Candidate]:
    """Yes or no, with the sentence that says so; nothing where the sentence leaves it open."""
    units = (*frame.units, *frame.focus)
    named = [s for s, u in zip(match.matched, units, strict=True) if u.kind == "name"]
    if min(match.matched, default=0.0) < _SAID or min(named, default=1.0) < _NAMED:
        return []
    verdict = realis(match)
    if verdict == "open" and frame.tense == "future":
        verdict = "yes"
    if verdict == "open" or match.anchor is None:
        return []
    value = verdict == "yes"
    token = match.sentence.tokens[match.anchor]
    return [
        Candidate(
            key=str(value),
            value=value,
            label="yes" if value else "no",
            type="boolean",
            score=match.score,
            sentence=match.sentence,
            span=(token.start, token.end),
            arm="graph" if match.event is not None else "text",
            event=match.event,
            statement=match.event.iri if match.event else None,
            begin=match.event.begin if match.event else None,
            end=match.event.end if match.event else None,
        )
    ]
