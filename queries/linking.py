"""Names in a question and the entities that they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ekg.graph import EventGraph
from ekg.ids import normal_name
from queries.frame import Unit
from queries.words import Token, fold, stop_words, words_in

_TITLES = words_in("titles")
_LINKERS = words_in("linkers")
_OPENERS = words_in("openers")
_LONGEST = 7


class Linker:
    """Finds names in questions to one or more graphs.

    Args:
        graphs: the graphs that are asked.
    """

    def __init__(self, graphs: Sequence[EventGraph]) -> None:
        self.graphs = graphs

    def entities(self, name: str) -> tuple[str, ...]:
        """IRIs of all entities of exactly this (normalised) name, then of those that a fuller or shorter name fits.

        "Trump" fits "Donald Trump", since a reader resolves it so; "Paul Voss" does not fit "Clara Voss".
        """
        found: dict[str, None] = {}
        words = normal_name(name).split()
        for graph in self.graphs:
            for row in graph.index.find_entities(name, limit=8, exact=True):
                found.setdefault(row.iri)
            if not words:
                continue
            for row in graph.index.find_entities(name, limit=8):
                if row.type != "place" and any(_same(words, normal_name(a).split()) for a in (row.name, *row.aliases)):
                    found.setdefault(row.iri)
            if len(words) > 1:
                for row in graph.index.find_entities(words[-1], limit=8, exact=True):
                    if row.type == "person" and row.name and not _other_first_name(words, row.name, row.aliases):
                        found.setdefault(row.iri)
        return tuple(found)

    def spot(self, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """Index ranges of names among a question's tokens: capitalised runs, longest known names first.

        A question without any capital letter is looked up in the graphs' names instead.
        """
        cased = any(t.capital for t in tokens[1:])
        spans: list[tuple[int, int]] = []
        i = 0
        while i < len(tokens):
            best = self._longest(tokens, i, cased)
            if best is None and cased and self._opens(tokens, i):
                best = _run(tokens, i)
            if best is not None:
                spans.append((i, best))
                i = best
            else:
                i += 1
        return spans

    def _opens(self, tokens: Sequence[Token], i: int) -> bool:
        token = tokens[i]
        return token.capital and not (i == 0 and token.lower in _OPENERS) and (i > 0 or token.lower not in stop_words())

    def _longest(self, tokens: Sequence[Token], i: int, cased: bool) -> int | None:
        """End of the longest known name that starts at a token."""
        if tokens[i].lower in stop_words() or not tokens[i].word:
            return None
        if cased and not (tokens[i].capital or tokens[i].text[0].isdigit()):
            return None
        for j in range(min(len(tokens), i + _LONGEST), i, -1):
            last = tokens[j - 1]
            if last.lower in stop_words() or not last.word:
                continue
            if cased and not (last.capital or last.text[0].isdigit()):
                continue
            if j == i + 1 and (tokens[i].text.isdigit() or (i == 0 and tokens[i].lower in _OPENERS)):
                continue
            text = surface(tokens[i:j])
            for graph in self.graphs:
                rows = graph.index.find_entities(text, limit=1, exact=True)
                # Without capitals a name must be one that is surely meant: not a common noun that someone capitalised.
                if rows and (cased or (rows[0].mentions > 1 and (j - i > 1 or rows[0].name[:1].isupper()))):
                    return j
        return None

    def known(self, name: str) -> bool:
        """Whether the graphs know a name: an entity has it, or some passage holds its words together."""
        if self.entities(name):
            return True
        words = [w for w in normal_name(name).split() if w not in stop_words() and w not in _TITLES]
        if not words:
            return True
        pattern = re.compile(r"\b" + r"\W+(?:\w+\W+)?".join(map(re.escape, words)) + r"(?:s\b|\b)")
        for graph in self.graphs:
            for row in graph.index.search_passages(" ".join(words), limit=20):
                passage = graph.document(row.document).text[row.span[0] : row.span[1]]
                if pattern.search(fold(passage)) or pattern.search(fold(row.title or "")):
                    return True
        return False

    def unit(self, text: str) -> Unit:
        """The unit of a name."""
        return Unit(text=text, stem=normal_name(text), kind="name", iris=self.entities(strip_titles(text)))


def surface(tokens: Sequence[Token]) -> str:
    """Text of neighbouring tokens, spaced as it was."""
    out = ""
    for i, token in enumerate(tokens):
        out += (" " if i and token.start > tokens[i - 1].end else "") + token.text
    return out


def strip_titles(name: str) -> str:
    """A name without the titles before it.

    >>> strip_titles("President Clara Voss")
    'Clara Voss'
    """
    words = name.split()
    while len(words) > 1 and words[0].rstrip(".").casefold() in _TITLES:
        words = words[1:]
    return " ".join(words)


def _run(tokens: Sequence[Token], i: int) -> int | None:
    """End of a capitalised run that starts at a token."""
    j = i + 1
    while j < len(tokens):
        token = tokens[j]
        if token.capital or (token.text[0].isdigit() and tokens[j - 1].text == "-"):
            j += 1
            continue
        ahead = tokens[j + 1] if j + 1 < len(tokens) else None
        glued = token.text == "-" and ahead is not None and ahead.start == token.end
        if ahead is not None and token.lower in _LINKERS and (ahead.capital or glued):
            if token.lower in {"the", "for", "and"} or (token.lower == "of" and not tokens[j - 1].capital):
                break
            j += 1
            continue
        break
    return j


def _same(asked: list[str], known: list[str]) -> bool:
    """Whether a known name holds all words of the one asked for, and ends or begins with them."""
    size = len(asked)
    return len(known) > size and (known[-size:] == asked or (known[:size] == asked and len(known) <= size + 2))


def _other_first_name(asked: list[str], name: str, aliases: Sequence[str]) -> bool:
    """Whether the entity's full names say that it is someone else of the same surname."""
    known = [normal_name(strip_titles(n)).split() for n in (name, *aliases)]
    fuller = [k for k in known if len(k) > 1]
    return bool(fuller) and not any(k[0] == asked[0] or (k[0][0] == asked[0][0] and len(k[0]) == 1) for k in fuller)
