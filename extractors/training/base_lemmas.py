"""The table of known lemmas: what the treebanks say about forms that occur more than once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from extractors.training.readers import AnnotatedDoc

_OPEN_CLASSES = frozenset({"ADJ", "ADV", "AUX", "NOUN", "VERB", "PRON", "DET"})


def known_lemmas(docs: Iterable[AnnotatedDoc], *, least: int = 2, share: float = 0.8) -> dict[str, str]:
    """Lemmas by ``"pos form"`` in small letters, for forms seen ``least`` times and mostly with one lemma.

    Args:
        docs: annotated text; tokens without a lemma are left out.
        least: occurrences a form needs.
        share: share of these that must agree.
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for doc in docs:
        for sentence in doc.sentences:
            for token in sentence.tokens:
                if token.upos in _OPEN_CLASSES and token.lemma and "Abbr=Yes" not in token.feats:
                    seen[f"{token.upos} {token.form.lower()}"][token.lemma] += 1
    table = {}
    for key, lemmas in sorted(seen.items()):
        lemma, count = lemmas.most_common(1)[0]
        total = sum(lemmas.values())
        if total >= least and count >= share * total:
            table[key] = lemma
    return table
