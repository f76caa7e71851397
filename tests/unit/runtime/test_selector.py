"""The first automation whose condition holds, and nothing on a guess."""

from datetime import date

import attrs

from autoc.plan.conditions import FactRef, TextIn
from autoc.plan.facts import Facts, FactState, Known, ObjectRef, Unknown
from autoc.plan.model import Automation
from autoc.plan.verdicts import NoMatch, Selected, Undecided
from autoc.runtime.selector import compile_selector, judge, select, wanted_facts
from support.machine_world import automation, then

TIER, COUNTRY = FactRef(name="customer.metadata", key="tier"), FactRef(name="customer.country")
CUSTOMER = ObjectRef(kind="customer", id="cus_1")
UNKNOWN = Unknown(reason="the customer was not read", needs=(CUSTOMER,))


def _rule(
    name: str, fact: FactRef | None = None, text: str = "vip", *, paused: bool = False
) -> Automation:
    rule = attrs.evolve(automation("invoice.overdue", then()), name=name, paused=paused)
    return attrs.evolve(rule, condition=TextIn(fact=fact, texts=(text,))) if fact else rule


def _facts(tier: FactState, country: FactState) -> Facts:
    return Facts(values={TIER: tier, COUNTRY: country}, rates=None, on=date(2026, 3, 1))


RULES = (
    _rule("off", paused=True),
    _rule("vip", TIER),
    _rule("french", COUNTRY, "FR"),
    _rule("rest"),
)


def test_first_that_holds_is_selected() -> None:
    """Order is priority, and a paused automation is not tried."""
    facts = _facts(Known(value="gold"), Known(value="FR"))
    assert select(RULES, facts) == Selected(automation="french")
    assert compile_selector(RULES).select(facts) == Selected(automation="french")
    assert [each.verdict for each in judge(RULES, facts)] == [
        "paused",
        "no_match",
        "selected",
        "would_match",
    ]


def test_undecided_earlier_one_leaves_everything_undecided() -> None:
    """A later automation is not selected as long as an earlier one may hold."""
    facts = _facts(UNKNOWN, Known(value="DE"))
    selection = select(RULES, facts)
    assert isinstance(selection, Undecided)
    assert (selection.automation, selection.needs) == ("vip", (CUSTOMER,))
    assert [each.verdict for each in judge(RULES, facts)][1:] == [
        "undecided",
        "no_match",
        "would_match",
    ]


def test_unknown_facts_of_later_automations_do_not_matter() -> None:
    """Only what lies before the answer must be known."""
    assert select(RULES, _facts(Known(value="vip"), UNKNOWN)) == Selected(automation="vip")


def test_nothing_holds() -> None:
    """No match is an answer of its own."""
    assert select(RULES[:3], _facts(Known(value="a"), Known(value="DE"))) == NoMatch()


def test_only_facts_that_rules_mention_are_wanted() -> None:
    """What is fetched is what the rules need, each once."""
    assert wanted_facts((*RULES, _rule("again", TIER))) == (TIER, COUNTRY)
