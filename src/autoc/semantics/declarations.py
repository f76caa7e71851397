"""What declarations hold: addresses, policies, the calendar, the time zone, the currency."""

import re
from collections.abc import Iterable

from autoc.catalogue.lookup import nearest_name
from autoc.plan.model import FixedRetries, RetryPolicy, SmartRetries
from autoc.semantics.context import Context
from autoc.semantics.scope import KNOWN_CONTACT
from autoc.syntax import tree
from autoc.values.calendars import (
    BusinessCalendar,
    known_holiday_region,
    near_holiday_regions,
)
from autoc.values.duration import Duration, parse_duration
from autoc.values.localtime import known_timezone, timezone_names
from autoc.values.money import CURRENCIES

ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+\.[^\s@<>\"(),:;\\\[\]]+")
WEB_ADDRESS = re.compile(r"(https?)://([^\s/@:?#]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?([/?#]\S*)?")
TRIES_MAX = 50
"""More tries than any card network accepts for one invoice."""


def is_address(text: str) -> bool:
    """Whether `text` has the form of one mail address, without a display name."""
    return ADDRESS.fullmatch(text) is not None and len(text) <= 254


def is_web_address(text: str, *, schemes: tuple[str, ...] = ("https", "http")) -> bool:
    """Whether `text` is a whole web address of one of `schemes`, without a user in it."""
    match = WEB_ADDRESS.fullmatch(text)
    return match is not None and match[1] in schemes


def tell_address(word: tree.Word, context: Context) -> None:
    """Tell that `word` is no mail address."""
    context.tell(
        "AC220",
        word.span,
        f"`{word.value}` is no mail address",
        label="expected an address such as `billing@acme.example`",
    )


def tell_web_address(
    word: tree.Word, context: Context, *, schemes: tuple[str, ...] = ("https",)
) -> None:
    """Tell that `word` is no web address of one of `schemes`."""
    context.tell(
        "AC221",
        word.span,
        f"`{word.value}` is no web address that can be used here",
        label=f"expected `{schemes[0]}://…`",
    )


def check_declarations(files: Iterable[tree.File], context: Context) -> None:
    """Tell every mistake inside the declarations, used or not."""
    for file in files:
        for statement in file.statements:
            match statement:
                case tree.ContactNode(addresses=addresses):
                    for address in addresses:
                        if not is_address(address.value):
                            tell_address(address, context)
                case tree.EndpointNode(url=url):
                    if not is_web_address(url.value):
                        tell_web_address(url, context)
                case tree.RetryPolicyNode():
                    read_policy(statement, context)
                case tree.CurrencyNode(code=code):
                    _check_currency(code, context)
                case tree.TimezoneNode(zone=zone):
                    _check_timezone(zone, context)
                case tree.CalendarNode():
                    read_calendar(statement, context)


def resolve_contact(word: tree.Word, context: Context) -> tuple[str, ...] | None:
    """The addresses of a contact; of `team` they may be none at all, which is noted."""
    names = context.scope.contacts
    settings = context.surroundings.contacts
    if word.value in settings and word.value not in names.declared:
        return settings[word.value]
    if word.value == KNOWN_CONTACT and word.value not in names.declared:
        context.tell(
            "AC227",
            word.span,
            "nobody is named as `team` yet",
            label="`autoc run` will not start like this",
            help='write `contact team = "billing@acme.example"`, or `[contacts] team = […]` in '
            f"`{context.surroundings.settings_file}`",
        )
        return ()
    found = names.find(word, also=(*settings, KNOWN_CONTACT))
    if not isinstance(found, tree.ContactNode):
        context.findings.add(found)
        return None
    return tuple(address.value for address in found.addresses)


def resolve_policy(word: tree.Word, context: Context) -> RetryPolicy | None:
    """The retry policy that `word` names, or None (and the mistake is told)."""
    found = context.scope.policies.find(word)
    if not isinstance(found, tree.RetryPolicyNode):
        context.findings.add(found)
        return None
    return read_policy(found, context)


def read_policy(node: tree.RetryPolicyNode, context: Context) -> RetryPolicy | None:
    """The policy that `node` declares, or None (and the mistake is told)."""
    match node.retries:
        case tree.SmartRetriesNode(tries=tries, within=within):
            duration = _read_duration(within, context)
            if "." in tries.number or not 1 <= int(tries.number[:9]) <= TRIES_MAX:
                context.tell(
                    "AC231",
                    tries.span,
                    f"`{tries.number}` tries cannot be made",
                    label=f"expected a whole number from 1 to {TRIES_MAX}",
                )
                return None
            if duration is None:
                return None
            return SmartRetries(name=node.name.value, tries=int(tries.number), within=duration)
        case tree.FixedRetriesNode(gaps=gaps):
            durations = [_read_duration(gap, context) for gap in gaps]
            whole = tuple(each for each in durations if each is not None)
            if len(whole) < len(durations):
                return None
            return FixedRetries(name=node.name.value, gaps=whole)


def _read_duration(node: tree.DurationText, context: Context) -> Duration | None:
    duration = parse_duration(node.text)
    if not isinstance(duration, Duration):
        context.tell("AC103", node.span, duration.message, label="expected a duration")
        return None
    if duration == Duration():
        context.tell(
            "AC231", node.span, "a retry policy needs time between its tries", label="this is none"
        )
        return None
    return duration


def read_calendar(node: tree.CalendarNode | None, context: Context) -> BusinessCalendar:
    """The calendar that `node` declares; weekdays where none is declared."""
    if node is None:
        return BusinessCalendar()
    for region in node.holidays:
        if known_holiday_region(region.value):
            continue
        near = near_holiday_regions(region.value)
        context.tell(
            "AC224",
            region.span,
            f"no public holidays are known for `{region.value}`",
            label="expected a country such as `FR`, or a part of one such as `DE-BY`",
            help=f"did you mean `{near[0]}`?" if near else None,
        )
    return BusinessCalendar(
        holidays=tuple(word.value for word in node.holidays),
        dates=tuple(word.value for word in node.dates),
    )


def _check_currency(code: tree.Word, context: Context) -> None:
    if code.value in CURRENCIES:
        return
    guess = nearest_name(code.value, CURRENCIES)
    context.tell(
        "AC216",
        code.span,
        f"`{code.value}` is no currency that Stripe knows",
        label="not a currency",
        help=f"did you mean `{guess}`?" if guess else None,
    )


def _check_timezone(zone: tree.Word, context: Context) -> None:
    if known_timezone(zone.value):
        return
    guess = nearest_name(zone.value, timezone_names())
    context.tell(
        "AC217",
        zone.span,
        f"there is no time zone `{zone.value}`",
        label="expected a name such as `Europe/Paris`",
        help=f"did you mean `{guess}`?" if guess else None,
    )
