"""What the provider's errors mean. Source: Stripe's error classes, and runtime.md, Fine print."""

from collections.abc import Mapping
from typing import Any

import attrs

from autoc.runtime.effects import (
    Declined,
    Ended,
    Held,
    Outcome,
    OutcomeUnknown,
    Rejected,
    RetryLater,
)

HARD_DECLINES = frozenset(
    (
        "incorrect_number",
        "lost_card",
        "pickup_card",
        "stolen_card",
        "revocation_of_authorization",
        "revocation_of_all_authorizations",
        "authentication_required",
        "highest_risk_level",
        "transaction_not_allowed",
    )
)
REASON_LENGTH_MAX = 300


@attrs.frozen(kw_only=True)
class Fault:
    """A call that did not succeed. `status` is None when no answer came.

    `error` is the provider's error object; `should_retry` its header, if it was sent.
    """

    reason: str
    path: str = ""
    status: int | None = None
    error: Mapping[str, Any] = attrs.field(factory=dict)
    after_seconds: int | None = None
    should_retry: bool | None = None

    @property
    def code(self) -> str | None:
        """The provider's code, such as `resource_missing`."""
        code = self.error.get("code")
        return code if isinstance(code, str) else None

    @property
    def is_missing(self) -> bool:
        """Whether something that was named does not exist."""
        return self.status == 404 or (self.status == 400 and self.code == "resource_missing")

    def is_about(self, object_id: str) -> bool:
        """Whether what is missing is this object."""
        if object_id in str(self.error.get("message", "")):
            return True
        return self.status == 404 and object_id in self.path.split("/") and not self.error

    @property
    def is_key_refused(self) -> bool:
        """Whether the provider does not accept the key."""
        return self.status in (401, 403)


def judge_fault(fault: Fault, *, object_id: str) -> Outcome:
    """The outcome of a failed call on behalf of a run about `object_id`."""
    status = fault.status
    if status is None or status < 400 or status >= 500:
        return OutcomeUnknown(reason=fault.reason)
    if fault.is_key_refused:
        return Held(reason=fault.reason)
    if status == 402:
        return judge_decline(fault)
    if status in (409, 429) or fault.should_retry:
        return RetryLater(reason=fault.reason, after_seconds=fault.after_seconds)
    if fault.is_missing and fault.is_about(object_id):
        return Ended(reason="gone")
    return Rejected(reason=fault.reason)


def judge_decline(fault: Fault) -> Declined:
    """A declined payment: the most exact code, and the method that was declined."""
    codes = [fault.error.get(name) for name in ("decline_code", "code")]
    named = [code for code in codes if isinstance(code, str)]
    hard = next((code for code in named if code in HARD_DECLINES), None)
    return Declined(
        code=hard or (named[0] if named else "declined"),
        hard=hard is not None,
        payment_method=_declined_method(fault.error),
        reason=fault.reason,
    )


def _declined_method(error: Mapping[str, Any]) -> str | None:
    intent = _mapping(error.get("payment_intent"))
    last = _mapping(intent.get("last_payment_error"))
    for holder, name in (
        (error, "payment_method"),
        (last, "payment_method"),
        (intent, "payment_method"),
        (error, "source"),
        (last, "source"),
    ):
        found = holder.get(name)
        identity = found.get("id") if isinstance(found, Mapping) else found
        if isinstance(identity, str):
            return identity
    return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
