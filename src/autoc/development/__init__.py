"""`autoc dev`: the real daemon on loopback, with a double of Stripe and a clock that is advanced.

In: a project, words such as `advance 3d`. Out: what happens, as it happens. The daemon, its
connectors and its store are the real ones; Stripe, the mail server, the receiver of webhooks and
the time are doubles. Start reading at `stage`.
"""
