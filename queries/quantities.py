"""How many, how much, how long, how old: numbers of a sentence, and what each of them counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ekg.model.answer import AnswerType
from ekg.time.numbers import cardinal
from ekg.time.tokens import Tokens
from queries.candidates import Candidate, scaled
from queries.frame import Frame, Unit
from queries.moments import duration_label
from queries.pool import Match, related
from queries.syntax import PREPOSITIONS, breaks_between
from queries.words import Token, stems_of, stop_words, words_in

_CURRENCY = re.compile(
    r"(?:crowns?|dollars?|euros?|pounds?|yen|yuan|rubles?|roubles?|rupees?|francs?|pesos?|won|krona|kroner|usd|eur|gbp|"
    r"bitcoins?)\b",
    re.I,
)
_SIGN = re.compile(r"[$€£¥]\s?$")
UNIT = re.compile(
    r"\s?-?(?:percent|per cent|%|kilomet(?:er|re)s?|km|met(?:er|re)s?|miles?|feet|foot|ft|inches|inch|"
    r"centimet(?:er|re)s?|cm|tonnes?|tons?|kilograms?|kg|pounds?|mph|km/h|degrees?|hectares?|acres?|lit(?:er|re)s?|mm|m\b)",
    re.I,
)
_AFTER_NUMBER = 5


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a sentence.

    Args:
        value: the number.
        start: its first character in the document.
        end: the character after its last one.
        first: index of its first token in the sentence.
        last: index after its last token.
        money: whether it is an amount of money, which its characters then include the currency of.
        unit: unit of measurement after it.
    """

    value: float
    start: int
    end: int
    first: int
    last: int
    money: bool
    unit: str


def quantities(match: Match) -> list[Quantity]:
    """Numbers of a sentence in digits and in words, without those of its dates."""
    sentence = match.sentence
    text, low = sentence.text, sentence.span[0]
    tokens = Tokens(text)
    dates = [
        (m.start - low, m.end - low) for m in sentence.moments if m.granularity != "duration" and (m.begin or m.finish)
    ]
    found: list[Quantity] = []
    i = 0
    while i < tokens.size:
        read = cardinal(tokens, i)
        if read is None or read[1] <= i:
            i += 1
            continue
        value, j = read
        start, end = tokens.starts[i], tokens.ends[j - 1]
        # Glued to letters it is part of a name or code, such as "Meridian-2" or "F1".
        part = start > 0 and (
            text[start - 1].isalnum()
            or (text[start - 1] == "-" and text[start].isdigit() and start > 1 and text[start - 2].isalpha())
        )
        if part or any(a < end and start < b for a, b in dates):
            i = j
            continue
        money, tail, sign = False, text[end : end + 24], _SIGN.search(text[:start])
        if sign:
            money, start = True, sign.start()
            scale = re.match(r"\s?(million|billion|trillion|bn|m|k)\b", tail)
            if scale:
                value *= {"m": 1e6, "bn": 1e9, "trillion": 1e12, "k": 1e3}.get(scale[1], 1.0)
                end += scale.end()
        elif currency := re.match(r"\s(?:\w+\s)?", tail):
            word = _CURRENCY.match(tail.strip()) or _CURRENCY.match(tail[currency.end() :])
            if word and not tail.strip().lower().startswith("won the"):
                money = True
                end = text.find(word.group(), end) + len(word.group())
        unit = UNIT.match(text, end)
        places = [k for k, t in enumerate(sentence.tokens) if t.start < end + low and t.end > start + low]
        if places:
            found.append(
                Quantity(
                    value=int(value) if value == int(value) else value,
                    start=start + low,
                    end=end + low,
                    first=places[0],
                    last=places[-1] + 1,
                    money=money,
                    unit=unit.group().strip() if unit else "",
                )
            )
        i = j
    return found


def read_counts(frame: Frame, match: Match) -> list[Candidate]:
    """Numbers of what the question counts ("how many **people**")."""
    found: list[Candidate] = []
    tokens = match.sentence.tokens
    for quantity in quantities(match):
        if quantity.money or (quantity.unit and not _is_percent(frame, quantity)):
            continue
        if _one_of(tokens, quantity):
            continue
        noun = _counted(frame, tokens, quantity)
        anchor = match.anchor
        if anchor is None and noun < 0.9:
            continue
        gap = 0.0
        if anchor is not None:
            first, last = (quantity.last, anchor) if quantity.first < anchor else (anchor + 1, quantity.first)
            gap = 0.012 * max(0, last - first) + 0.8 * breaks_between(tokens, first, last)
        if anchor is not None and _owned(tokens, quantity.first, anchor):
            gap += 0.5
        quality = noun - gap
        if quality <= 0.3:
            continue
        label = match.sentence.document.text[quantity.start : quantity.end]
        found.append(_number(match, quantity, quality, label))
    return found


def _one_of(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a number picks one out and counts nothing ("he was **one** of the pilots who died")."""
    words = [t.lower for t in tokens[quantity.first : quantity.last + 1]]
    return words == ["one", "of"]


def _owned(tokens: Sequence[Token], first: int, anchor: int) -> bool:
    """Whether a number is the object of another verb than the anchor ("**killed** three workers and injured 21")."""
    i = first - 1
    while i >= 0 and (not tokens[i].text.isalpha() or tokens[i].lower in words_in("hedges")):
        i -= 1
    return i >= 0 and i != anchor and _is_verb_form(tokens[i]) and tokens[i].lower.endswith(("ed", "ing"))


def _is_percent(frame: Frame, quantity: Quantity) -> bool:
    return "cent" in quantity.unit and any("percent" in u.text.lower() for u in (*frame.focus, *frame.units))


def _counted(frame: Frame, tokens: Sequence[Token], quantity: Quantity) -> float:
    """How well the words after a number name what is counted."""
    people = stems_of("people")
    focus = frame.focus[-1] if frame.focus else None
    if focus is None:
        return 0.6
    person = focus.stem in people
    for i in range(quantity.last, min(len(tokens), quantity.last + _AFTER_NUMBER)):
        token = tokens[i]
        if not token.word or token.lower in PREPOSITIONS - {"of"} or token.lower == "and":
            break
        if related(focus, token) >= 0.85:
            return 0.97 if related(focus, token) == 1.0 else 0.93
        if person and token.stem in people:
            return 0.9
        if token.lower in {"were", "was", "are", "have", "had"}:
            return 0.82 if person else 0.6
    ahead = tokens[quantity.last : quantity.last + 1]
    bare = not ahead or not ahead[0].word or ahead[0].lower in stop_words() or _is_verb_form(ahead[0])
    if person and bare:
        return 0.78
    return 0.2


def _is_verb_form(token: Token) -> bool:
    return token.stem in stems_of("verbs") or token.lower.endswith("ed")


def _number(match: Match, quantity: Quantity, quality: float, label: str, type: AnswerType = "number") -> Candidate:
    whole = int(quantity.value) if quantity.value == int(quantity.value) else quantity.value
    return Candidate(
        key=str(whole),
        value=whole,
        label=label,
        type=type,
        score=scaled(match, quality),
        sentence=match.sentence,
        span=(quantity.start, quantity.end),
        event=match.event,
        begin=match.event.begin if match.event else None,
        end=match.event.end if match.event else None,
    )


def read_money(frame: Frame, match: Match) -> list[Candidate]:
    """Amounts of money beside the event word."""
    found = []
    for quantity in quantities(match):
        if not quantity.money or match.anchor is None:
            continue
        label = match.sentence.document.text[quantity.start : quantity.end]
        found.append(_number(match, quantity, 0.92 - _gap(match, quantity), label))
    return found


def read_measures(frame: Frame, match: Match) -> list[Candidate]:
    """Measurements: a number with a unit, near the word that names the dimension."""
    found = []
    for quantity in quantities(match):
        named = _gap(match, quantity) < 0.1 and match.anchor is not None
        if quantity.money or not (quantity.unit or named):
            continue
        end = quantity.end + (len(quantity.unit) + 1 if quantity.unit else 0)
        text = match.sentence.document.text
        label = text[quantity.start : end].strip(" .,;")
        found.append(_number(match, quantity, 0.92 - _gap(match, quantity), label))
    return found


def _gap(match: Match, quantity: Quantity) -> float:
    if match.anchor is None:
        return 0.4
    before = quantity.first < match.anchor
    first, last = (quantity.last, match.anchor) if before else (match.anchor + 1, quantity.first)
    return 0.012 * max(0, last - first) + 0.8 * breaks_between(match.sentence.tokens, first, last)


def read_durations(frame: Frame, match: Match) -> list[Candidate]:
    """Durations beside the event word."""
    found = []
    tokens = match.sentence.tokens
    for moment in match.sentence.moments:
        if moment.granularity != "duration" or not moment.value:
            continue
        inside = [i for i, t in enumerate(tokens) if t.start >= moment.start and t.end <= moment.end]
        if not inside:
            continue
        quality = 0.6
        if match.anchor is not None:
            first, last = (inside[-1] + 1, match.anchor) if inside[-1] < match.anchor else (match.anchor + 1, inside[0])
            quality = 0.92 - 0.01 * max(0, last - first) - 0.8 * breaks_between(tokens, first, last)
            before = tokens[inside[0] - 1].lower if inside[0] else ""
            # "two days after", "three weeks ago" place the event, they do not measure it.
            after = tokens[inside[-1] + 1].lower if inside[-1] + 1 < len(tokens) else ""
            if after in {"after", "before", "later", "earlier", "ago", "old"} or before in {"within", "every"}:
                quality -= 0.5
        found.append(
            Candidate(
                key=moment.value,
                value=moment.value,
                label=duration_label(moment.value),
                type="duration",
                score=scaled(match, quality),
                sentence=match.sentence,
                span=(moment.start, moment.end),
                event=match.event,
            )
        )
    return found


_AGE = re.compile(
    r",\s*(?:aged\s+)?(\d{1,3})\s*[,.)]|\baged (\d{1,3})\b|\b(\d{1,3})-year-old\b|\bis (\d{1,3})(?: years old)?\b|"
    r"\((\d{1,3})\)"
)


def read_ages(frame: Frame, match: Match) -> list[Candidate]:
    """Ages beside the name that is asked about."""
    found = []
    names = [match.where[i] for i, u in enumerate((*frame.units, *frame.focus)) if u.kind == "name"]
    at = next((match.sentence.tokens[i].end for i in names if i >= 0), None)
    if at is None:
        return []
    for age in _AGE.finditer(match.sentence.text):
        group = next(i for i in range(1, 6) if age[i])
        start, end = (age.start(group) + match.sentence.span[0], age.end(group) + match.sentence.span[0])
        gap = start - at if start >= at else (at - end)
        if not 0 <= gap <= 45:
            continue
        value = int(age[group])
        found.append(
            Candidate(
                key=str(value),
                value=value,
                label=str(value),
                type="number",
                score=round(max(0.0, 0.9 - 0.008 * gap) * max(match.score, 0.75), 4),
                sentence=match.sentence,
                span=(start, end),
            )
        )
    return found


def counts_events(frame: Frame, event_words: frozenset[str]) -> bool:
    """Whether what is counted is a kind of event ("how many **attacks**"), not people or things."""
    focus: Unit | None = frame.focus[-1] if frame.focus else None
    return focus is not None and focus.stem not in stems_of("people") and focus.stem in event_words
