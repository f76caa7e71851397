"""Making effects happen in the world: the billing provider, mail, outgoing webhooks.

In goes an `Order` (one step of one run, with the object as it was just read), out comes an
`Outcome`; `perform` never raises for what the world does (laws K1 to K3 of `runtime.ports`).
Connectors do not know one another; what mail and webhooks share of templates is `rendering`. Each
package has a plain settings class and a connector that is built from it. `shadow` records what
would be done instead. Start reading at `webhook.connector`, the smallest.
"""
