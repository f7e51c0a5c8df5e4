"""Universal Dependencies treebanks in CoNLL-U, and the English Web Treebank in particular."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ekg.errors import DataError
from extractors.training.readers.annotated import AnnotatedDoc, Sentence, Token


@dataclass(slots=True)
class ConlluSentence:
    """A sentence as it stands in the file.

    Args:
        tokens: the words, without ranges and empty nodes.
        misc: the MISC column of every word.
        comments: key and value of the comment lines above it.
    """

    tokens: list[Token] = field(default_factory=list)
    misc: list[dict[str, str]] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)


def open_text(path: Path) -> list[str]:
    """Lines of a UTF-8 file, gzipped or not, without line ends.

    Raises:
        DataError: the file is missing, not gzip despite its name, or not UTF-8.
    """
    try:
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
        return raw.decode("utf-8").split("\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error}); point --data at the folder with the corpora") from error


def _columns(path: Path, number: int, line: str) -> list[str]:
    columns = line.split("\t")
    if len(columns) != 10:
        raise DataError(f"{path}:{number}: {len(columns)} columns where CoNLL-U has 10")
    return columns


def _misc(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split("|") if "=" in part)


def _word(path: Path, number: int, columns: list[str]) -> Token:
    blank = ["" if column == "_" else column for column in columns]
    try:
        index, head = int(columns[0]) - 1, int(columns[6])
    except ValueError as error:
        raise DataError(f"{path}:{number}: ID and HEAD must be numbers") from error
    return Token(
        form=columns[1],
        lemma=columns[2] if columns[1] == "_" else blank[2],
        upos=blank[3],
        xpos=blank[4],
        feats=blank[5],
        head=index if head == 0 else head - 1,
        deprel="root" if head == 0 else blank[7],
        space_after="SpaceAfter=No" not in columns[9],
    )


def parse_conllu(path: Path) -> Iterator[ConlluSentence]:
    """The sentences of a CoNLL-U file.

    The words of a multiword token (``don't``) are glued together as they were written.

    Raises:
        DataError: with the line, where the file is not CoNLL-U.
    """
    sentence = ConlluSentence()
    range_end, range_space = -1, True
    for number, line in enumerate(open_text(path), 1):
        if not line:
            if sentence.tokens:
                _check_heads(path, number, sentence.tokens)
                yield sentence
            sentence, range_end = ConlluSentence(), -1
        elif line.startswith("#"):
            key, _, value = line[1:].partition("=")
            sentence.comments[key.strip()] = value.strip()
        else:
            columns = _columns(path, number, line)
            if "." in columns[0]:
                continue
            if "-" in columns[0]:
                range_end, range_space = int(columns[0].split("-")[1]), "SpaceAfter=No" not in columns[9]
                continue
            token = _word(path, number, columns)
            if len(sentence.tokens) + 1 <= range_end:
                token = replace(token, space_after=range_space and len(sentence.tokens) + 1 == range_end)
            sentence.tokens.append(token)
            sentence.misc.append(_misc(columns[9]))
    if sentence.tokens:
        yield sentence


def _check_heads(path: Path, number: int, tokens: list[Token]) -> None:
    if any(token.head >= len(tokens) for token in tokens):
        raise DataError(f"{path}:{number}: the sentence that ends here has a head outside itself")


def read_conllu(path: Path, genre: str = "") -> Iterator[AnnotatedDoc]:
    """Paragraphs of a treebank without entities, in order.

    Args:
        path: a ``.conllu`` or ``.conllu.gz`` file.
        genre: written into every document.

    Raises:
        DataError: the file cannot be read or is not CoNLL-U.
    """
    sentences: list[Sentence] = []
    doc, paragraph = path.stem, 0
    for raw in parse_conllu(path):
        if sentences and starts_paragraph(raw):
            yield AnnotatedDoc(f"{doc}#{paragraph}", tuple(sentences), genre)
            sentences, paragraph = [], paragraph + 1
        doc = raw.comments.get("newdoc id", doc)
        sentences.append(Sentence(tuple(raw.tokens)))
    if sentences:
        yield AnnotatedDoc(f"{doc}#{paragraph}", tuple(sentences), genre)


def starts_paragraph(raw: ConlluSentence) -> bool:
    """Whether a comment above the sentence opens a document or paragraph."""
    return any(key.split(" ")[0] in ("newdoc", "newpar") for key in raw.comments)


def read_ewt(data: Path, part: str) -> list[AnnotatedDoc]:
    """English Web Treebank, ``part`` one of train, dev, test; ``data`` the folder with ``ud-ewt/``.

    Raises:
        DataError: the file cannot be read.
    """
    return list(read_conllu(data / "ud-ewt" / f"{part}.conllu.gz", genre="ewt"))
