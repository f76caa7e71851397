"""Reads the provider's objects, fresh, and its events for catching up."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from autoc.connectors.stripe.access import Call, StripeAccess
from autoc.connectors.stripe.faults import Fault
from autoc.plan.facts import ObjectRef
from autoc.runtime.ports import ReadFailed

PATHS: Mapping[str, str] = {
    "invoice": "/v1/invoices/{id}",
    "subscription": "/v1/subscriptions/{id}",
    "quote": "/v1/quotes/{id}",
    "customer": "/v1/customers/{id}",
    "price": "/v1/prices/{id}",
    "product": "/v1/products/{id}",
}
LIST_PATHS: Mapping[str, str] = {
    "invoice_lines": "/v1/invoices/{id}/lines",
    "quote_line_items": "/v1/quotes/{id}/line_items",
    "subscription_items": "/v1/subscription_items?subscription={id}",
}
PAGE_LENGTH = 100
PAGES_MAX = 1000
EVENTS_SECONDS_MAX = 600.0


class StripeReader:
    """Reads single objects, and lists as `{"object": "list", "data": […], "has_more": false}`."""

    def __init__(self, access: StripeAccess) -> None:
        self._access = access

    async def read(self, ref: ObjectRef) -> Mapping[str, Any] | ReadFailed:
        """The object as it is now. A deleted customer is an object with `deleted`."""
        try:
            async with asyncio.timeout(self._access.settings.deadline_seconds):
                return await self._read(ref)
        except TimeoutError:
            return ReadFailed(reason=f"{ref} could not be read in time")

    async def _read(self, ref: ObjectRef) -> Mapping[str, Any] | ReadFailed:
        if ref.kind in LIST_PATHS:
            items = await self._read_pages(Call(method="get", path=LIST_PATHS[ref.kind], id=ref.id))
            if isinstance(items, Fault):
                return _read_failed(ref, items)
            return {"object": "list", "data": items, "has_more": False}
        path = PATHS.get(ref.kind)
        if path is None or not ref.id:
            return ReadFailed(reason=f"`{ref}` is nothing that can be read")
        answer = await self._access.call(Call(method="get", path=path, id=ref.id))
        return _read_failed(ref, answer) if isinstance(answer, Fault) else answer

    async def list_events(self, *, since: int) -> Sequence[Mapping[str, Any]] | ReadFailed:
        """Every event created at or after `since` (epoch seconds), oldest first.

        The provider keeps events for 30 days.
        """
        call = Call(method="get", path="/v1/events", params={"created[gte]": since})
        try:
            async with asyncio.timeout(EVENTS_SECONDS_MAX):
                events = await self._read_pages(call)
        except TimeoutError:
            return ReadFailed(reason="the events could not be listed in time")
        if isinstance(events, Fault):
            return _read_failed(ObjectRef(kind="events", id=""), events)
        events.reverse()
        return events

    async def _read_pages(self, call: Call) -> list[Mapping[str, Any]] | Fault:
        items: list[Mapping[str, Any]] = []
        params: dict[str, Any] = {**call.params, "limit": PAGE_LENGTH}
        for _ in range(PAGES_MAX):
            page = await self._access.call(
                Call(method=call.method, path=call.path, id=call.id, params=params)
            )
            if isinstance(page, Fault):
                return page
            data = page.get("data")
            items.extend(data if isinstance(data, list) else ())
            if not page.get("has_more") or not data:
                return items
            params = {**params, "starting_after": str(items[-1].get("id"))}
        return Fault(reason=f"the list has more than {PAGES_MAX * PAGE_LENGTH} entries")


def _read_failed(ref: ObjectRef, fault: Fault) -> ReadFailed:
    return ReadFailed(
        reason=fault.reason,
        gone=bool(ref.id) and fault.is_missing,
        held=fault.is_key_refused,
        after_seconds=fault.after_seconds,
    )
