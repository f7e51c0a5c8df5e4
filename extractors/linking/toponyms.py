"""Which place of the gazetteer a name in a document means, by what else the document names and by inhabitants.

The order of evidence follows what toponym resolution has found to work (Leidner, Toponym Resolution in Text, 2007):
what stands right after the name ("Paris, Texas"), one country a document, the source's country, then population.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ekg.model import CharSpan, Container, Geo
from extractors.linking.gazetteer import Gazetteer, GazetteerPlace, gazetteer
from extractors.words import word_set

_AFTER = re.compile(r",? (?:in )?(?P<full>[A-Z][\w.]*(?: [A-Z][\w.]*){0,2})")
_STATE_AFTER = re.compile(r"[’']?s? state\b|,? the state\b", re.IGNORECASE)
_STATE_BEFORE = re.compile(r"\bstate of $", re.IGNORECASE)
_CITY_NEAR = re.compile(r"\b(?:city|town|capital|mayor) of $", re.IGNORECASE)
_WORD = re.compile(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?")
_SITE = {"uk": "GB", "com": "", "org": "", "net": "", "gov": "US", "mil": "US", "edu": "US", "eu": ""}

_KIND_BONUS = {"continent": 6.0, "country": 1.5, "region": 0.0, "town": 0.4}
_CAPITAL = 1.0
_STATED = 6.0
_SAME_COUNTRY = 2.5
_SAME_REGION = 1.0
_HINT = 0.7
_NOTED = {"continent": 0, "country": 0, "region": 4_000_000, "town": 500_000}
"""Inhabitants from which a place is taken for itself though nothing else in the document points to its country."""
_SUPPORT = 0.1
_ENOUGH = 0.6
# English counties, which the table lacks, with namesakes overseas.
_COUNTIES = word_set(
    """
    cambridgeshire cornwall cumbria devon dorset durham essex kent lancashire lincolnshire norfolk northumberland
    somerset suffolk surrey sussex warwickshire worcestershire yorkshire
    """
)
_HEAVENLY = word_set("mercury venus earth mars jupiter saturn uranus neptune pluto moon sun")
_SUFFIXES = {"province": "region", "state": "region", "prefecture": "region", "region": "region", "city": "town"}
_CLEAR = 20
"""How many times as many inhabitants a place must have as its namesakes abroad to point to its country."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place of a document by what the document calls it.

    Args:
        key: what the answer is returned under.
        names: forms of its name, the best first.
        spans: where it is named.
    """

    key: str
    names: tuple[str, ...]
    spans: tuple[CharSpan, ...]


def country_of_site(publisher: str | None, url: str | None) -> str | None:
    """The country that a publication's address says it comes from, None where it says none.

    >>> country_of_site("www.smh.com.au", None), country_of_site("Example Times", "https://example.co.uk/a")
    ('AU', 'GB')
    """
    for address in (publisher, url):
        host = re.sub(r"^[a-z]+://", "", (address or "").strip().lower()).partition("/")[0]
        last = host.rpartition(".")[2]
        if "." in host and last.isalpha():
            code = _SITE.get(last, last.upper() if len(last) == 2 else "")
            if code:
                return code
    return None


def resolve_places(
    places: Sequence[NamedPlace], text: str, *, persons: Iterable[str] = (), country: str | None = None
) -> dict[str, Geo]:
    """The gazetteer's place for each place that can be told, by key.

    A name without a candidate stays unresolved; so does a small town's unless the document or its source points to
    the town's country, and a name that is also the last name of one of the document's persons.

    Args:
        places: the document's places.
        text: its text.
        persons: names of its persons.
        country: ISO 3166-1 code of the source's country.
    """
    table = gazetteer()
    surnames = {name.split()[-1].casefold() for name in persons if len(name.split()) > 1}
    candidates: dict[str, list[GazetteerPlace]] = {}
    for place in places:
        found = next((c for name in place.names if (c := _candidates(table, name))), [])
        if found and (place.names[0].casefold() not in surnames or found[0].kind != "town"):
            candidates[place.key] = found
    by_key = {place.key: place for place in places}
    context = _Context(table, text, _votes(table, candidates, by_key, text), _regions(candidates), country)
    return {key: geo for key, found in candidates.items() if (geo := _best(by_key[key], found, context)) is not None}


def _candidates(table: Gazetteer, name: str) -> list[GazetteerPlace]:
    """Places of a name; of "Hainan Province" the regions called Hainan, of "Quebec City" the towns called Quebec."""
    if name.casefold() in _HEAVENLY:
        return []
    found = table.named(name)
    first, _, last = name.rpartition(" ")
    kind = _SUFFIXES.get(last.casefold())
    return found or ([place for place in table.named(first) if place.kind == kind] if first and kind else [])


@dataclass(frozen=True, slots=True)
class _Context:
    table: Gazetteer
    text: str
    votes: Mapping[str, Mapping[str, int]]
    """What points to each country, by the key of the place that does; "" for names of its people."""
    regions: Mapping[tuple[str, str], str]
    source: str | None

    def share(self, country: str, key: str) -> float:
        """A country's part of all that points to a country, without the place in question itself."""
        total = here = 0
        for code, sources in self.votes.items():
            weight = sum(count for source, count in sources.items() if source != key)
            total += weight
            here += weight if code == country else 0
        return here / total if total else 0.0


def _votes(
    table: Gazetteer, candidates: Mapping[str, Sequence[GazetteerPlace]], places: Mapping[str, NamedPlace], text: str
) -> dict[str, Counter[str]]:
    """What points to a country: its name, its people's, and places that have no namesake of note abroad."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for key, found in candidates.items():
        best = max(found, key=lambda place: place.population)
        rivals = [place for place in found if place.country != best.country]
        if best.kind == "continent":
            continue
        if all(place.population * _CLEAR < best.population for place in rivals):
            votes[best.country][key] += min(3, len(places[key].spans)) * (2 if best.kind == "country" else 1)
    for match in _WORD.finditer(text):
        for words in (match[0], *match[0].split()):
            if words in table.demonyms:
                votes[table.demonyms[words]][""] += 1
                break
    return votes


def _regions(candidates: Mapping[str, Sequence[GazetteerPlace]]) -> dict[tuple[str, str], str]:
    """Regions that the document names, with the key of the place that does."""
    return {
        (place.country, place.region): key
        for key, found in candidates.items()
        for place in found
        if place.kind == "region"
    }


def _best(place: NamedPlace, found: Sequence[GazetteerPlace], context: _Context) -> Geo | None:
    stated = _stated(place, context)
    own = context.table.default(place.names[0])
    scored = []
    for candidate in found:
        score = math.log10(candidate.population + 10) + _KIND_BONUS[candidate.kind]
        score += _CAPITAL if context.table.is_capital(candidate) else 0.0
        score += 2.0 if own is not None and candidate.geonames == own else 0.0
        score += _SAME_COUNTRY * context.share(candidate.country, place.key)
        named_by = context.regions.get((candidate.country, candidate.region), place.key)
        score += _SAME_REGION if candidate.kind == "town" and named_by != place.key else 0.0
        score += _HINT if candidate.country == context.source else 0.0
        if stated is not None:
            score += _stated_score(candidate, stated)
        scored.append((round(score, 4), candidate))
    scored.sort(key=lambda item: (-item[0], item[1].geonames or 0, item[1].iri))
    score, best = scored[0]
    british = context.source == "GB" or context.share("GB", place.key) > 0
    if place.names[0].casefold() in _COUNTIES and best.country != "GB" and british and stated is None:
        return None
    supported = (
        context.share(best.country, place.key) >= _SUPPORT
        or context.source == best.country
        or (stated is not None and _stated_score(best, stated) > 0)
    )
    known = best.population >= _NOTED[best.kind] or context.table.is_capital(best)
    if not supported and not (known and context.table.is_usual(place.names[0], best)):
        return None
    gap = next((score - other for other, rival in scored[1:] if not _one_place(best, rival)), 3.0)
    confidence = round(1 / (1 + math.exp(-1.2 * gap - 0.4)), 4)
    if confidence < _ENOUGH:
        return None
    return _geo(best, confidence, context.table)


def _stated(place: NamedPlace, context: _Context) -> tuple[str, str] | None:
    """Country and region that the text names right after the place; ``("", "state")`` or ``("", "town")``."""
    table = context.table
    for start, end in place.spans:
        match = _AFTER.match(context.text, end)
        if match and match[0].startswith(","):
            words = match["full"].split()
            for length in range(len(words), 0, -1):
                code = table.region_code(" ".join(words[:length]))
                if code is not None:
                    return code
        if _STATE_AFTER.match(context.text, end) or _STATE_BEFORE.search(context.text, max(0, start - 12), start):
            return "", "state"
        if _CITY_NEAR.search(context.text, max(0, start - 12), start):
            return "", "town"
    return None


def _stated_score(candidate: GazetteerPlace, stated: tuple[str, str]) -> float:
    country, region = stated
    if not country:
        return _STATED if candidate.kind == {"state": "region", "town": "town"}[region] else 0.0
    if candidate.country != country or candidate.kind == "country":
        return 0.0
    return _STATED if not region or candidate.region == region else 0.0


def _one_place(left: GazetteerPlace, right: GazetteerPlace) -> bool:
    """Whether two places of one name are a town and the region or country around it."""
    town, around = (left, right) if left.kind == "town" else (right, left)
    if town.country != around.country or town.kind != "town" or around.kind not in {"region", "country"}:
        return False
    return around.kind == "country" or town.region == around.region


def _geo(place: GazetteerPlace, confidence: float, table: Gazetteer) -> Geo:
    return Geo(
        iri=place.iri,
        geonames=place.geonames,
        name=place.name,
        kind=place.kind,
        country=None if place.kind == "continent" else place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        confidence=confidence,
        within=tuple(Container(iri=outer.iri, name=outer.name) for outer in table.containers(place)),
    )
