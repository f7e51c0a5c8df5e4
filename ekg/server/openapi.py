"""The API's description (OpenAPI 3.1), made from the one table of operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

import ekg
from ekg.model import Answer
from ekg.server.api import Operation

_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_NUMBER = {"type": "number"}
_COUNT = {"type": "integer"}
_SPAN = {"type": ["array", "null"], "items": _COUNT, "minItems": 2, "maxItems": 2}
_MEDIA = {"type": ["array", "null"], "items": _NUMBER, "minItems": 2, "maxItems": 2}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_PARTICIPANT = _object(role=_TEXT, name=_TEXT, entity=_MAYBE_TEXT, confidence=_NUMBER)
_RESULT = _object(
    id=_TEXT, kind=_TEXT, document=_TEXT, title=_MAYBE_TEXT, published=_MAYBE_TEXT, score=_NUMBER, span=_SPAN,
    text=_MAYBE_TEXT, media=_MEDIA,
)  # fmt: skip
_EVENT = _object(
    id=_TEXT, iri=_TEXT, type=_TEXT, label=_TEXT, begin=_MAYBE_TEXT, end=_MAYBE_TEXT, granularity=_MAYBE_TEXT,
    place=_MAYBE_TEXT, polarity=_TEXT, modality=_TEXT, confidence=_NUMBER, mentions=_COUNT, recorded_at=_MAYBE_TEXT,
    participants=_list(_PARTICIPANT), status={"type": "object"}, missing=_list(_TEXT), evidence=_list(_ref("Evidence")),
)  # fmt: skip
_ENTITY = _object(id=_TEXT, iri=_TEXT, type=_TEXT, name=_TEXT, aliases=_list(_TEXT), mentions=_COUNT, events=_COUNT)
_INFO = _object(
    path=_TEXT, version=_TEXT, generation=_TEXT, quads=_COUNT, counts={"type": "object"},
    time=_object(begin=_MAYBE_TEXT, end=_MAYBE_TEXT), types={"type": "object"}, all_types={"type": "array"},
    entities={"type": "array"}, prefixes={"type": "object"},
)  # fmt: skip


def _schemas() -> dict[str, Any]:
    _, components = msgspec.json.schema_components([Answer], ref_template="#/components/schemas/{name}")
    return {
        **components,
        "SearchResults": _object(query=_TEXT, results=_list(_RESULT)),
        "Event": _EVENT,
        "Events": _object(total=_COUNT, events=_list(_ref("Event"))),
        "Timeline": _object(name=_TEXT, entity={"type": ["object", "null"]}, total=_COUNT, events=_list(_ref("Event"))),
        "Entity": {**_ENTITY, "properties": {**_ENTITY["properties"], "others": _list({"type": "object"})}},
        "Info": _INFO,
        "Error": {"type": "object", "properties": {"error": _TEXT, "hint": _MAYBE_TEXT}, "required": ["error"]},
    }


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


_FAILURES = {
    "400": "a parameter is unknown, missing or wrong",
    "404": "the graph has no such thing",
    "503": "too many requests wait",
    "504": "it took longer than the time-out",
}


def _path(operation: Operation) -> dict[str, Any]:
    return {
        "get": {
            "operationId": operation.path.rsplit("/", 1)[-1],
            "summary": operation.summary,
            "parameters": [
                {
                    "name": parameter.name,
                    "in": "query",
                    "required": parameter.required,
                    "description": parameter.help,
                    "schema": parameter.schema(),
                }
                for parameter in operation.parameters
            ],
            "responses": {
                "200": _response("what was found", _ref(operation.result)),
                **{code: _response(text, _ref("Error")) for code, text in _FAILURES.items()},
            },
        }
    }


def openapi(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document for ``/api/openapi.json``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ekg",
            "version": ekg.__version__,
            "summary": "Questions, search, events and timelines over one event knowledge graph",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {operation.path: _path(operation) for operation in operations},
        "components": {"schemas": _schemas()},
    }
