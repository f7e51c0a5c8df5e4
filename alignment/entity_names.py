"""What a name says about who it names: titles, legal forms, well-known aliases, and which types can be one thing."""

from __future__ import annotations

from functools import lru_cache

from ekg.ids import normal_name

_TITLES = (
    "mr mrs ms miss dr prof professor president vice sen senator rep representative gov governor mayor minister prime "
    "chancellor king queen prince princess sir dame lord lady gen general col colonel capt captain lt lieutenant sgt "
    "sergeant maj major judge justice secretary pope rev reverend father sheriff chief ceo coach sheikh ambassador "
    "actor actress singer rapper director officer detective spokesman spokeswoman astronaut"
)
TITLES = frozenset(_TITLES.split())
_LEGAL_FORMS = "inc incorporated corp corporation ltd limited llc plc co company ag gmbh sa nv"
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
_GENERATIONS = "jr sr ii iii iv"
GENERATIONS = frozenset(_GENERATIONS.split())

# Names of one thing that share no words; both sides are normalised forms.
ALIASES = {
    alias: name
    for name, *aliases in (
        ("united states", "us", "u s", "usa", "u s a", "united states of america", "america"),
        ("united kingdom", "uk", "u k", "britain", "great britain"),
        ("united nations", "un", "u n"),
        ("european union", "eu", "e u"),
        ("united arab emirates", "uae", "u a e"),
        ("new york city", "nyc", "new york n y"),
        ("los angeles", "l a"),
        ("washington d c", "washington dc", "d c", "dc"),
        ("islamic state", "isis", "isil", "daesh", "islamic state group", "islamic state of iraq and syria"),
        ("north korea", "dprk", "democratic people s republic of korea"),
        ("south korea", "republic of korea"),
    )
    for alias in aliases
}

# Types that extractors confuse for one name: a government is its place, a company its product.
_CONFUSED = (
    frozenset({"place", "organization"}),
    frozenset({"organization", "product"}),
    frozenset({"organization", "work"}),
    frozenset({"product", "work"}),
    frozenset({"place", "facility"}),
    frozenset({"organization", "facility"}),
)
VAGUE_TYPES = frozenset({"other", "misc", "entity", "unknown", ""})


@lru_cache(maxsize=65536)
def canonical(name: str, kind: str) -> tuple[str, ...]:
    """The words of a name without title, legal form and generation, after well-known aliases.

    >>> canonical("President Barack Obama", "person"), canonical("U.S.", "place")
    (('barack', 'obama'), ('united', 'states'))
    """
    folded = normal_name(name)
    folded = ALIASES.get(folded, folded)
    words = folded.split()
    if kind == "person" or kind in VAGUE_TYPES:
        kept = list(words)
        while len(kept) > 1 and kept[0] in TITLES:
            kept = kept[1:]
        if len(kept) > 2 and kept[-1] in GENERATIONS:
            kept = kept[:-1]
        words = kept
    if kind != "person":
        while len(words) > 1 and words[-1] in LEGAL_FORMS:
            words = words[:-1]
    return tuple(words)


def compatible(left: str, right: str, *, words: int) -> bool:
    """Whether entities of two types and one name of so many words can be the same.

    >>> compatible("place", "organization", words=1), compatible("person", "place", words=2)
    (True, False)
    """
    if left == right or left in VAGUE_TYPES or right in VAGUE_TYPES:
        return True
    if frozenset({left, right}) in _CONFUSED:
        return True
    return words > 2 and "person" not in (left, right)


def same_person(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether two full names differ in middle names or initials only.

    >>> same_person(("donald", "trump"), ("donald", "j", "trump"))
    True
    >>> same_person(("george", "h", "bush"), ("george", "w", "bush"))
    False
    """
    if len(left) < 2 or len(right) < 2 or left[-1] != right[-1]:
        return False
    a, b = left[0], right[0]
    if a != b and not (len(a) == 1 and b.startswith(a)) and not (len(b) == 1 and a.startswith(b)):
        return False
    if len(a) == 1 and len(b) == 1 and (len(left) < 3 or len(right) < 3):
        return a == b and left == right
    middle_a, middle_b = left[1:-1], right[1:-1]
    if not middle_a or not middle_b:
        return a == b and (len(middle_a) + len(middle_b) <= 1)
    return len(middle_a) == len(middle_b) and all(
        x == y or (len(x) == 1 and y.startswith(x)) or (len(y) == 1 and x.startswith(y))
        for x, y in zip(middle_a, middle_b, strict=True)
    )
