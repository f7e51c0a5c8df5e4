"""``ekg bench fivew``: who, what, when and where of an article's main event against Giveme5W1H's gold articles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ekg.errors import DataError

if TYPE_CHECKING:
    from extractors.answers import Answers

Results = dict[str, Any]
QUESTIONS = ("who", "what", "when", "where")
_ARTICLES = frozenset({"a", "an", "the"})


class _Phrase(msgspec.Struct):
    text: str = ""
    parsed: str | None = None


class _Question(msgspec.Struct):
    annotated: list[_Phrase] = []


class _Article(msgspec.Struct, rename={"id": "dId", "asked": "fiveWoneH"}):
    id: str
    text: str
    title: str | None = None
    date_publish: str | None = None
    asked: dict[str, _Question] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldArticle:
    """An article with the phrases that annotators accept for each question, and days that answer ``when``."""

    id: str
    text: str
    title: str | None
    published: str | None
    phrases: Mapping[str, tuple[str, ...]]
    days: tuple[str, ...]


def read_gold(folder: Path) -> list[GoldArticle]:
    """The articles of a folder of Giveme5W1H's gold standard, by file name.

    Raises:
        DataError: the folder has none, or a file is not one; the message names the field.
    """
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            article = msgspec.json.decode(path.read_bytes(), type=_Article)
        except msgspec.DecodeError as error:
            raise DataError(f"not a gold article: {error}", path=path) from error
        asked = article.asked
        phrases = {
            name: tuple(p.text for p in asked[name].annotated if words_of(p.text)) if name in asked else ()
            for name in QUESTIONS
        }
        parsed = [p.parsed for p in asked["when"].annotated if p.parsed] if "when" in asked else []
        found.append(
            GoldArticle(
                id=article.id,
                text=article.text,
                title=article.title,
                published=article.date_publish.replace(" ", "T") if article.date_publish else None,
                phrases=phrases,
                days=tuple(day[:10] for day in parsed),
            )
        )
    if not found:
        raise DataError("no gold articles", path=folder, hint="set EKG_DATA to the folder of the corpora")
    return found


def run(data: Path, *, seed: int = 13) -> Results:
    """Measure the main event's answers, and those of floors that know nothing of events.

    For each question the best of the accepted phrases counts. ``token F1``: overlap of words (lower case, without
    articles and punctuation); ``head``: share of articles in which the answer holds the syntactic head of an accepted
    phrase; ``answered``: share with an answer. ``date exact``: the answer's interval is the annotated day.

    Args:
        data: folder of the corpora, with ``giveme5w1h-gold/``.
        seed: unused, since nothing here is random; kept so that all benchmarks are called alike.

    Raises:
        DataError: the gold articles are missing.
        MissingError: the weights are missing.
    """
    from ekg.model import Document
    from extractors import extract
    from extractors.answers import Answers, first_sentence_answers, main_event_answers

    articles = read_gold(data / "giveme5w1h-gold")
    answers: dict[str, list[Answers]] = {name: [] for name in ("main event", "text alone", "first sentence", "title")}
    for article in articles:
        document = Document(id=article.id, text=article.text, title=article.title, published=article.published)
        title = Document(id=article.id, text=article.title or "", published=article.published)
        record = extract(document)
        answers["main event"].append(main_event_answers(document, record, extract(title)))
        answers["text alone"].append(main_event_answers(document, record))
        answers["first sentence"].append(first_sentence_answers(document))
        answers["title"].append(first_sentence_answers(title))
    days = [Answers(phrases={}, day=article.published[:10] if article.published else None) for article in articles]
    return {
        "articles": len(articles),
        "main event, with the title": scores(articles, answers["main event"]),
        "main event, text alone": scores(articles, answers["text alone"]),
        "floor: first sentence": scores(articles, answers["first sentence"]),
        "floor: title": scores(articles, answers["title"]),
        "floor: day of publication, date exact": scores(articles, days)["when"]["date exact"],
    }


def scores(articles: Sequence[GoldArticle], answers: Sequence[Answers]) -> Results:
    """Scores by question; only articles with an accepted phrase for it count."""
    results: Results = {}
    for question in QUESTIONS:
        pairs = [
            (answer.phrases.get(question, ""), article.phrases[question])
            for article, answer in zip(articles, answers, strict=True)
            if article.phrases[question]
        ]
        results[question] = {
            "articles": len(pairs),
            "token F1": _mean([max(token_f1(given, gold) for gold in accepted) for given, accepted in pairs]),
            "head": _mean([float(any(holds_head(given, gold) for gold in accepted)) for given, accepted in pairs]),
            "answered": _mean([float(bool(given)) for given, _ in pairs]),
        }
    dated = [(answer.day, article.days) for article, answer in zip(articles, answers, strict=True) if article.days]
    results["when"]["date exact"] = _mean([float(day in days) for day, days in dated])
    results["when"]["articles with a date"] = len(dated)
    return results


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def words_of(text: str) -> list[str]:
    """Lower-case words without articles.

    >>> words_of("The tram, in Croydon")
    ['tram', 'in', 'croydon']
    """
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if word not in _ARTICLES]


def token_f1(given: str, gold: str) -> float:
    """Overlap of words as F1, each word as often as it occurs.

    >>> token_f1("the tram crash", "tram crash in Croydon")
    0.6667
    """
    left, right = words_of(given), words_of(gold)
    shared = sum(min(left.count(word), right.count(word)) for word in set(left))
    return round(2 * shared / (len(left) + len(right)), 4) if left and right else 0.0


def holds_head(given: str, gold: str) -> bool:
    """Whether an answer has the word on which the others of an accepted phrase hang."""
    from extractors.nlp import parse
    from extractors.tree import head_of

    tokens = [token for token in parse(gold) if not token.is_space]
    return bool(tokens) and head_of(tokens).lower_ in {word.lower() for word in re.findall(r"[^\W_]+", given)}
