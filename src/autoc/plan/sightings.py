"""Sightings: what one event or one reading says about one object, in the words of the catalogue.

The provider's payload stays behind: this is all that the run machine sees of it.
"""

import attrs

from autoc.plan.facts import ObjectRef


@attrs.frozen(kw_only=True)
class TriggerView:
    """What a sighting says about its object for one trigger.

    `starts`: this sighting begins an occurrence now. `foretells`: the daemon's own clock will begin
    one when `anchor` passes. `blocked` says in words why nothing begins, though the event is one
    that can begin this trigger; of a reading, why what waits to begin must not. `anchor` is in
    epoch seconds. `ending` is the reason (one of the
    trigger's `ends`) by which the object's present state ends a run, judged by the object's status
    and never by the event's name.
    """

    trigger: str
    starts: bool = False
    foretells: bool = False
    blocked: str | None = None
    anchor: int | None = None
    ending: str | None = None


@attrs.frozen(kw_only=True)
class Sighting:
    """What was seen of `object` at `at` (epoch seconds): by an event, or by a reading of it.

    `views` holds one view for each trigger that this kind of object can have, in catalogue order.
    `event_id` and `event_type` are None for a reading.
    """

    object: ObjectRef
    at: int
    event_id: str | None = None
    event_type: str | None = None
    livemode: bool = False
    views: tuple[TriggerView, ...] = ()

    def view(self, trigger: str) -> TriggerView | None:
        """The view of `trigger`, or None when this kind of object cannot have it."""
        return next((each for each in self.views if each.trigger == trigger), None)
