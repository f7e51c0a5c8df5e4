"""Reading a question: its kind, what it wants, its names and words, and its constraints in time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ekg.time.numbers import cardinal
from ekg.time.tokens import Tokens
from queries.frame import Frame, Kind, Relation, Side, TimeConstraint, Unit
from queries.kinds import AUXILIARIES, TIME_NOUNS, kind_of, noun_phrase
from queries.moments import Moment
from queries.words import Token, entity_type_of, fold, is_past_form, stems_of, stop_words, tokenize

Spotter = Callable[[Sequence[Token]], list[tuple[int, int]]]
UnitOf = Callable[[str], Unit]

_WH = frozenset(["who", "whom", "whose", "what", "which", "when", "where", "why", "how"])
_RELATIONS: dict[str, Relation] = {
    "before": "before", "after": "after", "following": "after", "since": "since", "until": "until", "till": "until",
    "during": "during", "while": "during", "amid": "during",
}  # fmt: skip
_ORDER: dict[str, Literal["first", "last"]] = {
    "first": "first", "earliest": "first", "last": "last", "latest": "last", "most recent": "last", "final": "last",
    "newest": "last",
}  # fmt: skip
_TELLING = frozenset({"when", "while"})
_DEICTIC = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|ago|now|last|next|this|past|current|currently|recently|recent)\b"
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A stretch of the question's tokens with the relation that ties it to the rest."""

    relation: Relation
    low: int
    high: int


def analyse(
    question: str,
    spot: Spotter,
    unit_of: UnitOf,
    find_moments: Callable[[str], list[Moment]],
) -> Frame | None:
    """Understand a question, or return None where it is none.

    Args:
        question: the question as typed.
        spot: finds index ranges of names among tokens.
        unit_of: makes the unit of a name.
        find_moments: finds time expressions in a text, with their intervals.
    """
    text = " ".join(question.split())
    tokens = [t for t in tokenize(text) if t.word or t.text in ",-&"]
    if sum(t.word for t in tokens) < 2:
        return None
    names = spot(tokens)
    moments = _times(find_moments(text), tokens, names)
    head = _head(tokens, names)
    if head is None:
        return None
    covered = _mark(tokens, names)
    for low, high, _ in moments:
        covered[low:high] = ["time"] * (high - low)
    clauses = _clauses(tokens, covered, head)
    times, unresolved = _constraints(tokens, covered, moments, clauses, names, unit_of)
    # "When the ship hit the bridge" is told in the same breath as what is asked for, "after the strike" need not be.
    times = [replace(t, told=bool(t.units) and t.text.split()[0].lower() in _TELLING) for t in times]
    told = [u for t in times if t.told for u in t.units]
    order = _order(tokens, covered)
    for clause in clauses:
        covered[clause.low : clause.high] = ["clause"] * (clause.high - clause.low)
    kind, wants, used, focus_at = kind_of(tokens, covered, head)
    for i in range(head, used):
        covered[i] = covered[i] or "head"
    name_spans = [span for span in names if covered[span[0]] == "name"]
    options = _options(tokens, name_spans)
    entity_type = entity_type_of(tokens[focus_at[-1]].lower) if kind == "which" and len(focus_at) == 1 else None
    focus = () if entity_type else tuple(_unit(tokens[i]) for i in focus_at)
    verb_at = _verb(tokens, covered, used)
    role, voice = _role(tokens, head, used, verb_at, kind)
    units = [
        replace(unit_of(_text(tokens, *span)), side=_side(tokens, span, verb_at, used, voice))
        for span in name_spans
        if span not in options
    ]
    units += [
        replace(_unit(t), kind="verb" if i == verb_at else "noun")
        for i, t in enumerate(tokens)
        if not covered[i]
        and t.word
        and t.lower not in stop_words()
        and i not in focus_at
        and not ("happen" in t.groups and kind in {"when", "where", "happened"})
        and not (kind == "how_long" and t.lower in {"last", "lasted", "take", "took", "continue", "go", "on"})
    ]
    if kind == "who" and _copula(tokens, head) and (verb_at is None or _office(tokens, covered, head)):
        focus_at = _office(tokens, covered, head)
        focus = tuple(_unit(tokens[i]) for i in focus_at)
        units = [replace(u, kind="noun") if u.kind == "verb" else u for u in units]
        units = [u for u in units if u.kind == "name" or u.text not in {f.text for f in focus}]
        kind = "holder" if focus or any(u.kind == "noun" for u in units) else "definition"
    if kind == "what" and _copula(tokens, head) and not any(u.kind != "name" for u in units) and units:
        kind = "definition"
    units += told
    if not units and not focus and not times and not options:
        return None
    return Frame(
        kind=kind,
        wants=wants,
        units=tuple(units),
        role=role,
        focus=focus,
        times=tuple(times),
        order=order,
        options=tuple(unit_of(_text(tokens, *span)) for span in options),
        unresolved=tuple(unresolved),
        voice=voice,
        tense=_tense(tokens, head),
        entity_type=entity_type,
        granularity=next((t.lower for t in tokens[head : used + 1] if t.lower in TIME_NOUNS), None),
    )


def _tense(tokens: Sequence[Token], head: int) -> Literal["past", "present", "future"]:
    window = {t.lower for t in tokens[head : head + 4]}
    if "will" in window:
        return "future"
    return "present" if window & {"is", "are", "does", "do", "’s", "'s"} else "past"


def _side(
    tokens: Sequence[Token], span: tuple[int, int], verb: int | None, used: int, voice: Literal["active", "passive"]
) -> Side | None:
    """Whether a name is subject or object of the question's verb, as agent or patient."""
    if verb is None:
        return None
    before = tokens[span[0] - 1].lower if span[0] else ""
    if before in {"the", "a", "an"} and span[0] > 1:
        before = tokens[span[0] - 2].lower
    if used <= span[0] < verb and before in AUXILIARIES:
        return "agent" if voice == "active" else "patient"
    if span[0] > verb and before == "by":
        return "agent"
    if span[0] - verb in {1, 2} and before == tokens[verb].lower and voice == "active":
        return "patient"
    return None


def _text(tokens: Sequence[Token], low: int, high: int) -> str:
    out = ""
    for i in range(low, high):
        out += (" " if i > low and tokens[i].start > tokens[i - 1].end else "") + tokens[i].text
    return out


def _unit(token: Token) -> Unit:
    return Unit(text=token.text, stem=token.stem, groups=token.groups)


def _mark(tokens: Sequence[Token], names: Sequence[tuple[int, int]]) -> list[str]:
    covered = [""] * len(tokens)
    for low, high in names:
        covered[low:high] = ["name"] * (high - low)
    return covered


def _head(tokens: Sequence[Token], names: Sequence[tuple[int, int]]) -> int | None:
    """Index of the word that makes it a question: a wh-word, else an auxiliary or an imperative at its start."""
    inside = {i for low, high in names for i in range(low, high)}
    # "In which year", "After the fire, who": the wh-word may come late, but not inside a subordinate clause.
    comma = next((i for i, t in enumerate(tokens) if t.text == ","), None)
    for i, token in enumerate(tokens):
        if token.lower in _WH and i not in inside:
            if i == 0 or i <= 2 or (comma is not None and comma < i):
                return i
            break
    if tokens[0].lower in AUXILIARIES and len(tokens) > 2:
        return 0
    if comma is not None and comma + 1 < len(tokens) and tokens[comma + 1].lower in AUXILIARIES:
        return comma + 1
    if tokens[0].lower in {"name", "list", "tell", "give", "show"} and len(tokens) > 2:
        wh = next((i for i, t in enumerate(tokens) if t.lower in _WH), None)
        return wh if wh is not None else 0
    # "He was born when?", "In the year 1969 which award did he win": better late than never.
    late = [i for i, t in enumerate(tokens) if t.lower in _WH and i not in inside]
    return late[-1] if late else None


def _times(
    moments: Sequence[Moment], tokens: Sequence[Token], names: Sequence[tuple[int, int]]
) -> list[tuple[int, int, Moment]]:
    """Time expressions as index ranges, without those that are part of a name ("Meridian-2", "Black Friday")."""
    found = []
    for moment in moments:
        inside = [i for i, t in enumerate(tokens) if t.start >= moment.start and t.end <= moment.end]
        if not inside or moment.granularity in {"duration", "set"}:
            continue
        clash = [s for s in names if s[0] <= inside[0] and inside[-1] < s[1] and s != (inside[0], inside[-1] + 1)]
        if not clash and (moment.begin or moment.finish or _DEICTIC.search(moment.text.lower())):
            found.append((inside[0], inside[-1] + 1, moment))
    return found


def _clauses(tokens: Sequence[Token], covered: list[str], head: int) -> list[_Clause]:
    """Subordinate stretches that an event is named in ("after the flood"), relation word included."""
    found: list[_Clause] = []
    i = 0
    while i < len(tokens):
        relation = _RELATIONS.get(tokens[i].lower)
        starts = relation is not None and covered[i] == "" and i + 1 < len(tokens)
        if starts and tokens[i - 1].stem in {"name", "look"} and i > 0:
            starts = False
        if starts and cardinal(Tokens(tokens[i + 1].lower), 0) is not None and covered[i + 1] == "":
            starts = False  # "after 15 seasons" names no event
        if tokens[i].lower == "when" and i > head:
            relation, starts = "during", True
        if (
            not starts
            or relation is None
            or ("time" in covered[i + 1 : i + 3] and not _event_ahead(tokens, covered, i))
        ):
            i += 1
            continue
        j = i + 1
        while j < len(tokens) and tokens[j].text != "," and not (j > i + 1 and j == head):
            if j > i + 1 and tokens[j].lower in _RELATIONS and covered[j] == "":
                break
            j += 1
        found.append(_Clause(relation, i, j))
        i = j
    return found


def _event_ahead(tokens: Sequence[Token], covered: list[str], i: int) -> bool:
    """Whether something that is no time follows soon after a relation word ("after the 2016 election")."""
    ahead = range(i + 1, min(len(tokens), i + 5))
    return any(covered[j] == "" and tokens[j].word and tokens[j].lower not in stop_words() for j in ahead)


def _constraints(
    tokens: Sequence[Token],
    covered: list[str],
    moments: Sequence[tuple[int, int, Moment]],
    clauses: Sequence[_Clause],
    names: Sequence[tuple[int, int]],
    unit_of: UnitOf,
) -> tuple[list[TimeConstraint], list[str]]:
    times: list[TimeConstraint] = []
    unresolved: list[str] = []
    for low, high, moment in moments:
        interval = moment.interval()
        if interval is None:
            unresolved.append(moment.text)
            continue
        if any(c.low < low < c.high for c in clauses):
            continue
        before = [t.lower for t in tokens[max(0, low - 2) : low]]
        relation: Relation = next((_RELATIONS[w] for w in reversed(before) if w in _RELATIONS), "in")
        if before[-1:] == ["by"]:
            relation = "until"
        for i in range(max(0, low - 2), low):
            if tokens[i].lower in _RELATIONS:
                covered[i] = "time"
        times.append(
            TimeConstraint(
                relation="in" if relation == "during" else relation,
                interval=interval,
                text=_text(tokens, low, high),
                assumed=moment.assumed,
            )
        )
    for clause in clauses:
        spans = [s for s in names if clause.low < s[0] and s[1] <= clause.high]
        inside = {i for low, high in spans for i in range(low, high)}
        units = [unit_of(_text(tokens, *s)) for s in spans]
        units += [
            _unit(tokens[i])
            for i in range(clause.low + 1, clause.high)
            if i not in inside
            and tokens[i].word
            and tokens[i].lower not in stop_words()
            and tokens[i].lower not in _RELATIONS
            and covered[i] != "time"
        ]
        dates = [m.interval() for low, _, m in moments if clause.low < low < clause.high]
        if units:
            text = _text(tokens, clause.low, clause.high)
            when = next((d for d in dates if d is not None), None)
            times.append(TimeConstraint(relation=clause.relation, interval=when, text=text, units=tuple(units)))
    return times, unresolved


def _copula(tokens: Sequence[Token], head: int) -> bool:
    after = tokens[head + 1].lower if head + 1 < len(tokens) else ""
    return after in {"is", "was", "are", "were", "’s", "'s"}


def _office(tokens: Sequence[Token], covered: list[str], head: int) -> list[int]:
    """Indices of the words between "who is the" and the next preposition: what somebody is said to be."""
    if head + 2 >= len(tokens) or tokens[head + 2].lower not in {"the", "a", "an"}:
        return []
    return noun_phrase(tokens, ["" if c == "order" else c for c in covered], head + 3)


def _verb(tokens: Sequence[Token], covered: list[str], used: int) -> int | None:
    """Index of the verb: the word after "who" or after the auxiliary, else the last known verb of the main clause."""
    verbs = stems_of("verbs")
    open_words = [
        i for i in range(used, len(tokens)) if not covered[i] and tokens[i].word and tokens[i].lower not in stop_words()
    ]
    known = [i for i in open_words if tokens[i].stem in verbs or tokens[i].lower.endswith("ed")]
    determined = {
        i for i in known if i and tokens[i - 1].lower in {"the", "a", "an", "of", "his", "her", "their", "its"}
    }
    free = [i for i in known if i not in determined and not _compound(tokens, covered, i)]
    do_support = any(t.lower in {"did", "do", "does", "will"} for t in tokens[max(0, used - 1) : used + 2])
    if not free:
        return None
    if do_support:
        cut = next(
            (i for i in range(free[0] + 1, len(tokens)) if tokens[i].lower in {"in", "at", "on", "for", "to"}), None
        )
        head = [i for i in free if cut is None or i < cut]
        return (head or free)[-1]
    return free[0]


def _compound(tokens: Sequence[Token], covered: list[str], i: int) -> bool:
    """Whether a word that could be a verb is a noun in a compound ("dock **strike** in", "**fire** at the plant")."""
    token = tokens[i]
    bare = token.lower == fold(token.text) and not token.lower.endswith(("ed", "ing")) and not is_past_form(token.text)
    ahead = tokens[i + 1] if i + 1 < len(tokens) else None
    verbs = stems_of("verbs")
    return bare and ahead is not None and not covered[i + 1] and ahead.stem in verbs and ahead.lower not in stop_words()


def _order(tokens: Sequence[Token], covered: list[str]) -> Literal["first", "last"] | None:
    for i, token in enumerate(tokens):
        two = " ".join(t.lower for t in tokens[i : i + 2])
        name = two if two in _ORDER else token.lower
        # "How long did it last" asks for no order, "the last time" and "who came last" do.
        verb = token.lower == "last" and any(t.lower == "long" for t in tokens)
        if name in _ORDER and not covered[i] and not verb:
            covered[i] = "order"
            if name == two and " " in two:
                covered[i + 1] = "order"
            return _ORDER[name]
    return None


def _options(tokens: Sequence[Token], names: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The names of a choice, "A or B"."""
    for left, right in pairwise(names):
        if right[0] == left[1] + 1 and tokens[left[1]].lower == "or":
            return [left, right]
    return []


def _role(
    tokens: Sequence[Token], head: int, used: int, verb: int | None, kind: Kind
) -> tuple[Side | None, Literal["active", "passive"]]:
    """Which side of the event is asked for, and the question's voice."""
    word = tokens[head].lower
    window = [t.lower for t in tokens[used : (verb or used) + 1]]
    do_support = bool({"did", "do", "does"} & set(window[:2]))
    modal = window[:1] and window[0] in {"will", "would", "can", "could", "should", "has", "have", "had"}
    if modal and verb is not None and verb - used > 1 and not {"been", "be"} & set(window):
        do_support = True  # "What will Musk send": somebody else is the subject
    passive = bool({"was", "were", "been", "is", "are", "be", "being"} & set(window)) and verb is not None
    passive = (
        passive and (tokens[verb].lower.endswith("ed") or is_past_form(tokens[verb].text))
        if verb is not None
        else False
    )
    voice: Literal["active", "passive"] = "passive" if passive else "active"
    if kind not in {"who", "what", "which"}:
        return None, voice
    if tokens[used - 1].lower in {"that", "which"} and used - 1 > head and verb != used:
        return "patient", voice  # "the agreement that Marsh signed"
    by = verb is not None and any(t.lower == "by" for t in tokens[verb + 1 :]) and tokens[-1].lower != "by"
    if word == "whom" or do_support:
        return "patient", voice
    if passive:
        # "Who was X arrested by?" asks for the agent, "Who was arrested (by X)?" for the patient.
        ends_by = tokens[-1].lower == "by" or (head > 0 and tokens[head - 1].lower == "by")
        return ("agent" if ends_by else "patient"), voice
    return ("agent" if not by else "patient"), voice
