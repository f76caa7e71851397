"""Stripe's webhook signature, checked over the raw body.

`Stripe-Signature: t=<unix>,v1=<hex>[,v1=<hex>]`: v1 is HMAC-SHA256 of `t.body` under the endpoint's
secret. Any v1 under any of our secrets will do, while a secret is rolled. The time may lie 300 s off
in both directions: Stripe's own library does not look at the future.
"""

import hashlib
import hmac
from collections.abc import Sequence

TOLERANCE_SECONDS = 300
HEADER_LENGTH_MAX = 4096
PARTS_MAX = 32


def verify_signature(
    body: bytes, header: str | None, *, secrets: Sequence[str], now: int
) -> str | None:
    """None when the signature is right, else what is wrong with it, in words."""
    if not header:
        return "the header `Stripe-Signature` is missing"
    if len(header) > HEADER_LENGTH_MAX:
        return "the header `Stripe-Signature` is too long"
    timestamp, signatures = _read_header(header)
    if timestamp is None:
        return "the signature has no time"
    if not signatures:
        return "the signature has no `v1`"
    signed = timestamp.encode("ascii") + b"." + body
    expected = [hmac.digest(each.encode(), signed, hashlib.sha256).hex() for each in secrets]
    matches = [
        hmac.compare_digest(ours, theirs)
        for ours in expected
        for theirs in signatures
        if theirs.isascii()
    ]
    if not any(matches):
        return "the signature does not fit the body and any of the secrets"
    if int(timestamp) < now - TOLERANCE_SECONDS:
        return "the signature is too old"
    if int(timestamp) > now + TOLERANCE_SECONDS:
        return "the signature is from the future"
    return None


def _read_header(header: str) -> tuple[str | None, list[str]]:
    timestamp: str | None = None
    signatures: list[str] = []
    for part in header.split(",")[:PARTS_MAX]:
        name, _, value = part.strip().partition("=")
        if name == "t" and value.isascii() and value.isdigit() and len(value) <= 12:
            timestamp = value
        elif name == "v1":
            signatures.append(value)
    return timestamp, signatures


def sign(body: bytes, *, secret: str, timestamp: int) -> str:
    """The header that Stripe would send; for doubles and tests."""
    signed = str(timestamp).encode() + b"." + body
    return f"t={timestamp},v1={hmac.digest(secret.encode(), signed, hashlib.sha256).hex()}"
