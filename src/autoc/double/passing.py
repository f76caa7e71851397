"""What the passing of time does: quotes expire, scheduled cancellations take effect."""

from autoc.double.account import Account
from autoc.double.quotes import move_quote
from autoc.double.subscriptions import cancel


def pass_time(account: Account) -> None:
    """Do what has come due by the account's present time. Called after the clock was advanced."""
    now = account.now()
    for quote in list(account.objects["quote"].values()):
        if quote["status"] in ("draft", "open") and quote["expires_at"] <= now:
            move_quote(account, quote, "cancel")
    for subscription in list(account.objects["subscription"].values()):
        end = subscription["cancel_at"]
        if subscription["status"] != "canceled" and end is not None and end <= now:
            cancel(account, subscription)


def next_due(account: Account) -> int | None:
    """When something next happens by itself."""
    ends = [
        quote["expires_at"]
        for quote in account.objects["quote"].values()
        if quote["status"] in ("draft", "open")
    ]
    ends += [
        subscription["cancel_at"]
        for subscription in account.objects["subscription"].values()
        if subscription["status"] != "canceled" and subscription["cancel_at"] is not None
    ]
    return min(ends, default=None)
