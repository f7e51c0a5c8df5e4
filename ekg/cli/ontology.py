"""ontology: list, show, add, check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ekg.cli.common import JsonOption, options_set, print_json, print_table, set_for_call

if TYPE_CHECKING:
    from extractors.ontology import EventType

OntologyOption = Annotated[
    Path | None, typer.Option("--ontology", metavar="FILE", help="YAML file with event types of your own")
]


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    ontology = typer.Typer(help="Event types and their roles.", no_args_is_help=True)
    ontology.command("list")(list_types)
    ontology.command("show")(show)
    ontology.command("add")(add)
    ontology.command("check")(check)
    app.add_typer(ontology, name="ontology")


def chosen_ontology(path: Path | None) -> list[str]:
    """The option for `options_set`; none where the flag is not given."""
    return [f"ontology={path}"] if path is not None else []


def use_ontology(path: Path | None) -> None:
    """Make a file the user's ontology until the running command ends, for it and the processes that it starts."""
    set_for_call(chosen_ontology(path))


def list_types(
    ontology: OntologyOption = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help="only types of geneva, news or own")
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the event types."""
    from extractors.ontology import load_ontology

    with options_set(chosen_ontology(ontology)):
        types = [kind for kind in load_ontology().values() if source in {None, kind.source}]
    if json:
        print_json({"types": [{"name": t.name, "definition": t.definition, "source": t.source} for t in types]})
        return
    print_table(("type", "source", "definition"), [(t.name, t.source, t.definition) for t in types], wide=2)


def show(
    name: Annotated[str, typer.Argument(metavar="TYPE", help="name of an event type")],
    ontology: OntologyOption = None,
    json: JsonOption = False,
) -> None:
    """Show one event type with its roles, keywords, parents and mappings."""
    from ekg.errors import NotFoundError
    from extractors.ontology import load_ontology
    from extractors.ontology.yamlfile import nearest

    with options_set(chosen_ontology(ontology)):
        types = load_ontology()
    if name not in types:
        raise NotFoundError(f"no event type '{name}'", hint=nearest(name, types))
    found = _described(types[name])
    if json:
        print_json(found)
        return
    typer.echo(f"{found['name']} ({found['source']})\n{found['definition']}")
    for key, value in found.items():
        if key in {"name", "source", "definition"} or not value:
            continue
        if key == "role_definitions":
            for role, about in value.items():
                needed = ", required" if about["required"] else ""
                typer.echo(f"  {role} ({about['general']}{needed}) {about['definition']}".rstrip())
        elif isinstance(value, dict):
            typer.echo(f"{key}: " + "; ".join(f"{name}: {', '.join(terms)}" for name, terms in value.items()))
        else:
            typer.echo(f"{key}: {', '.join(value)}")


def _described(kind: EventType) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": kind.name,
        "source": kind.source,
        "definition": kind.definition,
        "roles": list(kind.roles),
    }
    if kind.details is None:
        return found
    about = kind.details
    words = {"noun": about.nouns, "verb": about.verbs, "any": about.words, "form": about.forms, "phrase": about.phrases}
    found["parents"] = list(about.parents)
    found["keywords"] = {name: list(those) for name, those in words.items() if those}
    found["examples"] = [example.marked for example in about.examples]
    found["counterexamples"] = [example.marked for example in about.counterexamples]
    found["mappings"] = {name: list(terms) for name, terms in about.mappings}
    found["role_definitions"] = {
        role.name: {"general": role.general, "definition": role.definition, "required": role.required}
        for role in about.roles
    }
    return found


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="name of the new type, such as Product_recall")],
    keywords: Annotated[
        str, typer.Option("--keywords", metavar="WORDS", help="words that name such an event: recall, withdraw/verb")
    ],
    example: Annotated[
        str, typer.Option("--example", metavar="SENTENCE", help="a sentence with its [trigger] in square brackets")
    ],
    counterexample: Annotated[
        list[str] | None,
        typer.Option(
            "--counterexample", metavar="SENTENCE", help="a sentence whose [keyword] means another; repeatable"
        ),
    ] = None,
    definition: Annotated[str | None, typer.Option("--definition", metavar="TEXT", help="what it is")] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="NAME=GENERAL", help="a role, such as Maker=Agent; repeatable")
    ] = None,
    parent: Annotated[
        list[str] | None, typer.Option("--parent", metavar="TYPE", help="a more general type; repeatable")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="file; default: the option 'ontology'")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Define a new event type from one sentence; extraction that uses the file recognises it at once."""
    from ekg.errors import ConfigError
    from extractors.ontology.definition import parse_example
    from extractors.ontology.load import own_file
    from extractors.ontology.write import add_type, make_type, parse_role

    path = out or own_file()
    if path is None:
        raise ConfigError("no file to add the type to", hint="give -o FILE, or set 'ontology' in ekg.toml")
    kind = make_type(
        name,
        keywords=keywords,
        example=parse_example(example),
        against=[parse_example(text) for text in counterexample or ()],
        definition=definition,
        roles=[parse_role(text) for text in role or ()],
        parents=parent or (),
    )
    line = add_type(path, kind)
    if json:
        print_json({"name": name, "file": str(path), "line": line})
        return
    typer.echo(f"{path}:{line}: {name}")
    if own_file() != path:
        typer.echo(f'use it with --ontology {path}, or set ontology = "{path}" in ekg.toml', err=True)


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="ontology files")], json: JsonOption = False
) -> None:
    """Check ontology files; the first mistake is named with its line and the nearest right name, exit code 1."""
    from extractors.ontology.load import built_in_types
    from extractors.ontology.read import read_ontology

    known = built_in_types()
    for path in files:
        found = read_ontology(path, known)
        without = [kind.name for kind in found.types if not kind.examples]
        if json:
            print_json({"file": str(path), "types": [kind.name for kind in found.types], "without_example": without})
            continue
        note = f"; without an example: {', '.join(without)}" if without else ""
        typer.echo(f"{path}: {len(found.types)} types, no mistakes{note}")
