"""Plans of every shape, for properties: what is drawn need not make sense, only be a plan."""

from hypothesis import strategies as st

from autoc.plan.conditions import (
    AllOf,
    AnyOf,
    Condition,
    ElementIn,
    FactRef,
    IntervalIn,
    IsSet,
    MoneyBetween,
    MoneyCompares,
    NotOf,
    NumberBetween,
    NumberCompares,
    NumberIn,
    TextIn,
    TextMatches,
)
from autoc.plan.model import (
    Action,
    AnchorOffset,
    Automation,
    AutomationPlace,
    CancelSubscription,
    Email,
    EmailCancellation,
    FixedRetries,
    LocalTime,
    MarkUncollectible,
    MarkUnpaid,
    Plan,
    PreviousOffset,
    SetRetryPolicy,
    SmartRetries,
    Step,
    Template,
    VoidInvoice,
    Webhook,
    When,
)
from autoc.values.calendars import BusinessCalendar
from autoc.values.duration import Duration
from autoc.values.interval import Interval
from autoc.values.money import Money

texts = st.text(max_size=8)
numbers = st.integers(-(10**20), 10**20)
few = {"max_size": 3}

durations = st.builds(
    Duration,
    months=st.integers(0, 40),
    days=st.integers(0, 40),
    business_days=st.integers(0, 40),
    seconds=st.integers(0, 10**6),
)
money = st.builds(Money, minor=numbers, currency=st.sampled_from(("EUR", "JPY", "KWD")))
facts = st.builds(FactRef, name=texts, key=st.none() | texts)
comparisons = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
intervals = st.builds(Interval, unit=st.sampled_from(("day", "month")), count=st.integers(1, 24))
atoms: st.SearchStrategy[Condition] = st.one_of(
    st.builds(MoneyCompares, fact=facts, operator=comparisons, money=money),
    st.builds(MoneyBetween, fact=facts, low=money, high=money),
    st.builds(NumberCompares, fact=facts, operator=comparisons, number=numbers),
    st.builds(NumberBetween, fact=facts, low=numbers, high=numbers),
    st.builds(
        NumberIn, fact=facts, numbers=st.lists(numbers, **few).map(tuple), negated=st.booleans()
    ),
    st.builds(
        IntervalIn,
        fact=facts,
        intervals=st.lists(intervals, **few).map(tuple),
        negated=st.booleans(),
    ),
    st.builds(
        ElementIn,
        fact=facts,
        elements=st.lists(texts, **few).map(tuple),
        negated=st.booleans(),
        list_name=st.none() | texts,
    ),
    st.builds(
        TextIn,
        fact=facts,
        texts=st.lists(texts, **few).map(tuple),
        negated=st.booleans(),
        list_name=st.none() | texts,
    ),
    st.builds(
        TextMatches,
        fact=facts,
        how=st.sampled_from(("starts with", "ends with", "contains")),
        text=texts,
        negated=st.booleans(),
    ),
    st.builds(IsSet, fact=facts, negated=st.booleans()),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(AllOf, parts=st.lists(inner, **few).map(tuple)),
        st.builds(AnyOf, parts=st.lists(inner, **few).map(tuple)),
        st.builds(NotOf, part=inner),
    ),
    max_leaves=4,
)
local_times = st.none() | st.builds(
    LocalTime,
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    on_business_days=st.booleans(),
)
whens: st.SearchStrategy[When] = st.one_of(
    st.builds(AnchorOffset, sign=st.sampled_from((1, -1)), offset=durations, at=local_times),
    st.builds(PreviousOffset, offset=durations, at=local_times),
)
templates = st.builds(Template, name=texts, path=texts, text=texts)
policies = st.one_of(
    st.builds(SmartRetries, name=texts, tries=st.integers(1, 8), within=durations),
    st.builds(FixedRetries, name=texts, gaps=st.lists(durations, **few).map(tuple)),
)
actions: st.SearchStrategy[Action] = st.one_of(
    st.builds(SetRetryPolicy, policy=policies),
    st.just(MarkUnpaid()),
    st.builds(CancelSubscription, prorate=st.booleans(), invoice_now=st.booleans()),
    st.just(MarkUncollectible()),
    st.just(VoidInvoice()),
    st.builds(
        Email,
        contact=st.none() | texts,
        to=st.lists(texts, **few).map(tuple),
        template=st.none() | templates,
        subject=st.none() | texts,
        body=st.none() | texts,
    ),
    st.builds(EmailCancellation, survey=st.none() | texts),
    st.builds(
        Webhook,
        event_type=texts,
        endpoint=texts,
        url=texts,
        data=st.lists(st.tuples(texts, texts), **few).map(tuple),
    ),
)
calendars = st.builds(
    BusinessCalendar,
    weekdays=st.lists(st.integers(0, 6), **few).map(tuple),
    holidays=st.lists(texts, **few).map(tuple),
    dates=st.lists(texts, **few).map(tuple),
)
automations = st.builds(
    Automation,
    name=texts,
    trigger=texts,
    anonymous=st.booleans(),
    title=st.none() | texts,
    documentation=texts,
    paused=st.booleans(),
    condition=conditions,
    until=st.none() | conditions,
    steps=st.lists(st.builds(Step, when=whens, action=actions), **few).map(tuple),
    timezone=texts,
    calendar=calendars,
)
places = st.builds(
    AutomationPlace,
    filename=texts,
    line=st.integers(1, 99),
    column=st.integers(1, 99),
    condition_lines=st.lists(st.integers(1, 99), **few).map(tuple),
    until_lines=st.lists(st.integers(1, 99), **few).map(tuple),
    step_lines=st.lists(st.integers(1, 99), **few).map(tuple),
)
plans = st.builds(
    Plan,
    timezone=texts,
    currency=st.none() | texts,
    automations=st.lists(automations, **few).map(tuple),
    places=st.dictionaries(texts, places, **few),
)
