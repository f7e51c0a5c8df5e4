"""What a person already knows of pairs: some are the same, some must stay apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from alignment.config import Cardinality
from alignment.labels import Label
from ekg.errors import DataError
from ekg.vocab import node_iri

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """Pairs of a left and a right id.

    Args:
        accepted: what a person took for the same.
        rejected: what a person took for different.
        apart: what must not be linked, the rejected ones included.
    """

    accepted: frozenset[Pair] = field(default_factory=frozenset)
    rejected: frozenset[Pair] = field(default_factory=frozenset)
    apart: frozenset[Pair] = field(default_factory=frozenset)

    def among(self, left: Collection[str], right: Collection[str]) -> Constraints:
        """Only the pairs between some nodes."""
        kept = (
            frozenset(p for p in pairs if p[0] in left and p[1] in right)
            for pairs in (self.accepted, self.rejected, self.apart)
        )
        accepted, rejected, apart = kept
        return Constraints(accepted=accepted, rejected=rejected, apart=apart)

    def labels(self) -> list[Label]:
        """What was accepted and rejected, as labels again."""
        accepted = [Label(left=a, right=b, verdict="accept") for a, b in sorted(self.accepted)]
        return accepted + [Label(left=a, right=b, verdict="reject") for a, b in sorted(self.rejected)]

    def parts(self) -> list[object]:
        """For the id of a run."""
        return [sorted(self.accepted), sorted(self.rejected), sorted(self.apart)]


def make_constraints(
    left: Collection[str],
    right: Collection[str],
    *,
    cannot_link: Iterable[Pair] = (),
    labels: Iterable[Label] = (),
    seeds: Iterable[Pair] = (),
    cardinality: Cardinality = "1:1",
) -> Constraints:
    """Check and index pairs.

    Args:
        left: ids of the left graph.
        right: ids of the right graph.
        cannot_link: pairs to keep apart; either id may come first.
        labels: verdicts of a person; an unsure one says nothing.
        seeds: known links, which must not be kept apart.
        cardinality: how many partners an accepted node may have.

    Raises:
        DataError: an id is unknown, a pair is wanted and forbidden, or accepted pairs contradict the cardinality.
    """
    apart = {_oriented(pair, left, right, "cannot-link") for pair in cannot_link}
    accepted, rejected = set(), set()
    for label in labels:
        pair = _oriented(label.pair, left, right, "labels")
        if label.verdict == "accept":
            accepted.add(pair)
        elif label.verdict == "reject":
            rejected.add(pair)
    apart |= rejected
    for name, pairs in (("accepted", accepted), ("a seed", set(seeds))):
        for a, b in sorted(pairs & apart):
            raise DataError(f"'{a}' and '{b}' are {name} and must not be linked", hint="remove one of the two rows")
    _check_cardinality(accepted, cardinality)
    return Constraints(accepted=frozenset(accepted), rejected=frozenset(rejected), apart=frozenset(apart))


def _oriented(pair: Pair, left: Collection[str], right: Collection[str], name: str) -> Pair:
    for a, b in (pair, pair[::-1]):
        x, y = known_id(a, left), known_id(b, right)
        if x is not None and y is not None:
            return x, y
    raise DataError(
        f"{name}: '{pair[0]}' and '{pair[1]}' are not one of the left and one of the right graph",
        hint="give ids as the links' file has them",
    )


def known_id(key: str, ids: Collection[str]) -> str | None:
    """An id as the graph has it; those of our own nodes may be given without their namespace."""
    if key in ids:
        return key
    iri = node_iri(key) if key.startswith(("ev_", "en_")) else ""
    return iri if iri in ids else None


def _check_cardinality(accepted: Iterable[Pair], cardinality: Cardinality) -> None:
    partner: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for a, b in sorted(accepted):
        for side, key, value in ((0, a, b), (1, b, a)):
            if key in partner[side] and (cardinality == "1:1" or (side == 1 and cardinality == "1:n")):
                raise DataError(
                    f"labels: '{key}' is accepted with both '{partner[side][key]}' and '{value}'",
                    hint=f"reject one, or use another cardinality than {cardinality}",
                )
            partner[side][key] = value
