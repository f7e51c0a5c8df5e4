"""Where a quoted string stands in a sentence: found again in the text, or refused."""

from __future__ import annotations

from dataclasses import dataclass

from ekg.model import CharSpan

# One character for one, so that offsets hold.
_SAME = str.maketrans("‘’‚‛“”„‟`´–—‐‑−\u00a0", "''''\"\"\"\"''-----" + " ")


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence as the model is shown it: white space as single blanks, no lone surrogates.

    Args:
        text: what is shown.
        words: characters of each token in ``text``.
    """

    text: str
    words: tuple[CharSpan, ...]

    @classmethod
    def of(cls, text: str, words: list[CharSpan]) -> SentenceView:
        """The view of a sentence.

        Args:
            text: the sentence.
            words: characters of its tokens in ``text``.
        """
        shown: list[str] = []
        place: list[int] = []
        for char in text:
            if char.isspace():
                char = " "
            elif "\ud800" <= char <= "\udfff":
                char = "\ufffd"
            if char == " " and shown and shown[-1] == " ":
                place.append(len(shown) - 1)
                continue
            place.append(len(shown))
            shown.append(char)
        return cls("".join(shown), tuple((place[start], place[end - 1] + 1) for start, end in words))

    def places(self, quote: str) -> list[CharSpan]:
        """All places of a string, as whole words; kinds of quotation marks, hyphens and blanks are one.

        >>> view = SentenceView.of("the bombed bomb", [(0, 3), (4, 10), (11, 15)])
        >>> view.places("bomb"), view.places("Bomb")
        ([(11, 15)], [])
        """
        wanted = " ".join(quote.split()).translate(_SAME)
        within = self.text.translate(_SAME)
        found: list[CharSpan] = []
        start = within.find(wanted) if wanted else -1
        while start >= 0:
            end = start + len(wanted)
            if not (_joins(within, start) or _joins(within, end)):
                found.append((start, end))
            start = within.find(wanted, start + 1)
        return found

    def find(self, quote: str, context: str = "", skip: int = 0, near: int | None = None) -> CharSpan | None:
        """The one place that a quote means, None if the sentence does not hold it.

        Args:
            quote: copied words.
            context: more words around it, which decide where it is repeated.
            skip: how many of its places are taken by earlier quotes.
            near: character near which it is expected, if the context does not decide.
        """
        places = self.places(quote)
        if len(places) > 1:
            around = self.places(context)
            inside = [
                span for span in places if len(around) == 1 and around[0][0] <= span[0] and span[1] <= around[0][1]
            ]
            if len(inside) == 1:
                return inside[0]
            if near is not None:
                return min(places, key=lambda span: (abs(span[0] - near), span))
        return places[min(skip, len(places) - 1)] if places else None

    def bare(self, span: CharSpan | None) -> CharSpan | None:
        """A stretch without punctuation and blanks at its edges; None if it has nothing else.

        >>> SentenceView.of("He fled.", [(0, 2), (3, 7), (7, 8)]).bare((3, 8))
        (3, 7)
        """
        if span is None:
            return None
        start, end = span
        while start < end and not self.text[start].isalnum():
            start += 1
        while start < end and not self.text[end - 1].isalnum():
            end -= 1
        return (start, end) if start < end else None

    def tokens(self, span: CharSpan) -> tuple[int, int] | None:
        """First token and token after the last one of a stretch; None if it holds none."""
        inside = [at for at, (start, end) in enumerate(self.words) if start < span[1] and end > span[0]]
        return (inside[0], inside[-1] + 1) if inside else None


def _joins(text: str, place: int) -> bool:
    """Whether a place lies within a word."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()
