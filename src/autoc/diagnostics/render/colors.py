"""The few colours of text output."""

from autoc.diagnostics.model import Severity

RESET = "\x1b[0m"
BOLD = "\x1b[1m"
BLUE = "\x1b[1;34m"
OF_SEVERITY: dict[Severity, str] = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "info": "\x1b[1;36m",
}


def paint(text: str, code: str, *, color: bool) -> str:
    """`text` in a colour, if colours are wanted."""
    return f"{code}{text}{RESET}" if color and text else text


def paint_severity(text: str, severity: Severity, *, color: bool) -> str:
    """`text` in the colour of a severity."""
    return paint(text, OF_SEVERITY[severity], color=color)
