"""Names that look like times: newspapers, films, companies, shows, teams, people."""

from __future__ import annotations

from ekg.time.lexicon import DAY_PARTS, MONTHS, SEASONS, WEEKDAYS, words
from ekg.time.tokens import Tokens

_PRESS = frozenset(
    words(
        "times telegraph mirror express mail herald mercury post sun star people independent tribune world "
        "review sport record journal magazine news morning-herald age politics business school schools brunch"
    )
)
_BEFORE = frozenset(
    words("black bloody cyber super fat manic sheffield ruby casual giving wild girl man mad blue taco freaky good")
)
_SHOWS = frozenset(
    words("live football fever lights takeaway kitchen show club tonight papers breakfast supper mass service")
)


def is_name(t: Tokens, i: int, j: int) -> bool:
    """Whether an expression from ``i`` to ``j`` is part of a name: ``Sunday Times``, ``Black Friday``."""
    word, before, after = t.word(i), t.word(i - 1), t.word(j)
    if word in WEEKDAYS:
        if before in _BEFORE and t.title(i - 1):
            return True
        if word == "friday" and (t.phrase(j, "the", "13", "th") or t.word(i - 1) == "girl"):
            return True
        if t.title(j) and j == i + 1:
            if after in _PRESS or after in ("supplement", "league", "ticket"):
                return True
            if after in DAY_PARTS and t.title(j + 1) and t.word(j + 1) in _SHOWS:
                return True
            if after == "evening" and t.word(j + 1) == "post":
                return True
            if after in _SHOWS and after not in ("live",):
                return True
    if (
        word == "today"
        and before in ("usa", "india", "russia", "psychology", "the")
        and t.title(i)
        and not t.sentence_start(i)
    ):
        return True
    if (
        word in SEASONS
        and before in ("arab", "prague", "rite", "palm", "silent", "nuclear", "indian")
        and t.title(i - 1)
    ):
        return True
    if word in MONTHS and j == i + 1 and t.title(i):
        return before in ("brian", "james", "fredric", "jo", "aunt", "captain") or (
            word == "march" and t.word(j) in ("on", "for", "madness", "of")
        )
    return False
