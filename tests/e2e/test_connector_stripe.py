"""The Stripe connector and reader, against a real server that answers as Stripe does."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from autoc.connectors.stripe.access import StripeAccess
from autoc.connectors.stripe.connector import StripeConnector
from autoc.connectors.stripe.reading import StripeReader
from autoc.connectors.stripe.settings import StripeSettings
from autoc.plan.facts import ObjectRef
from autoc.plan.model import (
    Action,
    CancelSubscription,
    MarkUncollectible,
    MarkUnpaid,
    SetRetryPolicy,
    SmartRetries,
    VoidInvoice,
)
from autoc.runtime.effects import (
    Declined,
    Delivered,
    Ended,
    Held,
    Outcome,
    OutcomeUnknown,
    Rejected,
    RetryLater,
    Watched,
    Withheld,
)
from autoc.runtime.ports import ReadFailed
from autoc.values.duration import Duration
from support.http_peer import Answer, Asked, HttpPeer, Said, http_peer
from support.orders import INVOICE, NOW, make_order

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "stripe"
RETRIES = SetRetryPolicy(policy=SmartRetries(name="p", tries=3, within=Duration(days=14)))
SUBSCRIPTION = {"id": "sub_A", "object": "subscription", "status": "past_due"}
Routes = Mapping[str, Answer]


def answering(routes: Routes) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        name = f"{asked.method} {urlsplit(asked.target).path}"
        return routes.get(name, Said(404, failure("resource_missing", f"No such thing: {name}")))

    return answer


def failure(code: str, message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "type": "invalid_request_error", **more}}


def use(
    answer: Callable[[Asked], Answer], body: Callable[[StripeAccess], Awaitable[Any]], **fields: Any
) -> tuple[Any, HttpPeer]:
    async def run() -> tuple[Any, HttpPeer]:
        async with http_peer(answer) as peer:
            settings = StripeSettings(
                **{"api_key": "sk_test_x", "api_base": peer.url(), "deadline_seconds": 5.0} | fields
            )
            access = StripeAccess(settings)
            try:
                return await body(access), peer
            finally:
                await access.close()

    return asyncio.run(run())


def perform(routes: Routes, action: Action, **order: Any) -> tuple[Outcome, HttpPeer]:
    async def body(access: StripeAccess) -> Outcome:
        return await StripeConnector(access).perform(make_order(action, **order))

    return use(answering(routes), body)


def calls(peer: HttpPeer) -> list[str]:
    return [f"{asked.method} {urlsplit(asked.target).path}" for asked in peer.asked]


@pytest.mark.parametrize(
    ("action", "verb"), [(MarkUncollectible(), "mark_uncollectible"), (VoidInvoice(), "void")]
)
def test_invoice_actions(action: Action, verb: str) -> None:
    """One POST under the order's key, without telemetry."""
    outcome, peer = perform({f"POST /v1/invoices/in_A/{verb}": Said(200, dict(INVOICE))}, action)
    assert isinstance(outcome, Delivered)
    (asked,) = peer.asked
    assert asked.headers["idempotency-key"] == "run_1:1:1"
    assert asked.headers["authorization"] == "Bearer sk_test_x"
    assert "x-stripe-client-telemetry" not in asked.headers


@pytest.mark.parametrize(
    ("action", "status"), [(MarkUncollectible(), "uncollectible"), (VoidInvoice(), "void")]
)
def test_a_state_that_is_reached_is_not_asked_for_again(action: Action, status: str) -> None:
    """After a lost answer the object shows that it was done: nothing is sent."""
    found = {**INVOICE, "status": status}
    outcome, peer = perform({}, action, object=found, attempt=2, first_attempt=NOW - 90_000)
    assert outcome == Delivered(detail=f"already {status}")
    assert peer.asked == []


def test_an_expired_key_is_never_used() -> None:
    """A day after the first attempt the provider may have forgotten the key: nothing is sent.

    An action that was not done may be done under a new key; a try is left to the next one.
    """
    late = {"attempt": 2, "first_attempt": NOW - 86_400}
    outcome, peer = perform({}, VoidInvoice(), **late)
    assert isinstance(outcome, RetryLater)
    assert peer.asked == []
    outcome, peer = perform({}, RETRIES, purpose="try", **late)
    assert isinstance(outcome, Withheld)
    assert peer.asked == []


def test_cancel_subscription() -> None:
    """The invoice names the subscription; the arguments go along; a canceled one is left alone."""
    one = "/v1/subscriptions/sub_A"
    routes = {f"GET {one}": Said(200, SUBSCRIPTION), f"DELETE {one}": Said(200, SUBSCRIPTION)}
    parent = {"subscription_details": {"subscription": "sub_A"}}
    found = {**INVOICE, "subscription": None, "parent": parent}
    action = CancelSubscription(prorate=True, invoice_now=True)
    outcome, peer = perform(routes, action, object=found)
    assert isinstance(outcome, Delivered)
    query = parse_qs(urlsplit(peer.asked[-1].target).query)
    assert query == {"prorate": ["true"], "invoice_now": ["true"]}
    routes[f"GET {one}"] = Said(200, {**SUBSCRIPTION, "status": "canceled"})
    outcome, peer = perform(routes, action)
    assert outcome == Delivered(detail="already canceled")
    assert calls(peer) == [f"GET {one}"]


def test_mark_unpaid() -> None:
    """New invoices are kept as drafts."""
    one = "/v1/subscriptions/sub_A"
    routes = {f"GET {one}": Said(200, SUBSCRIPTION), f"POST {one}": Said(200, SUBSCRIPTION)}
    outcome, peer = perform(routes, MarkUnpaid())
    assert isinstance(outcome, Delivered)
    sent = parse_qs(peer.asked[-1].body.decode())
    assert sent == {"pause_collection[behavior]": ["keep_as_draft"]}


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("cut", OutcomeUnknown),
        (Said(500, failure("api_error", "oh")), OutcomeUnknown),
        (Said(502, b"<html>"), OutcomeUnknown),
        (Said(409, failure("lock_timeout", "busy")), RetryLater),
        (Said(429, failure("rate_limit", "slow"), {"retry-after": "3"}), RetryLater),
        (Said(401, failure("", "Invalid API Key")), Held),
        (Said(403, failure("", "not permitted")), Held),
        (Said(404, failure("resource_missing", "No such invoice: 'in_A'")), Ended),
        (Said(400, failure("resource_missing", "No such coupon: 'x'")), Rejected),
        (Said(400, failure("invoice_not_editable", "no")), Rejected),
        (Said(400, failure("x", "no"), {"stripe-should-retry": "true"}), RetryLater),
        (Said(200, b"not json"), OutcomeUnknown),
    ],
)
def test_error_classes(answer: Answer, wanted: type) -> None:
    """Each class of error has its outcome, and is answered after one request."""
    outcome, peer = perform({"POST /v1/invoices/in_A/void": answer}, VoidInvoice())
    assert isinstance(outcome, wanted), outcome
    assert len(peer.asked) == 1
    if isinstance(answer, Said) and answer.status == 429:
        assert outcome == RetryLater(reason="the provider answered 429: slow", after_seconds=3)


def test_a_hanging_provider_is_unknown() -> None:
    """The deadline holds."""

    async def body(access: StripeAccess) -> Outcome:
        return await StripeConnector(access).perform(make_order(VoidInvoice()))

    outcome, _ = use(lambda _: "hang", body, deadline_seconds=0.3)
    assert isinstance(outcome, OutcomeUnknown)


def test_a_refused_key_is_told_and_forgotten() -> None:
    """The connector says that the key is refused until the provider accepts it again."""
    answers = iter([Said(401, failure("", "no")), Said(500, {}), Said(200, dict(INVOICE))])

    async def body(access: StripeAccess) -> list[bool]:
        connector = StripeConnector(access)
        seen = [connector.key_rejected]
        for _ in range(3):
            await connector.perform(make_order(VoidInvoice()))
            seen.append(connector.key_rejected)
        return seen

    assert use(lambda _: next(answers), body)[0] == [False, True, True, False]


def test_the_other_mode_is_refused() -> None:
    """A test object never reaches a live key."""

    async def body(access: StripeAccess) -> Outcome:
        return await StripeConnector(access).perform(make_order(VoidInvoice()))

    outcome, peer = use(lambda _: Said(200), body, livemode=True)
    assert isinstance(outcome, Rejected)
    assert peer.asked == []


PAY = "POST /v1/invoices/in_A/pay"


def test_a_try() -> None:
    """A try pays off session; paid is delivered."""
    outcome, peer = perform({PAY: Said(200, {**INVOICE, "status": "paid"})}, RETRIES, purpose="try")
    assert outcome == Delivered(detail="paid")
    assert parse_qs(peer.asked[0].body.decode()) == {"off_session": ["true"]}


def test_a_payment_on_its_way_is_not_paid() -> None:
    """An invoice that is still open after the call is not taken for paid."""
    outcome, _ = perform({PAY: Said(200, dict(INVOICE))}, RETRIES, purpose="try")
    assert isinstance(outcome, Withheld)


def test_recorded_decline() -> None:
    """A decline as the provider really sends it is a soft one with its exact code."""
    path = RECORDED / "pay-vcr__error_2025-10-29.clover_402_card_declined.json"
    if not path.exists():
        pytest.skip("the recorded answers are not here")
    answer = Said(402, json.loads(path.read_text()))
    outcome, _ = perform({PAY: answer}, RETRIES, purpose="try")
    assert isinstance(outcome, Declined)
    assert (outcome.code, outcome.hard) == ("generic_decline", False)


def test_hard_declines_name_their_method() -> None:
    """The method is in the error, or it is the one that the provider would charge."""
    error = failure("card_declined", "no", decline_code="lost_card", payment_method={"id": "pm_1"})
    outcome, _ = perform({PAY: Said(402, error)}, RETRIES, purpose="try")
    assert isinstance(outcome, Declined)
    assert (outcome.code, outcome.hard, outcome.payment_method) == ("lost_card", True, "pm_1")
    routes = {
        PAY: Said(402, failure("authentication_required", "no")),
        "GET /v1/subscriptions/sub_A": Said(200, SUBSCRIPTION),
        "GET /v1/customers/cus_A": Said(
            200,
            {
                "object": "customer",
                "id": "cus_A",
                "invoice_settings": {"default_payment_method": "pm_2"},
            },
        ),
    }
    outcome, _ = perform(routes, RETRIES, purpose="try")
    assert isinstance(outcome, Declined)
    assert (outcome.hard, outcome.payment_method) == (True, "pm_2")


@pytest.mark.parametrize(
    ("default", "attached", "params"),
    [
        ("pm_1", [{"id": "pm_1", "created": NOW}], None),
        ("pm_1", [{"id": "pm_old", "created": 1}], None),
        ("pm_2", [], {"off_session": ["true"]}),
        (
            "pm_1",
            [{"id": "pm_new", "created": NOW}],
            {"off_session": ["true"], "payment_method": ["pm_new"]},
        ),
    ],
)
def test_after_a_hard_decline(
    default: str, attached: list[Any], params: dict[str, Any] | None
) -> None:
    """The declined method is not charged again; a new default or a newer method is."""
    routes = {
        PAY: Said(200, {**INVOICE, "status": "paid"}),
        "GET /v1/subscriptions/sub_A": Said(200, SUBSCRIPTION),
        "GET /v1/customers/cus_A": Said(
            200,
            {
                "object": "customer",
                "id": "cus_A",
                "invoice_settings": {"default_payment_method": default},
            },
        ),
        "GET /v1/customers/cus_A/payment_methods": Said(200, {"object": "list", "data": attached}),
    }
    outcome, peer = perform(routes, RETRIES, purpose="try", payment_method="pm_1")
    if params is None:
        assert isinstance(outcome, Withheld)
        assert PAY not in calls(peer)
    else:
        assert isinstance(outcome, Delivered)
        assert parse_qs(peer.asked[-1].body.decode()) == params


def test_no_method_at_all_withholds_the_try() -> None:
    """Nothing to charge is no failure of the call."""
    message = "This customer has no attached payment source or default payment method."
    outcome, _ = perform(
        {PAY: Said(400, failure("resource_missing", message))}, RETRIES, purpose="try"
    )
    assert isinstance(outcome, Withheld)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"next_payment_attempt": NOW + 50}, Watched(exhausted=False, again=NOW + 3650)),
        ({"next_payment_attempt": None}, Watched(exhausted=False, again=NOW + 3540)),
        ({"status": "paid"}, Ended(reason="paid")),
        ({"status": "uncollectible"}, Watched(exhausted=False, again=NOW + 3540)),
    ],
)
def test_watching(changes: Mapping[str, Any], wanted: Outcome) -> None:
    """A planned attempt is waited for; none is believed an hour after the failure."""
    outcome, peer = perform({}, RETRIES, purpose="watch", object={**INVOICE, **changes})
    assert outcome == wanted
    assert peer.asked == []


def read(routes: Routes, ref: ObjectRef) -> tuple[Mapping[str, Any] | ReadFailed, HttpPeer]:
    async def body(access: StripeAccess) -> Mapping[str, Any] | ReadFailed:
        return await StripeReader(access).read(ref)

    return use(answering(routes), body)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("invoice", "invoices"),
        ("subscription", "subscriptions"),
        ("quote", "quotes"),
        ("customer", "customers"),
        ("price", "prices"),
        ("product", "products"),
    ],
)
def test_reading(kind: str, path: str) -> None:
    """Each kind has its path, and the object comes as it was sent."""
    found = {"id": "x_1", "object": kind, "deep": {"list": [1, {"a": None}]}}
    answer, _ = read({f"GET /v1/{path}/x_1": Said(200, found)}, ObjectRef(kind=kind, id="x_1"))
    assert answer == found


def test_reading_what_is_gone_or_held() -> None:
    """What does not exist is gone; a refused key is held; an odd id stays in its path."""
    gone, peer = read({}, ObjectRef(kind="invoice", id="../x?y"))
    assert isinstance(gone, ReadFailed)
    assert gone.gone
    assert urlsplit(peer.asked[0].target).path == "/v1/invoices/..%2Fx%3Fy"
    refused = {"GET /v1/invoices/in_A": Said(401, failure("", "no"))}
    held, _ = read(refused, ObjectRef(kind="invoice", id="in_A"))
    assert isinstance(held, ReadFailed)
    assert (held.gone, held.held) == (False, True)
    unknown, peer = read({}, ObjectRef(kind="planet", id="x"))
    assert isinstance(unknown, ReadFailed)
    assert peer.asked == []


def paged(total: int) -> Callable[[Asked], Answer]:
    items = [{"id": f"i_{number}"} for number in range(total)]

    def answer(asked: Asked) -> Answer:
        query = parse_qs(urlsplit(asked.target).query)
        after = query.get("starting_after", [None])[0]
        start = 0 if after is None else int(after[2:]) + 1
        page = items[start : start + 100]
        return Said(200, {"object": "list", "data": page, "has_more": start + 100 < total})

    return answer


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("invoice_lines", "/v1/invoices/x_A/lines?limit=100"),
        ("quote_line_items", "/v1/quotes/x_A/line_items?limit=100"),
        ("subscription_items", "/v1/subscription_items?subscription=x_A&limit=100"),
    ],
)
def test_lists_are_complete(kind: str, target: str) -> None:
    """Every page of a list is read, each from the list's own address."""

    async def body(access: StripeAccess) -> Mapping[str, Any] | ReadFailed:
        return await StripeReader(access).read(ObjectRef(kind=kind, id="x_A"))

    found, peer = use(paged(250), body)
    assert not isinstance(found, ReadFailed)
    assert (found["object"], found["has_more"], len(found["data"])) == ("list", False, 250)
    assert peer.asked[0].target == target
    assert all(asked.target.startswith(target) for asked in peer.asked)
    assert len(peer.asked) == 3


def test_events_come_oldest_first() -> None:
    """Catching up reads every event since an instant, in the order in which they were created."""

    async def body(access: StripeAccess) -> Any:
        return await StripeReader(access).list_events(since=NOW)

    found, peer = use(paged(120), body)
    assert [each["id"] for each in found] == [f"i_{number}" for number in reversed(range(120))]
    assert parse_qs(urlsplit(peer.asked[0].target).query)["created[gte]"] == [str(NOW)]


def test_the_key_is_not_shown() -> None:
    """No repr holds the key."""
    assert "sk_test_x" not in repr(StripeSettings(api_key="sk_test_x"))


@pytest.mark.parametrize("body", [b"[]", b'"text"', b'{"error": "text"}', b"\xff", b""])
@pytest.mark.parametrize("status", [200, 400, 500])
def test_answers_of_no_known_shape(body: bytes, status: int) -> None:
    """Whatever comes back is an outcome, and one that cannot be read is never a success."""
    outcome, _ = perform({"POST /v1/invoices/in_A/void": Said(status, body)}, VoidInvoice())
    assert isinstance(outcome, OutcomeUnknown | Rejected), outcome
