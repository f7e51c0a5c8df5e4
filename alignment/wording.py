"""The reasons of a link in words, most telling first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ekg.model import Link

Names = Mapping[str, str]

_TIMES = {
    "equal": "their times are the same",
    "contains": "the time of the first contains that of the second",
    "within": "the time of the first lies within that of the second",
    "overlaps": "their times overlap",
    "meets": "one begins when the other ends",
    "before": "the first is over before the second begins",
    "after": "the first begins after the second is over",
    "conflict": "their times are disjoint",
    "unknown": "the time of at least one is not known, which speaks neither for nor against",
}
_MEANING = {
    "prior": "two nodes taken at random are rarely the same",
    "names": "how alike the names are",
    "no_names": "at least one has no name",
    "structure": "how many neighbours they share, and at what times",
    "no_structure": "at least one has no facts",
    "competition": "what else its two nodes could be",
    "neighbourhood": "how alike their surroundings are",
    "left_rank": "candidates of the first that are better",
    "right_rank": "candidates of the second that are better",
    "left_margin": "distance to the next candidate of the first",
    "right_margin": "distance to the next candidate of the second",
    "shared events": "events that both take part in",
    "mentions": "the best pair of their mentions",
    "mentions mean": "all pairs of their mentions taken together",
    "participants": "participants that are the same",
    "participants differ": "participants of which none is the same",
    "place": "they happen at the same place",
    "place differs": "they happen at different places",
    "same day": "both are dated, and to one day",
    "time": "their times",
    "time overlaps": "their times overlap",
    "types": "they are of the same type",
    "types differ": "they are of different types",
    "sizes": "how often the two are told of",
    "document names": "how alike the names in their documents are",
    "document rank": "how near their documents are among all",
    "same_stem_light": "the same trigger word, one that says little",
    "same_stem_story": "the same trigger word in one story",
    "same_stem_document": "the same trigger word in one document",
    "word": "how alike the trigger words are",
    "word_story": "how alike the trigger words are, in one story",
    "grams": "how alike the trigger words are spelt",
    "same_type": "they are of the same type",
    "type_differs": "they are of different types",
    "near": "how alike the words around them are",
    "arguments_stem": "participants in common, with the same trigger word",
    "place_differs": "they happen at different places",
    "document_names": "how alike the names in their documents are",
    "document_rank": "how near their documents are among all",
    "same_document": "they stand in one document",
    "position": "how late in their documents they stand",
    "repeats": "how often their documents repeat the trigger word",
    "common": "how common their trigger words are",
    "confined": "trigger words that few stories have",
    "log_days_apart": "days between their documents",
    "unsupported": "nothing around them is alike",
    "unsupported_document": "nothing around them is alike, in one document",
    "light_document": "a trigger word that says little, in one document",
}
_OF_NAMES = {
    "characters": "letters in common",
    "words": "words in common",
    "meaning": "likeness of meaning",
    "template": "letters in common, years and numbers left out",
    "same_name": "the names are the same",
    "same_core": "the names are the same up to a comma or bracket",
    "left_is_core": "the first name is the second up to a comma or bracket",
    "right_is_core": "the second name is the first up to a comma or bracket",
    "same_template": "the names are the same but for years and numbers",
    "covers_left": "share of the first name that stands in the second",
    "covers_right": "share of the second name that stands in the first",
    "length": "difference in length",
    "namesakes_left": "others with the first name",
    "namesakes_right": "others with the second name",
    "time_equal": "the times in the names are the same",
    "time_nested": "one time in the names contains the other",
    "time_overlaps": "the times in the names overlap",
    "time_conflict": "the times in the names are disjoint",
    "time_left_only": "only the first name has a time",
    "time_right_only": "only the second name has a time",
    "numbers": "numbers in common",
    "numbers_conflict": "different numbers",
    "numbers_left_only": "only the first name has a number",
    "numbers_right_only": "only the second name has a number",
    "same_type": "the same type",
    "type_conflict": "different types",
    "profile_shared": "other times at which names of both patterns occur",
    "profile_left": "share of the first pattern's times that are of both",
    "profile_right": "share of the second pattern's times that are of both",
    "translated": "words that translate each other",
    "template_known": "share of the first pattern's other links that go to the second",
    "template_evidence": "how many other links join these two patterns",
    "template_other": "how many other links of the first pattern go elsewhere",
    "template_back": "share of the second pattern's other links that come from the first",
    "offset_known": "other links of these patterns differ by as much",
    "offset_other": "other links of these patterns differ by something else",
}
_SHARED = {
    "shared facts": "what the facts that they share add",
    "pair_model": "a model that compared the two as a pair",
}
_MEASURED = frozenset({"shared facts", "best other score", "seed", "label", "pair_model", "same_mention"})


def contributions_of(link: Link) -> list[tuple[str, float]]:
    """Summands of the log-odds that the evidence of a link names, the largest first."""
    found = [
        (name, float(value))
        for name, value in link.evidence.items()
        if not isinstance(value, str) and name not in _MEASURED and ":" not in name
    ]
    return sorted(found, key=lambda item: (-abs(item[1]), item[0]))


def meaning(name: str) -> str:
    """What a feature is, in words.

    >>> meaning("no_names"), meaning("names: same_core")
    ('at least one has no name', 'names: the names are the same up to a comma or bracket')
    """
    group, _, rest = name.partition(": ")
    if rest:
        return f"{group}: {_OF_NAMES.get(rest, rest.replace('_', ' '))}"
    return _MEANING.get(name) or _SHARED.get(name) or name.replace("_", " ")


def _called(key: str, names: Names) -> str:
    return f"{names[key]} ({key})" if key in names else key


def in_words(link: Link, names: tuple[Names, Names] = ({}, {})) -> Iterator[str]:
    """Lines that say what was decided and why: first in words, then what each feature adds, then what was measured.

    Args:
        link: the link with its evidence.
        names: what nodes of the left and of the right graph are called, by id; ids alone are shown of others.
    """
    left, right = _called(link.left, names[0]), _called(link.right, names[1])
    yield f"{left} – {right}: {link.zone}, probability {link.score:.2f}"
    evidence = link.evidence
    if "seed" in evidence:
        yield "  it was given as known"
    if "label" in evidence:
        yield f"  a person said: {evidence['label']}"
    if "same_mention" in evidence:
        yield "  both graphs hold the document that mentions it"
    if "time" in evidence and isinstance(evidence["time"], str):
        yield f"  {_TIMES.get(evidence['time'], evidence['time'])}"
    if evidence.get("proposed") == "no":
        yield "  blocking never proposed the pair: only what the two say themselves was compared"
    if "best other" in evidence:
        score = evidence.get("best other score", 0.0)
        other = _called(str(evidence["best other"]), names[1])
        yield f"  the best other candidate is {other}, probability {float(score):.2f}"
    told = {"time", "proposed", "best other", "label"}
    for name, value in evidence.items():
        if isinstance(value, str) and name not in told:
            yield f"  {name}: {value}"
    parts = contributions_of(link)
    if parts:
        yield "what each reason adds to the log-odds; above 0 speaks for the link:"
    yield from (f"  {value:+6.2f}  {meaning(name)}" for name, value in parts)
    details = [
        (name, float(value))
        for name, value in evidence.items()
        if not isinstance(value, str) and (":" in name or name in _SHARED)
    ]
    if details:
        yield "measured:"
    for name, value in details:
        yield f"  {value:6.2f}  {meaning(name)}"
