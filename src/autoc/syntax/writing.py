"""Nodes back to text, in the canonical spelling: one blank between words, double quotes."""

from typing import assert_never

from autoc.plan.wording import quoted
from autoc.syntax import tree

CONTINUED = "  "


def word_text(word: tree.Word) -> str:
    """A bare word as it is, a text in double quotes."""
    return quoted(word.value) if word.quoted else word.value


def declaration_text(node: tree.Statement, width: int) -> tuple[str, ...]:
    """The lines of a declaration."""
    match node:
        case tree.CurrencyNode(code=code):
            return (f"currency {word_text(code)}",)
        case tree.TimezoneNode(zone=zone):
            return (f"timezone {word_text(zone)}",)
        case tree.CalendarNode():
            return (_calendar_text(node),)
        case tree.ContactNode(name=name, addresses=words):
            return _listed(f"contact {name.value} =", [word_text(word) for word in words], width)
        case tree.TemplateNode(name=name, path=path):
            return (f"template {name.value} = {word_text(path)}",)
        case tree.EndpointNode(name=name, url=url):
            return (f"endpoint {name.value} = {word_text(url)}",)
        case tree.RetryPolicyNode():
            return (_policy_text(node),)
        case tree.ListNode(name=name, elements=words):
            return _listed(f"list {name.value} =", [word_text(word) for word in words], width)
        case tree.LetNode(name=name, condition=condition):
            return condition_lines(f"let {name.value} =", condition, width)
        case tree.AutomationNode():
            raise AssertionError("automations have units of their own")
        case _:
            assert_never(node)


def _listed(lead: str, words: list[str], width: int) -> tuple[str, ...]:
    lines = [lead]
    for number, word in enumerate(words):
        item = word if number == len(words) - 1 else f"{word},"
        if len(lines[-1]) + 1 + len(item) > width and lines[-1] != lead:
            lines.append(f"{CONTINUED}{item}")
        else:
            lines[-1] += f" {item}"
    return tuple(lines)


def _calendar_text(node: tree.CalendarNode) -> str:
    days = [
        *((word.span.start, f"holidays {word.value}") for word in node.holidays),
        *((word.span.start, word.value) for word in node.dates),
    ]
    text = f"calendar {node.name.value} = weekdays"
    return text + (f" except {', '.join(day for _, day in sorted(days))}" if days else "")


def _policy_text(node: tree.RetryPolicyNode) -> str:
    match node.retries:
        case tree.SmartRetriesNode(tries=tries, within=within):
            how = f"smart up to {tries.number} times within {duration_text(within)}"
        case tree.FixedRetriesNode(gaps=gaps):
            how = f"after {', '.join(duration_text(gap) for gap in gaps)}"
    return f"retry_policy {node.name.value} = {how}"


def duration_text(node: tree.DurationText) -> str:
    """A duration as it was written, with single blanks."""
    return " ".join(node.text.split())


def header_text(node: tree.AutomationNode) -> str:
    """`automation NAME ["title"] [paused]`."""
    assert node.name is not None
    title = f" {word_text(node.title)}" if node.title else ""
    return f"automation {node.name.value}{title}{' paused' if node.paused else ''}"


def condition_lines(lead: str, node: tree.ConditionNode, width: int) -> tuple[str, ...]:
    """`lead` and a condition, broken before each joiner of the outermost chain when too long."""
    whole = f"{lead} {condition_source(node)}"
    if len(whole) <= width or not isinstance(node, tree.Chain):
        return (whole,)
    first, *rest = (condition_source(part) for part in node.parts)
    return (f"{lead} {first}", *(f"{CONTINUED}{node.joiner} {part}" for part in rest))


def condition_source(node: tree.ConditionNode) -> str:
    """A condition on one line, with the parentheses that were written."""
    match node:
        case tree.Chain(joiner=joiner, parts=parts):
            return f" {joiner} ".join(condition_source(part) for part in parts)
        case tree.Negation(part=part):
            return f"not {condition_source(part)}"
        case tree.Group(part=part):
            return f"({condition_source(part)})"
        case tree.NamedCondition(name=name):
            return name.value
        case tree.Compares(fact=fact, operator=operator, value=value):
            return f"{fact_source(fact)} {operator} {value_source(value)}"
        case tree.Between(fact=fact, low=low, high=high):
            return f"{fact_source(fact)} between {value_source(low)} and {value_source(high)}"
        case tree.InValues(fact=fact, negated=negated, values=values):
            listed = ", ".join(value_source(value) for value in values)
            return f"{fact_source(fact)} {'not ' * negated}in ({listed})"
        case tree.InList(fact=fact, negated=negated, name=name):
            return f"{fact_source(fact)} {'not ' * negated}in {name.value}"
        case tree.Matches(fact=fact, how=how, text=text):
            return f"{fact_source(fact)} {how} {word_text(text)}"
        case tree.Presence(fact=fact, missing=missing):
            return f"{fact_source(fact)} is {'missing' if missing else 'set'}"
        case _:
            assert_never(node)


def fact_source(node: tree.FactName) -> str:
    """A fact's path, with its key in brackets where it was written so."""
    return f"{node.path}[{word_text(node.key)}]" if node.key else node.path


def value_source(node: tree.Value) -> str:
    """A constant."""
    match node:
        case tree.Word():
            return word_text(node)
        case tree.NumberValue(number=number, unit=unit):
            return f"{number} {unit.value}" if unit else number
        case tree.DurationText():
            return duration_text(node)
        case tree.EveryValue(duration=duration):
            return f"every {duration_text(duration)}"
        case _:
            assert_never(node)


def step_source(node: tree.StepNode) -> str:
    """A step on one line, without its semicolon."""
    action = " ".join((node.action.name.value, *map(argument_source, node.action.arguments)))
    return f"{when_source(node.when)} {action}" if node.when else action


def when_source(node: tree.WhenNode) -> str:
    """The time of a step."""
    duration = duration_text(node.duration) if node.duration else ""
    base = {None: "", "anchor": "at anchor"}.get(node.base, f"{node.base} {duration}".strip())
    if node.clock_time is None:
        return base
    days = " on business days" if node.clock_time.on_business_days else ""
    return f"{base} at {node.clock_time.text}{days}".strip()


def argument_source(node: tree.Argument | tree.WithArgument) -> str:
    """One argument of an action."""
    if isinstance(node, tree.WithArgument):
        pairs = ", ".join(f"{word_text(pair.key)}: {word_text(pair.value)}" for pair in node.pairs)
        return f"with {{ {pairs} }}" if pairs else "with { }"
    return f"{node.role} {word_text(node.value)}" if node.role else word_text(node.value)
