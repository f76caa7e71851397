"""Plans and automations as JSON text, and back: `decode(encode(plan)) == plan`.

Every choice is tagged: `{"kind": "money_compares", …}`. In an encoded plan each automation carries
its digest, and the places stand in a part of their own, apart from the meaning.
"""

import json
import re
from functools import cache
from typing import Any

import attrs
from cattrs import transform_error
from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from autoc.plan import conditions, model
from autoc.plan.digest import digest_of_data
from autoc.plan.model import PLAN_SCHEMA, Automation, Plan

TAG = "kind"
UNIONS: tuple[Any, ...] = (
    conditions.Condition,
    model.When,
    model.RetryPolicy,
    model.Action,
)
"""The closed choices of a plan."""


@attrs.frozen(kw_only=True)
class PlanMistake:
    """What is wrong in an encoded plan; `message` begins with the path of the place."""

    message: str


def tag_of(member: type) -> str:
    """`MoneyCompares` is tagged `money_compares`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", member.__name__).lower()


@cache
def _converter() -> JsonConverter:
    converter = make_converter(forbid_extra_keys=True)
    for member in (conditions.AllOf, conditions.AnyOf, conditions.NotOf):
        attrs.resolve_types(member, vars(conditions))
    for union in UNIONS:
        configure_tagged_union(union, converter, tag_name=TAG, tag_generator=tag_of)
    _configure_optional_condition(converter)
    return converter


def _configure_optional_condition(converter: JsonConverter) -> None:
    """`Condition | None` is another union than `Condition`, and needs hooks of its own."""
    optional: Any = conditions.Condition | None
    converter.register_structure_hook(
        optional,
        lambda data, _: None if data is None else converter.structure(data, conditions.Condition),  # type: ignore[arg-type]
    )
    converter.register_unstructure_hook(
        optional,
        lambda value: (
            None
            if value is None
            else converter.unstructure(value, unstructure_as=conditions.Condition)
        ),
    )


def automation_data(automation: Automation) -> dict[str, Any]:
    """The automation as JSON data, without its digest."""
    data: dict[str, Any] = _converter().unstructure(automation, unstructure_as=Automation)
    return data


def encode_automation(automation: Automation) -> str:
    """The automation as compact JSON text; the same automation gives the same text."""
    return json.dumps(automation_data(automation), ensure_ascii=False, separators=(",", ":"))


def decode_automation(text: str | bytes) -> Automation:
    """The automation that `encode_automation` wrote."""
    return _converter().structure(json.loads(text), Automation)


def automation_digest(automation: Automation) -> str:
    """64 hexadecimal digits over what the automation means; equal meanings have equal digests."""
    return digest_of_data(automation_data(automation))


def encode_plan(plan: Plan) -> str:
    """The plan as JSON text, indented, in a stable order."""
    data = _converter().unstructure(plan, unstructure_as=Plan)
    for each in data["automations"]:
        each["digest"] = digest_of_data(each)
    places = data.pop("places")
    return json.dumps({**data, "places": places}, ensure_ascii=False, indent=2)


def decode_plan(text: str | bytes) -> Plan | tuple[PlanMistake, ...]:
    """The plan that `encode_plan` wrote, or everything that is wrong with the text."""
    try:
        data = json.loads(text)
    except ValueError as error:
        return (PlanMistake(message=f"this is no JSON: {error}"),)
    if not isinstance(data, dict) or data.get("schema") != PLAN_SCHEMA:
        found = data.get("schema") if isinstance(data, dict) else None
        return (
            PlanMistake(
                message=f"expected a plan of schema {PLAN_SCHEMA}, found {found or 'none'}"
            ),
        )
    digests = [_take_digest(each) for each in data.get("automations", ())]
    try:
        plan = _converter().structure(data, Plan)
    except Exception as error:
        return tuple(PlanMistake(message=each) for each in transform_error(error, path="plan"))
    return _check_digests(plan, digests) or plan


def _take_digest(each: Any) -> str | None:
    if not isinstance(each, dict):
        return None
    digest = each.pop("digest", None)
    return digest if isinstance(digest, str) else None


def _check_digests(plan: Plan, digests: list[str | None]) -> tuple[PlanMistake, ...]:
    return tuple(
        PlanMistake(message=f"the digest of `{each.name}` does not fit what it says")
        for each, digest in zip(plan.automations, digests, strict=True)
        if digest is not None and digest != automation_digest(each)
    )
