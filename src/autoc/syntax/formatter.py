"""One canonical layout for rule files. Comments are kept, and the plan never changes.

A file is a sequence of units, each of which becomes a line: a declaration, an automation's header,
its `on`, `where` and `until`, each of its steps. A comment goes before the unit that follows it, or
behind the unit on whose line it stands. An automation that was written on one line stays on one,
as long as it fits. Blank lines are kept, one at a time, and stand before every automation.
"""

from collections.abc import Iterator

import attrs

from autoc.syntax import tree
from autoc.syntax.writing import condition_lines, declaration_text, header_text, step_source
from autoc.text.source import Source, Span

WIDTH = 100
ONE_LINE_WIDTH = 120
"""How wide an automation on one line may be: it is read as one sentence."""
STEP_INDENT = "    "


@attrs.frozen(kw_only=True)
class Unit:
    """One line, or a few that belong together, of the formatted text."""

    span: Span
    lines: tuple[str, ...]
    indent: str = ""
    starts_automation: bool = False


def format_file(file: tree.File, source: Source) -> str:
    """The canonical text of `file`, which must be complete. Formatting it again changes nothing."""
    assert file.complete
    lines: list[str] = []
    comments = list(file.comments)
    previous_row = 0
    after_statement = False
    for unit in _units(file, source):
        leading, trailing = _take_comments(comments, unit, source)
        for number, comment in enumerate(leading):
            row = source.position(comment.span.start).row
            wants_blank = number == 0 and unit.starts_automation and after_statement
            _add_blank(lines, wanted=wants_blank or row > previous_row + 1, inside=unit.indent)
            lines.append(unit.indent + comment.text)
            previous_row = row
        row = source.position(unit.span.start).row
        wants_blank = unit.starts_automation and after_statement and not leading
        _add_blank(lines, wanted=wants_blank or row > previous_row + 1, inside=unit.indent)
        lines.extend(unit.indent + line for line in unit.lines)
        if trailing:
            lines[-1] += "  " + trailing.text
        previous_row = source.position(max(unit.span.start, unit.span.end - 1)).row
        after_statement = True
    for comment in comments:
        row = source.position(comment.span.start).row
        _add_blank(lines, wanted=row > previous_row + 1, inside="")
        lines.append(comment.text)
        previous_row = row
    return "\n".join(lines) + "\n" if lines else ""


def _add_blank(lines: list[str], *, wanted: bool, inside: str) -> None:
    """One blank line where one is wanted, but never at the top nor inside an automation."""
    if wanted and lines and lines[-1] and not inside:
        lines.append("")


def _take_comments(
    comments: list[tree.Comment], unit: Unit, source: Source
) -> tuple[list[tree.Comment], tree.Comment | None]:
    """The comments before or inside `unit`, and the one behind it; they are taken away."""
    last_row = source.position(max(unit.span.start, unit.span.end - 1)).row
    leading: list[tree.Comment] = []
    trailing: tree.Comment | None = None
    while comments:
        comment = comments[0]
        row = source.position(comment.span.start).row
        if comment.span.start >= unit.span.end:
            if row != last_row or comment.alone:
                break
            trailing = comments.pop(0)
            break
        leading.append(comments.pop(0))
    return leading, trailing


def _units(file: tree.File, source: Source) -> Iterator[Unit]:
    for statement in file.statements:
        if isinstance(statement, tree.AutomationNode):
            yield from _automation_units(statement, file, source)
        else:
            yield Unit(span=statement.span, lines=declaration_text(statement, WIDTH))


def _automation_units(node: tree.AutomationNode, file: tree.File, source: Source) -> Iterator[Unit]:
    single = _on_one_line(node, file, source)
    if single is not None:
        yield Unit(span=node.span, lines=(single,), starts_automation=True)
        return
    heads = _heads(node)
    last = len(heads) - 1
    for number, (span, lines) in enumerate(heads):
        closed = (*lines[:-1], lines[-1] + ":") if number == last else lines
        yield Unit(span=span, lines=closed, starts_automation=number == 0)
    for number, step in enumerate(node.steps):
        is_last = number == len(node.steps) - 1
        end = step.span.end if is_last else _semicolon_end(step, source)
        yield Unit(
            span=Span(path=step.span.path, start=step.span.start, end=end),
            lines=(step_source(step) + ("" if is_last else ";"),),
            indent=STEP_INDENT,
        )


def _semicolon_end(step: tree.StepNode, source: Source) -> int:
    """Past the semicolon behind a step, where that is on the step's own line."""
    rest = source.text[step.span.end :]
    blank = len(rest) - len(rest.lstrip(" \t"))
    is_there = rest[blank : blank + 1] == ";"
    return step.span.end + blank + 1 if is_there else step.span.end


def _heads(node: tree.AutomationNode) -> list[tuple[Span, tuple[str, ...]]]:
    heads: list[tuple[Span, tuple[str, ...]]] = []
    if node.name is not None:
        end = node.title.span.end if node.title else node.name.span.end
        span = Span(path=node.span.path, start=node.span.start, end=end)
        heads.append((span, (header_text(node),)))
    heads.append((node.trigger.span, (f"on {node.trigger.value}",)))
    for word, condition in (("where", node.where), ("until", node.until)):
        if condition is not None:
            heads.append((condition.span, condition_lines(word, condition, WIDTH - 1)))
    return heads


def _on_one_line(node: tree.AutomationNode, file: tree.File, source: Source) -> str | None:
    """The automation on one line, if it was written so, fits, and no comment stands inside."""
    written = source.text[node.span.start : node.span.end]
    if "\n" in written:
        return None
    inside = range(node.span.start, node.span.end)
    if any(comment.span.start in inside for comment in file.comments):
        return None
    heads = " ".join(line.strip() for _, lines in _heads(node) for line in lines)
    text = f"{heads}: {'; '.join(step_source(step) for step in node.steps)}"
    return text if len(text) <= ONE_LINE_WIDTH else None
