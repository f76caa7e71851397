"""Findings as SARIF 2.1.0 (OASIS), for code scanning services.

A finding's fingerprint is made of its code, its automation and the text that it points at, not of
its line, so that it survives a move; equal ones are told apart by their order.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from autoc import __version__
from autoc.diagnostics.kinds import KIND
from autoc.diagnostics.model import Diagnostic, Fix, Label, Severity
from autoc.diagnostics.render.places import positions_of
from autoc.text.source import Source, Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
FINGERPRINT = "autocFinding/v1"


def render_sarif(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """One run with all findings."""
    every = list(diagnostics)
    codes = sorted({each.code for each in every})
    taken: Counter[str] = Counter()
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(codes)},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"PROJECTROOT": {"description": {"text": "the project"}}},
                "results": [_result(each, codes, sources, taken) for each in every],
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _driver(codes: list[str]) -> dict[str, Any]:
    return {
        "name": "autoc",
        "semanticVersion": __version__,
        "rules": [
            {
                "id": code,
                "name": "".join(part.title() for part in KIND[code].name.split("-")),
                "shortDescription": {"text": KIND[code].summary},
                "help": {"text": f"run `autoc check --explain {code}`"},
                "defaultConfiguration": {"level": LEVELS[KIND[code].severity]},
            }
            for code in codes
        ],
    }


def _result(
    each: Diagnostic, codes: list[str], sources: Mapping[str, Source], taken: Counter[str]
) -> dict[str, Any]:
    text = each.message + "".join(f"\n{note}" for note in each.notes)
    result: dict[str, Any] = {
        "ruleId": each.code,
        "ruleIndex": codes.index(each.code),
        "level": LEVELS[each.severity],
        "message": {"text": f"{text}\n{each.help}" if each.help else text},
        "locations": [_location(each.primary, sources)],
        "partialFingerprints": {FINGERPRINT: _fingerprint(each, sources, taken)},
    }
    if each.related:
        result["relatedLocations"] = [
            {"id": number, **_location(label, sources)} for number, label in enumerate(each.related)
        ]
    if each.fix is not None:
        result["fixes"] = [_fix(each.fix, sources)]
    return result


def _location(label: Label, sources: Mapping[str, Source]) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(label.span),
            "region": _region(label.span, sources),
        }
    }
    if label.message:
        location["message"] = {"text": label.message}
    return location


def _artifact(span: Span) -> dict[str, Any]:
    return {"uri": quote(span.path, safe="/"), "uriBaseId": "PROJECTROOT"}


def _region(span: Span, sources: Mapping[str, Source]) -> dict[str, int]:
    start, end = positions_of(span, sources)
    return {
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    }


def _fix(fix: Fix, sources: Mapping[str, Source]) -> dict[str, Any]:
    by_path: dict[str, list[dict[str, Any]]] = {}
    spans: dict[str, Span] = {}
    for edit in fix.edits:
        spans.setdefault(edit.span.path, edit.span)
        by_path.setdefault(edit.span.path, []).append(
            {
                "deletedRegion": _region(edit.span, sources),
                "insertedContent": {"text": edit.replacement},
            }
        )
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _artifact(spans[path]), "replacements": replacements}
            for path, replacements in by_path.items()
        ],
    }


def _fingerprint(each: Diagnostic, sources: Mapping[str, Source], taken: Counter[str]) -> str:
    source = sources.get(each.primary.span.path)
    text = source.text[each.primary.span.start : each.primary.span.end] if source else ""
    parts = (each.code, each.automation or "", " ".join(text.split()))
    digest = hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]
    taken[digest] += 1
    return f"{digest}:{taken[digest]}"
