"""Who holds or held an office: names beside the words of the office, ordered by when documents say so."""

from __future__ import annotations

from collections.abc import Sequence

from ekg.ids import normal_name
from queries.candidates import Candidate, scaled
from queries.frame import Frame
from queries.linking import strip_titles
from queries.participants import full_name
from queries.pool import Match
from queries.words import Token, words_in

_GAP_BEFORE = words_in("gap_before")
_GAP_AFTER = words_in("gap_after")
_CLOSE = 9
_FORMER = frozenset(["former", "ex", "outgoing", "late"])


def read_holders(frame: Frame, match: Match) -> list[Candidate]:
    """People named beside the office that the question's nouns describe."""
    tokens = match.sentence.tokens
    units = (*frame.units, *frame.focus)
    size = len(frame.units)
    office = [match.where[i] for i, u in enumerate(units) if (i >= size if frame.focus else u.kind != "name")]
    if not office or min(office) < 0 or max(office) - min(office) > 6:
        return []
    low, high = min(office), max(office) + 1
    asked = [u for u in frame.units if u.kind == "name"]
    found: list[Candidate] = []
    if asked and _of_another(tokens, high, {w for u in asked for w in u.stem.split()}):
        return []
    for row, span in match.sentence.entities:
        if row.type not in {"person", "actor", "other"} or any(row.iri in u.iris for u in asked):
            continue
        inside = [i for i, t in enumerate(tokens) if t.start >= span[0] and t.end <= span[1]]
        if not inside:
            continue
        quality = _beside(tokens, inside[0], inside[-1] + 1, low, high, {w for u in asked for w in u.stem.split()})
        away = [
            abs(match.where[i] - low) > _CLOSE or match.where[i] < 0 for i, u in enumerate(units) if u.kind == "name"
        ]
        quality -= 0.25 if away and all(away) and match.score < 1.0 else 0.0
        if quality <= 0.3:
            continue
        found.append(
            Candidate(
                key=row.iri,
                value=row.iri,
                label=strip_titles(full_name(row)),
                type="entity",
                score=scaled(match, quality),
                sentence=match.sentence,
                span=span,
                entity=row.iri,
            )
        )
    return found


def _of_another(tokens: Sequence[Token], high: int, names: set[str]) -> bool:
    """Whether the office is that of another place or body than the one asked about ("the mayor of Brennick")."""
    i = high + 1
    if high >= len(tokens) or tokens[high].lower not in {"of", "at", "for"}:
        return False
    while i < len(tokens) and tokens[i].lower in {"the", "a"}:
        i += 1
    named = []
    while i < len(tokens) and tokens[i].capital:
        named.append(tokens[i])
        i += 1
    letters = "".join(t.lower for t in named) if len(named) == 1 and named[0].text.isupper() else ""
    return bool(named) and not letters and not any(normal_name(t.text) in names for t in named)


def _beside(tokens: Sequence[Token], first: int, last: int, low: int, high: int, names: set[str]) -> float:
    """How surely a name at ``first:last`` belongs to the office at ``low:high``."""
    if last <= low:
        gap = tokens[last:low]
        strange = [t for t in gap if t.lower not in _GAP_BEFORE and t.lower not in names and t.word]
        direct = (
            0.0
            if any(t.text == "," or t.lower in {"as", "is", "was", "became", "been", "elected"} for t in gap)
            else 0.35
        )
        return 0.95 - 0.2 * len(strange) - 0.01 * len(gap) - direct
    if first >= high:
        gap = tokens[high:first]
        strange = [
            t
            for t in gap
            if t.lower not in _GAP_AFTER and normal_name(t.text) not in names and t.word and not t.capital
        ]
        stop = any(t.text in {".", ";", "“", "”"} for t in gap)
        return 0.95 - 0.25 * len(strange) - 0.01 * len(gap) - (0.5 if stop else 0.0)
    return 0.0


def is_former(candidate: Candidate) -> bool:
    """Whether the sentence calls the person a former holder."""
    span = candidate.span
    if span is None:
        return False
    near = [t.lower for t in candidate.sentence.tokens if abs(t.start - span[0]) < 60]
    return bool(_FORMER & set(near))
