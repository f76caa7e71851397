"""The mail connector: an order becomes a message, the server's answer becomes an outcome."""

from autoc.connectors.rendering import RenderingFailed
from autoc.connectors.smtp.message import AddressRefused, build_message, read_sender
from autoc.connectors.smtp.sending import SmtpSettings, send_message
from autoc.connectors.smtp.writing import write_letter
from autoc.runtime.effects import Outcome, Rejected
from autoc.runtime.ports import Order


class SmtpConnector:
    """Sends `email` and `email_cancellation` steps."""

    def __init__(self, settings: SmtpSettings) -> None:
        """Raises `AddressRefused` when the sender's address cannot be used."""
        self._settings = settings
        self._sender = read_sender(settings.sender)[1]

    async def perform(self, order: Order) -> Outcome:
        """Send the order's mail once."""
        try:
            letter = write_letter(order, self._settings.sender)
            message = build_message(letter)
        except AddressRefused as error:
            return Rejected(reason=str(error))
        except RenderingFailed as error:
            return Rejected(reason=f"the text cannot be rendered: {error}")
        return await send_message(
            self._settings, sender=self._sender, recipients=letter.to, message=message
        )
