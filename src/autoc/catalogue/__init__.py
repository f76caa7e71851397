"""The catalogue: what the language can speak about, as tables.

One row a trigger, a fact, an action, an operator; `docs/reference/catalogue.md` is generated from
the rows. Always: a name of the language appears in exactly one table. Adding a trigger, a fact or
an action begins with its row here. Start reading at `triggers`.
"""
