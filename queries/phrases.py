"""What, why, which thing, who somebody is: stretches of the sentence that say it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ekg.ids import normal_name
from queries.candidates import Candidate, scaled
from queries.frame import Frame
from queries.participants import place_quality, read_participants, wanted_side
from queries.pool import Match, related
from queries.quantities import UNIT
from queries.syntax import PREPOSITIONS, PRONOUNS, clause_end, is_nominal, phrase_after
from queries.words import Token, is_past_form, stems_of, stop_words, words_in

_LONGEST = 28
_CAUSE = re.compile(
    r"\b(?:because of|because|due to|as a result of|owing to|caused by|blamed on|triggered by|in response to|"
    r"in protest at|over allegations|out of|in order to|for fear of|after)\b",
    re.I,
)


def read_objects(frame: Frame, match: Match) -> list[Candidate]:
    """What somebody did or said: the words that follow the verb, to the end of its clause."""
    anchor = match.anchor
    if anchor is None:
        return []
    if frame.role == "agent" or frame.voice == "passive":
        return read_participants(frame, match)
    tokens = match.sentence.tokens
    named = [s for s, u in zip(match.matched, (*frame.units, *frame.focus), strict=True) if u.kind == "name"]
    if is_nominal(tokens, anchor) or min(named, default=1.0) < 0.6:
        return []
    end = clause_end(tokens, anchor + 1)
    if end - anchor < 2:
        return []
    if "say" not in tokens[anchor].groups and tokens[anchor + 1].lower not in {"that", "to", "whether", "how", "what"}:
        return _direct_object(frame, match, anchor)
    stop = min(end, anchor + 1 + _LONGEST)
    while stop > anchor + 1 and not tokens[stop - 1].word:
        stop -= 1
    if stop <= anchor + 1:
        return []
    return [_text(match, tokens[anchor + 1].start, tokens[stop - 1].end, 0.85)]


def _direct_object(frame: Frame, match: Match, anchor: int) -> list[Candidate]:
    """The name or noun phrase right after a verb."""
    tokens = match.sentence.tokens
    named = [
        c
        for c in read_participants(replace(frame, role="patient"), match)
        if c.entity and c.span and place_quality(tokens, c.span, anchor, "patient") >= 0.88
    ]
    if named:
        return named
    span = phrase_after(tokens, anchor + 1, longest=16)
    if span is None or span[0] > anchor + 3:
        return []
    return [_text(match, tokens[span[0]].start, tokens[span[1] - 1].end, 0.85)]


def read_focus(frame: Frame, match: Match) -> list[Candidate]:
    """Which thing of a kind: the name or noun phrase that has the focus noun as its head."""
    tokens = match.sentence.tokens
    found = read_participants(frame, match) if frame.kind == "which" and frame.verb is not None else []
    if frame.entity_type is not None:
        return found
    focus = frame.focus[-1] if frame.focus else next((u for u in frame.units if u.kind == "noun"), None)
    if focus is None:
        return found
    for i, token in enumerate(tokens):
        if related(focus, token) < 1.0:
            continue
        low = i
        while (
            low > 0
            and tokens[low - 1].word
            and i - low < 4
            and (tokens[low - 1].lower not in stop_words() or tokens[low - 1].lower in {"the", "a", "an"})
        ):
            low -= 1
            if tokens[low].lower in {"the", "a", "an"}:
                break
        span = phrase_after(tokens, low, longest=14)
        if span is None or (span[1] <= i + 1 and span[1] - span[0] < 2):
            continue
        words = {t.stem for t in tokens[span[0] : span[1]] if t.lower not in stop_words()}
        asked = {u.stem for u in (*frame.units, *frame.focus)}
        if len(words - asked) == 0:
            continue
        place = (tokens[span[0]].start, tokens[span[1] - 1].end)
        if frame.verb is not None and match.anchor is not None:
            side = wanted_side(frame, tokens[match.anchor])
            if span[0] <= match.anchor < span[1] or place_quality(tokens, place, match.anchor, side) < 0.6:
                continue
        found.append(_text(match, tokens[span[0]].start, tokens[span[1] - 1].end, 0.8))
    return found


def read_attribute(frame: Frame, match: Match) -> list[Candidate]:
    """What the N of something is or was: what follows the noun ("magnitude **5.8**", "the cause was …")."""
    tokens, anchor = match.sentence.tokens, match.anchor
    if anchor is None:
        return []
    links = {"of", "is", "was", "were", "are", "as", "at", "by", "to", ","}
    named = _name_words(frame) | {"the", "a"}
    i = anchor + 1
    while i < len(tokens) and tokens[i].lower in links | named:
        i += 1
    span = phrase_after(tokens, i, longest=10) if i < len(tokens) else None
    if span is None:
        return []
    if tokens[span[0]].text[0].isdigit():
        unit = span[0] + 1
        measured = unit < span[1] and bool(UNIT.match(tokens[unit].text))
        span = (span[0], unit + 1 if measured else unit)
    words = {t.stem for t in tokens[span[0] : span[1]] if t.lower not in stop_words()}
    if tokens[span[0]].lower in PRONOUNS or not words - {u.stem for u in frame.units} or words <= _name_words(frame):
        return []
    linked = (tokens[span[0] - 1].lower in links and span[0] > anchor + 1) or tokens[span[0]].text[0].isdigit()
    return [_text(match, tokens[span[0]].start, tokens[span[1] - 1].end, 0.82 if linked else 0.5)]


def _name_words(frame: Frame) -> set[str]:
    return {w for u in frame.names for w in u.stem.split()}


def read_causes(frame: Frame, match: Match) -> list[Candidate]:
    """Why: the clause that a causal word introduces."""
    anchor = match.anchor
    if anchor is None:
        return []
    tokens = match.sentence.tokens
    found = []
    for cue in _CAUSE.finditer(match.sentence.text):
        start, end = (n + match.sentence.span[0] for n in cue.span())
        first = next((i for i, t in enumerate(tokens) if t.start >= end), None)
        if first is None or start < tokens[anchor].end:
            continue
        stop = min(clause_end(tokens, first), first + _LONGEST)
        while stop > first and not tokens[stop - 1].word:
            stop -= 1
        if stop <= first:
            continue
        weak = cue.group().lower() in {"after", "out of"}
        low = start if weak or cue.group().lower() in {"because", "in order to"} else tokens[first].start
        found.append(_text(match, low, tokens[stop - 1].end, 0.6 if weak else 0.85))
    return found


def read_definition(frame: Frame, match: Match) -> list[Candidate]:
    """Who or what a name is: its apposition, the title before it, or what follows "is"."""
    tokens = match.sentence.tokens
    units = (*frame.units, *frame.focus)
    at = next((match.where[i] for i, u in enumerate(units) if u.kind == "name" and match.where[i] >= 0), None)
    if at is None or match.matched[0] < 0.9:
        return []
    found: list[Candidate] = []
    words = set(frame.names[0].stem.split())
    before_it = tokens[at - 1] if at > 0 else None
    if before_it and before_it.capital and len(words) > 1 and before_it.lower not in words | words_in("titles"):
        return []
    if at + 2 < len(tokens) and tokens[at + 1].text == ",":
        first = at + 2
        while first < len(tokens) and tokens[first].lower in {"who", "which", "is", "was"}:
            first += 1
        after = phrase_after(tokens, first)
        lead = tokens[first].lower if first < len(tokens) else ""
        if after and (
            lead in {"the", "a", "an", "its", "his", "her", "who"}
            or (after[0] < len(tokens) and _is_role(tokens[after[0] : after[1]]))
        ):
            found.append(_text(match, tokens[first].start, tokens[after[1] - 1].end, 0.9))
    if (
        at + 2 < len(tokens)
        and tokens[at + 1].lower in {"is", "was", "’s"}
        and tokens[at + 2].lower in {"a", "an", "the", "one"}
    ):
        after = phrase_after(tokens, at + 2)
        if after:
            found.append(_text(match, tokens[at + 2].start, tokens[after[1] - 1].end, 0.88))
    low = at
    while low > 0 and tokens[low - 1].lower in words:
        low -= 1
    before = low
    if before > 1 and tokens[before - 1].text == ",":
        before -= 1
    start = before
    while (
        start > 0
        and before - start < 9
        and tokens[start - 1].word
        and tokens[start - 1].lower not in PRONOUNS - {"its", "his", "her", "their"}
    ):
        start -= 1
        if tokens[start].lower in {"the", "a", "an", "its", "his", "her", "their"}:
            break
    if start < before and tokens[start].lower in {"and", "but"}:
        start += 1
    joined = start > 0 and tokens[start - 1].lower in PREPOSITIONS | {"and", "or"}
    loose = any(t.lower in PREPOSITIONS - {"of", "for", "at"} for t in tokens[start:before])
    if start < before and not joined and not loose and _is_role(tokens[start:before]):
        found.append(_text(match, tokens[start].start, tokens[before - 1].end, 0.85 if before < low else 0.8))
    return [c for c in found if len(c.label) > 2]


def _is_role(tokens: Sequence[Token]) -> bool:
    """Whether words can describe somebody: a noun in lower case or a capitalised title, no verb."""
    verbs = stems_of("verbs")
    words = [t for t in tokens if t.word]
    if (
        not words
        or any(is_past_form(t.text) or (t.stem in verbs and t.lower.endswith("ing")) for t in words)
        or words[0].lower == "to"
    ):
        return False
    return (
        any(t.lower not in stop_words() and not t.text[0].isdigit() for t in words)
        and words[-1].lower not in stop_words()
    )


def _text(match: Match, start: int, end: int, quality: float) -> Candidate:
    text = " ".join(match.sentence.document.text[start:end].split())
    return Candidate(
        key=normal_name(text),
        value=text,
        label=text,
        type="text",
        score=scaled(match, quality),
        sentence=match.sentence,
        span=(start, end),
        event=match.event,
        begin=match.event.begin if match.event else None,
        end=match.event.end if match.event else None,
    )
