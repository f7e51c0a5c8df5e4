"""Which models extraction uses, read from the options and checked before anything is loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ekg.config import Settings, load_settings
from ekg.errors import ConfigError

if TYPE_CHECKING:
    from extractors.config import ExtractConfig

PARTS = ("sentences", "tags", "parse", "names")
"""What a spaCy pipeline can give, beside tokens."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmChoice:
    """An OpenAI-compatible endpoint and how it may be used.

    Args:
        url: base address, such as ``https://host/v1``, without a slash at the end.
        model: the model's name there.
        key_variable: environment variable with the key; it may be unset where the server wants none.
        key_file: file with the key instead.
        seed: passed with every request, beside temperature 0.
        types: event types asked about in a sentence at most.
        timeout: seconds a request may take in all.
        retries: further tries of a request after a failure that may pass.
        concurrency: requests at once, over all processes that share the cache.
        max_requests: requests a build may send; 0 is no limit.
        max_tokens: tokens a build may use; 0 is no limit.
        cache: folder of stored replies.
    """

    url: str
    model: str
    key_variable: str = "EKG_LLM_API_KEY"
    key_file: str | None = None
    seed: int = 13
    types: int = 8
    timeout: float = 60.0
    retries: int = 4
    concurrency: int = 4
    max_requests: int = 20_000
    max_tokens: int = 20_000_000
    cache: str = ".ekg-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Models in place of ours; the default is none.

    Args:
        nlp: spaCy pipeline, by the name of its package or by path.
        nlp_parts: what is taken from it; empty is all that it gives.
        names_model: folder of a Hugging Face token classifier for named entities.
        names_labels: labels of these models to our classes, as ``LABEL=class, …``; ``-`` drops a label.
        triggers_model: folder of a Hugging Face token classifier for event triggers.
        triggers_labels: its labels to event types, in the same form.
        llm: endpoint that proposes events.
    """

    nlp: str | None = None
    nlp_parts: tuple[str, ...] = ()
    names_model: str | None = None
    names_labels: str = ""
    triggers_model: str | None = None
    triggers_labels: str = ""
    llm: LlmChoice | None = None


def configured() -> ExtractConfig:
    """The configuration of extraction that ``ekg.toml``, the environment and the flags ask for.

    Raises:
        ConfigError: an option has a wrong value; the message names it and where it was set.
        DataError: the link table has a wrong row; the message names file and line.
    """
    from extractors.config import ExtractConfig
    from extractors.linking.link_table import chosen_table

    settings = load_settings()
    origin = next((setting.origin for option, setting in settings.items() if option.name == "link-table"), "")
    links = chosen_table(settings["link-table"], f"{origin}: option 'link-table'")
    return ExtractConfig(choice=choice_of(settings), link_table=links)


def choice_of(settings: Settings) -> Choice:
    """The models that the options ask for.

    Raises:
        ConfigError: a wrong value, or options that make no sense without another.
    """
    from extractors.backends.labels import read_label_map

    origins = {option.name: setting.origin for option, setting in settings.items()}
    for name in ("names-labels", "triggers-labels"):
        if settings[name]:
            read_label_map(settings[name], f"{origins[name]}: option '{name}'")
    parts = tuple(part.strip() for part in (settings["nlp-parts"] or "").split(",") if part.strip())
    wrong = [part for part in parts if part not in PARTS]
    if wrong:
        raise ConfigError(
            f"{origins['nlp-parts']}: option 'nlp-parts' has no part '{wrong[0]}'", hint=f"there are {', '.join(PARTS)}"
        )
    return Choice(
        nlp=settings["nlp"] or None,
        nlp_parts=tuple(part for part in PARTS if part in parts),
        names_model=settings["names-model"] or None,
        names_labels=settings["names-labels"] or "",
        triggers_model=settings["triggers-model"] or None,
        triggers_labels=settings["triggers-labels"] or "",
        llm=_llm(settings, origins) if settings["llm-url"] else None,
    )


def _llm(settings: Settings, origins: dict[str, str]) -> LlmChoice:
    if not settings["llm-model"]:
        raise ConfigError(
            f"{origins['llm-url']}: option 'llm-url' needs 'llm-model'", hint="name the model that the endpoint serves"
        )
    if not _VARIABLE.fullmatch(settings["llm-key-variable"]):
        # The value is not repeated: people put the key itself here.
        raise ConfigError(
            f"{origins['llm-key-variable']}: option 'llm-key-variable' wants the name of an environment variable",
            hint="never the key itself",
        )
    return LlmChoice(
        url=checked_url(settings["llm-url"], f"{origins['llm-url']}: option 'llm-url'", settings["llm-allow-http"]),
        model=settings["llm-model"],
        key_variable=settings["llm-key-variable"],
        key_file=settings["llm-key-file"] or None,
        seed=settings["seed"],
        types=settings["llm-types"],
        timeout=settings["llm-timeout"],
        retries=settings["llm-retries"],
        concurrency=settings["llm-concurrency"],
        max_requests=settings["llm-max-requests"],
        max_tokens=settings["llm-max-tokens"],
        cache=str(Path(settings["cache"])),
    )


def checked_url(url: str, where: str, allow_http: bool) -> str:
    """The base address of an endpoint, without what a request appends.

    Raises:
        ConfigError: no http(s) address, one with a password or a query in it, or plain http to another machine.

    >>> checked_url("http://127.0.0.1:8080/v1/chat/completions", "", False)
    'http://127.0.0.1:8080/v1'
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or re.search(r"[\s\x00-\x1f]", url.strip()):
        raise ConfigError(f"{where} is not an http(s) address", hint="such as https://host/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigError(
            f"{where} must not hold a user, a password or a query", hint="the key goes into a variable or a file"
        )
    if parts.scheme == "http" and not _LOOPBACK.fullmatch(host) and not allow_http:
        raise ConfigError(
            f"{where}: plain http to {host} would send documents and the key unencrypted",
            hint="use https, or set llm-allow-http = true",
        )
    path = parts.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"
