"""What the preposition before an expression makes of it: ``since 2005``, ``by Friday``, ``before the weekend``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ekg.model import EventTime

if TYPE_CHECKING:
    from ekg.time import TimeMention
    from extractors.sentences import Sentence

Side = Literal["from", "to", "before", "after"]
_SIDES: dict[str, Side] = {
    "since": "from", "until": "to", "till": "to", "by": "to", "before": "before", "after": "after",
}  # fmt: skip


def side(sentence: Sentence, mention: TimeMention) -> Side | None:
    """On which side of an expression its preposition puts the event; None where the event lies within it.

    In "after Friday's attack" or "after the 2016 election" the expression dates the noun, not the preposition's verb.
    """
    words = sentence.words
    first = next((place for place, word in enumerate(words) if word.idx + len(word.text) > mention.span[0]), len(words))
    last = next((place for place, word in enumerate(words) if word.idx >= mention.span[1]), len(words))
    place = first - 1
    while place >= 0 and words[place].lower_ in {"the", "about", "around", "early", "late", "at", "least"}:
        place -= 1
    found = _SIDES.get(words[place].lower_) if place >= 0 else None
    if found is None or (last < len(words) and (words[last].text in {"'s", "’s"} or words[last].pos_ in _NAMED)):
        return None
    return found


_NAMED = frozenset({"NOUN", "PROPN", "ADJ"})


def event_time(mention: TimeMention, sentence: Sentence | None = None) -> EventTime:
    """The valid time that an expression gives, open on the side that its preposition opens.

    Args:
        mention: the expression.
        sentence: where it stands; without it the event lies within the expression.
    """
    begin, end = mention.begin, mention.end
    where = side(sentence, mention) if sentence is not None else None
    if where == "from":
        end = None
    elif where == "to":
        begin = None
    elif where == "before":
        begin, end = None, mention.begin
    elif where == "after":
        begin, end = mention.end, None
    if begin is None and end is None:
        begin, end, where = mention.begin, mention.end, None
    return EventTime(
        begin=begin,
        end=end,
        granularity=mention.granularity if where is None else "range",
        text=mention.text,
        span=mention.span,
        anchor=mention.anchor,
        approximate=mention.approximate,
    )
