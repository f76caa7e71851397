"""Exact values: money, durations, intervals, business days, local time, exchange rates.

In: words and numbers. Out: frozen values and arithmetic over them. Instants are whole seconds since
1970 in UTC. Always: nothing here reads a clock, does I/O or uses floating point; a text that is no
value gives a mistake as a value, never an exception. A leaf: nothing of autoc is imported.
"""
