"""Sentences to tensors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from extractors.events.labels import Labels
from extractors.events.lexicon import FEATURES, Lexicon
from extractors.events.pieces import WordPieces

OTHER = 7
"""The shape of what is no word."""
FLOOR = math.log(0.01)
"""Log share of a type that a known stem never triggered."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What `extractors.events.model.EventModel` takes, and True where there is a token (``present``).

    ``shapes`` are those of the tokens, ``cases`` the same by word piece.
    """

    pieces: Tensor
    cases: Tensor
    mask: Tensor
    pool: Tensor
    shapes: Tensor
    evidence: Tensor
    shares: Tensor
    present: Tensor


def word_shape(token: str, first: bool) -> int:
    """0 lower, 1 Title, 2 Title at the start, 3 CAPITALS, 4 with digits, 5 mixed, 6 punctuation, 7 other.

    >>> [word_shape(token, False) for token in ("attack", "Reid", "NATO", "2016", "McVey", ",")]
    [0, 1, 3, 4, 5, 6]
    """
    if any(char.isdigit() for char in token):
        return 4
    if not any(char.isalnum() for char in token):
        return 6
    if token.islower():
        return 0
    if token.isupper() and len(token) > 1:
        return 3
    if token[0].isupper() and (len(token) == 1 or token[1:].islower()):
        return 2 if first else 1
    return 5 if any(char.isupper() for char in token) else OTHER


def make_batch(
    sentences: Sequence[Sequence[str]],
    pieces: WordPieces,
    labels: Labels,
    lexicons: Sequence[Lexicon],
    positions: int,
) -> Batch:
    """Pad sentences to one length.

    Args:
        sentences: tokens of each.
        pieces: the splitter.
        labels: for the order of the types.
        lexicons: the dictionary to use for each sentence.
        positions: word pieces that the encoder can see; later tokens get a zero vector.
    """
    rows: list[list[int]] = []
    spans: list[list[tuple[int, int]]] = []
    for tokens in sentences:
        row = [pieces.first]
        places = []
        for token in tokens:
            ids = pieces(token)
            begin = len(row)
            if begin + len(ids) < positions:
                row.extend(ids)
                places.append((begin, len(row)))
            else:
                places.append((0, 0))
        row.append(pieces.last)
        rows.append(row)
        spans.append(places)
    length = max(len(row) for row in rows)
    width = max(max(len(tokens) for tokens in sentences), 1)
    count = len(sentences)
    ids_ = np.zeros((count, length), dtype=np.int64)
    mask = np.zeros((count, length), dtype=bool)
    pool = np.zeros((count, width, length), dtype=np.float32)
    shapes = np.full((count, width), OTHER, dtype=np.int64)
    cases = np.full((count, length), OTHER, dtype=np.int64)
    evidence = np.zeros((count, width, FEATURES), dtype=np.float32)
    shares = np.zeros((count, width, len(labels.types)), dtype=np.float32)
    present = np.zeros((count, width), dtype=bool)
    columns = {name: column for column, name in enumerate(labels.types)}
    for index, tokens in enumerate(sentences):
        ids_[index, : len(rows[index])] = rows[index]
        mask[index, : len(rows[index])] = True
        present[index, : max(len(tokens), 1)] = True
        for place, token in enumerate(tokens):
            begin, end = spans[index][place]
            if end > begin:
                pool[index, place, begin:end] = 1.0 / (end - begin)
            shape = word_shape(token, place == 0)
            shapes[index, place] = shape
            cases[index, begin:end] = shape
            numbers, types = lexicons[index].evidence(token)
            if numbers[3]:
                evidence[index, place] = numbers
            if types:
                shares[index, place] = FLOOR
                for name, share in types.items():
                    shares[index, place, columns[name]] = math.log(max(share, 0.01))
    arrays = (ids_, cases, mask, pool, shapes, evidence, shares, present)
    return Batch(*(torch.from_numpy(array) for array in arrays))
