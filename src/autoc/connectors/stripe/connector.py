"""The Stripe connector: an order becomes at most one acting call, the answer becomes an outcome."""

import asyncio
from typing import assert_never

from autoc.connectors.stripe.access import StripeAccess
from autoc.connectors.stripe.acting import act
from autoc.connectors.stripe.paying import collect
from autoc.connectors.stripe.watching import watch
from autoc.plan.model import CancelSubscription, MarkUncollectible, MarkUnpaid, VoidInvoice
from autoc.runtime.effects import Outcome, OutcomeUnknown, Rejected
from autoc.runtime.ports import Order


class StripeConnector:
    """Does the provider's actions, makes tries and watches them."""

    def __init__(self, access: StripeAccess) -> None:
        self._access = access

    @property
    def key_rejected(self) -> bool:
        """Whether the provider does not accept the key; false again once it does."""
        return self._access.key_rejected

    async def perform(self, order: Order) -> Outcome:
        """Do the order once."""
        settings = self._access.settings
        if order.livemode != settings.livemode:
            return Rejected(reason=_wrong_mode(is_live=order.livemode))
        try:
            async with asyncio.timeout(settings.deadline_seconds):
                return await self._perform(order)
        except TimeoutError:
            return OutcomeUnknown(reason=f"no answer within {settings.deadline_seconds:g} s")

    async def _perform(self, order: Order) -> Outcome:
        match order.perform.purpose:
            case "try":
                return await collect(order, self._access)
            case "watch":
                return watch(order)
            case "act":
                action = order.step.action
                assert isinstance(
                    action, MarkUnpaid | CancelSubscription | MarkUncollectible | VoidInvoice
                ), "only provider actions are for this connector"
                return await act(order, action, self._access)
            case _:
                assert_never(order.perform.purpose)


def _wrong_mode(*, is_live: bool) -> str:
    mode, other = ("live", "test") if is_live else ("test", "live")
    return f"a {mode} object never reaches a {other} key"
