"""Findings as JUnit XML: a test case for each file, with a failure for each error and warning."""

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from autoc.diagnostics.model import Diagnostic
from autoc.diagnostics.render.concise import render_concise
from autoc.text.source import Source

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """The whole document."""
    by_path: dict[str, list[Diagnostic]] = {path: [] for path in sources}
    for each in diagnostics:
        by_path.setdefault(each.primary.span.path, []).append(each)
    cases = [_case(path, found, sources) for path, found in by_path.items()]
    failures = sum(case.count("<failure") for case in cases)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites><testsuite name="autoc check" tests="{len(cases)}" failures="{failures}">\n'
        f"{''.join(cases)}</testsuite></testsuites>\n"
    )


def _case(path: str, found: list[Diagnostic], sources: Mapping[str, Source]) -> str:
    failing = [each for each in found if each.severity != "info"]
    notes = [each for each in found if each.severity == "info"]
    body = "".join(
        f"<failure type={_attribute(each.code)} message={_attribute(each.message)}>"
        f"{_text(render_concise([each], sources))}</failure>\n"
        for each in failing
    )
    if notes:
        body += f"<system-out>{_text(render_concise(notes, sources))}</system-out>\n"
    lead = f"<testcase classname={_attribute('autoc')} name={_attribute(path)}"
    return f"{lead}>\n{body}</testcase>\n" if body else f"{lead}/>\n"


def _text(text: str) -> str:
    return escape(NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _attribute(text: str) -> str:
    clean = NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return quoteattr(clean, {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
