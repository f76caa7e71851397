"""Billing automations as code.

Text comes in (`.auto` files), a typed plan comes out (`autoc.compiler`), and the plan is run
(`autoc.app`). The stages are packages, in the order of the pipeline: `syntax` → `semantics` →
`analysis` → `lowering` → **`plan`** ← `stripe_objects` ← `runtime` ← `stores`, `connectors` ←
`server`. The plan is the waist: what is on one side of it never imports what is on the other.
Start reading at `autoc.compiler`, or at `docs/internals/map.md`.
"""

__version__ = "0.1.0"
