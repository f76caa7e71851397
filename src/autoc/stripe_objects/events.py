"""Events: the envelope, checked and decoded. Everything else is refused in words."""

from typing import Any

import attrs

from autoc.plan.facts import ObjectRef
from autoc.stripe_objects.reading import flag_of, id_of, instant_of, object_of, text_of

ID_LENGTH_MAX = 255


@attrs.frozen(kw_only=True)
class StripeEvent:
    """One event. `created` is in epoch seconds; `previous` holds what an update replaced."""

    id: str
    type: str
    created: int
    livemode: bool
    api_version: str | None
    account: str | None
    object: dict[str, Any]
    previous: dict[str, Any]


@attrs.frozen(kw_only=True)
class Refusal:
    """Why a document cannot be used."""

    message: str


def read_event(document: object) -> StripeEvent | Refusal:
    """The event that `document` (decoded JSON) is, or why it is none."""
    if not isinstance(document, dict):
        return Refusal(message="this is no event: expected a JSON object")
    kind = document.get("object")
    if kind == "v2.core.event":
        return Refusal(message="this is a thin event, which holds no data: expected a v1 event")
    if kind != "event":
        named = f"`{kind}`" if isinstance(kind, str) else "something else"
        return Refusal(message=f"this is no event: expected `object` to be `event`, it is {named}")
    identity, name = text_of(document, "id"), text_of(document, "type")
    created = instant_of(document, "created")
    if not identity or len(identity) > ID_LENGTH_MAX:
        return Refusal(message="this event has no `id`")
    if not name or len(name) > ID_LENGTH_MAX:
        return Refusal(message="this event has no `type`")
    if created is None:
        return Refusal(message="this event has no time in `created`")
    body = document.get("data")
    if not isinstance(body, dict) or not isinstance(body.get("object"), dict):
        return Refusal(message="this event has no object in `data.object`")
    return StripeEvent(
        id=identity,
        type=name,
        created=created,
        livemode=flag_of(document, "livemode") or False,
        api_version=text_of(document, "api_version"),
        account=text_of(document, "account"),
        object=body["object"],
        previous=object_of(body, "previous_attributes"),
    )


def read_object(document: object) -> dict[str, Any] | Refusal:
    """A bare object of the provider, or why it is none."""
    if not isinstance(document, dict):
        return Refusal(message="this is no object of Stripe's: expected a JSON object")
    if document.get("object") == "list":
        return document
    if not text_of(document, "object") or not text_of(document, "id"):
        return Refusal(message="this is no object of Stripe's: expected `object` and `id`")
    if document["object"] == "event":
        return Refusal(message="this is an event: expected a bare object")
    return document


def object_ref(obj: object) -> ObjectRef | None:
    """What an object is called: its kind and id."""
    kind, identity = text_of(obj, "object"), id_of(obj)
    return ObjectRef(kind=kind, id=identity) if kind and identity else None
