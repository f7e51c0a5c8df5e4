"""Places of the world by name: continents, countries, first-level regions and towns of more than 15,000 inhabitants.

The table is derived from GeoNames (https://www.geonames.org, CC BY 4.0) by ``scripts/build_places.py``; `LICENSE` and
the attribution lie beside it. Coordinates of countries and regions are the centres of their towns' inhabitants.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from ekg.ids import normal_name

PlaceKind = Literal["continent", "country", "region", "town"]

_FOLDER = Path(__file__).parent
_KINDS: Mapping[str, PlaceKind] = {"N": "continent", "C": "country", "R": "region", "T": "town"}
_PLAIN = re.compile(r"[a-z0-9 ]+")
# Names of parts of towns and countries that people use for the whole, and towns better known than a region.
_ALSO = {
    "new york": 5128581, "nyc": 5128581, "n y": 5128581, "washington": 4140963, "washington d c": 4140963,
    "washington dc": 4140963, "d c": 4140963, "l a": 5368361, "quebec city": 6325494, "mexico city": 3530597,
    "saigon": 1566083, "bombay": 1275339, "calcutta": 1275004, "madras": 1264527, "bangalore": 1277333,
    "kiev": 703448, "peking": 1816670, "rangoon": 1298824, "gaza": 281133,
}  # fmt: skip
STATES = {
    "ala": "AL", "ariz": "AZ", "ark": "AR", "calif": "CA", "colo": "CO", "conn": "CT", "del": "DE", "fla": "FL",
    "ga": "GA", "ill": "IL", "ind": "IN", "kan": "KS", "ky": "KY", "la": "LA", "md": "MD", "mass": "MA", "mich": "MI",
    "minn": "MN", "miss": "MS", "mo": "MO", "mont": "MT", "neb": "NE", "nev": "NV", "n h": "NH", "n j": "NJ",
    "n m": "NM", "n y": "NY", "n c": "NC", "n d": "ND", "okla": "OK", "ore": "OR", "pa": "PA", "r i": "RI",
    "s c": "SC", "s d": "SD", "tenn": "TN", "tex": "TX", "vt": "VT", "va": "VA", "wash": "WA", "w va": "WV",
    "wis": "WI", "wyo": "WY", "d c": "DC",
}  # fmt: skip
"""Abbreviations of states of the US as news agencies write them, beside the two-letter codes."""


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """A place of the table.

    Args:
        kind: what it is.
        geonames: GeoNames id; None for regions outside the US.
        name: its usual name in English.
        country: ISO 3166-1 code; of a continent its own code.
        region: GeoNames' code of the first-level region; of a country the continent's code.
        latitude: degrees; None where the table has none.
        longitude: degrees.
        population: inhabitants.
    """

    kind: PlaceKind
    geonames: int | None
    name: str
    country: str
    region: str
    latitude: float | None
    longitude: float | None
    population: int

    @property
    def iri(self) -> str:
        """GeoNames' IRI, or our own for a region without an id."""
        if self.geonames is not None:
            return f"http://sws.geonames.org/{self.geonames}/"
        return f"urn:ekg:region:{self.country}.{self.region}"


class Gazetteer:
    """Look-up by name and containment.

    Args:
        lines: rows of ``places.tsv``.
        countries: rows of ``country_names.tsv``.
    """

    def __init__(self, lines: Iterable[str], countries: Iterable[str]) -> None:
        self._rows: list[list[str]] = []
        self._names: dict[str, list[int]] = defaultdict(list)
        self._other: dict[str, list[int]] = defaultdict(list)
        self._country: dict[str, int] = {}
        self._continent: dict[str, int] = {}
        self._region: dict[tuple[str, str], int] = {}
        self._capitals: dict[str, str] = {}
        by_id: dict[str, int] = {}
        for line in lines:
            row = line.split("\t")
            number = len(self._rows)
            self._rows.append(row)
            by_id[row[1]] = number
            self._names[_key(row[2])].append(number)
            if row[0] == "T":
                for other in row[8].split("|") if row[8] else ():
                    self._other[_key(other)].append(number)
            elif row[0] == "C":
                self._country[row[3]] = number
                self._capitals[row[3]] = _key(row[8].strip())
            elif row[0] == "R":
                self._region[row[3], row[4]] = number
            else:
                self._continent[row[3]] = number
        for name, geonames in _ALSO.items():
            if str(geonames) in by_id:
                self._names[name].insert(0, by_id[str(geonames)])
        self.demonyms: dict[str, str] = {}
        for line in countries:
            code, demonyms, names = (*line.split("\t"), "", "")[:3]
            for demonym in filter(None, demonyms.split("|")):
                self.demonyms.setdefault(demonym, code)
            for name in filter(None, names.split("|")):
                self._names[normal_name(name)].append(self._country[code])

    def named(self, name: str) -> list[GazetteerPlace]:
        """Places of a name, in the table's order; towns' other names only where it is nobody's usual name."""
        key = normal_name(name)
        numbers = self._names.get(key) or self._other.get(key) or ()
        return [self._place(number) for number in dict.fromkeys(numbers)]

    def country(self, code: str) -> GazetteerPlace | None:
        """A country by ISO 3166-1 code."""
        number = self._country.get(code)
        return None if number is None else self._place(number)

    def is_capital(self, place: GazetteerPlace) -> bool:
        """Whether a town has the name of its country's capital."""
        return place.kind == "town" and self._capitals.get(place.country) == _key(place.name)

    def default(self, name: str) -> int | None:
        """GeoNames id of the town that a bare name of a region, such as "New York", means more often."""
        return _ALSO.get(normal_name(name))

    def is_usual(self, name: str, place: GazetteerPlace) -> bool:
        """Whether a name is a place's usual one in the table, and not one in another language."""
        if place.kind in {"country", "continent"}:
            return True
        return _key(place.name) == normal_name(name) or self.default(name) == place.geonames

    def containers(self, place: GazetteerPlace) -> list[GazetteerPlace]:
        """Region, country and continent that a place lies in, from the nearest on."""
        numbers: list[int | None] = []
        if place.kind == "town":
            numbers.append(self._region.get((place.country, place.region)))
        if place.kind in {"town", "region"}:
            numbers.append(self._country.get(place.country))
        if place.kind != "continent":
            country = self._country.get(place.country)
            numbers.append(None if country is None else self._continent.get(self._rows[country][4]))
        return [self._place(number) for number in numbers if number is not None]

    def region_code(self, words: str) -> tuple[str, str] | None:
        """Country and region that follow a town's name after a comma: a state, its abbreviation, or a country.

        >>> gazetteer().region_code("Texas"), gazetteer().region_code("Calif."), gazetteer().region_code("France")
        (('US', 'TX'), ('US', 'CA'), ('FR', ''))
        """
        key = normal_name(words)
        if key in STATES:
            return "US", STATES[key]
        if len(words) == 2 and words.isupper() and ("US", words) in self._region:
            return "US", words
        for number in self._names.get(key, ()):
            row = self._rows[number]
            if row[0] == "C":
                return row[3], ""
            if row[0] == "R":
                return row[3], row[4]
        return None

    def usual_names(self, kinds: Sequence[PlaceKind], country: str | None = None) -> frozenset[str]:
        """Names as written of all places of some kinds, in one country or all."""
        letters = {letter for letter, kind in _KINDS.items() if kind in kinds}
        return frozenset(row[2] for row in self._rows if row[0] in letters and country in {None, row[3]})

    def _place(self, number: int) -> GazetteerPlace:
        kind, geonames, name, country, region, latitude, longitude, population, _ = self._rows[number]
        return GazetteerPlace(
            _KINDS[kind],
            int(geonames) if geonames else None,
            name,
            country,
            region,
            float(latitude) if latitude else None,
            float(longitude) if longitude else None,
            int(population),
        )


def _key(name: str) -> str:
    """`normal_name`, fast for most of the table's rows."""
    lower = name.lower()
    return lower if _PLAIN.fullmatch(lower) and not lower.startswith(("the ", "a ", "an ")) else normal_name(name)


@cache
def gazetteer() -> Gazetteer:
    """The shipped table, read once a process."""
    lines = gzip.decompress((_FOLDER / "places.tsv.gz").read_bytes()).decode("utf-8").splitlines()
    names = (_FOLDER / "country_names.tsv").read_text(encoding="utf-8").splitlines()
    return Gazetteer(lines, [line for line in names if not line.startswith("#")])
