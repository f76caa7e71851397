"""Stripe's calls: a table of method, path and function, and how lists and expansions are made."""

import copy
import re
from collections.abc import Callable
from typing import Any

import attrs

from autoc.double import customers, invoices, quotes, subscriptions
from autoc.double.account import Account, Json
from autoc.double.errors import StripeError, invalid

LIMIT_DEFAULT = 10
LIMIT_MAX = 100
Call = Callable[[Account, Json, str], Json]


@attrs.frozen(kw_only=True)
class Route:
    """One call. The path's `{id}` is given to the function."""

    method: str
    path: re.Pattern[str]
    call: Call


def _route(method: str, path: str, call: Call) -> Route:
    return Route(method=method, path=re.compile(path.replace("{id}", "([^/]+)")), call=call)


def _read(kind: str) -> Call:
    return lambda account, _fields, identity: account.get(kind, identity)


def _list(kind: str) -> Call:
    def call(account: Account, fields: Json, _identity: str) -> Json:
        found = sorted(account.objects[kind].values(), key=lambda obj: -obj.get("created", 0))
        for name in ("customer", "subscription", "status", "collection_method"):
            if name in fields:
                found = [obj for obj in found if obj.get(name) == fields[name]]
        return _page(found, fields, f"/v1/{kind}s")

    return call


def _page(found: list[Json], fields: Json, url: str) -> Json:
    limit = int(fields.get("limit", LIMIT_DEFAULT))
    if not 1 <= limit <= LIMIT_MAX:
        raise invalid(f"Invalid integer: {limit}", param="limit")
    ids = [obj["id"] for obj in found]
    start, end = 0, len(found)
    if "starting_after" in fields:
        start = ids.index(fields["starting_after"]) + 1 if fields["starting_after"] in ids else end
    if "ending_before" in fields:
        end = ids.index(fields["ending_before"]) if fields["ending_before"] in ids else 0
        start = max(0, end - limit)
    page = found[start : min(end, start + limit)]
    return {"object": "list", "data": page, "has_more": start + limit < end, "url": url}


def _events(account: Account, fields: Json, _identity: str) -> Json:
    found = list(reversed(account.events))
    created = fields.get("created", {})
    bounds = {"gte": int.__ge__, "gt": int.__gt__, "lte": int.__le__, "lt": int.__lt__}
    for name, compare in bounds.items():
        if isinstance(created, dict) and name in created:
            found = [each for each in found if compare(each["created"], int(created[name]))]
    if "type" in fields:
        found = [each for each in found if each["type"] == fields["type"]]
    return _page(found, fields, "/v1/events")


def _event(account: Account, _fields: Json, identity: str) -> Json:
    found = next((each for each in account.events if each["id"] == identity), None)
    if found is None:
        raise invalid(f"No such event: '{identity}'", code="resource_missing")
    return found


def _on(kind: str, function: Callable[..., Json], *, takes_fields: bool = True) -> Call:
    def call(account: Account, fields: Json, identity: str) -> Json:
        obj = account.get(kind, identity)
        return function(account, obj, fields) if takes_fields else function(account, obj)

    return call


def _new(function: Callable[[Account, Json], Json]) -> Call:
    return lambda account, fields, _identity: function(account, fields)


def _quote(action: str) -> Call:
    return lambda account, _fields, identity: quotes.move_quote(
        account, account.get("quote", identity), action
    )


def _attach(account: Account, fields: Json, identity: str) -> Json:
    customer = account.get("customer", str(fields.get("customer")))
    return customers.attach_payment_method(account, identity, customer)


def _payment_methods(account: Account, fields: Json, identity: str) -> Json:
    owner = identity or fields.get("customer")
    found = [m for m in account.objects["payment_method"].values() if m["customer"] == owner]
    return _page(found[::-1], fields, "/v1/payment_methods")


def _invoice_lines(account: Account, fields: Json, identity: str) -> Json:
    lines = account.get("invoice", identity)["lines"]
    return _page(lines["data"], fields, lines["url"])


ROUTES: tuple[Route, ...] = (
    _route("POST", "/v1/customers", _new(customers.create_customer)),
    _route("GET", "/v1/customers", _list("customer")),
    _route("GET", "/v1/customers/{id}", _read("customer")),
    _route("POST", "/v1/customers/{id}", _on("customer", customers.update_customer)),
    _route(
        "DELETE",
        "/v1/customers/{id}",
        _on("customer", customers.delete_customer, takes_fields=False),
    ),
    _route("GET", "/v1/customers/{id}/payment_methods", _payment_methods),
    _route("GET", "/v1/payment_methods", lambda a, f, _: _payment_methods(a, f, "")),
    _route("GET", "/v1/payment_methods/{id}", _read("payment_method")),
    _route("POST", "/v1/payment_methods/{id}/attach", _attach),
    _route("POST", "/v1/products", _new(customers.create_product)),
    _route("GET", "/v1/products", _list("product")),
    _route("GET", "/v1/products/{id}", _read("product")),
    _route("POST", "/v1/prices", _new(customers.create_price)),
    _route("GET", "/v1/prices", _list("price")),
    _route("GET", "/v1/prices/{id}", _read("price")),
    _route("POST", "/v1/invoiceitems", _new(invoices.create_item)),
    _route("POST", "/v1/invoices", _new(invoices.create_invoice)),
    _route("GET", "/v1/invoices", _list("invoice")),
    _route("GET", "/v1/invoices/{id}", _read("invoice")),
    _route("POST", "/v1/invoices/{id}", _on("invoice", invoices.update_invoice)),
    _route("GET", "/v1/invoices/{id}/lines", _invoice_lines),
    _route(
        "POST", "/v1/invoices/{id}/finalize", _on("invoice", invoices.finalize, takes_fields=False)
    ),
    _route("POST", "/v1/invoices/{id}/pay", _on("invoice", invoices.pay)),
    _route("POST", "/v1/invoices/{id}/void", _on("invoice", invoices.void, takes_fields=False)),
    _route(
        "POST",
        "/v1/invoices/{id}/mark_uncollectible",
        _on("invoice", invoices.mark_uncollectible, takes_fields=False),
    ),
    _route("POST", "/v1/subscriptions", _new(subscriptions.create_subscription)),
    _route("GET", "/v1/subscriptions", _list("subscription")),
    _route("GET", "/v1/subscriptions/{id}", _read("subscription")),
    _route(
        "POST", "/v1/subscriptions/{id}", _on("subscription", subscriptions.update_subscription)
    ),
    _route("DELETE", "/v1/subscriptions/{id}", _on("subscription", subscriptions.cancel)),
    _route("POST", "/v1/quotes", _new(quotes.create_quote)),
    _route("GET", "/v1/quotes", _list("quote")),
    _route("GET", "/v1/quotes/{id}", _read("quote")),
    _route(
        "GET", "/v1/quotes/{id}/line_items", _on("quote", quotes.line_items, takes_fields=False)
    ),
    _route("POST", "/v1/quotes/{id}/finalize", _quote("finalize")),
    _route("POST", "/v1/quotes/{id}/accept", _quote("accept")),
    _route("POST", "/v1/quotes/{id}/cancel", _quote("cancel")),
    _route("GET", "/v1/events", _events),
    _route("GET", "/v1/events/{id}", _event),
)


def answer(account: Account, method: str, path: str, fields: Json) -> Json:
    """The answer to one request, as a copy. Raises `StripeError`."""
    fields = dict(fields)
    expand = fields.pop("expand", [])
    for route in ROUTES:
        match = route.path.fullmatch(path)
        if match is not None and route.method == method:
            found = route.call(account, fields, match[1] if match.groups() else "")
            result = copy.deepcopy(found)
            for place in expand if isinstance(expand, list) else []:
                _expand(account, result, str(place).split("."))
            return result
    raise StripeError(
        404,
        "invalid_request_error",
        f"Unrecognized request URL ({method}: {path}).",
    )


def _expand(account: Account, value: Any, path: list[str]) -> None:
    if isinstance(value, list):
        for each in value:
            _expand(account, each, path)
        return
    if not path or not isinstance(value, dict) or path[0] not in value:
        return
    name, rest = path[0], path[1:]
    inner = value[name]
    if isinstance(inner, str):
        found = next((kind[inner] for kind in account.objects.values() if inner in kind), None)
        if found is not None:
            value[name] = copy.deepcopy(found)
    _expand(account, value[name], rest)
