"""What an answer to an outgoing webhook means."""

import pytest

from autoc.connectors.webhook.connector import (
    WebhookSettings,
    judge_answer,
    read_retry_after,
    read_secret,
)
from autoc.connectors.webhook.sending import Answer
from autoc.runtime.effects import Delivered, Rejected, RetryLater

NOW = 1_772_355_600


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, Delivered), (204, Delivered), (299, Delivered)]
    + [(status, Rejected) for status in (301, 302, 307, 400, 401, 404, 410, 422)]
    + [(status, RetryLater) for status in (408, 409, 425, 429, 500, 503, 599)],
)
def test_statuses(status: int, kind: type) -> None:
    """2xx is success; 408, 409, 425, 429 and 5xx are tried again; all others are final."""
    assert isinstance(judge_answer(Answer(status=status, retry_after=None), now=NOW), kind)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("999999999999999999999", 3600),
        ("Sun, 01 Mar 2026 09:01:00 GMT", 60),
        ("Sun, 01 Mar 2026 08:00:00 GMT", 0),
        ("Mon, 01 Mar 2027 09:00:00 GMT", 3600),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after(text: str | None, seconds: int | None) -> None:
    """`Retry-After` is a number of seconds or a date, and is honoured up to an hour."""
    assert read_retry_after(text, now=NOW) == seconds


def test_secrets_are_read_and_not_shown() -> None:
    """After `whsec_` comes base64; any other text is its own bytes; none is in a repr."""
    assert read_secret("whsec_c2VjcmV0") == b"secret"
    assert read_secret("plain text") == b"plain text"
    for wrong in ("", "whsec_", "whsec_%%%"):
        with pytest.raises(ValueError, match="secret"):
            read_secret(wrong)
    assert "c2VjcmV0" not in repr(WebhookSettings(secret="whsec_c2VjcmV0"))
