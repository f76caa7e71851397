"""Which automation an event would select, why no other would, and what would happen when.

In: a plan, an event or an object of the provider, other objects to look facts up in. Out: an
`Explanation`, and its JSON (a contract, cli.md) and its text. Always: the answer comes from the
same readers, selector and timeline that the daemon uses. Start reading at `explain`.
"""
