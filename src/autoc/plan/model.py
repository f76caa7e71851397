"""The plan: automations in priority order, each complete in itself.

Everything that a run needs is inside its `Automation`, so that a run goes on under the plan that it
was selected under, whatever is deployed later (language.md, section 5). Names that are for people
(`contact`, `template.name`, `endpoint`) stand beside the data that they stood for.
"""

from typing import Literal

import attrs

from autoc.plan.conditions import ALWAYS, Condition
from autoc.values.calendars import BusinessCalendar
from autoc.values.duration import Duration

PLAN_SCHEMA = 1


@attrs.frozen(kw_only=True)
class LocalTime:
    """`at 09:00 [on business days]`: the step moves on to the next such local time."""

    hour: int
    minute: int
    on_business_days: bool = False


@attrs.frozen(kw_only=True)
class AnchorOffset:
    """Counted from the anchor: `after D` (sign 1), `before D` (sign -1), `at anchor` (zero D)."""

    sign: Literal[1, -1]
    offset: Duration
    at: LocalTime | None = None


@attrs.frozen(kw_only=True)
class PreviousOffset:
    """Counted from the completion of the step before: `then`, `then after D`.

    The first step has none before it: it counts from the beginning of the run.
    """

    offset: Duration
    at: LocalTime | None = None


When = AnchorOffset | PreviousOffset


@attrs.frozen(kw_only=True)
class SmartRetries:
    """`smart up to N times within D`: a fixed schedule of `tries`, see docs/reference/retries.md."""

    name: str
    tries: int
    within: Duration


@attrs.frozen(kw_only=True)
class FixedRetries:
    """`after 3d, 5d, 7d`: each counts from the try before, the first from the step's start."""

    name: str
    gaps: tuple[Duration, ...]


RetryPolicy = SmartRetries | FixedRetries


@attrs.frozen(kw_only=True)
class SetRetryPolicy:
    """Retry the payment by the policy; long-running, done when the tries are used up."""

    policy: RetryPolicy


@attrs.frozen(kw_only=True)
class MarkUnpaid:
    """The subscription keeps producing invoices, which stay drafts."""


@attrs.frozen(kw_only=True)
class CancelSubscription:
    """No new invoices; automatic collection of its invoices stops."""

    prorate: bool = False
    invoice_now: bool = False


@attrs.frozen(kw_only=True)
class MarkUncollectible:
    """Write the invoice off as bad debt."""


@attrs.frozen(kw_only=True)
class VoidInvoice:
    """The invoice was a mistake."""


@attrs.frozen(kw_only=True)
class Template:
    """A Liquid text. `path` is relative to the project's root."""

    name: str
    path: str
    text: str


@attrs.frozen(kw_only=True)
class Email:
    """A memo to the team. `contact` is the name that `to` was declared under, if any.

    With `template`, `subject` and `body` are None; with none of the three, the memo is the standard
    one (runtime.md, Fine print).
    """

    contact: str | None
    to: tuple[str, ...]
    template: Template | None = None
    subject: str | None = None
    body: str | None = None


@attrs.frozen(kw_only=True)
class EmailCancellation:
    """Confirm the cancellation to the customer, optionally with a link to a survey."""

    survey: str | None = None


@attrs.frozen(kw_only=True)
class Webhook:
    """A signed POST of `event_type` to `url`; `data` are the `with` pairs in their order."""

    event_type: str
    endpoint: str
    url: str
    data: tuple[tuple[str, str], ...] = ()


Action = (
    SetRetryPolicy
    | MarkUnpaid
    | CancelSubscription
    | MarkUncollectible
    | VoidInvoice
    | Email
    | EmailCancellation
    | Webhook
)


@attrs.frozen(kw_only=True)
class Step:
    """One action at one time. Steps of an automation run in their order."""

    when: When
    action: Action


@attrs.frozen(kw_only=True)
class Automation:
    """One automation, complete in itself. `name` is its identity and is unique in the plan."""

    name: str
    trigger: str
    anonymous: bool = False
    title: str | None = None
    documentation: str = ""
    paused: bool = False
    condition: Condition = ALWAYS
    until: Condition | None = None
    steps: tuple[Step, ...]
    timezone: str = "UTC"
    calendar: BusinessCalendar = BusinessCalendar()


@attrs.frozen(kw_only=True)
class AutomationPlace:
    """Where an automation stands: rows and columns from 1; one line for each atom and step."""

    filename: str
    line: int
    column: int
    condition_lines: tuple[int, ...] = ()
    until_lines: tuple[int, ...] = ()
    step_lines: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class Plan:
    """A whole project. `automations` are in priority order; `places` has one for each, by name."""

    schema: int = PLAN_SCHEMA
    timezone: str = "UTC"
    currency: str | None = None
    automations: tuple[Automation, ...] = ()
    places: dict[str, AutomationPlace] = attrs.field(factory=dict)

    def of_trigger(self, trigger: str) -> tuple[Automation, ...]:
        """The automations of `trigger` in priority order, paused ones included."""
        return tuple(each for each in self.automations if each.trigger == trigger)
