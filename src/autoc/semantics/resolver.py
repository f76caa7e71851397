"""The top of the stage: files become a typed program, and everything wrong in them is told."""

from collections.abc import Iterable, Mapping

import attrs

from autoc.catalogue.lookup import nearest_name
from autoc.catalogue.model import TriggerRow
from autoc.catalogue.triggers import TRIGGER, TRIGGERS
from autoc.diagnostics.model import Diagnostic
from autoc.semantics.conditions import resolve_condition
from autoc.semantics.context import Context, Findings
from autoc.semantics.declarations import check_declarations, read_calendar
from autoc.semantics.naming import name_anonymous, note_anonymous
from autoc.semantics.notes import note_defaults
from autoc.semantics.program import Program, Surroundings, TypedAutomation
from autoc.semantics.scope import Scope, find_unused, gather_names
from autoc.semantics.steps import resolve_step
from autoc.syntax import tree
from autoc.syntax.trivia import documentation_above
from autoc.text.source import Source
from autoc.values.localtime import known_timezone


def resolve(
    files: Iterable[tree.File], sources: Mapping[str, Source], surroundings: Surroundings
) -> tuple[Program, tuple[Diagnostic, ...]]:
    """The typed program of all `files`, in priority order, and its findings."""
    files = tuple(files)
    scope, twice = gather_names(
        files, contacts=surroundings.contacts, settings_file=surroundings.settings_file
    )
    findings = Findings(found=list(twice))
    context = Context(scope=scope, surroundings=surroundings, findings=findings)
    check_declarations(files, context)
    _check_lets(context)
    names = name_anonymous(files)
    automations = [
        typed
        for file in files
        for node in file.statements
        if isinstance(node, tree.AutomationNode)
        and (typed := _resolve_automation(node, names, file, sources[file.path], context))
    ]
    program = Program(
        timezone=_timezone(scope),
        currency=scope.currency.code.value if scope.currency else None,
        calendar=read_calendar(scope.calendar, context),
        automations=tuple(automations),
    )
    if all(file.complete for file in files):
        for unused in find_unused(scope):
            findings.add(unused)
    note_defaults(program, context)
    return program, tuple(findings.found)


def _timezone(scope: Scope) -> str:
    declared = scope.timezone.zone.value if scope.timezone else "UTC"
    return declared if known_timezone(declared) else "UTC"


def _check_lets(context: Context) -> None:
    """Tell what is wrong in a condition that stands for itself, used or not."""
    for name, declared in context.scope.lets.declared.items():
        inside = attrs.evolve(context, expanding=(name,))
        resolve_condition(declared.node.condition, inside)


def _resolve_automation(
    node: tree.AutomationNode,
    names: Mapping[tuple[int, str], str],
    file: tree.File,
    source: Source,
    context: Context,
) -> TypedAutomation | None:
    name = node.name.value if node.name else names[node.span.start, file.path]
    trigger = _resolve_trigger(node.trigger, attrs.evolve(context, automation=name))
    inside = attrs.evolve(context, automation=name, trigger=trigger)
    where = resolve_condition(node.where, inside) if node.where else None
    until = resolve_condition(node.until, inside) if node.until else None
    steps = [resolve_step(step, inside) for step in node.steps]
    whole = tuple(step for step in steps if step is not None)
    if node.name is None:
        note_anonymous(node, name, inside)
    if trigger is None or len(whole) < len(steps):
        return None
    if (node.where and where is None) or (node.until and until is None):
        return None
    return TypedAutomation(
        name=name,
        anonymous=node.name is None,
        title=node.title.value if node.title else None,
        documentation=documentation_above(file, source, node.span.start),
        trigger=trigger.name,
        paused=node.paused,
        where=where,
        until=until,
        steps=whole,
        header=node.header,
        span=node.span,
    )


def _resolve_trigger(word: tree.Word, context: Context) -> TriggerRow | None:
    row = TRIGGER.get(word.value)
    if row is None:
        names = [each.name for each in TRIGGERS]
        guess = nearest_name(word.value, names)
        context.tell(
            "AC201",
            word.span,
            f"there is no trigger `{word.value}`",
            label="not a trigger of the language",
            help=f"did you mean `{guess}`?"
            if guess
            else f"the triggers are {', '.join(f'`{each}`' for each in names)}",
        )
    return row
