"""Options of other models: read, checked, part of the signature, examined by the doctor, and heeded by a build."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from typer.testing import CliRunner

from ekg.cli.main import app
from ekg.config import load_settings
from ekg.errors import ConfigError, MissingError
from ekg.graph import open_graph
from ekg.model import Document
from ekg.pipeline.workers import extract_many
from extractors import ExtractConfig, signature
from extractors.backends import Choice, LlmChoice
from extractors.backends.choice import checked_url, choice_of
from extractors.backends.examine import examine
from extractors.backends.labels import read_label_map, spans_of
from tests.llm_server import completion, failure, serving


def choose(folder: Path, text: str, **environ: str) -> Choice:
    (folder / "ekg.toml").write_text(text)
    return choice_of(load_settings(environ=environ, start=folder))


def test_without_options_there_is_no_choice(tmp_path: Path) -> None:
    assert choose(tmp_path, "") == Choice() == ExtractConfig().choice


def test_options_from_file_and_environment(tmp_path: Path) -> None:
    chosen = choose(
        tmp_path,
        'nlp = "en_x"\nnlp-parts = "names, tags"\nllm-url = "https://h/v1/"\nllm-model = "m"\nllm-retries = 1\n',
        EKG_LLM_MODEL="other",
        EKG_NAMES_LABELS="PER=person",
    )
    assert (chosen.nlp, chosen.nlp_parts, chosen.names_labels) == ("en_x", ("tags", "names"), "PER=person")
    assert chosen.llm is not None
    assert (chosen.llm.url, chosen.llm.model, chosen.llm.retries) == ("https://h/v1", "other", 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('llm-url = "https://h/v1"', r"ekg\.toml:1: option 'llm-url' needs 'llm-model'"),
        ('llm-model = "m"\nllm-url = "h/v1"', r"ekg\.toml:2: option 'llm-url' is not an http"),
        (
            'llm-model = "m"\nllm-url = "http://far.example/v1"',
            r"ekg\.toml:2.*plain http to far\.example.*llm-allow-http",
        ),
        ('llm-model = "m"\nllm-url = "https://u:secret@h/v1"', "must not hold a user"),
        ('llm-model = "m"\nllm-url = "https://h/v1?key=secret"', "must not hold a user"),
        ('llm-model = "m"\nllm-url = "https://h:port/v1"', "is not an http"),
        ('llm-model = "m"\nllm-url = "https://h/v1"\nllm-key-variable = "sk-secret"', r":3.*wants the name of an env"),
        ('names-labels = "PER"', r"ekg\.toml:1: option 'names-labels' wants LABEL=meaning"),
        ('triggers-labels = "A=B, A=C"', "gives the label 'A' twice"),
        ('nlp-parts = "tags,lemmas"', r"ekg\.toml:1: option 'nlp-parts' has no part 'lemmas'.*sentences, tags"),
        ("llm-retries = -1", "at least 0"),
        ('llm-url = ["x"]', "wants a text"),
    ],
)
def test_mistakes_name_the_option_and_the_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        choose(tmp_path, text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://localhost:8080/v1", "http://127.0.0.1/v1", "http://[::1]:1/v1", "https://h"])
def test_addresses_that_are_safe(url: str) -> None:
    assert checked_url(url, "", False) == url


def test_plain_http_can_be_allowed() -> None:
    assert checked_url("http://far.example/v1", "", True) == "http://far.example/v1"
    with pytest.raises(ConfigError):
        checked_url("http://127.0.0.1.evil.example/v1", "", False)


def test_signature_follows_the_endpoint_but_not_its_limits() -> None:
    def of(**options: Any) -> str:
        llm = LlmChoice(**{"url": "https://h/v1", "model": "m", **options})
        return signature(ExtractConfig(choice=Choice(llm=llm)))

    assert len({signature(ExtractConfig()), of(), of(model="n"), of(seed=1), of(types=2), of(url="https://i/v1")}) == 6
    assert of() == of(timeout=1.0, retries=0, max_requests=5, key_variable="K", cache="/elsewhere")


def test_label_maps_and_broken_sequences() -> None:
    assert read_label_map("", "option") == {}
    labels = ["I-PER", "B-PER", "L-PER", "I-PER", "E-ORG", "S-ORG", "I-ORG", "LOC", "LOC", "O", "M-LOC"]
    assert [(span.start, span.end, span.name) for span in spans_of(labels, [1.0] * len(labels))] == [
        (0, 1, "PER"),
        (1, 3, "PER"),
        (3, 4, "PER"),
        (4, 5, "ORG"),
        (5, 6, "ORG"),
        (6, 7, "ORG"),
        (7, 9, "LOC"),
        (10, 11, "LOC"),
    ]


def test_doctor_says_what_is_configured_and_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert list(examine()) == [("backends", True, "none configured: our own models are used")]
    monkeypatch.setenv("EKG_NLP", "en_nowhere_sm")
    monkeypatch.setenv("EKG_NAMES_MODEL", str(tmp_path / "none"))
    monkeypatch.setenv("EKG_LLM_MODEL", "m")
    monkeypatch.setenv("EKG_CACHE", str(tmp_path / "cache"))
    with serving(lambda request: completion({"ready": True})) as server:
        monkeypatch.setenv("EKG_LLM_URL", server.url)
        found = {name: (ok, detail) for name, ok, detail in examine()}
    assert not found["backend nlp"][0]
    assert "no spaCy pipeline 'en_nowhere_sm'" in found["backend nlp"][1]
    assert not found["backend names-model"][0]
    assert found["backend llm"] == (True, f"{server.url}: m answers, without a key (EKG_LLM_API_KEY is not set)")
    monkeypatch.setenv("EKG_LLM_KEY_VARIABLE", "not a name")
    ((name, ok, _),) = examine()
    assert (name, ok) == ("backends", False)


def test_an_option_for_one_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["--set", "llm-model=m", "--set", "port=7", "config", "show"])
    assert result.exit_code == 0
    assert "llm-model\tm\tEKG_LLM_MODEL" in result.stdout
    assert load_settings()["llm-model"] is None
    for pair, message in (("prot=7", "did you mean 'port'"), ("port=x", "wants a whole number")):
        result = CliRunner().invoke(app, ["--set", pair, "config", "show"])
        assert message in str(result.exception)


def test_a_pipeline_that_is_missing_stops_a_build_with_code_3(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Gunmen attacked Leeds.")
    done = subprocess.run(
        [sys.executable, "-m", "ekg", "--set", "nlp=en_nowhere_sm", "build", "a.txt", "-o", "kg", "-j", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "no spaCy pipeline 'en_nowhere_sm'" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_worker_could_not_say_is_said_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pipeline").mkdir()
    spacy.blank("en").to_disk(tmp_path / "pipeline")
    monkeypatch.setenv("EKG_NLP", str(tmp_path / "pipeline"))
    with pytest.raises(MissingError, match="does not give anything"):
        next(extract_many([Document(id="a", text="Gunmen attacked Leeds.")], jobs=2))


def test_a_build_asks_again_what_an_endpoint_did_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ekg.pipeline.build import build

    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("Gunmen attacked a police station in Leeds.")
    monkeypatch.setenv("EKG_LLM_MODEL", "m")
    monkeypatch.setenv("EKG_LLM_RETRIES", "0")
    with serving() as server:
        monkeypatch.setenv("EKG_LLM_URL", server.url)
        working = server.brain
        server.brain = lambda request: failure(503, "busy")
        report = build(["a.txt"], tmp_path / "kg")
        assert report.diagnostics["llm_error"] == 1
        server.brain = working
        report = build(["a.txt"], tmp_path / "kg")
        assert (report.changed, "llm_error" in report.diagnostics) == (1, False)
        sent = len(server.requests)
        report = build(["a.txt"], tmp_path / "kg")
        assert (report.unchanged, len(server.requests)) == (1, sent)
    with open_graph(tmp_path / "kg") as graph:
        assert graph.rows("SELECT DISTINCT ?by { ?event ekg:proposedBy ?by }") == [{"by": "llm:m"}]
