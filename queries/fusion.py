"""One answer out of many candidates: what says the same is put together, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ekg.ids import normal_name
from queries.candidates import Candidate
from queries.linking import strip_titles

_SUPPORT = 0.03
_BOTH_ARMS = 0.04
_MOST = 0.98


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates that give the same answer, best first, and the confidence in it."""

    members: tuple[Candidate, ...]
    score: float

    @property
    def best(self) -> Candidate:
        """The candidate that is shown."""
        return self.members[0]


def fuse(candidates: Sequence[Candidate]) -> list[Group]:
    """Groups of candidates, best first.

    A group is as good as its best member; further documents and the agreement of graph and text add a little, so that
    the fusion of both arms never ranks an answer below what its better arm alone gives it.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in sorted(_cut_places(candidates), key=_rank):
        groups.setdefault(_same_as(candidate, groups) or candidate.key, []).append(candidate)
    fused = [Group(tuple(members), _score(members)) for members in groups.values()]
    return sorted(fused, key=lambda g: (-g.score, _rank(g.best)))


def _cut_places(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates with places under their shortest name: taggers take the next word along ("Nice Forensics")."""
    places = {tuple(normal_name(c.label).split()): c for c in sorted(candidates, key=_rank) if c.type == "place"}
    found = []
    for candidate in candidates:
        words = tuple(normal_name(candidate.label).split())
        head = next((places[words[:n]] for n in range(1, len(words)) if words[:n] in places), None)
        if candidate.type == "place" and head is not None:
            candidate = replace(candidate, key=head.key, value=head.value, label=head.label, entity=head.entity)
        found.append(candidate)
    return found


def _rank(candidate: Candidate) -> tuple[float, int, str, str, int, str]:
    latest = "".join(chr(0x10FFFF - ord(c)) for c in candidate.sentence.published or "")
    exact = 0 if candidate.arm == "graph" else 1
    return (-candidate.score, exact, latest, candidate.sentence.document.id, candidate.sentence.span[0], candidate.key)


def _same_as(candidate: Candidate, groups: dict[str, list[Candidate]]) -> str | None:
    """Key of the group that says the same: equal key, a shorter or longer form of the name, a date within it."""
    if candidate.key in groups:
        return candidate.key
    if candidate.type in {"entity", "place", "text"}:
        words = normal_name(strip_titles(candidate.label)).split()
        for key, members in groups.items():
            other = normal_name(strip_titles(members[0].label)).split()
            if members[0].type in {"entity", "place", "text"} and words and other and _short_form(words, other):
                return key
    return None


def _short_form(left: list[str], right: list[str]) -> bool:
    small, large = sorted((left, right), key=len)
    return large[-len(small) :] == small or (len(small) > 1 and large[: len(small)] == small)


def _score(members: Sequence[Candidate]) -> float:
    best = members[0].score
    strong = [m for m in members if m.score >= 0.7 * best]
    documents = len({m.sentence.document.id for m in strong})
    arms = len({m.arm for m in strong})
    return round(min(_MOST, best + _SUPPORT * min(3, documents - 1) + (_BOTH_ARMS if arms > 1 else 0.0)), 4)
