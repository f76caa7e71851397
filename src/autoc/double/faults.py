"""Faults on demand: the next requests that fit are answered badly, or not at all."""

from typing import Any, Literal

import attrs

FaultKind = Literal["429", "409", "500", "401", "hang", "cut_before", "cut_after"]


@attrs.define(kw_only=True)
class Fault:
    """The next `times` requests whose method and path begin so. `retry_after` goes with 429."""

    kind: FaultKind
    method: str = ""
    path: str = "/v1/"
    times: int = 1
    retry_after: int | None = None
    seconds: float = 60.0


@attrs.define(kw_only=True)
class Faults:
    """The faults that wait."""

    waiting: list[Fault] = attrs.field(factory=list)

    def add(self, fields: dict[str, Any]) -> Fault:
        """A fault from JSON data. Raises ValueError for unknown fields and kinds."""
        known = {field.name for field in attrs.fields(Fault)}
        if not set(fields) <= known:
            raise ValueError(f"unknown fields: {', '.join(sorted(set(fields) - known))}")
        fault = Fault(**{**fields, "kind": str(fields.get("kind"))})  # type: ignore[arg-type]
        if fault.kind not in ("429", "409", "500", "401", "hang", "cut_before", "cut_after"):
            raise ValueError(f"unknown kind of fault: {fault.kind}")
        self.waiting.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that fits, used once."""
        for fault in self.waiting:
            if path.startswith(fault.path) and fault.method.upper() in ("", method):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
