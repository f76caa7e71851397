"""What is wrong with a program, as data.

A mistake of the user's is a `Diagnostic`: a value that is collected, never raised. `kinds` is the
one table of all codes; `pages/ACnnn.md` explains each; `render` turns them into text, JSON, SARIF,
GitHub annotations or JUnit. A renderer gets diagnostics and sources and returns a string.
Start reading at `model`, then `kinds`.
"""
