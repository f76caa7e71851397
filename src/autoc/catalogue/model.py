"""The shapes of the catalogue's rows."""

from typing import Literal

import attrs

ObjectKind = Literal["invoice", "quote", "subscription"]
FactKind = Literal["money", "number", "interval", "elements", "text", "enum", "currency", "country"]


@attrs.frozen(kw_only=True)
class TriggerRow:
    """One trigger (language.md, section 2).

    `object` is what an occurrence is about. `starts` are the provider's events that can begin one,
    `foretold_by` those from which the daemon's own clock derives it. `foreseeable`: the anchor is
    known ahead, so `before` is allowed. `ends` are the reasons that end a run by themselves.
    `ends_at_anchor`: the anchor is itself a certain ending, so nothing after it can ever be due.
    """

    name: str
    object: ObjectKind
    starts: tuple[str, ...]
    foretold_by: tuple[str, ...] = ()
    anchor: str
    foreseeable: bool
    ends: tuple[str, ...]
    ends_at_anchor: bool = False
    webhook_types: tuple[str, ...] = ()
    summary: str


@attrs.frozen(kw_only=True)
class FactRow:
    """One fact (language.md, section 3). `keyed` facts take a metadata key.

    `objects` are the kinds of object whose triggers have it. `values` are the members of an enum;
    """

    name: str
    kind: FactKind
    objects: tuple[ObjectKind, ...]
    keyed: bool = False
    values: tuple[str, ...] = ()
    open: bool = False
    summary: str


@attrs.frozen(kw_only=True)
class ActionRow:
    """One action (language.md, section 4).

    `triggers` is empty when all allow it. `ends` is the state that the action itself brings about:
    the run does not end by it. `forbids` are the actions that it makes impossible later in the run.
    `irreversible`: it cannot be taken back. `provider`: it acts on the provider's objects, so a
    failure stops the run; otherwise the failure is recorded and the run goes on.
    """

    name: str
    triggers: tuple[str, ...] = ()
    arguments: str = ""
    provider: bool = False
    irreversible: bool = False
    long_running: bool = False
    ends: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    summary: str
