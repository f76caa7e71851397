"""The compiler: texts in, a plan and everything that is wrong out. It does no I/O.

parse → resolve → lower → analyse. Each stage is a package; each call below is one of them.
"""

from collections.abc import Iterable, Mapping

import attrs

from autoc.analysis.driver import analyse
from autoc.analysis.model import AnalysisInput, AutomationSpans, Limits
from autoc.diagnostics.model import Diagnostic
from autoc.lowering.lower import lower
from autoc.plan.model import Plan
from autoc.semantics.program import (
    Program,
    ReadTemplate,
    Surroundings,
    TemplateRefused,
    TemplateText,
)
from autoc.semantics.resolver import resolve
from autoc.syntax.parser import parse
from autoc.text.source import Source

NODE_BUDGET = 200_000
"""How many steps the decision procedure may take for one automation before it says undecided."""


@attrs.frozen(kw_only=True)
class Compilation:
    """What came of a project: its plan, its findings in reading order, and all its texts.

    `plan` holds the automations without mistakes; `is_sound` says that those are all of them.
    """

    plan: Plan
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]

    @property
    def is_sound(self) -> bool:
        """Whether there is no error: only such a plan may be run."""
        return not any(each.severity == "error" for each in self.diagnostics)


def compile_project(
    sources: Iterable[Source],
    surroundings: Surroundings,
    *,
    limits: Limits | None = None,
    require_match: tuple[str, ...] = (),
    node_budget: int = NODE_BUDGET,
    analysed: bool = True,
) -> Compilation:
    """Compile `sources`, which are in priority order. Nothing raises, whatever is in them."""
    texts = {source.path: source for source in sources}
    parsed = [parse(source) for source in texts.values()]
    files = [file for file, _ in parsed]
    templates: dict[str, Source] = {}
    keeping = attrs.evolve(surroundings, read_template=_keep_texts(surroundings, templates))
    program, found = resolve(files, texts, keeping)
    plan = lower(program, texts)
    diagnostics = [each for _, mistakes in parsed for each in mistakes]
    diagnostics.extend(found)
    if analysed:
        diagnostics.extend(
            analyse(
                AnalysisInput(
                    plan=plan,
                    spans=_spans(program),
                    rates_configured=surroundings.rates_configured,
                    limits=limits or Limits(),
                    require_match=require_match,
                    node_budget=node_budget,
                )
            )
        )
    texts.update(templates)
    return Compilation(plan=plan, diagnostics=_in_order(diagnostics, texts), sources=texts)


def _keep_texts(surroundings: Surroundings, templates: dict[str, Source]) -> ReadTemplate:
    """Reads templates as `surroundings` does, and keeps their texts for the findings in them."""

    def read(path: str) -> TemplateText | TemplateRefused:
        text = surroundings.read_template(path)
        if isinstance(text, TemplateText):
            templates[text.path] = Source(path=text.path, text=text.text)
        return text

    return read


def _spans(program: Program) -> dict[str, AutomationSpans]:
    return {
        each.name: AutomationSpans(
            header=each.header,
            condition_atoms=each.where.atom_spans if each.where else (),
            until_atoms=each.until.atom_spans if each.until else (),
            steps=tuple(step.span for step in each.steps),
            when=tuple(step.when_span for step in each.steps),
        )
        for each in program.automations
    }


def _in_order(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]
) -> tuple[Diagnostic, ...]:
    order = {path: index for index, path in enumerate(sources)}

    def place(each: Diagnostic) -> tuple[int, str, int, str]:
        span = each.primary.span
        return (order.get(span.path, len(order)), span.path, span.start, each.code)

    return tuple(sorted(diagnostics, key=place))
