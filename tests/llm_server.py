"""A server on loopback that speaks the OpenAI protocol and answers as a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Task = dict[str, Any]


@dataclass
class Raw:
    """A reply as it goes over the wire; ``announced`` is a wrong Content-Length, ``wait`` holds it back."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    announced: int | None = None
    wait: threading.Event | None = None


def completion(content: Any) -> Raw:
    """A chat completion with a message."""
    text = content if isinstance(content, str) else json.dumps(content)
    body = {"choices": [{"message": {"role": "assistant", "content": text}}], "usage": {"total_tokens": 100}}
    return Raw(json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def failure(status: int, message: str = "", **headers: str) -> Raw:
    """An error as OpenAI words it."""
    body = json.dumps({"error": {"message": message}}).encode()
    return Raw(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def task_of(request: Task) -> tuple[str, Task]:
    """Which step a request is, and its data."""
    try:
        data = json.loads(request["messages"][1]["content"])
    except (IndexError, ValueError):
        return "other", {}
    for step, key in (("propose", "types"), ("judge", "candidates"), ("arguments", "events")):
        if key in data:
            return step, data
    return "rationale", data


def sensible(request: Task) -> Raw:
    """What an obedient model says: keywords are triggers, all are certain, the first name is the first role."""
    step, data = task_of(request)
    if step == "propose":
        words = data["sentence"].replace(".", "").replace(",", "").split()
        proposals = []
        for kind in data["types"]:
            for keyword in kind["keywords"]:
                stem = keyword["keyword"].rstrip("-")[:5].lower()
                for word in words:
                    if word.lower().startswith(stem):
                        proposals.append(
                            {"type": kind["type"], "keyword": keyword["keyword"], "quote": word, "context": word}
                        )
        return completion({"proposals": proposals})
    if step == "judge":
        return completion(
            {"judgements": [{"number": c["number"], "reason": "r", "verdict": "certain"} for c in data["candidates"]]}
        )
    if step == "arguments":
        name = next((w for w in data["sentence"].split() if w[0].isupper()), None)
        found = [
            {"number": e["number"], "role": e["questions"][0]["role"], "quote": name, "context": name}
            for e in data["events"]
            if name
        ]
        return completion({"arguments": found})
    return completion({"rule": "It happens.", "keywords": []})


class Server:
    """A running server with the requests that it got."""

    def __init__(self, url: str, brain: Callable[[Task], Raw]) -> None:
        self.url = url
        self.brain = brain
        self.requests: list[Task] = []
        self.authorizations: list[str | None] = []
        self.busy = 0
        self.busiest = 0
        self.lock = threading.Lock()

    def steps(self) -> list[str]:
        """The steps asked for, in order."""
        return [task_of(request)[0] for request in self.requests]


@contextmanager
def serving(brain: Callable[[Task], Raw] = sensible) -> Iterator[Server]:
    """A server for the time of a block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with server.lock:
                server.requests.append(request)
                server.authorizations.append(self.headers.get("Authorization"))
                server.busy += 1
                server.busiest = max(server.busiest, server.busy)
            reply = server.brain(request)
            if reply.wait is not None:
                reply.wait.wait(60)
            with server.lock:
                server.busy -= 1
            try:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(reply.announced or len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on stderr."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}/v1", brain)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
