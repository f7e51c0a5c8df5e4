"""Requests to a model's endpoint that works, is down, slow, rate-limited, out of order or talks nonsense."""

from __future__ import annotations

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ekg.errors import ConfigError, MissingError
from extractors.backends import LlmChoice
from extractors.llm.client import LlmClient, check_endpoint, decoded
from extractors.llm.failure import LlmError
from extractors.llm.store import RUN, ReplyStore
from tests.llm_server import Raw, Server, completion, failure, serving

QUESTION = [{"role": "user", "content": "Is it?"}]
SCHEMA = {"type": "object"}
SECRET = "sk-very-secret-1234"


class Yes(msgspec.Struct):
    yes: bool


def choice(server: Server | str, cache: Path, **options: Any) -> LlmChoice:
    url = server if isinstance(server, str) else server.url
    return LlmChoice(url=url, model="tiny", cache=str(cache), **{"timeout": 60.0, **options})


class Waits(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def ask(client: LlmClient, question: str = "Is it?") -> Yes:
    return client.ask([{"role": "user", "content": question}], SCHEMA, Yes)[0]


def refused(client: LlmClient) -> LlmError:
    with pytest.raises(LlmError) as caught:
        ask(client)
    return caught.value


def test_an_answer_is_asked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKG_LLM_API_KEY", SECRET)
    with serving(lambda request: completion({"yes": True})) as server:
        for _ in range(2):
            assert ask(LlmClient(choice(server, tmp_path))).yes
        assert not LlmClient(choice(server, tmp_path, seed=14)).ask(QUESTION, SCHEMA, Yes)[2]
    assert len(server.requests) == 2
    request = server.requests[0]
    assert (request["temperature"], request["seed"], request["stream"]) == (0, 13, False)
    assert request["response_format"]["type"] == "json_schema"
    assert server.authorizations == [f"Bearer {SECRET}"] * 2
    stored = (tmp_path / "llm" / "replies.sqlite").read_bytes()
    assert SECRET.encode() not in stored


def test_down(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    waits = Waits()
    client = LlmClient(choice(f"http://127.0.0.1:{port}/v1", tmp_path, retries=3), waits)
    assert refused(client).code == "llm_down"
    assert waits == [0.5, 1.0, 2.0]
    for _ in range(2):
        refused(client)
    waits.clear()
    assert "not asked again" in refused(client).message
    assert waits == []


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_slow_and_dripping(tmp_path: Path, version: str) -> None:
    release = threading.Event()
    with serving(lambda request: Raw(b"{}", wait=release)) as server:
        waits = Waits()
        client = LlmClient(choice(server, tmp_path, timeout=0.2), waits)
        assert refused(client).code == "llm_timeout"
        # Tried once more, and not again; how much of both the server came to see is a matter of its speed.
        assert waits == [0.5]
        release.set()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stopped = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    connection.sendall(f"HTTP/{version} 200 OK\r\nContent-Length: 100000\r\n\r\n".encode())
                    while not stopped.wait(0.01):
                        connection.sendall(b" ")
                except OSError:
                    return  # this try is over; the other one drips on

        threads = [threading.Thread(target=drip) for _ in range(2)]
        for thread in threads:
            thread.start()
        port = listener.getsockname()[1]
        failed = refused(LlmClient(choice(f"http://127.0.0.1:{port}/v1", tmp_path, timeout=0.3), Waits()))
        stopped.set()
        for thread in threads:
            thread.join()
    assert failed.code == "llm_timeout"


def test_rate_limits_are_kept(tmp_path: Path) -> None:
    replies = [failure(429, "slow down", Retry_After="3"), failure(503, "busy"), completion({"yes": True})]
    with serving(lambda request: replies.pop(0)) as server:
        waits = Waits()
        assert ask(LlmClient(choice(server, tmp_path), waits)).yes
        assert waits == [3.0, 1.0]
        server.brain = lambda request: failure(429, "come back tomorrow", Retry_After="86400")
        waits.clear()
        failed = refused(LlmClient(choice(server, tmp_path, seed=1), waits))
    assert (failed.code, waits) == ("llm_rate_limited", [])
    assert "come back tomorrow" in failed.message


def test_server_errors(tmp_path: Path) -> None:
    with serving(lambda request: failure(500, "boom")) as server:
        waits = Waits()
        assert refused(LlmClient(choice(server, tmp_path, retries=2), waits)).code == "llm_error"
    assert (waits, len(server.requests)) == ([0.5, 1.0], 3)


@pytest.mark.parametrize(
    "reply",
    [
        Raw(b"<html>Welcome</html>", headers={"Content-Type": "text/html"}),
        Raw(b'{"choices": [{"mess'),
        Raw(b'{"choices": []}'),
        Raw(b'{"choices": [{"message": {"content": null}}]}'),
        Raw(b"[" * 50_000),
        completion("no JSON at all"),
        completion('{"yes": tr'),
        completion({"yes": "maybe"}),
        completion("[1]"),
        Raw(b""),
    ],
)
def test_nonsense(tmp_path: Path, reply: Raw) -> None:
    with serving(lambda request: reply) as server:
        client = LlmClient(choice(server, tmp_path, retries=1), Waits())
        assert refused(client).code == "llm_nonsense"
        server.brain = lambda request: completion({"yes": True})
        assert ask(client).yes


def test_a_reply_that_breaks_off(tmp_path: Path) -> None:
    with serving(lambda request: Raw(b'{"choices"', announced=500)) as server:
        assert refused(LlmClient(choice(server, tmp_path, retries=1), Waits())).code == "llm_down"
    assert len(server.requests) == 2


def test_an_endless_reply_is_not_read(tmp_path: Path) -> None:
    with serving(lambda request: Raw(b" " * 4_100_000)) as server:
        assert "more than" in refused(LlmClient(choice(server, tmp_path), Waits())).message


def test_servers_without_schemas_or_seeds(tmp_path: Path) -> None:
    def brain(request: dict[str, Any]) -> Raw:
        if request.get("response_format", {}).get("type") == "json_schema":
            return failure(400, "response_format of type json_schema is not supported")
        if "seed" in request:
            return failure(400, "Unsupported parameter: 'seed'")
        if "max_tokens" in request:
            return failure(400, "Unsupported parameter: 'max_tokens'; use 'max_completion_tokens'")
        return completion('<think>{"yes": false}?</think>\n```json\n{"yes": true}\n```')

    with serving(brain) as server:
        client = LlmClient(choice(server, tmp_path), Waits())
        assert ask(client).yes
        assert len(server.requests) == 4
        assert ask(client, "And now?").yes
        assert len(server.requests) == 5
    assert server.requests[-1]["response_format"] == {"type": "json_object"}
    assert "max_completion_tokens" in server.requests[-1]


def test_a_refused_key_is_said_once_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", SECRET)
    with serving(lambda request: failure(401, f"Incorrect API key provided: {SECRET}\nbye")) as server:
        client = LlmClient(choice(server, tmp_path, key_variable="MY_KEY"), Waits())
        for _ in range(3):
            failed = refused(client)
            assert failed.code == "llm_refused"
            assert SECRET not in failed.message
            assert "\n" not in failed.message
        with pytest.raises(MissingError, match="with a key: llm_refused: HTTP 401") as caught:
            check_endpoint(choice(server, tmp_path, key_variable="MY_KEY"))
        assert SECRET not in str(caught.value)
    assert len(server.requests) == 2


def test_a_request_that_one_sentence_spoils_does_not_close_the_endpoint(tmp_path: Path) -> None:
    with serving(lambda request: failure(400, "context too long")) as server:
        client = LlmClient(choice(server, tmp_path), Waits())
        assert refused(client).code == "llm_refused"
        server.brain = lambda request: completion({"yes": True})
        assert ask(client).yes
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


def test_redirects_are_not_followed(tmp_path: Path) -> None:
    with serving(lambda request: completion({"yes": True})) as other:
        reply = Raw(b"", 307, {"Location": other.url + "/chat/completions"})
        with serving(lambda request: reply) as server:
            assert refused(LlmClient(choice(server, tmp_path), Waits())).code == "llm_refused"
    assert other.requests == []


def test_the_budget_of_a_build_holds_over_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RUN, "build-1")
    with serving(lambda request: completion({"yes": True})) as server:
        first, second = (LlmClient(choice(server, tmp_path, max_requests=3), Waits()) for _ in range(2))
        for number in range(3):
            ask(first if number % 2 else second, f"Is it {number}?")
        failed = refused(first)
        assert failed.code == "llm_budget"
        assert "3 requests, 300 tokens" in failed.message
        assert ask(first, "Is it 1?").yes  # from the store
        monkeypatch.setenv(RUN, "build-2")
        assert ask(LlmClient(choice(server, tmp_path, max_requests=3), Waits())).yes
        monkeypatch.setenv(RUN, "build-3")
        client = LlmClient(choice(server, tmp_path, max_tokens=150, seed=2), Waits())
        for number in range(2):
            ask(client, f"Is it {number}?")
        assert refused(client).code == "llm_budget"


def test_requests_at_once_are_limited(tmp_path: Path) -> None:
    release = threading.Event()

    def brain(request: dict[str, Any]) -> Raw:
        return Raw(completion({"yes": True}).body, wait=release)

    with serving(brain) as server:
        clients = [LlmClient(choice(server, tmp_path, concurrency=2), Waits()) for _ in range(2)]
        with ThreadPoolExecutor(8) as pool:
            jobs = [pool.submit(ask, clients[n % 2], f"Is it {n}?") for n in range(8)]
            threading.Timer(0.3, release.set).start()
            assert all(job.result().yes for job in jobs)
    assert server.busiest == 2


def test_cache_and_key_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be made"):
        ReplyStore(tmp_path / "file")
    ReplyStore(tmp_path)
    (tmp_path / "llm" / "replies.sqlite").write_bytes(b"damaged" * 1000)
    with pytest.raises(ConfigError, match="delete the file"):
        ReplyStore(tmp_path)
    with pytest.raises(MissingError, match="llm-key-file"):
        LlmClient(choice("http://127.0.0.1:1/v1", tmp_path / "x", key_file=str(tmp_path / "none")))
    (tmp_path / "key").write_text(f"{SECRET}\n\n")
    LlmClient(choice("http://127.0.0.1:1/v1", tmp_path / "x", key_file=str(tmp_path / "key")))
    monkeypatch.setenv("EKG_LLM_API_KEY", f"{SECRET}\r\nHost: evil")
    with pytest.raises(ConfigError) as caught:
        LlmClient(choice("http://127.0.0.1:1/v1", tmp_path / "x"))
    assert SECRET not in str(caught.value)


def test_check_endpoint(tmp_path: Path) -> None:
    with serving(lambda request: completion(json.dumps({"ready": True}))) as server:
        assert "tiny answers, without a key" in check_endpoint(choice(server, tmp_path))
    with pytest.raises(MissingError, match="llm_down"):
        check_endpoint(choice(server, tmp_path))


def test_deep_nesting_is_nonsense() -> None:
    with pytest.raises(LlmError):
        decoded('{"a":' * 5000 + "1" + "}" * 5000, Yes)
