"""Builds the tree while lark parses. Every node's span runs from its first token to its last."""

import re
from collections.abc import Sequence
from typing import Any, Literal, TypeVar, cast

from lark import Token, Transformer

from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.syntax import tree
from autoc.text.source import Span

Child = Any
Children = list[Any]
Node = TypeVar("Node")

STATEMENT_WORDS = (
    "currency timezone calendar contact template retry_policy endpoint list let automation on test"
).split()
ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)
ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}


class StatementInSteps(Exception):  # noqa: N818 - it names what was found
    """A word that starts a statement stands where an action is expected."""

    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span = span


class TreeBuilder(Transformer[Any, Any]):
    """Turns grammar rules into nodes; one method for each rule, called with all tokens.

    `path` and `base` say which file is read and at which offset the text begins; they are set
    before each parse, because lark binds one builder to a parser for good.
    """

    def __init__(self) -> None:
        super().__init__()
        self.path = ""
        self.base = 0
        self.mistakes: list[Diagnostic] = []

    def _span(self, children: Sequence[Child]) -> Span:
        present = [child for child in children if child is not None]
        return self._place(present[0]).to(self._place(present[-1]))

    def _place(self, child: Child) -> Span:
        if isinstance(child, Token):
            start = cast(int, child.start_pos) + self.base
            return Span(path=self.path, start=start, end=start + len(child))
        return cast(Span, child.span)

    def _word(self, token: Token) -> tree.Word:
        if token.type != "STRING":
            return tree.Word(span=self._place(token), value=str(token))
        return tree.Word(span=self._place(token), value=self._unescape(token), quoted=True)

    def _unescape(self, token: Token) -> str:
        start = self._place(token).start + 1

        def decode(match: re.Match[str]) -> str:
            if match[1] is not None and is_character(int(match[1], 16)):
                return chr(int(match[1], 16))
            if match[2] in ESCAPES:
                return ESCAPES[match[2]]
            span = Span(path=self.path, start=start + match.start(), end=start + match.end())
            self.mistakes.append(
                report(
                    "AC107",
                    message=f"`{match[0]}` is no escape of the language",
                    primary=Label(span=span, message="expected one of these after `\\`"),
                    help='write `\\"`, `\\\\`, `\\n`, `\\t` or `\\u{1F600}`',
                )
            )
            return ""

        return ESCAPE.sub(decode, str(token)[1:-1])

    def start(self, children: Children) -> tuple[tree.Statement, ...]:
        return tuple(children)

    def currency(self, children: Children) -> tree.CurrencyNode:
        return tree.CurrencyNode(span=self._span(children), code=self._word(children[1]))

    def timezone(self, children: Children) -> tree.TimezoneNode:
        return tree.TimezoneNode(span=self._span(children), zone=self._word(children[1]))

    def calendar(self, children: Children) -> tree.CalendarNode:
        days = [child for child in children if isinstance(child, tuple)]
        return tree.CalendarNode(
            span=self._place(children[0]).to(
                days[-1][1].span if days else self._place(children[3])
            ),
            name=self._word(children[1]),
            holidays=tuple(word for kind, word in days if kind == "holidays"),
            dates=tuple(word for kind, word in days if kind == "date"),
        )

    def holidays(self, children: Children) -> tuple[str, tree.Word]:
        return ("holidays", self._word(children[1]))

    def single_day(self, children: Children) -> tuple[str, tree.Word]:
        return ("date", self._word(children[0]))

    def contact(self, children: Children) -> tree.ContactNode:
        return tree.ContactNode(
            span=self._span(children),
            name=self._word(children[1]),
            addresses=tuple(self._word(each) for each in tokens(children, "STRING")),
        )

    def template(self, children: Children) -> tree.TemplateNode:
        return tree.TemplateNode(
            span=self._span(children), name=self._word(children[1]), path=self._word(children[3])
        )

    def endpoint(self, children: Children) -> tree.EndpointNode:
        return tree.EndpointNode(
            span=self._span(children), name=self._word(children[1]), url=self._word(children[3])
        )

    def retry_policy(self, children: Children) -> tree.RetryPolicyNode:
        return tree.RetryPolicyNode(
            span=self._span(children), name=self._word(children[1]), retries=children[3]
        )

    def smart_retries(self, children: Children) -> tree.SmartRetriesNode:
        number = tokens(children, "NUMBER")[0]
        return tree.SmartRetriesNode(
            span=self._span(children),
            tries=tree.NumberValue(span=self._place(number), number=str(number)),
            within=self._duration(tokens(children, "DURATION")[0]),
        )

    def fixed_retries(self, children: Children) -> tree.FixedRetriesNode:
        return tree.FixedRetriesNode(
            span=self._span(children),
            gaps=tuple(self._duration(each) for each in tokens(children, "DURATION")),
        )

    def list(self, children: Children) -> tree.ListNode:
        return tree.ListNode(
            span=self._span(children),
            name=self._word(children[1]),
            elements=nodes(children, tree.Word),
        )

    def let(self, children: Children) -> tree.LetNode:
        return tree.LetNode(
            span=self._span(children), name=self._word(children[1]), condition=children[3]
        )

    def automation(self, children: Children) -> tree.AutomationNode:
        header, on, trigger, where, until = children[:5]
        name, title, paused = header[:3] if header else (None, None, False)
        start = header[3] if header else self._place(on)
        pointed = start.to(name.span) if name else start.to(self._place(trigger))
        steps = nodes(children[5:], tree.StepNode)
        return tree.AutomationNode(
            span=start.to(steps[-1].span),
            header=pointed,
            name=name,
            title=title,
            paused=paused,
            trigger=self._word(trigger),
            where=where,
            until=until,
            steps=steps,
        )

    def header(self, children: Children) -> tuple[tree.Word, tree.Word | None, bool, Span]:
        keyword, name, title, paused = children
        return (
            self._word(name),
            self._word(title) if title is not None else None,
            paused is not None,
            self._place(keyword),
        )

    def where(self, children: Children) -> tree.ConditionNode:
        return cast(tree.ConditionNode, children[1])

    def until(self, children: Children) -> tree.ConditionNode:
        return cast(tree.ConditionNode, children[1])

    def or_chain(self, children: Children) -> tree.ConditionNode:
        return self._chain("or", children)

    def and_chain(self, children: Children) -> tree.ConditionNode:
        return self._chain("and", children)

    def _chain(self, joiner: Literal["and", "or"], children: Children) -> tree.ConditionNode:
        if len(children) == 1:
            return cast(tree.ConditionNode, children[0])
        return tree.Chain(span=self._span(children), joiner=joiner, parts=tuple(children[::2]))

    def negation(self, children: Children) -> tree.Negation:
        return tree.Negation(span=self._span(children), part=children[1])

    def group(self, children: Children) -> tree.Group:
        return tree.Group(span=self._span(children), part=children[1])

    def fact(self, children: Children) -> tree.FactName:
        key = self._word(children[2]) if len(children) > 1 else None
        return tree.FactName(span=self._span(children), path=str(children[0]), key=key)

    def compares(self, children: Children) -> tree.Compares:
        fact, operator, value = children
        return tree.Compares(
            span=self._span(children),
            fact=fact,
            operator=cast(Any, str(operator)),
            operator_span=self._place(operator),
            value=value,
        )

    def between(self, children: Children) -> tree.Between:
        return tree.Between(
            span=self._span(children), fact=children[0], low=children[2], high=children[4]
        )

    def in_values(self, children: Children) -> tree.InValues:
        return tree.InValues(
            span=self._span(children),
            fact=children[0],
            negated=children[1] is not None,
            values=tuple(each for each in children[2:] if not isinstance(each, Token)),
        )

    def in_list(self, children: Children) -> tree.InList:
        return tree.InList(
            span=self._span(children),
            fact=children[0],
            negated=children[1] is not None,
            name=self._word(children[-1]),
        )

    def starts_with(self, children: Children) -> tree.Matches:
        return self._matches("starts with", children)

    def ends_with(self, children: Children) -> tree.Matches:
        return self._matches("ends with", children)

    def contains(self, children: Children) -> tree.Matches:
        return self._matches("contains", children)

    def _matches(
        self, how: Literal["starts with", "ends with", "contains"], children: Children
    ) -> tree.Matches:
        return tree.Matches(
            span=self._span(children),
            fact=children[0],
            how=how,
            text=self._word(children[-1]),
        )

    def is_set(self, children: Children) -> tree.Presence:
        return tree.Presence(span=self._span(children), fact=children[0], missing=False)

    def is_missing(self, children: Children) -> tree.Presence:
        return tree.Presence(span=self._span(children), fact=children[0], missing=True)

    def named_condition(self, children: Children) -> tree.NamedCondition:
        return tree.NamedCondition(span=self._span(children), name=self._word(children[0]))

    def text_value(self, children: Children) -> tree.Word:
        return self._word(children[0])

    def word_value(self, children: Children) -> tree.Word:
        return self._word(children[0])

    def number_value(self, children: Children) -> tree.NumberValue:
        number, unit = children
        return tree.NumberValue(
            span=self._span(children),
            number=str(number),
            unit=self._word(unit) if unit is not None else None,
        )

    def every_value(self, children: Children) -> tree.EveryValue:
        return tree.EveryValue(span=self._span(children), duration=self._duration(children[1]))

    def duration_value(self, children: Children) -> tree.DurationText:
        return self._duration(children[0])

    def _duration(self, token: Token) -> tree.DurationText:
        return tree.DurationText(span=self._place(token), text=str(token))

    def step(self, children: Children) -> tree.StepNode:
        return tree.StepNode(span=self._span(children), when=children[0], action=children[1])

    def when(self, children: Children) -> tree.WhenNode:
        base = next((child for child in children if isinstance(child, tuple)), None)
        clock_time = next((c for c in children if isinstance(c, tree.ClockTime)), None)
        places = [base[2]] if base else []
        places += [clock_time.span] if clock_time else []
        return tree.WhenNode(
            span=places[0].to(places[-1]),
            base=base[0] if base else None,
            duration=base[1] if base else None,
            clock_time=clock_time,
        )

    def _base(self, name: str, children: Children) -> tuple[str, tree.DurationText | None, Span]:
        durations = tokens(children, "DURATION")
        return (
            name,
            self._duration(durations[0]) if durations else None,
            self._span(children),
        )

    def after_anchor(self, children: Children) -> Child:
        return self._base("after", children)

    def before_anchor(self, children: Children) -> Child:
        return self._base("before", children)

    def at_anchor(self, children: Children) -> Child:
        return self._base("anchor", children)

    def after_previous(self, children: Children) -> Child:
        return self._base("then after", children)

    def then_at_once(self, children: Children) -> Child:
        return self._base("then", children)

    def clock_time(self, children: Children) -> tree.ClockTime:
        return tree.ClockTime(
            span=self._span(children),
            text=str(children[1]),
            on_business_days=children[2] is not None,
        )

    def action(self, children: Children) -> tree.ActionNode:
        if str(children[0]) in STATEMENT_WORDS:
            raise StatementInSteps(self._place(children[0]))
        return tree.ActionNode(
            span=self._span(children),
            name=self._word(children[0]),
            arguments=tuple(children[1:]),
        )

    def word_argument(self, children: Children) -> tree.Argument:
        return self._argument(None, children)

    def text_argument(self, children: Children) -> tree.Argument:
        return self._argument(None, children)

    def using_argument(self, children: Children) -> tree.Argument:
        return self._argument("using", children)

    def subject_argument(self, children: Children) -> tree.Argument:
        return self._argument("subject", children)

    def body_argument(self, children: Children) -> tree.Argument:
        return self._argument("body", children)

    def survey_argument(self, children: Children) -> tree.Argument:
        return self._argument("survey", children)

    def to_argument(self, children: Children) -> tree.Argument:
        return self._argument("to", children)

    def _argument(
        self,
        role: Literal["using", "subject", "body", "survey", "to"] | None,
        children: Children,
    ) -> tree.Argument:
        last = children[-1]
        value = last if isinstance(last, tree.Word) else self._word(last)
        return tree.Argument(span=self._span(children), role=role, value=value)

    def with_argument(self, children: Children) -> tree.WithArgument:
        return tree.WithArgument(span=self._span(children), pairs=nodes(children, tree.Pair))

    def pair(self, children: Children) -> tree.Pair:
        return tree.Pair(span=self._span(children), key=children[0], value=self._word(children[2]))

    def word_or_text(self, children: Children) -> tree.Word:
        return self._word(children[0])


def tokens(children: Sequence[Child], kind: str) -> list[Token]:
    """The tokens of one kind among the children of a rule."""
    return [child for child in children if isinstance(child, Token) and child.type == kind]


def nodes(children: Sequence[Child], kind: type[Node]) -> tuple[Node, ...]:
    """The nodes of one kind among the children of a rule."""
    return tuple(child for child in children if isinstance(child, kind))


def is_character(number: int) -> bool:
    """Whether `number` is a code point that text can hold: surrogates are not."""
    return number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
