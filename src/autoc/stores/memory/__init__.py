"""The store of a process that does not last: simulations and tests.

In: what the port writes. Out: the same, until the process ends. Always: a transaction takes effect
whole or not at all, as in the other stores. Start reading at `store`.
"""
