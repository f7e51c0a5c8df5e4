"""Enough syntax to see who stands where in a sentence: voice, clause breaks, prepositions, noun phrases. No parser."""

from __future__ import annotations

from collections.abc import Sequence

from queries.words import Token, is_past_form, stems_of, stop_words, words_in

_BE = words_in("be")
_SKIP = words_in("skip")
PREPOSITIONS = words_in("prepositions")
PRONOUNS = words_in("pronouns")
_BREAKS = frozenset({";", ":", "“", "”", '"', "—", "–", "(", ")"})
_CONJUNCTIONS = words_in("conjunctions")
_DETERMINERS = words_in("determiners")


def is_passive(tokens: Sequence[Token], verb: int) -> bool:
    """Whether a verb form is a passive: a form of "be" before it, or a bare participle followed by "by"."""
    if not _participle(tokens[verb]):
        return False
    i = verb - 1
    while i >= 0 and (tokens[i].lower in _SKIP or tokens[i].lower.endswith("ly")):
        i -= 1
    if i >= 0 and tokens[i].lower in _BE:
        return True
    ahead = [t.lower for t in tokens[verb + 1 : verb + 3]]
    return "by" in ahead and (i < 0 or tokens[i].lower not in {"has", "have", "had"})


def _participle(token: Token) -> bool:
    return is_past_form(token.text) or token.lower in {"hit", "hurt", "put", "cut", "shut", "beaten"}


def is_nominal(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word that names a happening is a noun there ("the **arrest** of", "his **resignation**")."""
    if tokens[i].lower.endswith(("ion", "ment", "al")):
        return True
    j = i - 1
    while j >= 0 and i - j <= 3 and tokens[j].word and tokens[j].lower not in stop_words():
        j -= 1
    return (
        j >= 0 and (tokens[j].lower in _DETERMINERS or tokens[j].lower in {"'s", "’s"}) and not _participle(tokens[i])
    )


def breaks_between(tokens: Sequence[Token], low: int, high: int) -> float:
    """How much separates two places of a sentence: commas count little, conjunctions and quotes more."""
    total = 0.0
    for token in tokens[low:high]:
        if token.text in _BREAKS:
            total += 0.3
        elif token.text == ",":
            total += 0.04
        elif token.lower in _CONJUNCTIONS:
            total += 0.12
    return total


def verbs_between(tokens: Sequence[Token], low: int, high: int) -> int:
    """Number of other verb forms between two places."""
    verbs = stems_of("verbs")
    between = tokens[low:high]
    reports = sum(2 for t in between if "say" in t.groups or t.lower in {"according", "added", "reported"})
    return reports + sum(1 for t in between if t.stem in verbs and _participle(t) and "say" not in t.groups)


def preposition_before(tokens: Sequence[Token], i: int) -> str | None:
    """The preposition that governs the phrase at an index, seen past articles and one or two modifiers."""
    j = i - 1
    steps = 0
    while (
        j >= 0
        and steps < 3
        and (tokens[j].lower in _DETERMINERS or (tokens[j].word and tokens[j].lower not in stop_words()))
    ):
        if tokens[j].lower in _DETERMINERS:
            j -= 1
            break
        j -= 1
        steps += 1
    return tokens[j].lower if j >= 0 and tokens[j].lower in PREPOSITIONS else None


def phrase_before(tokens: Sequence[Token], verb: int) -> tuple[int, int] | None:
    """Index range of the noun phrase that ends right before a verb, auxiliaries and adverbs skipped."""
    high = verb
    skip = _BE | _SKIP | words_in("helpers")
    while high > 0 and (tokens[high - 1].lower in skip or tokens[high - 1].lower.endswith("ly")):
        high -= 1
    if high > 1 and tokens[high - 1].lower in {"who", "which", "that"}:
        high -= 2 if tokens[high - 2].text == "," else 1
    low = high
    while low > 0 and high - low < 7:
        token = tokens[low - 1]
        if not token.word or token.lower in PRONOUNS - _DETERMINERS or token.lower in _CONJUNCTIONS:
            break
        if token.lower in PREPOSITIONS and token.lower != "of":
            break
        low -= 1
        if token.lower in _DETERMINERS and (low == 0 or tokens[low - 1].lower != "of"):
            break
    return _trim(tokens, low, high)


def phrase_after(tokens: Sequence[Token], start: int, longest: int = 12) -> tuple[int, int] | None:
    """Index range of the noun phrase that starts at or right after an index, with its "of" and "on" complements."""
    low = start
    while low < len(tokens) and tokens[low].word and (tokens[low].lower in _SKIP or tokens[low].lower.endswith("ly")):
        low += 1
    high = low
    verbs = stems_of("verbs")
    while high < len(tokens) and high - low < longest:
        token = tokens[high]
        hyphen = token.text in "-&" and high + 1 < len(tokens) and tokens[high + 1].start == token.end
        if not token.word and not hyphen:
            break
        ahead = tokens[high + 1] if high + 1 < len(tokens) else None
        if token.lower == "on" and ahead is not None and (ahead.text[0].isdigit() or ahead.lower in words_in("dates")):
            break
        if token.lower in PREPOSITIONS - {"of", "on"} or token.lower in _CONJUNCTIONS - {"and"}:
            break
        if token.lower in _BE | PRONOUNS - _DETERMINERS and high > low:
            break
        if token.lower == "and" and (high + 1 >= len(tokens) or not tokens[high + 1].capital):
            break
        if high > low + 1 and token.stem in verbs and _participle(token) and tokens[high - 1].lower not in _DETERMINERS:
            break
        high += 1
    return _trim(tokens, low, high)


def _trim(tokens: Sequence[Token], low: int, high: int) -> tuple[int, int] | None:
    while low < high and (not tokens[low].word or tokens[low].lower in {"of", "on", "to", "and"}):
        low += 1
    while high > low and (not tokens[high - 1].word or tokens[high - 1].lower in PREPOSITIONS | _DETERMINERS):
        high -= 1
    if low >= high or all(t.lower in stop_words() | PRONOUNS for t in tokens[low:high]):
        return None
    return low, high


def clause_end(tokens: Sequence[Token], start: int) -> int:
    """Index after the last token of the clause that an index is in: up to a quote's end, semicolon or full stop."""
    for i in range(start, len(tokens)):
        if tokens[i].text in {";", "”", "“", '"', "—"} or (tokens[i].text in {".", "!", "?"} and i > start):
            return i
        if (
            tokens[i].text == ","
            and i + 1 < len(tokens)
            and tokens[i + 1].lower in {"the", "he", "she", "according", "police", "officials"}
        ):
            return i
    return len(tokens)
