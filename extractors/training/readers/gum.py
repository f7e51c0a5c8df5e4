"""GUM: syntax and named entities of the genres whose licence lets trained weights be shared.

GUM brackets every noun phrase that refers (``Entity=(22-person-...``): "the team" as well as "Donald Trump", with
determiners, titles and relative clauses inside. `named_mentions` keeps the mentions whose head is a proper noun
(Penn tags NNP, NNPS) and cuts each to its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ekg.errors import DataError
from extractors.training.readers.annotated import AnnotatedDoc, Mention, Sentence, Token
from extractors.training.readers.conllu import ConlluSentence, parse_conllu, starts_paragraph

OPEN_GENRES = frozenset({"academic", "bio", "court", "interview", "news", "speech", "textbook", "vlog", "voyage"})
"""Genres under CC BY or CC BY-SA. ``conversation`` and one court text come from the Santa Barbara Corpus (CC BY-ND)."""

_CITATIONS = frozenset({"academic"})
"""Genres whose entities are mostly works cited by author, marked as things: used for syntax only."""

_NO_DERIVATIVES = ("linguistics.ucsb.edu", "talkbank.org")

GUM_LABELS: Mapping[str, str] = {
    "person": "person",
    "organization": "organization",
    "place": "place",
    "event": "event",
    "abstract": "other",
    "object": "other",
    "animal": "other",
    "plant": "other",
    "substance": "other",
}

_BRACKET = re.compile(r"\((?P<open>\d+)-(?P<type>[a-z]+)[^()]*(?P<single>\)?)|(?P<close>\d+)\)")
_TITLE_LIST = """
president emperor protector senator king queen prince princess minister prime chancellor governor mayor judge justice
chief director professor doctor dr mr mrs ms sir lord lady pope bishop archbishop general colonel captain major
secretary ambassador congressman congresswoman representative speaker chairman chairwoman chair counsel court honor
honour god mom dad mother father
"""
_TITLES = frozenset(_TITLE_LIST.split())
_LINK_WORDS = frozenset({"of", "the", "for", "and", "&", "de", "la", "du", "van", "von", "del", "-", "–", "’s", "'s"})
_NAME_RELATIONS = frozenset(
    {"compound", "amod", "flat", "nummod", "nmod", "nmod:poss", "case", "cc", "conj", "det", "punct"}
)


def entity_brackets(sentence: ConlluSentence, where: str) -> list[tuple[int, int, str]]:
    """GUM's entity mentions as ``(start, end, type)`` in tokens.

    Raises:
        DataError: a bracket closes that was not opened in the sentence.
    """
    stack: list[tuple[str, int, str]] = []
    found: list[tuple[int, int, str]] = []
    for index, misc in enumerate(sentence.misc):
        for match in _BRACKET.finditer(misc.get("Entity", "")):
            if match["single"]:
                found.append((index, index + 1, match["type"]))
            elif match["open"]:
                stack.append((match["open"], index, match["type"]))
            else:
                position = next((at for at in range(len(stack) - 1, -1, -1) if stack[at][0] == match["close"]), None)
                if position is None:
                    raise DataError(f"{where}: entity bracket {match['close']}) was not opened")
                _, start, kind = stack.pop(position)
                found.append((start, index + 1, kind))
    return sorted(found)


def _is_name_word(token: Token) -> bool:
    return token.xpos in ("NNP", "NNPS") or (token.form[:1].isupper() and token.upos in ("ADJ", "NOUN", "VERB", "X"))


def _belongs(tokens: list[Token], index: int, head: int, start: int, end: int) -> bool:
    """Whether a word hangs under the head by relations that stay inside a name."""
    while index != head:
        if not start <= index < end or tokens[index].deprel.split(":desc")[0] not in _NAME_RELATIONS:
            return False
        if tokens[index].deprel == "nmod:desc":
            return False
        if tokens[index].head == index:
            return False
        index = tokens[index].head
    return True


def name_of(tokens: list[Token], start: int, end: int, kind: str) -> tuple[int, int] | None:
    """The name inside a mention, or ``None`` where the mention is no name.

    Titles, determiners, appositions and relative clauses are cut: "U.S. President Donald Trump, who" is "Donald
    Trump"; "the University of Portsmouth, United Kingdom" is "University of Portsmouth".
    """
    head = next((i for i in range(start, end) if tokens[i].head == i or not start <= tokens[i].head < end), start)
    if kind == "person" and tokens[head].upos == "NOUN":
        # "captain Harry Kane": the name hangs on the common noun.
        hanging = (i for i in range(head + 1, end) if tokens[i].head == head and tokens[i].deprel == "flat")
        head = next(hanging, head)
    if tokens[head].xpos not in ("NNP", "NNPS") or not tokens[head].form[0].isalnum():
        return None
    if kind == "person" and tokens[head].xpos == "NNPS":
        return None
    left = head
    while left > start:
        token = tokens[left - 1]
        joined = (token.form in _LINK_WORDS and kind != "person") or token.form in ("-", "–")
        if not (_is_name_word(token) or joined) or not _belongs(tokens, left - 1, head, start, end):
            break
        if token.deprel == "nmod:poss" or (left - 1 != head and token.form in ("'s", "’s")):
            break
        left -= 1
    while tokens[left].form.lower() in _LINK_WORDS and left < head:
        left += 1
    right = head + 1
    last_name = right
    while right < end:
        token = tokens[right]
        flat = token.deprel == "flat" or (token.form in ("-", "–", "'", ".") and not tokens[right - 1].space_after)
        linked = kind != "person" and (token.form in _LINK_WORDS or _is_name_word(token) or token.upos == "NUM")
        if not (flat or linked) or not (_belongs(tokens, right, head, start, end) or token.upos == "PUNCT"):
            break
        if token.deprel in ("cc", "conj") and tokens[token.head].head != head and token.head == head:
            break
        right += 1
        if token.form not in _LINK_WORDS and token.upos != "PUNCT":
            last_name = right
    words = [token.form.lower().rstrip(".") for token in tokens[left:last_name]]
    if all(word in _TITLES or word in _LINK_WORDS for word in words):
        return None
    return left, last_name


def named_mentions(sentence: ConlluSentence, where: str) -> tuple[Mention, ...]:
    """Named, non-overlapping entities of a sentence; of nested names the longest stays.

    Raises:
        DataError: see `entity_brackets`.
    """
    candidates: list[Mention] = []
    for start, end, kind in entity_brackets(sentence, where):
        label = GUM_LABELS.get(kind)
        name = name_of(sentence.tokens, start, end, kind) if label else None
        if label and name:
            candidates.append(Mention(*name, label))
    kept: list[Mention] = []
    for mention in sorted(candidates, key=lambda m: (m.start - m.end, m.start, m.label)):
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return tuple(sorted(kept))


def read_gum(data: Path, part: str) -> list[AnnotatedDoc]:
    """Paragraphs of GUM's open genres, ``part`` train or dev; ``data`` the folder with ``gum/``.

    Raises:
        DataError: the file cannot be read, is not CoNLL-U or has unbalanced entity brackets.
    """
    path = data / "gum" / f"{part}.conllu.gz"
    docs: list[AnnotatedDoc] = []
    sentences: list[Sentence] = []
    doc = genre = source = ""

    def close() -> None:
        if sentences and genre in OPEN_GENRES and not any(host in source for host in _NO_DERIVATIVES):
            docs.append(AnnotatedDoc(f"{doc}#{len(docs)}", tuple(sentences), genre))
        sentences.clear()

    for raw in parse_conllu(path):
        if starts_paragraph(raw):
            close()
        if "newdoc id" in raw.comments:
            doc = raw.comments["newdoc id"]
            genre, source = raw.comments.get("meta::genre", ""), raw.comments.get("meta::sourceURL", "")
        where = f"{path} {raw.comments.get('sent_id', doc)}"
        mentions = None if genre in _CITATIONS else named_mentions(raw, where)
        sentences.append(Sentence(tuple(raw.tokens), mentions))
    close()
    return docs
