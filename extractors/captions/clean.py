"""Markup, entities, speakers and sound descriptions out of a cue's lines."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable

_TAG = re.compile(
    r"</?[A-Za-z](?:[^<>\n]{0,300})>|<\d[\d:.,]{0,15}>|</>"  # WebVTT, HTML
    r"|\{\\[^{}\n]{0,300}\}|\{[A-Za-z]:[^{}\n]{0,80}\}"  # ASS and MicroDVD overrides
)
_RUBY = re.compile(r"<rt>[^<]*</rt>|<rt>[^<]*$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>\n]{1,120})>")
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F)])
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_SPACE = re.compile(r"[^\S\n]+")
_NOTES = re.compile(r"[♪♫♬♩]+|(?<!\S)#(?=\s)|(?<=\s)#(?!\S)")
_TURN = re.compile(r"^\s*(?:(?P<chevron>(?:>|»){2,3})|(?P<dash>[-–—‐]+)(?=\s*[^\s\d>-]))\s*")
_UPPER = re.compile(r"(?P<name>[^\W\d_a-z][^\n:.!?\[\](){}a-z]{0,38}?(?: ?\([^()\n]{1,30}\))?):(?=\s|$)(?!//)")
_TITLE = re.compile(
    r"(?P<name>(?:(?:Dr|Mr|Mrs|Ms|Prof|St|Sen|Gov|Rev|Gen)\.? )?[^\W\d_a-z][\w'’.\-]{0,25}"
    r"(?: (?:[^\W\d_a-z][\w'’.\-]{0,25}|\d{1,3}|of|de|van|von|der|la|al|bin|the)){0,4}"
    r"(?: ?\([^()\n]{1,30}\))?):(?=\s|$)(?!//)"
)
_BRACKETED = re.compile(r"[\[(](?P<name>[^\W\d_a-z][^\n\[\](){}:]{0,38})(?:\]:|\):|:\]|:\))\s*")
_SQUARE = re.compile(r"\[[^\[\]\n]{0,120}\]")
_ROUND = re.compile(r"\([^()\n]{0,120}\)")
_STAR = re.compile(r"\*[^*\n]{2,60}\*")
_SOUND_WORDS = """
    music musique musik applause laughter laughs laughing laugh chuckles chuckling cheering cheers crowd sighs sigh
    sobbing crying cries gasps coughs coughing silence inaudible indistinct unintelligible crosstalk blank_audio noise
    foreign siren sirens gunshot gunshots gunfire explosion explosions door phone bell bells beep beeping static
    chatter shouting screaming screams barking birds wind thunder footsteps engine whirring humming singing sings
    theme upbeat dramatic playing pause whistle whistles clapping background sound sounds speaking speaks
    translated interpreter"""
_SOUNDS = frozenset(_SOUND_WORDS.split())
_LABEL_WORDS = """
    note warning caution question answer remember today tomorrow yesterday step update source subtitles captions
    translation http https example result results reason conclusion important attention tip fact summary time
    date ps edit but
    and so because first second third finally also then now here there this that quote correction breaking"""
_NOT_NAMES = frozenset(_LABEL_WORDS.split())


def clean_lines(lines: Iterable[str], repairs: Counter[str]) -> list[tuple[str | None, str]]:
    """Lines without markup and entities, each with the voice (``<v Name>``) that speaks it.

    >>> clean_lines(["<v Ana><i>Tom &amp; I</i></v>"], Counter())
    [('Ana', 'Tom & I')]
    """
    cleaned: list[tuple[str | None, str]] = []
    voice: str | None = None
    for raw in lines:
        source = raw.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
        for line in source.split("\n"):
            pieces = _VOICE.split(_RUBY.sub("", line))
            for number, piece in enumerate(pieces):
                if number % 2:
                    voice = _unescape(piece, repairs).strip() or None
                    continue
                text = _SPACE.sub(" ", _unescape(_TAG.sub("", piece), repairs).translate(_INVISIBLE)).strip()
                if text:
                    cleaned.append((voice, text))
                if "</v>" in piece:
                    voice = None
    return cleaned


def _unescape(text: str, repairs: Counter[str]) -> str:
    if "&" not in text:
        return text
    plain = html.unescape(text)
    if _ENTITY.search(plain):
        repairs["double_entity"] += 1
        plain = html.unescape(plain)
    return plain.replace("\xa0", " ")


def _is_sound(bracketed: str) -> bool:
    """Whether brackets hold a sound description: in capitals, or beginning or ending with a word for a sound."""
    inner = bracketed[1:-1]
    words = re.findall(r"\w+", inner.lower())
    letters = [c for c in inner if c.isalpha()]
    shouted = bracketed[0] == "[" and bool(letters) and all(c.isupper() for c in letters)
    return not words or shouted or bool(_SOUNDS.intersection(words[:1] + words[-1:]))


def drop_sounds(line: str, repairs: Counter[str]) -> str:
    """The line without sound descriptions and music notes; speech in brackets stays.

    >>> drop_sounds("[Applause] Thank you (laughs) all [of you]", Counter())
    'Thank you all [of you]'
    """
    if not any(mark in line for mark in "[(*♪♫♬♩#"):
        return line

    for pattern in (_SQUARE, _ROUND, _STAR):
        whole = not _NOTES.sub("", pattern.sub("", line)).strip(" -–—>.,")
        pieces: list[str] = []
        end = 0
        for match in pattern.finditer(line):
            if whole or _is_sound(match[0]):
                repairs["sound"] += 1
                pieces.append(line[end : match.start()] + " ")
                end = match.end()
        line = "".join(pieces) + line[end:]
    plain = _NOTES.sub(" ", line)
    if plain != line and not plain.strip():
        repairs["sound"] += 1
    return re.sub(r" +([,.;!?])", r"\1", _SPACE.sub(" ", plain).strip())


def speaker_label(line: str, *, marked: bool = False) -> tuple[str, str, bool] | None:
    """The speaker that a line begins with: name, the rest of the line, and whether the form alone is proof.

    Capitals before a colon, a bracketed name with a colon, and any name after ``>>`` or a dash are proof;
    "Mary: hello" is one only if the file has such labels more than once, for "Result: none" looks the same.

    >>> speaker_label("ANNA BERG: Good evening."), speaker_label("Anna: Hello"), speaker_label("Note: none")
    (('ANNA BERG', 'Good evening.', True), ('Anna', 'Hello', False), None)
    """
    match = _BRACKETED.match(line)
    if match is not None:
        return match["name"].strip(), line[match.end() :].strip(), True
    for pattern, proof in ((_UPPER, True), (_TITLE, False)):
        match = pattern.match(line)
        if match is None:
            continue
        name = match["name"].strip()
        if name.casefold() in _NOT_NAMES or name.casefold().split()[0] in {"http", "https"} or len(name.split()) > 6:
            return None
        sure = proof and sum(c.isalpha() for c in name) >= 2
        several = len(name.split()) > 1 and name.split()[0].casefold() not in _NOT_NAMES
        return name, line[match.end() :].strip(), sure or several or marked
    return None


def turn_mark(line: str) -> tuple[str | None, str]:
    """The mark of a change of speaker (``>>`` or ``-``) and the rest of the line.

    >>> turn_mark(">> Thank you."), turn_mark("- No."), turn_mark("-5 degrees")
    (('>>', 'Thank you.'), ('-', 'No.'), (None, '-5 degrees'))
    """
    match = _TURN.match(line)
    if match is None:
        return None, line
    return (">>" if match["chevron"] else "-"), line[match.end() :].strip()
