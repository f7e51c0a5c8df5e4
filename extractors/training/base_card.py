"""The model card and the licence that lie beside the base pipeline's weights."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

_ROWS = (
    ("tokens, F1", "token"),
    ("fine tags, accuracy", "tag"),
    ("universal tags, accuracy", "pos"),
    ("lemmas, accuracy", "lemma"),
    ("unlabelled attachment", "uas"),
    ("labelled attachment", "las"),
    ("sentences, F1", "sentence"),
    ("sentences, F1, paragraphs run together", "sentence_joined"),
)

_CARD = """\
# Base pipeline: tokens, sentences, tags, lemmas, dependencies (English)

A spaCy pipeline over one shared tok2vec (hash embeddings and static vectors, 4 convolutional layers of width {width}),
trained from scratch by

    ekg train base --data DIR -o DIR        (seed {seed}, {epochs} epochs, spaCy {spacy})

The same data, seed, versions and processor give the same weights. SHA-256 over all files but this card:
`{digest}`.
Size: {megabytes:.1f} MB.

## Data

| corpus | used for | licence |
|---|---|---|
| UD English EWT, train | syntax | CC BY-SA 4.0 |
| GUM, train, open genres (see below) | syntax, names | CC BY 4.0; texts CC BY, CC BY-SA |
| wikigold, nine tenths | names | CC BY 4.0 |
| WNUT17, train | names | CC BY 4.0 |
| ECB+, validated sentences of the training topics | names, in part | CC BY 3.0 |
| all-MiniLM-L6-v2, input embeddings (see below) | static vectors | Apache-2.0 |

Names are a second task, which makes the shared layers better; their recogniser is not written, since names are found
by the shared model of events and names. The static vectors are {words} word pieces of MiniLM, {vector_width} principal
components in 8 bits each. Of GUM, the genres academic, bio, court, interview, news, speech, textbook, vlog and voyage
are used; essay, fiction, letter, podcast and whow, and texts of the Santa Barbara Corpus (CC BY-ND), are not. GUM
brackets every referring phrase; only those headed by a proper noun count as names, cut to the name. A part of the
paragraphs is seen without case and punctuation, in small letters, in capitals or without final marks.

## Scores on the development parts (nothing was trained on them)

Attachment without punctuation; with predicted tokens and sentences.

| | EWT dev | GUM dev |
|---|---|---|
{rows}

## Licence

CC BY-SA 4.0, because EWT and part of GUM's texts are share-alike. See LICENSE.
"""

_LICENSE = """\
The weights in this folder are licensed under the Creative Commons Attribution-ShareAlike 4.0 International licence
(CC BY-SA 4.0): https://creativecommons.org/licenses/by-sa/4.0/legalcode

They were trained on, and attribution goes to:

- Universal Dependencies English Web Treebank (Silveira et al. 2014), CC BY-SA 4.0
- The Georgetown University Multilayer corpus GUM (Zeldes 2017), annotation CC BY 4.0, texts CC BY and CC BY-SA
  (Wikipedia, Wikinews, Wikivoyage, OpenStax and others, as listed by GUM)
- wikigold (Balasuriya et al. 2009), CC BY 4.0
- WNUT17 emerging entities (Derczynski et al. 2017), CC BY 4.0
- ECB+ (Cybulska and Vossen 2014), CC BY 3.0
- all-MiniLM-L6-v2 (sentence-transformers), Apache-2.0: reduced input embeddings

The code that trains and runs them is under the project's own licence.
"""


def digest(folder: Path) -> str:
    """SHA-256 over name and content of all files in order of name, the card left out."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "MODEL_CARD.md"):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def write_card(folder: Path, scores: Mapping[str, float], facts: Mapping[str, object]) -> None:
    """Write ``MODEL_CARD.md`` and ``LICENSE`` into a folder of weights.

    Args:
        folder: as `extractors.nlp.model.write_model` left it.
        scores: as `extractors.training.base_scores.dev_scores` gives them.
        facts: ``width``, ``seed``, ``epochs``, ``spacy``, ``words`` and ``vector_width``.
    """

    def cell(key: str) -> str:
        return f"{100 * scores[key]:.1f}" if key in scores else ""

    rows = "\n".join(f"| {name} | {cell(f'ewt_{key}')} | {cell(f'gum_{key}')} |" for name, key in _ROWS)
    (folder / "LICENSE").write_text(_LICENSE, encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    text = _CARD.format(rows=rows, digest=digest(folder), megabytes=size / 1e6, **facts)
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")
