"""Where text lives: sources, and places in them.

In: the text of a file. Out: `Source`, which turns offsets into rows and columns, and `Span`, a
half-open range of code points in one file. A leaf: nothing of autoc is imported here.
"""
