"""The plan in the language's own words: conditions, atoms, steps. The inverse of parsing."""

import re
from typing import assert_never

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
from autoc.plan.model import (
    Action,
    AnchorOffset,
    CancelSubscription,
    Email,
    EmailCancellation,
    LocalTime,
    MarkUncollectible,
    MarkUnpaid,
    PreviousOffset,
    SetRetryPolicy,
    Step,
    VoidInvoice,
    Webhook,
    When,
)
from autoc.values.duration import Duration

WORD = re.compile(r"[^\W\d][\w-]*(?:\.[\w-]+)*")
KEY = re.compile(r"[\w-]+(?:\.[\w-]+)*")
BARE_TEXT_FACTS = frozenset(
    (
        "billing_reason",
        "collection_method",
        "currency",
        "customer.country",
        "subscription.status",
    )
)
"""Facts whose values are bare words; the texts of all others stand in quotes."""
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def quoted(text: str) -> str:
    """`text` in double quotes, with the language's escapes."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in ESCAPES:
        return ESCAPES[character]
    return character if character.isprintable() else f"\\u{{{ord(character):X}}}"


def fact_text(fact: FactRef) -> str:
    """`customer.metadata.tier`, `customer.metadata["any key"]`."""
    if fact.key is None:
        return fact.name
    if KEY.fullmatch(fact.key):
        return f"{fact.name}.{fact.key}"
    return f"{fact.name}[{quoted(fact.key)}]"


def atom_text(atom: Atom) -> str:
    """One atom, as it would be written."""
    fact = fact_text(atom.fact)
    match atom:
        case MoneyCompares(operator=operator, money=money):
            return f"{fact} {operator} {money}"
        case MoneyBetween(low=low, high=high):
            return f"{fact} between {low} and {high}"
        case NumberCompares(operator=operator, number=number):
            return f"{fact} {operator} {number}"
        case NumberBetween(low=low, high=high):
            return f"{fact} between {low} and {high}"
        case NumberIn(numbers=numbers, negated=negated):
            return _membership(fact, [str(each) for each in numbers], negated=negated)
        case IntervalIn(intervals=intervals, negated=negated):
            return _membership(fact, [str(each) for each in intervals], negated=negated)
        case ElementIn(elements=elements, negated=negated, list_name=name):
            words = [each if WORD.fullmatch(each) else quoted(each) for each in elements]
            return _membership(fact, words, negated=negated, list_name=name)
        case TextIn(texts=texts, negated=negated, list_name=name):
            is_bare = atom.fact.name in BARE_TEXT_FACTS
            words = [each if is_bare else quoted(each) for each in texts]
            return _membership(fact, words, negated=negated, list_name=name)
        case TextMatches(how=how, text=text, negated=negated):
            return f"{'not ' if negated else ''}{fact} {how} {quoted(text)}"
        case IsSet(negated=negated):
            return f"{fact} is {'missing' if negated else 'set'}"
        case _:
            assert_never(atom)


def _membership(fact: str, words: list[str], *, negated: bool, list_name: str | None = None) -> str:
    if list_name is not None:
        return f"{fact} {'not in' if negated else 'in'} {list_name}"
    if len(words) == 1:
        return f"{fact} {'!=' if negated else '='} {words[0]}"
    return f"{fact} {'not in' if negated else 'in'} ({', '.join(words)})"


def condition_text(condition: Condition) -> str:
    """A condition, with parentheses only where they are needed; empty for one that always holds."""
    match condition:
        case AllOf(parts=parts):
            return " and ".join(_part_text(part) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_part_text(part) for part in parts)
        case NotOf(part=part):
            return f"not {_part_text(part)}"
        case _:
            return atom_text(condition)


def _part_text(part: Condition) -> str:
    text = condition_text(part)
    return f"({text})" if isinstance(part, AllOf | AnyOf) else text


def step_text(step: Step, *, first: bool = False) -> str:
    """A step, as it would be written: `after 3d at 09:00 email team using late_notice`.

    The first step of an automation needs no `then`.
    """
    when = when_text(step.when)
    if first and when == "then":
        when = ""
    return f"{when} {action_text(step.action)}" if when else action_text(step.action)


def when_text(when: When) -> str:
    """The time of a step; empty when it is at once after the step before."""
    match when:
        case AnchorOffset(sign=1, offset=offset) if offset == Duration():
            base = "at anchor"
        case AnchorOffset(sign=sign, offset=offset):
            base = f"{'after' if sign > 0 else 'before'} {offset}"
        case PreviousOffset(offset=offset) if offset == Duration():
            base = "then" if when.at is None else ""
        case PreviousOffset(offset=offset):
            base = f"then after {offset}"
        case _:
            assert_never(when)
    return " ".join(part for part in (base, _time_text(when.at)) if part)


def _time_text(at: LocalTime | None) -> str:
    if at is None:
        return ""
    return f"at {at.hour:02}:{at.minute:02}{' on business days' if at.on_business_days else ''}"


def action_text(action: Action) -> str:
    """An action with its arguments."""
    match action:
        case SetRetryPolicy(policy=policy):
            return f"set_retry_policy {policy.name}"
        case MarkUnpaid():
            return "mark_unpaid"
        case CancelSubscription(prorate=prorate, invoice_now=invoice_now):
            return f"cancel_subscription{' prorate' * prorate}{' invoice_now' * invoice_now}"
        case MarkUncollectible():
            return "mark_uncollectible"
        case VoidInvoice():
            return "void_invoice"
        case Email():
            return _email_text(action)
        case EmailCancellation(survey=survey):
            return f"email_cancellation survey {quoted(survey)}" if survey else "email_cancellation"
        case Webhook(event_type=event_type, endpoint=endpoint, data=data):
            pairs = ", ".join(f"{_key_text(key)}: {quoted(value)}" for key, value in data)
            return f"webhook {event_type} to {endpoint}" + (f" with {{ {pairs} }}" if pairs else "")
        case _:
            assert_never(action)


def _email_text(action: Email) -> str:
    to = action.contact if action.contact is not None else quoted(action.to[0])
    if action.template is not None:
        return f"email {to} using {action.template.name}"
    if action.subject is not None and action.body is not None:
        return f"email {to} subject {quoted(action.subject)} body {quoted(action.body)}"
    return f"email {to}"


def _key_text(key: str) -> str:
    return key if WORD.fullmatch(key) else quoted(key)


def action_name(action: Action) -> str:
    """The name of the action's row in the catalogue."""
    match action:
        case SetRetryPolicy():
            return "set_retry_policy"
        case MarkUnpaid():
            return "mark_unpaid"
        case CancelSubscription():
            return "cancel_subscription"
        case MarkUncollectible():
            return "mark_uncollectible"
        case VoidInvoice():
            return "void_invoice"
        case Email():
            return "email"
        case EmailCancellation():
            return "email_cancellation"
        case Webhook():
            return "webhook"
        case _:
            assert_never(action)
