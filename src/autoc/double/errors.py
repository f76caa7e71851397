"""Stripe's error bodies. Source: docs.stripe.com/api/errors, and recorded answers."""

from typing import Any


class StripeError(Exception):
    """An answer that is an error: a status code and Stripe's body for it."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        details = {name: value for name, value in more.items() if value is not None}
        code = details.get("code")
        if code is not None:
            details["doc_url"] = (
                f"https://stripe.com/docs/error-codes/{str(code).replace('_', '-')}"
            )
        self.body: dict[str, Any] = {"error": {"message": message, "type": kind, **details}}


def missing(kind: str, identity: str) -> StripeError:
    """The object does not exist."""
    words = kind.replace("_", " ")
    return StripeError(
        404,
        "invalid_request_error",
        f"No such {words}: '{identity}'",
        code="resource_missing",
        param="id" if kind != "customer" else "customer",
    )


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> StripeError:
    """The request cannot be done as it is."""
    return StripeError(400, "invalid_request_error", message, param=param, code=code)


def declined(code: str, message: str, payment_method: str) -> StripeError:
    """The bank says no."""
    return StripeError(
        402,
        "card_error",
        message,
        code="card_declined",
        decline_code=code,
        payment_method={"id": payment_method, "object": "payment_method", "type": "card"},
    )
