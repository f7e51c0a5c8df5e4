"""Entities of a document: names that mean the same, and the pronouns and common nouns that safely refer to them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ekg.ids import entity_id, normal_name
from ekg.model import CharSpan, Document, Entity
from extractors.coreference.antecedents import by_weights, read_weights, resolve_pronouns
from extractors.coreference.groups import Group, group_names
from extractors.coreference.index import EntityIndex
from extractors.coreference.quotes import Quote, find_quotes, quote_at, speaker_turns
from extractors.coreference.referents import mentions_of
from extractors.coreference.words import FIRST
from extractors.linking.link_table import Linker, LinkTable
from extractors.linking.toponyms import NamedPlace, country_of_site, resolve_places
from extractors.names import name_key

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from ekg.model import Geo
    from extractors.sentences import Sentence


def find_entities(
    document_id: str,
    doc: Doc,
    sentences: Sequence[Sentence],
    document: Document | None = None,
    links: LinkTable | None = None,
) -> EntityIndex:
    """Group the named mentions of the sentences by name, add safe references, and tell where the places are.

    Args:
        document_id: on which the entities' ids depend.
        doc: the parsed document.
        sentences: what is read of it; names elsewhere are left out.
        document: its source, for the speakers of a transcript and the country of the publication.
        links: the user's table of what is the same elsewhere.

    Raises:
        MissingError: the weights of coreference are missing.
    """
    text = sentences[0].text if sentences else ""
    inside = {word.i for sentence in sentences for word in sentence.words}
    groups = group_names(doc, inside, text)
    turns = _speaker_groups(document, groups) if document is not None else []
    mentions = mentions_of(sentences, groups)
    for seen in (seen for here in mentions for seen in here):
        if seen.kind == "nominal" and seen.referent.group is not None:
            seen.referent.group.references.append((seen.start, seen.head.idx + len(seen.head.text)))
    quotes = find_quotes(sentences)
    pronouns: set[CharSpan] = set()
    by_word: dict[int, Group] = {}
    for link in resolve_pronouns(sentences, mentions, quotes, by_weights(read_weights())):
        if link.option.referent.group is not None:
            by_word[link.pronoun.token.i] = link.option.referent.group
            _refer(link.option.referent.group, link.pronoun.token, pronouns)
    for word, group in _first_persons(sentences, quotes, turns, groups, by_word):
        _refer(group, word, pronouns)
    spoken = [group for _, group in turns]
    told = sorted(dict.fromkeys([*groups, *spoken]), key=_first_span)
    linker = Linker(links, text) if links is not None else None
    return EntityIndex(_entities(document_id, told, text, document, linker), pronouns)


def _refer(group: Group, word: Token, pronouns: set[CharSpan]) -> None:
    span = (word.idx, word.idx + len(word.text))
    group.references.append(span)
    pronouns.add(span)


def _first_span(group: Group) -> CharSpan:
    return min(group.mentions or group.references or [(0, 0)])


def _speaker_groups(document: Document, groups: Sequence[Group]) -> list[tuple[CharSpan, Group]]:
    """The turns of a transcript with who speaks: a person whom the text names, or a new one."""
    turns: list[tuple[CharSpan, Group]] = []
    found: dict[str, Group] = {}
    persons = [group for group in groups if group.type == "person"]
    for span, speaker in speaker_turns(document.segments):
        key = name_key(speaker)
        if key not in found:
            same = [g for g in persons if key in {name_key(name) for name in g.names}]
            part = [g for g in persons if any(key in name_key(name).split() for name in g.names)]
            near = same or (part if " " not in key else [])
            if len(near) == 1:
                found[key] = near[0]
            else:
                found[key] = Group(key, "person")
            found[key].names[speaker] += 1
        if document.text.startswith(speaker, span[0]):
            found[key].mentions.append((span[0], span[0] + len(speaker)))
        turns.append((span, found[key]))
    return turns


def _first_persons(
    sentences: Sequence[Sentence],
    quotes: Sequence[Quote],
    turns: Sequence[tuple[CharSpan, Group]],
    groups: Sequence[Group],
    by_word: dict[int, Group],
) -> Iterator[tuple[Token, Group]]:
    """ "I" and its forms with the speaker: of the quotation around it, else of the turn."""
    named = sorted((span, group) for group in groups for span in group.mentions)
    spans = [span for span, _ in named]
    starts = [span[0] for span, _ in turns]
    for sentence in sentences:
        for word in sentence.words:
            if word.lower_ not in FIRST:
                continue
            quote = quote_at(quotes, word.idx)
            if quote is None:
                place = bisect_right(starts, word.idx) - 1
                if place >= 0 and word.idx < turns[place][0][1]:
                    yield word, turns[place][1]
            elif quote.speaker is not None:
                place = bisect_right(spans, (quote.speaker.idx, len(sentence.text))) - 1
                group = by_word.get(quote.speaker.i)
                if place >= 0 and quote.speaker.idx < spans[place][1]:
                    group = named[place][1]
                if group is not None and group.type == "person":
                    yield word, group


def _entities(
    document_id: str, groups: Sequence[Group], text: str, document: Document | None, linker: Linker | None
) -> list[Entity]:
    names = {id(group): _best_name(group) for group in groups}
    places = [
        NamedPlace(str(place), (names[id(group)], *sorted(group.names)), tuple(sorted(set(group.mentions))))
        for place, group in enumerate(groups)
        if group.type == "place"
    ]
    persons = [name for group in groups if group.type == "person" for name in group.names]
    country = country_of_site(document.publisher, document.url) if document is not None else None
    geos = resolve_places(places, text, persons=persons, country=country)
    made: dict[str, Entity] = {}
    for place, group in enumerate(groups):
        if group.mentions or group.references:
            _add(made, document_id, names[id(group)], group, geos.get(str(place)))
    found = sorted(made.values(), key=lambda entity: (entity.mentions or entity.references)[0])
    if linker is None:
        return found
    forms = {identity: sorted({" ".join(text[a:b].split()) for a, b in made[identity].mentions}) for identity in made}
    return [replace(one, same_as=linker.link((one.name, *forms[one.id]), one.type)) for one in found]


def _best_name(group: Group) -> str:
    return max(group.names, key=lambda text: (len(normal_name(text)), group.names[text], text))


def _add(made: dict[str, Entity], document_id: str, name: str, group: Group, geo: Geo | None) -> None:
    """Add an entity, or add to the one that has the same place on earth or a name that folds to the same."""
    known = next((e.id for e in made.values() if geo is not None and e.geo is not None and e.geo.iri == geo.iri), None)
    identity = known or entity_id(document_id, name)
    before = made.get(identity)
    mentions = set(group.mentions)
    references = set(group.references)
    if before is not None:
        mentions |= set(before.mentions)
        references |= set(before.references)
    made[identity] = Entity(
        id=identity,
        type=before.type if before else group.type,
        name=before.name if before else name,
        mentions=tuple(sorted(mentions)),
        references=tuple(sorted(references - mentions)),
        geo=before.geo if before and before.geo else geo,
    )
