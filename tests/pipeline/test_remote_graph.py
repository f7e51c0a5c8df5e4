"""A graph whose quads are in another engine: what works as if they were here, and what says why it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import ekg
from alignment.graph import AlignGraph
from ekg.cli.main import app as cli
from ekg.errors import KgError
from ekg.graph import EventGraph
from ekg.pipeline.build import build
from ekg.pipeline.maintain import backup
from ekg.pipeline.verify import verify
from ekg.server import create_app
from queries import answer_dict, ask, search
from tests.pipeline.contents import Articles
from tests.running import running


@pytest.fixture
def kg(articles: Articles, tmp_path: Path) -> Path:
    build([articles()], tmp_path / "kg")
    return tmp_path / "kg"


@pytest.fixture
def address(kg: Path) -> Iterator[str]:
    """Descriptor of an engine that holds the graph's quads: another server of ours."""
    with ekg.open(kg) as graph, running(create_app(graph.path or kg, workers=1)) as port:
        yield f"sparql+http://127.0.0.1:{port}/sparql"


def found(graph: EventGraph) -> list[object]:
    """What searching and asking find."""
    questions = ("Who visited Berlin?", "What happened in January 2024?")
    answers = [answer_dict(ask(graph, question, timing=False)) for question in questions]
    kinds = ("passage", "article", "event", None)
    return [*answers, *(search(graph, "Anna visited Berlin", kind=kind).to_dict() for kind in kinds)]


def test_texts_of_documents_may_lie_here(kg: Path, address: str) -> None:
    with ekg.open(kg) as local, ekg.open(f"{address}#documents={kg}") as remote:
        wanted = found(local)
        assert any(results["results"] for results in wanted[2:])  # type: ignore[index]  # dictionaries
        assert found(remote) == wanted
        assert remote.info()["path"] == address
        assert remote.info()["counts"] == local.info()["counts"]
        assert repr(remote).startswith(f"<EventGraph {address}: ")
    with pytest.raises(KgError, match="no such knowledge graph"):
        ekg.open(f"{address}#documents={kg}x")


def test_without_them_searching_and_asking_say_what_is_missing(kg: Path, address: str) -> None:
    with ekg.open(address) as remote:
        for call in (
            lambda: search(remote, "x"),
            lambda: ask(remote, "Who visited Berlin?"),
            lambda: remote.document("a00"),
        ):
            with pytest.raises(KgError, match=r"no texts of documents.*#documents=KG"):
                call()
        assert [event.label for event in remote]  # these do without


def test_alignment_reads_it_as_the_graph_itself(kg: Path, address: str) -> None:
    assert AlignGraph.read(address) == AlignGraph.read(kg)


def test_commands_on_it(kg: Path, address: str, tmp_path: Path) -> None:
    runner = CliRunner()
    path = str(Path(address))  # as the shell's argument comes, with one slash less
    assert address in runner.invoke(cli, ["info", path]).output
    links = tmp_path / "links.tsv"
    result = runner.invoke(cli, ["align", str(kg), address, "--out", str(links)])
    assert result.exit_code == 0, result.output
    assert all(line.split("\t")[0] == line.split("\t")[1] for line in links.read_text().splitlines())
    for arguments in (["verify", path], ["rm", path, "a00"], ["reindex", path], ["merge", path, str(kg), str(links)]):
        failed = runner.invoke(cli, [*arguments, *(["-o", str(tmp_path / "new")] if arguments[0] == "merge" else [])])
        assert isinstance(failed.exception, KgError), arguments
        assert "works on a graph's directory only" in str(failed.exception)
    for function in (verify, lambda kg: backup(kg, tmp_path / "copy"), lambda kg: build([tmp_path], kg)):
        with pytest.raises(KgError, match="is in another engine"):
            function(Path(path))
    assert not list(Path().glob("sparql*"))
