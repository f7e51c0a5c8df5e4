from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner, Result

import extractors
from ekg import registry
from ekg.cli.common import when
from ekg.cli.main import app, main
from ekg.model.answer import Abstention
from ekg.pipeline.build import build
from tests.stub import StubExtractor

HEAVY = ("torch", "spacy", "transformers", "torch_geometric", "sklearn", "scipy")

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(registry, "_ADDED", {"extractor": {"default": StubExtractor}})
    monkeypatch.setattr(extractors, "signature", lambda: "stub-1", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def kg(tmp_path: Path) -> Path:
    folder = tmp_path / "src"
    folder.mkdir()
    for name, day, text in (("one", "01", "Anna visited Berlin."), ("two", "05", "Boris painted Clara. Anna waited.")):
        record = {"id": name, "text": text, "title": f"Story {name}", "published": f"2024-01-{day}"}
        (folder / f"{name}.json").write_text(json.dumps(record))
    build([folder], tmp_path / "my.ekg")
    return tmp_path / "my.ekg"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)


def failing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Exit code and message of a command that fails, through the real entry point."""
    monkeypatch.setattr(sys, "argv", ["ekg", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code)), capsys.readouterr().err


@pytest.mark.parametrize("command", ["import ekg", "import ekg.cli", "import queries", "import extractors.sources"])
def test_cheap_imports_stay_cheap(command: str) -> None:
    code = f"{command}\nimport sys\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_help_and_query_import_no_model(kg: Path) -> None:
    for arguments in (["--help"], ["query", str(kg), "ASK {}"], ["events", str(kg)], ["info", str(kg)]):
        code = (
            "import sys\nfrom ekg.cli.main import app\n"
            f"app({arguments!r}, standalone_mode=False)\n"
            f"print('heavy', [m for m in {HEAVY!r} if m in sys.modules])"
        )
        printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        assert "heavy []" in printed


def test_every_command_explains_itself() -> None:
    listed = run("--help").stdout
    for name in (
        "build",
        "add",
        "rm",
        "info",
        "query",
        "events",
        "timeline",
        "search",
        "ask",
        "serve",
        "align",
        "merge",
    ):
        assert f" {name} " in listed
        assert run(name, "--help").stdout.count("\n") > 5


def test_info(kg: Path) -> None:
    facts = json.loads(run("info", kg, "--json").stdout)
    assert facts["counts"]["event"] == 3
    assert facts["state"] == "complete"
    listed = json.loads(run("info", kg, "--documents", "--json").stdout)
    assert [d["id"] for d in listed["documents"]] == ["one", "two"]


@pytest.mark.parametrize("command", [("events", "--type", "Resignation"), ("search", "zebra")])
def test_a_list_that_is_empty_says_so(kg: Path, command: tuple[str, ...]) -> None:
    """On stderr, so that what reads the output still sees no row."""
    result = run(command[0], kg, *command[1:])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "matches" in result.stderr


@pytest.mark.parametrize(
    ("name", "said"), [("Nonsense", "ekg ontology list"), ("arrest", "did you mean Arrest"), ("Arest", "Arrest")]
)
def test_an_event_type_that_is_unknown_is_told_with_near_ones(
    kg: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    code, message = failing(monkeypatch, capsys, "events", kg, "--type", name)
    assert code == 1
    assert f"no event type is called '{name}'" in message
    assert said in message


def test_a_participant_of_no_event_is_told_from_a_name_that_nothing_has(kg: Path) -> None:
    assert "did you mean Berlin" in run("events", kg, "--place", "Berlim").stderr
    assert run("events", kg, "--place", "Berlin", "--from", "2099").stderr == "no event matches\n"


def test_every_reason_for_no_answer_is_a_sentence() -> None:
    from ekg.cli.ask import _WHY_NOT

    assert set(_WHY_NOT) == set(get_args(Abstention))
    assert not any("_" in sentence for sentence in _WHY_NOT.values())


def test_a_document_that_fails_is_not_counted_as_in(tmp_path: Path) -> None:
    for name, text in (("good", "Anna visited Berlin."), ("bad", "CRASH")):
        (tmp_path / f"{name}.txt").write_text(text)
    shown = run("build", tmp_path / "good.txt", tmp_path / "bad.txt", "-o", "some.ekg", "--jobs", 1)
    assert "some.ekg: 1 document is in (2 new, 0 changed, 0 unchanged, 1 failed)" in shown.stdout
    assert "failed: bad: RuntimeError" in shown.stderr
    again = run("build", tmp_path / "bad.txt", "-o", "some.ekg", "--jobs", 1).stderr
    assert "note: the graph also holds what is not in the sources" in again
    assert "failed: some.ekg" not in again


def test_a_long_passage_is_cut_around_the_words_and_exact_in_json(tmp_path: Path) -> None:
    text = (
        "Anna spoke and spoke " + "and then they went on and on " * 12 + "to the zebra " + "and then home again " * 15
    )
    (tmp_path / "long.txt").write_text(text)
    build([tmp_path / "long.txt"], tmp_path / "long.ekg")
    shown = run("search", tmp_path / "long.ekg", "zebra").stdout.splitlines()[1].strip()
    (found,) = json.loads(run("search", tmp_path / "long.ekg", "zebra", "--json").stdout)["results"]
    assert found["text"] == text[slice(*found["span"])]
    assert "to the zebra" in shown
    assert shown.startswith("… ")
    assert len(shown) < 330 < len(found["text"])


def test_events_window_includes_the_last_day(kg: Path) -> None:
    found = json.loads(run("events", kg, "--from", "2024-01-02", "--to", "2024-01-05", "--json").stdout)
    assert found["total"] == 2
    assert json.loads(run("events", kg, "--to", "2024-01-04", "--json").stdout)["total"] == 1
    event = json.loads(run("events", kg, "--actor", "Boris", "--json").stdout)["events"][0]
    assert event["type"] == "Painted"
    assert event["evidence"][0]["quote"] == "Boris painted Clara."


def test_piped_tables_are_tab_separated(kg: Path) -> None:
    lines = run("events", kg, "--type", "Painted").stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].split("\t")[1] == "Painted"


def test_query_formats(kg: Path) -> None:
    query = "SELECT ?l { ?e a sem:Event ; rdfs:label ?l } ORDER BY ?l"
    table = json.loads(run("query", kg, query, "--format", "json").stdout)
    assert len(table["results"]["bindings"]) == 3
    assert run("query", kg, query, "--format", "csv").stdout.splitlines()[0] == "l"
    assert "http" in run("query", kg, "CONSTRUCT { ?s ?p ?o } WHERE { ?s a sem:Event ; ?p ?o }", "-f", "ttl").stdout


def test_extract_prints_records(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Anna visited Berlin.")
    record = json.loads(run("extract", "a.txt", "--jobs", "1").stdout)
    assert record["document"]["id"] == "a"
    assert record["events"][0]["trigger"] == {"text": "visited", "span": [5, 12]}
    run("extract", "a.txt", "--jobs", "1", "--cluster", "-o", "out.jsonl")
    written = json.loads((tmp_path / "out.jsonl").read_text())
    assert written["events"][0]["cluster"] == written["events"][0]["id"]


def test_rm_and_verify(kg: Path) -> None:
    assert "1 are left" in run("rm", kg, "one").stdout
    assert run("verify", kg).stdout.strip().endswith("ok")


def test_config_show_names_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKG_PORT", "9999")
    shown = json.loads(run("config", "show", "--json").stdout)
    assert shown["port"] == {"value": 9999, "origin": "EKG_PORT", "help": "port of the server"}


def test_export_and_import_round_trip(kg: Path, tmp_path: Path) -> None:
    run("export", kg, "-o", tmp_path / "a.nq")
    run("export", kg, "-o", tmp_path / "b.nq")
    assert (tmp_path / "a.nq").read_bytes() == (tmp_path / "b.nq").read_bytes()
    assert len((tmp_path / "a.nq").read_text().splitlines()) == json.loads(run("info", kg, "--json").stdout)["quads"]


def test_errors_have_codes_and_no_traceback(
    kg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = failing(monkeypatch, capsys, "info", tmp_path / "absent.ekg")
    assert (code, "no such knowledge graph" in text) == (1, True)
    code, text = failing(monkeypatch, capsys, "info", tmp_path / "src")
    assert (code, "not a knowledge graph" in text) == (1, True)
    code, text = failing(monkeypatch, capsys, "query", kg, "SELECT * {\n?s }")
    assert (code, "line 2" in text) == (1, True)
    code, text = failing(monkeypatch, capsys, "events", kg, "--from", "yesterday")
    assert (code, "ISO" in text) == (1, True)
    code, _ = failing(monkeypatch, capsys, "events", kg, "--nonsense")
    assert code == 2
    (tmp_path / "ekg.toml").write_text("jbos = 2\n")
    code, text = failing(monkeypatch, capsys, "build", "src", "-o", "x.ekg")
    assert (code, "ekg.toml:1: unknown option 'jbos'" in text) == (1, True)


def test_newer_schema_is_refused(kg: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = json.loads((kg / "manifest.json").read_text())
    (kg / "manifest.json").write_text(json.dumps({**manifest, "schema": 99}))
    code, text = failing(monkeypatch, capsys, "info", kg)
    assert (code, "schema version 99" in text) == (1, True)


def test_doctor_reports_every_check() -> None:
    result = CliRunner().invoke(app, ["doctor", "--json"])
    checks = json.loads(result.stdout)["checks"]
    assert {"Python", "torch", "package ekg", "SQLite FTS5"} <= {c["name"] for c in checks}


@pytest.mark.parametrize(
    ("begin", "end", "unit", "shown"),
    [
        ("2024-01-05", "2024-01-06", "day", "2024-01-05"),
        ("2024-02-01", "2024-03-01", "month", "2024-02"),
        ("2024-01-01", "2025-01-01", "year", "2024"),
        ("1990-01-01", "2000-01-01", "decade", "1990-01-01 – 1999-12-31"),
        ("-0043-03-15", "-0043-03-16", "day", "-0043-03-15"),
        ("-0043-01-01", "-0042-01-01", "year", "-0043"),
        ("2024-01-05T10:30:00", "2024-01-05T10:31:00", "minute", "2024-01-05T10:30:00"),
        ("2024-01-05", None, "day", "since 2024-01-05"),
        (None, "2024-01-05", "day", "until 2024-01-05"),
        (None, None, None, ""),
    ],
)
def test_intervals_for_people(begin: str | None, end: str | None, unit: str | None, shown: str) -> None:
    assert when(begin, end, unit) == shown


def test_what_may_not_be_written_is_no_full_disk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(**_: object) -> None:
        raise PermissionError(13, "Permission denied", "kg/lock")

    monkeypatch.setitem(main.__globals__, "app", refused)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert capsys.readouterr().err == (
        "ekg: [Errno 13] Permission denied: 'kg/lock' (what was complete stays; run it as who may)\n"
    )
