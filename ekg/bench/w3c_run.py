"""Running one case of the W3C's suites against an endpoint."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ekg.bench.w3c_cases import Case, Dataset, iri_of
from ekg.bench.w3c_endpoint import Endpoint, Response
from ekg.bench.w3c_protocol import run_description, run_script
from ekg.bench.w3c_results import canonical, canonical_csv, canonical_result, read_expected, read_rdf

_ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
_UNDERSTOOD = frozenset({403, 422, 500})
"""A query that was parsed, and then refused (SERVICE, LOAD) or could not be run (an unknown function or graph)."""

_FORMATS = {
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}


@dataclass(slots=True)
class Runner:
    """Runs cases; datasets are sent only when they change.

    Args:
        root: folder of the suites.
        endpoint: whom to ask.
    """

    root: Path
    endpoint: Endpoint
    _loaded: Dataset | None = None

    def run(self, case: Case) -> str | None:
        """What is wrong with the endpoint's answers to a case; None if nothing is."""
        try:
            return self._run(case)
        except (OSError, http.client.HTTPException, SyntaxError, ValueError) as error:
            self._loaded = None
            return f"{type(error).__name__}: {error}"

    def _run(self, case: Case) -> str | None:
        if case.kind == "ServiceDescriptionTest":
            return run_description(case, self.endpoint)
        if case.kind in {"ProtocolTest", "GraphStoreProtocolTest"}:
            self._load(case.data)
            self._loaded = None
            return run_script(case, self.endpoint)
        if case.kind.startswith("Update"):
            return self._update(case)
        if case.request is None:
            return "nothing to send"
        if case.kind.startswith(("Positive", "Negative")):
            return self._syntax(case, case.request)
        return self._query(case)

    def _load(self, data: Dataset) -> None:
        if data != self._loaded:
            self._loaded = None
            response = self.endpoint.fill(self._quads(data), [name for name, _ in data.named])
            if not response.good:
                raise ValueError(f"the dataset was refused: {_shown(response)}")
            self._loaded = data

    def _quads(self, data: Dataset) -> list[ox.Quad]:
        quads = [quad for path in data.default for quad in read_rdf(path, iri_of(path, self.root))]
        for name, path in data.named:
            graph = ox.NamedNode(name)
            read = read_rdf(path, iri_of(path, self.root))
            quads += [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in read]
        return quads

    def _text(self, path: Path) -> str:
        """A query or update, in which relative IRIs are those of the suites."""
        return f"BASE <{iri_of(path, self.root)}>\n{path.read_text(encoding='utf-8')}"

    def _syntax(self, case: Case, path: Path) -> str | None:
        text = path.read_text(encoding="utf-8")
        if "Update" in case.kind:
            self._loaded = None
            response = self.endpoint.change(text)
        else:
            response = self.endpoint.ask(text)
        if case.kind.startswith("Negative"):
            return None if 400 <= response.status < 500 else f"was taken: {_shown(response)}"
        return None if response.good or response.status in _UNDERSTOOD else _shown(response)

    def _query(self, case: Case) -> str | None:
        assert case.request is not None
        assert case.result is not None
        self._load(case.data)
        suffix = case.result.suffix
        response = self.endpoint.ask(self._text(case.request), _ACCEPT.get(suffix, "*/*"))
        if not response.good:
            return _shown(response)
        if suffix in _ACCEPT and response.media != _ACCEPT[suffix]:
            return f"answered as '{response.media}'"
        expected = read_expected(case.result, iri_of(case.result, self.root))
        return None if _parsed(response) == expected else f"another result: {_shown(response)}"

    def _update(self, case: Case) -> str | None:
        assert case.request is not None
        assert case.after is not None
        self._load(case.data)
        self._loaded = None
        response = self.endpoint.change(self._text(case.request))
        if not response.good:
            return _shown(response)
        same = canonical(self.endpoint.holds()) == canonical(self._quads(case.after))
        return None if same else "other quads are left"


def _parsed(response: Response) -> ox.Dataset | bool:
    if response.media == "text/csv":
        return canonical_csv(response.body)
    if response.media in _FORMATS:
        return canonical_result(response.body, _FORMATS[response.media])
    format = ox.RdfFormat.from_media_type(response.media)
    if format is None:
        raise ValueError(f"cannot read '{response.media}'")
    return canonical(ox.parse(response.body, format))


def _shown(response: Response) -> str:
    return f"{response.status} {response.body[:300].decode('utf-8', 'replace')}"
