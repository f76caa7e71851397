"""What the resolving functions share: the names, the trigger, and the mistakes so far."""

import attrs

from autoc.catalogue.model import TriggerRow
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Fix, Label
from autoc.semantics.program import Surroundings
from autoc.semantics.scope import Scope
from autoc.text.source import Span


@attrs.define(kw_only=True)
class Findings:
    """Mistakes and notes, each told once: two uses of one declaration find the same mistake."""

    found: list[Diagnostic] = attrs.field(factory=list)
    _told: set[tuple[str, Span, str]] = attrs.field(factory=set, init=False)

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep `diagnostic`, unless the same was told of the same place."""
        key = (diagnostic.code, diagnostic.primary.span, diagnostic.message)
        if key not in self._told:
            self._told.add(key)
            self.found.append(diagnostic)


@attrs.frozen(kw_only=True)
class Context:
    """Where something is resolved. `trigger` is None in a `let` that stands for itself."""

    scope: Scope
    surroundings: Surroundings
    findings: Findings
    trigger: TriggerRow | None = None
    automation: str | None = None
    expanding: tuple[str, ...] = ()

    def tell(  # noqa: PLR0913 - one parameter for each part of a finding
        self,
        code: str,
        span: Span,
        message: str,
        *,
        label: str = "",
        help: str | None = None,  # noqa: A002 - the field's name
        notes: tuple[str, ...] = (),
        related: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> None:
        """Add a finding about `span`."""
        self.findings.add(
            report(
                code,
                message=message,
                primary=Label(span=span, message=label, automation=self.automation),
                related=related,
                notes=notes,
                help=help,
                fix=fix,
                automation=self.automation,
            )
        )
