"""Repairs of named entity spans that a small model gets wrong and a rule gets right.

All functions work on token indices: an entity is `Name(start, end, label)`, ``end`` excluded.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from extractors.nlp.cues import cue_votes
from extractors.nlp.gazetteer import known_names, towns

_LEADING = frozenset({"the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "our", "my"})
_TRAILING = frozenset(
    {"'s", "’s", "'", "’", "‘s", "--", "—", "–", "-", ",", ":", ";", "!", "?", "…", "...", "and", "or"}
)
_PARTICLES = frozenset({"al", "el", "de", "la", "van", "von", "bin", "ibn", "di", "da", "du", "e", "i"})
_JOINING = frozenset({"i", "e", "al", "el", "de", "la", "on", "upon", "sur", "en", "le", "les", "in", "under", "by"})
"""Words that stand within a hyphenated name of a place."""
_SETTLEMENTS = frozenset({"city", "town", "village", "suburb", "port", "capital", "district", "province", "state"})
_LOCATING = frozenset({"in", "near", "outside"})
_DATE_LIST = """
january february march april may june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
today yesterday tomorrow
"""
_DATE_WORDS = frozenset(_DATE_LIST.split())
_FUNCTION_LIST = """
i you he she it we they me him us them who what when where why how all none there here yes no ok okay and or but if so
not just well mr mrs ms dr sir
"""
_NOT_NAMES = frozenset(_FUNCTION_LIST.split())
_TITLE_LIST = """
president prime minister senator sen. rep. representative gov. governor king queen prince princess pope chancellor
secretary mayor judge justice general gen. lt. col. colonel captain capt. sgt. sergeant major professor prof. dr. dr
mr. mr mrs. mrs ms. ms sir vice-president ambassador spokesman spokeswoman rev. reverend actor actress
"""
_TITLE_WORDS = frozenset(_TITLE_LIST.split())
_OFFICES = frozenset({"president", "secretary", "minister", "senator", "chancellor", "ambassador", "governor", "mayor"})
_ABBREVIATION_LIST = "icbm usb emp ceo cfo dvd tv pc faq gps dna hiv iq suv pdf url api ai ps id ok gmt est pst gdp vip"
_ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())
_AGENCIES = "AP|CNN|Reuters|REUTERS|AFP|BBC|UPI|Xinhua"
_DATELINE = re.compile(
    r"(?!(?:FILE|UPDATE|BREAKING|WATCH|VIDEO|PHOTOS?|READ|MORE|EXCLUSIVE|ANALYSIS|OPINION|LIVE|NEWS|TOP|JUST)\b)"
    r"(?P<place>[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3})"
    r"(?:, (?P<region>[A-Z][\w.]+(?: [A-Z][\w.]+)?))?"
    r"(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}))?(?: ?\([^()]{2,30}\))? ?(?:--|—|–|-) "
    r"|(?P<agency_place>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2})"
    rf" ?\((?:{_AGENCIES})[^()]{{0,20}}\)[ :]*(?:--|—|–|-)? ?"
)


class Name(NamedTuple):
    """An entity over token indices."""

    start: int
    end: int
    label: str


def _trimmed(words: Sequence[str], name: Name, cased: bool) -> Name | None:
    start, end = name.start, name.end
    while cased and start < end and words[start][0].islower() and words[start] not in _PARTICLES:
        start += 1
    while cased and start < end and words[end - 1].islower() and words[end - 1] not in _TRAILING:
        end -= 1
    while start < end and (words[start].lower() in _LEADING or not any(c.isalnum() for c in words[start])):
        start += 1
    while start < end and (words[end - 1].lower() in _TRAILING or not any(c.isalnum() for c in words[end - 1])):
        if words[end - 1] in (")", "]") and any(mark in words[start:end] for mark in ("(", "[")):
            break
        end -= 1
    if name.label == "person":
        while start < end - 1 and words[start].lower() in _TITLE_WORDS:
            start += 1
    opening = next((i for i in range(start, end) if words[i] in ("(", "[")), None)
    if opening is not None and not any(mark in words[opening:end] for mark in (")", "]")):
        end = opening
    return Name(start, end, name.label) if start < end else None


def _is_name(words: Sequence[str], tags: Sequence[str], name: Name, cased: bool) -> bool:
    inside = words[name.start : name.end]
    lowered = [word.lower().rstrip(".") for word in inside]
    following = words[name.end] if name.end < len(words) else "."
    if len(inside) == 1 and (len(lowered[0]) < 2 or lowered[0] in _ABBREVIATIONS):  # "plan B", "an ICBM"
        return False
    if name.label != "person" and lowered[-1] in _OFFICES and len(inside) > 1:  # "U.S. Defense Secretary"
        return False
    if lowered == ["roger"] and not following[0].isalnum():  # the radio procedure word
        return False
    if all(word in _DATE_WORDS or word.isdigit() for word in lowered) or all(word in _NOT_NAMES for word in lowered):
        return False
    if any("://" in word or "@" in word for word in inside) or not any(c.isalpha() for word in inside for c in word):
        return False
    if cased and not any(c.isupper() for word in inside for c in word):
        return False
    if name.label != "person" and tags[name.end - 1] == "ADJ":  # "North Korean", "Costa Rican"
        return False
    return not (name.label == "person" and all(word in _TITLE_WORDS for word in (w.lower() for w in inside))) and (
        len(inside) > 1 or tags[name.start] not in ("VERB", "AUX", "ADV", "PRON", "DET", "ADP", "CCONJ", "SCONJ")
    )


class Dateline(NamedTuple):
    """A dateline, in characters: ``BEIJING, China (AP) --``."""

    start: int
    body: int
    """Where the sentence after it begins."""
    places: tuple[tuple[int, int], ...]


def datelines(text: str, starts: Iterable[int]) -> list[Dateline]:
    """The datelines at the beginnings of blocks.

    >>> datelines("BEIJING -- China said", [0])
    [Dateline(start=0, body=11, places=((0, 7),))]
    """
    found = []
    for start in starts:
        match = _DATELINE.match(text, start)
        if match:
            place = match.span("place" if match["place"] else "agency_place")
            places = (place, match.span("region")) if match["region"] else (place,)
            found.append(Dateline(start, match.end(), places))
    return found


def _is_located(words: Sequence[str], start: int) -> bool:
    """Whether "in", "near" or "city of" stands before."""
    before = [word.lower() for word in words[max(0, start - 2) : start]]
    if before[-1:] == ["of"]:
        return before[0] in _SETTLEMENTS
    return before != [] and before[-1] in _LOCATING


def _titled(words: Sequence[str], tags: Sequence[str], name: Name) -> Name:
    """The person in "South Korean President Park Geun-hye", where people and office were taken as part of the name."""
    place = next((i for i in range(name.end - 2, name.start, -1) if words[i].lower() in _TITLE_WORDS), None)
    known = known_names()
    if place is None or (
        all(tags[i] != "ADJ" for i in range(name.start, place))
        and all(" ".join(words[name.start : i]) not in known for i in range(name.start + 1, place + 1))
    ):
        return name
    end = name.end
    while end < len(words) and tags[end] == "PROPN" and words[end][:1].isupper():
        end += 1
    return Name(place + 1, end, "person")


def _completed(words: Sequence[str], names: Iterable[Name]) -> list[Name]:
    """Names that the gazetteer knows as a part of a longer one become that: "New York" in "New York Times"."""
    known = known_names()
    result: list[Name] = []
    for name in names:
        spans = (
            (start, end)
            for start in range(max(0, name.start - 3), name.start + 1)
            for end in range(min(len(words), name.start + 5), name.end - 1, -1)
            if end - start > max(1, name.end - name.start)
        )
        longer = next((span for span in spans if " ".join(words[slice(*span)]) in known), None)
        if longer:
            name = Name(*longer, known[" ".join(words[slice(*longer)])])
        if not result or name.start >= result[-1].end:
            result.append(name)
    return result


def _hyphenated(words: Sequence[str], names: Sequence[Name]) -> list[Name]:
    """Names whose halves a particle joins with hyphens are one: "Mazar" and "i-Sharif", "Newcastle" and "Tyne"."""
    result: list[Name] = []
    for name in names:
        before = result[-1] if result else None
        if before is not None and before.label == name.label and before.end <= name.start <= before.end + 3:
            between = [word.lower() for word in words[before.end : name.end]]
            if between[:1] == ["-"] and between[1] in _JOINING and between[2:3] == ["-"]:
                result[-1] = Name(before.start, name.end, name.label)
                continue
        result.append(name)
    return result


def consistent(words: Sequence[str], names: Sequence[Name]) -> list[Name]:
    """The same spelling gets the same label through a document: the most frequent one, ties to the first seen.

    A full name speaks for its last name, threefold, and the other way round; names that the gazetteer knows keep
    what it says, unless the document has the spelling as a person's last name.
    """
    votes: Mapping[str, Counter[str]] = defaultdict(Counter)
    surfaces = [" ".join(words[name.start : name.end]) for name in names]
    # A headline in capitals, or a passage without any, speaks of the same names as the rest.
    written = {surface.casefold(): surface for surface in surfaces if not surface.isupper() and not surface.islower()}
    surfaces = [written.get(surface.casefold(), surface) for surface in surfaces]
    for name, surface in zip(names, surfaces, strict=True):
        votes[surface][name.label] += 1
        votes[surface].update(cue_votes(words, name.start, name.end))
    single = {surface: counts.most_common(1)[0][0] for surface, counts in votes.items() if " " not in surface}
    last_names = set()
    for name, surface in zip(names, surfaces, strict=True):
        last = words[name.end - 1]
        if name.end - name.start in (2, 3) and name.label == "person":
            votes[last]["person"] += 3
            last_names.add(last)
        elif name.end - name.start == 2 and single.get(last) == "person":
            votes[surface]["person"] += 2
    known = known_names()
    located = {surface for name, surface in zip(names, surfaces, strict=True) if _is_located(words, name.start)}
    result = []
    for name, surface in zip(names, surfaces, strict=True):
        label = votes[surface].most_common(1)[0][0]
        if surface in known and surface not in last_names:
            label = known[surface]
        elif label != "place" and surface in located and surface not in last_names and surface in towns():
            label = "place"
        result.append(name._replace(label=label))
    return result


def propagated(words: Sequence[str], tags: Sequence[str], names: Sequence[Name]) -> list[Name]:
    """Adds what was missed: further occurrences of the document's names, and names that the gazetteer knows.

    Args:
        words: the document's tokens.
        tags: their universal parts of speech; an added name of one word must be tagged ``PROPN`` and stand alone.
        names: entities found so far, in order.
    """
    seen: dict[tuple[str, ...], str] = {tuple(words[name.start : name.end]): name.label for name in names}
    counts = Counter(tuple(words[name.start : name.end]) for name in names)
    for name in names:
        if name.label == "person" and name.end - name.start in (2, 3):
            seen.setdefault((words[name.end - 1],), "person")
    usable = {
        key: label
        for key, label in seen.items()
        if key[0][:1].isupper() and (len(key) > 1 or label == "person" or counts[key] > 1)
    }
    for surface, label in known_names().items():
        usable.setdefault(tuple(surface.split(" ")), label)
    longest: dict[str, int] = {}
    for key in usable:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    taken = {index for name in names for index in range(name.start, name.end)}
    added = []
    index = 0
    while index < len(words):
        step = 1
        for length in range(longest.get(words[index], 0), 0, -1):
            end = index + length
            key = tuple(words[index:end])
            if key in usable and taken.isdisjoint(range(index, end)) and _alone(words, tags, index, end, seen):
                added.append(Name(index, end, usable[key]))
                step = length
                break
            if length == 1 and usable.get(key) == "person" and taken.isdisjoint((index - 1, index)):
                # "Uma Thurman", where only "Thurman" was found elsewhere.
                first = _first_name(words, tags, index)
                if first is not None:
                    added.append(Name(first, end, "person"))
        index += step
    return sorted([*names, *added])


def _first_name(words: Sequence[str], tags: Sequence[str], last: int) -> int | None:
    """Index of the one first name before a last name, if there is exactly one and the name ends with the last."""

    def proper(index: int) -> bool:
        return 0 <= index < len(words) and tags[index] == "PROPN" and words[index][:1].isupper()

    titled = last > 0 and words[last - 1].lower() in _TITLE_WORDS
    single = proper(last) and proper(last - 1) and not titled and not proper(last + 1)
    before = proper(last - 2) and words[last - 2].lower() not in _TITLE_WORDS
    return last - 1 if single and not before else None


def _alone(
    words: Sequence[str], tags: Sequence[str], start: int, end: int, seen: Mapping[tuple[str, ...], str]
) -> bool:
    """Whether words that look like a name are one, and not a part of a longer one ("New York" of "New York Times")."""
    if end - start == 1 and tags[start] != "PROPN":
        return False
    if tuple(words[start:end]) in seen and end - start > 1:
        return True
    after = end < len(words) and tags[end] in ("PROPN", "ADJ") and words[end][:1].isupper()
    before = start > 0 and tags[start - 1] == "PROPN" and words[start - 1][:1].isupper()
    return not after and not before


def _disjoint(names: Iterable[Name]) -> list[Name]:
    """Names in order; of two that overlap, the one that begins first, or the longer one.

    >>> _disjoint([Name(0, 2, "place"), Name(0, 3, "person"), Name(2, 4, "place")])
    [Name(start=0, end=3, label='person')]
    """
    kept: list[Name] = []
    for name in sorted(names, key=lambda name: (name.start, -name.end, name.label)):
        if not kept or kept[-1].end <= name.start:
            kept.append(name)
    return kept


def repaired(words: Sequence[str], tags: Sequence[str], names: Iterable[Name]) -> list[Name]:
    """Entities after all repairs, in order and without overlaps.

    Args:
        words: the document's tokens.
        tags: universal part of speech of each.
        names: entities as the model found them, in order.
    """
    # Sharing of capitals tells transcripts without case from ordinary text.
    letters = [word for word in words if word[:1].isalpha()]
    cased = sum(word[0].isupper() for word in letters) * 50 > len(letters)
    whole = _hyphenated(words, _completed(words, [_titled(words, tags, name) for name in names]))
    kept = [t for name in whole if (t := _trimmed(words, name, cased)) and _is_name(words, tags, t, cased)]
    return _disjoint(propagated(words, tags, consistent(words, kept)))
