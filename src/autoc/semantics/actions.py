"""Actions: which one is meant, whether the trigger allows it, and whether its arguments fit."""

from collections.abc import Callable, Sequence

from autoc.catalogue.actions import ACTION, ACTIONS, WEBHOOK_TYPES
from autoc.catalogue.lookup import nearest_name
from autoc.plan.model import (
    Action,
    CancelSubscription,
    Email,
    EmailCancellation,
    MarkUncollectible,
    MarkUnpaid,
    SetRetryPolicy,
    VoidInvoice,
    Webhook,
)
from autoc.semantics.arguments import Arguments, sort_arguments
from autoc.semantics.context import Context
from autoc.semantics.declarations import (
    is_address,
    is_web_address,
    resolve_contact,
    resolve_policy,
    tell_address,
    tell_web_address,
)
from autoc.semantics.texts import check_inline_text, resolve_template
from autoc.syntax import tree


def resolve_action(node: tree.ActionNode, context: Context) -> Action | None:
    """The plan's form of `node`, or None when something in it is wrong (which is then told)."""
    name = node.name.value
    row = ACTION.get(name)
    if row is None:
        names = [each.name for each in ACTIONS]
        guess = nearest_name(name, names)
        context.tell(
            "AC203",
            node.name.span,
            f"there is no action `{name}`",
            label="not an action of the language",
            help=f"did you mean `{guess}`?"
            if guess
            else f"the actions are {', '.join(f'`{each}`' for each in names)}",
        )
        return None
    allowed = _is_allowed(row.triggers, node, context)
    arguments = sort_arguments(node, context)
    if arguments is None:
        return None
    action = RESOLVERS[name](node, arguments, context)
    return action if allowed else None


def _is_allowed(triggers: Sequence[str], node: tree.ActionNode, context: Context) -> bool:
    trigger = context.trigger
    if not triggers or trigger is None or trigger.name in triggers:
        return True
    name = node.name.value
    context.tell(
        "AC501",
        node.name.span,
        f"`{name}` cannot be done on `{trigger.name}`",
        label=f"not an action of `{trigger.name}`",
        help=f"`{name}` is allowed on {_listed(triggers)}",
    )
    return False


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _tell_missing(node: tree.ActionNode, what: str, context: Context, *, example: str) -> None:
    context.tell(
        "AC506",
        node.span,
        f"`{node.name.value}` needs {what}",
        label=f"expected {what}",
        help=f"write `{example}`",
    )


def _tell_wrong(word: tree.Word, message: str, context: Context, *, expected: str) -> None:
    context.tell("AC508", word.span, message, label=f"expected {expected}")


def _set_retry_policy(
    node: tree.ActionNode, arguments: Arguments, context: Context
) -> Action | None:
    if not arguments.bare:
        return _tell_missing(node, "a retry policy", context, example="set_retry_policy patient")
    if not arguments.allow(bare_max=1, roles=(), context=context):
        return None
    policy = resolve_policy(arguments.bare[0], context)
    return SetRetryPolicy(policy=policy) if policy else None


def _without_arguments(action: Action) -> Callable[..., Action | None]:
    def resolve(_node: tree.ActionNode, arguments: Arguments, context: Context) -> Action | None:
        return action if arguments.allow(bare_max=0, roles=(), context=context) else None

    return resolve


def _cancel_subscription(
    _node: tree.ActionNode, arguments: Arguments, context: Context
) -> Action | None:
    if not arguments.allow(bare_max=2, roles=(), context=context):
        return None
    words = [word.value for word in arguments.bare]
    for index, word in enumerate(arguments.bare):
        if word.quoted or word.value not in ("prorate", "invoice_now"):
            _tell_wrong(
                word,
                f"`cancel_subscription` does not know `{word.value}`",
                context,
                expected="`prorate` or `invoice_now`",
            )
            return None
        if word.value in words[:index]:
            _tell_wrong(word, f"`{word.value}` is written twice", context, expected="it once")
            return None
    return CancelSubscription(prorate="prorate" in words, invoice_now="invoice_now" in words)


def _email(node: tree.ActionNode, arguments: Arguments, context: Context) -> Action | None:
    if not arguments.bare:
        return _tell_missing(node, "a contact or an address", context, example="email team")
    if not arguments.allow(bare_max=1, roles=("using", "subject", "body"), context=context):
        return None
    using, subject, body = (arguments.roles.get(role) for role in ("using", "subject", "body"))
    if using and (subject or body):
        _tell_wrong(
            (subject or body or using).value,
            "a mail has either a template or a subject and a body",
            context,
            expected="one of the two",
        )
        return None
    if (subject is None) != (body is None):
        missing = "a body" if body is None else "a subject"
        return _tell_missing(node, missing, context, example='email team subject "…" body "…"')
    to = _recipients(arguments.bare[0], context)
    template = resolve_template(using.value, context) if using else None
    for text in (subject, body):
        if text is not None:
            check_inline_text(text, context)
    if to is None or (using and template is None):
        return None
    return Email(
        contact=None if arguments.bare[0].quoted else arguments.bare[0].value,
        to=to,
        template=template,
        subject=subject.value.value if subject else None,
        body=body.value.value if body else None,
    )


def _recipients(word: tree.Word, context: Context) -> tuple[str, ...] | None:
    if not word.quoted:
        return resolve_contact(word, context)
    if is_address(word.value):
        return (word.value,)
    return tell_address(word, context)


def _email_cancellation(
    _node: tree.ActionNode, arguments: Arguments, context: Context
) -> Action | None:
    if not arguments.allow(bare_max=0, roles=("survey",), context=context):
        return None
    survey = arguments.roles.get("survey")
    if survey is None:
        return EmailCancellation()
    if not is_web_address(survey.value.value, schemes=("https",)):
        return tell_web_address(survey.value, context, schemes=("https",))
    return EmailCancellation(survey=survey.value.value)


def _webhook(node: tree.ActionNode, arguments: Arguments, context: Context) -> Action | None:
    if not arguments.bare:
        return _tell_missing(
            node, "an event type", context, example="webhook invoice.overdue to crm"
        )
    if not arguments.allow(bare_max=1, roles=("to",), with_pairs=True, context=context):
        return None
    known = _check_event_type(arguments.bare[0], context)
    target = arguments.roles.get("to")
    if target is None:
        return _tell_missing(
            node, "an endpoint", context, example=f"webhook {arguments.bare[0].value} to crm"
        )
    if target.value.quoted:
        _tell_wrong(
            target.value,
            "an endpoint is named, not written out",
            context,
            expected="the name of an `endpoint`",
        )
        return None
    endpoint = context.scope.endpoints.find(target.value)
    if not isinstance(endpoint, tree.EndpointNode):
        context.findings.add(endpoint)
        return None
    if not known:
        return None
    return Webhook(
        event_type=arguments.bare[0].value,
        endpoint=target.value.value,
        url=endpoint.url.value,
        data=arguments.pairs,
    )


def _check_event_type(word: tree.Word, context: Context) -> bool:
    triggers = WEBHOOK_TYPES.get(word.value)
    if triggers is None:
        guess = nearest_name(word.value, WEBHOOK_TYPES)
        context.tell(
            "AC225",
            word.span,
            f"there is no webhook type `{word.value}`",
            label="not a type of outgoing webhook",
            help=f"did you mean `{guess}`?"
            if guess
            else f"the types are {_listed(tuple(WEBHOOK_TYPES))}",
        )
        return False
    trigger = context.trigger
    if trigger is not None and trigger.name not in triggers:
        types = trigger.webhook_types
        context.tell(
            "AC507",
            word.span,
            f"`{word.value}` cannot be sent on `{trigger.name}`",
            label=f"not a type of `{trigger.name}`",
            help=f"on `{trigger.name}` send {_listed(types)}"
            if types
            else f"`{word.value}` is allowed on {_listed(triggers)}",
        )
        return False
    return True


RESOLVERS: dict[str, Callable[[tree.ActionNode, Arguments, Context], Action | None]] = {
    "set_retry_policy": _set_retry_policy,
    "mark_unpaid": _without_arguments(MarkUnpaid()),
    "cancel_subscription": _cancel_subscription,
    "mark_uncollectible": _without_arguments(MarkUncollectible()),
    "void_invoice": _without_arguments(VoidInvoice()),
    "email": _email,
    "email_cancellation": _email_cancellation,
    "webhook": _webhook,
}
