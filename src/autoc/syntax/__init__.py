"""Text to tree: what was written, with its places, and nothing of what it means.

In: a `Source`. Out: a `File` (`tree`) and diagnostics of family 1xx. A mistake in one statement is
reported and reading resumes at the next. Always: every node has the span of its own text; parsing
never raises, whatever the text. Only this package knows lark; the grammar is `grammar/autoc.lark`.
Start reading at `tree`, then `parser`.
"""
