"""What kind of question it is, what type of answer it wants, and which noun it asks about."""

from __future__ import annotations

from collections.abc import Sequence

from ekg.model.answer import AnswerType
from queries.frame import Kind
from queries.words import Token, is_past_form, stem, stems_of, stop_words, words_in

AUXILIARIES = words_in("auxiliaries")
TIME_NOUNS = words_in("time_nouns")
_PLACE_NOUNS = words_in("place_nouns")
_MEASURES = words_in("measures")


def kind_of(tokens: Sequence[Token], covered: list[str], head: int) -> tuple[Kind, AnswerType, int, list[int]]:
    """Kind and type of answer, the index after the words that said so, and indices of the focus noun's words."""
    word = tokens[head].lower
    after = tokens[head + 1].lower if head + 1 < len(tokens) else ""
    if word in {"who", "whom", "whose"}:
        return "who", "entity", head + 1, []
    if word == "when":
        return "when", "date", head + 1, []
    if word == "where":
        return "where", "place", head + 1, []
    if word == "why":
        return "why", "text", head + 1, []
    if word == "how":
        return _how(tokens, covered, head, after)
    if word in {"what", "which"}:
        return _what(tokens, covered, head, after)
    if word in {"name", "list", "tell", "give", "show"}:
        focus = noun_phrase(tokens, covered, head + 1)
        return "which", "entity", head + 1, focus
    return "yes_no", "boolean", head + 1, []


def _how(tokens: Sequence[Token], covered: list[str], head: int, after: str) -> tuple[Kind, AnswerType, int, list[int]]:
    if after in {"many", "much"}:
        focus = noun_phrase(tokens, covered, head + 2)
        money = after == "much" and (not focus or stem(tokens[focus[-1]].text) in {"money", "mone"})
        return ("how_much" if money else "how_many"), "number", head + 2, [] if money else focus
    if after == "long":
        rest = tokens[head + 2 :]
        lasts = any(t.stem in stems_of("verbs") or t.lower in {"last", "take", "been"} for t in rest)
        if rest and rest[0].lower in {"is", "are"} and not lasts:
            return "measure", "text", head + 1, [head + 1]
        return "how_long", "duration", head + 2, []
    if after == "old":
        return "how_old", "number", head + 2, []
    if after in _MEASURES:
        return "measure", "text", head + 1, [head + 1]
    return "why", "text", head + 1, []


def _what(
    tokens: Sequence[Token], covered: list[str], head: int, after: str
) -> tuple[Kind, AnswerType, int, list[int]]:
    focus = noun_phrase(tokens, covered, head + 1)
    last = tokens[focus[-1]].lower if focus else ""
    single = last.removesuffix("s")
    if after in {"happened", "happens", "occurred"} or after == "took" or single in {"event", "incident"}:
        skip = head + 2 if not focus or after == "took" else focus[-1] + 1
        return "happened", "event", skip, []
    if last in TIME_NOUNS:
        return "when", "date", focus[-1] + 1, []
    if single in _PLACE_NOUNS or last in _PLACE_NOUNS or last.removesuffix("ies") + "y" in _PLACE_NOUNS:
        return "where", "place", focus[-1] + 1, []
    if after in {"percentage", "percent", "amount", "number"} or after == "share":
        return "how_many", "number", head + 2, []
    if focus and after not in AUXILIARIES:
        return "which", "entity", focus[-1] + 1, focus
    if after in {"was", "is", "were", "are"}:
        ahead = [t.lower for t in tokens[head + 2 : head + 5]]
        if ahead[:1] == ["the"] and ahead[1:2] and ahead[1] in {"date", "year", "day"} and ahead[2:3] == ["of"]:
            return "when", "date", head + 5, []
        phrase = noun_phrase(tokens, covered, head + 2)
        behind = phrase[-1] + 1 if phrase else 0
        if phrase and behind < len(tokens) and tokens[behind].lower in {"that", "which"}:
            return "which", "text", behind + 1, phrase
    return "what", "text", head + 1, []


def noun_phrase(tokens: Sequence[Token], covered: list[str], i: int) -> list[int]:
    """Indices of the words of the noun phrase that starts at an index, up to the next verb or function word."""
    found: list[int] = []
    verbs = stems_of("verbs")
    while i < len(tokens) and covered[i] in {"", "order"} and tokens[i].word:
        token = tokens[i]
        if token.lower in stop_words() and token.lower not in {"the", "of", "other", "more"}:
            break
        if token.lower == "of":
            break
        if found and (token.lower.endswith("ed") or (token.stem in verbs and is_past_form(token.text))):
            break
        if token.lower not in stop_words() and not covered[i]:
            found.append(i)
        i += 1
    return found
