"""`and` and `or` side by side without parentheses: nobody agrees on what that means."""

from collections.abc import Iterator

from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Edit, Fix, Label
from autoc.syntax import tree
from autoc.text.source import Source, Span


def find_mixed_chains(statement: tree.Statement, source: Source) -> Iterator[Diagnostic]:
    """One AC104 for each `or` chain that holds an `and` chain without parentheses."""
    match statement:
        case tree.AutomationNode(where=where, until=until):
            roots = [each for each in (where, until) if each is not None]
        case tree.LetNode(condition=condition):
            roots = [condition]
        case _:
            return
    for root in roots:
        for chain in _chains(root):
            inner = [part for part in chain.parts if isinstance(part, tree.Chain)]
            if inner:
                yield _report_mixed(chain, inner, source)


def _chains(root: tree.ConditionNode) -> Iterator[tree.Chain]:
    waiting = [root]
    while waiting:
        match waiting.pop():
            case tree.Chain() as chain:
                yield chain
                waiting.extend(reversed(chain.parts))
            case tree.Negation(part=part) | tree.Group(part=part):
                waiting.append(part)


def _report_mixed(chain: tree.Chain, inner: list[tree.Chain], source: Source) -> Diagnostic:
    edits = tuple(
        edit
        for part in inner
        for edit in (
            Edit(span=_point(part.span.path, part.span.start), replacement="("),
            Edit(span=_point(part.span.path, part.span.end), replacement=")"),
        )
    )
    example = source.text[inner[0].span.start : inner[0].span.end]
    return report(
        "AC104",
        message="`and` and `or` are mixed without parentheses",
        primary=Label(span=chain.span, message="which belongs together is not said"),
        related=tuple(Label(span=part.span, message="joined by `and`") for part in inner),
        help=f"put parentheses around what belongs together, such as `({' '.join(example.split())})`",
        fix=Fix(title="put parentheses around the parts joined by `and`", safe=False, edits=edits),
    )


def _point(path: str, offset: int) -> Span:
    return Span(path=path, start=offset, end=offset)
