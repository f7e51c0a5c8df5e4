"""Any installed spaCy pipeline for tokens, sentences, tags, trees and names; what it does not give comes from ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ekg.errors import MissingError
from extractors.backends.choice import PARTS
from extractors.backends.labels import check_classes, entity_class, read_label_map
from extractors.backends.universal import is_clearnlp, is_universal, to_universal
from extractors.nlp.annotate import BREAKS, PIECES_AT_ONCE, block_pieces
from extractors.nlp.blocks import block_starts
from extractors.nlp.tokens import SafeTokenizer

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.types import Ints2d

_PROBE = "Mary Smith of Acme visited Paris in May 2016. She was not seen by the police."
_COLUMNS = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD")
_NEEDS = {
    "sentences": "a parser, senter or sentencizer",
    "tags": "a tagger with an attribute ruler, or a morphologizer",
    "parse": "a parser with labels of UD or ClearNLP",
    "names": "an ner or an entity ruler",
}


def pipeline_folder(name: str) -> Path:
    """The folder of a pipeline given by path or by the name of an installed package.

    Raises:
        MissingError: there is none.
    """
    path = Path(name)
    if (path / "config.cfg").is_file():
        return path
    spec = find_spec(name) if name.isidentifier() else None
    if spec is None or spec.origin is None:
        raise MissingError(
            f"option 'nlp': no spaCy pipeline '{name}': neither an installed package nor a folder with a config.cfg",
            hint=f"`python -m spacy download {name}` installs spaCy's own" if name.isidentifier() else None,
        )
    return Path(spec.origin).parent


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a pipeline gives, found by trying it.

    Args:
        parts: of `PARTS`, what it gives and extraction can read.
        lemmas: whether it gives lemmas.
        clearnlp: whether its trees are ClearNLP's.
    """

    parts: tuple[str, ...]
    lemmas: bool
    clearnlp: bool


def abilities(nlp: Language) -> Abilities:
    """Try a pipeline on a sentence."""
    doc = nlp(_PROBE)
    labels = [label for name, _ in nlp.pipeline for label in nlp.pipe_labels.get(name, ())]
    labels += [token.dep_ for token in doc]
    has_tree = doc.has_annotation("DEP") and (is_clearnlp(labels) or is_universal(labels))
    given = {
        "sentences": doc.has_annotation("SENT_START"),
        "tags": doc.has_annotation("POS"),
        "parse": has_tree,
        "names": doc.has_annotation("ENT_IOB"),
    }
    return Abilities(
        parts=tuple(part for part in PARTS if given[part]),
        lemmas=doc.has_annotation("LEMMA"),
        clearnlp=has_tree and is_clearnlp(labels),
    )


class SpacyPipeline:
    """A loaded pipeline.

    Args:
        name: a package's name or a path.
        parts: what is taken from it; empty is all that it gives.
        labels: label map of its names, see `read_label_map`.

    Raises:
        MissingError: not installed, cannot be loaded, or lacks a component that is asked for.
        ConfigError: the label map leads to no class.
    """

    def __init__(self, name: str, parts: Sequence[str] = (), labels: str = "") -> None:
        folder = pipeline_folder(name)

        import spacy

        try:
            self._nlp = spacy.load(folder if folder == Path(name) else name)
        except (OSError, ValueError, ImportError) as error:
            first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise MissingError(f"option 'nlp': the spaCy pipeline '{name}' cannot be loaded: {first}") from error
        self._nlp.max_length = 2**31 - 1
        self._tokenizer = SafeTokenizer(self._nlp.tokenizer, self._nlp.vocab)
        self.abilities = abilities(self._nlp)
        missing = [part for part in parts if part not in self.abilities.parts]
        if missing or not self.abilities.parts:
            wanted = missing[0] if missing else None
            needs = f"{wanted}, for which it lacks {_NEEDS[wanted]}" if wanted else "anything that extraction reads"
            raise MissingError(
                f"option 'nlp': the spaCy pipeline '{name}' does not give {needs}",
                hint=f"its components: {', '.join(self._nlp.pipe_names) or 'none'}",
            )
        self.parts = tuple(parts) or self.abilities.parts
        self._labels = read_label_map(labels, "option 'names-labels'")
        check_classes(self._labels, "option 'names-labels'")

    def parse(self, text: str, breaks: Iterable[int] = ()) -> Doc:
        """The document of a text on our vocabulary, annotated by the pipeline and, for the rest, by ours.

        Args:
            text: any text, of any length.
            breaks: offsets where a sentence must begin, as for `extractors.nlp.parse`.
        """
        from spacy.tokens import Doc, Span

        from extractors.nlp import load

        tokens = self._tokenizer(text)
        known = tuple(breaks)
        pieces = list(block_pieces(tokens, block_starts(tokens.text, known)))
        parsed = list(self._parsed(tokens, pieces))
        base = self._ours(tokens, pieces, parsed, known)
        vocab = load().vocab
        doc = Doc(vocab, words=[token.text for token in tokens], spaces=[bool(token.whitespace_) for token in tokens])
        self._write(doc, base, pieces, parsed)
        if "names" in self.parts:
            spans = []
            for piece, result in zip(pieces, parsed, strict=True):
                for ent in result.ents:
                    kind = entity_class(ent.label_, self._labels)
                    if kind is not None:
                        spans.append(Span(doc, piece[ent.start], piece[ent.end - 1] + 1, kind))
            doc.set_ents(spans, default="outside")
        else:
            doc.set_ents([Span(doc, ent.start, ent.end, ent.label_) for ent in base.ents], default="outside")
        return doc

    def _parsed(self, tokens: Doc, pieces: Sequence[Sequence[int]]) -> Iterable[Doc]:
        """The pieces as their pipeline sees them; batches hold no piece of another document."""
        from spacy.tokens import Doc

        docs = []
        for piece in pieces:
            spaces = [bool(tokens[index].whitespace_) or index + 1 not in piece for index in piece]
            part = Doc(self._nlp.vocab, words=[tokens[index].text for index in piece], spaces=spaces)
            for index, token in zip(piece, part, strict=True):
                if tokens[index].norm != token.norm:
                    token.norm_ = tokens[index].norm_
            docs.append(part)
        return self._nlp.pipe(docs, batch_size=PIECES_AT_ONCE)

    def _ours(
        self, tokens: Doc, pieces: Sequence[Sequence[int]], parsed: Sequence[Doc], breaks: tuple[int, ...]
    ) -> Doc:
        """Their tokens with our annotation, or with none where nothing of ours is needed."""
        from spacy.tokens import Doc

        from extractors.nlp import load

        ours = load()
        doc = Doc(
            ours.vocab, words=[token.text for token in tokens], spaces=[bool(token.whitespace_) for token in tokens]
        )
        if {"tags", "parse", "names"} <= set(self.parts) and self.abilities.lemmas:
            return doc
        for mine, theirs in zip(doc, tokens, strict=True):
            if mine.norm != theirs.norm:
                mine.norm_ = theirs.norm_
        if "sentences" in self.parts and "parse" not in self.parts:
            begins = [
                tokens[piece[span.start]].idx
                for piece, result in zip(pieces, parsed, strict=True)
                for span in result.sents
            ]
            breaks = (*breaks, *begins)
        doc.user_data[BREAKS] = breaks
        for _, component in ours.pipeline:
            doc = component(doc)
        return doc

    def _write(self, doc: Doc, base: Doc, pieces: Sequence[Sequence[int]], parsed: Sequence[Doc]) -> None:
        """Copy annotation onto a bare document; white space hangs on the word before it."""
        import numpy as np

        strings, morphology = doc.vocab.strings, doc.vocab.morphology
        table = np.zeros((len(doc), len(_COLUMNS)), dtype="uint64")
        if base.has_annotation("DEP"):
            table[:] = base.to_array(list(_COLUMNS))
        heads = np.array([token.head.i for token in base], dtype="int64")
        words = np.zeros(len(doc), dtype=bool)
        for piece, result in zip(pieces, parsed, strict=True):
            words[piece] = True
            if "tags" in self.parts:
                for index, token in zip(piece, result, strict=True):
                    table[index, 0] = strings.add(token.tag_)
                    table[index, 1] = token.pos
                    table[index, 2] = morphology.add(str(token.morph))
            if "tags" in self.parts and self.abilities.lemmas:
                for index, token in zip(piece, result, strict=True):
                    table[index, 3] = strings.add(token.lemma_)
            if "parse" in self.parts:
                above, labels = self._tree(result)
                heads[piece] = [piece[head] for head in above]
                table[piece, 4] = [strings.add(label) for label in labels]
        last = int(words.argmax()) if words.any() else 0
        space = strings.add("_SP"), strings["SPACE"], morphology.add("")
        for index in range(len(doc)):
            if words[index]:
                last = index
            else:
                table[index, :3], table[index, 3], table[index, 4] = space, doc[index].orth, strings.add("dep")
                heads[index] = last
        table[:, 5] = (heads - np.arange(len(doc))).astype("uint64")
        if len(doc):
            doc.from_array(list(_COLUMNS), cast("Ints2d", table))

    def _tree(self, result: Doc) -> tuple[list[int], list[str]]:
        heads, labels = [token.head.i for token in result], [token.dep_ for token in result]
        if not self.abilities.clearnlp:
            return heads, labels
        words, tags = [token.text for token in result], [token.pos_ for token in result]
        return to_universal(words, tags, [token.lemma_ or token.text for token in result], heads, labels)
