"""The Stripe double: a small, stateful Stripe on loopback, for `autoc dev` and the tests.

In: the requests of the official library, unchanged. Out: Stripe's answers, error bodies, events and
signed webhooks, in the shape of API version 2025-03-31 and later. It has real state machines for
invoices, subscriptions and quotes, replays idempotency keys, and misbehaves on demand (`faults`).
Time is given from outside and can be advanced. Nothing leaves loopback. Start reading at `account`,
then `app`.
"""
