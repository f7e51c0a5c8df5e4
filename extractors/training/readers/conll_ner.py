"""Named entities in CoNLL columns: wikigold (Wikipedia) and WNUT17 (social text)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ekg.errors import DataError
from extractors.training.readers.annotated import AnnotatedDoc, Mention, Sentence, Token
from extractors.training.readers.conllu import open_text

WIKIGOLD_LABELS: Mapping[str, str] = {"PER": "person", "ORG": "organization", "LOC": "place", "MISC": "other"}
WNUT_LABELS: Mapping[str, str] = {
    "person": "person",
    "corporation": "organization",
    "group": "organization",
    "location": "place",
    "product": "other",
    "creative-work": "other",
}

_EVENT_HEADS = re.compile(
    r"\b(?:wars?|battle|games|olympics|cup|championships?|open|festival|revolution|election|treaty|conference"
    r"|congress|grand prix|tournament|crisis|massacre|attacks?|uprising|siege|awards?|expo|summit|crusade)\b",
    re.IGNORECASE,
)
# wikigold calls nationalities MISC; GUM leaves them unmarked. GUM's way is followed.
_DEMONYM = re.compile(
    r"[A-Z][a-z]+(?:ese|ish|ian|ean|can|man|ic|ch|ans|ani|eli|sh|ss|lsh)s?|Iraqi|Dutch|Greek|Swiss|Thai|Czech"
)
_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%'’\"") | {"'s", "’s", "n't", "''", "'re", "'ve", "'ll", "'d", "'m"}
_NO_SPACE_AFTER = frozenset("([{$#") | {"``"}


def map_label(words: list[str], label: str) -> str | None:
    """The shared label of a wikigold or WNUT17 entity, or ``None`` where GUM would not mark it.

    >>> map_label(["Japanese"], "MISC") is None
    True
    >>> map_label(["Boer", "War"], "MISC")
    'event'
    """
    mapped = WIKIGOLD_LABELS.get(label) or WNUT_LABELS.get(label)
    if mapped == "other" and label == "MISC":
        if len(words) == 1 and _DEMONYM.fullmatch(words[0]):
            return None
        if _EVENT_HEADS.search(" ".join(words)):
            return "event"
    return mapped


def _mentions(words: list[str], tags: list[str], path: Path, number: int) -> tuple[Mention, ...]:
    found: list[Mention] = []
    start, current = 0, ""
    for index, tag in enumerate([*tags, "O"]):
        prefix, _, label = tag.partition("-")
        if prefix not in ("B", "I", "O") or (prefix != "O") != bool(label):
            raise DataError(f"{path}:{number}: the sentence that ends here has the tag {tag!r}, which is not IOB")
        if current and (prefix != "I" or label != current):
            mapped = map_label(words[start:index], current)
            if mapped:
                start += words[start].lower() == "the" and index - start > 1
                found.append(Mention(start, index, mapped))
            current = ""
        if prefix != "O" and not current:
            start, current = index, label
    return tuple(found)


def detokenized(words: list[str]) -> tuple[Token, ...]:
    """Tokens without syntax, spaced as English prose spaces them."""
    quote_open = False
    tokens: list[Token] = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        glued = following in _NO_SPACE_BEFORE or word in _NO_SPACE_AFTER
        if word == '"':
            quote_open = not quote_open
            glued = quote_open or following in _NO_SPACE_BEFORE - {'"'}
        elif following == '"':
            glued = quote_open
        tokens.append(Token(form=word, space_after=not glued))
    return tuple(tokens)


def read_columns(path: Path, genre: str) -> Iterator[AnnotatedDoc]:
    """Sentences of a file with a word and an IOB tag a line, a blank line after each sentence.

    Raises:
        DataError: with the line, where a row has no tag or a tag is not IOB.
    """
    words: list[str] = []
    tags: list[str] = []
    count = 0
    for number, line in enumerate([*open_text(path), ""], 1):
        if line.strip():
            columns = line.split()
            if len(columns) < 2:
                raise DataError(f"{path}:{number}: a word without a tag")
            words.append(columns[0])
            tags.append(columns[-1])
        elif words:
            mentions = _mentions(words, tags, path, number)
            yield AnnotatedDoc(f"{genre}#{count}", (Sentence(detokenized(words), mentions),), genre)
            words, tags, count = [], [], count + 1


def read_wikigold(data: Path) -> tuple[list[AnnotatedDoc], list[AnnotatedDoc]]:
    """Train and held-out sentences of wikigold: every tenth run of 20 sentences is held out.

    Runs, because neighbouring sentences come from the same article.
    """
    docs = list(read_columns(data / "wikigold" / "wikigold.conll.txt", "wikigold"))
    held_out = [doc for index, doc in enumerate(docs) if index // 20 % 10 == 9]
    train = [doc for index, doc in enumerate(docs) if index // 20 % 10 != 9]
    return train, held_out


def read_wnut17(data: Path, part: str) -> list[AnnotatedDoc]:
    """WNUT17, ``part`` one of train, dev, test; ``data`` the folder with ``wnut17/``."""
    name = "wnut17train.conll" if part == "train" else f"emerging.{part}.conll"
    return list(read_columns(data / "wnut17" / name, "wnut17"))
