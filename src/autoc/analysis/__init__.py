"""Proof, not lint: what each automation can take, and what its steps can do, for every event.

In: a plan and the spans of its parts. Out: diagnostics of families 3xx, 4xx and 5xx, each proved.
`coverage` is the decision procedure over the normal form of `plan.regions`; `checks` has one module
for each question; `driver.CHECKS` is their order. Always: no finding without a proof; past the
budget the answer is "undecided". Start reading at `driver`, then `coverage`.
"""
