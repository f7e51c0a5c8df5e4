"""The model card that `ekg train relations` writes beside the weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_CARD = """# Causal links between events

Says whether one of two events of a document is a cause or precondition of the other, and which. Used by
`extractors.relations`; written by `ekg train relations`.

- **Model**: boosted trees (three seeds of {trees}) over about 230 features of a pair (tense, place in the tree and in
  the document, distance, path, connectives, common participants, similarity and components of static word vectors,
  smoothed link rates of words and word classes); a logistic regression spares them hopeless pairs, another gives the
  direction. Evaluated with numpy; `model.safetensors` (tables) and `model.json` (names, link rates). No text is stored.
- **Trained on**: EventStoryLine v0.9 (Caselli and Vossen 2017, CC BY 3.0), topics up to 30, seed {seed}. Its texts
  are the news of ECB+ (Cybulska and Vossen 2014). The word vectors are those of `extractors/weights/base`.
- **Chosen** in five folds by topic. Topics 31-35 were not used.
- **Meant for**: news in English. Links of one sentence and the next ones; an implicit cause told far away is not
  found.
- **Limits**: the corpus calls whatever leads up to an event a precondition, so read a link as "led up to". On events
  that the extractor found, rather than a person, precision is lower than below.

Cross-validation (undirected, all pairs of gold events of a document; threshold {threshold:.4f}):

| figure | value |
|---|---|
{rows}
"""


def write_card(folder: Path, figures: Mapping[str, float], *, seed: int, trees: int, threshold: float) -> None:
    """Write ``MODEL_CARD.md``."""
    rows = "\n".join(f"| {name} | {value:.4f} |" for name, value in figures.items())
    text = _CARD.format(rows=rows, seed=seed, trees=trees, threshold=threshold)
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")
