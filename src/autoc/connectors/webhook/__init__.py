"""Outgoing webhooks: one signed POST of the provider's event envelope.

In goes an order whose action is `webhook`, out comes an outcome. Always: https except to networks
that are allowed by the settings; the address that is checked is the address that is connected to;
no redirect is followed; the same key has the same `webhook-id`; the secret is in no repr and no
log. `addresses` decides where may be sent to, `envelope` builds the body, `sending` posts it. Start
reading at `connector`.
"""
