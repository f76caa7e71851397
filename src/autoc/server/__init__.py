"""The daemon's door: Stripe's webhooks in, health and metrics out.

In: HTTP requests. Out: events to the engine, answered when they are durable. Always: bad input gets
its status code and a line in the log, and changes nothing. Start reading at `routes`, then `ingest`.
"""
