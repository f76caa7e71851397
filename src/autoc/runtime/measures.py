"""What the engine counts. The numbers are plain here; a door turns them into metrics."""

from collections import Counter
from collections.abc import Sequence

import attrs

LATENESS_BUCKETS_SECONDS: Sequence[int] = (0, 1, 2, 5, 15, 60, 300, 3600, 86400)


@attrs.define(kw_only=True)
class Measures:
    """Counts since the start of the process."""

    events: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    outcomes: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    records: Counter[str] = attrs.field(factory=Counter)
    lateness: Counter[int] = attrs.field(factory=Counter)
    lateness_sum_seconds: int = 0
    lateness_count: int = 0

    def count_event(self, kind: str, status: str) -> None:
        """An event of `kind` was taken in."""
        self.events[kind, status] += 1

    def count_outcome(self, lane: str, outcome: str) -> None:
        """An order was attempted."""
        self.outcomes[lane, outcome] += 1

    def count_record(self, kind: str) -> None:
        """A decision was recorded."""
        self.records[kind] += 1

    def observe_lateness(self, seconds: int) -> None:
        """A timer fired `seconds` after it was due."""
        seconds = max(0, seconds)
        self.lateness_count += 1
        self.lateness_sum_seconds += seconds
        for bucket in LATENESS_BUCKETS_SECONDS:
            if seconds <= bucket:
                self.lateness[bucket] += 1
