"""spaCy pipelines and Hugging Face token classifiers in place of our own models, built here in a temporary folder."""

from __future__ import annotations

import json
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import spacy
import torch
from spacy.training import Example

from ekg.errors import ConfigError, MissingError
from ekg.model import Document, Extraction, encode_extraction
from extractors import ExtractConfig, Extractor, signature
from extractors.backends import Choice
from extractors.backends.backends import Backends
from extractors.backends.spacy_pipeline import SpacyPipeline
from extractors.backends.token_classifier import TokenClassifier
from extractors.backends.universal import to_universal

STORY = "Gunmen attacked a bank in Leeds on Tuesday. Mary Marsh of Acme will resign next week."
LABELS = ("O", "B-PER", "I-PER", "B-LOC", "B-MISC", "B-Attack", "B-Zap", "B-Quitting")


@cache
def offline() -> Extractor:
    return Extractor(ExtractConfig())


def run(text: str = STORY, **choice: Any) -> Extraction:
    extractor = copy(offline())
    extractor._backends = Backends(Choice(**choice), extractor._tagger, extractor.config.role_bias)
    return extractor.extract(Document(id="doc", text=text, published="2016-11-10"))


def save_rules(folder: Path, *components: str) -> str:
    nlp = spacy.blank("en")
    for name in components:
        pipe: Any = nlp.add_pipe(name)
        if name == "entity_ruler":
            labels = {"Leeds": "GPE", "Mary Marsh": "PERSON", "Tuesday": "DATE", "Gunmen": "BAND"}
            pipe.add_patterns([{"label": label, "pattern": text} for text, label in labels.items()])
    nlp.to_disk(folder)
    return str(folder)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline that learnt the tags and the ClearNLP tree of one sentence."""
    nlp = spacy.blank("en")
    doc = nlp.make_doc("Gunmen attacked a bank in Leeds . Marsh was angry .")
    gold = {
        "tags": ["NNS", "VBD", "DT", "NN", "IN", "NNP", ".", "NNP", "VBD", "JJ", "."],
        "pos": ["NOUN", "VERB", "DET", "NOUN", "ADP", "PROPN", "PUNCT", "PROPN", "AUX", "ADJ", "PUNCT"],
        "heads": [1, 1, 3, 1, 1, 4, 1, 8, 8, 8, 8],
        "deps": ["nsubj", "ROOT", "det", "dobj", "prep", "pobj", "punct", "nsubj", "ROOT", "acomp", "punct"],
        "lemmas": ["gunman", "attack", "a", "bank", "in", "Leeds", ".", "Marsh", "be", "angry", "."],
    }
    nlp.add_pipe("tagger")
    nlp.add_pipe("morphologizer")
    nlp.add_pipe("parser", config={"min_action_freq": 1})
    examples = [Example.from_dict(doc, gold)]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(25):
        nlp.update(examples, sgd=optimizer, losses={})
    folder = tmp_path_factory.mktemp("trained")
    nlp.to_disk(folder)
    return str(folder)


def save_classifier(folder: Path, words: dict[str, str], labels: tuple[str, ...] = LABELS, positions: int = 512) -> str:
    """A BERT without layers that labels each word piece by a table; everything else is its architecture's own."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

    letters = [chr(number) for number in range(33, 127)]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters), *sorted(words)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=len(labels),
        num_hidden_layers=0,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=positions,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
    )
    model = BertForTokenClassification(config)
    with torch.no_grad():
        embeddings = model.bert.embeddings
        embeddings.position_embeddings.weight.zero_()
        embeddings.token_type_embeddings.weight.zero_()
        embeddings.word_embeddings.weight.zero_()
        embeddings.word_embeddings.weight[:, 0] = 1.0
        for word, label in words.items():
            embeddings.word_embeddings.weight[vocabulary[word]] = torch.eye(len(labels))[labels.index(label)]
        model.classifier.weight.copy_(5 * torch.eye(len(labels)))
        model.classifier.bias.zero_()
    model.save_pretrained(folder)
    fast.save_pretrained(folder)
    return str(folder)


def test_names_and_sentences_of_a_pipeline_without_parser(tmp_path: Path) -> None:
    folder = save_rules(tmp_path, "sentencizer", "entity_ruler")
    pipeline = SpacyPipeline(folder)
    assert pipeline.parts == ("sentences", "names")
    record = run(nlp=folder)
    assert [(entity.name, entity.type) for entity in record.entities] == [
        ("Gunmen", "other"),
        ("Leeds", "place"),
        ("Mary Marsh", "person"),
    ]
    (attack,) = [event for event in record.events if event.trigger.text == "attacked"]
    assert attack.time is not None
    assert attack.time.begin == "2016-11-08"
    assert attack.place is not None
    assert attack.place.text == "Leeds"
    assert attack.method is None


def test_label_map_decides(tmp_path: Path) -> None:
    folder = save_rules(tmp_path, "entity_ruler")
    record = run(nlp=folder, names_labels="BAND=organization, GPE=-")
    assert {entity.name: entity.type for entity in record.entities} == {
        "Gunmen": "organization",
        "Mary Marsh": "person",
    }


def test_tree_of_a_trained_pipeline_is_read_as_universal(trained: str) -> None:
    pipeline = SpacyPipeline(trained)
    assert pipeline.abilities.clearnlp
    assert set(pipeline.parts) == {"sentences", "tags", "parse"}
    doc = pipeline.parse("Gunmen attacked a bank in Leeds .\n\nMarsh was angry .")
    assert [(token.text, token.dep_, token.head.text) for token in doc if not token.is_space] == [
        ("Gunmen", "nsubj", "attacked"),
        ("attacked", "ROOT", "attacked"),
        ("a", "det", "bank"),
        ("bank", "obj", "attacked"),
        ("in", "case", "Leeds"),
        ("Leeds", "obl", "attacked"),
        (".", "punct", "attacked"),
        ("Marsh", "nsubj", "angry"),
        ("was", "cop", "angry"),
        ("angry", "ROOT", "angry"),
        (".", "punct", "angry"),
    ]
    assert [token.tag_ for token in doc][:2] == ["NNS", "VBD"]
    assert all(token.lemma_ for token in doc)
    assert len(list(doc.sents)) == 2
    record = run("Gunmen attacked a bank in Leeds .", nlp=trained)
    assert record.events[0].trigger.text == "attacked"


def test_only_what_is_asked_for_is_taken(trained: str) -> None:
    doc = SpacyPipeline(trained, ("tags",)).parse("Mary Marsh attacked a bank in Leeds.")
    assert [ent.text for ent in doc.ents] == ["Mary Marsh", "Leeds"]
    assert "prep" not in {token.dep_ for token in doc}
    with pytest.raises(MissingError, match=r"does not give names, for which it lacks an ner.*components: tagger"):
        SpacyPipeline(trained, ("tags", "names"))


def test_pipelines_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"no spaCy pipeline 'en_nowhere_sm'.*spacy download en_nowhere_sm"):
        SpacyPipeline("en_nowhere_sm")
    with pytest.raises(MissingError, match="does not give anything"):
        SpacyPipeline(save_rules(tmp_path / "empty"))
    broken = tmp_path / "broken"
    save_rules(broken, "sentencizer")
    settings = (broken / "config.cfg").read_text().replace('factory = "sentencizer"', 'factory = "magic"')
    (broken / "config.cfg").write_text(settings)
    with pytest.raises(MissingError, match="cannot be loaded"):
        SpacyPipeline(str(broken))
    with pytest.raises(ConfigError, match="'GPE=planet' is no class"):
        SpacyPipeline(save_rules(tmp_path / "ruler", "entity_ruler"), (), "GPE=planet")


@pytest.mark.parametrize("text", ["", " \n ", "😀 fire", "\ud800 He died.", "x" * 3000, "a\n\n\nb\tc"])
def test_odd_text_keeps_its_offsets(trained: str, text: str) -> None:
    doc = SpacyPipeline(trained).parse(text)
    assert len(doc.text) == len(text)


def test_prepositions_copulas_and_coordination() -> None:
    words = ["He", "was", "killed", "by", "police", "and", "buried", "."]
    tags = ["PRON", "AUX", "VERB", "ADP", "NOUN", "CCONJ", "VERB", "PUNCT"]
    labels = ["nsubjpass", "auxpass", "ROOT", "agent", "pobj", "cc", "conj", "punct"]
    heads, names = to_universal(words, tags, words, [2, 2, 2, 2, 3, 2, 2, 2], labels)
    assert heads == [2, 2, 2, 4, 2, 6, 2, 2]
    assert names == ["nsubj:pass", "aux:pass", "ROOT", "case", "obl", "cc", "conj", "punct"]
    words = ["There", "was", "a", "fire", "after", "leaving"]
    tags = ["PRON", "VERB", "DET", "NOUN", "ADP", "VERB"]
    heads, names = to_universal(
        words, tags, words, [1, 1, 3, 1, 1, 4], ["expl", "ROOT", "det", "attr", "prep", "pcomp"]
    )
    assert (heads, names) == ([1, 1, 3, 1, 5, 1], ["expl", "ROOT", "det", "nsubj", "mark", "advcl"])


def test_trees_stay_trees_whatever_the_labels() -> None:
    labels = ["prep", "pobj", "attr", "conj", "cc", "agent", "pcomp", "ROOT"]
    generator = torch.Generator().manual_seed(3)
    for _ in range(200):
        heads = [int(torch.randint(0, place, (1,), generator=generator)) if place else 0 for place in range(8)]
        names = [labels[int(torch.randint(0, 8, (1,), generator=generator))] for _ in range(8)]
        above, _ = to_universal(["is"] * 8, ["AUX"] * 8, ["be"] * 8, heads, names)
        for place in range(8):
            seen = set()
            while above[place] != place:
                assert place not in seen
                seen.add(place)
                place = above[place]


def test_names_of_a_token_classifier(tmp_path: Path) -> None:
    words = {"Mary": "B-PER", "Marsh": "I-PER", "Leeds": "B-LOC", "Gunmen": "B-MISC", "L": "B-PER"}
    folder = save_classifier(tmp_path, words)
    record = run(names_model=folder)
    # "Leeds" is a piece of its own and wins over the letters it could be spelt with.
    assert [(entity.name, entity.type) for entity in record.entities] == [
        ("Gunmen", "other"),
        ("Leeds", "place"),
        ("Mary Marsh", "person"),
    ]
    assert encode_extraction(run(names_model=folder)) == encode_extraction(record)
    record = run(names_model=folder, names_labels="B-MISC=O, LOC=organization")
    assert [(entity.name, entity.type) for entity in record.entities] == [
        ("Leeds", "organization"),
        ("Mary Marsh", "person"),
    ]


def test_triggers_of_a_token_classifier(tmp_path: Path) -> None:
    words = {"attacked": "B-Attack", "bank": "B-Zap", "resign": "B-Quitting"}
    folder = save_classifier(tmp_path, words)
    record = run(triggers_model=folder, triggers_labels="Zap=-, Quitting=Resignation")
    assert [(event.trigger.text, event.type) for event in record.events] == [
        ("attacked", "Attack"),
        ("resign", "Resignation"),
    ]
    attack, resignation = record.events
    assert attack.method == f"hf:{Path(folder).name}"
    assert any(argument.text == "Gunmen" for argument in attack.arguments)
    assert attack.time is not None
    assert attack.place is not None
    assert resignation.modality == "planned"
    with pytest.raises(ConfigError, match="no event type 'Boom'"):
        run(triggers_model=folder, triggers_labels="Zap=Boom")


def test_long_texts_go_through_windows(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path, {"Mary": "B-PER", "Marsh": "I-PER"}, positions=24)
    model = TokenClassifier(folder, "names-model", {})
    text = "x " * 50 + "Mary Marsh " + "y " * 60 + "Mary"
    offsets = []
    begin = 0
    for word in text.split():
        begin = text.index(word, begin)
        offsets.append((begin, begin + len(word)))
        begin += len(word)
    spans = model.spans(text, offsets)
    assert [text[offsets[s.start][0] : offsets[s.end - 1][1]] for s in spans] == ["Mary Marsh", "Mary"]
    assert model.spans("", []) == []
    assert model.spans("\u200b", [(0, 1)]) == []


def test_classifiers_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no folder"):
        TokenClassifier(str(tmp_path / "none"), "names-model", {})
    folder = Path(save_classifier(tmp_path / "a", {}))
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(MissingError, match="no weights as safetensors"):
        TokenClassifier(str(folder), "names-model", {})
    folder = Path(save_classifier(tmp_path / "b", {}, labels=("LABEL_0", "LABEL_1")))
    with pytest.raises(ConfigError, match=r"say nothing.*names-labels"):
        TokenClassifier(str(folder), "names-model", {})
    assert TokenClassifier(str(folder), "names-model", {"LABEL_0": "O", "LABEL_1": "B-person"}).names == ("person",)


def test_a_model_without_a_head_is_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = Path(save_classifier(tmp_path, {}))
    weights = load_file(folder / "model.safetensors")
    save_file(
        {name: w for name, w in weights.items() if "classifier" not in name},
        folder / "model.safetensors",
        {"format": "pt"},
    )
    with pytest.raises(ConfigError, match="is no token classifier"):
        TokenClassifier(str(folder), "names-model", {})


def test_code_in_a_model_folder_never_runs(tmp_path: Path) -> None:
    folder = Path(save_classifier(tmp_path, {}))
    (folder / "evil.py").write_text("raise SystemExit('ran')\n")
    settings = json.loads((folder / "config.json").read_text())
    settings["model_type"] = "evil"
    settings["auto_map"] = {"AutoConfig": "evil.Config", "AutoModelForTokenClassification": "evil.Model"}
    (folder / "config.json").write_text(json.dumps(settings))
    with pytest.raises(MissingError, match="cannot be loaded"):
        TokenClassifier(str(folder), "names-model", {})


def test_signature_follows_the_models(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "a", {})
    other = save_classifier(tmp_path / "b", {"Mary": "B-PER"})
    rules = save_rules(tmp_path / "c", "sentencizer")

    def of(**choice: Any) -> str:
        return signature(ExtractConfig(choice=Choice(**choice)))

    signatures = [
        of(),
        of(names_model=folder),
        of(names_model=other),
        of(triggers_model=folder),
        of(nlp=rules),
        of(nlp=rules, nlp_parts=("sentences",)),
        of(names_model=folder, names_labels="PER=other"),
    ]
    assert len(set(signatures)) == len(signatures)
    assert of(names_model=folder) == signatures[1]
    with pytest.raises(MissingError):
        of(nlp="en_nowhere_sm")
