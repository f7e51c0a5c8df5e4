"""Any Hugging Face token classifier from a local folder: a label for each word of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ekg.errors import ConfigError, MissingError
from ekg.model import CharSpan
from extractors.backends.labels import LabelledSpan, spans_of

if TYPE_CHECKING:
    from torch import Tensor

_LONGEST = 512
_BATCH = 8
_NAMELESS = re.compile(r"LABEL_\d+")
_FILES = ("config.json", "tokenizer.json")


def classifier_folder(folder: str, option: str) -> Path:
    """Check that a folder holds a token classifier, without loading it.

    Raises:
        MissingError: the folder or one of its files is missing.
    """
    path = Path(folder)
    if not path.is_dir():
        raise MissingError(f"option '{option}': no folder {path}", hint="models are read from disk, never downloaded")
    for name in _FILES:
        if not (path / name).is_file():
            raise MissingError(f"option '{option}': {path} has no {name}", hint="save model and tokenizer there")
    if not sorted(path.glob("*.safetensors")):
        raise MissingError(
            f"option '{option}': {path} has no weights as safetensors", hint="pickled weights (.bin, .pt) are not read"
        )
    return path


class TokenClassifier:
    """A loaded classifier; no code from its folder runs and nothing is downloaded.

    Args:
        folder: as ``save_pretrained`` writes it, with ``tokenizer.json`` and weights as safetensors.
        option: the option that names it, for messages.
        given: label map; a whole label ("B-PER", "LABEL_3") in it is replaced, prefix and all.

    Raises:
        MissingError: files are missing or cannot be loaded.
        ConfigError: it is no token classifier, or its labels say nothing and the map does not tell them.
    """

    def __init__(self, folder: str, option: str, given: Mapping[str, str]) -> None:
        path = classifier_folder(folder, option)

        import torch
        from transformers import AutoModelForTokenClassification, AutoTokenizer
        from transformers.utils import logging

        quiet: Callable[[], None] = logging.disable_progress_bar
        quiet()
        options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(path, **options)
            model, loading = AutoModelForTokenClassification.from_pretrained(
                path, use_safetensors=True, output_loading_info=True, dtype=torch.float32, **options
            )
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise MissingError(f"option '{option}': {path} cannot be loaded: {first}") from error
        absent = sorted(loading["missing_keys"])
        if absent:
            raise ConfigError(
                f"option '{option}': {path} is no token classifier: it has no weights for {', '.join(absent[:3])}"
            )
        if not self._tokenizer.is_fast:
            raise ConfigError(f"option '{option}': the tokenizer of {path} gives no offsets", hint="tokenizer.json")
        self._model: Any = model.eval()
        raw = {int(number): str(label) for number, label in model.config.id2label.items()}
        self._labels = [given.get(raw[number], raw[number]) for number in sorted(raw)]
        nameless = [label for label in self._labels if _NAMELESS.fullmatch(label)]
        if nameless:
            raise ConfigError(
                f"option '{option}': the labels of {path} say nothing ({', '.join(nameless[:3])})",
                hint=f"set '{option.removesuffix('-model')}-labels', such as 'LABEL_0=O, LABEL_1=B-person'",
            )
        limits = [_LONGEST, int(self._tokenizer.model_max_length)]
        positions = getattr(model.config, "max_position_embeddings", None)
        if isinstance(positions, int) and positions > 2:
            # RoBERTa numbers positions from 2 on.
            limits.append(positions - 2)
        self._longest = max(8, min(limits))

    @property
    def names(self) -> tuple[str, ...]:
        """The classes of its labels, as they are after the map."""
        from extractors.backends.labels import split_prefix

        return tuple(sorted({split_prefix(label)[1] for label in self._labels} - {""}))

    def spans(self, text: str, words: Sequence[CharSpan]) -> list[LabelledSpan]:
        """Labelled spans of words of a text, from the label of each word's first piece.

        Longer texts go through the model in windows that overlap by half; a piece counts where it is furthest from the
        edges of a window.

        Args:
            text: the text.
            words: characters of each word, in order.
        """
        pieces = self._pieces(text)
        labels: list[str] = []
        scores: list[float] = []
        place = 0
        for start, end in words:
            while place < len(pieces) and pieces[place][1] <= start:
                place += 1
            if place < len(pieces) and pieces[place][0] < end:
                labels.append(self._labels[pieces[place][2]])
                scores.append(pieces[place][3])
            else:
                # Not a piece of it (a control character): it carries no label.
                labels.append("O")
                scores.append(1.0)
        return spans_of(labels, scores)

    def _pieces(self, text: str) -> list[tuple[int, int, int, float]]:
        """Start, end, best label and its probability, rounded, of every piece of a text."""
        windows = self._tokenizer(
            text,
            truncation=True,
            max_length=self._longest,
            stride=(self._longest - 4) // 2,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        best: dict[CharSpan, tuple[int, int, float]] = {}
        ids = windows["input_ids"]
        for first in range(0, len(ids), _BATCH):
            chosen = range(first, min(first + _BATCH, len(ids)))
            probable, kinds = self._scores([ids[number] for number in chosen])
            for row, number in enumerate(chosen):
                length = len(ids[number])
                for place, (start, end) in enumerate(windows["offset_mapping"][number]):
                    while start < end and text[start].isspace():
                        start += 1
                    if start == end or windows["special_tokens_mask"][number][place]:
                        continue
                    depth = min(place, length - 1 - place)
                    if (start, end) not in best or best[start, end][0] < depth:
                        best[start, end] = (depth, int(kinds[row, place]), round(float(probable[row, place]), 4))
        return [(*span, kind, score) for span, (_, kind, score) in sorted(best.items())]

    def _scores(self, windows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Probability and number of the best label of each piece, shape ``(windows, pieces)``."""
        import torch

        width = max(len(window) for window in windows)
        padding = self._tokenizer.pad_token_id or 0
        ids = torch.full((len(windows), width), padding, dtype=torch.long)
        mask = torch.zeros((len(windows), width), dtype=torch.long)
        for row, window in enumerate(windows):
            ids[row, : len(window)] = torch.tensor(list(window))
            mask[row, : len(window)] = 1
        with torch.inference_mode():
            logits = self._model(input_ids=ids, attention_mask=mask).logits
        scores = torch.round(torch.softmax(logits, dim=-1), decimals=4).max(dim=-1)
        return scores.values, scores.indices
