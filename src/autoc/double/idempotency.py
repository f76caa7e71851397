"""Idempotency keys: the stored answer is replayed, whatever it was, for 24 hours.

Not stored: validation failures before anything ran, conflicts, 429 and a wrong key. Source:
docs.stripe.com/api/idempotent_requests.
"""

from typing import Any

import attrs

from autoc.double.errors import StripeError

LIFE_SECONDS = 86400


@attrs.frozen(kw_only=True)
class Stored:
    """A request that was answered."""

    request: tuple[str, str, str]
    status: int
    body: dict[str, Any]
    at: int


class Keys:
    """The keys of one account."""

    def __init__(self) -> None:
        self._stored: dict[str, Stored] = {}
        self._running: set[str] = set()

    def find(self, key: str, request: tuple[str, str, str], now: int) -> Stored | None:
        """The stored answer. Raises `StripeError` for other parameters, or while it still runs."""
        if key in self._running:
            raise StripeError(
                409,
                "idempotency_error",
                "There is currently another in-progress request using this Idempotent Key.",
                code="idempotency_key_in_use",
            )
        found = self._stored.get(key)
        if found is None or found.at + LIFE_SECONDS <= now:
            return None
        if found.request != request:
            raise StripeError(
                400,
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same parameters they were "
                f"first used with. Try using a key other than '{key}' if you meant to execute a "
                "different request.",
            )
        return found

    def begin(self, key: str) -> None:
        """The request runs."""
        self._running.add(key)

    def end(self, key: str, stored: Stored | None) -> None:
        """The request was answered; None keeps nothing."""
        self._running.discard(key)
        if stored is not None:
            self._stored[key] = stored
