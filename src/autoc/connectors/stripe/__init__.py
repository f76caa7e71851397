"""The billing provider: reading its objects, and acting on invoices and subscriptions.

In goes an order or an object's reference, out comes an outcome or the object. Always: one try for
each call, the retry rule lives elsewhere; the idempotency key of the order; within the provider's
rate limits; a state that is reached already is not asked for again. `access` makes one call,
`faults` says what an error means, `acting`, `paying` and `watching` are the three purposes of an
order. Only `transport` imports the library, when an access is opened. Start reading at `connector`.
"""
