"""Trees with ClearNLP labels, as spaCy's English pipelines give them, in the shape of Universal Dependencies.

The two differ in more than names: with ClearNLP a preposition heads its noun and "be" heads its predicate, with UD it
is the other way round. The rules of extraction read UD. What has no exact counterpart gets the nearest label.
"""

from __future__ import annotations

from collections.abc import Sequence

_RENAMED = {
    "dobj": "obj", "dative": "iobj", "nsubjpass": "nsubj:pass", "csubjpass": "csubj:pass", "auxpass": "aux:pass",
    "neg": "advmod", "poss": "nmod:poss", "relcl": "acl:relcl", "npadvmod": "obl:npmod", "prt": "compound:prt",
    "quantmod": "advmod", "predet": "det:predet", "preconj": "cc:preconj", "oprd": "xcomp", "acomp": "xcomp",
    "attr": "xcomp", "intj": "discourse", "meta": "dep", "complm": "mark", "ROOT": "ROOT",
}  # fmt: skip
_VERBAL = frozenset({"VERB", "AUX", "ADJ", "ADV"})


def is_clearnlp(labels: Sequence[str]) -> bool:
    """Whether a parser's labels are ClearNLP's."""
    return bool({"pobj", "dobj", "nsubjpass"} & set(labels))


def is_universal(labels: Sequence[str]) -> bool:
    """Whether a parser's labels are those of Universal Dependencies."""
    return bool({"obl", "nsubj:pass", "obj"} & set(labels)) and not is_clearnlp(labels)


def to_universal(
    words: Sequence[str], tags: Sequence[str], lemmas: Sequence[str], heads: Sequence[int], labels: Sequence[str]
) -> tuple[list[int], list[str]]:
    """Heads and labels of a tree turned from ClearNLP to UD.

    Args:
        words: forms.
        tags: universal part-of-speech tags.
        lemmas: lemmas, or forms where there are none.
        heads: index of each word's head; a root is its own.
        labels: ClearNLP labels.

    >>> to_universal(["He", "sat", "in", "Rome"], ["PRON", "VERB", "ADP", "PROPN"], ["he", "sit", "in", "Rome"],
    ...              [1, 1, 1, 2], ["nsubj", "ROOT", "prep", "pobj"])
    ([1, 1, 3, 1], ['nsubj', 'ROOT', 'case', 'obl'])
    """
    tree = _Tree(words, tags, lemmas, list(heads), list(labels))
    for place in range(len(words)):
        tree.coordinate(place)
    # Inner phrases first: the object of a preposition may itself hold one ("out of the house").
    for place in reversed(range(len(words))):
        tree.lift_object(place)
    for place in range(len(words)):
        tree.lift_predicate(place)
    return tree.heads, [tree.renamed(place) for place in range(len(words))]


class _Tree:
    def __init__(
        self,
        words: Sequence[str],
        tags: Sequence[str],
        lemmas: Sequence[str],
        heads: list[int],
        labels: list[str],
    ) -> None:
        self.words, self.tags, self.lemmas, self.heads, self.labels = words, tags, lemmas, heads, labels

    def children(self, place: int) -> list[int]:
        return [other for other, head in enumerate(self.heads) if head == place and other != place]

    def coordinate(self, place: int) -> None:
        """Conjuncts hang on the first one, and "and" on the conjunct after it."""
        if self.labels[place] == "conj":
            head = self.heads[place]
            while self.labels[head] == "conj" and self.heads[head] != head:
                head = self.heads[head]
            before = self.heads[place]
            for other in self.children(before):
                if self.labels[other] == "cc" and before < other < place:
                    self.heads[other] = place
            self.heads[place] = head

    def lift_object(self, place: int) -> None:
        """The object of a preposition takes its place, the preposition hangs on it."""
        if self.labels[place] not in {"prep", "agent", "dative"}:
            return
        inside = [other for other in self.children(place) if self.labels[other] in {"pobj", "pcomp"}]
        if not inside:
            return
        lifted, head, was = inside[0], self.heads[place], self.labels[place]
        clause = self.labels[lifted] == "pcomp" and self.tags[lifted] in {"VERB", "AUX"}
        self._swap(place, lifted)
        verbal = self.tags[head] in _VERBAL or was in {"agent", "dative"}
        self.labels[place] = "mark" if clause else "case"
        self.labels[lifted] = ("advcl" if verbal else "acl") if clause else ("obl" if verbal else "nmod")

    def lift_predicate(self, place: int) -> None:
        """The predicate of "be" takes its place; "there is a fire" keeps "is" on top with "fire" as its subject."""
        if self.lemmas[place].lower() not in {"be", "'s", "’s", "is", "was", "are", "were"}:
            return
        predicate = [other for other in self.children(place) if self.labels[other] in {"attr", "acomp"}]
        if self.tags[place] not in {"AUX", "VERB"} or not predicate:
            return
        if any(self.labels[other] == "expl" for other in self.children(place)):
            self.labels[predicate[0]] = "nsubj"
            return
        self._swap(place, predicate[0])
        self.labels[place] = "cop"

    def _swap(self, above: int, below: int) -> None:
        """Exchange a word and a dependent; the other dependents of the word move along."""
        others = [other for other in self.children(above) if other != below]
        label = self.labels[above]
        self.heads[below] = below if self.heads[above] == above else self.heads[above]
        self.labels[below] = label
        self.heads[above] = below
        for other in others:
            self.heads[other] = below

    def renamed(self, place: int) -> str:
        label = self.labels[place]
        if label == "aux" and self.words[place].lower() == "to":
            return "mark"
        if label == "prep":
            return "advmod" if self.tags[place] == "ADV" else "obl"
        if label in {"pobj", "pcomp"}:
            return "nmod" if self.tags[self.heads[place]] not in _VERBAL else "obl"
        if label == "agent":
            return "obl"
        return _RENAMED.get(label, label)
