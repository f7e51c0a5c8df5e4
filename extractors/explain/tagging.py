"""What the event tagger thinks of every token, and of every token's role in an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from extractors.events.found import FoundEvent
from extractors.events.stems import stem
from extractors.events.tagger import MAX_TOKENS, EventTagger

_SHOWN = 3
Ranked = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEvidence:
    """Probabilities of being a trigger (of a trained type, of any news event), the likeliest types, and how often the
    dictionary saw the stem at all and as a trigger of which types."""

    typed: float
    news: float
    types: Ranked
    stem: str
    seen: int
    triggered: dict[str, int]


def token_evidence(tagger: EventTagger, tokens: Sequence[str]) -> list[TokenEvidence]:
    """One evidence a token of a sentence, in the pieces in which the tagger reads long sentences."""
    found: list[TokenEvidence] = []
    for offset in range(0, len(tokens), MAX_TOKENS):
        for told in tagger.explain(tokens[offset : offset + MAX_TOKENS]):
            seen, triggered = told["dictionary"]
            found.append(
                TokenEvidence(
                    typed=told["geneva"],
                    news=told["news"],
                    types=tuple(told["types"]),
                    stem=stem(told["token"]),
                    seen=seen,
                    triggered=dict(sorted(triggered.items())),
                )
            )
    return found


def role_evidence(tagger: EventTagger, tokens: Sequence[str], event: FoundEvent) -> list[Ranked]:
    """The likeliest roles of each token in an event of a sentence of ordinary length; ``-`` stands for none."""
    with torch.inference_mode():
        batch = tagger._batch([tokens])
        _, _, vectors = tagger.model.encode(batch)
        where = torch.tensor([event.start]), torch.tensor([event.end])
        kind = torch.tensor([tagger.labels.type_index(event.type)])
        scores = tagger.model.roles(vectors, batch.shapes, batch.present, *where, kind) + tagger._mask(event.type)
        return [_top(row, ("-", *tagger.labels.roles)) for row in torch.softmax(scores[0], dim=-1)]


def _top(probabilities: torch.Tensor, names: Sequence[str]) -> Ranked:
    values, places = probabilities.topk(min(_SHOWN, len(names)))
    return tuple((names[int(p)], round(float(v), 4)) for v, p in zip(values, places, strict=True))
