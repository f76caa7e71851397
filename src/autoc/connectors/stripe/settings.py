"""What a Stripe access is made of."""

import attrs

API_BASE = "https://api.stripe.com"
REQUEST_SECONDS = 30.0
DEADLINE_SECONDS = 45.0


@attrs.frozen(kw_only=True)
class StripeSettings:
    """`livemode`: the key is a live one. `deadline_seconds` bounds one order or one reading."""

    api_key: str = attrs.field(repr=False)
    api_base: str = API_BASE
    livemode: bool = False
    request_seconds: float = REQUEST_SECONDS
    deadline_seconds: float = DEADLINE_SECONDS
