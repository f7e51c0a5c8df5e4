from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import extractors
from ekg import registry
from ekg.cli.main import app, main
from ekg.graph import open_graph
from ekg.pipeline.build import build
from tests.stub import StubExtractor

ROOT = Path(__file__).parents[1] / "fixtures" / "align" / "harbour"


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(registry, "_ADDED", {"extractor": {"default": StubExtractor}})
    monkeypatch.setattr(extractors, "signature", lambda: "stub-1", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def graphs(tmp_path: Path) -> list[Path]:
    found = []
    for name, day, text in (
        ("left", "01", "Anna Moor visited Berlin."),
        ("right", "02", "Anna Moor visited Berlin."),
        ("third", "03", "Anna Moor waited."),
    ):
        record = {"id": name, "text": text, "title": f"Story {name}", "published": f"2024-01-{day}"}
        (tmp_path / f"{name}.json").write_text(json.dumps(record))
        build([tmp_path / f"{name}.json"], tmp_path / f"{name}.ekg")
        found.append(tmp_path / f"{name}.ekg")
    return found


def run(*arguments: object, input: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], input=input, catch_exceptions=False)


def failing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Exit code and message of a command that fails, through the real entry point."""
    monkeypatch.setattr(sys, "argv", ["ekg", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code)), capsys.readouterr().err


def write_links(path: Path, *rows: tuple[str, str, float, str]) -> Path:
    path.write_text("".join(f"{a}\t{b}\t{s:.4f}\t{z}\n" for a, b, s, z in rows), encoding="utf-8")
    return path


def test_align_review_merge_unmerge(graphs: list[Path], tmp_path: Path) -> None:
    left, right, third = graphs
    shown = json.loads(run("align", left, right, "--precision", "0.6", "--sssom", "links.sssom.tsv", "--json").stdout)
    assert sum(shown["zones"].values()) > 0
    assert (tmp_path / "links.sssom.tsv").read_text().startswith("#curie_map:")
    everything = ("--zone", "merge", "--zone", "review", "--zone", "reject")
    run("review", "links.tsv", *everything, input="a\n" * 20)
    accepted = json.loads(run("review", "links.tsv", *everything, "--out", "reviewed.tsv", "--json").stdout)
    assert accepted["left"] == 0
    assert accepted["verdicts"]["accept"] == sum(shown["zones"].values())
    merged = json.loads(run("merge", left, right, "reviewed.tsv", "-o", "both.ekg", "--json").stdout)
    assert merged["runs"] == [merged["run"]]
    assert merged["weak_bridges"] == []
    run("align", "both.ekg", third, "--precision", "0.6", "--out", "more.tsv")
    into = json.loads(run("merge", "--into", "both.ekg", third, "more.tsv", "--json").stdout)
    assert into["counts"]["documents"] == 3
    text = run("unmerge", "both.ekg", into["run"]).stdout
    assert f"run {into['run']} taken back" in text
    pair = (tmp_path / "reviewed.tsv").read_text().split("\n")[0].split("\t")[:2]
    gone = json.loads(run("unmerge", "both.ekg", "--pair", *pair, "--json").stdout)
    assert gone["removed"] == [{"run": merged["run"], "left": pair[0], "right": pair[1]}]
    assert run("verify", "both.ekg").stdout.strip().endswith("ok")


def test_labels_and_pairs_to_keep_apart_reach_the_aligner(tmp_path: Path) -> None:
    first = (ROOT / "links.tsv").read_text().split("\n")[0]
    (tmp_path / "apart.tsv").write_text(first + "\n")
    run("align", ROOT / "left", ROOT / "right", "--cannot-link", "apart.tsv", "--out", "a.tsv")
    assert first not in (tmp_path / "a.tsv").read_text()
    (tmp_path / "labels.tsv").write_text(first + "\treject\n")
    run("align", ROOT / "left", ROOT / "right", "--labels", "labels.tsv", "--out", "b.tsv")
    assert first not in (tmp_path / "b.tsv").read_text()


def test_review_asks_the_uncertain_first_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    write_links(tmp_path / "l.tsv", ("a", "x", 0.9, "review"), ("b", "y", 0.5, "review"), ("c", "z", 0.97, "merge"))
    first = run("review", "l.tsv", input="what\nr\nq\n")
    assert first.exit_code == 0
    assert first.stderr.index("b  –  y") < first.stderr.index("a  –  x")
    assert "answer with a, r, u, s or q" in first.stderr
    assert (tmp_path / "l.tsv.labels.tsv").read_text() == "b\ty\treject\n"
    second = run("review", "l.tsv", input="accept\n")
    assert "b  –  y" not in second.stderr
    assert (tmp_path / "l.tsv.labels.tsv").read_text() == "b\ty\treject\na\tx\taccept\n"
    assert "1 accept, 1 reject, 0 unsure; 0 left" in second.stdout
    third = run("review", "l.tsv", "--zone", "merge", input="u\n")
    assert "c  –  z" in third.stderr
    assert "1 unsure" in third.stdout


def test_review_without_anyone_to_answer(tmp_path: Path) -> None:
    write_links(tmp_path / "l.tsv", ("a", "x", 0.6, "review"), ("b", "y", 0.5, "review"))
    ended = run("review", "l.tsv", input="")
    assert ended.exit_code == 1
    assert "the input ended, 2 links are left" in ended.stderr
    assert "--export" in ended.stderr
    assert not (tmp_path / "l.tsv.labels.tsv").exists()
    ended = run("review", "l.tsv", input="a\n")
    assert ended.exit_code == 1
    assert "1 links are left" in ended.stderr
    assert (tmp_path / "l.tsv.labels.tsv").read_text() == "b\ty\taccept\n"


def test_review_by_csv(tmp_path: Path) -> None:
    write_links(tmp_path / "l.tsv", ("l105", "r1", 0.6, "review"), ("b", "y", 0.5, "review"))
    run("review", "l.tsv", "--export", "todo.csv", "--graphs", ROOT / "left", ROOT / "right")
    text = (tmp_path / "todo.csv").read_text()
    assert "l105,r1,0.6000,review,Helena Marsh," in text
    (tmp_path / "done.csv").write_text("left,right,verdict\nl105,r1,accept\nb,y,reject\n")
    done = json.loads(
        run("review", "l.tsv", "--import", "done.csv", "--out", "out.tsv", "--sssom", "s.tsv", "--json").stdout
    )
    assert done["verdicts"] == {"accept": 1, "reject": 1, "unsure": 0}
    assert (tmp_path / "out.tsv").read_text() == "l105\tr1\t1.0000\tmerge\nb\ty\t0.0000\treject\n"
    assert "ManualMappingCuration" in (tmp_path / "s.tsv").read_text()


def test_review_of_an_unknown_zone(tmp_path: Path) -> None:
    write_links(tmp_path / "l.tsv", ("a", "x", 0.6, "review"))
    assert run("review", "l.tsv", "--zone", "maybe").exit_code == 2


def test_explain_in_words_as_json_and_as_a_chart(tmp_path: Path) -> None:
    a, b = (ROOT / "links.tsv").read_text().split("\n")[0].split("\t")
    text = run("explain", ROOT / "left", ROOT / "right", a, b, "--svg", "why.svg").stdout
    assert text.startswith(f"{a} – {b}: ")
    assert "what each reason adds to the log-odds" in text
    assert (tmp_path / "why.svg").read_text().startswith("<svg ")
    assert json.loads(run("explain", ROOT / "left", ROOT / "right", a, b, "--json").stdout)["left"] == a


def test_explain_names_the_nodes_of_graphs(graphs: list[Path]) -> None:
    left, right, _ = graphs
    with open_graph(left) as graph, open_graph(right) as other:
        a, b = graph.index.entities(limit=1)[0], other.index.entities(limit=1)[0]
    assert run("explain", left, right, a.iri, b.iri).stdout.startswith(f"{a.name} ({a.iri}) – {b.name} ({b.iri}): ")


def test_what_merge_and_unmerge_refuse(
    graphs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left, right, _ = graphs
    links = write_links(tmp_path / "l.tsv")
    assert run("merge", left, right, links).exit_code == 2
    assert run("merge", left, links, "-o", "both.ekg").exit_code == 2
    assert run("merge", left, right, links, "-o", "both.ekg", "--into", left).exit_code == 2
    assert run("merge", left, right, "-o", "both.ekg").exit_code == 2
    code, message = failing(monkeypatch, capsys, "unmerge", left, "nothing")
    assert code == 1
    assert "no run 'nothing'" in message
    code, message = failing(monkeypatch, capsys, "unmerge", left)
    assert code == 1
    assert "give a run, a pair or an entity" in message
    code, message = failing(monkeypatch, capsys, "merge", left, right, "absent.tsv", "-o", "both.ekg")
    assert code == 1
    assert "absent.tsv" in message


def test_merge_warns_of_weak_bridges_and_keeps_pairs_apart(
    graphs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import ekg

    nodes = []
    for graph in graphs:
        with ekg.open(graph) as opened:
            nodes.append(opened.entity("Anna").iri)
    first = write_links(tmp_path / "1.tsv", (nodes[0], nodes[1], 0.9, "merge"))
    second = write_links(tmp_path / "2.tsv", (nodes[1], nodes[2], 0.5, "merge"))
    (tmp_path / "apart.tsv").write_text(f"{nodes[2]}\t{nodes[0]}\n")
    code, message = failing(
        monkeypatch, capsys, "merge", *graphs, first, second, "-o", "all.ekg", "--cannot-link", "apart.tsv"
    )
    assert code == 1
    assert "must not be joined" in message
    done = run("merge", *graphs, first, second, "-o", "all.ekg")
    assert done.exit_code == 0
    assert "a weak bridge" in done.stderr
    assert "holds a cluster of 3 nodes together" in done.stderr
