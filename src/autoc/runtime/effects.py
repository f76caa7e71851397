"""What goes into the run machine, what comes out of it, and how an attempt can end.

Messages are past tense, effects imperative, outcomes participles. All are plain data.
"""

from collections.abc import Mapping
from typing import Literal

import attrs

from autoc.plan.facts import ObjectRef
from autoc.plan.sightings import Sighting
from autoc.plan.verdicts import Selection


@attrs.frozen(kw_only=True)
class Seen:
    """An event arrived, or the object was read because `Look` asked for it.

    `selections` holds the answer of the selector for every trigger that the sighting may begin.
    """

    sighting: Sighting
    selections: Mapping[str, Selection]
    digests: Mapping[str, str]
    """The digest of each selected automation, by its name."""
    reading: bool = False


@attrs.frozen(kw_only=True)
class LookFailed:
    """The reading that `Look` asked for did not succeed; `gone` when the object does not exist."""

    trigger: str
    reason: str
    gone: bool = False


@attrs.frozen(kw_only=True)
class TimerFired:
    """A timer that was armed has come due."""

    timer: str
    generation: int


@attrs.frozen(kw_only=True)
class Reported:
    """The order `order` was attempted; this is how it ended."""

    order: str
    outcome: "Outcome"


@attrs.frozen(kw_only=True)
class RunCanceled:
    """An operator canceled the run, or the automation was paused with `--cancel`."""

    run: str
    reason: str


@attrs.frozen(kw_only=True)
class StepRetried:
    """An operator asked to try a failed step again; None is the first failed one."""

    run: str
    step: int | None = None


Message = Seen | LookFailed | TimerFired | Reported | RunCanceled | StepRetried


@attrs.frozen(kw_only=True)
class Delivered:
    """The receiver has it. `detail` is for the journal (an answer's id, a status)."""

    detail: str = ""


@attrs.frozen(kw_only=True)
class Declined:
    """A try to collect a payment was declined; `hard` says that this method will never do."""

    code: str
    hard: bool
    payment_method: str | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class Withheld:
    """A try was not made, because no new payment method has appeared since a hard decline."""

    reason: str


@attrs.frozen(kw_only=True)
class Watched:
    """The provider's own tries were looked at: used up, or to be looked at again at `again`."""

    exhausted: bool
    again: int | None = None


@attrs.frozen(kw_only=True)
class RetryLater:
    """It did not happen and may be tried again, at the earliest after `after_seconds`."""

    reason: str
    after_seconds: int | None = None


@attrs.frozen(kw_only=True)
class Rejected:
    """It did not happen and never will as it is."""

    reason: str


@attrs.frozen(kw_only=True)
class OutcomeUnknown:
    """It may have happened: the answer was lost. The same key is used again, or the object read."""

    reason: str


@attrs.frozen(kw_only=True)
class Held:
    """It was not attempted, and the attempt does not count: a bad key, a cap, a global pause."""

    reason: str
    until: int | None = None


@attrs.frozen(kw_only=True)
class Ended:
    """The guard found that the run is over: an ending, `until`, or the object is `gone`."""

    reason: str


@attrs.frozen(kw_only=True)
class AnchorMoved:
    """The guard found that the anchor is another instant now."""

    anchor: int


Outcome = (
    Delivered
    | Declined
    | Withheld
    | Watched
    | RetryLater
    | Rejected
    | OutcomeUnknown
    | Held
    | Ended
    | AnchorMoved
)


@attrs.frozen(kw_only=True)
class Arm:
    """Send `TimerFired(timer, generation)` at `due`. Arming a timer again replaces it."""

    timer: str
    due: int
    generation: int


@attrs.frozen(kw_only=True)
class Disarm:
    """Forget the timer."""

    timer: str


@attrs.frozen(kw_only=True)
class Look:
    """Read the object, and `needs`, then send `Seen(reading=True)` or `LookFailed`."""

    id: str
    trigger: str
    needs: tuple[ObjectRef, ...] = ()


@attrs.frozen(kw_only=True)
class Perform:
    """Do the step: guard, send, record; then send `Reported(order=id)`.

    `id` is unique for every attempt; `idempotency_key` is the same for all attempts of one group
    (`run:step:group`, and with the number of the try for a payment). `attempt` counts from 1;
    `first_attempt` is when the first attempt of this group began: an unknown outcome that is older
    than the key's life is settled by reading, never by sending again. `step` counts from 1.
    """

    id: str
    run: str
    step: int
    purpose: Literal["act", "try", "watch"] = "act"
    idempotency_key: str
    attempt: int
    first_attempt: int
    due: int
    payment_method: str | None = None
    """For a try after a hard decline: the method that was declined; it must not be used again."""


@attrs.frozen(kw_only=True)
class Record:
    """A line for the journal: what was decided or done, and why. `data` is plain JSON data."""

    kind: str
    run: str | None = None
    step: int | None = None
    data: Mapping[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class DeadLetter:
    """A message that cannot be handled; it is kept, and shown to the operator."""

    reason: str


Effect = Arm | Disarm | Look | Perform | Record | DeadLetter
