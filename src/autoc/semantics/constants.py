"""Constants: what is written beside a fact must be of the fact's kind."""

from autoc.catalogue.countries import COUNTRIES
from autoc.catalogue.lookup import nearest_name
from autoc.catalogue.model import FactRow
from autoc.diagnostics.model import Edit, Fix
from autoc.semantics.context import Context
from autoc.syntax import tree
from autoc.values.duration import parse_duration
from autoc.values.interval import Interval, parse_interval
from autoc.values.money import CURRENCIES, Money, MoneyMistake, parse_money

KIND_IN_WORDS = {
    "money": "an amount of money",
    "number": "a whole number",
    "interval": "an interval such as `yearly` or `every 3 months`",
    "elements": "a set of ids such as `prod_Pro`",
    "text": 'a text in "double quotes"',
    "enum": "one of fixed words",
    "currency": "a currency such as `EUR`",
    "country": "a country such as `FR`",
}
INTERVAL_WORDS = ("daily", "weekly", "monthly", "yearly")

Constant = Money | int | Interval | str


def resolve_constant(value: tree.Value, row: FactRow, context: Context) -> Constant | None:
    """The constant that `value` is for a fact of `row`'s kind, or None (and the mistake is told)."""
    match row.kind:
        case "money":
            return _money(value, row, context)
        case "number":
            return _number(value, row, context)
        case "interval":
            return _interval(value, row, context)
        case "elements":
            return value.value if isinstance(value, tree.Word) else _refuse(value, row, context)
        case "text":
            return _text(value, row, context)
        case "enum":
            return _member(value, row, context)
        case "currency":
            return _currency(value, row, context)
        case "country":
            return _country(value, row, context)


def _refuse(
    value: tree.Value,
    row: FactRow,
    context: Context,
    *,
    help: str | None = None,  # noqa: A002 - the field's name
    fix: Fix | None = None,
) -> None:
    context.tell(
        "AC211",
        value.span,
        f"`{row.name}` is {KIND_IN_WORDS[row.kind]}",
        label=f"expected {KIND_IN_WORDS[row.kind]}",
        help=help,
        fix=fix,
    )


def _money(value: tree.Value, row: FactRow, context: Context) -> Money | None:
    if not isinstance(value, tree.NumberValue):
        return _refuse(value, row, context, help="write a number and a currency: `1000 EUR`")
    if value.unit is None:
        declared = context.scope.currency
        currency = declared.code.value if declared else "EUR"
        edit = Edit(span=value.span, replacement=f"{value.number} {currency}")
        context.tell(
            "AC212",
            value.span,
            f"`{value.number}` has no currency",
            label="expected a currency after it",
            help=f"write `{value.number} {currency}`",
            fix=Fix(title=f"add `{currency}`", safe=False, edits=(edit,)) if declared else None,
        )
        return None
    money = parse_money(value.number, value.unit.value)
    if not isinstance(money, MoneyMistake):
        return money
    unknown = money.reason == "unknown_currency"
    guess = nearest_name(value.unit.value, CURRENCIES) if unknown else None
    context.tell(
        "AC216" if unknown else "AC213",
        value.unit.span if unknown else value.span,
        money.message,
        label="not a currency" if unknown else "too fine for this currency",
        help=f"did you mean `{guess}`?" if guess else None,
    )
    return None


def _number(value: tree.Value, row: FactRow, context: Context) -> int | None:
    if not isinstance(value, tree.NumberValue) or value.unit is not None or "." in value.number:
        return _refuse(value, row, context, help="write digits alone: `3`")
    if len(value.number) > 15:
        return _refuse(value, row, context, help="no number here is that large")
    return int(value.number)


def _interval(value: tree.Value, row: FactRow, context: Context) -> Interval | None:
    match value:
        case tree.Word(value=word, quoted=False):
            found = parse_interval(word)
        case tree.EveryValue(duration=duration):
            parsed = parse_duration(duration.text)
            found = parse_interval(f"every {parsed}") if not hasattr(parsed, "message") else None
        case _:
            return _refuse(value, row, context)
    if isinstance(found, Interval):
        return found
    word = value.value if isinstance(value, tree.Word) else "every …"
    guess = nearest_name(word, INTERVAL_WORDS)
    context.tell(
        "AC218",
        value.span,
        f"`{word}` is no interval",
        label="expected an interval",
        help=f"did you mean `{guess}`?"
        if guess
        else "write `daily`, `weekly`, `monthly`, `yearly`, or such as `every 3 months`",
    )
    return None


def _text(value: tree.Value, row: FactRow, context: Context) -> str | None:
    if isinstance(value, tree.Word) and value.quoted:
        return value.value
    if isinstance(value, tree.Word):
        shown = value.value
    elif isinstance(value, tree.NumberValue) and value.unit is None:
        shown = value.number
    else:
        return _refuse(value, row, context)
    edit = Edit(span=value.span, replacement=f'"{shown}"')
    fix = Fix(title="put it in double quotes", safe=True, edits=(edit,))
    return _refuse(value, row, context, help=f'write `"{shown}"`', fix=fix)


def _bare_word(value: tree.Value, row: FactRow, context: Context) -> str | None:
    if not isinstance(value, tree.Word):
        return _refuse(value, row, context)
    if value.quoted:
        edit = Edit(span=value.span, replacement=value.value)
        fix = Fix(title="take the quotes away", safe=True, edits=(edit,))
        return _refuse(value, row, context, help=f"write `{value.value}` without quotes", fix=fix)
    return value.value


def _member(value: tree.Value, row: FactRow, context: Context) -> str | None:
    word = _bare_word(value, row, context)
    if word is None or word in row.values:
        return word
    _tell_unknown_value(word, row, value, context, known=row.values)
    return None


def _currency(value: tree.Value, row: FactRow, context: Context) -> str | None:
    word = _bare_word(value, row, context)
    if word is None or word.upper() in CURRENCIES:
        return word and word.upper()
    guess = nearest_name(word, CURRENCIES)
    context.tell(
        "AC216",
        value.span,
        f"`{word}` is no currency that Stripe knows",
        label="not a currency",
        help=f"did you mean `{guess}`?" if guess else None,
    )
    return None


def _country(value: tree.Value, row: FactRow, context: Context) -> str | None:
    word = _bare_word(value, row, context)
    if word is None or word in COUNTRIES:
        return word
    _tell_unknown_value(word, row, value, context, known=tuple(COUNTRIES))
    return None


def _tell_unknown_value(
    word: str, row: FactRow, value: tree.Value, context: Context, *, known: tuple[str, ...]
) -> None:
    guess = word.upper() if word.upper() in known else nearest_name(word, known)
    listed = ", ".join(f"`{each}`" for each in known) if len(known) < 12 else None
    context.tell(
        "AC218",
        value.span,
        f"`{row.name}` is never `{word}`",
        label="not one of its values",
        help=f"did you mean `{guess}`?"
        if guess
        else (f"its values are {listed}" if listed else None),
    )
