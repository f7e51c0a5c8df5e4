"""Time expressions against the ``<date>`` elements of GUM.

The documents are those of GUM's dev split that are not in its train split too (four are in both), on which the grammar
was developed. The reference is the day a text was written: ``dateCreated``, and for pages of Wikipedia, Wikivoyage and
wikiHow ``dateModified``, since these are opened years before the text that stands there is written, and annotators
count from the later day ("2013 - present" of a page opened in 2011). When an interval agrees with a mark is said in
:mod:`ekg.bench.time_gold`.

A clock time on its own ("4:00 p.m.") is GUM's ``<time>``, another element: where no ``<date>`` marks it, it counts
neither way. An expression for a range marked as two dates is right if it runs from the begin of the first to the end
of the last. Values that are no dates ("--06", "1951-1952") are left out of the scores of values, as are expressions
without a place on the time line (durations, sets, "recently"), which GUM does not mark.

"Exact" takes the whole expression that overlaps a mark, modifiers included. GUM often marks the noun alone ("early
[1990s]" as the decade), so ``exact_marked_words`` (and ``value_marked_words``) besides accept a mark whose own words,
read in their place, have its value: the value of the span that the corpus gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ekg.bench.time_gold import GoldDate, GoldDocument, Unit, load, words
from ekg.time import TimeInterval, TimeMention, find_times, parse_iso

Agreement = Callable[[GoldDate, TimeInterval | None], bool]
CONTRADICTS_ITSELF = "GUM_vlog_radiology"
"""A video of Monday, 21 October 2019. Its next day ("It is Tuesday") is marked as 22 October 2020, a Thursday, and its
weekend as 26 and 27 October 2020, a Monday and a Tuesday: the year of these eight marks is wrong by one."""
_YEAR_2020 = parse_iso("2020")[0]
_ONE_YEAR = parse_iso("2020-10-22")[0] - parse_iso("2019-10-22")[0]


def run(data: Path, *, seed: int = 13) -> dict[str, Any]:
    """Scores on GUM dev.

    Args:
        data: the folder that holds ``gum/``.
        seed: part of every benchmark's signature; nothing here is random.

    Returns:
        what :func:`score` gives, and under other names the same score of other readings: ``without_<document>`` leaves
        out the document whose marks contradict each other, ``with_its_year_corrected`` reads its 2020 as 2019, and
        under ``equal_bounds`` the bounds have to be those of the attributes to the second.

    Raises:
        DataError: the corpus is not there.
    """
    del seed
    train = data / "gum" / "train.conllu.gz"
    seen = {name for name, _ in words(train)} if train.is_file() else set[str]()
    documents = [document for document in load(data, "dev") if document.id not in seen]
    others = [document for document in documents if document.id != CONTRADICTS_ITSELF]
    return {
        **score(documents),
        f"without_{CONTRADICTS_ITSELF}": score(others),
        "with_its_year_corrected": score([corrected(document) for document in documents]),
        "equal_bounds": score(documents, GoldDate.equal),
    }


def score(documents: list[GoldDocument], agrees: Agreement = GoldDate.agrees) -> dict[str, Any]:
    """Scores of :func:`ekg.time.find_times` on documents.

    Returns:
        ``detection`` and ``value`` with precision, recall and F1 (a detection is an overlap; a value counts if the
        interval agrees too), ``exact`` (it agrees, of the marked dates that an expression overlaps), ``exact_all`` (of
        all marked dates), ``exact_marked_words`` and ``value_marked_words`` (see above), and counts.
    """
    gold = found = hit_gold = hit_found = dated = matched = placed = clocks = 0
    exact = exact_found = own_words = own_found = 0
    for document in documents:
        mentions = [
            m
            for m in find_times(document.text, reference=document.reference)
            if m.granularity not in ("duration", "set")
        ]
        mentions = [m for m in mentions if m.interval() is not None]
        aside = [m for m in mentions if not any(_overlap(m.span, d.span) for d in document.dates) and _is_clock(m)]
        clocks += len(aside)
        mentions = [m for m in mentions if m not in aside]
        found += len(mentions)
        gold += len(document.dates)
        hit_found += sum(any(_overlap(m.span, d.span) for d in document.dates) for m in mentions)
        for mark in document.dates:
            over = [m for m in mentions if _overlap(m.span, mark.span)]
            hit_gold += bool(over)
            if mark.bounds is not None:
                dated += 1
                matched += bool(over)
                right = any(_right(m, document.dates, mark, agrees) for m in over)
                exact += right
                own_words += right or any(_own_words(document, m, mark, agrees) for m in over)
        for m in mentions:
            marks = [d for d in document.dates if _overlap(m.span, d.span)]
            if not marks or any(d.bounds is not None for d in marks):
                placed += 1
                right = any(_right(m, document.dates, d, agrees) for d in marks)
                exact_found += right
                own_found += right or any(_own_words(document, m, d, agrees) for d in marks)
    return {
        "documents": len(documents),
        "dates": gold,
        "dates_with_value": dated,
        "detection": _prf(hit_found, found, hit_gold, gold),
        "value": _prf(exact_found, placed, exact, dated),
        "value_marked_words": _prf(own_found, placed, own_words, dated),
        "exact": _ratio(exact, matched),
        "exact_all": _ratio(exact, dated),
        "exact_marked_words": _ratio(own_words, matched),
        "clock_times_left_out": clocks,
    }


def corrected(document: GoldDocument) -> GoldDocument:
    """The document that contradicts itself with its wrong year set right; any other one as it is."""
    if document.id != CONTRADICTS_ITSELF:
        return document
    dates = (replace(mark, first=_year_earlier(mark.first), last=_year_earlier(mark.last)) for mark in document.dates)
    return replace(document, dates=tuple(dates))


def _year_earlier(unit: Unit | None) -> Unit | None:
    return unit if unit is None or unit[0] < _YEAR_2020 else (unit[0] - _ONE_YEAR, unit[1] - _ONE_YEAR)


def _is_clock(mention: TimeMention) -> bool:
    """Whether an expression is a time of day and names no day itself: then it falls on whatever day it is told."""
    if mention.granularity not in ("minute", "second"):
        return False
    again = find_times(mention.text, reference="2001-05-16")
    return bool(again) and (again[0].begin or "").startswith("2001-05-16T")


def _own_words(document: GoldDocument, mention: TimeMention, mark: GoldDate, agrees: Agreement) -> bool:
    """Whether the marked words of a longer expression have the marked value when the rest of it is left out."""
    if mark.span[0] < mention.span[0] or mark.span[1] > mention.span[1]:
        return False
    text = document.text
    begin = max(0, mention.span[0] - 40)
    window = text[begin : mention.span[0]] + " " * (mark.span[0] - mention.span[0]) + text[slice(*mark.span)]
    again = find_times(window, reference=document.reference)
    inside = (mark.span[0] - begin, mark.span[1] - begin)
    return any(_overlap(m.span, inside) and agrees(mark, m.interval()) for m in again)


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _right(mention: TimeMention, dates: tuple[GoldDate, ...], mark: GoldDate, agrees: Agreement) -> bool:
    """Whether a mention agrees with a mark, or covers two, this one too, and runs from the one to the other."""
    interval = mention.interval()
    if agrees(mark, interval):
        return True
    inside = [d for d in dates if mention.span[0] <= d.span[0] and d.span[1] <= mention.span[1]]
    if len(inside) != 2 or mark not in inside or interval is None:
        return False
    first, last = inside[0].bounds, inside[1].bounds
    return first is not None and last is not None and interval.bounds() == (first[0], last[1])


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _prf(right: int, found: int, covered: int, gold: int) -> dict[str, float]:
    precision, recall = _ratio(right, found), _ratio(covered, gold)
    f1 = round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}
