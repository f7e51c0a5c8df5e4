"""Who or what took part: fillers of the wanted role in the graph, and names where the sentence has that role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ekg.ids import normal_name
from ekg.index import EntityRow
from ekg.model import CharSpan
from ekg.time.numbers import cardinal
from ekg.time.tokens import Tokens
from queries.candidates import Candidate, scaled
from queries.frame import Frame, Side, Unit
from queries.linking import strip_titles
from queries.pool import Match
from queries.roles import side_of
from queries.syntax import (
    PREPOSITIONS,
    PRONOUNS,
    breaks_between,
    is_nominal,
    is_passive,
    phrase_after,
    phrase_before,
    preposition_before,
    verbs_between,
)
from queries.words import Token, is_past_form, stem, stems_of, stop_words, words_in

_BACK = 250
_ARTICLES = frozenset({"the", "a", "an"})
_TYPE_PENALTY = {"person": 0.0, "organization": 0.02, "place": 0.15, "actor": 0.05}


def read_participants(frame: Frame, match: Match) -> list[Candidate]:
    """Names and phrases in the wanted role of the event that the sentence tells of."""
    anchor = match.anchor
    if anchor is None:
        return []
    tokens = match.sentence.tokens
    side = wanted_side(frame, tokens[anchor])
    known = [*frame.units, *(u for t in frame.times for u in t.units if u.kind == "name")]
    found = [
        _entity(frame, match, row, span, quality)
        for row, span in match.sentence.entities
        if not _is_known(row, span, match, known)
        and (quality := place_quality(tokens, span, anchor, side) - _type_penalty(frame, row.type)) > 0.3
    ]
    unknown = [(row, span) for row, span in match.sentence.entities if not _is_known(row, span, match, known)]
    found += _coordinated(tokens, found, unknown, match, frame)
    found += _unlinked(frame, match, side, known, [c.span for c in found if c.span])
    found += _antecedent(match, side, known)
    found += list(_fillers(frame, match, side, known))
    if not any(c.score > 0.45 for c in found):
        found += _phrase(frame, match, side)
    return found


def wanted_side(frame: Frame, token: Token) -> Side:
    """The side asked for; the subject of "die" is acted on, as the object of "kill" is."""
    side: Side = frame.role or "agent"
    verb = frame.verb
    if side == "agent" and frame.voice == "active" and verb is not None and verb.stem in stems_of("subject_patient"):
        return "patient"
    return side


def position(tokens: Sequence[Token], anchor: int, side: Side) -> str:
    """Where a sentence has the filler of a side: ``subject``, ``object``, ``by``, or ``of`` for a noun."""
    if is_nominal(tokens, anchor):
        return "by" if side == "agent" else "of"
    if is_passive(tokens, anchor):
        return "by" if side == "agent" else "subject"
    if side == "patient" and tokens[anchor].stem not in stems_of("subject_patient"):
        return "object"
    return "subject"


def place_quality(tokens: Sequence[Token], span: CharSpan, anchor: int, side: Side) -> float:
    """How well characters of the document stand where the filler of a role stands, 0 to 1."""
    inside = [i for i, t in enumerate(tokens) if t.start >= span[0] and t.end <= span[1]]
    if not inside or anchor in inside or in_dateline(tokens, inside[0]):
        return 0.0
    low, high = inside[0], inside[-1] + 1
    where = position(tokens, anchor, side)
    possessive = high < len(tokens) and tokens[high].lower in {"'s", "’s", "'", "’"}
    governed = preposition_before(tokens, low)
    if where in {"by", "of"}:
        return _beside_noun(tokens, low, high, anchor, where, possessive, governed)
    quality = 0.95 - (0.4 if possessive else 0.3 if _attributive(tokens, high, anchor) else 0.0)
    if where == "subject":
        if high > anchor:
            return 0.0
        gap = tokens[high:anchor]
        quality -= 0.012 * len(gap) + breaks_between(tokens, high, anchor) + 0.12 * verbs_between(tokens, high, anchor)
        if governed and not _relative(gap):
            quality -= 0.4
        # "Getty Images The Brazilian retires": what stands before a capitalised article is not of this clause.
        return quality - (0.5 if any(t.capital and t.lower in _ARTICLES for t in gap) else 0.0)
    if low < anchor:
        return 0.0
    quality -= 0.02 * (low - anchor - 1) + breaks_between(tokens, anchor + 1, low)
    quality -= 0.12 * verbs_between(tokens, anchor + 1, low)
    quality -= 0.25 * sum(t.text == "," for t in tokens[anchor + 1 : low])
    return quality - (0.4 if governed and low > anchor + 1 else 0.0)


def _attributive(tokens: Sequence[Token], high: int, anchor: int) -> bool:
    """Whether a name only describes the noun after it ("a **Louisiana** man")."""
    if high >= len(tokens) or high == anchor or tokens[high].capital or not tokens[high].text.isalpha():
        return False
    token = tokens[high]
    verb = token.stem in stems_of("verbs") or is_past_form(token.text) or token.lower.endswith("ly")
    return token.lower not in stop_words() and not verb


def _relative(gap: Sequence[Token]) -> bool:
    return bool(gap) and any(t.lower in {"who", "which"} for t in gap[:2])


def _beside_noun(
    tokens: Sequence[Token], low: int, high: int, anchor: int, where: str, possessive: bool, governed: str | None
) -> float:
    distance = low - anchor if low > anchor else anchor - high
    quality = 0.9 - 0.02 * distance
    if low > anchor:
        between = breaks_between(tokens, anchor + 1, low)
        if governed == where or (where == "of" and governed in {"against", "on"}):
            return quality - between
        return quality - 0.5 - between
    if possessive and distance <= 4:
        return quality
    # "Castellan completed its takeover": the subject of the verb that governs the noun is most often its agent.
    return quality - (0.15 if where == "by" and not governed else 0.5) - breaks_between(tokens, high, anchor)


def _type_penalty(frame: Frame, kind: str) -> float:
    if frame.kind in {"which", "what"}:
        return 0.3 if frame.entity_type and kind != frame.entity_type and kind in _TYPE_PENALTY else 0.0
    return _TYPE_PENALTY.get(kind, 0.12)


def _is_known(row: EntityRow, span: CharSpan, match: Match, units: Iterable[Unit]) -> bool:
    """Whether an entity is one that the question itself names."""
    said = normal_name(match.sentence.document.text[span[0] : span[1]])
    return any(row.iri in u.iris or _names(u, said) for u in units if u.kind == "name")


def _names(unit: Unit, said: str) -> bool:
    asked, words = unit.stem.split(), said.split()
    return bool(words) and (said == unit.stem or asked[-len(words) :] == words or words[-len(asked) :] == asked)


def _entity(frame: Frame, match: Match, row: EntityRow, span: CharSpan, quality: float) -> Candidate:
    filler = _statement(match, row.iri, frame)
    text = match.sentence.document.text[span[0] : span[1]]
    label = full_name(row)
    label = label if len(label.split()) >= len(text.split()) else text
    return Candidate(
        key=row.iri,
        value=row.iri,
        label=label,
        type="entity",
        score=scaled(match, quality + (0.1 if filler else 0.0)),
        sentence=match.sentence,
        span=span,
        arm="graph" if filler else "text",
        entity=row.iri,
        event=match.event if filler else None,
        statement=filler,
        begin=match.event.begin if match.event else None,
        end=match.event.end if match.event else None,
    )


def full_name(row: EntityRow) -> str:
    """The name of an entity, with the first name where the graph knows a person mostly by the surname."""
    if row.type != "person" or " " in row.name:
        return row.name
    fuller = [a for a in row.aliases if a.split()[-1:] == [row.name] and len(strip_titles(a).split()) > 1]
    return strip_titles(min(fuller, key=lambda a: (len(a), a))) if fuller else row.name


def _statement(match: Match, iri: str, frame: Frame) -> str | None:
    """The graph's statement that an entity takes part in the event on the wanted side."""
    if match.event is None or match.anchor is None:
        return None
    side = wanted_side(frame, match.sentence.tokens[match.anchor])
    for filler in match.sentence.participants(match.event):
        if filler.entity == iri and side_of(filler.role) == side:
            return filler.statement
    return None


def _unlinked(
    frame: Frame, match: Match, side: Side, known: Sequence[Unit], taken: Sequence[CharSpan]
) -> list[Candidate]:
    """Capitalised names that the graph has no entity for."""
    tokens, anchor = match.sentence.tokens, match.anchor
    found: list[Candidate] = []
    i = 0
    while i < len(tokens) and anchor is not None:
        if not tokens[i].capital or tokens[i].lower in PRONOUNS:
            i += 1
            continue
        j = i + 1
        # A capitalised article begins something new: a sentence that a caption or a headline runs into.
        while j < len(tokens) and tokens[j].capital and tokens[j].lower not in _ARTICLES:
            j += 1
        if _no_name(tokens, i, j):
            i = j
            continue
        if j < len(tokens) and tokens[j].stem in stems_of("bodies"):
            j += 1  # "Russian forces": the adjective alone names nobody
        span = (tokens[i].start, tokens[j - 1].end)
        text = match.sentence.document.text[span[0] : span[1]]
        entities = [s for _, s in match.sentence.entities]
        fresh = not any(s[0] < span[1] and span[0] < s[1] for s in [*entities, *taken])
        dated = any(m.start < span[1] and span[0] < m.end for m in match.sentence.moments)
        quality = place_quality(tokens, span, anchor, side) - 0.15
        if (
            fresh
            and not dated
            and quality > 0.3
            and not any(_names(u, normal_name(text)) for u in known if u.kind == "name")
        ):
            found.append(
                Candidate(
                    key=normal_name(text),
                    value=text,
                    label=text,
                    type="entity",
                    score=scaled(match, quality),
                    sentence=match.sentence,
                    span=span,
                )
            )
        i = j
    return found


def _fillers(frame: Frame, match: Match, side: Side, known: Sequence[Unit]) -> Iterable[Candidate]:
    """Entities that fill the role in the graph, but are not named in this sentence (a pronoun, another document)."""
    event = match.event
    if event is None:
        return
    here = {row.iri for row, _ in match.sentence.entities}
    arguments = {a.statement: a for a in match.sentence.graph.index.arguments(event.id)}
    for filler in match.sentence.participants(event):
        if side_of(filler.role) != side or filler.entity is None or filler.entity in here:
            continue
        if any(filler.entity in u.iris or _names(u, normal_name(filler.name)) for u in known if u.kind == "name"):
            continue
        argument = arguments.get(filler.statement)
        if argument is None:
            continue
        row = match.sentence.graph.index.entity(filler.entity)
        penalty = _type_penalty(frame, row.type) if row else 0.2
        same = argument.document == match.sentence.document.id
        yield Candidate(
            key=filler.entity,
            value=filler.entity,
            label=filler.name,
            type="entity",
            score=scaled(match, 0.5 + 0.25 * filler.confidence - penalty - (0.0 if same else 0.1)),
            sentence=match.sentence,
            span=argument.span if same else None,
            arm="graph",
            entity=filler.entity,
            event=event,
            statement=filler.statement,
            begin=event.begin,
            end=event.end,
        )


def _no_name(tokens: Sequence[Token], low: int, high: int) -> bool:
    """Whether a capitalised run is no name: a common word that opens a sentence, a number, or a dateline."""
    opens = low == 0 or not tokens[low - 1].word
    first = tokens[low]
    common = first.lower in stop_words() | words_in("hedges") or bool(first.groups) or first.stem in stems_of("people")
    number = cardinal(Tokens(first.lower), 0) is not None
    if high == low + 1 and (number or (opens and (common or high < len(tokens)))):
        return True
    return in_dateline(tokens, low)


def in_dateline(tokens: Sequence[Token], i: int) -> bool:
    """Whether a token belongs to the place and date before the dash that opens a report ("PORT ELLERY, Sept. 11 —")."""
    dash = next((k for k, t in enumerate(tokens[:12]) if t.text in {"—", "–"} or (t.text == "-" and k < 8)), None)
    return dash is not None and i < dash and tokens[0].text.isupper() and len(tokens[0].text) > 2


def _coordinated(
    tokens: Sequence[Token],
    found: list[Candidate],
    entities: Sequence[tuple[EntityRow, CharSpan]],
    match: Match,
    frame: Frame,
) -> list[Candidate]:
    """Names joined with an accepted one ("Benning, Rusk and **Toth** died") are as good as it is."""
    more: list[Candidate] = []
    accepted = [c for c in found if c.span is not None]
    taken = {c.span for c in accepted}
    for row, span in reversed(entities):
        after = [t for t in tokens if span[1] <= t.start][:4]
        joined = [t for t in after[:2] if t.text == "," or t.lower in {"and", "&"}]
        if not joined or span in taken:
            continue
        follower = after[len(joined)] if len(joined) == len([t for t in after[:2] if t in joined]) else None
        partner = next((c for c in [*accepted, *more] if follower and c.span and c.span[0] == follower.start), None)
        if partner is not None:
            made = _entity(frame, match, row, span, 1.0)
            more.append(replace(made, score=round(max(0.0, partner.score - 0.02), 4)))
            taken.add(span)
    return more


def _antecedent(match: Match, side: Side, known: Sequence[Unit]) -> list[Candidate]:
    """The person that a pronoun in the wanted place stands for: the nearest one before it who can be meant."""
    tokens, anchor = match.sentence.tokens, match.anchor
    if anchor is None:
        return []
    where = position(tokens, anchor, side)
    beside = tokens[anchor + 1 : anchor + 2] if where == "object" else tokens[max(0, anchor - 3) : anchor]
    pronouns = {"him", "her", "them"} if where == "object" else {"he", "she", "they"}
    if where not in {"object", "subject"} or not any(t.lower in pronouns for t in beside):
        return []
    people = [
        (row, span) for row, span in match.sentence.entities if row.type == "person" and span[1] <= tokens[anchor].start
    ]
    if where == "object":
        people = [p for p in people if place_quality(tokens, p[1], anchor, "agent") < 0.75]
    if not people:
        low = max(0, match.sentence.span[0] - _BACK)
        before = match.sentence.graph.index.entities_in(match.sentence.document.id, low, match.sentence.span[0])
        people = [p for p in before if p[0].type == "person"][-1:]
    if not people or _is_known(people[-1][0], people[-1][1], match, known):
        return []
    row, _ = people[-1]
    filler = any(p.entity == row.iri for p in match.sentence.participants(match.event)) if match.event else False
    return [
        Candidate(
            key=row.iri,
            value=row.iri,
            label=full_name(row),
            type="entity",
            score=scaled(match, 0.72 + (0.08 if filler else 0.0)),
            sentence=match.sentence,
            entity=row.iri,
            event=match.event,
        )
    ]


def _phrase(frame: Frame, match: Match, side: Side) -> list[Candidate]:
    """The noun phrase in the wanted place, where no name stands ("two masked men")."""
    tokens, anchor = match.sentence.tokens, match.anchor
    if anchor is None:
        return []
    where = position(tokens, anchor, side)
    if where == "subject":
        found = phrase_before(tokens, anchor)
    elif where == "object":
        found = phrase_after(tokens, anchor + 1)
    else:
        at = next((i for i in range(anchor + 1, min(len(tokens), anchor + 8)) if tokens[i].lower == where), None)
        found = phrase_after(tokens, at + 1) if at is not None else None
    if found is None:
        return []
    span = (tokens[found[0]].start, tokens[found[1] - 1].end)
    text = " ".join(match.sentence.document.text[span[0] : span[1]].split())
    words = {t.stem for t in tokens[found[0] : found[1]]}
    person = bool(words & stems_of("people")) or any(t.capital for t in tokens[found[0] : found[1]])
    if frame.kind == "who" and not person and not (words & {stem("police"), stem("officials"), stem("thousands")}):
        return []
    asked = {u.stem for u in (*frame.units, *frame.focus)}
    vague = tokens[found[0]].lower in {"its", "his", "her", "their", "the"} and len(words) <= 2
    if vague and frame.focus and words & {frame.focus[-1].stem}:
        return []
    if tokens[found[0]].lower in {"its", "their"} or words <= asked or text.lower() in PREPOSITIONS:
        return []
    return [
        Candidate(
            key=normal_name(text),
            value=text,
            label=text,
            type="text",
            score=scaled(match, 0.78),
            sentence=match.sentence,
            span=span,
        )
    ]
