"""What blocking of names finds and costs, and names in great number."""

from __future__ import annotations

import random
import resource
import time

import numpy as np

from alignment import AlignConfig, AlignGraph, AlignNode, align
from alignment.name_pairs import NamedProblem, find_pairs, name_channels
from alignment.problem import make_problem
from ekg.bench.align_figures import figures
from ekg.bench.align_tasks import Bench, Figures, Task, eventea, opaque

_SYLLABLES = tuple(consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou")
_KINDS = (
    ("Cup", "Tournament"), ("League", "Division"), ("Open", "Masters"), ("Championship", "Championships"),
    ("Festival", "Fair"), ("Election", "Vote"), ("Siege", "Fall"), ("Battle", "Fight"), ("Grand Prix", "Race"),
    ("Summit", "Conference"), ("Trophy", "Shield"), ("Relay", "Run"),
)  # fmt: skip
_SIZE = 100_000


def blocking_figures(bench: Bench, name: str) -> Figures:
    """Pair completeness and candidates a source of every channel and of what is scored, on EventEA's test links."""
    result: Figures = {}
    for pair in ("en-en", "en-fr"):
        task = eventea(bench.data, f"eventea-{pair}", bench.seed)
        problem, _ = make_problem(task.left, task.right, task.seeds, task.sources(), task.candidates(), "1:1")
        named = NamedProblem.of(problem)
        block_k = (bench.config or AlignConfig()).block_k
        width = len(problem.right)
        gold = np.array([task.left.index[a] * width + task.right.index[b] for a, b in task.test])
        channels = dict(name_channels(named, block_k=block_k))
        channels["scored"] = find_pairs(named, block_k=block_k)[:2]
        for channel, (i, j) in channels.items():
            left, right = named.chosen[0][named.left.node[i]], named.chosen[1][named.right.node[j]]
            found = np.unique(left * width + right)
            result[f"{pair} {channel}: completeness"] = round(float(np.isin(gold, found).mean()), 4)
            result[f"{pair} {channel}: candidates"] = round(len(found) / max(len(named.chosen[0]), 1), 2)
    return result


def synthetic_figures(bench: Bench, name: str) -> Figures:
    """Made-up names, 100,000 a side and no seeds: seconds, memory of the process and what is found."""
    task = synthetic(_SIZE, bench.seed)
    began, clock = time.process_time(), time.perf_counter()
    found = align(task.left, task.right, seed=bench.seed, config=bench.config, progress=bench.progress)
    return figures(found, task) | {
        "cpu_s": round(time.process_time() - began, 1),
        "wall_s": round(time.perf_counter() - clock, 1),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def synthetic(size: int, seed: int) -> Task:
    """Editions of made-up series on two sides: years move, kinds are translated, letters are mistyped.

    Args:
        size: names a side.
        seed: of everything random.
    """
    draw = random.Random(seed)
    pairs: list[tuple[str, str]] = []
    taken: tuple[set[str], set[str]] = (set(), set())
    while len(pairs) < size:
        place = "".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4))).title()
        other = _mistyped(place, draw) if draw.random() < 0.3 else place
        kind, translated = draw.choice(_KINDS)
        first = draw.randint(1900, 2000)
        for year in range(first, first + draw.randint(1, 20)):
            span = f"{year}–{(year + 1) % 100:02}" if draw.random() < 0.3 else str(year)
            shown = translated if draw.random() < 0.5 else kind
            names = f"{span} {place} {kind}", f"{shown} of {other} ({span.replace('–', '/')})"
            if names[0] not in taken[0] and names[1] not in taken[1] and len(pairs) < size:
                pairs.append(names)
                taken[0].add(names[0])
                taken[1].add(names[1])
    sides = [opaque([pair[k] for pair in pairs], draw) for k in (0, 1)]
    graphs = [AlignGraph.build(AlignNode(id=key, names=(name,)) for name, key in side.items()) for side in sides]
    test = [(sides[0][a], sides[1][b]) for a, b in pairs]
    return Task(left=graphs[0], right=graphs[1], seeds=[], test=test)


def _mistyped(word: str, draw: random.Random) -> str:
    """With one of its later letters left out or doubled."""
    at = draw.randrange(1, len(word))
    return word[:at] + (word[at] * 2 if draw.random() < 0.5 else "") + word[at + 1 :]
