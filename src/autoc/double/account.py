"""One account of the double: its objects, its events, its time."""

import copy
from collections.abc import Callable
from typing import Any

from autoc.double.errors import missing

API_VERSION = "2025-03-31.basil"
PREFIXES = {
    "customer": "cus",
    "product": "prod",
    "price": "price",
    "subscription": "sub",
    "subscription_item": "si",
    "invoice": "in",
    "invoiceitem": "ii",
    "line_item": "il",
    "quote": "qt",
    "event": "evt",
    "payment_method": "pm",
    "payment_intent": "pi",
}
Json = dict[str, Any]
Listener = Callable[[Json], None]


class Account:
    """Objects by kind and id. Every change goes through `create`, `change` or `remove`."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now
        self.objects: dict[str, dict[str, Json]] = {kind: {} for kind in PREFIXES}
        self.events: list[Json] = []
        self.listeners: list[Listener] = []
        self._counts: dict[str, int] = {}

    def new_id(self, kind: str) -> str:
        """The next id of a kind: `in_Double0001`."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{PREFIXES[kind]}_Double{self._counts[kind]:04}"

    def get(self, kind: str, identity: str) -> Json:
        """The object. Raises `StripeError` when there is none."""
        found = self.objects.get(kind, {}).get(identity)
        if found is None:
            raise missing(kind, identity)
        return found

    def create(self, kind: str, fields: Json, *, event: str | None = None) -> Json:
        """A new object, with what every object has."""
        obj = {
            "id": fields.pop("id", None) or self.new_id(kind),
            "object": kind,
            "created": self.now(),
            "livemode": False,
            "metadata": {},
            **fields,
        }
        self.objects[kind][obj["id"]] = obj
        if event is not None:
            self.tell(event, obj)
        return obj

    def change(self, obj: Json, fields: Json, *, events: tuple[str, ...] = ()) -> Json:
        """Change an object; `events` are told of it, `*.updated` with what it replaced."""
        previous = {
            name: copy.deepcopy(obj.get(name))
            for name, value in fields.items()
            if obj.get(name) != value
        }
        obj.update(fields)
        for event in events:
            self.tell(event, obj, previous=previous if event.endswith(".updated") else None)
        return obj

    def tell(self, kind: str, obj: Json, *, previous: Json | None = None) -> Json:
        """Record an event, and tell the listeners."""
        data: Json = {"object": copy.deepcopy(obj)}
        if previous is not None:
            data["previous_attributes"] = previous
        event = {
            "id": self.new_id("event"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": len(self.listeners),
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        self.events.append(event)
        for listener in self.listeners:
            listener(event)
        return event
