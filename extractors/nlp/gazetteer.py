"""Names whose kind is hardly ever in doubt: countries, states of the US, world organizations, news agencies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extractors.linking.gazetteer import gazetteer

# First names, last names and parts of longer names.
_AMBIGUOUS = frozenset({"Chad", "Georgia", "Jordan", "Washington", "Virginia", "Guinea", "Israel", "Congo", "Ireland"})
_MORE_PLACES = (
    "U.S.", "US", "USA", "U.S.A.", "UK", "U.K.", "Britain", "England", "Scotland", "Wales", "Northern Ireland",
    "America", "Europe", "Asia", "Africa", "Latin America", "Middle East", "Gaza", "West Bank", "Crimea", "Kashmir",
    "DPRK", "UAE", "Burma", "Holland", "Ivory Coast", "Czech Republic", "Vatican", "London", "Paris", "Beijing",
    "Moscow", "Tokyo", "Berlin", "Brussels", "Tehran", "Baghdad", "Kabul", "Islamabad", "Jerusalem", "Tel Aviv",
    "Cairo", "Ankara", "Istanbul", "Damascus", "Aleppo", "Mosul", "Seoul", "Pyongyang", "New Delhi", "Mumbai",
    "Democratic People 's Republic of Korea", "People 's Republic of China", "New York City", "Los Angeles",
    "San Francisco", "Chicago", "Hollywood",
)  # fmt: skip
_ORGANIZATIONS = (
    "AP", "Associated Press", "AFP", "Agence France-Presse", "Reuters", "Xinhua", "Bloomberg", "UPI", "BBC", "CNN",
    "NBC", "CBS", "ABC News", "NBC News", "CBS News", "Fox News", "Al Jazeera", "New York Times", "Washington Post",
    "Wall Street Journal", "Los Angeles Times", "Guardian", "UN", "U.N.", "United Nations", "UN Security Council",
    "Security Council", "EU", "European Union", "European Commission", "NATO", "OPEC", "OSCE", "IMF", "WHO", "UNICEF",
    "UNESCO", "UNHCR", "World Bank", "World Health Organization", "Red Cross", "African Union", "Arab League",
    "Amnesty International", "Human Rights Watch", "FBI", "CIA", "NSA", "NASA", "FDA", "Pentagon", "Congress",
    "U.S. Congress", "Senate", "House of Representatives", "Supreme Court", "Kremlin", "State Department",
    "Justice Department", "Islamic State", "ISIS", "ISIL", "al-Qaeda", "Al-Qaeda", "Taliban", "Hamas", "Hezbollah",
    "Boko Haram", "Google", "Facebook", "Twitter", "Microsoft", "YouTube", "Instagram", "WhatsApp", "Samsung",
    "Toyota", "Boeing", "Airbus", "SpaceX", "FIFA", "UEFA", "NFL", "NBA",
)  # fmt: skip

_EVENTS = (
    "World War I", "World War II", "Super Bowl", "World Cup", "Olympics", "Winter Olympics", "Summer Olympics",
    "Brexit", "Christmas", "Thanksgiving", "Easter", "Halloween", "Ramadan", "New Year", "New Year 's Eve",
    "New Year 's Day",
)  # fmt: skip


@cache
def known_names() -> Mapping[str, str]:
    """The label of each known name, its tokens set apart by spaces.

    >>> known_names()["France"], known_names()["Reuters"]
    ('place', 'organization')
    """
    places = gazetteer().usual_names(("country",)) | gazetteer().usual_names(("region",), country="US")
    labels = dict.fromkeys(sorted({*places, *_MORE_PLACES} - _AMBIGUOUS), "place")
    return labels | dict.fromkeys(_ORGANIZATIONS, "organization") | dict.fromkeys(_EVENTS, "event")


@cache
def towns() -> frozenset[str]:
    """Names of towns of more than 15,000 inhabitants; many are also names of people and things.

    >>> "Duisburg" in towns()
    True
    """
    return gazetteer().usual_names(("town",))
