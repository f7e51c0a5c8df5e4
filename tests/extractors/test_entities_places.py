"""The gazetteer, toponym resolution and the user's link table."""

from __future__ import annotations

from pathlib import Path

import pytest

from ekg.errors import DataError
from extractors.backends import configured
from extractors.linking.gazetteer import gazetteer
from extractors.linking.link_table import Linker, chosen_table
from extractors.linking.toponyms import NamedPlace, country_of_site, resolve_places

PARIS, PARIS_TEXAS, GEORGIA, GEORGIA_US = 2988507, 4717560, 614540, 4197000


def places(text: str, *names: str, persons: tuple[str, ...] = (), country: str | None = None) -> dict[str, int | None]:
    """GeoNames ids by name; the same id stands for both when a name occurs once."""
    given = []
    for name in names:
        start = text.index(name)
        given.append(NamedPlace(name, (name,), ((start, start + len(name)),)))
    return {key: geo.geonames for key, geo in resolve_places(given, text, persons=persons, country=country).items()}


def test_table_has_positions_and_containers() -> None:
    paris = next(place for place in gazetteer().named("Paris") if place.country == "FR")
    assert paris.latitude == pytest.approx(48.85, abs=0.01)
    assert [place.name for place in gazetteer().containers(paris)] == ["Île-de-France", "France", "Europe"]
    assert gazetteer().is_capital(paris)


@pytest.mark.parametrize("name", ["U.S.", "America", "the United States", "USA"])
def test_aliases_of_countries(name: str) -> None:
    assert [place.country for place in gazetteer().named(name)][:1] == ["US"]


def test_population_decides_without_context() -> None:
    assert places("A fire broke out in Paris.", "Paris") == {"Paris": PARIS}


def test_what_follows_the_name_decides_first() -> None:
    assert places("A fire broke out in Paris, Texas.", "Paris", "Texas")["Paris"] == PARIS_TEXAS
    assert places("He lives in Portland, Ore., now.", "Portland") == {"Portland": 5746545}


def test_one_country_a_document() -> None:
    atlanta = "Atlanta is the capital of Georgia, and Americans in Savannah agree."
    assert places(atlanta, "Atlanta", "Georgia", "Savannah")["Georgia"] == GEORGIA_US
    tbilisi = "Russia and Georgia met in Tbilisi; Georgia signed."
    assert places(tbilisi, "Russia", "Georgia", "Tbilisi")["Georgia"] == GEORGIA


def test_small_towns_need_support_and_persons_are_no_towns() -> None:
    assert places("Reading is fun.", "Reading") == {}
    assert places("Reading is west of London in England.", "Reading", "London", "England")["Reading"] == 2639577
    assert places("Hilton spoke.", "Hilton", persons=("Paris Hilton",)) == {}


def test_the_source_hints_at_its_country() -> None:
    assert places("The shop in Reading closed.", "Reading", country="GB") == {"Reading": 2639577}


def test_no_place_of_an_unknown_name() -> None:
    assert resolve_places([], "") == {}
    assert places("They met at Zzyzx Hollow.", "Zzyzx Hollow") == {}
    assert places("A probe of the United States flew to Jupiter.", "Jupiter", "United States").get("Jupiter") is None


def test_the_kind_may_be_part_of_the_name() -> None:
    text = "The rocket left Hainan Province in China."
    start = text.index("Hainan")
    found = resolve_places([NamedPlace("x", ("Hainan Province",), ((start, start + 15),))], text, country="CN")
    assert (found["x"].kind, found["x"].name) == ("region", "Hainan")


@pytest.mark.parametrize(
    ("publisher", "url", "country"),
    [("www.smh.com.au", None, "AU"), (None, "http://x.co.uk/a", "GB"), ("The Times", "https://x.com", None)],
)
def test_country_of_a_site(publisher: str | None, url: str | None, country: str | None) -> None:
    assert country_of_site(publisher, url) == country


def table(tmp_path: Path, text: str, name: str = "links.tsv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_links_by_type_and_by_words_of_the_description(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "name\tid\ttype\tdescription\n"
        "Ada Lund|A. Lund\tQ11\tperson\tminister of trade\n"
        "Ada Lund\tQ12\tperson\tswimmer and champion\n"
        "Zenda\tQ13\tplace\n",
    )
    chosen = chosen_table(str(path))
    assert chosen is not None
    linker = Linker(chosen, "The swimmer Ada Lund left Zenda.")
    assert linker.link(["Ada Lund"], "person") == ("http://www.wikidata.org/entity/Q12",)
    assert linker.link(["A. Lund"], "person") == ("http://www.wikidata.org/entity/Q11",)
    assert linker.link(["Zenda"], "place") == ("http://www.wikidata.org/entity/Q13",)
    assert linker.link(["Zenda"], "person") == ()
    assert Linker(chosen, "Ada Lund left.").link(["Ada Lund"], "person") == ()


def test_csv_without_header(tmp_path: Path) -> None:
    chosen = chosen_table(str(table(tmp_path, '"Lund, Ada",https://example.org/lund\n', "links.csv")))
    assert chosen is not None
    assert Linker(chosen, "").link(["Lund, Ada"], "person") == ("https://example.org/lund",)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Ada\tX1\n", r"links\.tsv:1: 'X1' is neither"),
        ("Ada\tQ1\nBen\n", r"links\.tsv:2: 1 columns"),
        ("Ada\tQ1\n\nBen\tX9\n", r"links\.tsv:3: 'X9' is neither"),
        ("Ada\tQ1\tghost\n", r"links\.tsv:1: there is no entity type 'ghost'"),
        ("Ada\tQ1\n\tQ2\n", r"links\.tsv:2: no name"),
        ("Ada\tQ1\tperson\tx\ty\n", r"links\.tsv:1: 5 columns"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        chosen_table(str(table(tmp_path, row)))


def test_the_option_reaches_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path, "Ada\tQ1\n")
    monkeypatch.setenv("EKG_LINK_TABLE", str(path))
    first = configured().link_table
    assert first is not None
    path.write_text("Ada\tQ2\n", encoding="utf-8")
    second = configured().link_table
    assert second is not None
    assert second.digest != first.digest
    monkeypatch.setenv("EKG_LINK_TABLE", str(table(tmp_path, "Ada\n")))
    with pytest.raises(DataError, match="1 columns"):
        configured()


def test_a_missing_table_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        chosen_table(str(tmp_path / "none.tsv"))
    assert chosen_table(None) is None
