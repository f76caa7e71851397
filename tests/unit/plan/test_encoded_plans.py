"""How a plan looks when it is written down, and what is said of one that is wrong."""

import json
from pathlib import Path

import attrs
import pytest

from autoc.plan.codec import automation_digest, decode_plan, encode_plan
from autoc.plan.conditions import AllOf, FactRef, IsSet, MoneyCompares
from autoc.plan.digest import short_digest
from autoc.plan.model import (
    Automation,
    AutomationPlace,
    Email,
    Plan,
    PreviousOffset,
    Step,
)
from autoc.plan.schema import plan_schema
from autoc.values.duration import Duration
from autoc.values.money import Money

PUBLISHED = Path(__file__).parents[3] / "docs" / "reference" / "plan.schema.json"
RULE = Automation(
    name="large",
    trigger="invoice.overdue",
    title="Large invoices",
    condition=AllOf(
        parts=(
            MoneyCompares(
                fact=FactRef(name="amount"),
                operator=">=",
                money=Money(minor=100_000, currency="EUR"),
            ),
            IsSet(fact=FactRef(name="customer.metadata", key="tier"), negated=True),
        )
    ),
    steps=(
        Step(
            when=PreviousOffset(offset=Duration(days=3)),
            action=Email(contact="team", to=("team@acme.example",)),
        ),
    ),
)
PLAN = Plan(
    automations=(RULE,),
    places={"large": AutomationPlace(filename="rules/a.autoc", line=3, column=1)},
)


def test_published_schema_is_that_of_the_classes() -> None:
    """The schema in the reference is what `autoc compile --schema` prints."""
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == plan_schema()


def test_choices_are_tagged_and_places_stand_apart() -> None:
    """Kinds are in snake case, each automation has its digest, and no place is inside it."""
    data = json.loads(encode_plan(PLAN))
    (automation,) = data["automations"]
    assert automation["digest"] == automation_digest(RULE)
    assert automation["condition"]["kind"] == "all_of"
    assert automation["condition"]["parts"][0] == {
        "kind": "money_compares",
        "fact": {"name": "amount", "key": None},
        "operator": ">=",
        "money": {"minor": 100_000, "currency": "EUR"},
    }
    assert automation["until"] is None
    assert list(data)[-1] == "places"
    assert "line" not in json.dumps(automation)


def test_digest_stays_the_same_over_versions() -> None:
    """A run that began under an earlier version still finds its automation: the digest is fixed."""
    digest = automation_digest(RULE)
    assert digest == "86f6f4c42655567756bf856c10fd3634de814c9db1e525d109a2c2129059454b"
    assert short_digest(digest) == digest[:12]


@pytest.mark.parametrize(
    "change",
    [{"name": "other"}, {"paused": True}, {"timezone": "Asia/Tokyo"}, {"until": AllOf()}],
    ids=["name", "paused", "timezone", "until"],
)
def test_digest_changes_with_the_meaning(change: dict[str, object]) -> None:
    """Whatever decides what happens is in the digest."""
    assert automation_digest(attrs.evolve(RULE, **change)) != automation_digest(RULE)  # type: ignore[arg-type]


STEP_0 = "plan.automations[0].steps[0]"
FIRST = ("automations", 0)
DAMAGES = {
    "text for a truth": (
        (*FIRST, "paused"),
        "false",
        "expected `true` or `false`, found `false` @ plan.automations[0].paused",
    ),
    "text for a list": (
        (*FIRST, "steps", 0, "action", "to"),
        "abc",
        f"expected a list, found `abc` @ {STEP_0}.action.to",
    ),
    "unknown kind": (
        (*FIRST, "steps", 0, "when", "kind"),
        "later",
        (
            "expected `kind` to be one of `anchor_offset`, `previous_offset`, found `later` "
            f"@ {STEP_0}.when"
        ),
    ),
    "not one of few": (
        (*FIRST, "condition", "parts", 0, "operator"),
        "~",
        (
            "expected one of `=`, `!=`, `<`, `<=`, `>`, `>=`, found `~` "
            "@ plan.automations[0].condition.parts[0].operator"
        ),
    ),
    "a stranger": ((*FIRST, "zeal"), 1, "unknown: `zeal` @ plan.automations[0]"),
    "no list": (("automations",), 5, "expected a list @ plan.automations"),
    "changed by hand": (
        (*FIRST, "timezone"),
        "Asia/Tokyo",
        "the digest of `large` does not fit what it says",
    ),
    "later schema": (("schema",), 2, "expected a plan of schema 1, found 2"),
}


@pytest.mark.parametrize(("path", "value", "message"), DAMAGES.values(), ids=list(DAMAGES))
def test_mistakes_have_places(path: tuple[str | int, ...], value: object, message: str) -> None:
    """A wrong plan is answered in the words of plans, with the path of the place."""
    data = json.loads(encode_plan(PLAN))
    holder = data
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    mistakes = decode_plan(json.dumps(data))
    assert isinstance(mistakes, tuple)
    assert [each.message for each in mistakes] == [message]


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("", "this is no JSON"),
        ("[]", "expected a plan of schema 1, found none"),
        ("[" * 100_000, "the plan is nested too deeply"),
    ],
    ids=["empty", "list", "deep"],
)
def test_what_is_no_plan_at_all_is_told(text: str, beginning: str) -> None:
    """Any text is answered with a message."""
    mistakes = decode_plan(text)
    assert isinstance(mistakes, tuple)
    assert mistakes[0].message.startswith(beginning)
