"""Numbers, ordinals and years in digits and in words."""

from __future__ import annotations

from ekg.time.lexicon import ORDINALS, SMALL, TENS
from ekg.time.tokens import Tokens


def cardinal(t: Tokens, i: int) -> tuple[float, int] | None:
    """A number and the index after it: ``12``, ``2.5``, ``2½``, ``twenty-one``, ``a hundred``, ``two and a half``."""
    value: float
    number = t.number(i)
    if number is not None:
        value, j = number, i + 1
        while t.word(j) == "," and t.glued(j) and t.glued(j + 1) and len(t.shape(j + 1)) == 3 and j - i < 8:
            group = t.number(j + 1)
            if group is None:
                break
            value, j = value * 1000 + group, j + 2
        if t.word(j) == "." and t.glued(j) and t.glued(j + 1) and t.number(j + 1) is not None:
            value, j = float(f"{int(value)}.{t.word(j + 1)}"), j + 2
        elif t.phrase(j, "1", "/", "2"):
            value, j = value + 0.5, j + 3
        elif t.word(j) == "½":
            value, j = value + 0.5, j + 1
        if t.word(j) in ("million", "billion"):
            value, j = value * (1e6 if t.word(j) == "million" else 1e9), j + 1
        return value, j
    small = _below_hundred(t, i)
    if small is None and t.word(i) in ("a", "an") and t.word(i + 1) in ("hundred", "thousand", "dozen", "million"):
        small = (1, i + 1)
    if small is None:
        if t.phrase(i, "a", "couple"):
            return 2, i + 3 if t.word(i + 2) == "of" else i + 2
        return (0.5, i + 2) if t.word(i) == "half" and t.word(i + 1) in ("a", "an") else None
    value, j = small
    scales = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
    while j - i < 12 and (scale := scales.get(t.word(j))) is not None:
        value, j = value * scale, j + 1
        k = j + 1 if t.word(j) == "and" else j
        more = _below_hundred(t, k)
        if more is not None and scale >= 100 and more[0] < scale:
            value, j = value + more[0], more[1]
    if t.phrase(j, "and", "a", "half"):
        return value + 0.5, j + 3
    return value, j


def _below_hundred(t: Tokens, i: int) -> tuple[int, int] | None:
    word = t.word(i)
    if word in SMALL:
        return SMALL[word], i + 1
    if word not in TENS:
        return None
    j = i + 2 if t.dash(i + 1) else i + 1
    unit = SMALL.get(t.word(j), 0)
    return (TENS[word] + unit, j + 1) if 0 < unit < 10 else (TENS[word], i + 1)


def ordinal(t: Tokens, i: int) -> tuple[int, int] | None:
    """An ordinal at an index and the index after it: ``3rd``, ``third``, ``twenty-first``."""
    number = t.number(i)
    if number is not None:
        suffix = t.word(i + 1) in ("st", "nd", "rd", "th") and (t.glued(i + 1) or t.word(i + 1) == "th")
        return (number, i + 2) if suffix else None
    word = t.word(i)
    if word in ORDINALS:
        return ORDINALS[word], i + 1
    if word in TENS:
        j = i + 2 if t.dash(i + 1) else i + 1
        unit = ORDINALS.get(t.word(j), 0)
        return (TENS[word] + unit, j + 1) if 0 < unit < 10 else None
    return None


def spelled_year(t: Tokens, i: int) -> tuple[int, int] | None:
    """A year in words: ``nineteen eighty-four``, ``twenty ten``, ``nineteen oh five``, ``two thousand and sixteen``."""
    if t.word(i) in ("one", "two") and t.word(i + 1) == "thousand":
        value, j = (1000 if t.word(i) == "one" else 2000), i + 2
        k = j + 1 if t.word(j) == "and" else j
        more = _below_hundred(t, k)
        return (value + more[0], more[1]) if more else (value, j)
    first = _below_hundred(t, i)
    if first is None or not 10 <= first[0] <= 20:
        return None
    century, j = first
    j = j + 1 if t.dash(j) else j
    if t.word(j) == "hundred":
        return century * 100, j + 1
    if t.word(j) in ("oh", "o") and 0 < SMALL.get(t.word(j + 1 + t.dash(j + 1)), 0) < 10:
        j += 1 + t.dash(j + 1)
        return century * 100 + SMALL[t.word(j)], j + 1
    rest = _below_hundred(t, j)
    if rest is None or rest[0] < 10:
        return None
    return century * 100 + rest[0], rest[1]
