"""Triggers that the tagger may propose and the text rules out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from extractors.events.labels import PLAIN
from extractors.tree import label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

    from ekg.time import TimeMention
    from extractors.events.found import FoundEvent

_NEVER = word_set(
    """
    be is are was were been being am has have had do does did will would can could may might must shall should
    the a an and or but if of in on at by for with from to as it he she they we you i this that there here not
    no yes according including such
    """
)


_PARTICLES = frozenset({"ADP", "ADV", "PART"})
_LOOSE = word_set("a an the of to in on at by for with and or , . - ' \" his her its their our my your")


def tidied(found: Sequence[FoundEvent], words: Sequence[Token]) -> list[FoundEvent]:
    """Triggers without articles, prepositions and marks at their edges; the halves of "break-up" become one."""
    kept: list[FoundEvent] = []
    for event in found:
        start, end = event.start, event.end
        while end - start > 1 and words[end - 1].lower_ in _LOOSE:
            end -= 1
        while end - start > 1 and words[start].lower_ in _LOOSE:
            start += 1
        if event.type != PLAIN and words[start].pos_ == "VERB":
            end = _with_particles(words, start, end)
        while end - start > 1 and _introduces(words[end - 1]):
            end -= 1
        verb = words[start].head
        if label(words[start]) == "compound" and words[start].pos_ == "ADP" and start and words[start - 1].i == verb.i:
            start -= 1
        event = replace(event, start=start, end=end)
        if kept and start < kept[-1].end:
            continue
        if kept and _hyphenated(words, kept[-1].end, start):
            kept[-1] = replace(kept[-1], end=end)
        elif kept and _modifies(words, kept[-1], event):
            kept[-1] = replace(event, start=kept[-1].start)
        else:
            kept.append(event)
    return kept


def _with_particles(words: Sequence[Token], start: int, end: int) -> int:
    """Where a typed verb's trigger ends: "step out" is one, but of "gain influence" only the verb tells the type."""
    after = start + 1
    while after < end and words[after].pos_ in _PARTICLES:
        after += 1
    return after


def _introduces(word: Token) -> bool:
    """Whether a word is the preposition of what follows: "get into the car", but not "the car was pulled over"."""
    return word.pos_ == "ADP" and label(word) == "case" and word.head.i > word.i


def _modifies(words: Sequence[Token], before: FoundEvent, event: FoundEvent) -> bool:
    """Whether an event without a type only says which other one follows: "drunk driving"."""
    last = words[before.end - 1]
    inside = {word.i for word in words[event.start : event.end]}
    return (
        before.type == event.type == PLAIN
        and before.end == event.start
        and before.confidence >= _PLAIN
        and (label(last) == "compound" or (label(last) == "amod" and last.pos_ == "ADJ"))
        and last.head.i in inside
        and all(word.pos_ in {"NOUN", "PROPN", "VERB"} for word in words[event.start : event.end])
    )


def _hyphenated(words: Sequence[Token], end: int, start: int) -> bool:
    """Whether a hyphen without blanks joins the word before ``end`` and the word at ``start``."""
    return (
        start == end + 1
        and words[end].text in {"-", "‐", "‑"}
        and not (words[end - 1].whitespace_ or words[end].whitespace_)
    )


_TYPED_ONLY = word_set("be is are was were been 's there do did does done because since why up out off down together")
"""Function words that trigger an event only where the tagger knows its type: "there are", "do so", "because of"."""

_STATES = word_set(
    """
    want need like love hate ready prefer mean seem think believe know feel deserve belong exist own lack matter able
    unable way thing lot kind part time fact case reason look thank wish
    contain represent vary differ range resemble consist fit rely tend include understand enjoy
    """
)
_NO_EVENTS = word_set(
    """
    accommodation account accuracy ad addiction admiration advantage advertising affiliation agenda aim air
    ambition amount analogy analyst anxiety appetite application archive article aspect attention attire attitude
    availability awareness background bar barrier behalf behavior behaviour believer bell benefit bias bit bowl
    broker business capability capacity care career casino catalyst caution chagrin champion chance chaos charm
    circumstance citizenship clarity class coalition cockpit compliance conclusion condition confidence connection
    consequence content contract coordination copyright corruption cost courage course coverage credential critic
    crown cryptocurrency culture curse danger data date debt degree density desire destination detail
    device difference dignity dimension direction discrepancy diversity document door doubt drivel dugout dynamic
    economics economy ecosystem eddy edge effect email emotion energy equipment error estimate ethics evening
    evidence excitement excuse expertise eye facilitator fare favor feature feeling fiction field flag flame flavor
    focus foot form fortune freedom frustration fun function fury future gameplay gesture ghost glamour goal
    greyscale guidance guise hand handgun happiness hardship hardware head health heart heartbeat heat heritage
    hint history horror hospital humor hurdle hypocrisy idea identity image impact implication importance
    impression income inconvenience industry inflation information ingredient inning input insight instinct
    integrity intention interest intermediary interpretation issue jewel joke joy justice key knowledge
    labor launchpad layout lead leadership lens lesson level leverage license life lifeline lifetime limit line list
    lover loyalty luck magic majority margin market mass matter maturity meal media memory mentality merit message
    meteor method metric mind minority miracle misconduct mobility model moment money mood morning motivation
    motive music mystery myth network news night nightmare number object obstacle odds ointment option orbit origin
    outcome outlook oxygen pace pain paradigm passion pattern payoff peace pennant percent percentage peril
    perspective phenomenon philosophy photo picture poison poker policy population portion possibility
    posture power preference prestige price pride priority prize problem procedure product programming propensity
    property protocol prototype proximity psychology purpose quality quasar question radio range rank rate ratio
    reality realm regime relation relationship repertoire reputation respect rest restraint revenue rhetoric role
    rope rule safety scanner scenario scene science scope score seat secrecy secret security seed sense sentiment
    setting shadow shoulder side sight signature significance single situation skepticism software solidarity song
    soul soundtrack spirit sport stability stake stance standard state station status stock story strategy streak
    stress stretcher style substance sum surface symbol sympathy system table talent taste tech technique
    technology telegram temperament temperature tendency tenure term theme theory thrust ticket tie title tone tool
    topic trait trajectory treasure trend trophy trouble trove trust truth uncertainty unknown up urgency value
    variety velocity version victim video view virtue visibility vision voice void warmth way weakness wealth
    weather website weight whistle willingness winner wire wisdom word worth wrinkle wrongdoing
    """
)
_RESULTS = word_set(
    """
    dead alive missing guilty unbeaten undefeated unharmed unhurt unscathed injured wounded hurt ill sick pregnant
    bankrupt homeless stranded trapped unconscious safe drunk
    """
)
"""Adjectives that tell what came of somebody or something; others are judgements, feelings and qualities."""
_NAMING = word_set("call dub name title entitle nickname christen")
_APPARATUS = word_set("pad vehicle rocket provider system facility capsule button ticket complex")
_STATE_ENDINGS = ("ness", "ship", "hood", "ology", "ography", "ibility", "ability", "archy", "ocracy")
_PLAIN = 0.4
"""Confidence from which a word without a type is a trigger by itself; below it, only as an echo of another one."""
_CLOSED = frozenset({"ADP", "ADV", "PART", "DET", "PRON", "CCONJ", "SCONJ", "AUX", "NUM"})
_EVENTIVE = frozenset({"NOUN", "VERB", "X"})
_CERTAIN = 0.9
_SURE = 0.85
_LIKELY = 0.7
_EVEN = 0.5


def may_happen(head: Token, confidence: float) -> bool:
    """Whether a trigger without a type is worth keeping: a verb or noun that is no mere state; else only a sure one."""
    lemma = head.lemma_.lower()
    if lemma in _STATES:
        return False
    if head.pos_ == "NOUN" and (lemma in _NO_EVENTS or lemma.endswith(_STATE_ENDINGS)):
        return False
    if label(head) == "amod" and confidence < _SURE:
        return False
    if head.pos_ == "NOUN" and label(head) == "compound" and head.head.i > head.i and confidence < _SURE:
        return False
    if head.pos_ == "PROPN":
        return confidence >= (_SURE if head.ent_type_ == "event" else _EVEN) and head.ent_type_ in {"", "event"}
    if head.pos_ == "ADJ":
        # A result that is told, as in "was found dead", "remain unbeaten"; "fatal" only describes what follows.
        return confidence >= (_LIKELY if lemma in _RESULTS else _CERTAIN) and label(head) != "amod"
    return head.pos_ in _EVENTIVE


_FORMULAE = frozenset(
    {
        "thank you",
        "go ahead",
        "stand by",
        "say again",
        "excuse me",
        "you know",
        "i mean",
        "i guess",
        "come in",
        "hold on",
    }
)


def _is_formula(word: Token) -> bool:
    """Whether a word belongs to a phrase of talk that tells nothing ("Go ahead."); "it will go ahead" does tell."""
    if word.lemma_.lower() == "say" and word.i > 1 and word.nbor(-2).lower_ == "let":
        return True  # "let's say"
    if word.pos_ == "VERB" and any(label(child) in {"nsubj", "aux"} for child in word.children if child.lower_ != "i"):
        return False
    after = word.nbor().lower_ if word.i + 1 < len(word.doc) else ""
    before = word.nbor(-1).lower_ if word.i else ""
    return f"{word.lower_} {after}" in _FORMULAE or f"{before} {word.lower_}" in {"you know", "i mean", "i guess"}


def _only_names(word: Token) -> bool:
    """Whether a participle gives what stands before it a name: "a coin called XRP", "the iceberg, dubbed B-44"."""
    if word.lemma_.lower() not in _NAMING or word.tag_ not in {"VBN", "VBD"} or word.i + 1 >= len(word.doc):
        return False
    after = next((other for other in word.doc[word.i + 1 : word.i + 3] if other.is_alpha or other.is_digit), None)
    subject = any(label(child).startswith("nsubj") and child.pos_ in {"PRON", "PROPN"} for child in word.children)
    return after is not None and not subject and (after.pos_ == "PROPN" or after.text[:1].isupper())


_NAMED_EVENTS = word_set("war battle revolution massacre uprising")
"""What happens also where its name was taken for that of a place or a person: "the Gulf War"."""


def is_spurious(words: Sequence[Token], times: Sequence[TimeMention], *, typed: bool) -> bool:
    """Whether a trigger is a function word, has no letters, is part of a name, or is a time.

    A word in an organisation's name may tell of an event only where the tagger is sure of its type ("World War II").
    """
    if not any(char.isalpha() for word in words for char in word.text):
        return True
    closed = words[0].lower_ in _NEVER or words[0].pos_ in _CLOSED
    if len(words) == 1 and closed and not (typed and words[0].lower_ in _TYPED_ONLY):
        return True
    if _is_formula(words[-1]):
        return True
    if not typed and label(words[-1]) == "compound" and words[-1].head.lemma_.lower() in _APPARATUS:
        return True  # a launch pad launches nothing yet
    if not typed and _only_names(words[-1]):
        return True
    names = {"person", "place"} if typed else {"person", "place", "organization"}
    if all(word.ent_type_ in names for word in words) and not (typed and words[-1].lower_ in _NAMED_EVENTS):
        return True
    start, end = words[0].idx, words[-1].idx + len(words[-1].text)
    return any(time.span[0] <= start and end <= time.span[1] for time in times)
