"""Which pronoun means whom: a linear model over referents, precision first.

The model is a logistic regression on pairs of a pronoun and a referent (mention ranking, Denis and Baldridge 2008),
trained on GUM's open genres by ``ekg train coreference``. Only names get references; a noun that wins keeps the pronoun
from being given to a name.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ekg.errors import MissingError
from extractors.coreference.features import Option, Pronoun, features, options_for, pronoun_of
from extractors.coreference.quotes import Quote, quote_at
from extractors.coreference.referents import Referent, Seen

if TYPE_CHECKING:
    from extractors.sentences import Sentence

WEIGHTS = Path(__file__).parent.parent / "weights" / "coreference" / "pronouns.json"
"""The shipped weights: feature → weight, four decimals."""

THRESHOLDS: Mapping[str, float] = {"person": 0.5, "they": 0.6, "it": 0.6}
"""Probability that the best referent needs, by class of pronoun: round values for a precision of well over .75."""

Chooser = Callable[[Pronoun, Sequence[Option], Sequence[int]], int | None]
"""Given a pronoun, its options and the first sentence of each, the option that is meant."""


@dataclass(frozen=True, slots=True)
class Link:
    """A pronoun with its referent; ``score`` is the model's probability."""

    pronoun: Pronoun
    option: Option


@cache
def read_weights(path: Path = WEIGHTS) -> Mapping[str, float]:
    """Weights by feature.

    Raises:
        MissingError: there is no such file.
    """
    try:
        found: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MissingError(
            f"no weights of coreference at {path}", hint="ekg train coreference --data DIR -o DIR writes them"
        ) from error
    return found


def probability(names: Sequence[str], weights: Mapping[str, float]) -> float:
    """Probability that a pair with these features corefers, four decimals."""
    return round(1 / (1 + math.exp(-sum(weights.get(name, 0.0) for name in names))), 4)


def by_weights(weights: Mapping[str, float], thresholds: Mapping[str, float] = THRESHOLDS) -> Chooser:
    """The chooser of extraction: the most probable option, the latest of equals, if it reaches the threshold."""

    def choose(pronoun: Pronoun, options: Sequence[Option], firsts: Sequence[int]) -> int | None:
        scored = [
            (-probability(features(pronoun, option, first), weights), place)
            for place, (option, first) in enumerate(zip(options, firsts, strict=True))
        ]
        score, place = min(scored)
        return place if -score >= thresholds[pronoun.kind] else None

    return choose


def resolve_pronouns(
    sentences: Sequence[Sentence], mentions: Sequence[list[Seen]], quotes: Sequence[Quote], choose: Chooser
) -> Iterator[Link]:
    """Pronouns of the third person with their referents, in text order; a link counts as a mention for the next.

    Args:
        sentences: the document's.
        mentions: names and nouns of each sentence in text order; pronouns are put between them.
        quotes: the document's quotations.
        choose: decides.
    """
    first: dict[int, int] = {}
    recent: list[Seen] = []
    heads: dict[int, Referent] = {}
    for number, sentence in enumerate(sentences):
        queue = list(mentions[number])
        for word in sentence.words:
            while queue and queue[0].start <= word.idx:
                seen = queue.pop(0)
                recent.append(seen)
                heads[seen.head.i] = seen.referent
                seen.referent.seen.append(seen)
                first.setdefault(id(seen.referent), number)
            quote = quote_at(quotes, word.idx)
            pronoun = pronoun_of(word, number, -1 if quote is None else quote.span[0])
            if pronoun is None:
                continue
            options = options_for(pronoun, recent)
            if quote is not None and quote.speaker is not None:
                # Nobody calls himself "he".
                speaker = heads.get(quote.speaker.i)
                options = [option for option in options if option.referent is not speaker]
            if not options:
                continue
            chosen = choose(pronoun, options, [first[id(option.referent)] for option in options])
            if chosen is None:
                continue
            referent = options[chosen].referent
            if pronoun.gender and not referent.gender and referent.group is not None:
                referent.gender = pronoun.gender
            seen = Seen(referent, word, word.idx, number, "pronoun", pronoun.role, False)
            recent.append(seen)
            heads[word.i] = referent
            referent.seen.append(seen)
            yield Link(pronoun, options[chosen])
