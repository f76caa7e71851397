"""The waist: what a program means, as plain data that a later version can still run.

In: what the compiler lowered. Out: `Plan` (attrs), its JSON (`codec`), its JSON Schema (`schema`),
a digest for each automation (`digest`), and the meaning of conditions over facts (`conditions`,
`facts`, `evaluation`, `regions`). An automation holds all that its run needs: addresses, template
texts, time zone, calendar. Always: `decode(encode(plan)) == plan`; nothing here does I/O.
Start reading at `model`.
"""
