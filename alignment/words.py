"""Words for comparison: tokens, a light English stemmer, and words that carry no identity."""

from __future__ import annotations

import re
from functools import lru_cache

from ekg.ids import normal_name

_STOP = (
    "a an the of in on at to from by for with and or as into onto over under after before during about against "
    "between through his her its their our your my he she it they we you i him them us me who whom whose which that "
    "this these those is are was were be been being has have had do does did will would shall should can could may "
    "might must not no nor so than then there here when where while if but also s t re ve d ll m"
)
STOP_WORDS = frozenset(_STOP.split())

# Irregular past forms and plurals of the verbs and nouns that name events in news most often.
_FORMS = (
    "die died dying death dead|shoot shot|win won|kill killing|say said saying|tell told|leave left|find found|"
    "take took taken|give gave given|go went gone|come came|make made|get got gotten|see saw seen|know knew known|"
    "think thought|buy bought|sell sold sale|begin began begun|break broke broken|bring brought|build built|"
    "catch caught|choose chose chosen choice|fall fell fallen|fight fought|fly flew flown flight|hold held|"
    "hear heard|keep kept|lead led|lose lost loss|meet met|pay paid payment|rise rose risen|run ran|send sent|"
    "speak spoke spoken speech|steal stole stolen|strike struck stricken|swear swore sworn|teach taught|"
    "throw threw thrown|write wrote written|drive drove driven|eat ate eaten|feel felt|grow grew grown|"
    "hide hid hidden|lie lay lain|ride rode ridden|seek sought|shake shook shaken|sing sang sung|sink sank sunk|"
    "sit sat|sleep slept|spend spent|stand stood|swim swam swum|tear tore torn|wear wore worn|withdraw withdrew "
    "withdrawn withdrawal|arrive arrival|marry marriage|acquire acquisition|decide decision|explode explosion|"
    "collide collision|invade invasion|describe description|succeed success|defend defence defense|"
    "destroy destruction|produce production|resign resignation|erupt eruption|quake earthquake"
)
_IRREGULAR = {form: base for base, *forms in map(str.split, _FORMS.split("|")) for form in forms}

_SUFFIXES = (
    "izations", "ization", "isation", "ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ers", "er",
    "ors", "or", "ies", "ied", "als", "al", "ance", "ence", "ed", "es", "s", "ly", "ery", "e", "y",
)  # fmt: skip


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A key under which inflected and many derived forms of an English word meet; not a word itself.

    >>> stem("acquired") == stem("acquisition"), stem("shooting") == stem("shot"), stem("bombings") == stem("bomb")
    (True, True, True)
    """
    word = _IRREGULAR.get(word.casefold(), word.casefold())
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] in "eiy" else word


@lru_cache(maxsize=65536)
def content_words(text: str) -> tuple[str, ...]:
    """Normalised words of a phrase without function words, in text order.

    >>> content_words("The mayor of São Paulo")
    ('mayor', 'sao', 'paulo')
    """
    return tuple(w for w in normal_name(text).split() if w not in STOP_WORDS)


_CAPITAL = re.compile(r"[^\W\d_]")


def initials(words: tuple[str, ...]) -> str:
    """First letters of the words: the acronym that a name would have.

    >>> initials(("united", "nations"))
    'un'
    """
    return "".join(w[0] for w in words if _CAPITAL.match(w))
