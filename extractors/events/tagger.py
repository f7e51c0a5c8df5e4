"""Inference: tokens of sentences to triggers with types and arguments with roles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from extractors.events.batch import Batch, make_batch
from extractors.events.decode import best_path, rounded, runs, trigger_spans
from extractors.events.found import FoundArgument, FoundEvent, Thresholds
from extractors.events.labels import GENERAL_ROLES, PLAIN
from extractors.events.weights import FOLDER, load_model

_BATCH = 32
_EVENTS = 96
MAX_TOKENS = 120
"""Longer sentences are tagged in pieces of this many tokens."""


class EventTagger:
    """A loaded model. Sentences are tagged in batches, but no sentence sees another."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.model, self.labels, self.pieces, self.lexicon = load_model(folder)
        self._masks: dict[str, Tensor] = {}

    def tag(self, sentences: Sequence[Sequence[str]], thresholds: Thresholds | None = None) -> list[list[FoundEvent]]:
        """Events of each sentence, in order of trigger."""
        thresholds = thresholds or Thresholds()
        parts = [
            (index, offset) for index, tokens in enumerate(sentences) for offset in range(0, len(tokens), MAX_TOKENS)
        ]
        found: list[list[FoundEvent]] = [[] for _ in sentences]
        order = sorted(parts, key=lambda part: (min(len(sentences[part[0]]) - part[1], MAX_TOKENS), part))
        with torch.inference_mode():
            for first in range(0, len(order), _BATCH):
                chosen = order[first : first + _BATCH]
                texts = [sentences[index][offset : offset + MAX_TOKENS] for index, offset in chosen]
                for (index, offset), events in zip(chosen, self._tag_batch(texts, thresholds), strict=True):
                    found[index].extend(_shifted(event, offset) for event in events)
        return [sorted(events, key=lambda event: (event.start, event.end)) for events in found]

    def tag_arguments(
        self, sentences: Sequence[Sequence[str]], triggers: Sequence[Sequence[tuple[int, int, str]]], bias: float
    ) -> list[list[FoundEvent]]:
        """Arguments of given triggers, ``(first token, token after last, type)``; sentences of ordinary length only."""
        found = []
        with torch.inference_mode():
            for tokens, given in zip(sentences, triggers, strict=True):
                batch = self._batch([tokens])
                vectors = self.model.encode(batch.pieces, batch.mask, batch.pool)
                events = [FoundEvent(start, end, kind, 1.0) for start, end, kind in given]
                found += self._with_arguments([tokens], [events], vectors, batch.shapes, batch.present, bias)
        return found

    def _batch(self, texts: Sequence[Sequence[str]]) -> Batch:
        positions = self.model.encoder.shape.positions
        return make_batch(texts, self.pieces, self.labels, [self.lexicon] * len(texts), positions)

    def _tag_batch(self, texts: Sequence[Sequence[str]], thresholds: Thresholds) -> list[list[FoundEvent]]:
        batch = self._batch(texts)
        vectors = self.model.encode(batch.pieces, batch.mask, batch.pool)
        geneva, news, kinds = self.model.triggers(vectors, batch.shapes, batch.evidence, batch.shares)
        typed = rounded(torch.softmax(geneva, dim=-1))
        untyped = rounded(torch.softmax(news, dim=-1))
        kind = rounded(torch.softmax(kinds, dim=-1)).argmax(dim=-1)
        events: list[list[FoundEvent]] = []
        for row, tokens in enumerate(texts):
            count = len(tokens)
            sure = trigger_spans(typed[row, :count], thresholds.typed)
            taken = {place for start, end, _ in sure for place in range(start, end)}
            other = [
                span
                for span in trigger_spans(untyped[row, :count], thresholds.news)
                if taken.isdisjoint(range(span[0], span[1]))
            ]
            here = []
            for is_typed, (start, end, score) in [(True, span) for span in sure] + [(False, span) for span in other]:
                name = self.labels.types[int(kind[row, start])] if is_typed else PLAIN
                here.append(FoundEvent(start, end, name, round(score, 4)))
            events.append(sorted(here, key=lambda event: event.start))
        return self._with_arguments(texts, events, vectors, batch.shapes, batch.present, thresholds.role_bias)

    def _with_arguments(
        self,
        texts: Sequence[Sequence[str]],
        events: list[list[FoundEvent]],
        vectors: Tensor,
        shapes: Tensor,
        present: Tensor,
        bias: float,
    ) -> list[list[FoundEvent]]:
        flat = [(row, event) for row, here in enumerate(events) for event in here]
        done: list[list[FoundEvent]] = [[] for _ in texts]
        for first in range(0, len(flat), _EVENTS):
            chosen = flat[first : first + _EVENTS]
            rows = torch.tensor([row for row, _ in chosen])
            roles = self.model.roles(
                vectors[rows],
                shapes[rows],
                present[rows],
                torch.tensor([event.start for _, event in chosen]),
                torch.tensor([event.end for _, event in chosen]),
                torch.tensor([self.labels.type_index(event.type) for _, event in chosen]),
            )
            masked = roles + torch.stack([self._mask(event.type) for _, event in chosen])[:, None, :]
            scores = rounded(torch.log_softmax(masked, dim=-1))
            leaning = scores.clone()
            leaning[..., 0] -= bias
            # Padding must not pull the path of the real tokens.
            leaning[~present[rows]] = 0.0
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


def _shifted(event: FoundEvent, offset: int) -> FoundEvent:
    if not offset:
        return event
    arguments = tuple(FoundArgument(a.start + offset, a.end + offset, a.role, a.confidence) for a in event.arguments)
    return FoundEvent(event.start + offset, event.end + offset, event.type, event.confidence, arguments)
