"""``ekg bench w3c``: the W3C's SPARQL 1.1 and 1.2 suites over HTTP, against our server and against ``oxigraph serve``.

Both get the same cases: all of the suites but entailment regimes and federation. A positive syntax test counts as
passed if the query is understood, even where it is then refused (SERVICE and LOAD) or cannot be run (an unknown
function or graph).
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ekg.bench.servers import OXIGRAPH, ekg_server, oxigraph_server
from ekg.bench.w3c_cases import Case, read_cases
from ekg.bench.w3c_endpoint import Endpoint
from ekg.bench.w3c_run import Runner
from ekg.errors import DataError

_PATHS = "Oxigraph finds no path of length 0 from a term that no triple has"

KNOWN: Mapping[str, str] = {
    "sparql11/aggregates/agg-groupconcat-04": "Oxigraph gives GROUP_CONCAT of texts in a language that language",
    "sparql11/aggregates/agg-groupconcat-06": "Oxigraph gives GROUP_CONCAT of texts in a language that language",
    "sparql11/aggregates/agg-empty-group-count-graph": "Oxigraph groups over all graphs at once inside GRAPH ?g",
    "sparql11/bindings/graph": "Oxigraph does not join VALUES inside GRAPH ?g with the graph's name",
    "sparql11/csv-tsv-res/csv03": "Oxigraph stores numbers in canonical form, 1.0E6 as 1000000",
    "sparql11/csv-tsv-res/tsv03": "Oxigraph stores types derived from xsd:integer as xsd:integer",
    "sparql11/functions/bnode01": "Oxigraph gives BNODE(text) one node in all rows, not one a row",
    "sparql11/negation/graph-minus": "Oxigraph removes rows by MINUS that share only the name of the graph",
    "sparql11/property-path/zero_or_more_set_end": _PATHS,
    "sparql11/property-path/zero_or_more_set_start": _PATHS,
    "sparql11/property-path/zero_or_one_set_end": _PATHS,
    "sparql11/property-path/zero_or_one_set_start": _PATHS,
    "sparql12/grouping/group01": "Oxigraph stores 01 as 1, so two groups become one",
    "sparql12/grouping/select-variable-reuse": "Oxigraph refuses an expression over a variable of the same SELECT",
    "sparql12/syntax-triple-terms-negative/tripleterm-subject-03": "Oxigraph takes a triple term as a subject",
    "sparql12/syntax-triple-terms-negative/tripleterm-subject-06": "Oxigraph takes a triple term as a subject",
    "sparql12/syntax/nested-aggregate-functions": "Oxigraph takes an aggregate inside an aggregate",
}
"""Cases that our server is known to fail, and why."""


def run(data: Path, *, seed: int = 13) -> dict[str, Any]:
    """Run the suites against both servers.

    Args:
        data: folder of the corpora, with ``w3c-sparql-tests``.
        seed: not used, since nothing here is random.

    Returns:
        For each server the cases passed and run, in all and by suite (``oxigraph serve`` only where it is installed);
        for ours also the cases that failed, each with the known reason or with what was wrong.

    Raises:
        DataError: the suites are not there.
    """
    root = data / "w3c-sparql-tests"
    cases = read_cases(root)
    if not cases:
        raise DataError("no W3C suites to run", path=root, hint="give --data DIR")
    with tempfile.TemporaryDirectory(prefix="ekg-w3c-") as folder:
        kg, token = empty_graph(Path(folder))
        with ekg_server(kg, "--strict-dataset", "--update-token-file", str(token)) as server:
            ours = failures(root, cases, Endpoint(f"http://127.0.0.1:{server.port}", token=token.read_text().strip()))
        result: dict[str, Any] = {
            "ekg serve": _table(cases, ours),
            "failed by ekg serve": {name: KNOWN.get(name, problem) for name, problem in ours.items()},
        }
        if OXIGRAPH.exists():
            with oxigraph_server(Path(folder) / "oxigraph", union=False) as server:
                address = f"http://127.0.0.1:{server.port}"
                theirs = failures(root, cases, Endpoint(address, query="/query", graphs="/store"))
            result["oxigraph serve"] = _table(cases, theirs)
            result["failed by ekg serve only"] = sorted(set(ours) - set(theirs))
    return result


def empty_graph(folder: Path) -> tuple[Path, Path]:
    """A graph without triples, and a file with a token for updates."""
    from ekg.pipeline.importing import import_files

    nothing, token = folder / "nothing.nq", folder / "token"
    nothing.touch()
    token.write_text("a token for tests\n".replace(" ", "-"), encoding="utf-8")
    import_files(folder / "w3c.ekg", [nothing])
    return folder / "w3c.ekg", token


def failures(root: Path, cases: Iterable[Case], endpoint: Endpoint) -> dict[str, str]:
    """What is wrong, by case, with an endpoint's answers; cases without fault are left out."""
    with endpoint:
        runner = Runner(root, endpoint)
        found = {case.name: runner.run(case) for case in cases}
    return {name: problem for name, problem in found.items() if problem is not None}


def _table(cases: list[Case], failed: Mapping[str, str]) -> dict[str, str]:
    total = Counter(case.suite for case in cases)
    passed = Counter(case.suite for case in cases if case.name not in failed)
    rows = {suite: f"{passed[suite]} of {total[suite]}" for suite in total}
    return {"all": f"{sum(passed.values())} of {len(cases)}", **rows}
