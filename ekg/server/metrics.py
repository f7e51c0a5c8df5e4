"""Counts and times of requests, in the text format of Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """What is counted; written and read on the event loop only."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._bytes: Counter[str] = Counter()
        self._seconds: dict[str, float] = {}
        self._buckets: dict[str, list[int]] = {}
        self.running = 0

    def count(self, route: str, method: str, status: int, size: int, seconds: float) -> None:
        """Count a request.

        Args:
            route: the path if the server has it, else ``other``, so that nobody can make up labels.
            method: in capitals.
            status: of the response; 0 if the client left before.
            size: bytes of the body.
            seconds: until the last byte was handed on.
        """
        self._requests[route, method, status] += 1
        self._bytes[route] += size
        self._seconds[route] = self._seconds.get(route, 0.0) + seconds
        buckets = self._buckets.get(route)
        if buckets is None:
            buckets = self._buckets[route] = [0] * (len(_BOUNDS) + 1)
        buckets[bisect_left(_BOUNDS, seconds)] += 1

    def text(self, gauges: Mapping[str, float]) -> str:
        """Everything that was counted, and some values of now."""
        lines = [*_head("ekg_http_requests_total", "counter", "Requests by path, method and status.")]
        for (route, method, status), number in sorted(self._requests.items()):
            lines.append(f'ekg_http_requests_total{{path="{route}",method="{method}",status="{status}"}} {number}')
        lines += _head("ekg_http_response_bytes_total", "counter", "Bytes of bodies.")
        lines += [f'ekg_http_response_bytes_total{{path="{r}"}} {n}' for r, n in sorted(self._bytes.items())]
        lines += _head("ekg_http_request_seconds", "histogram", "Time until the last byte.")
        for route, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, number in zip((*map(str, _BOUNDS), "+Inf"), buckets, strict=True):
                total += number
                lines.append(f'ekg_http_request_seconds_bucket{{path="{route}",le="{bound}"}} {total}')
            lines.append(f'ekg_http_request_seconds_sum{{path="{route}"}} {self._seconds[route]:.6f}')
            lines.append(f'ekg_http_request_seconds_count{{path="{route}"}} {total}')
        for name, value in {"ekg_http_requests_running": self.running, **gauges}.items():
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [*_head(name, kind, _OTHERS[name]), f"{name} {value:g}"]
        return "".join(f"{line}\n" for line in lines)


_OTHERS = {
    "ekg_http_requests_running": "Requests that are not answered yet.",
    "ekg_workers": "Processes for queries.",
    "ekg_workers_idle": "Of these, idle ones.",
    "ekg_queries_waiting": "Queries that wait for a process.",
    "ekg_answers_kept": "Answers that are kept for who asks the same.",
    "ekg_answers_reused_total": "Answers that were given again.",
}


def _head(name: str, kind: str, text: str) -> Iterable[str]:
    return (f"# HELP {name} {text}", f"# TYPE {name} {kind}")
