"""When and where: times and places of the event in the graph, and those that stand beside it in the sentence."""

from __future__ import annotations

from collections.abc import Sequence

from ekg.ids import normal_name
from ekg.time import TimeInterval, compare, format_instant, parse_iso
from ekg.time.civil import unit_bounds
from ekg.time.instant import DAY
from queries.candidates import Candidate, scaled
from queries.frame import Frame
from queries.moments import Moment, label_of, value_of
from queries.pool import Match
from queries.syntax import breaks_between, verbs_between
from queries.words import Token, stems_of, words_in

_PLACE_WORDS = words_in("place_words")
_COARSE = {
    "year": 0.12,
    "decade": 0.3,
    "century": 0.35,
    "millennium": 0.4,
    "quarter": 0.1,
    "season": 0.1,
    "month": 0.05,
}
_LONG = 45 * DAY
_BEFORE = 12


def read_times(frame: Frame, match: Match) -> list[Candidate]:
    """Dates of the event that the sentence tells of."""
    if match.anchor is None:
        return []
    tokens = match.sentence.tokens
    coarse = frame.granularity in {"year", "decade", "century", "month"}
    found: list[Candidate] = []
    for moment in match.sentence.moments:
        interval = moment.interval()
        if interval is None or interval.begin is None or interval.end is None:
            continue
        quality = 0.93 - distance(tokens, moment, match.anchor)
        quality -= 0.0 if coarse else _vagueness(moment, interval)
        quality -= _nearer_verb(tokens, moment, match.anchor)
        quality += _agreement(match, interval)
        found.append(_date(match, _asked_unit(frame, interval), quality, moment=moment))
    event = match.event
    if event is not None and event.begin is not None and event.end is not None:
        interval = _asked_unit(frame, _bound(frame, TimeInterval(begin=event.begin, end=event.end)))
        if not any(_same(c, interval) for c in found):
            found.append(_date(match, interval, 0.72 if found else 0.8, graph=True))
    return found


def _vagueness(moment: Moment, interval: TimeInterval) -> float:
    low, high = interval.bounds()
    several = low is not None and high is not None and high - low > DAY
    return _COARSE.get(moment.granularity, 0.1 if several else 0.0)


def _nearer_verb(tokens: Sequence[Token], moment: Moment, anchor: int) -> float:
    """A penalty where another verb stands between the sentence's start and a time, closer to it than the event word."""
    at = next((i for i, t in enumerate(tokens) if t.start >= moment.start), len(tokens))
    for i in range(at - 1, max(-1, at - 1 - _BEFORE), -1):
        if i == anchor or not tokens[i].word:
            return 0.0
        if tokens[i].stem in stems_of("verbs") and tokens[i].lower.endswith("ed"):
            return 0.2
    return 0.0


def distance(tokens: Sequence[Token], moment: Moment, anchor: int) -> float:
    """How far a time expression is from the event word, in penalties."""
    inside = [i for i, t in enumerate(tokens) if t.start >= moment.start and t.end <= moment.end]
    if not inside:
        return 0.5
    low, high = inside[0], inside[-1] + 1
    if low <= anchor < high:
        return 0.3
    first, last = (anchor + 1, low) if low > anchor else (high, anchor)
    return (
        0.008 * (last - first) + 0.8 * breaks_between(tokens, first, last) + 0.15 * verbs_between(tokens, first, last)
    )


def _agreement(match: Match, interval: TimeInterval) -> float:
    """A bonus where the graph dates the event so, a penalty where it says otherwise."""
    event = match.event
    if event is None or (event.begin is None and event.end is None):
        return 0.0
    verdict = compare(interval, TimeInterval(begin=event.begin, end=event.end))
    if verdict in {"before", "after", "meets"}:
        return -0.08
    return 0.07 if verdict != "unknown" else 0.0


def _same(candidate: Candidate, interval: TimeInterval) -> bool:
    return candidate.begin == to_day(interval)[0] and candidate.end == to_day(interval)[1]


def _bound(frame: Frame, interval: TimeInterval) -> TimeInterval:
    """The first or last day of an interval where the question asks when something began or ended."""
    low, high = interval.bounds()
    groups = {g for u in frame.words if u.kind == "verb" for g in u.groups}
    if low is None or high is None or high - low <= DAY:
        return interval
    if "begin" in groups:
        return TimeInterval(begin=format_instant(low), end=format_instant(low + DAY))
    if "end" in groups:
        return TimeInterval(begin=format_instant(high - DAY), end=format_instant(high))
    return interval


def _asked_unit(frame: Frame, interval: TimeInterval) -> TimeInterval:
    """The year or month around an interval where the question asks for one."""
    low = interval.bounds()[0]
    if low is None or frame.granularity not in {"year", "month", "decade", "century"}:
        return interval
    begin, end = unit_bounds(low, frame.granularity)
    return TimeInterval(begin=format_instant(begin), end=format_instant(end))


def to_day(interval: TimeInterval) -> tuple[str | None, str | None]:
    """Bounds widened to whole days."""
    low, high = interval.bounds()
    begin = None if low is None else format_instant(low - low % DAY)
    end = None if high is None else format_instant(high + (-high) % DAY)
    return begin, end


def _date(
    match: Match, interval: TimeInterval, quality: float, *, moment: Moment | None = None, graph: bool = False
) -> Candidate:
    begin, end = to_day(interval)
    low = parse_iso(begin)[0] if begin else None
    high = parse_iso(end)[0] if end else None
    long = low is not None and high is not None and high - low > _LONG
    agrees = graph or (match.event is not None and _agreement(match, interval) > 0)
    return Candidate(
        key=f"{begin}/{end}",
        value=value_of(begin, end),
        label=label_of(begin, end),
        type="interval" if long or (low is not None and high is not None and high - low > DAY) else "date",
        score=scaled(match, quality),
        sentence=match.sentence,
        span=(moment.start, moment.end) if moment else None,
        arm="graph" if agrees else "text",
        event=match.event if agrees else None,
        statement=match.event.iri if agrees and match.event else None,
        begin=begin,
        end=end,
    )


def read_places(frame: Frame, match: Match) -> list[Candidate]:
    """Places of the event that the sentence tells of."""
    if match.anchor is None:
        return []
    tokens, anchor = match.sentence.tokens, match.anchor
    asked = {u.stem for u in frame.names}
    iris = {iri for u in frame.names for iri in u.iris}
    found: list[Candidate] = []
    spans = []
    for row, span in match.sentence.entities:
        inside = [i for i, t in enumerate(tokens) if t.start >= span[0] and t.end <= span[1]]
        if not inside:
            continue
        spans.append(span)
        if row.iri in iris or normal_name(row.name) in asked:
            continue
        quality = where_quality(tokens, inside[0], inside[-1] + 1, anchor)
        governed = tokens[inside[0] - 1].lower in {"in", "at"} if inside[0] else False
        quality -= 0.0 if row.type == "place" else 0.15 if governed else 0.25 if row.type != "person" else 0.6
        graph = match.event is not None and match.event.place == row.iri
        found.append(
            Candidate(
                key=row.iri,
                value=row.iri,
                label=row.name,
                type="place",
                score=scaled(match, quality + (0.12 if graph else 0.0)),
                sentence=match.sentence,
                span=span,
                arm="graph" if graph else "text",
                entity=row.iri,
                event=match.event if graph else None,
                statement=match.event.iri if graph and match.event else None,
            )
        )
    found += _unlinked_places(match, asked, spans)
    event = match.event
    if (
        event is not None
        and event.place is not None
        and event.place not in iris
        and event.place_name
        and not any(c.entity == event.place for c in found)
    ):
        found.append(
            Candidate(
                key=event.place,
                value=event.place,
                label=event.place_name,
                type="place",
                score=scaled(match, 0.72),
                sentence=match.sentence,
                arm="graph",
                entity=event.place,
                event=event,
                statement=event.iri,
            )
        )
    return [c for c in found if c.score > 0.2]


def where_quality(tokens: Sequence[Token], low: int, high: int, anchor: int) -> float:
    """How well the tokens ``low:high`` stand where the place of the event at ``anchor`` stands, 0 (or less) to 1."""
    before = tokens[low - 1].lower if low else ""
    further = tokens[low - 2].lower if low > 1 else ""
    governed = before in _PLACE_WORDS or (before in {"the", "a"} and further in _PLACE_WORDS)
    quality = 0.93 if governed else 0.55
    if low and tokens[low - 1].text == "," and low > 1 and tokens[low - 2].capital:
        quality = 0.7  # "Nice, France": the wider place of a pair
    if before == "of" or (high < len(tokens) and tokens[high].lower in {"'s", "’s"}):
        quality = 0.5
    first, last = (anchor + 1, low) if low > anchor else (high, anchor)
    quality -= 0.008 * max(0, last - first) + 0.7 * breaks_between(tokens, first, last)
    return quality - 0.05 * verbs_between(tokens, first, last)


def _unlinked_places(match: Match, asked: set[str], spans: Sequence[tuple[int, int]]) -> list[Candidate]:
    """Capitalised names after a preposition of place that the graph has no entity for."""
    tokens, anchor = match.sentence.tokens, match.anchor
    found: list[Candidate] = []
    if anchor is None:
        return found
    for i in range(1, len(tokens)):
        governed = tokens[i - 1].lower in _PLACE_WORDS or (
            tokens[i - 1].lower == "the" and i > 1 and tokens[i - 2].lower in _PLACE_WORDS
        )
        if not tokens[i].capital or not governed:
            continue
        j = i + 1
        while j < len(tokens) and tokens[j].capital:
            j += 1
        span = (tokens[i].start, tokens[j - 1].end)
        text = match.sentence.document.text[span[0] : span[1]]
        dated = any(m.start < span[1] and span[0] < m.end for m in match.sentence.moments)
        if dated or normal_name(text) in asked or any(s[0] < span[1] and span[0] < s[1] for s in spans):
            continue
        found.append(
            Candidate(
                key=normal_name(text),
                value=text,
                label=text,
                type="place",
                score=scaled(match, where_quality(tokens, i, j, anchor) - 0.12),
                sentence=match.sentence,
                span=span,
            )
        )
    return found
