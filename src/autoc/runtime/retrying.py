"""The long-running step `set_retry_policy`: when its tries come, and what their answers mean.

A try is in progress from its time until its answer (`first_attempt` is set); attempts that did not
reach the provider repeat the same try under the same key. After a hard decline the later tries go
out with the method that was declined: without a new one they are withheld, and are used up
nevertheless. Tries whose successor's time had come too, after downtime, are passed over: the
customer's bank is never asked twice at once. Source: runtime.md, "Retry policy as a step".
"""

import attrs

from autoc.plan.model import Automation, FixedRetries, RetryPolicy
from autoc.runtime.due import retry_times
from autoc.runtime.effects import Declined
from autoc.runtime.state import RetryProgress, StepState
from autoc.runtime.turn import Turn
from autoc.values.localtime import add_duration


def begin_retry_step(
    turn: Turn, state: StepState, policy: RetryPolicy, *, automation: Automation
) -> StepState:
    """The step begins now: nothing is tried yet, and its first try has a time."""
    progress = RetryProgress(started=turn.now, last_try=None)
    if turn.limits.retries == "stripe":
        due: int | None = turn.now + turn.limits.watch_seconds
    else:
        due = _next_try(progress, policy, automation=automation)
    return attrs.evolve(state, status="running", due=due, retry=progress)


def begin_try(
    turn: Turn, state: StepState, policy: RetryPolicy, *, automation: Automation
) -> StepState:
    """The time of the next try has come; a try that is in progress stays the one that it is."""
    assert state.retry is not None
    if state.first_attempt is not None:
        return state
    progress = attrs.evolve(state.retry, tries=state.retry.tries + 1, last_try=turn.now)
    if not isinstance(policy, FixedRetries):
        times = _times(progress, policy, automation=automation)
        while progress.tries < len(times) and times[progress.tries] <= turn.now:
            progress = attrs.evolve(progress, tries=progress.tries + 1)
    return attrs.evolve(state, retry=progress, attempts=0)


def close_try(
    state: StepState, declined: Declined | None, policy: RetryPolicy, *, automation: Automation
) -> StepState:
    """The try is used up; `due` becomes the time of the next one, None when there is none left.

    `declined` is None for a try that was withheld.
    """
    assert state.retry is not None
    progress = state.retry
    if declined is not None:
        progress = attrs.evolve(
            progress,
            suspended=declined.code if declined.hard else None,
            payment_method=declined.payment_method if declined.hard else None,
        )
    due = _next_try(progress, policy, automation=automation)
    return attrs.evolve(state, retry=progress, due=due, attempts=0, first_attempt=None)


def _next_try(
    progress: RetryProgress, policy: RetryPolicy, *, automation: Automation
) -> int | None:
    if isinstance(policy, FixedRetries):
        if progress.tries >= len(policy.gaps):
            return None
        last = progress.last_try if progress.last_try is not None else progress.started
        assert last is not None
        return add_duration(
            last,
            policy.gaps[progress.tries],
            timezone=automation.timezone,
            calendar=automation.calendar,
        )
    times = _times(progress, policy, automation=automation)
    return times[progress.tries] if progress.tries < len(times) else None


def _times(
    progress: RetryProgress, policy: RetryPolicy, *, automation: Automation
) -> tuple[int, ...]:
    assert progress.started is not None
    return retry_times(
        policy,
        started=progress.started,
        timezone=automation.timezone,
        calendar=automation.calendar,
    )
