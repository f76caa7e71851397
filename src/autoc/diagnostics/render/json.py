"""Findings as JSON. The format is a contract (cli.md)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from autoc.diagnostics.model import Diagnostic, Fix
from autoc.diagnostics.render.places import positions_of
from autoc.text.source import Position, Source, Span

PAGE = "docs/reference/diagnostics.md"


def render_json(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """A JSON array with one object for each finding."""
    document = [finding_data(each, sources) for each in diagnostics]
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def finding_data(each: Diagnostic, sources: Mapping[str, Source]) -> dict[str, Any]:
    """One finding as JSON data."""
    return {
        "code": each.code,
        "name": each.name,
        "severity": each.severity,
        "message": each.message,
        "url": f"{PAGE}#{each.code.lower()}",
        **_place(each.primary.span, sources),
        "automation": each.automation,
        "help": each.help,
        "notes": list(each.notes),
        "fix": _fix(each.fix, sources) if each.fix else None,
        "related": [
            {
                **_place(label.span, sources),
                "message": label.message,
                "automation": label.automation,
            }
            for label in each.related
        ],
        "witness": each.witness,
    }


def _place(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    start, end = positions_of(span, sources)
    return {"filename": span.path, "location": _position(start), "end_location": _position(end)}


def _position(position: Position) -> dict[str, int]:
    return {"row": position.row, "column": position.column}


def _fix(fix: Fix, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "title": fix.title,
        "safe": fix.safe,
        "edits": [
            {**_place(edit.span, sources), "replacement": edit.replacement} for edit in fix.edits
        ],
    }
