"""Conditions: each atom gets its fact and constants of the fact's kind, or a mistake is told."""

from typing import assert_never

import attrs

from autoc.catalogue.model import FactRow
from autoc.plan.conditions import (
    AllOf,
    AnyOf,
    Atom,
    Condition,
    ElementIn,
    FactRef,
    IntervalIn,
    IsSet,
    MoneyBetween,
    MoneyCompares,
    NotOf,
    NumberBetween,
    NumberCompares,
    NumberIn,
    TextIn,
    TextMatches,
)
from autoc.semantics import constants
from autoc.semantics.context import Context
from autoc.semantics.facts import resolve_fact
from autoc.semantics.program import TypedCondition
from autoc.syntax import tree
from autoc.text.source import Span
from autoc.values.interval import Interval
from autoc.values.money import Money

ORDERED = ("money", "number")
OPERATORS_OF_KIND = {
    "money": "`= != < <= > >=` and `between`",
    "number": "`= != < <= > >=`, `between` and `in`",
    "interval": "`= !=` and `in`",
    "elements": "`= !=`, `in` and `not in`",
    "text": "`= !=`, `in`, `starts with`, `ends with`, `contains`, `is set` and `is missing`",
    "enum": "`= !=`, `in`, `is set` and `is missing`",
    "currency": "`= !=` and `in`",
    "country": "`= !=`, `in`, `is set` and `is missing`",
}
PRESENCE_KINDS = ("text", "enum", "country")


def resolve_condition(node: tree.ConditionNode, context: Context) -> TypedCondition | None:
    """The typed form of `node`, or None when something in it is wrong (which is then told)."""
    match node:
        case tree.Chain(joiner=joiner, parts=parts):
            typed = [resolve_condition(part, context) for part in parts]
            whole = [each for each in typed if each is not None]
            if len(whole) < len(typed):
                return None
            conditions = tuple(each.condition for each in whole)
            return TypedCondition(
                condition=AllOf(parts=conditions) if joiner == "and" else AnyOf(parts=conditions),
                atom_spans=tuple(span for each in whole for span in each.atom_spans),
            )
        case tree.Negation(part=part):
            inner = resolve_condition(part, context)
            return inner and attrs.evolve(inner, condition=NotOf(part=inner.condition))
        case tree.Group(part=part):
            return resolve_condition(part, context)
        case tree.NamedCondition():
            return _resolve_named(node, context)
        case _:
            atom = _resolve_atom(node, context)
            return atom and TypedCondition(condition=atom, atom_spans=(node.span,))


def _resolve_named(node: tree.NamedCondition, context: Context) -> TypedCondition | None:
    name = node.name.value
    if "." in name or name not in context.scope.lets.declared:
        fact = resolve_fact(tree.FactName(span=node.span, path=name), context, alone=True)
        if fact is not None:
            context.tell(
                "AC101",
                node.span,
                f"`{name}` is a fact and needs a comparison",
                label=f"expected {OPERATORS_OF_KIND[fact[0].kind]} after it",
            )
        return None
    if name in context.expanding:
        context.tell(
            "AC226",
            node.span,
            f"the condition `{name}` is defined by itself",
            label="used inside its own definition",
            help="say it by facts",
        )
        return None
    found = context.scope.lets.find(node.name)
    assert isinstance(found, tree.LetNode)
    typed = resolve_condition(
        found.condition, attrs.evolve(context, expanding=(*context.expanding, name))
    )
    if typed is None:
        return None
    return attrs.evolve(typed, atom_spans=tuple(node.span for _ in typed.atom_spans))


Comparison = (
    tree.Compares | tree.Between | tree.InValues | tree.InList | tree.Matches | tree.Presence
)


def _resolve_atom(node: Comparison, context: Context) -> Atom | None:
    resolved = resolve_fact(node.fact, context)
    if resolved is None:
        return None
    row, fact = resolved
    match node:
        case tree.Compares():
            return _resolve_compares(node, row, fact, context)
        case tree.Between():
            return _resolve_between(node, row, fact, context)
        case tree.InValues(values=values, negated=negated):
            return _resolve_in(values, row, fact, negated=negated, span=node.span, context=context)
        case tree.InList(name=name, negated=negated):
            found = context.scope.lists.find(name)
            if not isinstance(found, tree.ListNode):
                context.findings.add(attrs.evolve(found, automation=context.automation))
                return None
            atom = _resolve_in(
                found.elements, row, fact, negated=negated, span=node.span, context=context
            )
            if isinstance(atom, TextIn | ElementIn):
                return attrs.evolve(atom, list_name=name.value)
            return atom
        case tree.Matches(how=how, text=text):
            if row.kind != "text":
                return _refuse_operator(how, row, node.span, context)
            return TextMatches(fact=fact, how=how, text=text.value)
        case tree.Presence(missing=missing):
            if row.kind not in PRESENCE_KINDS:
                operator = "is missing" if missing else "is set"
                return _refuse_operator(operator, row, node.span, context)
            return IsSet(fact=fact, negated=missing)
        case _:
            assert_never(node)


def _refuse_operator(operator: str, row: FactRow, span: Span, context: Context) -> None:
    context.tell(
        "AC211",
        span,
        f"`{operator}` cannot be asked of `{row.name}`",
        label=f"`{row.name}` is {constants.KIND_IN_WORDS[row.kind]}",
        help=f"`{row.name}` knows {OPERATORS_OF_KIND[row.kind]}",
    )


def _resolve_compares(
    node: tree.Compares, row: FactRow, fact: FactRef, context: Context
) -> Atom | None:
    if node.operator not in ("=", "!=") and row.kind not in ORDERED:
        return _refuse_operator(node.operator, row, node.operator_span, context)
    constant = constants.resolve_constant(node.value, row, context)
    negated = node.operator == "!="
    match constant:
        case None:
            return None
        case Money():
            return MoneyCompares(fact=fact, operator=node.operator, money=constant)
        case int():
            return NumberCompares(fact=fact, operator=node.operator, number=constant)
        case Interval():
            return IntervalIn(fact=fact, intervals=(constant,), negated=negated)
        case str() if row.kind == "elements":
            return ElementIn(fact=fact, elements=(constant,), negated=negated)
        case str():
            return TextIn(fact=fact, texts=(constant,), negated=negated)
        case _:
            assert_never(constant)


def _resolve_between(
    node: tree.Between, row: FactRow, fact: FactRef, context: Context
) -> Atom | None:
    if row.kind not in ORDERED:
        return _refuse_operator("between", row, node.span, context)
    low = constants.resolve_constant(node.low, row, context)
    high = constants.resolve_constant(node.high, row, context)
    if isinstance(low, Money) and isinstance(high, Money):
        if low.currency != high.currency:
            context.tell(
                "AC211",
                node.high.span,
                "both ends of `between` are in one currency",
                label=f"expected {low.currency}",
            )
            return None
        _note_reversed(low.minor > high.minor, node, context)
        return MoneyBetween(fact=fact, low=low, high=high)
    if isinstance(low, int) and isinstance(high, int):
        _note_reversed(low > high, node, context)
        return NumberBetween(fact=fact, low=low, high=high)
    return None


def _note_reversed(is_reversed: bool, node: tree.Between, context: Context) -> None:
    if is_reversed:
        context.tell(
            "AC234",
            node.low.span.to(node.high.span),
            "this range is empty: its lower end is above its upper end",
            label="nothing lies between these",
            help="write the smaller one first",
        )


def _resolve_in(  # noqa: PLR0913 - what an atom is made of
    values: tuple[tree.Value, ...],
    row: FactRow,
    fact: FactRef,
    *,
    negated: bool,
    span: Span,
    context: Context,
) -> Atom | None:
    if row.kind == "money":
        return _refuse_operator("in", row, span, context)
    resolved = [constants.resolve_constant(value, row, context) for value in values]
    if any(each is None for each in resolved):
        return None
    texts = tuple(dict.fromkeys(each for each in resolved if isinstance(each, str)))
    if row.kind == "number":
        numbers = tuple(dict.fromkeys(each for each in resolved if isinstance(each, int)))
        return NumberIn(fact=fact, numbers=numbers, negated=negated)
    if row.kind == "interval":
        intervals = tuple(dict.fromkeys(each for each in resolved if isinstance(each, Interval)))
        return IntervalIn(fact=fact, intervals=intervals, negated=negated)
    if row.kind == "elements":
        return ElementIn(fact=fact, elements=texts, negated=negated)
    return TextIn(fact=fact, texts=texts, negated=negated)
