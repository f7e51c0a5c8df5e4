"""Training of the pronoun model on GUM's open genres: ``ekg train coreference``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from extractors.coreference.antecedents import resolve_pronouns
from extractors.coreference.features import Option, Pronoun, features
from extractors.coreference.groups import group_names
from extractors.coreference.quotes import find_quotes
from extractors.coreference.referents import mentions_of
from extractors.training.readers.gum_coreference import GumDocument, read_gum_coreference

_RARE = 5
_INVERSE_REGULARISATION = 0.3
_LATEST = 4


def train_coreference(
    data: Path, out: Path, *, seed: int = 13, log: Callable[[str], None] = lambda _: None
) -> dict[str, float]:
    """Fit the weights on GUM's train part and write ``pronouns.json``.

    Every referent that agrees with a pronoun is an example; it is a right one when one of its latest mentions is in
    the pronoun's chain. The gold antecedent counts as mentioned before the next pronoun is looked at.

    Args:
        data: folder with ``gum/``.
        out: folder that the weights are written to.
        seed: of the solver.
        log: told about progress.

    Returns:
        Pairs and right pairs in the training data, features kept.

    Raises:
        DataError: the corpus cannot be read.
        MissingError: the base pipeline is missing.
    """
    pairs: list[list[str]] = []
    right: list[bool] = []
    for number, document in enumerate(read_gum_coreference(data, "train"), 1):
        collect(document, pairs, right)
        if number % 20 == 0:
            log(f"{number} documents, {len(pairs)} pairs")
    weights = fit(pairs, right, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(weights, indent=0, sort_keys=True, ensure_ascii=False)
    (out / "pronouns.json").write_text(text + "\n", encoding="utf-8")
    return {"pairs": float(len(pairs)), "right": float(sum(right)), "features": float(len(weights))}


def collect(document: GumDocument, pairs: list[list[str]], right: list[bool]) -> None:
    """Add the pairs of a document, as the shipped pipeline sees it, with whether they corefer."""
    doc, sentences = document.parsed()
    inside = {word.i for sentence in sentences for word in sentence.words}
    groups = group_names(doc, inside, document.text)

    def choose(pronoun: Pronoun, options: Sequence[Option], firsts: Sequence[int]) -> int | None:
        chain = document.chain_at(pronoun.token.idx)
        found = [
            chain is not None and chain in {document.chain_of(seen) for seen in option.referent.seen[-_LATEST:]}
            for option in options
        ]
        pairs.extend(features(pronoun, option, first) for option, first in zip(options, firsts, strict=True))
        right.extend(found)
        return found.index(True) if True in found else None

    for _ in resolve_pronouns(sentences, mentions_of(sentences, groups), find_quotes(sentences), choose):
        pass


def fit(pairs: Sequence[Sequence[str]], right: Sequence[bool], *, seed: int) -> dict[str, float]:
    """Weights of a logistic regression over features seen at least five times."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts = Counter(name for names in pairs for name in names)
    kept = sorted(name for name, count in counts.items() if count >= _RARE)
    column = {name: number for number, name in enumerate(kept)}
    rows = [(row, column[name]) for row, names in enumerate(pairs) for name in names if name in column]
    places = np.asarray(rows, dtype="int32")
    table = csr_matrix((np.ones(len(rows)), (places[:, 0], places[:, 1])), shape=(len(pairs), len(kept)))
    table.indices, table.indptr = table.indices.astype("int32"), table.indptr.astype("int32")
    model = LogisticRegression(
        C=_INVERSE_REGULARISATION, max_iter=500, fit_intercept=False, solver="liblinear", random_state=seed
    )
    model.fit(table, np.asarray(right))
    return {
        name: weight for name, value in zip(kept, model.coef_[0], strict=True) if (weight := round(float(value), 4))
    }
