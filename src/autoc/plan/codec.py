"""Plans and automations as JSON text, and back: `decode(encode(plan)) == plan`.

Every choice is tagged: `{"kind": "money_compares", …}`. In an encoded plan each automation carries
its digest, and the places stand in a part of their own, apart from the meaning.
"""

import json
import re
from functools import cache
from typing import Any, Literal, get_args, get_origin

import attrs
from cattrs.errors import BaseValidationError
from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from autoc.plan import conditions, model
from autoc.plan.digest import digest_of_data
from autoc.plan.mistakes import NotAsExpected, expect, mistakes_of, shown, wrong_shapes
from autoc.plan.model import PLAN_SCHEMA, Automation, Plan

TAG = "kind"
ROOT = "plan"
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
    _configure_exact_values(converter)  # before the unions, which ask for the hooks of their parts
    for member in (conditions.AllOf, conditions.AnyOf, conditions.NotOf):
        attrs.resolve_types(member, vars(conditions))
    for union in UNIONS:
        configure_tagged_union(union, converter, tag_name=TAG, tag_generator=tag_of)
        _check_tags(union, converter)
    _configure_optional_condition(converter)
    return converter


def _check_tags(union: Any, converter: JsonConverter) -> None:
    """Say which kinds there are, before the union looks for one that there is not."""
    tags = sorted(tag_of(member) for member in get_args(union))
    structure = converter.get_structure_hook(union)

    def structure_known(data: Any, cls: Any) -> Any:
        expect(data, dict)
        if data.get(TAG) not in tags:
            raise NotAsExpected(
                f"expected `{TAG}` to be one of {', '.join(f'`{tag}`' for tag in tags)}, "
                f"found {shown(data.get(TAG))}"
            )
        return structure(data, cls)

    converter.register_structure_hook(union, structure_known)


def _configure_exact_values(converter: JsonConverter) -> None:
    """Take nothing for another thing: `"false"` is a text, and `1` is not true."""
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, expect)

    @converter.register_structure_hook_factory(_is_literal)
    def literal_hook(hint: Any) -> Any:
        values = get_args(hint)

        def structure_literal(data: Any, _: Any) -> Any:
            if not any(data == each and type(data) is type(each) for each in values):
                raise NotAsExpected(
                    f"expected one of {', '.join(f'`{each}`' for each in values)}, "
                    f"found {shown(data)}"
                )
            return data

        return structure_literal


def _is_literal(hint: Any) -> bool:
    origin: Any = get_origin(hint)
    return origin is Literal


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
        return _decode_data(json.loads(text))
    except ValueError as error:
        return (PlanMistake(message=f"this is no JSON: {error}"),)
    except RecursionError:
        return (PlanMistake(message="the plan is nested too deeply"),)


def _decode_data(data: Any) -> Plan | tuple[PlanMistake, ...]:
    if not isinstance(data, dict) or data.get("schema") != PLAN_SCHEMA:
        found = data.get("schema") if isinstance(data, dict) else None
        return (
            PlanMistake(
                message=f"expected a plan of schema {PLAN_SCHEMA}, found {found or 'none'}"
            ),
        )
    automations = data.get("automations", [])
    if not isinstance(automations, list):
        return (PlanMistake(message=f"expected a list @ {ROOT}.automations"),)
    digests = [_take_digest(each) for each in automations]
    try:
        plan = _converter().structure(data, Plan)
    except (BaseValidationError, NotAsExpected) as error:
        return tuple(PlanMistake(message=each) for each in mistakes_of(error, path=ROOT))
    read = _converter().unstructure(plan, unstructure_as=Plan)
    wrong = [PlanMistake(message=each) for each in wrong_shapes(data, read, path=ROOT)]
    return tuple(wrong) or _check_digests(plan, digests) or plan


def _take_digest(each: Any) -> Any:
    return each.pop("digest", None) if isinstance(each, dict) else None


def _check_digests(plan: Plan, digests: list[Any]) -> tuple[PlanMistake, ...]:
    return tuple(
        PlanMistake(message=f"the digest of `{each.name}` does not fit what it says")
        for each, digest in zip(plan.automations, digests, strict=True)
        if digest is not None and digest != automation_digest(each)
    )
