"""What a tagged argument spans: the phrase of its head, with neither half a compound nor a clause about it.

The tagger decides word by word. It may stop at "the Red" of "the Red Planet" or run on into "the filters that"; the
tree says where the phrase begins and ends. Clausal arguments ("said that …") keep their clause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from extractors.events.found import FoundArgument, FoundEvent
from extractors.tree import ancestors, head_of, label
from extractors.words import word_set

if TYPE_CHECKING:
    from spacy.tokens import Token

    from extractors.sentences import Sentence

_INNER = word_set("det amod compound nummod flat fixed")
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ"})
_GROWTH = 5
_ABOUT = frozenset({"acl", "advcl", "ccomp", "parataxis", "csubj"})
"""Labels of clauses that only tell more about a noun."""
_HYPHENS = frozenset({"-", "‐", "‑"})
_DASHES = frozenset({"-", "–", "—", "--", "(", "[", ";", ":"})
_CORE = frozenset({"nsubj", "obj", "iobj", "ccomp", "xcomp", "csubj"})
_RELATIVE = word_set("that which who whom whose where when")


def whole_phrases(event: FoundEvent, sentence: Sentence) -> list[FoundArgument]:
    """Tagged stretches as phrases: completed, joined where they meet in one role, and cut before clauses.

    A phrase never grows over the trigger or by more than ``_GROWTH`` words.
    """
    grown: list[FoundArgument] = []
    for tagged in _quotes_closed(_names_whole(event.arguments, sentence), sentence):
        start, end = _completed(tagged, event, sentence)
        if grown and grown[-1].role == tagged.role and start < grown[-1].end:
            before = grown.pop()
            weight = before.end - before.start
            confidence = (before.confidence * weight + tagged.confidence * (end - start)) / (weight + end - start)
            tagged = FoundArgument(before.start, max(before.end, end), tagged.role, round(confidence, 4))
        elif grown and start < grown[-1].end:
            start = grown[-1].end
            if start >= end:
                continue
            tagged = FoundArgument(start, end, tagged.role, tagged.confidence)
        else:
            tagged = FoundArgument(start, end, tagged.role, tagged.confidence)
        grown.append(tagged)
    return [_without_clauses(tagged, event, sentence) for tagged in grown]


def noun_phrase(at: int, event: FoundEvent, sentence: Sentence) -> tuple[int, int]:
    """The phrase of the noun at a place of the sentence, with its "of …", without clauses and without the trigger."""
    head = sentence.words[at]
    place = sentence.position()
    parts = [child for child in head.children if _inner(child) or (label(child) == "nmod" and _is_of(child))]
    parts += [child for child in head.children if label(child) == "conj" and child.pos_ in _NOMINAL]
    inside = {place[word.i] for part in parts for word in part.subtree if word.i in place} | {at}
    start = end = at
    while start - 1 in inside and start - 1 not in range(event.start, event.end):
        start -= 1
    while end + 1 in inside and end + 1 not in range(event.start, event.end):
        end += 1
    whole = _without_clauses(FoundArgument(start, end + 1, "", 1.0), event, sentence)
    return _hyphens_whole(whole.start, whole.end, sentence.words, range(event.start, event.end))


def _is_of(noun: Token) -> bool:
    return any(label(child) == "case" and child.lower_ == "of" for child in noun.children)


def _names_whole(arguments: Sequence[FoundArgument], sentence: Sentence) -> list[FoundArgument]:
    """Arguments that hold a name whole or not at all: the one with the name's last word gets it."""
    spans = [[tagged.start, tagged.end] for tagged in arguments]
    for start, end in _names(sentence):
        owner = next((i for i, (first, after) in enumerate(spans) if first < end <= after), None)
        for i, span in enumerate(spans):
            if i == owner:
                span[0] = min(span[0], start)
            elif span[0] < end and span[1] > start and owner is not None:
                span[0], span[1] = (span[0], start) if span[0] < start else (end, max(end, span[1]))
    return [
        FoundArgument(first, after, tagged.role, tagged.confidence)
        for tagged, (first, after) in zip(arguments, spans, strict=True)
        if after > first
    ]


def _names(sentence: Sentence) -> list[tuple[int, int]]:
    """Places of the named entities of a sentence."""
    found: list[tuple[int, int]] = []
    for place, word in enumerate(sentence.words):
        if word.ent_iob_ == "I" and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        elif word.ent_iob_ in {"B", "I"}:
            found.append((place, place + 1))
    return found


def _quotes_closed(arguments: Sequence[FoundArgument], sentence: Sentence) -> list[FoundArgument]:
    """Arguments cut after a quotation that ends inside them: what follows says who spoke."""
    result = []
    for tagged in arguments:
        end = tagged.end
        for place in range(tagged.start + 1, tagged.end):
            before, mark = sentence.words[place - 1].text, sentence.words[place].text
            if mark == "”" or (mark in {'"', "''"} and before[-1] in ",.!?…"):
                end = place + 1
                break
        result.append(FoundArgument(tagged.start, end, tagged.role, tagged.confidence))
    return result


def _completed(tagged: FoundArgument, event: FoundEvent, sentence: Sentence) -> tuple[int, int]:
    place = sentence.position()
    trigger = range(event.start, event.end)
    start, end = _hyphens_whole(tagged.start, tagged.end, sentence.words, trigger)
    for _ in range(3):
        head = head_of(sentence.words[start:end])
        last = sentence.words[end - 1]
        above = place.get(head.head.i)
        onward = place.get(last.head.i)
        if _inner(head) and above is not None and above not in trigger and head.head.pos_ in _NOMINAL:
            if start <= above < end:
                break
            wider = (min(start, above), max(end, above + 1))
        elif _inner(last) and onward is not None and onward >= end and last.head.pos_ in _NOMINAL:
            # "effects of our addled" lacks "society".
            wider = (start, onward + 1)
        else:
            left = [place[child.i] for child in head.children if _inner(child) and child.i in place]
            wider = (min([start, *left]), max([end, *(other + 1 for other in left)]))
        if wider == (start, end) or wider[1] - wider[0] > end - start + _GROWTH:
            break
        if any(spot in range(*wider) and spot not in range(start, end) for spot in trigger):
            break
        start, end = wider
    return start, end


def _hyphens_whole(start: int, end: int, words: Sequence[Token], trigger: range) -> tuple[int, int]:
    """A stretch with the other halves of the hyphenated words at its edges."""
    while (
        start >= 2
        and words[start - 1].text in _HYPHENS
        and not _blank_around(words, start - 1)
        and start - 2 not in trigger
    ):
        start -= 2
    while (
        end + 1 < len(words)
        and words[end].text in _HYPHENS
        and not _blank_around(words, end)
        and end + 1 not in trigger
    ):
        end += 2
    return start, end


def _blank_around(words: Sequence[Token], hyphen: int) -> bool:
    return bool(words[hyphen - 1].whitespace_ or words[hyphen].whitespace_)


def _without_clauses(tagged: FoundArgument, event: FoundEvent, sentence: Sentence) -> FoundArgument:
    """The phrase of the stretch's main word; a noun phrase is cut before a relative clause or a remark in dashes.

    The left end moves only where the tree makes the main word a participant of the trigger itself.
    """
    words = sentence.words[tagged.start : tagged.end]
    while len(words) > 1 and (words[-1].lower_ in _RELATIVE or words[-1].pos_ == "PUNCT"):
        words = words[:-1]
    trigger_head = head_of(sentence.words[event.start : event.end])
    trigger = {word.i for word in sentence.words[event.start : event.end]}
    if any(word.i in trigger for word in words):
        return tagged
    place = {word.i: number for number, word in enumerate(words)}
    roots = [word for word in words if word.head.i not in place or word.head.i == word.i]
    direct = [word for word in roots if word.head.i in trigger and label(word) in _CORE]
    upwards = {trigger_head.i, *(word.i for word in ancestors(trigger_head))}
    main = roots[0] if roots[0].i in upwards else (direct or roots)[0]
    own = [number for number, word in enumerate(words) if _hangs_on(word, main, place)]
    clause = any(_complements(word) for word in roots if word.head.i in trigger) or _is_clause(main)
    left, cut = min(own) if direct else 0, len(words)
    if main.pos_ in _NOMINAL and not clause:
        cut = _phrase_end(words, main, place, own)
    start, end = _hyphens_whole(tagged.start + left, tagged.start + cut, sentence.words, range(event.start, event.end))
    return FoundArgument(start, end, tagged.role, tagged.confidence)


def _phrase_end(words: Sequence[Token], main: Token, place: Mapping[int, int], own: Sequence[int]) -> int:
    """Where the phrase of a noun ends in a stretch: before a clause, a remark, or what hangs on another word."""
    at, cut = place[main.i], len(words)
    for child in main.children:
        number = place.get(child.i)
        remark = label(child) in _ABOUT or (label(child) == "appos" and _is_set_off(child))
        if number is not None and number > at and remark:
            cut = min(cut, min(place[word.i] for word in child.subtree if word.i in place))
    for number in range(at + 1, cut):
        word = words[number]
        opens = word.text in _DASHES and (words[number - 1].whitespace_ or word.text in "([;:")
        foreign = number not in own and word.pos_ != "PUNCT" and not _inner(word) and word.ent_iob_ != "I"
        if opens or foreign:
            return number
    return max(at + 1, cut)


def _complements(word: Token) -> bool:
    """Whether a word heads a clause that completes the trigger ("told the men to leave")."""
    to_do = label(word) == "advcl" and word.tag_ == "VB" and any(child.lower_ == "to" for child in word.children)
    return label(word) in {"xcomp", "ccomp"} or to_do


def _is_clause(word: Token) -> bool:
    """Whether a noun or adjective is the predicate of a clause: with a copula or a subject of its own."""
    return any(label(child) in {"cop", "nsubj", "csubj", "aux"} for child in word.children)


def _is_set_off(child: Token) -> bool:
    """Whether a comma parts an apposition from its noun."""
    return any(mark.text == "," and mark.i < child.i for mark in child.children) or (
        child.left_edge.i > 0 and child.left_edge.nbor(-1).text == ","
    )


def _hangs_on(word: Token, head: Token, place: Mapping[int, int]) -> bool:
    """Whether a word of the stretch belongs to the head's phrase, by a way up that stays in the stretch."""
    here = word
    while here.i != head.i:
        if here.head.i == here.i or here.head.i not in place:
            return False
        here = here.head
    return True


def _inner(token: Token) -> bool:
    """Whether a word only modifies the noun it hangs on."""
    return label(token) in _INNER or token.dep_ == "nmod:poss"
