"""The OpenAPI document, made from the list of addresses: it cannot promise what is not there."""

from __future__ import annotations

from typing import Any

from django.urls import get_resolver, reverse
from django.urls.resolvers import RoutePattern, URLPattern, URLResolver

from redway import __version__
from redway.core.missing import Missing
from redway.figures.table import Kind
from redway.web.api.addresses import ADDRESSES, Address, Part

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = ("json", "csv", "xlsx")
_EXTENSION = Part("extension", "json for programs, csv or xlsx for spreadsheets", "json", words=EXTENSIONS)


def document() -> dict[str, Any]:
    """The whole description, OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Redway",
            "version": __version__,
            "description": (
                "Every table of Redway's pages. Send a personal token, made in Your account, as "
                "'Authorization: Bearer ...'. A token may read what its owner may read, and nothing more; "
                "each use is held to the same permissions and the same audit trail as the pages. A figure "
                "that is missing is an object that says why; it is never zero and never left out."
            ),
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {route_of(address.url_name): {"get": _operation(address)} for address in ADDRESSES},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Table": _TABLE, "Cell": _CELL, "Problem": _PROBLEM},
        },
    }


def route_of(url_name: str) -> str:
    """The address of a URL name with its parts in braces: ``/schools/{urn}/similar.{extension}``."""
    routes = dict(_routes(get_resolver().url_patterns, "/", ""))
    return routes[url_name]


def _routes(patterns: list[Any], before: str, space: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in patterns:
        if not isinstance(entry.pattern, RoutePattern):
            continue
        route = before + _braces(str(entry.pattern))
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found += _routes(entry.url_patterns, route, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            found.append((f"{space}{entry.name}", route))
    return found


def _braces(route: str) -> str:
    # "<str:urn>/" -> "{urn}/"
    return "".join(
        "{" + piece.partition(">")[0].rpartition(":")[2] + "}" + piece.partition(">")[2] if number else piece
        for number, piece in enumerate(route.split("<"))
    )


def table_routes() -> dict[str, str]:
    """URL name -> address of every route that ends in an extension."""
    every = _routes(get_resolver().url_patterns, "/", "")
    return {name: route for name, route in every if route.endswith(".{extension}")}


def _operation(address: Address) -> dict[str, Any]:
    return {
        "operationId": address.url_name.replace(":", "_"),
        "summary": address.title,
        "parameters": [
            *(_parameter(part, "path") for part in (*address.parts, _EXTENSION)),
            *(_parameter(part, "query") for part in (*address.query, *_state(address))),
        ],
        "responses": {
            "200": {
                "description": "The table",
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Table"}},
                    "text/csv": {"schema": {"type": "string"}},
                    XLSX: {"schema": {"type": "string", "contentEncoding": "binary"}},
                },
            },
            "401": _problem("No token was sent, or it is not good for this"),
            "404": _problem("There is no such table, or its owner may not see it"),
            "405": _problem("Tables are read with GET"),
        },
    }


def _state(address: Address) -> list[Part]:
    """Order, words sought and columns. They stand behind the table's name where a page has several."""
    if address.named_by:
        return []
    before = f"{address.state_name}-" if address.state_name else ""
    return [
        Part(f"{before}sort", "Key of the column to order by; with - before it, largest first", "name"),
        Part(f"{before}find", "Only rows that hold these words", ""),
        Part(
            f"{before}column", "Key of a column to keep; give it again for each; all when left out", many=True
        ),
    ]


def _parameter(part: Part, place: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if part.words:
        schema["enum"] = list(part.words)
    if part.pattern:
        schema["pattern"] = part.pattern
    if part.many:
        schema = {"type": "array", "items": schema}
    described: dict[str, Any] = {
        "name": part.name,
        "in": place,
        "required": place == "path",
        "description": part.meaning,
        "schema": schema,
    }
    if part.example:
        described["example"] = part.example
    return described


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


_CELL: dict[str, Any] = {
    "description": "Text, a number, a date as 2026-04-02, nothing, or why there is no figure",
    "anyOf": [
        {"type": ["string", "number", "null"]},
        {
            "type": "object",
            "properties": {
                "missing": {"type": "string", "enum": [*(reason.value for reason in Missing), "hidden"]},
                "label": {"type": "string"},
            },
            "required": ["missing", "label"],
            "additionalProperties": False,
        },
    ],
}
_TABLE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "columns": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "key": {"type": "string"},
                    "heading": {"type": "string"},
                    "kind": {"type": "string", "enum": [kind.value for kind in Kind]},
                },
                "required": ["key", "heading", "kind"],
            },
        },
        "rows": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Cell"}},
        },
        "notes": {"type": "array", "items": {"type": "string"}},
        "source": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["title", "columns", "rows", "notes", "source"],
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "properties": {"error": {"type": "string"}, "next_step": {"type": "string"}},
    "required": ["error", "next_step"],
}


def example_of(address: Address) -> str:
    """An address that works, for the page that explains them."""
    parts = [part.example for part in address.parts]
    return reverse(address.url_name, args=[*parts, "json"])
