"""Any payload of the provider, of any API version, as neutral facts and states.

In: JSON as the provider sends it, whole or broken. Out: events (`events`), what they say for each
trigger (`sighting`), facts for conditions (`facts`), states and summaries for connectors. Always:
new places are read first and old ones after; a reference may be an id or an object; unknown keys
and wrong types are tolerated; nothing is decided by an event's name that the object's state denies.
No I/O, no clock. Start reading at `reading`, then `sighting`.
"""
