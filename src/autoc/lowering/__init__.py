"""From the typed program to the plan: each automation complete in itself, places put apart.

In: a `Program` without mistakes, and the sources for its places. Out: a `Plan`. Always: the order
of the automations is kept; nothing is decided here.
"""
