"""The answer of a selection: which automation an occurrence gets, or why none yet."""

import attrs

from autoc.plan.facts import ObjectRef


@attrs.frozen(kw_only=True)
class Selected:
    """The first automation in priority order whose condition holds."""

    automation: str


@attrs.frozen(kw_only=True)
class NoMatch:
    """No automation's condition holds: no run."""


@attrs.frozen(kw_only=True)
class Undecided:
    """The condition of `automation` hangs on facts that are not known; `needs` would tell."""

    automation: str
    reason: str
    needs: tuple[ObjectRef, ...]


Selection = Selected | NoMatch | Undecided
