"""Requests to an OpenAI-compatible endpoint: stored replies, retries, budget, and what servers differ in."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ekg.errors import ConfigError, MissingError
from ekg.ids import digest
from extractors.backends.choice import LlmChoice
from extractors.llm.failure import LlmError
from extractors.llm.http import Reply, post
from extractors.llm.store import ReplyStore

Message = dict[str, str]
Answer = TypeVar("Answer")

MAX_TOKENS = 2000
"""Tokens of an answer at most."""
_BACKOFF = 0.5
_LONGEST_WAIT = 60.0
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_GIVE_UP_AFTER = 3
_FORMS = ("json_schema", "json_object", "none")
_TIMEOUTS = 1
_FINAL = ("HTTP 401", "HTTP 403", "HTTP 404", "HTTP 405", "HTTP 3")


def read_key(choice: LlmChoice) -> str:
    """The key from the file or the variable; empty where there is none.

    Raises:
        MissingError: the file cannot be read.
        ConfigError: the key holds what no header can carry; it is not shown.
    """
    if choice.key_file:
        try:
            key = Path(choice.key_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not text"
            raise MissingError(f"option 'llm-key-file': {choice.key_file} cannot be read: {reason}") from error
        where = f"option 'llm-key-file': {choice.key_file}"
    else:
        key, where = os.environ.get(choice.key_variable, "").strip(), choice.key_variable
    if not (key.isascii() and key.isprintable()):
        raise ConfigError(f"{where} does not hold a key in one line of ASCII")
    return key


class LlmClient:
    """An endpoint with the rules of its use; safe for threads.

    Args:
        choice: the endpoint.
        sleep: waits between tries.

    Raises:
        ConfigError: the cache cannot be used, or the key cannot.
        MissingError: the key's file is not there.
    """

    def __init__(self, choice: LlmChoice, sleep: Callable[[float], None] = time.sleep) -> None:
        self._choice = choice
        self._key = read_key(choice)
        self._store = ReplyStore(Path(choice.cache))
        self._sleep = sleep
        self._lock = threading.Lock()
        self._manner = _Manner()
        self._failures = 0
        self._closed: LlmError | None = None

    def ask(
        self, messages: Sequence[Message], schema: Mapping[str, Any], wanted: type[Answer]
    ) -> tuple[Answer, str, bool]:
        """Ask for an answer of a form.

        Args:
            messages: the conversation.
            schema: JSON schema that the server is given.
            wanted: msgspec type that the answer must decode to.

        Returns:
            The answer, its text, and whether it came from the store.

        Raises:
            LlmError: no answer, or one that is not of the form; such an answer is not stored.
        """
        key = digest(
            "llm", self._choice.url, self._choice.model, self._choice.seed, json.dumps([list(messages), dict(schema)])
        )
        stored = self._store.get(key)
        if stored is not None:
            return decoded(stored, wanted), stored, True
        content = self.exchange(messages, schema)
        try:
            answer = decoded(content, wanted)
        except LlmError as failure:
            raise LlmError(failure.code, failure.message, content) from None
        self._store.put(key, content)
        return answer, content, False

    def exchange(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """The content of the model's message, after as many tries as are allowed, past the store.

        Raises:
            LlmError: no answer.
        """
        tries = timeouts = 0
        manner = self._manner
        while True:
            if self._closed is not None:
                raise self._closed
            try:
                content = self._once(messages, schema, manner)
            except _RetryError as again:
                failure = again.failure
                timeouts += failure.code == "llm_timeout"
                wait = again.wait if again.wait is not None else _BACKOFF * 2**tries
                over = tries >= self._choice.retries or timeouts > _TIMEOUTS or wait > _LONGEST_WAIT
                tries += 1
                if over:
                    self._count(failure)
                    raise failure from None
                self._sleep(wait)
            except _AdaptError as adapted:
                manner = adapted.manner
            except LlmError as failure:
                self._count(failure)
                raise
            else:
                with self._lock:
                    self._failures, self._manner = 0, manner
                return content

    def _count(self, failure: LlmError) -> None:
        """Leave the endpoint alone after some failures in a row, or at once where no later request can fare better."""
        if failure.code == "llm_nonsense":
            return
        with self._lock:
            self._failures += 1
            final = failure.code == "llm_budget" or failure.message.startswith(_FINAL)
            if self._closed is None and (final or self._failures >= _GIVE_UP_AFTER):
                self._closed = LlmError(failure.code, f"{failure.message}; not asked again by this process")

    def _once(self, messages: Sequence[Message], schema: Mapping[str, Any], manner: _Manner) -> str:
        choice = self._choice
        if not self._store.reserve(choice.max_requests, choice.max_tokens):
            requests, tokens = self._store.spent()
            raise LlmError(
                "llm_budget",
                f"the budget of this build is used up ({requests} requests, {tokens} tokens): "
                "see llm-max-requests and llm-max-tokens",
            )
        body = json.dumps(self._body(messages, schema, manner)).encode()
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        with self._store.slot(choice.concurrency):
            try:
                reply = post(f"{choice.url}/chat/completions", body, headers, choice.timeout)
            except LlmError as failure:
                if failure.code == "llm_nonsense":
                    raise
                raise _RetryError(failure) from None
        if reply.status != 200:
            self._refused(reply, manner)
        return self._content(reply, len(body))

    def _body(self, messages: Sequence[Message], schema: Mapping[str, Any], manner: _Manner) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self._choice.model, "messages": list(messages), "stream": False}
        if "temperature" not in manner.left_out:
            body["temperature"] = 0
        if "seed" not in manner.left_out:
            body["seed"] = self._choice.seed
        body["max_completion_tokens" if "max_tokens" in manner.left_out else "max_tokens"] = MAX_TOKENS
        if _FORMS[manner.form] == "json_schema":
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(schema)},
            }
        elif _FORMS[manner.form] == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    def _refused(self, reply: Reply, manner: _Manner) -> None:
        """Try again, adapt to what the server does not know, or give up."""
        said = self._said(reply)
        detail = f"HTTP {reply.status}{f': {said}' if said else ''}"
        if reply.status == 429:
            raise _RetryError(LlmError("llm_rate_limited", detail), _retry_after(reply.headers.get("retry-after")))
        if reply.status in _AGAIN:
            raise _RetryError(LlmError("llm_error", detail), _retry_after(reply.headers.get("retry-after")))
        if reply.status in {400, 422}:
            for name in ("max_tokens", "temperature", "seed"):
                if name in said and name not in manner.left_out:
                    raise _AdaptError(_Manner(manner.form, manner.left_out | {name}))
            if manner.form + 1 < len(_FORMS):
                raise _AdaptError(_Manner(manner.form + 1, manner.left_out))
        raise LlmError("llm_error" if reply.status >= 500 else "llm_refused", detail)

    def _said(self, reply: Reply) -> str:
        """The server's own words, short, in one line, without the key."""
        try:
            error = json.loads(reply.body).get("error", "")
            text = str(error.get("message", "")) if isinstance(error, dict) else str(error)
        except (ValueError, AttributeError):
            text = ""
        if self._key:
            text = text.replace(self._key, "…")
        return "".join(char if char.isprintable() else " " for char in text)[:200]

    def _content(self, reply: Reply, sent: int) -> str:
        try:
            answer = json.loads(reply.body)
            content = answer["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            kind = reply.headers.get("content-type", "no content type").split(";")[0][:40]
            problem = LlmError("llm_nonsense", f"the endpoint's reply is not a chat completion ({kind})")
            raise _RetryError(problem) from None
        usage = answer.get("usage")
        total = usage.get("total_tokens") if isinstance(usage, dict) else None
        # Servers that do not count are counted at four bytes a token.
        self._store.spend(total if isinstance(total, int) and total > 0 else (sent + len(reply.body)) // 4)
        if not isinstance(content, str):
            raise LlmError("llm_nonsense", "the model's message has no text")
        return content


class _Ready(msgspec.Struct):
    ready: bool


def check_endpoint(choice: LlmChoice) -> str:
    """Ask the endpoint for one short answer, without retries and without the store's budget.

    Raises:
        MissingError: it does not answer as it should; the message says why.
    """
    key = "with a key" if read_key(choice) else f"without a key ({choice.key_variable} is not set)"
    client = LlmClient(replace(choice, retries=0, timeout=min(choice.timeout, 20.0), max_requests=0, max_tokens=0))
    question = [{"role": "user", "content": 'Answer with the JSON object {"ready": true}.'}]
    schema = {
        "type": "object",
        "properties": {"ready": {"type": "boolean"}},
        "required": ["ready"],
        "additionalProperties": False,
    }
    try:
        decoded(client.exchange(question, schema), _Ready)
    except LlmError as error:
        raise MissingError(f"{choice.url}, model {choice.model}, {key}: {error}") from None
    return f"{choice.url}: {choice.model} answers, {key}"


@dataclass(frozen=True, slots=True)
class _Manner:
    """How requests are put: which way of asking for JSON, and which parameters are left out."""

    form: int = 0
    left_out: frozenset[str] = frozenset()


class _RetryError(Exception):
    """A failure that may pass, and the seconds that the server asks to wait."""

    def __init__(self, failure: LlmError, wait: float | None = None) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.wait = wait


class _AdaptError(Exception):
    """The next try is put in another manner."""

    def __init__(self, manner: _Manner) -> None:
        super().__init__()
        self.manner = manner


def decoded(content: str, wanted: type[Answer]) -> Answer:
    """The JSON object in a model's message, with or without a fence or thoughts around it.

    Raises:
        LlmError: ``llm_nonsense``: there is none, or not of the wanted form.
    """
    start, end = content.find("{", content.rfind("</think>") + 1), content.rfind("}")
    try:
        return msgspec.json.decode(content[max(start, 0) : end + 1].encode("utf-8", "replace"), type=wanted)
    except (msgspec.DecodeError, RecursionError) as error:
        raise LlmError("llm_nonsense", f"the answer is not of the form asked for: {str(error)[:120]}") from None


def _retry_after(header: str | None) -> float | None:
    """Seconds that a server asks to wait, from a number or a date.

    >>> _retry_after("3"), _retry_after("soon")
    (3.0, None)
    """
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
