"""The model of causal links between two events of a document, and how it is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ekg.errors import MissingError
from extractors.relations.features import FAR, Pairs, WordSpace, pair_features
from extractors.relations.forest import Forest, Linear
from extractors.relations.rates import LinkRates

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc

    from extractors.relations.occurrence import Occurrence

FOLDER = Path(__file__).parent.parent / "weights" / "relations"
"""The shipped weights."""
_CHANCE = 0.03
"""Probability of the sieve below which the trees are not asked."""
_TABLES = "model.safetensors"
_DESCRIBED = "model.json"


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs of events with what the model thinks of them.

    Args:
        left: index of the event that the text tells first, one a pair.
        right: index of the other.
        linked: probability that one is a cause or precondition of the other, four decimals.
        forward: probability that, if so, the first is the cause, four decimals.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    linked: NDArray[np.float64]
    forward: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CausalModel:
    """Trees that say whether two events are linked, a regression that spares them hopeless pairs, one for direction.

    Args:
        space: projection and classes of words.
        rates: link rates by word, word class and pairs of them.
        trees: boosted trees.
        sieve: regression over the same features.
        direction: regression whose probability is that of the first event being the cause.
        columns: names of the features, in order.
        link: probability from which `causal_pairs` takes a pair as linked (best F1 in cross-validation).
        far: sentences apart at most.
    """

    space: WordSpace
    rates: LinkRates
    trees: Forest
    sieve: Linear
    direction: Linear
    columns: tuple[str, ...]
    link: float
    far: int = FAR

    def features(self, doc: Doc, events: Sequence[Occurrence], far: int | None = None) -> Pairs:
        """Features of all pairs within reach."""
        return pair_features(doc, events, self.space, self.far if far is None else far).with_rates(self.rates)

    def score(self, doc: Doc, events: Sequence[Occurrence], far: int | None = None) -> Scored:
        """Probabilities of all pairs within reach; pairs further apart are not linked.

        Raises:
            MissingError: the model was trained for other features.
        """
        pairs = self.features(doc, events, far)
        if pairs.columns != self.columns:
            raise MissingError(
                "the model of relations was trained for other features",
                hint="ekg train relations --data DIR -o extractors/weights/relations",
            )
        if not len(pairs.left):
            nothing = np.zeros(0)
            return Scored(pairs.left, pairs.right, nothing, nothing)
        return Scored(
            pairs.left, pairs.right, self.linked(pairs.rows), np.round(self.direction.probability(pairs.rows), 4)
        )

    def linked(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability of a link of each row, four decimals.

        The trees decide; they are asked only where the regression, a cheap sieve, sees a chance.
        """
        result = self.sieve.probability(rows)
        chance = np.flatnonzero(result >= _CHANCE)
        result[chance] = self.trees.probability(rows[chance])
        return np.round(result, 4)

    def write(self, folder: Path) -> None:
        """Write the model to a folder, which is made if it is absent."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        tables: dict[str, Any] = {
            "basis": self.space.basis.astype(np.float16),
            "centres": self.space.centres.astype(np.float16),
            **self.trees.tables("trees"),
            **self.sieve.tables("sieve"),
            **self.direction.tables("direction"),
        }
        save_file({name: np.ascontiguousarray(table) for name, table in tables.items()}, folder / _TABLES)
        (folder / _TABLES).chmod(0o644)
        described = {
            "columns": list(self.columns),
            "link": self.link,
            "far": self.far,
            "rates": self.rates.to_json(),
        }
        (folder / _DESCRIBED).write_text(json.dumps(described, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path = FOLDER) -> CausalModel:
        """The model that `write` wrote.

        Raises:
            MissingError: there is none, or it was trained for other features.
        """
        from safetensors.numpy import load_file

        if not (folder / _TABLES).is_file() or not (folder / _DESCRIBED).is_file():
            raise MissingError(
                f"no model of relations in {folder}", hint="ekg train relations --data DIR -o DIR writes one"
            )
        tables = load_file(folder / _TABLES)
        described = json.loads((folder / _DESCRIBED).read_text(encoding="utf-8"))
        space = WordSpace(tables["basis"].astype(np.float32), tables["centres"].astype(np.float32))
        return cls(
            space,
            LinkRates.from_json(described["rates"]),
            Forest.from_tables(tables, "trees"),
            Linear.from_tables(tables, "sieve"),
            Linear.from_tables(tables, "direction"),
            tuple(described["columns"]),
            float(described["link"]),
            int(described["far"]),
        )


@cache
def load_causal(folder: Path = FOLDER) -> CausalModel:
    """The model, read once a process.

    Raises:
        MissingError: there is none.
    """
    return CausalModel.read(folder)
