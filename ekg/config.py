"""Effective options: flags win over ``EKG_…`` variables, which win over ``ekg.toml``, which wins over defaults."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ekg.errors import ConfigError

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option: its name as in ``ekg.toml``, type, default and meaning; ``choices`` where it has a fixed set."""

    name: str
    type: type
    default: Value
    help: str
    choices: tuple[str, ...] = ()
    minimum: float | None = None

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return "EKG_" + self.name.upper().replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """An effective value and where it comes from: ``flag``, a variable's name, a file's path, or ``default``."""

    value: Value
    origin: str


OPTIONS: tuple[Option, ...] = (
    Option(name="data", type=str, default="../shared/data", help="folder of corpora and benchmarks"),
    Option(name="cache", type=str, default=".ekg-cache", help="folder for unpacked data and downloads"),
    Option(name="jobs", type=int, default=0, help="worker processes of a build; 0 is one a core", minimum=0),
    Option(
        name="executor", type=str, default="process", help="where extraction runs", choices=("process", "ray", "dask")
    ),
    Option(name="encoding", type=str, default=None, help="encoding of text sources; default: detected"),
    Option(name="recorded-at", type=str, default=None, help="ISO date at which documents without a date were recorded"),
    Option(name="color", type=bool, default=True, help="colours and progress bars on a terminal"),
    Option(name="host", type=str, default="127.0.0.1", help="address that the server binds to"),
    Option(name="port", type=int, default=8000, help="port of the server", minimum=0),
    Option(name="workers", type=int, default=2, help="reader processes of the server", minimum=1),
    Option(name="timeout", type=float, default=30.0, help="seconds a query may take", minimum=0.01),
    Option(name="max-rows", type=int, default=100_000, help="rows of a query's result at most", minimum=1),
    Option(name="max-body", type=int, default=16_384, help="KiB of a request's body at most", minimum=1),
    Option(name="max-connections", type=int, default=256, help="connections to the server at a time", minimum=1),
    Option(name="cors", type=str, default=None, help="origins whose pages may use the server, commas between"),
    Option(name="access-log", type=str, default=None, help="file that gets a line a request; - is standard error"),
    Option(
        name="memory-quads",
        type=int,
        default=None,
        help="quads of a graph that the server's workers copy into memory; default: 200000, with updates 0",
        minimum=0,
    ),
    Option(name="answer-cache", type=int, default=32, help="MiB of answers that the server keeps", minimum=0),
    Option(
        name="allow-service",
        type=str,
        default=None,
        help="endpoints that SERVICE may ask; one ending in / is all below",
    ),
    Option(name="allow-load", type=str, default=None, help="files that LOAD may fetch; one ending in / is all below"),
    Option(
        name="allow-private-addresses", type=bool, default=False, help="let SERVICE and LOAD reach into this network"
    ),
    Option(name="fetch-timeout", type=float, default=10.0, help="seconds that fetching may take", minimum=0.01),
    Option(name="fetch-rows", type=int, default=10_000, help="rows of a SERVICE, triples of a LOAD", minimum=1),
    Option(name="fetch-size", type=int, default=16_384, help="KiB of what is fetched at most", minimum=1),
    Option(name="precision", type=float, default=0.95, help="wanted precision of merged links", minimum=0.0),
    Option(name="seed", type=int, default=13, help="seed of everything random"),
    Option(name="ontology", type=str, default=None, help="YAML file with event types of your own"),
    Option(name="link-table", type=str, default=None, help="table of names and Wikidata ids that entities link to"),
    Option(name="nlp", type=str, default=None, help="spaCy pipeline instead of ours: a package's name or a path"),
    Option(name="nlp-parts", type=str, default=None, help="what it gives: sentences, tags, parse, names; default: all"),
    Option(name="names-model", type=str, default=None, help="folder of a Hugging Face token classifier for names"),
    Option(name="names-labels", type=str, default=None, help="labels of names, as PER=person, MISC=other, DATE=-"),
    Option(name="triggers-model", type=str, default=None, help="folder of a token classifier for event triggers"),
    Option(name="triggers-labels", type=str, default=None, help="its labels as event types: ATTACK=Attack, OTHER=-"),
    Option(name="llm-url", type=str, default=None, help="OpenAI-compatible endpoint that proposes events; unset: off"),
    Option(name="llm-model", type=str, default=None, help="name of the endpoint's model"),
    Option(name="llm-key-variable", type=str, default="EKG_LLM_API_KEY", help="variable that holds the endpoint's key"),
    Option(name="llm-key-file", type=str, default=None, help="file that holds the endpoint's key"),
    Option(name="llm-allow-http", type=bool, default=False, help="allow plain http to another machine"),
    Option(name="llm-types", type=int, default=8, help="event types asked about in a sentence at most", minimum=1),
    Option(name="llm-timeout", type=float, default=60.0, help="seconds a request to it may take", minimum=0.01),
    Option(name="llm-retries", type=int, default=4, help="further tries of a request that fails", minimum=0),
    Option(name="llm-concurrency", type=int, default=4, help="requests to it at once, over all workers", minimum=1),
    Option(name="llm-max-requests", type=int, default=20_000, help="requests a build may send; 0: any", minimum=0),
    Option(name="llm-max-tokens", type=int, default=20_000_000, help="tokens a build may use; 0: any", minimum=0),
)
_BY_NAME = {option.name: option for option in OPTIONS}


def _convert(option: Option, value: object, origin: str) -> Value:
    """Check a value's type and range.

    Raises:
        ConfigError: the value does not fit; names the option, the value and its origin.
    """
    problem = ConfigError(f"{origin}: option '{option.name}' wants {_wants(option)}, not {value!r}", hint=option.help)
    if isinstance(value, str) and option.type is not str:
        text = value.strip().lower()
        if option.type is bool:
            if text not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
                raise problem
            return text in {"1", "true", "yes", "on"}
        try:
            value = int(text) if option.type is int else float(text)
        except ValueError:
            raise problem from None
    if option.type is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, option.type) or (option.type is int and isinstance(value, bool)):
        raise problem
    if option.choices and value not in option.choices:
        raise problem
    if option.minimum is not None and isinstance(value, int | float) and not value >= option.minimum:
        raise problem
    assert isinstance(value, str | int | float | bool)
    return value


def _wants(option: Option) -> str:
    if option.choices:
        return "one of " + ", ".join(option.choices)
    kind = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}[option.type]
    return f"{kind} of at least {option.minimum:g}" if option.minimum is not None else kind


class Settings:
    """All options with their effective values."""

    def __init__(self, values: dict[str, Setting]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[name].value

    def items(self) -> list[tuple[Option, Setting]]:
        """Every option with its value and origin, in the order of declaration."""
        return [(option, self._values[option.name]) for option in OPTIONS]


def find_config_file(start: Path) -> Path | None:
    """The nearest ``ekg.toml`` in ``start`` or a folder above it, but not above a repository's root."""
    for folder in (start, *start.parents):
        if (folder / "ekg.toml").is_file():
            return folder / "ekg.toml"
        if (folder / ".git").exists():
            return None
    return None


def read_config_file(path: Path) -> dict[str, Setting]:
    """Options set in a TOML file.

    Raises:
        ConfigError: malformed TOML, an unknown option (with its line and the nearest name), or a wrong value.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    found: dict[str, Setting] = {}
    for key, value in table.items():
        line = _line_of(text, key)
        option = option_named(key, f"{path}:{line}")
        found[option.name] = Setting(value=_convert(option, value, f"{path}:{line}"), origin=f"{path}:{line}")
    return found


def option_named(name: str, where: str) -> Option:
    """The option of a name, written with ``-`` or ``_``.

    Args:
        name: as the user wrote it.
        where: file and line, or flag, for the message.

    Raises:
        ConfigError: there is none; names the nearest.
    """
    option = _BY_NAME.get(name.replace("_", "-"))
    if option is None:
        close = get_close_matches(name, list(_BY_NAME), n=1)
        hint = f"did you mean '{close[0]}'?" if close else "see `ekg config show` for the options there are"
        raise ConfigError(f"{where}: unknown option '{name}'", hint=hint)
    return option


def _line_of(text: str, key: str) -> int:
    pattern = re.compile(rf"\s*\[?\s*[\"']?{re.escape(key)}[\"']?\s*[\]=.]")
    return next((n for n, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def load_settings(
    flags: Mapping[str, Value] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    start: Path | None = None,
) -> Settings:
    """Effective options from flags (None means not given), environment and the nearest ``ekg.toml``.

    Raises:
        ConfigError: as :func:`read_config_file`, or a variable with a wrong value or an unknown name in ``flags``.
    """
    environ = os.environ if environ is None else environ
    values = {option.name: Setting(value=option.default, origin="default") for option in OPTIONS}
    path = Path(environ["EKG_CONFIG"]) if environ.get("EKG_CONFIG") else find_config_file(start or Path.cwd())
    if path is not None:
        values.update(read_config_file(path))
    for option in OPTIONS:
        if environ.get(option.variable):
            value = _convert(option, environ[option.variable], option.variable)
            values[option.name] = Setting(value=value, origin=option.variable)
    for name, flag in (flags or {}).items():
        if flag is not None:
            option = _BY_NAME[name]
            values[name] = Setting(value=_convert(option, flag, f"--{name}"), origin="flag")
    return Settings(values)


def data_dir() -> Path:
    """Folder of the corpora (``EKG_DATA``); it need not exist."""
    return Path(str(load_settings()["data"]))
