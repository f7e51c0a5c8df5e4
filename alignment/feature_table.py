"""Features of very many pairs in half the memory, and without loss.

All features have five decimals. A number of that kind below 128 survives single precision: rounded again after the way
back it is the same bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from alignment.sparse import Floats

Table = npt.NDArray[np.float32]
DECIMALS = 5
_AT_ONCE = 65_536


def packed(features: Floats) -> Table:
    """Features, each rounded to five decimals and between -128 and 128, in single precision."""
    return features.astype(np.float32)


def unpacked(table: Table | Floats) -> Floats:
    """The numbers that were packed; what never was packed stays as it is.

    >>> row = np.round(np.log1p(np.arange(100.0)), 5)
    >>> bool((unpacked(packed(row)) == row).all()), bool((packed(row) == row).all())
    (True, False)
    """
    result: Floats = table.astype(np.float64)
    return np.round(result, DECIMALS, out=result)


def in_slices(size: int, at_once: int = _AT_ONCE) -> Iterator[slice]:
    """Slices that cover so many rows, one after another."""
    for low in range(0, size, at_once):
        yield slice(low, min(low + at_once, size))
