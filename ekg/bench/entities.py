"""``ekg bench entities``: names, coreference of names and pronouns on GUM's dev part, with a floor beside each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ekg.model import CharSpan
    from extractors.coreference.index import EntityIndex
    from extractors.sentences import Sentence
    from extractors.training.readers.gum_coreference import GumDocument

Results = dict[str, Any]
_GENRES = ("news", "bio", "interview")


def run(data: Path, *, seed: int = 13) -> Results:
    """Measure the entities that extraction finds on GUM's dev part, open genres.

    Pronouns: a link is right when the pronoun is in the chain that most of its entity's names are in; recall is over
    the pronouns whose chain has a name. The floor links each to the latest person, or thing, named before it. Names:
    MUC and B³ over the names that were found and are mentions of the corpus; the floor joins equal names alone. Named
    entities: exact span and class, over the corpus's names; the floor is the gazetteer's fixed names.

    Args:
        data: folder of the corpora, with ``gum/``.
        seed: unused, since nothing here is random; kept so that all benchmarks are called alike.

    Raises:
        DataError: the corpus is missing.
        MissingError: weights are missing.
    """
    from extractors.coreference import find_entities
    from extractors.training.readers.gum_coreference import read_gum_coreference

    ours, latest = defaultdict[str, _Counts](_Counts), defaultdict[str, _Counts](_Counts)
    chains, same = _Chains(), _Chains()
    documents = 0
    for gold in read_gum_coreference(data, "dev"):
        doc, sentences = gold.parsed()
        found = find_entities(gold.document.id, doc, sentences, gold.document)
        _count_pronouns(gold, sentences, found, ours, latest)
        chains.add(gold, {span: entity.id for entity in found.entities for span in entity.mentions})
        names = {span: gold.text[slice(*span)].lower() for entity in found.entities for span in entity.mentions}
        same.add(gold, names)
        documents += 1
    return {
        "documents": documents,
        "pronouns": {name: ours[name].scores() for name in sorted(ours)},
        "pronouns, latest name (floor)": {name: latest[name].scores() for name in sorted(latest)},
        "names": chains.scores(),
        "names, equal strings (floor)": same.scores(),
        "named entities": _named_entities(data),
    }


@dataclass(slots=True)
class _Counts:
    right: int = 0
    found: int = 0
    gold: int = 0

    def scores(self) -> dict[str, float | int]:
        return {
            "precision": round(self.right / self.found, 4) if self.found else 0.0,
            "recall": round(self.right / self.gold, 4) if self.gold else 0.0,
            "right": self.right,
            "linked": self.found,
            "gold": self.gold,
        }


def _kind(word: str) -> str | None:
    from extractors.coreference.words import FIRST, HE, IT, SHE, THEY

    for name, words in (("he, she", HE | SHE), ("they", THEY), ("it", IT), ("I", FIRST)):
        if word in words:
            return name
    return None


def _count_pronouns(
    gold: GumDocument,
    sentences: Sequence[Sentence],
    found: EntityIndex,
    ours: Mapping[str, _Counts],
    latest: Mapping[str, _Counts],
) -> None:
    linked = {span: entity for entity in found.entities for span in entity.references}
    chain = {entity.id: gold.majority(iter(entity.mentions)) for entity in found.entities}
    named = sorted((span, entity) for entity in found.entities for span in entity.mentions)
    for word in (word for sentence in sentences for word in sentence.words):
        kind = _kind(word.lower_)
        if kind is None:
            continue
        right = gold.chain_at(word.idx)
        keys = ("all", kind, *((f"{gold.genre}: all",) if gold.genre in _GENRES else ()))
        entity = linked.get((word.idx, word.idx + len(word.text)))
        person = kind in {"he, she", "I"}
        before = [e for span, e in named if span[1] <= word.idx and (e.type == "person") == person and kind != "I"]
        for key in keys:
            for counts, choice in ((ours, entity), (latest, before[-1] if before else None)):
                counts[key].gold += right in gold.named_chains
                # A speaker whom the text never names has no name to be right or wrong about.
                if choice is not None and chain[choice.id] is not None:
                    counts[key].found += 1
                    counts[key].right += right is not None and chain[choice.id] == right


@dataclass(slots=True)
class _Chains:
    """Sums for B³ (Bagga and Baldwin 1998) and MUC (Vilain et al. 1995)."""

    precision: float = 0.0
    recall: float = 0.0
    mentions: int = 0
    muc: Counter[str] = field(default_factory=Counter)

    def add(self, gold: GumDocument, clusters: Mapping[CharSpan, str]) -> None:
        truth = {span: chain for span in clusters if (chain := gold.chain_in(span)) is not None}
        found = {span: clusters[span] for span in truth}
        left, right = _grouped(found), _grouped(truth)
        for span in truth:
            both = len(left[found[span]] & right[truth[span]])
            self.precision += both / len(left[found[span]])
            self.recall += both / len(right[truth[span]])
            self.mentions += 1
        for name, groups, other in (("recall", right, found), ("precision", left, truth)):
            for members in groups.values():
                self.muc[f"{name} kept"] += len(members) - len({other[span] for span in members})
                self.muc[f"{name} links"] += len(members) - 1

    def scores(self) -> dict[str, float | int]:
        muc = [self.muc[f"{name} kept"] / max(1, self.muc[f"{name} links"]) for name in ("precision", "recall")]
        b3 = [value / max(1, self.mentions) for value in (self.precision, self.recall)]
        return {"b3": _f1(*b3), "b3 precision": round(b3[0], 4), "muc": _f1(*muc), "mentions": self.mentions}


def _grouped(clusters: Mapping[CharSpan, object]) -> dict[object, set[CharSpan]]:
    groups: dict[object, set[CharSpan]] = defaultdict(set)
    for span, name in clusters.items():
        groups[name].add(span)
    return groups


def _f1(precision: float, recall: float) -> float:
    return round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0


def _named_entities(data: Path) -> dict[str, dict[str, float]]:
    """Exact F1 by class of the pipeline on paragraphs of running text, and of the gazetteer's fixed names alone."""
    from extractors.nlp import load
    from extractors.nlp.gazetteer import known_names
    from extractors.training.readers.gum import read_gum

    nlp = load()
    known = known_names()
    gold: set[tuple[int, int, int, str]] = set()
    ours: set[tuple[int, int, int, str]] = set()
    floor: set[tuple[int, int, int, str]] = set()
    # Repairs need the whole document: paragraphs of one document are read together.
    documents: dict[str, list[Any]] = defaultdict(list)
    for paragraph in read_gum(data, "dev"):
        if all(sentence.mentions is not None for sentence in paragraph.sentences):
            documents[paragraph.id.partition("#")[0]].append(paragraph)
    for number, paragraphs in enumerate(documents.values()):
        text = ""
        for paragraph in paragraphs:
            for sentence in paragraph.sentences:
                starts = []
                for token in sentence.tokens:
                    starts.append((len(text), len(text) + len(token.form)))
                    text += token.form + (" " if token.space_after else "")
                text += "" if text.endswith(" ") else " "
                gold |= {(number, starts[m.start][0], starts[m.end - 1][1], m.label) for m in sentence.mentions}
                forms = [token.form for token in sentence.tokens]
                floor |= {
                    (number, starts[a][0], starts[b - 1][1], known[name])
                    for a in range(len(forms))
                    for b in range(a + 1, min(a + 5, len(forms) + 1))
                    if (name := " ".join(forms[a:b])) in known
                }
            text = text.rstrip(" ") + "\n\n"
        ours |= {(number, ent.start_char, ent.end_char, ent.label_) for ent in nlp(text).ents}
    kinds = ("person", "organization", "place")
    return {
        "model": {kind: _overlap(ours, gold, (kind,)) for kind in kinds} | {"micro": _overlap(ours, gold, kinds)},
        "gazetteer (floor)": {kind: _overlap(floor, gold, (kind,)) for kind in kinds}
        | {"micro": _overlap(floor, gold, kinds)},
    }


def _overlap(
    found: Iterable[tuple[int, int, int, str]], gold: Iterable[tuple[int, int, int, str]], kinds: Sequence[str]
) -> float:
    left = {item for item in found if item[3] in kinds}
    right = {item for item in gold if item[3] in kinds}
    both = len(left & right)
    return _f1(both / len(left) if left else 0.0, both / len(right) if right else 0.0)
