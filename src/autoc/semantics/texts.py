"""Texts with variables: template files, subjects and bodies, checked for what the trigger offers."""

from collections.abc import Callable

from autoc.diagnostics.model import Label
from autoc.plan.model import Template
from autoc.semantics.context import Context
from autoc.semantics.program import TemplateRefused
from autoc.semantics.templates import TemplateMistake, check_template
from autoc.syntax import tree
from autoc.text.source import Span

CODE_OF_MISTAKE = {"syntax": "AC222", "variable": "AC215", "filter": "AC233"}


def resolve_template(word: tree.Word, context: Context) -> Template | None:
    """The template that `word` names, with its text; None when it cannot be used (then told)."""
    found = context.scope.templates.find(word)
    if not isinstance(found, tree.TemplateNode):
        context.findings.add(found)
        return None
    text = context.surroundings.read_template(found.path.value)
    if isinstance(text, TemplateRefused):
        context.tell(text.code, found.path.span, text.message, label="named here")
        return None
    _tell_mistakes(
        text.text,
        context,
        place=lambda start, end: Span(path=text.path, start=start, end=end),
        related=(
            Label(span=word.span, message="used by this rule", automation=context.automation),
        ),
    )
    return Template(name=word.value, path=text.path, text=text.text)


def check_inline_text(argument: tree.Argument, context: Context) -> None:
    """Tell what is wrong in a `subject` or `body`."""
    word = argument.value
    whole = word.span
    is_verbatim = whole.end - whole.start == len(word.value) + 2

    def place(start: int, end: int) -> Span:
        if not is_verbatim:
            return whole
        return Span(path=whole.path, start=whole.start + 1 + start, end=whole.start + 1 + end)

    _tell_mistakes(word.value, context, place=place, related=())


def _tell_mistakes(
    text: str,
    context: Context,
    *,
    place: Callable[[int, int], Span],
    related: tuple[Label, ...],
) -> None:
    if context.trigger is None:
        return
    for mistake in check_template(text, object_kind=context.trigger.object):
        context.tell(
            CODE_OF_MISTAKE[mistake.kind],
            place(mistake.start, mistake.end),
            mistake.message,
            label=_label_of(mistake),
            help=f"did you mean `{mistake.guess}`?" if mistake.guess else None,
            related=related,
        )


def _label_of(mistake: TemplateMistake) -> str:
    return {
        "syntax": "cannot be read",
        "variable": "not known here",
        "filter": "not a filter",
    }[mistake.kind]
