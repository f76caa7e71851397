"""The provider's rate limits, with the time as an argument."""

from autoc.connectors.stripe.pace import Pace


def test_an_endpoint_has_its_own_limit() -> None:
    """The 26th call in an instant waits; another endpoint does not."""
    pace = Pace(100.0)
    waits = [pace.reserve("a", now=0.0, wait_seconds_max=10.0) for _ in range(26)]
    assert waits[:25] == [0.0] * 25
    assert waits[25] == 1 / 25
    assert pace.reserve("b", now=0.0, wait_seconds_max=10.0) == 0.0


def test_the_account_has_a_limit_over_all_endpoints() -> None:
    """In any two seconds no more calls go out than a burst and the rate allow."""
    pace = Pace(100.0)
    waits = [pace.reserve(f"e{n % 10}", now=0.0, wait_seconds_max=10.0) for n in range(220)]
    assert sum(wait == 0.0 for wait in waits) == 100
    assert sum(wait is not None and wait <= 1.0 for wait in waits) == 200


def test_a_429_slows_the_endpoint_that_it_came_from() -> None:
    """The endpoint is left alone for as long as it was asked; others go on."""
    pace = Pace(100.0)
    pace.slow("a", now=0.0, seconds=30.0)
    assert pace.reserve("a", now=0.0, wait_seconds_max=10.0) is None
    assert pace.retry_seconds("a", 0.0) == 30
    assert pace.reserve("b", now=0.0, wait_seconds_max=10.0) == 0.0
    assert pace.reserve("a", now=25.0, wait_seconds_max=10.0) == 5.0
    assert pace.reserve("a", now=30.0, wait_seconds_max=10.0) == 0.0


def test_a_refused_call_costs_nothing() -> None:
    """What had to wait too long gives its place back."""
    pace = Pace(25.0)
    for _ in range(25):
        pace.reserve("a", now=0.0, wait_seconds_max=0.0)
    for _ in range(100):
        assert pace.reserve("a", now=0.0, wait_seconds_max=0.0) is None
    assert pace.reserve("a", now=1.0, wait_seconds_max=0.0) == 0.0
