"""The reasons of a link in words, most telling first."""

from __future__ import annotations

from collections.abc import Iterator

from ekg.model import Link

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
    "types": "they are of the same type",
    "types differ": "they are of different types",
    "same_stem_story": "the same trigger word in one story",
    "word": "how alike the trigger words are",
    "near": "how alike the words around them are",
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

    >>> meaning("no_names"), meaning("same_type")
    ('at least one has no name', 'same type')
    """
    return _MEANING.get(name, name.replace("_", " "))


def in_words(link: Link) -> Iterator[str]:
    """Lines that say what was decided and why: first in words, then what each feature adds, then what was measured."""
    yield f"{link.left} – {link.right}: {link.zone}, probability {link.score:.2f}"
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
        yield f"  the best other candidate is {evidence['best other']}, probability {float(score):.2f}"
    told = {"time", "proposed", "best other", "label"}
    for name, value in evidence.items():
        if isinstance(value, str) and name not in told:
            yield f"  {name}: {value}"
    parts = contributions_of(link)
    if parts:
        yield "what each feature adds to the log-odds:"
    for name, value in parts:
        yield f"  {value:+6.2f}  {meaning(name)} ({name})" if meaning(name) != name else f"  {value:+6.2f}  {name}"
    details = [
        (name, float(value))
        for name, value in evidence.items()
        if not isinstance(value, str) and (":" in name or name in ("shared facts", "pair_model"))
    ]
    if details:
        yield "measured:"
    for name, value in details:
        yield f"  {value:6.2f}  {name}"
