"""The command line: one module for each command.

A body reads options, calls one function, prints, and returns the exit code. Data goes to stdout,
messages to stderr. Exit codes: 0 fine, 1 findings or a mismatch, 2 usage, configuration or
unreadable input, 3 internal error, 130 interrupted. Start reading at `main`.
"""
