"""A project on disk: where its root is, its settings, its rule files, its templates and rates.

In: a folder, options, the environment. Out: `Settings` with the origin of each value, and the texts
that the compiler asks for. Always: unknown keys and unreadable files are `ProjectMistake`s with
their place; secrets are kept apart and never printed. Start reading at `loading`.
"""
