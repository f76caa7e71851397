"""A hierarchical timer wheel (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 7).

Eight wheels of 64 slots each. A slot of wheel 0 is one second wide, a slot of wheel k is 64^k
seconds. A timer goes into the lowest wheel in which it differs from the present only in that
wheel's digit (base 64) and below: insert and cancel are O(1), a slot being a dict. When the present
enters a new slot of wheel k > 0, its timers are put in again and land in lower wheels; so a timer
is moved at most seven times in its life. `advance` does not walk empty seconds: each wheel keeps
its occupied slots as the bits of one integer, and the next occupied one is found by its lowest bit.

Always: a timer is in exactly one slot; every timer that is kept is later than the present (those
that were due on insertion stand in `_overdue`); nothing is given out before `advance` reaches it.
Timers come out in the order of due time, and of insertion among equals.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

SLOT_BITS = 6
SLOTS = 1 << SLOT_BITS
SLOT_MASK = SLOTS - 1
LEVELS = 8
SPAN_SECONDS = 1 << (SLOT_BITS * LEVELS)
"""Beyond every instant that a timer can have."""

Timer = TypeVar("Timer", bound=Hashable)


class TimerWheel(Generic[Timer]):
    """Timers by name. One tick is one second; `now` is always given by the caller."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._count = 0
        self._slots: list[list[dict[Timer, tuple[int, int]]]] = [
            [{} for _ in range(SLOTS)] for _ in range(LEVELS)
        ]
        self._occupied = [0] * LEVELS
        self._overdue: dict[Timer, tuple[int, int]] = {}
        self._due: dict[Timer, int] = {}

    def __len__(self) -> int:
        return len(self._due)

    def __contains__(self, timer: object) -> bool:
        return timer in self._due

    @property
    def now(self) -> int:
        """The second that the wheel has reached."""
        return self._now

    def insert(self, timer: Timer, due: int) -> None:
        """Keep `timer` until `due`; one of the same name is replaced. O(1)."""
        self.cancel(timer)
        self._count += 1
        self._due[timer] = due
        self._place(timer, due, self._count)

    def cancel(self, timer: Timer) -> bool:
        """Forget `timer`; false when it is not there. O(1)."""
        due = self._due.pop(timer, None)
        if due is None:
            return False
        if self._overdue.pop(timer, None) is not None:
            return True
        level, index = self._slot(due)
        slot = self._slots[level][index]
        del slot[timer]
        if not slot:
            self._occupied[level] &= ~(1 << index)
        return True

    def due_of(self, timer: Timer) -> int | None:
        """When `timer` is due, or None when it is not there."""
        return self._due.get(timer)

    def next_due(self) -> int | None:
        """How long may be slept: no timer is due before this instant; None when there is none.

        It is exact for timers of the present minute, and for later ones the beginning of their
        slot; after waking there the answer is nearer to the truth.
        """
        if self._overdue:
            return min(due for due, _ in self._overdue.values())
        for level in range(LEVELS):
            later = self._later(level)
            if later:
                return self._start(level, later)
        return None

    def advance(self, now: int) -> list[Timer]:
        """Move on to `now`; the timers that are due then, by due time, then by insertion."""
        expired = list(self._overdue.items())
        self._overdue.clear()
        while True:
            following = self._next_slot(now)
            if following is None:
                break
            level, index, start = following
            self._now = start
            slot = self._slots[level][index]
            self._slots[level][index] = {}
            self._occupied[level] &= ~(1 << index)
            for timer, (due, order) in slot.items():
                if due <= start:
                    expired.append((timer, (due, order)))
                else:
                    self._place(timer, due, order)
        self._now = max(self._now, now)
        for timer, _ in expired:
            del self._due[timer]
        expired.sort(key=lambda each: each[1])
        return [timer for timer, _ in expired]

    def _place(self, timer: Timer, due: int, order: int) -> None:
        if due <= self._now:
            self._overdue[timer] = (due, order)
            return
        level, index = self._slot(due)
        self._slots[level][index][timer] = (due, order)
        self._occupied[level] |= 1 << index

    def _slot(self, due: int) -> tuple[int, int]:
        """The slot of a timer that is later than the present.

        It stays right as the present moves on: before the present enters the slot the highest digit
        that differs is the same one, and on entering it the slot is emptied.
        """
        level = ((due ^ self._now).bit_length() - 1) // SLOT_BITS
        return level, (due >> (SLOT_BITS * level)) & SLOT_MASK

    def _later(self, level: int) -> int:
        """The occupied slots of a wheel that the present has not reached, as bits."""
        digit = (self._now >> (SLOT_BITS * level)) & SLOT_MASK
        return self._occupied[level] & ~((1 << (digit + 1)) - 1)

    def _start(self, level: int, later: int) -> int:
        shift = SLOT_BITS * level
        index = (later & -later).bit_length() - 1
        return ((self._now >> (shift + SLOT_BITS)) << SLOT_BITS | index) << shift

    def _next_slot(self, now: int) -> tuple[int, int, int] | None:
        """The next occupied slot that begins at or before `now`: its wheel, index and beginning.

        Lower wheels come first: all that they hold is due before the next slot of a higher one.
        """
        for level in range(LEVELS):
            later = self._later(level)
            if later:
                start = self._start(level, later)
                if start > now:
                    return None
                return level, (later & -later).bit_length() - 1, start
        return None
