"""What a person said about links: a tab-separated file of verdicts, and scores that learn from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from ekg.errors import DataError

Verdict = Literal["accept", "reject", "unsure"]
VERDICTS: dict[str, Verdict] = {"accept": "accept", "reject": "reject", "unsure": "unsure"}

_PULL = 2.0
"""Weight of the belief that scores are right as they are, in labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A verdict on one pair."""

    left: str
    right: str
    verdict: Verdict

    @property
    def pair(self) -> tuple[str, str]:
        """Both ids."""
        return self.left, self.right


def read_labels(path: Path | str) -> list[Label]:
    """Read ``left⇥right⇥verdict``, the verdict one of accept, reject and unsure.

    Raises:
        DataError: a row is malformed, or a pair has two different verdicts; the message names the line.
    """
    from alignment.folder import tab_rows

    path = Path(path)
    found: dict[tuple[str, str], Label] = {}
    for line, row in tab_rows(path, (3,), "left⇥right⇥verdict"):
        label = Label(left=row[0], right=row[1], verdict=parse_verdict(row[2], path, line))
        old = found.setdefault(label.pair, label)
        if old != label:
            raise DataError(
                f"'{label.left}' and '{label.right}' have two verdicts, {old.verdict} and {label.verdict}",
                path=path,
                line=line,
                hint="keep one",
            )
    return list(found.values())


def parse_verdict(text: str, path: Path, line: int) -> Verdict:
    """A verdict from a file.

    Raises:
        DataError: it is none.
    """
    verdict = VERDICTS.get(text.strip().casefold())
    if verdict is None:
        raise DataError(f"'{text}' is no verdict", path=path, line=line, hint="use accept, reject or unsure")
    return verdict


def write_labels(path: Path | str, labels: Iterable[Label]) -> None:
    """Replace a file of labels; it is complete at every moment."""
    from ekg.io.export import write_atomically

    rows = "".join(f"{k.left}\t{k.right}\t{k.verdict}\n" for k in labels)
    write_atomically(Path(path), rows.encode("utf-8"))


def recalibrated(scores: Sequence[float] | np.ndarray, judged: Sequence[tuple[float, bool]]) -> np.ndarray:
    """Probabilities after a sigmoid over their log-odds was fitted to labels (Platt 1999), drawn to no change.

    Few labels change little, and the order of the scores never changes.

    Args:
        scores: probabilities.
        judged: score and verdict of the pairs that have a label.

    Returns:
        Probabilities, four decimals.

    >>> recalibrated([0.5, 0.9], [])
    array([0.5, 0.9])
    """
    values = np.asarray(scores, dtype=np.float64)
    if not judged:
        return values
    from scipy.optimize import minimize

    x = _log_odds(np.array([score for score, _ in judged]))
    y = np.array([float(right) for _, right in judged])

    def loss(w: np.ndarray) -> float:
        z = np.exp(w[0]) * x + w[1]
        return float((np.logaddexp(0.0, z) - y * z).sum() + _PULL * (w[0] ** 2 + w[1] ** 2))

    slope, shift = minimize(loss, np.zeros(2), method="L-BFGS-B").x
    # Rounded first, so that the last bits of the search decide nothing.
    log_odds = round(float(np.exp(slope)), 3) * _log_odds(values) + round(float(shift), 3)
    result: np.ndarray = np.round(1.0 / (1.0 + np.exp(-log_odds)), 4)
    return result


def _log_odds(scores: np.ndarray) -> np.ndarray:
    clipped = scores.clip(1e-4, 1 - 1e-4)
    result: np.ndarray = np.log(clipped / (1 - clipped))
    return result
