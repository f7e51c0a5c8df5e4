"""Settings of an alignment."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from ekg.errors import ConfigError

Cardinality = Literal["1:1", "1:n", "n:m"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignConfig:
    """How to align; the defaults are what the benchmark uses.

    Args:
        block_k: candidates that each blocking channel keeps of a name.
        structure_k: candidates that structure keeps of a node.
        rounds: rounds of structural bootstrapping, at most.
        encoder: folder of a sentence encoder for names (a Hugging Face model as ``save_pretrained`` writes it); without
            one only spelling and what links teach count.
        literals: whether names, types and the nodes' own times count.
        structure: whether facts count.
        learn: whether seeds teach a scorer; without it they are anchors only.
        message_passing: whether the similarity of propagated neighbourhoods (torch-geometric) is a feature too, where
            there are the 600 seeds that weigh it.
        network: whether a network trained on anchors gives that similarity, instead of plain propagation.
        partitions: in how many parts the network is trained, where a graph does not fit.
        dimensions: width of the propagated vectors.
        review: probability from which a link that is not good enough to merge is worth a look.
    """

    block_k: int = 15
    structure_k: int = 10
    rounds: int = 6
    encoder: str = ""
    literals: bool = True
    structure: bool = True
    learn: bool = True
    message_passing: bool = True
    network: bool = False
    partitions: int = 1
    dimensions: int = 256
    review: float = 0.25

    def __post_init__(self) -> None:
        for name in ("block_k", "structure_k", "rounds", "partitions", "dimensions"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0.0 <= self.review <= 1.0:
            raise ConfigError(f"review must lie in 0 to 1, not {self.review}")

    def settings(self) -> dict[str, float | int | str | bool | None]:
        """All values by name."""
        return asdict(self)
