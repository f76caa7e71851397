"""Keeps calls under the provider's rate limits: a bucket for the account, one for each endpoint.

Stripe allows 100 requests a second an account and 25 an endpoint, 25 an account in a sandbox. A 429
slows only the endpoint that it came from. Instants are seconds of a steady clock, passed in.
"""

import math

import attrs

ACCOUNT_PER_SECOND_LIVE = 100.0
ACCOUNT_PER_SECOND_TEST = 25.0
ENDPOINT_PER_SECOND = 25.0
SLOWED_SECONDS_DEFAULT = 1.0
SLOWED_SECONDS_MAX = 3600.0


@attrs.define(kw_only=True)
class Bucket:
    """A token bucket; it may run into debt, which is the time that a caller has to wait."""

    per_second: float
    tokens: float
    at: float

    def take(self, now: float) -> float:
        """Take one token; the seconds to wait before it may be used."""
        filled = self.tokens + max(0.0, now - self.at) * self.per_second
        self.tokens = min(self.per_second, filled) - 1.0
        self.at = max(self.at, now)
        return max(0.0, -self.tokens / self.per_second)

    def give_back(self) -> None:
        """Return a token that was not used."""
        self.tokens += 1.0


@attrs.define
class Pace:
    """The limits of one account."""

    account_per_second: float
    _account: Bucket | None = attrs.field(default=None, init=False)
    _endpoints: dict[str, Bucket] = attrs.field(factory=dict, init=False)
    _slowed_until: dict[str, float] = attrs.field(factory=dict, init=False)

    def reserve(self, endpoint: str, *, now: float, wait_seconds_max: float) -> float | None:
        """Seconds to wait before a call, or None when that would be longer than allowed."""
        if self._account is None:
            rate = self.account_per_second
            self._account = Bucket(per_second=rate, tokens=rate, at=now)
        if endpoint not in self._endpoints:
            rate = min(ENDPOINT_PER_SECOND, self.account_per_second)
            self._endpoints[endpoint] = Bucket(per_second=rate, tokens=rate, at=now)
        buckets = (self._account, self._endpoints[endpoint])
        wait = max(self.slowed_seconds(endpoint, now), *(bucket.take(now) for bucket in buckets))
        if wait <= wait_seconds_max:
            return wait
        for bucket in buckets:
            bucket.give_back()
        return None

    def slow(self, endpoint: str, *, now: float, seconds: float | None) -> None:
        """The provider answered 429: nothing more to this endpoint for a while."""
        pause = SLOWED_SECONDS_DEFAULT if seconds is None else min(seconds, SLOWED_SECONDS_MAX)
        until = now + pause
        self._slowed_until[endpoint] = max(until, self._slowed_until.get(endpoint, until))

    def slowed_seconds(self, endpoint: str, now: float) -> float:
        """How long the endpoint is still slowed."""
        return max(0.0, self._slowed_until.get(endpoint, now) - now)

    def retry_seconds(self, endpoint: str, now: float) -> int:
        """After how many whole seconds a refused call may be made."""
        return max(1, math.ceil(self.slowed_seconds(endpoint, now)))
