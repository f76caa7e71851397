"""Plans survive being written down, whatever they hold."""

import json

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from autoc.plan.codec import (
    automation_digest,
    decode_automation,
    decode_plan,
    encode_automation,
    encode_plan,
)
from autoc.plan.model import Automation, Plan
from autoc.plan.schema import plan_schema
from support.plans import automations, plans

SCHEMA = Draft202012Validator(plan_schema())
patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(plans)
def test_plan_survives(plan: Plan) -> None:
    """`decode(encode(plan)) == plan`, the text is stable, and the published schema fits it."""
    text = encode_plan(plan)
    assert decode_plan(text) == plan
    assert encode_plan(plan) == text
    SCHEMA.validate(json.loads(text))


@patient
@given(automations)
def test_automation_survives(automation: Automation) -> None:
    """An automation comes back from the store as it was selected."""
    again = decode_automation(encode_automation(automation))
    assert again == automation
    assert automation_digest(again) == automation_digest(automation)


@patient
@given(automations, automations)
def test_digest_names_the_meaning(one: Automation, other: Automation) -> None:
    """Two digests are equal exactly when nothing differs but the words for people."""
    plain = [attrs.evolve(each, title=None, documentation="") for each in (one, other)]
    assert (automation_digest(one) == automation_digest(other)) == (plain[0] == plain[1])
    assert automation_digest(one) == automation_digest(plain[0])


@patient
@given(plans, st.data())
def test_damaged_plan_is_told(plan: Plan, data: st.DataObject) -> None:
    """Whatever stands where something else belongs gives a message with its place, no exception."""
    document = json.loads(encode_plan(plan))
    places = list(_places(document))
    holder, name = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from((object_of_nobody(), [[["?"]]], 0.5)))
    holder[name] = wrong
    mistakes = decode_plan(json.dumps(document))
    assert isinstance(mistakes, tuple)
    assert all(each.message for each in mistakes)
    assert not SCHEMA.is_valid(document)


def object_of_nobody() -> dict[str, object]:
    """An object that no class of the plan reads."""
    return {"of nobody": 1}


def _places(node: object) -> list[tuple[object, object]]:
    """Every place of a document that holds a value."""
    pairs = (
        list(node.items())
        if isinstance(node, dict)
        else list(enumerate(node))
        if isinstance(node, list)
        else []
    )
    return [each for name, value in pairs for each in [(node, name), *_places(value)]]
