"""The closing line of text output, and the table of `--statistics`."""

from collections import Counter
from collections.abc import Iterable

from autoc.diagnostics.kinds import KIND
from autoc.diagnostics.model import SEVERITIES, Diagnostic

WORDS = {"error": "error", "warning": "warning", "info": "note"}


def summary_line(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`, or that nothing was found."""
    counts = Counter(each.severity for each in diagnostics)
    parts = [
        f"{counts[severity]} {WORDS[severity]}{'' if counts[severity] == 1 else 's'}"
        for severity in SEVERITIES
        if counts[severity]
    ]
    return ", ".join(parts) or "no findings"


def statistics_table(diagnostics: Iterable[Diagnostic]) -> str:
    """How often each code was found, the most frequent first."""
    counts = Counter(each.code for each in diagnostics)
    width = len(str(max(counts.values(), default=0)))
    return "".join(
        f"{str(count).rjust(width)}  {code}  {KIND[code].name}\n"
        for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    )
