"""Inference: tokens of sentences to triggers with types, arguments with roles, and names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from extractors.events.batch import Batch, make_batch
from extractors.events.decode import best_path, name_path, name_spans, rounded, runs, trigger_spans
from extractors.events.found import FoundArgument, FoundEvent, FoundName, Reading, Thresholds
from extractors.events.labels import GENERAL_ROLES, NAME_LABELS, PLAIN
from extractors.events.weights import FOLDER, load_model

_BATCH = 32
_EVENTS = 96
MAX_TOKENS = 120
"""Longer sentences are tagged in pieces of this many tokens."""


class EventTagger:
    """A loaded model. Sentences are read in batches, but no sentence sees another."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.model, self.labels, self.pieces, self.lexicon = load_model(folder)
        self._masks: dict[str, Tensor] = {}

    def read(self, sentences: Sequence[Sequence[str]], thresholds: Thresholds | None = None) -> list[Reading]:
        """Events and names of each sentence."""
        thresholds = thresholds or Thresholds()
        events: list[list[FoundEvent]] = [[] for _ in sentences]
        names: list[list[FoundName]] = [[] for _ in sentences]
        with torch.inference_mode():
            for parts, batch in self.batches(sentences):
                texts = [sentences[index][offset : offset + MAX_TOKENS] for index, offset in parts]
                triggers, named, roles = self.model.encode(batch)
                sure, faint = self._triggers(texts, triggers, batch, thresholds)
                found = self._with_arguments(texts, sure, roles, batch, thresholds.role_bias)
                for (index, offset), here, weak, called in zip(
                    parts, found, faint, self._names(texts, named, batch), strict=True
                ):
                    events[index].extend(_shifted(event, offset) for event in (*here, *weak))
                    names[index].extend(_moved(name, offset) for name in called)
        return [
            Reading(
                tuple(sorted(here, key=lambda event: (event.start, event.end))),
                tuple(sorted(called, key=lambda name: name.start)),
            )
            for here, called in zip(events, names, strict=True)
        ]

    def tag(self, sentences: Sequence[Sequence[str]], thresholds: Thresholds | None = None) -> list[list[FoundEvent]]:
        """Events of each sentence, in order of trigger."""
        return [list(reading.events) for reading in self.read(sentences, thresholds)]

    def tag_arguments(
        self, sentences: Sequence[Sequence[str]], triggers: Sequence[Sequence[tuple[int, int, str]]], bias: float
    ) -> list[list[FoundEvent]]:
        """Arguments of given triggers, ``(first token, token after last, type)``; sentences of ordinary length only."""
        found = []
        with torch.inference_mode():
            for tokens, given in zip(sentences, triggers, strict=True):
                batch = self._batch([tokens])
                _, _, vectors = self.model.encode(batch)
                events = [FoundEvent(start, end, kind, 1.0) for start, end, kind in given]
                found += self._with_arguments([tokens], [events], vectors, batch, bias)
        return found

    def describe(self, sentences: Sequence[Sequence[str]]) -> list[tuple[Tensor, Tensor]]:
        """For each sentence, vectors of its tokens ``[tokens, width]`` and how likely each begins an event of news.

        The vectors are those that the trigger and type heads read.
        """
        found: list[list[tuple[int, Tensor, Tensor]]] = [[] for _ in sentences]
        with torch.inference_mode():
            for parts, batch in self.batches(sentences):
                states = self.model.trigger_states(self.model.encode(batch)[0], batch)
                _, news, _ = self.model.triggers(states, batch)
                chance = 1.0 - torch.softmax(news, dim=-1)[..., 0]
                for row, (index, offset) in enumerate(parts):
                    count = min(len(sentences[index]) - offset, MAX_TOKENS)
                    found[index].append((offset, states[row, :count], chance[row, :count]))
        width = self.model.token.out_features
        return [
            (
                torch.cat([torch.zeros(0, width), *(vectors for _, vectors, _ in sorted(parts, key=_offset))]),
                torch.cat([torch.zeros(0), *(chance for _, _, chance in sorted(parts, key=_offset))]),
            )
            for parts in found
        ]

    def explain(self, tokens: Sequence[str]) -> list[dict[str, Any]]:
        """What the heads say of each token of a sentence, up to ``MAX_TOKENS``.

        By token: ``geneva`` and ``news``, probabilities of being in a trigger; ``types``, the three likeliest with
        their probabilities; ``dictionary``, how often its stem was seen and of which types it was a trigger.
        """
        tokens = tokens[:MAX_TOKENS]
        with torch.inference_mode():
            batch = self._batch([tokens])
            states = self.model.trigger_states(self.model.encode(batch)[0], batch)
            geneva, news, kinds = (rounded(torch.softmax(x, dim=-1))[0] for x in self.model.triggers(states, batch))
        told = []
        for place, token in enumerate(tokens):
            best = torch.topk(kinds[place], k=min(3, kinds.shape[-1]))
            told.append(
                {
                    "token": token,
                    "geneva": round(1.0 - float(geneva[place, 0]), 4),
                    "news": round(1.0 - float(news[place, 0]), 4),
                    "types": [
                        (self.labels.types[int(row)], round(float(share), 4))
                        for share, row in zip(best.values, best.indices, strict=True)
                    ],
                    "dictionary": self.lexicon.counts(token),
                }
            )
        return told

    def batches(self, sentences: Sequence[Sequence[str]]) -> Iterator[tuple[list[tuple[int, int]], Batch]]:
        """Batches of pieces of sentences, shortest first: ``(sentence, first token)`` of each piece."""
        parts = [
            (index, offset) for index, tokens in enumerate(sentences) for offset in range(0, len(tokens), MAX_TOKENS)
        ]
        order = sorted(parts, key=lambda part: (min(len(sentences[part[0]]) - part[1], MAX_TOKENS), part))
        for first in range(0, len(order), _BATCH):
            chosen = order[first : first + _BATCH]
            yield chosen, self._batch([sentences[index][offset : offset + MAX_TOKENS] for index, offset in chosen])

    def _batch(self, texts: Sequence[Sequence[str]]) -> Batch:
        positions = self.model.encoder.shape.positions
        return make_batch(texts, self.pieces, self.labels, [self.lexicon] * len(texts), positions)

    def _names(self, texts: Sequence[Sequence[str]], vectors: Tensor, batch: Batch) -> list[list[FoundName]]:
        scores = torch.log_softmax(self.model.names(vectors, batch, torch.zeros(len(texts), dtype=torch.long)), dim=-1)
        scores = rounded(scores)
        # Padding must not pull the path of the real tokens.
        scores[~batch.present] = 0.0
        found = []
        for row, path in enumerate(name_path(scores).tolist()):
            here = []
            for start, end, kind in name_spans(path[: len(texts[row])]):
                places = torch.arange(start, end)
                confidence = float(scores[row, places, torch.tensor(path[start:end])].exp().mean())
                here.append(FoundName(start, end, NAME_LABELS[kind], round(confidence, 4)))
            found.append(here)
        return found

    def _triggers(
        self, texts: Sequence[Sequence[str]], vectors: Tensor, batch: Batch, thresholds: Thresholds
    ) -> tuple[list[list[FoundEvent]], list[list[FoundEvent]]]:
        """Triggers by sentence, and beside them the faint ones (see `Thresholds.faint`)."""
        states = self.model.trigger_states(vectors, batch)
        geneva, news, kinds = (rounded(torch.softmax(x, dim=-1)) for x in self.model.triggers(states, batch))
        kind = kinds.argmax(dim=-1)
        events: list[list[FoundEvent]] = []
        faint: list[list[FoundEvent]] = []
        for row, tokens in enumerate(texts):
            count = len(tokens)
            sure = [
                (start, end, score)
                for start, end, chance in trigger_spans(geneva[row, :count], thresholds.typed)
                if (score := self._sureness(tokens[start], chance, kinds[row, start], thresholds))
            ]
            here = [
                FoundEvent(start, end, self.labels.types[int(kind[row, start])], round(score, 4))
                for start, end, score in sure
            ]
            for start, end, score in trigger_spans(news[row, :count], thresholds.news, thresholds.join):
                met = [event for event in here if event.start < end and start < event.end]
                if not met:
                    here.append(FoundEvent(start, end, PLAIN, round(score, 4)))
                elif (
                    all(start <= event.start and event.end <= end for event in met)
                    and end - start > met[0].end - met[0].start
                    and float(1.0 - news[row, start:end, 0].max()) >= thresholds.whole
                    and max(event.confidence for event in met) < thresholds.own
                ):
                    # The last one is the head of a compound: "murder trial" is a trial.
                    here = [event for event in here if event not in met]
                    here.append(FoundEvent(start, end, met[-1].type, met[-1].confidence))
            events.append(sorted(here, key=lambda event: event.start))
            faint.append(
                [
                    FoundEvent(start, end, PLAIN, round(score, 4))
                    for start, end, score in trigger_spans(news[row, :count], thresholds.faint, thresholds.join)
                    if end - start == 1 and not any(event.start < end and start < event.end for event in here)
                ]
            )
        return events, faint

    def _sureness(self, token: str, chance: float, kinds: Tensor, thresholds: Thresholds) -> float:
        """How sure a typed trigger is, 0 if not sure enough.

        Where the dictionary knows the stem as a trigger, that is the probability of trigger and type together. A stem
        that never triggered an event in training is one far less often than the tagger believes.
        """
        if self.lexicon.evidence(token)[1]:
            score = round(chance * float(kinds.max()), 4)
            return score if score >= thresholds.typed else 0.0
        return chance if chance >= thresholds.unseen else 0.0

    def _with_arguments(
        self,
        texts: Sequence[Sequence[str]],
        events: list[list[FoundEvent]],
        vectors: Tensor,
        batch: Batch,
        bias: float,
    ) -> list[list[FoundEvent]]:
        flat = [(row, event) for row, here in enumerate(events) for event in here]
        done: list[list[FoundEvent]] = [[] for _ in texts]
        for first in range(0, len(flat), _EVENTS):
            chosen = flat[first : first + _EVENTS]
            rows = torch.tensor([row for row, _ in chosen])
            roles = self.model.roles(
                vectors[rows],
                batch.shapes[rows],
                batch.present[rows],
                torch.tensor([event.start for _, event in chosen]),
                torch.tensor([event.end for _, event in chosen]),
                torch.tensor([self.labels.type_index(event.type) for _, event in chosen]),
            )
            masked = roles + torch.stack([self._mask(event.type) for _, event in chosen])[:, None, :]
            scores = rounded(torch.log_softmax(masked, dim=-1))
            leaning = scores.clone()
            leaning[..., 0] -= bias
            # Padding must not pull the path of the real tokens.
            leaning[~batch.present[rows]] = 0.0
            for place, ((row, event), path) in enumerate(zip(chosen, best_path(leaning).tolist(), strict=True)):
                arguments = self._arguments(path[: len(texts[row])], scores[place])
                done[row].append(FoundEvent(event.start, event.end, event.type, event.confidence, arguments))
        return done

    def _mask(self, kind: str) -> Tensor:
        """0 for the roles a type may have and for none, minus infinity for the others."""
        if kind not in self._masks:
            mask = torch.full((len(self.labels.roles) + 1,), float("-inf"))
            mask[0] = 0.0
            allowed = self.labels.allowed(kind if kind != PLAIN else None) or GENERAL_ROLES
            for role in allowed:
                if role in self.labels.roles:
                    mask[self.labels.role_index(role)] = 0.0
            self._masks[kind] = mask
        return self._masks[kind]

    def _arguments(self, path: list[int], scores: Tensor) -> tuple[FoundArgument, ...]:
        """Runs of tokens with one role; the confidence is the mean probability of the role."""
        found = []
        for start, end, role in runs(path):
            confidence = round(float(scores[start:end, role].exp().mean()), 4)
            found.append(FoundArgument(start, end, self.labels.roles[role - 1], confidence))
        return tuple(found)


def _offset(part: tuple[int, Tensor, Tensor]) -> int:
    return part[0]


def _moved(name: FoundName, offset: int) -> FoundName:
    return FoundName(name.start + offset, name.end + offset, name.label, name.confidence) if offset else name


def _shifted(event: FoundEvent, offset: int) -> FoundEvent:
    if not offset:
        return event
    arguments = tuple(FoundArgument(a.start + offset, a.end + offset, a.role, a.confidence) for a in event.arguments)
    return FoundEvent(event.start + offset, event.end + offset, event.type, event.confidence, arguments)
