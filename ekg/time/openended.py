"""Times without an end or a beginning: ``2013 – present``, ``post-2015``, ``pre-2008``."""

from __future__ import annotations

from dataclasses import dataclass

from ekg.time.tokens import Tokens
from ekg.time.values import Context, Parse, Resolved, Value, date


@dataclass(frozen=True, slots=True)
class Onward:
    """From the begin of a time on, open: ``2013 – present``."""

    inner: Value

    def resolve(self, context: Context) -> Resolved:
        """The begin of the time, without an end."""
        inner = self.inner.resolve(context)
        return Resolved(inner.low, None, "range", inner.approximate, inner.anchor)


@dataclass(frozen=True, slots=True)
class Apart:
    """What lies after (``post-2015``) or before (``pre-2015``) a time, without it."""

    inner: Value
    after: bool

    def resolve(self, context: Context) -> Resolved:
        """An interval that is open on the far side."""
        inner = self.inner.resolve(context)
        if self.after:
            return Resolved(inner.high, None, "range", inner.approximate, inner.anchor)
        return Resolved(None, inner.low, "range", inner.approximate, inner.anchor)


def to_the_present(t: Tokens, j: int) -> int | None:
    """The index after ``– present``, ``to the present day``, ``until now``, ``to date`` at an index."""
    if not t.dash(j) and t.word(j) not in ("to", "until", "till", "through"):
        return None
    k = j + 1 + (t.word(j + 1) == "the")
    if t.word(k) == "present":
        return k + 1 + (t.word(k + 1) in ("day", "time"))
    if t.word(k) in ("now", "today") or (t.word(k) == "date" and t.word(j) == "to"):
        return k + 1
    return None


def apart(t: Tokens, i: int) -> Parse | None:
    """``post-2015``, ``pre-2008``."""
    value = t.number(i + 2)
    if not t.dash(i + 1) or not t.glued(i + 1) or not t.glued(i + 2) or value is None or len(t.shape(i + 2)) != 4:
        return None
    if not 1000 <= value <= 2100 or (t.glued(i + 3) and t.word(i + 3)[:1].isalnum()):
        return None
    return Apart(date(value), t.word(i) == "post"), i + 3
